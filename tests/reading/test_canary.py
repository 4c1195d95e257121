"""C7: papers that reach out reach nothing: no connection, no file of the machine, flagged."""

import contextlib
import http.server
import threading
from pathlib import Path

import pytest

from postloan_archive.reading import (
    NoPageError,
    NotRenderableError,
    UnreadableError,
    read_file,
    render_page,
)
from postloan_archive.reading.workers import READERS
from postloan_archive.wordgen.convert import convert, soffice_path
from tests.reading.made_files import docx, paragraph, pdf, pdf_of

CANARY = "金丝雀壹贰叁"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture
def canary(tmp_path):
    """A server that notes who comes, and a file that nobody may read: address, path, visits."""
    visits = []

    class Noting(http.server.BaseHTTPRequestHandler):
        def parse_request(self):  # whoever comes, whatever for
            visits.append(self.raw_requestline)
            return False

        def log_message(self, *_facts):
            """Say nothing."""

    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY, "utf-8")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Noting) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", secret, visits
        server.shutdown()
        thread.join()


def relations(*pairs: tuple[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}" '
        'TargetMode="External"/>'
        for number, (kind, target) in enumerate(pairs)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{RELATIONS}">{found}</Relationships>'


def word(web: str, secret: Path) -> dict[str, bytes]:
    """Word files that ask for a template, pictures, texts and entities from elsewhere."""
    entity = (
        f'<!DOCTYPE w [<!ENTITY a SYSTEM "file://{secret}"><!ENTITY b SYSTEM "{web}/b">'
        f'<!ENTITY % c SYSTEM "{web}/c.dtd"> %c;]>'
    )
    body = f'<w:document xmlns:w="{HEAD}"><w:body><w:p><w:r><w:t>正文&a;&b;</w:t></w:r></w:p>'
    shown = "<w:r><w:t>?</w:t></w:r></w:fldSimple></w:p>"
    field = "".join(
        f'<w:p><w:fldSimple w:instr="{one}">{shown}'
        for one in (
            f"INCLUDETEXT &quot;{secret}&quot;",
            f"INCLUDEPICTURE &quot;{web}/p.png&quot;",
            "DDEAUTO c:\\\\cmd.exe &quot;/k calc&quot;",
        )
    )
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.document.main+xml"/><Override PartName='
        '"/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.settings+xml"/></Types>'
    )
    root = relations(("officeDocument", "word/document.xml")).replace(
        ' TargetMode="External"', ""
    )
    settings = (
        f'<w:settings xmlns:w="{HEAD}" xmlns:r="{OFFICE}"><w:attachedTemplate r:id="r0"/>'
    )
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": root,
        "word/settings.xml": settings + "</w:settings>",
        "word/_rels/settings.xml.rels": relations(("attachedTemplate", f"{web}/t.dotm")),
        "word/_rels/document.xml.rels": relations(
            ("image", f"{web}/i.png"),
            ("image", f"file://{secret}"),
            ("oleObject", f"{web}/o.bin"),
            ("subDocument", f"file://{secret}"),
        ),
    }
    picture = (
        '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" '
        f'style="width:9pt;height:9pt"><v:imagedata xmlns:r="{OFFICE}" r:id="r0"/></v:shape>'
        f'</w:pict></w:r></w:p><w:subDoc xmlns:r="{OFFICE}" r:id="r3"/>'
    )
    return {
        "entities.docx": docx(
            "", **{"word/document.xml": entity + body + "</w:body></w:document>"}
        ),
        "links.docx": docx(paragraph("正文") + field + picture, **parts),
    }


def reaching(web: str, secret: Path) -> dict[str, bytes]:
    action = (
        f"/OpenAction<</S/URI/URI({web}/open)>>/AA<</WC<</S/JavaScript/JS(app.launchURL"
        f"\\('{web}/js'\\))>>>>"
    ).encode()
    kids = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    launch = (
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]/Annots[<</Type/Annot/Subtype/Link"
        f"/Rect[0 0 90 90]/A<</S/Launch/F({secret})/NewWindow true>>>>]"
        f"/AA<</O<</S/GoToR/F({web}/r.pdf)/D[0]>>>>>>"
    ).encode()
    svg = (
        f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file://{secret}">]>'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<image xlink:href="{web}/s.png" width="9" height="9"/><text>字&a;</text></svg>'
    )
    page = (
        f'<html><head><link rel="stylesheet" href="{web}/a.css"><script src="{web}/a.js">'
        f'</script></head><body>正文<img src="{web}/a.png"><iframe src="file://{secret}">'
        "</iframe></body></html>"
    )
    return {
        "actions.pdf": pdf(["正文"], extra=action),
        "launch.pdf": pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", kids, launch]),
        "picture.svg": svg.encode(),
        "page.html": page.encode(),
    }


FLAGS = {
    "entities.docx": "entities",
    "links.docx": "remote_template",
    "actions.pdf": "javascript",
}


def test_c7_nothing_is_fetched_and_nothing_read(canary, kept):
    web, secret, visits = canary
    for name, data in (word(web, secret) | reaching(web, secret)).items():
        path = kept(data, name)
        result = read_file(path, name)
        assert not any(CANARY in page.text for page in result.pages), name
        assert FLAGS.get(name, "") in " ".join(result.flags), (name, result.flags)
        for page_no in (1, 2):
            with contextlib.suppress(NotRenderableError, UnreadableError, NoPageError):
                render_page(path, result.media_type, page_no, width=200)
        assert path.read_bytes() == data
    assert visits == []


def test_c7_a_reader_has_no_network_to_reach_anything_by(kept):
    read_file(kept(b"x", "a.txt"), "a.txt")
    (worker, *_) = [one for one in READERS._warm if one.alive]
    spaces = [Path(f"/proc/{pid}/ns/net").readlink() for pid in ("self", worker.pid)]
    if spaces[0] == spaces[1]:
        pytest.skip("the kernel does not let us leave the network; the fence alone must do")
    devices = Path(f"/proc/{worker.pid}/net/dev").read_text("ascii").splitlines()[2:]
    assert {line.split(":")[0].strip() for line in devices} <= {"lo"}


@pytest.mark.office
def test_c7_the_office_program_fetches_nothing_either(canary, kept):
    web, secret, visits = canary
    soffice = soffice_path()
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    path = kept(word(web, secret)["links.docx"], "links.docx")
    made = kept(convert(path, "pdf", soffice=soffice), "links.pdf")
    text = "".join(page.text for page in read_file(made, "links.pdf").pages)
    assert "正文" in text
    assert CANARY not in text
    assert visits == []

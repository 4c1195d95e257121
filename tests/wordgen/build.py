"""Templates for tests, made with python-docx and, where Word differs, by hand."""

import io
import random
import zipfile
from collections.abc import Callable

import docx
from docx.document import Document
from docx.text.paragraph import Paragraph

TEXT_BOX = (
    '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape style="width:200pt;height:80pt">'
    "<v:textbox><w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent></v:textbox>"
    "</v:shape></w:pict></w:r>"
)


def saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def made(build: Callable[[Document], object]) -> bytes:
    document = docx.Document()
    build(document)
    return saved(document)


def with_body(*texts: str) -> bytes:
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    return saved(document)


def at(place: str, text: str) -> bytes:
    """Return a template with `text` in one place: body, table, header, footer, box, title."""
    document = docx.Document()
    document.add_paragraph("正文")
    if place == "body":
        document.add_paragraph(text)
    elif place == "table":
        document.add_table(1, 1).cell(0, 0).text = text
    elif place == "header":
        document.sections[0].header.paragraphs[0].text = text
    elif place == "footer":
        document.sections[0].footer.paragraphs[0].text = text
    elif place == "box":
        add_box(document.add_paragraph(), text)
    else:
        document.core_properties.title = text
    return saved(document)


def add_box(paragraph: Paragraph, text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    paragraph._p.append(docx.oxml.parse_xml(TEXT_BOX.format(escaped)))


def split_into_runs(paragraph: Paragraph, text: str, rng: random.Random) -> None:
    """Write `text` into runs cut at random places, each with its own looks."""
    cuts = sorted(rng.sample(range(1, len(text)), min(len(text) - 1, rng.randint(0, 6))))
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        run = paragraph.add_run(text[start:end])
        run.bold = rng.random() < 0.3
        if rng.random() < 0.2:
            paragraph._p.append(
                docx.oxml.parse_xml(
                    '<w:proofErr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/'
                    '2006/main" w:type="spellStart"/>'
                )
            )


def changed(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return the zip with one member changed, or added where it was missing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content) if info.filename == name else content)
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return out.getvalue()

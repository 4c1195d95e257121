"""C6: a name is shown as given, never used on disk, and comes down as a harmless one."""

import io
import re
import unicodedata
import zipfile
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from postloan_archive.archive import reading_jobs, service
from postloan_archive.archive.intake import Delivery, take_in
from postloan_archive.archive.models import Document, IntakeFile
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from tests.builders import a_loan
from tests.shared_folder import SHARED

pytestmark = pytest.mark.acceptance

CLI = Actor.program("cli")
LOAN = "JJ2025-0001"
CONTROL = re.compile("[\x00-\x1f\x7f]")


STEMS = ("合同", "a", "催收 通知", "借据“副本”")
ENDS = ("pdf", "docx", "exe")
PLACES = (
    *("../", "../../../../etc/", "/etc/", "C:\\", "..\\..\\", "\\\\srv\\share\\"),
    *("./.", "//", "~/"),
)
INSIDE = (
    *("\0", "\r\n", "\t", "\x1b[2J", "\u202e", "\u200b", "\ufeff", "\u2028"),
    *('"', "'", ";", "%2f", "%00"),
)
DEVICES = ("CON", "NUL", "COM1", "LPT1", "AUX", "PRN", "con.txt", "nul.pdf")
LONG = (84, 85, 86, 255, 1_000, 5_000)
ODD = (
    *("a" * 255 + ".pdf", "a" * 4_096, ".", "..", ".htaccess", "-rf", "--help", "~root"),
    *("${HOME}", "`id`", "$(id).pdf", "a|b.pdf", "a>b.pdf", "a*?.pdf", "<b>.html", "=1+1.csv"),
    *("{{7*7}}.docx", "{% raw %}", "filename*=UTF-8''x.exe", 'a"; filename="b.exe'),
    *("😀.pdf", "𠮷野家.pdf", "合同.pdf.", "合同.pdf ", " 合同.pdf", "合同", "...", "a..pdf"),
)
TWINS = ("é.pdf", "ガ.pdf", "Å契约.docx")


def hostile_names() -> list[str]:
    """Two hundred names that nobody should trust, each once."""
    names = [f"{place}{stem}.{end}" for place in PLACES for stem in STEMS for end in ENDS]
    names += [f"合同{sign}fdp.{end}" for sign in INSIDE for end in ENDS]
    names += [*DEVICES, *(f"{device}." for device in DEVICES)]
    names += ["档" * count + ".pdf" for count in LONG]
    names += [unicodedata.normalize(form, one) for one in TWINS for form in ("NFC", "NFD")]
    return list(dict.fromkeys([*names, *ODD]))


NAMES = hostile_names()


@pytest.fixture
def loan(new_uow) -> str:
    with new_uow() as uow:
        return a_loan(uow).loan_no


def everything_under(folder) -> set:
    return {path for path in folder.rglob("*") if "vault" not in path.parts}


def fresh_files(folder, before) -> set:
    """What is new beside the database and the vault."""
    ours = ("postloan.db", "wakeups.db")
    return {one for one in everything_under(folder) - before if not one.name.startswith(ours)}


def test_C6_there_are_two_hundred():
    assert len(NAMES) >= 200


def test_C6_a_name_is_kept_as_given_and_touches_no_disk(new_uow, loan, system, tmp_path):
    before = everything_under(tmp_path)
    with new_uow() as uow:
        batch = service.open_batch(uow, OpenBatch(source="upload")).id
        for number, name in enumerate(NAMES):
            stream = io.BytesIO(f"内容 {number}".encode())
            row = service.receive_file(
                uow, ReceiveFile(batch_id=batch, loan_no=loan, name=name, stream=stream)
            )
            assert row.state == "stored", name
    with new_uow() as uow:
        names = uow.session.scalars(select(Document.filename).order_by(Document.id)).all()
        titles = uow.session.scalars(select(Document.title)).all()
    assert list(names) == [name.replace("\0", "\u2400") for name in NAMES]
    assert all(title.strip() for title in titles)
    assert fresh_files(tmp_path, before) == set()
    inside = system.vault.root.rglob("*")
    parts = {part for path in inside for part in path.relative_to(system.vault.root).parts}
    assert {one for one in parts if not re.fullmatch("tmp|quarantine|[0-9a-f]+", one)} == set()


def test_C6_a_download_has_a_harmless_name_in_chinese(new_uow, program, loan):
    with new_uow() as uow:
        batch = service.open_batch(uow, OpenBatch(source="upload")).id
        ids = [
            service.receive_file(
                uow,
                ReceiveFile(
                    batch_id=batch,
                    loan_no=loan,
                    name=name,
                    stream=io.BytesIO(f"内容 {number}".encode()),
                ),
            ).document_id
            for number, name in enumerate(NAMES)
        ]
    client = program("legal")
    for document_id, name in zip(ids, NAMES, strict=True):
        reply = client.get(f"/api/v1/items/{document_id}/content")
        assert reply.status_code == 200, name
        assert reply.data.decode().startswith("内容"), name
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        header = reply.headers["Content-Disposition"]
        assert header.startswith("attachment;"), (name, header)
        assert not CONTROL.search(header), (name, header)
        found = re.search(r"filename\*=UTF-8''([^;]+)", header)
        plain = re.search(r'filename="?([^";]*)', header)
        given = unquote(found[1]) if found else plain[1]
        assert not set(given) & set('/\\\0\r\n:*?"<>|'), (name, given)
        assert given.strip(". "), (name, given)
        assert not re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)", given), (name, given)
        assert len(given.encode()) <= 255, (name, given)
        assert not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", given), name
    reply = client.get(f"/api/v1/items/{ids[NAMES.index('../合同.pdf')]}/content")
    assert "filename*=UTF-8''%E5%90%88%E5%90%8C.pdf" in reply.headers["Content-Disposition"]
    reply.close()


def test_C6_members_of_a_zip_stay_in_the_store(new_uow, loan, system, tmp_path):
    path = tmp_path / "in" / "包.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        for number, name in enumerate(NAMES):
            if len(name.encode("utf-8", "replace")) < 60_000:
                info = zipfile.ZipInfo("x")
                info.filename = name
                archive.writestr(info, f"成员 {number}")
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    before = everything_under(tmp_path)
    runner = JobRunner(system.engine, reading_jobs.handlers(system), clock=system.clock)
    taken = []
    take_in(system, CLI, Delivery(paths=(path,), loan_no=loan), runner, taken.append)

    assert len(taken) >= len(NAMES)
    fresh = everything_under(tmp_path) - before
    assert {
        one for one in fresh if not one.name.startswith(("postloan.db", "wakeups.db"))
    } == set()
    with new_uow() as uow:
        for row in uow.session.scalars(select(IntakeFile)):
            if row.sha256:
                assert not system.vault.read(row.sha256).startswith(b"root:")


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")
def test_C6_naughty_strings_are_names_like_any_other(new_uow, loan, full):
    naughty = (SHARED / "corpus/blns/blns.txt").read_text("utf-8").splitlines()
    with new_uow() as uow:
        batch = service.open_batch(uow, OpenBatch(source="upload")).id
        for number, name in enumerate(filter(None, naughty[:: 1 if full else 5])):
            stream = io.BytesIO(str(number).encode())
            row = service.receive_file(
                uow, ReceiveFile(batch_id=batch, loan_no=loan, name=name, stream=stream)
            )
            assert row.name == name

"""Word → PDF: joined and split again page by page, clear where there is no LibreOffice."""

import os
import time
from pathlib import Path

import pypdfium2
import pytest

from postloan_archive.wordgen import (
    OfficeFailedError,
    OfficeMissingError,
    compile_template,
    docx_to_pdf,
    soffice_path,
)
from postloan_archive.wordgen.convert import convert
from tests.wordgen.build import changed, made, with_body

SOFFICE = soffice_path()
needs_office = [
    pytest.mark.office,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not here: apt install it"),
]


def letters(count: int) -> list[bytes]:
    def build(document):
        document.sections[0].header.paragraphs[0].text = "第 {{ n }} 封"
        document.add_paragraph("正文 {{ n }}")
        document.add_paragraph("{%p for line in lines %}")
        document.add_paragraph("请归还欠款")
        document.add_paragraph("{%p endfor %}")

    template = compile_template(made(build))
    return [template.render({"n": n, "lines": [1] * (n % 3 * 60)}) for n in range(count)]


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def page_count(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def test_a_missing_office_is_said_clearly():
    with pytest.raises(OfficeMissingError, match="LibreOffice"):
        docx_to_pdf([with_body("x")], soffice=None)
    with pytest.raises(OfficeMissingError):
        convert(Path("x.doc"), "pdf", soffice=None)


def test_a_configured_path_is_never_replaced_by_another(tmp_path):
    assert soffice_path(str(tmp_path / "none")) is None
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert soffice_path(str(program)) == program


def test_a_program_that_hangs_is_killed_with_its_children(tmp_path):
    program = tmp_path / "soffice"
    note = tmp_path / "pid"
    program.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {note}\nwait\n")
    program.chmod(0o755)
    file = tmp_path / "x.docx"
    file.write_bytes(with_body("x"))
    started = time.monotonic()

    with pytest.raises(OfficeFailedError, match="1 秒"):
        convert(file, "pdf", soffice=program, timeout_s=1)

    assert time.monotonic() - started < 10
    child = int(note.read_text())
    for _ in range(50):
        if not _is_running(child):
            break
        time.sleep(0.1)
    assert not _is_running(child)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return state.rsplit(")", 1)[1].split()[0] != "Z"


class TestWithOffice:
    pytestmark = needs_office

    def test_joined_letters_are_split_at_their_pages(self):
        pdfs = docx_to_pdf(letters(7), soffice=SOFFICE)

        assert [page_count(pdf) > 1 for pdf in pdfs] == [n % 3 > 0 for n in range(7)]
        for n, pdf in enumerate(pdfs):
            assert f"第 {n} 封" in text_of(pdf)
            assert f"正文 {n}" in text_of(pdf)
            assert f"正文 {n + 1}" not in text_of(pdf)

    def test_a_letter_that_counts_its_pages_counts_only_its_own(self):
        field = (b'<w:p><w:r><w:t>of </w:t></w:r><w:fldSimple w:instr=" NUMPAGES ">'
                 b"<w:r><w:t>9</w:t></w:r></w:fldSimple></w:p>")  # fmt: skip
        some = [
            changed(one, "word/document.xml",
                    lambda old: old.replace(b"<w:body>", b"<w:body>" + field))
            for one in letters(2)
        ]  # fmt: skip

        pdfs = docx_to_pdf(some, soffice=SOFFICE)

        for pdf in pdfs:
            assert f"of{page_count(pdf)}" in text_of(pdf).replace(" ", "")

    def test_what_is_no_document_fails_with_its_name(self, tmp_path):
        file = tmp_path / "坏.docx"
        file.write_bytes(b"PK\x03\x04 nothing")

        with pytest.raises(OfficeFailedError, match="坏"):
            convert(file, "pdf", soffice=SOFFICE)

    def test_a_document_becomes_text(self, tmp_path):
        file = tmp_path / "a.docx"
        file.write_bytes(letters(1)[0])

        assert "正文 0" in convert(file, "txt", soffice=SOFFICE).decode("utf-8-sig")

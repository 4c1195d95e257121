"""A report as Word: a heading, who made it and when, one table with its header repeated."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt
from docx.table import Table
from docx.text.run import Run

BODY, HEAD = "宋体", "黑体"
MARGIN = 18  # millimetres on each side
WIDE_FROM = 7  # columns from which the paper lies on its side


@dataclass(frozen=True, slots=True, kw_only=True)
class WordTable:
    """What the paper says; every cell is text as it is to be printed.

    Attributes:
        lines: below the title, such as period, branch, author and time.
        numeric: for each column whether it is set flush right.
        foot: a last line in bold, or empty.
        notes: below the table.
        widths: of the columns in proportion; empty: all the same.
        more: tables that follow under their own titles on the same paper.
    """

    title: str
    lines: Sequence[str]
    headings: Sequence[str]
    numeric: Sequence[bool]
    rows: Sequence[Sequence[str]]
    foot: Sequence[str] = ()
    notes: Sequence[str] = ()
    widths: Sequence[int] = ()
    more: Sequence["WordTable"] = ()


def write_table(paper: WordTable) -> bytes:
    """Return the report as .docx, A4, the header row repeated on every page."""
    document = docx.Document()
    _paper(document, wide=len(paper.headings) >= WIDE_FROM)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(title.add_run(paper.title), HEAD, 16)
    _part(document, paper)
    for part in paper.more:
        heading = document.add_paragraph()
        heading.paragraph_format.space_before = Pt(10)
        heading.paragraph_format.keep_with_next = True
        _font(heading.add_run(part.title), HEAD, 11)
        _part(document, part)
    _page_numbers(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _part(document: Document, paper: WordTable) -> None:
    for line in paper.lines:
        _font(document.add_paragraph().add_run(line), BODY, 9)
    table = document.add_table(rows=1, cols=len(paper.headings))
    table.style = "Table Grid"
    _row(table.rows[0].cells, paper.headings, paper.numeric, bold=True)
    for cell in table.rows[0].cells:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), "EDEDED")
        cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - no public way
    _mark(table.rows[0]._tr, "w:tblHeader")  # noqa: SLF001 - python-docx has no name for it
    for row in paper.rows:
        _row(table.add_row().cells, row, paper.numeric)
    if paper.foot:
        _row(table.add_row().cells, paper.foot, paper.numeric, bold=True)
    for line_of in table.rows:
        _mark(line_of._tr, "w:cantSplit")  # noqa: SLF001 - python-docx has no name for it
    if paper.widths:
        _widen(document, table, paper.widths)
    for note in paper.notes:
        _font(document.add_paragraph().add_run(note), BODY, 9)


def _widen(document: Document, table: Table, widths: Sequence[int]) -> None:
    section = document.sections[0]
    assert section.page_width is not None
    room = section.page_width - Mm(2 * MARGIN)
    table.autofit = False
    shares = [int(room * width / sum(widths)) for width in widths]
    for column, width in zip(table.columns, shares, strict=True):
        column.width = Emu(width)
    for row in table.rows:
        for cell, width in zip(row.cells, shares, strict=True):
            cell.width = Emu(width)


def _page_numbers(document: Document) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, field in (("第 ", "PAGE"), (" 页，共 ", "NUMPAGES"), (" 页", "")):
        _font(paragraph.add_run(text), BODY, 9)
        if field:
            run = paragraph.add_run()
            _font(run, BODY, 9)
            for kind, words in (("begin", ""), ("", field), ("end", "")):
                part = OxmlElement("w:fldChar" if kind else "w:instrText")
                if kind:
                    part.set(qn("w:fldCharType"), kind)
                else:
                    part.text = words
                run._element.append(part)  # noqa: SLF001 - no public way


def _paper(document: Document, *, wide: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    if wide:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin = section.bottom_margin = Mm(MARGIN)
    style = document.styles["Normal"]
    style.font.name, style.font.size = BODY, Pt(10)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    style.paragraph_format.space_after = Pt(2)


def _row(
    cells: Sequence[object],
    texts: Sequence[str],
    numeric: Sequence[bool],
    *,
    bold: bool = False,
) -> None:
    for cell, text, right in zip(cells, texts, numeric, strict=True):
        paragraph = cell.paragraphs[0]  # type: ignore[attr-defined]  # a cell of python-docx
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = paragraph.add_run(text)
        _font(run, HEAD if bold else BODY, 9)


def _font(run: Run, name: str, size: int) -> None:
    run.font.name, run.font.size = name, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(  # noqa: SLF001 - no public way
        qn("w:eastAsia"), name
    )


def _mark(row: object, name: str) -> None:
    properties = row.get_or_add_trPr()  # type: ignore[attr-defined]  # an element of python-docx
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    properties.append(mark)

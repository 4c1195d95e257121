"""A report as Word: a heading, who made it and when, one table with its header repeated."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.run import Run

BODY, HEAD = "宋体", "黑体"
WIDE_FROM = 7  # columns from which the paper lies on its side
MANY = 10  # columns from which the letters are smaller
MARGIN = 18  # mm
MM_PER_POINT = 0.3528
PADDING = 4.5  # mm, the margins of a cell
ONE_LINE = 12  # halves of a character that are never broken, such as 2026-11-24
LONGEST = 40  # halves of a character that a column asks for
SLACK = 1.15  # digits of a substitute font are wider than half a character
SAMPLE = 200  # rows that are measured
EMPTY = "没有符合条件的数据。"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordTable:
    """What the paper says; every cell is text as it is to be printed.

    Attributes:
        lines: below the title, such as period, branch, author and time.
        numeric: for each column whether it is set flush right.
        foot: a last line in bold, or empty.
        notes: below the table.
        more: tables that follow under their own titles on the same paper.
    """

    title: str
    lines: Sequence[str]
    headings: Sequence[str]
    numeric: Sequence[bool]
    rows: Sequence[Sequence[str]]
    foot: Sequence[str] = ()
    notes: Sequence[str] = ()
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
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _part(document: Document, paper: WordTable) -> None:
    for line in paper.lines:
        _font(document.add_paragraph().add_run(line), BODY, 9)
    look = _look(paper)
    table = document.add_table(rows=1, cols=len(paper.headings))
    table.style, table.autofit = "Table Grid", False
    for column, width in zip(table.columns, look.widths, strict=True):
        column.width = Mm(width)
    _row(table.rows[0].cells, paper.headings, look, bold=True)
    _repeat(table.rows[0]._tr)  # noqa: SLF001 - python-docx has no name for it
    for row in paper.rows:
        _row(table.add_row().cells, row, look)
    if paper.foot and paper.rows:
        _row(table.add_row().cells, paper.foot, look, bold=True)
    if not paper.rows:
        _font(document.add_paragraph().add_run(EMPTY), BODY, 9)
    for note in paper.notes:
        _font(document.add_paragraph().add_run(note), BODY, 9)


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


@dataclass(frozen=True, slots=True)
class _Look:
    """How the cells are set: size in points, widths in mm, which are flush right."""

    size: float
    widths: list[float]
    numeric: Sequence[bool]


def _look(paper: WordTable) -> _Look:
    """Return widths by what the columns hold: numbers and days stay on one line."""
    size = 9.0 if len(paper.headings) < MANY else 8.0
    room = (297 if len(paper.headings) >= WIDE_FROM else 210) - 2 * MARGIN
    letter = size * MM_PER_POINT / 2  # of half a Chinese character
    shown = [paper.headings, *paper.rows[:SAMPLE], *([paper.foot] if paper.foot else [])]
    least, wanted = [], []
    for at, right in enumerate(paper.numeric):
        texts = [row[at] for row in shown]
        longest = max(map(_units, texts[1:]), default=0)
        whole = right or longest <= ONE_LINE
        heading = _units(texts[0])
        need = max(longest if whole else ONE_LINE, min(heading, ONE_LINE))
        least.append(need * letter * (SLACK if whole else 1) + PADDING)
        wish = max(min(longest, LONGEST), min(heading, ONE_LINE)) * letter + PADDING
        wanted.append(max(wish, least[-1]))
    if sum(least) >= room:  # nothing helps but to shrink all of them
        return _Look(
            max(size - 1.5, 6.5), [w * room / sum(least) for w in least], paper.numeric
        )
    spare, more = room - sum(least), [w - le for w, le in zip(wanted, least, strict=True)]
    part = min(spare / sum(more), 1) if sum(more) > 0 else 0
    widths = [le + one * part for le, one in zip(least, more, strict=True)]
    return _Look(size, [one * room / sum(widths) for one in widths], paper.numeric)


def _units(text: str) -> int:
    """Return how wide a text is in halves of a Chinese character."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def _row(
    cells: Sequence[object], texts: Sequence[str], look: _Look, *, bold: bool = False
) -> None:
    for cell, text, right, width in zip(cells, texts, look.numeric, look.widths, strict=True):
        cell.width = Mm(width)  # type: ignore[attr-defined]  # a cell of python-docx
        paragraph = cell.paragraphs[0]  # type: ignore[attr-defined]  # as above
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _font(paragraph.add_run(text), HEAD if bold else BODY, look.size)


def _font(run: Run, name: str, size: float) -> None:
    run.font.name, run.font.size = name, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(  # noqa: SLF001 - no public way
        qn("w:eastAsia"), name
    )


def _repeat(row: object) -> None:
    properties = row.get_or_add_trPr()  # type: ignore[attr-defined]  # an element of python-docx
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    properties.append(mark)

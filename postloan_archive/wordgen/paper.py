"""Papers of a loan file as Word: blocks one below the other, every size in millimetres."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import docx
from docx.document import Document
from docx.enum.table import (
    WD_ROW_HEIGHT_RULE,
    WD_TABLE_ALIGNMENT,
)
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

BODY, HEAD = "宋体", "黑体"
A4 = (210.0, 297.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One paragraph; `size` in points."""

    text: str
    size: float = 10.5
    bold: bool = False
    centred: bool = False
    space_mm: float = 0.0  # above


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A ruled table whose first row is repeated on each page.

    Attributes:
        widths: of the columns, mm.
        numeric: columns set flush right.
        height: least height of a row, mm.
    """

    widths: Sequence[float]
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int] = frozenset()
    height: float = 8.0
    size: float = 9.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One field of a sheet: pictures, PNG bytes with width and height in mm, and lines."""

    lines: Sequence[Words] = ()
    pictures: Sequence[tuple[bytes, float, float]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Fields of one exact size, side by side: labels, spines."""

    across: int
    width: float  # mm of one field
    height: float
    cells: Sequence[Cell]
    ruled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A whole paper; margins are top, right, bottom, left in mm."""

    blocks: Sequence[Words | Grid | Sheet]
    size: tuple[float, float] = A4
    margins: tuple[float, float, float, float] = (20, 18, 18, 25)
    footer: str = ""


def write_paper(paper: Paper) -> bytes:
    """Return the paper as .docx."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(paper.size[0]), Mm(paper.size[1])
    top, right, bottom, left = paper.margins
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance = section.footer_distance = Mm(min(10, bottom))
    style = document.styles["Normal"]
    style.font.name, style.font.size = BODY, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    if paper.footer:
        _write(section.footer.paragraphs[0], Words(text=paper.footer, size=8, centred=True))
    for block in paper.blocks:
        match block:
            case Words():
                _write(document.add_paragraph(), block)
            case Grid():
                _grid(document, block)
            case Sheet():
                _sheet(document, block)
    if isinstance(paper.blocks[-1], Sheet):
        _shrink_last(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _write(paragraph: Paragraph, words: Words) -> None:
    if words.centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if words.space_mm:
        paragraph.paragraph_format.space_before = Mm(words.space_mm)
    run = paragraph.add_run(words.text)
    name = HEAD if words.bold else BODY
    run.font.name, run.font.size = name, Pt(words.size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(  # noqa: SLF001 - no public way
        qn("w:eastAsia"), name
    )


def _grid(document: Document, grid: Grid) -> None:
    table = document.add_table(rows=1, cols=len(grid.headings))
    table.style, table.autofit = "Table Grid", False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, grid.widths, strict=True):
        column.width = Mm(width)  # other programs go by the grid, Word by the cells
    _line(table.rows[0].cells, grid.headings, grid, head=True)
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - python-docx has no name
    for row in grid.rows:
        _line(table.add_row().cells, row, grid)
    for row in table.rows:
        row.height, row.height_rule = Mm(grid.height), WD_ROW_HEIGHT_RULE.AT_LEAST


def _line(
    cells: Sequence[_Cell], texts: Sequence[str], grid: Grid, *, head: bool = False
) -> None:
    for at, (cell, text) in enumerate(zip(cells, texts, strict=True)):
        cell.width = Mm(grid.widths[at])
        paragraph = cell.paragraphs[0]
        _write(paragraph, Words(text=text, size=grid.size, bold=head, centred=head))
        if at in grid.numeric and not head:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _sheet(document: Document, sheet: Sheet) -> None:
    rows = -(-len(sheet.cells) // sheet.across)
    table = document.add_table(rows=rows, cols=sheet.across)
    table.autofit = False
    for column in table.columns:
        column.width = Mm(sheet.width)
    if sheet.ruled:
        table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    _no_padding(table._tbl.tblPr)  # noqa: SLF001 - python-docx has no name for it
    for number, row in enumerate(table.rows):
        row.height, row.height_rule = Mm(sheet.height), WD_ROW_HEIGHT_RULE.EXACTLY
        for at, place in enumerate(row.cells):
            place.width = Mm(sheet.width)
            which = number * sheet.across + at
            if which < len(sheet.cells):
                _fill(place, sheet.cells[which])


def _fill(place: _Cell, cell: Cell) -> None:
    paragraph = place.paragraphs[0]
    first = True
    for data, width, height in cell.pictures:
        if not first:
            paragraph = place.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run().add_picture(io.BytesIO(data), width=Mm(width), height=Mm(height))
        first = False
    for words in cell.lines:
        _write(paragraph if first else place.add_paragraph(), words)
        first = False


def _no_padding(properties: object) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", 40), ("left", 57), ("bottom", 0), ("right", 57)):
        one = OxmlElement(f"w:{side}")
        one.set(qn("w:w"), str(width))
        one.set(qn("w:type"), "dxa")
        margins.append(one)
    properties.append(margins)  # type: ignore[attr-defined]  # an element of python-docx


def _shrink_last(document: Document) -> None:
    """Make the paragraph that Word wants behind a table too small to start a page."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = Pt(1)
    paragraph.add_run().font.size = Pt(1)

"""A table as a workbook: real numbers and days, identifiers as text, a frozen heading."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from unicodedata import east_asian_width

import xlsxwriter

from postloan_archive.sheets.tables import Cell, Kind, Table, text_of

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FONT: Final = "宋体"  # what offices here print with
CELL: Final[dict[str, object]] = {
    "font_name": FONT,
    "valign": "vcenter",
    "border": 1,
    "border_color": "#C8CFD8",
}
FORMATS: Final[dict[Kind, dict[str, object]]] = {
    Kind.YUAN: {"num_format": "#,##0.00"},
    Kind.COUNT: {"num_format": "#,##0"},
    Kind.PERCENT: {"num_format": '0.00"%"'},
    Kind.DAY: {"num_format": "yyyy-mm-dd"},
    Kind.TEXT: {"num_format": "@"},
    Kind.CODE: {"num_format": "@"},
}
HEAD_ROW: Final = 2  # below the title and the line
LONGEST_CELL: Final = 32_000  # characters; a cell holds 32,767
_LONGEST_NAME: Final = 31  # of a sheet
MEASURED: Final = 500  # rows whose cells set the width of a column
WIDEST: Final = 48  # digits
_UNFIT: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def workbook(
    table: Table,
    *,
    title: str,
    line: str,
    sheet_name: str = "",
    more: Sequence[tuple[str, Table]] = (),
) -> bytes:
    """Return the table as .xlsx; without a line the headings stand in the first row.

    Args:
        table: the figures.
        title: the first line, and the name of the sheet.
        line: the second line: period, who made it and when; empty for a sheet that is
            given in again, which has no lines above its headings.
        sheet_name: of the sheet, where it is not the title.
        more: titles and tables of further sheets, with the same second line.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.formats[0].set_font_name(FONT)
    _sheet(book, table, title=title, line=line, name=sheet_name or title)
    for name, one in more:
        _sheet(book, one, title=name, line=line, name=name)
    book.close()
    return out.getvalue()


def _sheet(
    book: xlsxwriter.Workbook, table: Table, *, title: str, line: str, name: str
) -> None:
    sheet = book.add_worksheet(name.translate(_UNFIT)[:_LONGEST_NAME])
    bold = book.add_format({"bold": True, "font_name": FONT, "font_size": 14})
    heading = book.add_format({**CELL, "bold": True, "text_wrap": True, "bg_color": "#EEF2F7"})
    formats = {kind: book.add_format({**CELL, **given}) for kind, given in FORMATS.items()}
    sums = {
        kind: book.add_format({**CELL, **given, "bold": True})
        for kind, given in FORMATS.items()
    }
    head = HEAD_ROW if line else 0
    if line:
        sheet.write_string(0, 0, title, bold)
        sheet.write_string(1, 0, line)
    for at, column in enumerate(table.columns):
        sheet.write_string(head, at, column.label, heading)
        sheet.set_column(at, at, _width(table, at))
    at_row = head + 1
    for row in table.rows:
        _line(sheet, at_row, row, table, formats)
        at_row += 1
    if table.rows:
        sheet.autofilter(head, 0, at_row - 1, len(table.columns) - 1)
    if table.foot:
        _line(sheet, at_row, table.foot, table, sums)
        at_row += 1
    for note in table.notes:
        sheet.write_string(at_row + 1, 0, note)
        at_row += 1
    sheet.freeze_panes(head + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _width(table: Table, at: int) -> int:
    """Return the width of a column: as given, or as its longest cell needs within reason."""
    kind = table.columns[at].kind
    longest = max(
        (
            _units(text_of(row[at], kind))
            for row in table.rows[:MEASURED]
            if row[at] is not None
        ),
        default=0,
    )
    return max(table.columns[at].width, min(longest + 2, WIDEST))


def _units(text: str) -> int:
    """Return how wide a text is in digits: a Chinese character is two."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def _line(
    sheet: xlsxwriter.worksheet.Worksheet,
    line: int,
    row: Sequence[Cell],
    table: Table,
    formats: dict[Kind, xlsxwriter.format.Format],
) -> None:
    for at, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
        form = formats[column.kind]
        if cell is None:
            sheet.write_blank(line, at, None, form)
        elif isinstance(cell, date):
            sheet.write_datetime(line, at, datetime.combine(cell, datetime.min.time()), form)
        elif isinstance(cell, int | Decimal):
            sheet.write_number(line, at, cell, form)
        else:
            sheet.write_string(line, at, str(cell)[:LONGEST_CELL], form)

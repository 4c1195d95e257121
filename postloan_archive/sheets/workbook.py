"""A table as a workbook: real numbers and days, identifiers as text, a frozen heading."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import xlsxwriter

from postloan_archive.sheets.tables import NUMERIC, Cell, Kind, Table

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: Final = {
    Kind.YUAN: {"num_format": "#,##0.00"},
    Kind.COUNT: {"num_format": "#,##0"},
    Kind.PERCENT: {"num_format": '0.00"%"'},
    Kind.DAY: {"num_format": "yyyy-mm-dd", "align": "left"},
    Kind.TEXT: {"num_format": "@"},
    Kind.CODE: {"num_format": "@"},
}
WIDE: Final = 2  # a Chinese character takes the room of two digits
LINE_HEIGHT: Final = 15  # points
HEADING_HEIGHT: Final = 30
_LONGEST_NAME: Final = 31  # of a sheet
_UNFIT: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def workbook(
    table: Table, *, title: str, line: str, more: Sequence[tuple[str, Table]] = ()
) -> bytes:
    """Return the table as .xlsx.

    Args:
        table: the figures.
        title: the first line, and the name of the sheet.
        line: the second line: period, who made it and when.
        more: titles and tables of further sheets, with the same second line.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    for name, one in ((title, table), *more):
        _sheet(book, one, title=name, line=line)
    book.close()
    return out.getvalue()


def _sheet(book: xlsxwriter.Workbook, table: Table, *, title: str, line: str) -> None:
    sheet = book.add_worksheet(title.translate(_UNFIT)[:_LONGEST_NAME])
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    look = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}
    heading = book.add_format({**look, "bg_color": "#EDEDED"})
    flush = book.add_format({**look, "bg_color": "#EDEDED", "align": "right"})
    formats = {kind: book.add_format(dict(given)) for kind, given in FORMATS.items()}
    sums = {kind: book.add_format({**given, "bold": True}) for kind, given in FORMATS.items()}
    sheet.write_string(0, 0, title, bold)
    _across(sheet, 1, line, table, wrapped)
    sheet.set_row(2, HEADING_HEIGHT)
    for at, column in enumerate(table.columns):
        right = column.kind in NUMERIC
        sheet.write_string(2, at, column.label, flush if right else heading)
        sheet.set_column(at, at, column.width)
    at_row = 3
    for row in table.rows:
        _line(sheet, at_row, row, table, formats)
        at_row += 1
    if table.rows:
        sheet.autofilter(2, 0, at_row - 1, len(table.columns) - 1)
    if table.foot:
        _line(sheet, at_row, table.foot, table, sums)
        at_row += 1
    for note in table.notes:
        _across(sheet, at_row + 1, note, table, wrapped)
        at_row += 1
    sheet.freeze_panes(3, 1)
    sheet.hide_gridlines(0)  # printed as well as shown
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _across(
    sheet: xlsxwriter.worksheet.Worksheet,
    line: int,
    text: str,
    table: Table,
    form: xlsxwriter.format.Format,
) -> None:
    """Write a sentence over the whole width of the table, as many lines high as it needs."""
    width = int(sum(column.width for column in table.columns))
    lines = 1 + WIDE * len(text) // max(width, 1)
    if len(table.columns) > 1:
        sheet.merge_range(line, 0, line, len(table.columns) - 1, text, form)
    else:
        sheet.write_string(line, 0, text, form)
    sheet.set_row(line, LINE_HEIGHT * lines)


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
            sheet.write_string(line, at, str(cell), form)

"""A table as a workbook: real numbers and days, identifiers as text, a frozen heading."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import xlsxwriter

from postloan_archive.sheets.tables import Cell, Kind, Table

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: Final = {
    Kind.YUAN: {"num_format": "#,##0.00"},
    Kind.COUNT: {"num_format": "#,##0"},
    Kind.PERCENT: {"num_format": '0.00"%"'},
    Kind.DAY: {"num_format": "yyyy-mm-dd"},
    Kind.TEXT: {"num_format": "@"},
    Kind.CODE: {"num_format": "@"},
}
_LONGEST_NAME: Final = 31  # of a sheet
_UNFIT: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def workbook(table: Table, *, title: str, line: str) -> bytes:
    """Return the table as .xlsx.

    Args:
        table: the figures.
        title: the first line, and the name of the sheet.
        line: the second line: period, who made it and when.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    sheet = book.add_worksheet(title.translate(_UNFIT)[:_LONGEST_NAME])
    bold = book.add_format({"bold": True})
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    formats = {kind: book.add_format(dict(given)) for kind, given in FORMATS.items()}
    sums = {kind: book.add_format({**given, "bold": True}) for kind, given in FORMATS.items()}
    sheet.write_string(0, 0, title, bold)
    sheet.write_string(1, 0, line)
    for at, column in enumerate(table.columns):
        sheet.write_string(2, at, column.label, heading)
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
        sheet.write_string(at_row + 1, 0, note)
        at_row += 1
    sheet.freeze_panes(3, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    book.close()
    return out.getvalue()


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

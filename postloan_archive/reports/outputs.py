"""A report as workbook and as Word paper; the chart as SVG."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import xlsxwriter
from markupsafe import Markup, escape

from postloan_archive.kernel.clock import CHINA
from postloan_archive.reports.tables import NUMERIC, Bar, Cell, Kind, Table, text_of
from postloan_archive.wordgen import WordTable, write_table

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS: Final = {
    Kind.YUAN: {"num_format": "#,##0.00"},
    Kind.COUNT: {"num_format": "#,##0"},
    Kind.PERCENT: {"num_format": '0.00"%"'},
    Kind.DAY: {"num_format": "yyyy-mm-dd"},
    Kind.TEXT: {"num_format": "@"},
    Kind.CODE: {"num_format": "@"},
}
ROW, LABEL, WIDTH, WORDS = 26, 150, 640, 170  # of the chart, in its own units


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above the figures, on every output."""

    title: str
    period: str
    branch: str
    made_by: str
    made_at: datetime

    @property
    def line(self) -> str:
        """Return period, branch, author and time in one line."""
        when = self.made_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
        return f"{self.period}　{self.branch}　制表人 {self.made_by}　制表时间 {when}"


def workbook(table: Table, head: Head) -> bytes:
    """Return the report as .xlsx: real numbers and days, text for identifiers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    sheet = book.add_worksheet(head.title[:31])
    bold = book.add_format({"bold": True})
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    formats = {kind: book.add_format(dict(given)) for kind, given in FORMATS.items()}
    sums = {kind: book.add_format({**given, "bold": True}) for kind, given in FORMATS.items()}
    sheet.write_string(0, 0, head.title, bold)
    sheet.write_string(1, 0, head.line)
    for at, column in enumerate(table.columns):
        sheet.write_string(2, at, column.label, heading)
        sheet.set_column(at, at, column.width)
    line = 3
    for row in table.rows:
        _line(sheet, line, row, table, formats)
        line += 1
    if table.rows:
        sheet.autofilter(2, 0, line - 1, len(table.columns) - 1)
    if table.foot:
        _line(sheet, line, table.foot, table, sums)
        line += 1
    for note in table.notes:
        sheet.write_string(line + 1, 0, note)
        line += 1
    sheet.freeze_panes(3, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    book.close()
    return out.getvalue()


def paper(table: Table, head: Head) -> bytes:
    """Return the report as .docx."""
    kinds = [column.kind for column in table.columns]
    return write_table(
        WordTable(
            title=head.title,
            lines=(head.line,),
            headings=[column.label for column in table.columns],
            numeric=[kind in NUMERIC for kind in kinds],
            rows=[_words(row, kinds) for row in table.rows],
            foot=_words(table.foot, kinds) if table.foot else (),
            notes=table.notes,
        )
    )


def chart(bars: Sequence[Bar], title: str) -> Markup:
    """Return horizontal bars as SVG; without style attributes, colours come from the sheet."""
    most = max((bar.value for bar in bars), default=Decimal(0))
    parts = []
    for at, bar in enumerate(bars):
        y = at * ROW
        width = round(bar.value * (WIDTH - LABEL - WORDS) / most) if most > 0 else 0
        parts.append(
            f'<text class="bar-label" x="{LABEL - 8}" y="{y + 17}" text-anchor="end">'
            f"{escape(bar.label)}</text>"
            f'<rect class="bar" x="{LABEL}" y="{y + 5}" width="{max(width, 1)}" height="16"/>'
            f'<text class="bar-words" x="{LABEL + width + 8}" y="{y + 17}">'
            f"{escape(bar.words)}</text>"
        )
    height = len(bars) * ROW
    return Markup(  # noqa: S704 - every text is escaped above
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


def _words(row: Sequence[Cell], kinds: Sequence[Kind]) -> list[str]:
    return [text_of(cell, kind) for cell, kind in zip(row, kinds, strict=True)]


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

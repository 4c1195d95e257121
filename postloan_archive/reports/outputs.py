"""A report as workbook and as Word paper; the chart as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from markupsafe import Markup, escape

from postloan_archive import sheets
from postloan_archive.kernel.clock import CHINA
from postloan_archive.sheets import NUMERIC, Bar, Cell, Kind, Table, text_of
from postloan_archive.wordgen import WordTable, write_table

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ROW, LABEL, WIDTH, WORDS = 26, 150, 540, 190  # of the chart, in its own units


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
    return sheets.workbook(table, title=head.title, line=head.line)


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
            foot=[
                "" if cell is None else text_of(cell, kind)
                for cell, kind in zip(table.foot, kinds, strict=False)
            ],
            notes=table.notes,
        )
    )


def chart(bars: Sequence[Bar], title: str) -> Markup:
    """Return horizontal bars as SVG, nothing where every bar is zero.

    There are no style attributes: colours come from the sheet.
    """
    most = max((bar.value for bar in bars), default=Decimal(0))
    if most <= 0:
        return Markup("")
    parts = []
    for at, bar in enumerate(bars):
        y = at * ROW
        width = round(max(bar.value, Decimal(0)) * (WIDTH - LABEL - WORDS) / most)
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

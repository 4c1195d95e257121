"""What a table of figures is: columns, rows, a foot, a chart drawn from the same figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

Cell: TypeAlias = str | int | Decimal | date | None
PERCENT: Final = 100


class Kind(StrEnum):
    """How the cells of a column are written."""

    TEXT = "text"
    CODE = "code"  # identifiers: text in every output
    COUNT = "count"
    YUAN = "yuan"
    PERCENT = "percent"
    DAY = "day"


NUMERIC: Final = frozenset({Kind.COUNT, Kind.YUAN, Kind.PERCENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; `width` is in characters of a workbook."""

    label: str
    kind: Kind = Kind.TEXT
    width: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of the chart; `words` is what is written at its end."""

    label: str
    value: Decimal
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The figures of one list or report.

    Attributes:
        rows: one tuple of cells a row, as many as there are columns.
        foot: sums, or empty.
        bars: the chart; empty where a chart would say nothing.
        notes: what the reader must know: how figures are counted, what is missing.
        links: the address of the row's subject, or empty; as many as rows, or none.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    foot: tuple[Cell, ...] = ()
    bars: tuple[Bar, ...] = ()
    notes: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


def share(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Return the part in percent of the whole, two decimals; None where there is no whole."""
    if not whole:
        return None
    return (Decimal(part) * PERCENT / Decimal(whole)).quantize(Decimal("0.01"))


def sums(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> tuple[Cell, ...]:
    """Return a foot that adds up counts and yuan and leaves the rest empty."""
    foot: list[Cell] = []
    for at, column in enumerate(columns):
        if at == 0:
            foot.append("合计")
        elif column.kind is Kind.COUNT:
            foot.append(sum(cell for row in rows if isinstance(cell := row[at], int)))
        elif column.kind is Kind.YUAN:
            foot.append(
                sum((cell for row in rows if isinstance(cell := row[at], Decimal)), Decimal(0))
            )
        else:
            foot.append(None)
    return tuple(foot)


def text_of(cell: Cell, kind: Kind) -> str:
    """Return the cell as it is read on paper."""
    if cell is None:
        return "—"
    if kind is Kind.YUAN and isinstance(cell, Decimal):
        return f"{cell:,.2f}"
    if kind is Kind.PERCENT:
        return f"{cell}%"
    if kind is Kind.COUNT and isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)

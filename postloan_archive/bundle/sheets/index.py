"""The linked index of exhibits (证据目录)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from postloan_archive.bundle.sheets.canvas import A4, Canvas, wrapped
from postloan_archive.bundle.spec import CoverSheet
from postloan_archive.bundle.typefaces import HEI, SONG, Ink

_LEFT: Final = 48.0
_RIGHT: Final = A4[0] - 48.0
_FIRST_TOP: Final = 716.0  # below title and case on the first page
_NEXT_TOP: Final = 772.0
_FLOOR: Final = 64.0
_SIGNATURE: Final = 66.0  # what the last page keeps free
_SIZE: Final = 10.0
_LEADING: Final = 15.0
_PAD: Final = 5.0
_CELL: Final = 4.0
_HEAD: Final = 26.0
_GROUP: Final = 22.0


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow:
    """One line of the index; `first` and `last` are pages of the bundle, from 1.

    A row with a `heading` only opens a group. `linked` says that the page is in this file.
    """

    label: str = ""
    title: str = ""
    purpose: str = ""
    first: int = 0
    last: int = 0
    kind: str = ""
    origin: str = ""
    copies: str = ""
    volume: str = ""
    heading: str = ""
    linked: bool = True


@dataclass(frozen=True, slots=True)
class _Column:
    heading: str
    field: str
    share: float
    centred: bool = False


def index_sheets(
    ink: Ink, title: str, cover: CoverSheet, rows: Sequence[IndexRow]
) -> list[Canvas]:
    """Return the pages of the index.

    How many pages it takes does not depend on the page numbers it prints, so it can be laid out
    once to be counted and once more with the numbers known.
    """
    columns = _columns(rows)
    edges = _edges(columns)
    sheets = [Canvas(ink)]
    at = _opening(sheets[0], title, cover, columns, edges)
    top = at + _HEAD
    pending = [(row, _cells(ink, row, columns, edges)) for row in rows]
    while pending:
        row, cells = pending.pop(0)
        space = int((at - _FLOOR - 2 * _PAD) / _LEADING)
        deep = max((len(lines) for lines in cells), default=1)
        needs_next = bool(row.heading) and bool(pending)
        if at - (_GROUP if row.heading else 0) < _FLOOR + (
            2 * _LEADING if needs_next else 0
        ) or (
            not row.heading and space < deep and (space < 2 or deep <= _lines_of_a_page())  # noqa: PLR2004  # no single line alone
        ):
            _close(sheets[-1], top, at)
            sheets.append(Canvas(ink))
            at = _header(sheets[-1], columns, edges, _NEXT_TOP)
            top = at + _HEAD
            pending.insert(0, (row, cells))
            continue
        if row.heading:
            at = _heading(sheets[-1], row, at)
            continue
        now = [lines[:space] for lines in cells]
        rest = [lines[space:] for lines in cells]
        at = _row(sheets[-1], row, now, columns, edges, at)
        if any(rest):
            pending.insert(0, (row, rest))
    _close(sheets[-1], top, at)
    if at - _SIGNATURE < _FLOOR:
        sheets.append(Canvas(ink))
        at = _NEXT_TOP
    _signature(sheets[-1], at, cover)
    return sheets


def _columns(rows: Sequence[IndexRow]) -> list[_Column]:
    columns = [
        _Column("编号", "label", 11, centred=True),
        _Column("证据名称", "title", 25),
        _Column("证明目的", "purpose", 35),
        _Column("页码", "pages", 12, centred=True),
        _Column("原件/复印件", "kind", 12, centred=True),
    ]
    if any(row.origin for row in rows):
        columns.insert(2, _Column("证据来源", "origin", 16))
    if any(row.copies for row in rows):
        columns.insert(-1, _Column("份数", "copies", 8, centred=True))
    if any(row.volume for row in rows):
        columns.insert(-1, _Column("册", "volume", 6, centred=True))
    return columns


def _edges(columns: list[_Column]) -> list[float]:
    whole = sum(column.share for column in columns)
    edges = [_LEFT]
    for column in columns:
        edges.append(edges[-1] + (_RIGHT - _LEFT) * column.share / whole)
    return edges


def _cells(
    ink: Ink, row: IndexRow, columns: list[_Column], edges: list[float]
) -> list[list[str]]:
    if row.heading:
        return []
    cells = []
    for place, column in enumerate(columns):
        words = _pages(row) if column.field == "pages" else str(getattr(row, column.field))
        room = edges[place + 1] - edges[place] - 2 * _CELL
        # Page numbers stay on one line, whatever they are: the length of the index rests on it.
        cells.append(
            [words] if column.field == "pages" else wrapped(ink, words, room, size=_SIZE)
        )
    return cells


def _pages(row: IndexRow) -> str:
    return f"{row.first}" if row.first == row.last else f"{row.first}–{row.last}"


def _lines_of_a_page() -> int:
    return int((_NEXT_TOP - _HEAD - _FLOOR - 2 * _PAD) / _LEADING)


def _opening(
    canvas: Canvas, title: str, cover: CoverSheet, columns: list[_Column], edges: list[float]
) -> float:
    canvas.spread(title, A4[0] / 2, 758, size=22, role=HEI, gap=8)
    left = f"案号：{cover.case_no}" if cover.case_no else f"受理法院：{cover.court}"
    canvas.text(_shortened(canvas.ink, left, 260), _LEFT, 728, size=10.5)
    right = _shortened(canvas.ink, f"案由：{cover.case}", 230)
    canvas.right(right, _RIGHT, 728, size=10.5)
    return _header(canvas, columns, edges, _FIRST_TOP)


def _shortened(ink: Ink, words: str, room: float) -> str:
    lines = wrapped(ink, words, room, size=10.5)
    return lines[0] if len(lines) == 1 else lines[0][:-1] + "…"


def _header(canvas: Canvas, columns: list[_Column], edges: list[float], top: float) -> float:
    canvas.tint(_LEFT, top - _HEAD, _RIGHT - _LEFT, _HEAD, grey=0.93)
    canvas.rule(_LEFT, top, _RIGHT, weight=0.9)
    for place, column in enumerate(columns):
        middle = (edges[place] + edges[place + 1]) / 2
        room = edges[place + 1] - edges[place] - 2
        wide = canvas.ink.width(column.heading, HEI, _SIZE)
        size = min(_SIZE, _SIZE * room / wide)
        canvas.centred(column.heading, middle, top - 16.6, size=size, role=HEI)
    canvas.rule(_LEFT, top - _HEAD, _RIGHT, weight=0.6)
    for edge in edges[1:-1]:
        canvas.upright(edge, top - _HEAD, top, weight=0.35)
    return top - _HEAD


def _heading(canvas: Canvas, row: IndexRow, at: float) -> float:
    canvas.tint(_LEFT, at - _GROUP, _RIGHT - _LEFT, _GROUP, grey=0.97)
    words = _shortened(canvas.ink, row.heading, _RIGHT - _LEFT - 30)
    canvas.text(words, _LEFT + 8, at - 14.6, size=_SIZE, role=HEI)
    canvas.rule(_LEFT, at - _GROUP, _RIGHT, weight=0.35)
    return at - _GROUP


def _row(
    canvas: Canvas,
    row: IndexRow,
    cells: list[list[str]],
    columns: list[_Column],
    edges: list[float],
    at: float,
) -> float:
    high = max(len(lines) for lines in cells) * _LEADING + 2 * _PAD
    for place, lines in enumerate(cells):
        left, right = edges[place], edges[place + 1]
        first = at - (high - len(lines) * _LEADING) / 2 - 11  # in the middle of the row
        for step, words in enumerate(lines):
            base = first - step * _LEADING
            if columns[place].centred:
                wide = canvas.ink.width(words, SONG, _SIZE)
                size = _SIZE if wide <= right - left - 2 else _SIZE * (right - left - 2) / wide
                canvas.centred(words, (left + right) / 2, base, size=size)
            else:
                canvas.text(words, left + _CELL, base, size=_SIZE)
    canvas.rule(_LEFT, at - high, _RIGHT, weight=0.35)
    for edge in edges[1:-1]:
        canvas.upright(edge, at - high, at, weight=0.35)
    if row.linked:
        canvas.link(_LEFT, at - high, _RIGHT, at, row.first)
    return at - high


def _close(canvas: Canvas, top: float, bottom: float) -> None:
    """Draw the outer rules of a table that has just ended."""
    canvas.rule(_LEFT, bottom, _RIGHT, weight=0.9)
    canvas.upright(_LEFT, bottom, top, weight=0.9)
    canvas.upright(_RIGHT, bottom, top, weight=0.9)


def _signature(canvas: Canvas, at: float, cover: CoverSheet) -> None:
    if cover.submitter:
        words = f"提交人（签章）：{cover.submitter}"
        canvas.right(_shortened(canvas.ink, words, _RIGHT - _LEFT), _RIGHT, at - 34, size=10.5)
    else:
        canvas.text("提交人（签章）：", _RIGHT - 235, at - 34, size=10.5)
        canvas.rule(_RIGHT - 150, at - 37, _RIGHT, weight=0.4)
    day = f"{cover.date.year} 年 {cover.date.month} 月 {cover.date.day} 日"
    canvas.right(f"提交日期：{day}", _RIGHT, at - 60, size=10.5)

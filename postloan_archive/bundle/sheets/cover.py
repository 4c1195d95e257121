"""The cover: court, title, case, parties, who submits and when."""

from typing import Final

from postloan_archive.bundle.sheets.canvas import A4, Canvas, wrapped
from postloan_archive.bundle.spec import CoverSheet
from postloan_archive.bundle.typefaces import HEI, SONG, Ink

_LEFT: Final = 92.0
_RIGHT: Final = A4[0] - 92.0
_NAMES: Final = 118.0  # width of the column with what a line is
_FLOOR: Final = 150.0  # the table ends above
_TOP: Final = 520.0  # the table begins below
_SIZES: Final = (13.5, 12.0, 10.5, 9.0, 8.0)


def cover_sheet(ink: Ink, cover: CoverSheet, *, volume: tuple[int, int]) -> Canvas:
    """Return the first page; `volume` is (this one, how many there are)."""
    canvas = Canvas(ink)
    middle = A4[0] / 2
    canvas.rule(_LEFT, 742, _RIGHT, weight=1.6)
    canvas.rule(_LEFT, 738.5, _RIGHT, weight=0.5)
    for place, line in enumerate(wrapped(ink, cover.court, _RIGHT - _LEFT, size=20)[:2]):
        canvas.centred(line, middle, 700 - 28 * place, size=20)
    lines = wrapped(ink, cover.title, 350, size=38, role=HEI)[:2]
    for place, line in enumerate(lines):
        gap = 14.0 if len(line) <= 6 else 4.0  # noqa: PLR2004  # longer titles need the room
        canvas.spread(
            line,
            middle,
            602 - 50 * place,
            size=38 if len(lines) == 1 else 32,
            role=HEI,
            gap=gap,
        )
    if volume[1] > 1:
        canvas.centred(f"第 {volume[0]} 册（共 {volume[1]} 册）", middle, 540, size=15)
    _facts(canvas, cover)
    day = f"{cover.date.year} 年 {cover.date.month} 月 {cover.date.day} 日"
    if cover.submitter:
        for place, line in enumerate(
            reversed(wrapped(ink, f"提交人：{cover.submitter}", 330, size=13)[:2])
        ):
            canvas.right(line, _RIGHT, 118 + 19 * place, size=13)
    canvas.right(day, _RIGHT, 94, size=13)
    canvas.rule(_LEFT, 74, _RIGHT, weight=0.5)
    canvas.rule(_LEFT, 70.5, _RIGHT, weight=1.6)
    return canvas


def _facts(canvas: Canvas, cover: CoverSheet) -> None:
    rows: list[tuple[str, list[str]]] = [
        ("案　　号", [cover.case_no or "（立案后由法院编定）"]),
        ("案　　由", [cover.case]),
    ]
    for role, party in cover.parties:
        if rows[-1][0] == _justified(role):
            rows[-1][1].append(party)
        else:
            rows.append((_justified(role), [party]))
    rows += [(_justified(title), [value]) for title, value in cover.notes]
    room = _RIGHT - _LEFT - _NAMES - 24
    for size in _SIZES:
        table = [(title, _lines(canvas.ink, values, room, size)) for title, values in rows]
        if _TOP - sum(_height(lines, size) for _, lines in table) >= _FLOOR:
            break
    else:
        table = _shortened(table, _SIZES[-1])
        size = _SIZES[-1]
    at = _TOP
    canvas.rule(_LEFT, at, _RIGHT, weight=0.9)
    for title, lines in table:
        high = _height(lines, size)
        base = at - high / 2 - size * 0.36
        canvas.centred(title, _LEFT + _NAMES / 2, base, size=size, role=HEI)
        first = at - (high - len(lines) * size * 1.5) / 2 - size * 1.11
        for place, line in enumerate(lines):
            canvas.text(line, _LEFT + _NAMES + 14, first - place * size * 1.5, size=size)
        at -= high
        canvas.rule(_LEFT, at, _RIGHT, weight=0.4)
    canvas.rule(_LEFT, at, _RIGHT, weight=0.9)
    canvas.upright(_LEFT + _NAMES, at, _TOP, weight=0.4)


def _justified(title: str) -> str:
    """Return a two-character heading as wide as one of four."""
    return f"{title[0]}　　{title[1]}" if len(title) == 2 else title  # noqa: PLR2004  # 原告, 被告


def _lines(ink: Ink, values: list[str], room: float, size: float) -> list[str]:
    return [
        line for value in values for line in wrapped(ink, value, room, size=size, role=SONG)
    ]


def _height(lines: list[str], size: float) -> float:
    return len(lines) * size * 1.5 + size * 1.1


def _shortened(table: list[tuple[str, list[str]]], size: float) -> list[tuple[str, list[str]]]:
    """Return the table with its longest cells cut, each cut saying how many lines there are."""
    table = [(title, list(lines)) for title, lines in table]
    full = [len(lines) for _, lines in table]
    while _TOP - sum(_height(lines, size) for _, lines in table) < _FLOOR:
        longest = max(range(len(table)), key=lambda row: len(table[row][1]))
        if len(table[longest][1]) <= 2:  # noqa: PLR2004  # a name and the remark
            return table[: int((_TOP - _FLOOR) / _height(["", ""], size))]
        del table[longest][1][-1]
        table[longest][1][-1] = f"……等，共 {full[longest]} 行，余见起诉状"
    return table

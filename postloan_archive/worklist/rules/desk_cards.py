"""The cards of the desk: which there are, in whose order, how they stand side by side."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from postloan_archive.kernel.errors import _l

CARDS: Final = {  # key -> what the card is called
    "due": _l("今日必办"),
    "levels": _l("期限水位"),
    "gaps": _l("查漏"),
    "inbox": _l("收件与识别"),
    "ageing": _l("逾期账龄"),
    "classes": _l("五级分类迁徙"),
    "paper": _l("借阅"),
    "completeness": _l("完整率"),
    "recent": _l("最近打开"),
    "views": _l("常用筛选"),
}
WIDE: Final = frozenset({"due"})  # always alone in its row
WIDTHS: Final = {  # of twelve columns, where the pair is one of these
    ("levels", "gaps"): (7, 5),
    ("inbox", "ageing"): (4, 8),
    ("recent", "ageing"): (4, 8),
    ("classes", "paper"): (8, 4),
    ("inbox", "completeness"): (5, 7),
    ("completeness", "recent"): (7, 5),
}
WHOLE: Final = 12
HALF: Final = (6, 6)

Row = tuple[tuple[str, int], ...]  # cards with their widths


def in_order(kept: Sequence[str], usual: Iterable[str]) -> tuple[str, ...]:
    """Return the kept cards that there still are, then those that the person never placed."""
    every = tuple(usual)
    known = [card for card in dict.fromkeys(kept) if card in every]
    return (*known, *(card for card in every if card not in known))


def moved(cards: Sequence[str], card: str, by: int) -> tuple[str, ...]:
    """Return the cards with one moved so many places; the ends of the row stop it."""
    if card not in cards:
        return tuple(cards)
    others = [one for one in cards if one != card]
    place = min(max(0, list(cards).index(card) + by), len(others))
    return (*others[:place], card, *others[place:])


def rows_of(cards: Iterable[str]) -> tuple[Row, ...]:
    """Return the cards two in a row, in their order; a wide one stands alone."""
    rows: list[tuple[str, ...]] = []
    for card in cards:
        last = rows[-1] if rows else ()
        if len(last) == 1 and not WIDE & {card, *last}:
            rows[-1] = (last[0], card)
        else:
            rows.append((card,))
    return tuple(with_widths(row) for row in rows)


def with_widths(row: Sequence[str]) -> Row:
    """Return the cards of a row with their widths of twelve columns."""
    if len(row) == 1:
        return ((row[0], WHOLE),)
    return tuple(zip(row, WIDTHS.get((row[0], row[1]), HALF), strict=True))


def hidden_of(shown: Collection[str], cards: Iterable[str]) -> tuple[str, ...]:
    """Return the cards that are not to be shown."""
    return tuple(card for card in cards if card not in shown)

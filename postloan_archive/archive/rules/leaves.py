"""Pages of scanned piles: which leaves a piece consists of, in which order, turned how; pure.

A leaf is a page of a file as it came in. Cutting, joining, turning and leaving out change lists
of leaves only; the file itself is never touched.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from postloan_archive.kernel.errors import RuleError, _l

QUARTER: Final = 90  # degrees, clockwise
WHOLE: Final = 360
Row: TypeAlias = "list[int]"  # how a leaf is stored: [file, page, degrees]


class NoSuchLeafError(RuleError):
    """The piece has no such page."""

    def __init__(self, *, place: int, count: int) -> None:
        super().__init__(
            _l("本件没有第 {place} 页（共 {count} 页）。"), place=place, count=count
        )


class NothingToCutError(RuleError):
    """A cut before the first page, or behind the last."""

    next_step = _l("请选第 2 页或以后的页，在它之前分件。")

    def __init__(self) -> None:
        super().__init__(_l("第一页之前不能分件。"))


class LastLeafError(RuleError):
    """A piece without any page is no piece."""

    next_step = _l("整件不要的，请用“退回”并说明理由。")

    def __init__(self) -> None:
        super().__init__(_l("至少须留一页。"))


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of one file.

    Attributes:
        file: id of the file as it came in.
        page: from 1.
        turn: degrees clockwise: 0, 90, 180, 270.
    """

    file: int
    page: int
    turn: int = 0

    @property
    def key(self) -> tuple[int, int]:
        """Return what tells the page, however it is turned."""
        return self.file, self.page


def read(rows: Iterable[Sequence[int]]) -> tuple[Leaf, ...]:
    """Return the leaves of stored rows."""
    return tuple(Leaf(int(row[0]), int(row[1]), int(row[2])) for row in rows)


def written(leaves: Iterable[Leaf]) -> list[Row]:
    """Return the leaves as they are stored."""
    return [[leaf.file, leaf.page, leaf.turn] for leaf in leaves]


def whole(file: int, pages: int) -> tuple[Leaf, ...]:
    """Return all pages of a file as they came."""
    return tuple(Leaf(file, page) for page in range(1, pages + 1))


def is_whole(leaves: Sequence[Leaf], file: int, pages: int) -> bool:
    """Return whether the leaves are the file as it came: nothing has to be made."""
    return tuple(leaves) == whole(file, pages)


def cut(leaves: Sequence[Leaf], place: int) -> tuple[tuple[Leaf, ...], tuple[Leaf, ...]]:
    """Return both parts of a cut before the page at `place`, from 1.

    Raises:
        NoSuchLeafError, NothingToCutError: there is nothing on one side.
    """
    _check(leaves, place)
    if place == 1:
        raise NothingToCutError
    return tuple(leaves[: place - 1]), tuple(leaves[place - 1 :])


def turned(leaves: Sequence[Leaf], place: int, by: int = QUARTER) -> tuple[Leaf, ...]:
    """Return the leaves with one turned clockwise by so many degrees; place 0: all of them.

    Raises:
        NoSuchLeafError: no such page.
    """
    if place:
        _check(leaves, place)
    return tuple(
        replace(leaf, turn=(leaf.turn + by) % WHOLE) if place in {0, number} else leaf
        for number, leaf in enumerate(leaves, start=1)
    )


def moved(leaves: Sequence[Leaf], place: int, by: int) -> tuple[Leaf, ...]:
    """Return the leaves with one moved so many places; it stays inside the piece.

    Raises:
        NoSuchLeafError: no such page.
    """
    _check(leaves, place)
    rest = [*leaves[: place - 1], *leaves[place:]]
    there = min(max(place - 1 + by, 0), len(rest))
    return (*rest[:there], leaves[place - 1], *rest[there:])


def without(leaves: Sequence[Leaf], places: Iterable[int]) -> tuple[Leaf, ...]:
    """Return the leaves without those at the places.

    Raises:
        NoSuchLeafError: no such page.
        LastLeafError: none would be left.
    """
    gone = set(places)
    for place in gone:
        _check(leaves, place)
    left = tuple(leaf for number, leaf in enumerate(leaves, start=1) if number not in gone)
    if not left:
        raise LastLeafError
    return left


def put_back(leaves: Sequence[Leaf], leaf: Leaf) -> tuple[Leaf, ...]:
    """Return the leaves with one that was left out, behind the pages that came before it."""
    before = [n for n, one in enumerate(leaves, start=1) if one.key < leaf.key]
    there = max(before, default=0)
    return (*leaves[:there], leaf, *leaves[there:])


def words(leaves: Sequence[Leaf]) -> str:
    """Return the page numbers in words: 2–4、7."""
    parts: list[list[int]] = []
    for leaf in leaves:
        if parts and parts[-1][-1] + 1 == leaf.page:
            parts[-1].append(leaf.page)
        else:
            parts.append([leaf.page])
    return "、".join(
        f"{part[0]}–{part[-1]}" if len(part) > 1 else str(part[0]) for part in parts
    )


def _check(leaves: Sequence[Leaf], place: int) -> None:
    if not 1 <= place <= len(leaves):
        raise NoSuchLeafError(place=place, count=len(leaves))

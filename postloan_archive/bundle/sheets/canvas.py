"""Drawing one of our own pages: lines of text, rules and areas that link to a page."""

from dataclasses import dataclass, field
from typing import Final

from postloan_archive.bundle.output import number
from postloan_archive.bundle.stamps import text as printed
from postloan_archive.bundle.typefaces import SONG, Ink

A4: Final = (595.28, 841.89)  # points

_NOT_FIRST: Final = frozenset("，。、；：？！）》〉」』】〕”’…—％%.;:?!)]}·")
_NOT_LAST: Final = frozenset("（《〈「『【〔“‘([{￥")
_LATIN: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@/,"
)


@dataclass(slots=True)
class Canvas:
    """One page under way; (0, 0) is the lower left corner, sizes are points."""

    ink: Ink
    size: tuple[float, float] = A4
    operators: list[bytes] = field(default_factory=list)
    links: list[tuple[tuple[float, float, float, float], int]] = field(default_factory=list)

    def text(
        self, words: str, left: float, base: float, *, size: float, role: str = SONG
    ) -> None:
        """Print a line that starts at `left`."""
        if words.strip():
            self.operators.append(printed(self.ink, words, role, size, left, base))

    def centred(
        self, words: str, middle: float, base: float, *, size: float, role: str = SONG
    ) -> None:
        """Print a line round `middle`."""
        left = middle - self.ink.width(words, role, size) / 2
        self.text(words, left, base, size=size, role=role)

    def right(
        self, words: str, edge: float, base: float, *, size: float, role: str = SONG
    ) -> None:
        """Print a line that ends at `edge`."""
        left = edge - self.ink.width(words, role, size)
        self.text(words, left, base, size=size, role=role)

    def spread(
        self, words: str, middle: float, base: float, *, size: float, role: str, gap: float
    ) -> None:
        """Print a heading with its characters set apart by `gap`, round `middle`."""
        wide = self.ink.width(words, role, size) + gap * (len(words) - 1)
        left = middle - wide / 2
        self.operators.append(b"%s Tc" % number(gap))
        self.text(words, left, base, size=size, role=role)
        self.operators.append(b"0 Tc")

    def rule(self, left: float, at: float, right: float, *, weight: float = 0.5) -> None:
        """Draw a horizontal rule."""
        self._line(left, at, right, at, weight)

    def upright(self, at: float, bottom: float, top: float, *, weight: float = 0.5) -> None:
        """Draw a vertical rule."""
        self._line(at, bottom, at, top, weight)

    def tint(
        self, left: float, bottom: float, wide: float, high: float, *, grey: float
    ) -> None:
        """Fill an area."""
        sizes = b" ".join(number(v) for v in (left, bottom, wide, high))
        self.operators.append(b"%s g %s re f 0 g" % (number(grey), sizes))

    def link(self, left: float, bottom: float, right: float, top: float, page: int) -> None:
        """Make an area lead to a page of the bundle, counted from 1."""
        self.links.append(((left, bottom, right, top), page))

    def _line(self, *ends_and_weight: float) -> None:
        a, b, c, d, weight = (number(v) for v in ends_and_weight)
        self.operators.append(b"%s w 0 G %s %s m %s %s l S" % (weight, a, b, c, d))


def wrapped(ink: Ink, words: str, room: float, *, size: float, role: str = SONG) -> list[str]:
    """Return the lines a text takes in a column of `room` points.

    Chinese breaks between any two characters except before closing and after opening
    punctuation; a Latin word or a number moves as a whole unless it is wider than the column.
    """
    lines: list[str] = []
    for paragraph in words.splitlines() or [""]:
        line, wide = "", 0.0
        for piece in _pieces(paragraph.expandtabs(4)):
            advance = ink.width(piece, role, size)
            if line and wide + advance > room and piece[0] not in _NOT_FIRST:
                lines.append(line.rstrip())
                line, wide = "", 0.0
                piece = piece.lstrip()  # noqa: PLW2901  # a blank does not start a line
                advance = ink.width(piece, role, size)
            while advance > room and len(piece) > 1:
                cut = _fitting(ink, piece, room, size, role)
                lines.append(piece[:cut])
                piece = piece[cut:]  # noqa: PLW2901  # the rest goes on
                advance = ink.width(piece, role, size)
            line, wide = line + piece, wide + advance
        lines.append(line.rstrip())
    return lines


def _pieces(paragraph: str) -> list[str]:
    pieces: list[str] = []
    for character in paragraph:
        joins = pieces and (
            (character in _LATIN and pieces[-1][-1] in _LATIN)
            or pieces[-1][-1] in _NOT_LAST
            or (character in _NOT_FIRST and pieces[-1][-1] in _NOT_FIRST)
        )
        if joins:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _fitting(ink: Ink, piece: str, room: float, size: float, role: str) -> int:
    wide, count = 0.0, 0
    for character in piece:
        wide += ink.width(character, role, size)
        if wide > room:
            break
        count += 1
    return max(count, 1)

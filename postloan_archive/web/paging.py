"""Pages of a list: which rows to fetch and which numbers to offer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SIZES: Final = (20, 50, 100)
_NEIGHBOURS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of `total` rows; numbers start at 1 and stay inside the list."""

    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        """Return how many rows come before this page."""
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        """Return the number of the first row shown, 0 where there is none."""
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        """Return the number of the last row shown."""
        return min(self.offset + self.size, self.total)

    @property
    def offered(self) -> tuple[int | None, ...]:
        """Return the page numbers to link to; None stands for a gap."""
        wanted = {1, self.pages} | set(
            range(self.number - _NEIGHBOURS, self.number + _NEIGHBOURS + 1)
        )
        shown: list[int | None] = []
        for number in sorted(n for n in wanted if 1 <= n <= self.pages):
            if shown and shown[-1] is not None and number - shown[-1] > 1:
                shown.append(None)
            shown.append(number)
        return tuple(shown)


def page_of(args: Mapping[str, str], *, total: int) -> Page:
    """Return the page the address asks for (`page`, `size`), moved inside the list."""
    size = _number(args.get("size"), SIZES[0])
    if size not in SIZES:
        size = SIZES[0]
    pages = max(1, -(-total // size))
    number = min(max(1, _number(args.get("page"), 1)), pages)
    return Page(number=number, size=size, total=total)


def _number(text: str | None, default: int) -> int:
    if text and text.isascii() and text.isdigit() and len(text) < 10:  # noqa: PLR2004 - no bomb
        return int(text)
    return default

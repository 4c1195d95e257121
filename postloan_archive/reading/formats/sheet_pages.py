"""Rows of a spreadsheet as pages: a block of rows each, the name of the sheet above it."""

from collections.abc import Iterable, Sequence
from typing import Final

from postloan_archive.reading.pages import clean
from postloan_archive.reading.results import PageText

_ROWS: Final = 50
_CHARS: Final = 4_000


class SheetPages:
    """Collects rows; a page is full after 50 rows or 4,000 characters."""

    def __init__(self, chars: int) -> None:
        self.pages: list[PageText] = []
        self._chars = chars
        self._sheet = ""
        self._rows: list[str] = []
        self._length = 0

    @property
    def full(self) -> bool:
        """Return whether no more text is wanted."""
        return self._chars <= 0

    def start(self, sheet: str) -> None:
        """Begin a sheet on a page of its own."""
        self.end()
        self._sheet = clean(sheet).strip()

    def add(self, cells: Sequence[str]) -> None:
        """Add a row; cells that are empty at its end are left out."""
        line = "\t".join(" ".join(clean(cell).split("\n")) for cell in cells).rstrip("\t")
        if not line.strip():
            return
        self._rows.append(line)
        self._length += len(line)
        if len(self._rows) >= _ROWS or self._length >= _CHARS:
            self.end()

    def extend(self, lines: Iterable[str]) -> None:
        """Add lines that are not rows, such as comments."""
        for line in lines:
            self.add([line])

    def end(self) -> None:
        """Close the page."""
        if self._rows:
            text = "\n".join(([f"【{self._sheet}】"] if self._sheet else []) + self._rows)
            self.pages.append(PageText(no=len(self.pages) + 1, text=text))
            self._chars -= len(text)
        self._rows, self._length = [], 0

"""A paper as one text without blanks that still knows where each character stands.

Recognition puts blanks and line breaks anywhere, and court forms set digits in full width;
words are looked for in a text without either, and found places are led back to the pages.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where words stand: page from 1, `[start, end)` in the text of that page."""

    page: int
    start: int
    end: int


class FlatText:
    """The pages of a paper joined without blanks, digits and letters in half width."""

    def __init__(self, pages: Sequence[str]) -> None:
        chars: list[str] = []
        self._at: list[int] = []  # of each character, in its page
        lengths: list[int] = []
        self.line_starts: set[int] = set()
        for page in pages:
            before = len(chars)
            opens = True
            for place, char in enumerate(page):
                if char.isspace():
                    opens = opens or char in "\n\f"
                else:
                    if opens:
                        self.line_starts.add(len(chars))
                    opens = False
                    chars.append(_plain(char))
                    self._at.append(place)
            lengths.append(len(chars) - before)
        self.text = "".join(chars)
        self._ends = list(accumulate(lengths))

    def page_of(self, at: int) -> int:
        """Return the page of a character, from 1."""
        return bisect_right(self._ends, at) + 1

    def place(self, start: int, end: int) -> Place:
        """Return where `[start, end)` of `text` stands; cut at the page's end."""
        page = self.page_of(start)
        end = min(end, self._ends[page - 1])
        return Place(page=page, start=self._at[start], end=self._at[end - 1] + 1)


def _plain(char: str) -> str:
    """Return the half-width form of a digit, letter or point; marks of Chinese stay."""
    if ("\uff10" <= char <= "\uff5a" and char.isalnum()) or char in "．，％":
        return unicodedata.normalize("NFKC", char)
    return char

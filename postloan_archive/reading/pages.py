"""Text as it may be stored: cleaned, and cut into pages where the format has none."""

import re
from collections.abc import Iterable
from typing import Final

from postloan_archive.reading.results import PageText

PAGE_CHARS: Final = 1_000
_LONGEST: Final = 1_500  # a paragraph beyond this is cut at a sentence or a blank
_BAD: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_BREAK: Final = re.compile("[。；！？;!?.\\s]")
_BLANKS: Final = re.compile(r"[ \t\u00a0]+\n")
_LINES: Final = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """Return the text with one kind of line break and without characters that are no text."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _BAD.search(text):
        text = _BAD.sub("", text)
    return text


def tidy(text: str) -> str:
    """Return cleaned text without blanks at line ends or more than one empty line in a row."""
    return _LINES.sub("\n\n", _BLANKS.sub("\n", clean(text))).strip()


def cut(paragraphs: Iterable[str], *, chars: int) -> list[PageText]:
    """Return pages of about 1,000 characters, cut where a paragraph ends.

    Args:
        paragraphs: in order, uncleaned.
        chars: characters kept in all; the rest is dropped.
    """
    pages: list[str] = []
    page: list[str] = []
    length = total = 0
    for piece in _pieces(paragraphs):
        if total >= chars:
            break
        if page and length + len(piece) > PAGE_CHARS + PAGE_CHARS // 5:
            pages.append("\n".join(page))
            page, length = [], 0
        page.append(piece)
        length += len(piece) + 1
        total += len(piece)
        if length >= PAGE_CHARS:
            pages.append("\n".join(page))
            page, length = [], 0
    pages.append("\n".join(page))
    texts = [text for text in (tidy(text) for text in pages) if text]
    return [PageText(no=no, text=text) for no, text in enumerate(texts, 1)]


def _pieces(paragraphs: Iterable[str]) -> Iterable[str]:
    for paragraph in paragraphs:
        rest = clean(paragraph)
        while len(rest) > _LONGEST:
            end = _last_break(rest)
            yield rest[:end]
            rest = rest[end:]
        yield rest


def _last_break(text: str) -> int:
    """Return where to cut an endless paragraph: after the last stop before the page is full."""
    stops = [found.end() for found in _BREAK.finditer(text, PAGE_CHARS // 2, PAGE_CHARS)]
    return stops[-1] if stops else PAGE_CHARS

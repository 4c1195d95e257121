"""Where the words of a query stand in the original page, and the part of it worth showing."""

from collections.abc import Sequence
from typing import Final

from postloan_archive.search import fields
from postloan_archive.search.normal import fold, fold_with_map
from postloan_archive.search.tree import Word

Mark = tuple[int, int]

MOST_MARKS: Final = 1_000
_BEFORE: Final = 24  # characters shown before the first mark of a fragment
_FRAGMENT: Final = 90
_GAP: Final = " … "
_FRAGMENTS: Final = 2
_BREAKS: Final = str.maketrans(dict.fromkeys("\r\n\t\v\f\x85\u2028\u2029", " "))


def marks_of(text: str, words: Sequence[Word]) -> tuple[Mark, ...]:
    """Return `[start, end)` of every word in the original text.

    In order and without overlap; of two that overlap the one that begins first stays, then the
    longer one. Each mark folds to one of the words.
    """
    forms = {form for word in words if fields.TEXT in word.fields for form in word.forms}
    if not forms:
        return ()
    folded = fold_with_map(text)
    found: set[Mark] = set()
    for form in forms:
        at = folded.text.find(form)
        while at >= 0 and len(found) <= MOST_MARKS * 4:
            found.add(folded.original(at, at + len(form)))
            at = folded.text.find(form, at + 1)
    kept: list[Mark] = []
    for start, end in sorted(found, key=lambda mark: (mark[0], -mark[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return tuple(kept[:MOST_MARKS])


def snippet_of(text: str, page_marks: Sequence[Mark]) -> tuple[str, tuple[Mark, ...]]:
    """Return up to two fragments of the text around marks, and the marks in them."""
    pieces: list[str] = []
    inside: list[Mark] = []
    length = shown_to = 0
    for start, end in page_marks or ((0, 0),):
        if start < shown_to or len(pieces) == _FRAGMENTS:
            continue
        begin = max(start - _BEFORE, shown_to)
        shown_to = min(max(begin + _FRAGMENT, end), len(text))
        shown_to = _to_end_of_mark(shown_to, page_marks)
        if pieces:
            length += len(_GAP)
        for first, last in page_marks:
            if begin <= first and last <= shown_to:
                inside.append((first - begin + length, last - begin + length))
        pieces.append(text[begin:shown_to].translate(_BREAKS))
        length += shown_to - begin
    return _GAP.join(pieces), tuple(inside)


def _to_end_of_mark(at: int, page_marks: Sequence[Mark]) -> int:
    for start, end in page_marks:
        if start < at < end:
            return end
    return at


def folded_value(value: str) -> str:
    """Return a title, name or number as it is compared."""
    return fold(value).strip()

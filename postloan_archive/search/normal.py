"""The form in which page text and search words are compared, with the way back to the page.

Folding is: NFKC, full width to half width, case, traditional to simplified, one kind of bracket
and dash, no blanks or line breaks between Han characters or inside a case number, no thousand
separators. It never decides what a user sees: marks always refer to the original text.
"""

import hashlib
import itertools
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import opencc

HAN: Final = "〇々\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RESERVED: Final = range(0xE000, 0xE100)  # the index marks blanks and fields with these
_UNKNOWN: Final = "\ufffd"
_RULES: Final = "1"  # raise it with every change of the folding in this file

_ALIKE: Final = {
    **dict.fromkeys("〔【［〖﹝[", "("),
    **dict.fromkeys("〕】］〗﹞]", ")"),
    **dict.fromkeys("‐‑‒–—―−﹣", "-"),
    **dict.fromkeys("•‧・∙⋅", "·"),
    **dict.fromkeys("“”„‟", '"'),
    **dict.fromkeys("‘’‚‛", "'"),
    # Parts of characters that PDF fonts put in place of the characters themselves.
    **dict(
        zip(
            "⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻤⻥⻦⻨⻩⻬⻮⻰",
            "民虎西见角贝车长门青韦页风飞食马鬼鱼鸟麦黄齐齿龙",
            strict=True,
        )
    ),
}
# Characters of combining class 0 that may still join the one before (NFKC_QC=Maybe).
_MAYBE: Final = frozenset(
    [chr(code) for code in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))]
    + list("\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf")
    + list("\u0ddf\u102e\u1b35\U00011127\U0001133e\U00011357\U000114b0\U000114ba\U000114bd")
    + list("\U000115af\U00011930")
)

# Each pass deletes one character inside what its pattern matches, and nothing else. A pattern
# that starts with that character lets the matcher jump from one to the next.
_REPEATED_BLANK: Final = (" ", re.compile(r" (?= )"))
_BLANK_IN_HAN: Final = (" ", re.compile(f" (?<=[{HAN}] )(?=[{HAN}])"))
_BLANK_IN_CASE_NUMBER: Final = (
    " ",
    re.compile(
        rf"\( ?(?:19|20)\d\d ?\) ?[{HAN}]{{1,4}} ?(?:\d{{2,4}})? ?[{HAN}]{{1,6}} ?\d{{1,7}} ?号"
    ),
)
_SEPARATOR: Final = (
    ",",
    re.compile(r"(?<![\d.])(?<!\d,)\d{1,3}(?:,\d{3})+(?!\d|,\d)"),
)
_SEPARATOR_LIKELY: Final = re.compile(r",\d{3}(?!\d)")
_DIGIT_COMMA: Final = re.compile(r"\d,\d")
_SLICE_OF_NUMBER: Final = re.compile(r"\d{0,3}(?:,\d{3})+,?\d{0,2}(?:\.\d*)?")
_FEW: Final = 64


class _Folding(dict[int, str]):
    """Code point to its folded form, filled on demand; the table of `str.translate`."""

    def __init__(self) -> None:
        super().__init__()
        self.joiners: set[str] = set()  # characters that may melt into the one before
        self.uneven: set[str] = set()  # characters whose folded form is not one character
        self._simplified = opencc.OpenCC("t2s")

    def __missing__(self, code: int) -> str:
        char = chr(code)
        first = unicodedata.normalize("NFKD", char)[0]
        if unicodedata.combining(first) or first in _MAYBE:
            self.joiners.add(char)
        folded = self._fold(char, code)
        if len(folded) != 1:
            self.uneven.add(char)
        self[code] = folded
        return folded

    def _fold(self, char: str, code: int) -> str:
        if code in RESERVED or 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 - the surrogates
            return _UNKNOWN
        if char.isspace() or unicodedata.category(char) == "Cc":
            return " "
        if _is_ignorable(char, code):
            return ""
        folded = char
        for _ in range(3):  # until nothing changes any more
            wide = unicodedata.normalize("NFKC", _ALIKE.get(folded, folded)).casefold()
            plain = "".join(
                _ALIKE.get(c, self._simplified.convert(c))
                for c in unicodedata.normalize("NFKC", wide)
            )
            if plain == folded:
                break
            folded = plain
        return "".join(" " if c.isspace() else c for c in folded)


def _is_ignorable(char: str, code: int) -> bool:
    selectors = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF  # noqa: PLR2004
    return selectors or unicodedata.category(char) == "Cf"


@lru_cache(maxsize=1)
def _table() -> _Folding:
    return _Folding()


@lru_cache(maxsize=1)
def folding_version() -> str:
    """Return a name of the folding; an index built under another name must be rebuilt."""
    chars = [chr(code) for code in (*range(0x3400, 0xA000), *range(0xF900, 0xFB00))]
    simplified = opencc.OpenCC("t2s").convert("\n".join(chars))
    digest = hashlib.sha256((unicodedata.unidata_version + simplified).encode()).hexdigest()
    return f"{_RULES}-{digest[:12]}"


def fold(text: str) -> str:
    """Return the form of `text` in which pages and words are compared."""
    return without_separators(fold_but_separators(text))


def without_separators(folded: str) -> str:
    """Return folded text without the thousand separators still in it."""
    if "," in folded and _SEPARATOR_LIKELY.search(folded):
        return _SEPARATOR[1].sub(_without_commas, folded)
    return folded


def fold_but_separators(text: str) -> str:
    """Return the folded form with thousand separators still in it."""
    folded = _characters(text)
    if " " in folded:
        folded = _REPEATED_BLANK[1].sub("", folded)
        folded = _BLANK_IN_HAN[1].sub("", folded)
        if "(" in folded:
            folded = _BLANK_IN_CASE_NUMBER[1].sub(_without_blanks, folded)
    return folded


def word_forms(word: str) -> tuple[str, ...]:
    """Return the folded forms under which a page may hold the word; empty if nothing is left.

    There is one, save for numbers with commas: a cut-out of an amount such as `234,567,8`
    is looked for as it stands and without its separators.
    """
    plain = fold(word).strip()
    forms = [plain]
    if "," in word or "，" in word:
        kept = fold_but_separators(word).strip()
        if _DIGIT_COMMA.search(kept):
            forms.append(kept)
            if _SLICE_OF_NUMBER.fullmatch(kept):
                forms.append(kept.replace(",", ""))
    return tuple(dict.fromkeys(form for form in forms if form))


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """Folded text with the way back to the original.

    Attributes:
        passes: for each pass that deleted characters, where they stood, each less the number of
            those before it: so many at or below a place are what was deleted in front of it.
        places: where each character of the text before the passes came from, `[start, end)`;
            None where each stands for the one at the same place.
    """

    text: str
    passes: Sequence[Sequence[int]]
    places: Sequence[tuple[int, int]] | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the original text behind a range of the folded one."""
        first, last = self._before(start), self._before(end - 1)
        if self.places is None:
            return first, last + 1
        return self.places[first][0], self.places[last][1]

    def _before(self, place: int) -> int:
        for gone in reversed(self.passes):
            place += bisect_right(gone, place)
        return place


def fold_with_map(text: str) -> Folded:
    """Return the folded form together with where each of its characters came from."""
    table = _table()
    folded = text.translate(table)
    places: list[tuple[int, int]] | None = None
    if _any(table.joiners, text) or _any(table.uneven, text):
        pieces: list[str] = []
        places = []
        for start, end in _clusters(text):
            piece = table[ord(text[start])] if end - start == 1 else _cluster(text[start:end])
            pieces.append(piece)
            places.extend([(start, end)] * len(piece))
        folded = "".join(pieces)
    passes: list[list[int]] = []
    for removed, pattern in (
        _REPEATED_BLANK,
        _BLANK_IN_HAN,
        _BLANK_IN_CASE_NUMBER,
        _SEPARATOR,
    ):
        if removed not in folded:
            continue
        gone = [
            place
            for found in pattern.finditer(folded)
            for place in range(*found.span())
            if folded[place] == removed
        ]
        if gone:
            edges = [-1, *gone, len(folded)]
            folded = "".join(folded[a + 1 : b] for a, b in itertools.pairwise(edges))
            passes.append([place - before for before, place in enumerate(gone)])
    return Folded(text=folded, passes=passes, places=places)


def _without_blanks(found: re.Match[str]) -> str:
    return found[0].replace(" ", "")


def _without_commas(found: re.Match[str]) -> str:
    return found[0].replace(",", "")


def _any(chars: set[str], text: str) -> bool:
    if len(chars) > _FEW:
        return not chars.isdisjoint(text)
    return any(char in text for char in tuple(chars))


def _characters(text: str) -> str:
    table = _table()
    folded = text.translate(table)
    if not _any(table.joiners, text):
        return folded
    return "".join(_cluster(text[start:end]) for start, end in _clusters(text))


def _clusters(text: str) -> list[tuple[int, int]]:
    """Return ranges that fold on their own: a character and the marks that melt into it."""
    joiners = _table().joiners
    begins = [i for i, char in enumerate(text) if i == 0 or char not in joiners]
    return list(zip(begins, [*begins[1:], len(text)], strict=True))


def _cluster(text: str) -> str:
    table = _table()
    if len(text) == 1:
        return table[ord(text)]
    joined = unicodedata.normalize("NFKC", text)
    folded = joined.translate(table)
    return unicodedata.normalize("NFKC", folded) if folded != joined else folded

"""Which loan file the name of a file names: its archive, loan or contract number; pure.

Blanks, kinds of brackets and hyphens, width and case do not matter. A number counts only where
no letter or digit touches it: `2024-0312` does not stand in `12024-03125`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from postloan_archive.archive.rules.clues import Known
from postloan_archive.archive.rules.plain_text import plain
from postloan_archive.kernel.errors import _l

SHORTEST: Final = 6  # characters of a number that decides by itself
SHOWN: Final = 3  # loans named in a sentence
UNKNOWN: Final = _l("文件名中的“{number}”没有对应的案卷。")
WITHOUT: Final = _l("文件名中没有认出档号、借据号或合同号。")
SEVERAL: Final = _l("文件名中的“{number}”对应 {count} 个案卷：{loans}，须由人选定。")
_PART: Final = re.compile(r"[^_/\\\s、，,;；.]+")
_JOINTS: Final = " _-—、.．·　"
_LOOSE: Final = 4  # blanks that people put into a number
_DIGITS: Final = 4  # in a part of a name that looks like a number


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a name says: a loan file, or why none, in Chinese."""

    loan_no: str = ""
    numbers: tuple[str, ...] = ()  # what stood in the name, plain
    reason: str = ""


class Numbers:
    """The numbers of many loan files; one look takes as long for ten as for 100,000."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._loans: dict[str, set[str]] = {}
        for one in known:
            for number in (one.archive_no, one.loan_no, one.contract_no):
                key = plain(number)
                if len(key) >= SHORTEST:
                    self._loans.setdefault(key, set()).add(one.loan_no)
        self._lengths = sorted({len(key) for key in self._loans}, reverse=True)

    def find(self, name: str) -> Named:
        """Return the loan file that the name names.

        A contract number may stand for several loan files; another number of the name may tell
        them apart. Numbers of two loan files decide nothing.

        Args:
            name: as given, folders included.
        """
        numbers = list(self._inside(*_closed_up(name.replace("\\", "/"))))
        if not numbers:
            return Named(reason=_unknown(name))
        sets = [self._loans[number] for number in numbers]
        common = set.intersection(*sets)
        if len(common) == 1:
            return Named(loan_no=common.pop(), numbers=tuple(numbers))
        found = sorted(common or set.union(*sets))
        shown = "、".join(found[:SHOWN])
        return Named(
            reason=SEVERAL.format(number="、".join(numbers), count=len(found), loans=shown)
        )

    def _inside(self, text: str, gaps: frozenset[int]) -> Iterable[str]:
        """Yield the known numbers of the text, the longest first, each part of it once."""
        free = [True] * len(text)
        for length in self._lengths:
            for start in range(len(text) - length + 1):
                part = text[start : start + length]
                known = part in self._loans and free[start]
                if known and _stands_alone(text, gaps, start, length):
                    free[start : start + length] = [False] * length
                    yield part


def rest_of(name: str, numbers: Iterable[str]) -> str:
    """Return the last part of the name without the numbers: what it says of the paper itself.

    Args:
        name: as given, folders included; the folders and the numbers go, the ending stays.
        numbers: from `Numbers.find`.
    """
    stem, dot, ending = name.replace("\\", "/").rpartition("/")[2].rpartition(".")
    left = stem if dot else ending
    for number in numbers:
        left = _cut(left, number)
    for pair in ("()", "（）", "[]", "【】", "〔〕"):
        left = left.replace(pair, "")
    return f"{left}{dot}{ending}" if dot else left


def _cut(text: str, number: str) -> str:
    for start in range(len(text)):
        for end in range(start + len(number), min(len(text), start + len(number) + _LOOSE) + 1):
            if plain(text[start:end]) == number:
                return text[:start].rstrip(_JOINTS) + text[end:].lstrip(_JOINTS)
    return text


def _closed_up(text: str) -> tuple[str, frozenset[int]]:
    """Return the plain text, and where blanks stood in it: there one word ends."""
    parts = [plain(part) for part in text.split()]
    ends, at = set(), 0
    for part in parts:
        at += len(part)
        ends.add(at)
    return "".join(parts), frozenset(ends)


def _stands_alone(text: str, gaps: frozenset[int], start: int, length: int) -> bool:
    end = start + length
    before = text[start - 1] if start and start not in gaps else ""
    after = text[end] if end < len(text) and end not in gaps else ""
    return not (_joins(before, text[start]) or _joins(text[end - 1], after))


def _joins(left: str, right: str) -> bool:
    """Return whether two neighbours are one number or word: a Han character ends a number."""
    return _is_code(left) and _is_code(right)


def _is_code(char: str) -> bool:
    return char.isascii() and char.isalnum()  # the empty text is neither


def _unknown(name: str) -> str:
    stem = name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or name
    for part in _PART.findall(stem):
        if sum(char.isascii() and char.isdigit() for char in part) >= _DIGITS:
            return UNKNOWN.format(number=part)
    return WITHOUT

"""Recognises identifiers, so that a page can go straight to the record."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stdnum.cn import ric, uscc

from postloan_archive.search.normal import HAN, fold

_CASE: Final = re.compile(
    rf"\((?:19|20)\d\d\)[{HAN}()\d]{{1,24}}?\d{{1,7}}(?:-\d+)?号(?:之[{HAN}]+)?"
)
_SERIAL: Final = re.compile(rf"\(((?:19|20)\d\d)\)([{HAN}]{{0,12}}字)第?(\d{{1,8}})号")
_ARCHIVE: Final = re.compile(r"[a-z0-9]+-[a-z]+·(?:19|20)\d\d-(?:y|d\d+|永久)(?:-[\w·]+){1,4}")
_ID_CARD: Final = re.compile(r"\d{17}[\dx]")
_USCC: Final = re.compile(r"[0-9a-hj-npqrtuwxy]{2}\d{6}[0-9a-hj-npqrtuwxy]{10}")
_NUMBER: Final = re.compile(rf"[a-z0-9{HAN}()\-_/·.#]{{5,64}}")
_WHOLE_CASE_WITH_BLANKS: Final = re.compile(
    r"[（(〔\[［【]\s*(?:19|20)\d\d\s*[)）〕\]］】][ \t\u3000]*"
    rf"(?:[{HAN}]{{1,8}}[ \t\u3000]*\d{{0,4}}[ \t\u3000]*){{1,2}}"
    rf"[{HAN}]{{0,8}}[ \t\u3000]*\d{{1,8}}[ \t\u3000]*号"
)
_FEWEST_DIGITS: Final = 4
_LONGEST: Final = 100


class Kind(StrEnum):
    """What an identifier names."""

    CASE = "case"
    SERIAL = "serial"
    ARCHIVE = "archive"
    ID_CARD = "id_card"
    USCC = "uscc"
    CONTRACT = "contract"  # a contract, loan or other number of the bank's own making


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """An identifier as typed and in the form in which two of them can be compared.

    Attributes:
        folded: compare it with `normal.fold` of a stored identifier.
        printed: as usually printed: full-width brackets in a case number, 〔〕 in a serial.
    """

    kind: Kind
    folded: str
    printed: str


def recognise(text: str) -> Recognised | None:
    """Return the identifier if the whole text is one; check digits must be right."""
    typed = text.strip()
    if not typed or len(typed) > _LONGEST:
        return None
    folded = fold(typed).strip()
    squeezed = folded.replace(" ", "")
    return (
        _of_court_or_letter(squeezed)
        or _of_person_or_firm(squeezed)
        or _of_archive(typed, folded)
        or _own_number(typed, folded)
    )


def _of_court_or_letter(squeezed: str) -> Recognised | None:
    if found := _SERIAL.fullmatch(squeezed):
        year, word, number = found.groups()
        if "催" in word or "函" in word or "通" in word:
            return Recognised(
                kind=Kind.SERIAL, folded=squeezed, printed=f"〔{year}〕{word}第{number}号"
            )
    if _CASE.fullmatch(squeezed):
        printed = squeezed.replace("(", "（").replace(")", "）")
        return Recognised(kind=Kind.CASE, folded=squeezed, printed=printed)
    return None


def _of_person_or_firm(squeezed: str) -> Recognised | None:
    capitals = squeezed.upper()
    if _ID_CARD.fullmatch(squeezed) and ric.is_valid(capitals):
        return Recognised(kind=Kind.ID_CARD, folded=squeezed, printed=capitals)
    if _USCC.fullmatch(squeezed) and uscc.is_valid(capitals):
        return Recognised(kind=Kind.USCC, folded=squeezed, printed=capitals)
    return None


def _of_archive(typed: str, folded: str) -> Recognised | None:
    if _ARCHIVE.fullmatch(folded):
        return Recognised(kind=Kind.ARCHIVE, folded=folded, printed=typed)
    return None


def _own_number(typed: str, folded: str) -> Recognised | None:
    digits = sum(char.isdecimal() for char in folded)
    mixed = any(not char.isdecimal() for char in folded)
    if _NUMBER.fullmatch(folded) and digits >= _FEWEST_DIGITS and mixed:
        return Recognised(kind=Kind.CONTRACT, folded=folded, printed=typed)
    return None


def identifier_spans(text: str) -> dict[int, int]:
    """Return where case and serial numbers stand, blanks inside allowed: start to end."""
    return {found.start(): found.end() for found in _WHOLE_CASE_WITH_BLANKS.finditer(text)}

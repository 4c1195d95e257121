"""Hiding personal data on screens and exports of those who may not see it (R-J08)."""

import re
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.identifiers import CARD, ID_CARD, mobile_digits, without_blanks

STAR: Final = "*"
ELEVEN_DIGITS: Final = re.compile(r"[0-9]{11}")
DIGIT: Final = re.compile(r"[0-9]")
LAST_DIGITS_SHOWN: Final = 4


class MaskKind(StrEnum):
    """What the value is."""

    ID_CARD = "id_card"
    MOBILE = "mobile"
    BANK_CARD = "bank_card"
    NAME = "name"


def mask(kind: MaskKind, value: str) -> str:
    """Return the value as somebody without the right may see it.

    A value of the wrong length or alphabet is hidden completely; a wrong check digit changes
    nothing. Names of natural persons keep their first character; names of companies are not
    masked at all and must not be passed.
    """
    match kind:
        case MaskKind.ID_CARD:
            number = without_blanks(value).replace("x", "X")
            shown = f"{number[:6]}{STAR * 8}{number[14:]}" if ID_CARD.fullmatch(number) else ""
        case MaskKind.MOBILE:
            number = mobile_digits(value)
            shown = f"{number[:3]}{STAR * 4}{number[7:]}" if _is_mobile(number) else ""
        case MaskKind.BANK_CARD:
            shown = _mask_card(value.strip())
        case _:  # a name
            name = value.strip()
            shown = name[:1] + STAR * (len(name) - 1)
    return shown or STAR * len(value)


def _is_mobile(number: str) -> bool:
    return ELEVEN_DIGITS.fullmatch(number) is not None


def _mask_card(value: str) -> str:
    if not CARD.fullmatch(without_blanks(value).replace("-", "")):
        return ""
    hidden = len(DIGIT.findall(value)) - LAST_DIGITS_SHOWN
    return DIGIT.sub(STAR, value, count=hidden)

"""Codes on labels: a letter for the kind, eight digits, a check digit; nothing personal."""

from typing import Final

ORIGINAL: Final = "O"
BOX: Final = "B"
LOAN_FILE: Final = "F"
_DIGITS: Final = 8


def code_of(kind: str, number: int) -> str:
    """Return the code of the thing with this number, such as `O000000128`."""
    digits = f"{number:0{_DIGITS}d}"
    return f"{kind}{digits}{_check(digits)}"


def is_code(text: str, kind: str) -> bool:
    """Return whether the text is a code of this kind with the right check digit."""
    digits = text[1:-1]
    return (
        len(text) == _DIGITS + 2
        and text[0] == kind
        and text[1:].isascii()
        and text[1:].isdigit()
        and _check(digits) == text[-1]
    )


def _check(digits: str) -> str:
    """Return the Luhn digit: it finds every single wrong digit and most swaps."""
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if at % 2 == 0 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - sum of the two digits
    return str(-total % 10)

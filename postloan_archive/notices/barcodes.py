"""The number on a return slip and its Code 128 image; a scanner finds the letter by it."""

import io
from typing import Final

import barcode
from barcode.writer import ImageWriter

from postloan_archive.wordgen import Picture

WIDTH_MM: Final = 62
HEIGHT_MM: Final = 12
_WEIGHTS: Final = (7, 3, 1)
_OPTIONS: Final = {"write_text": False, "module_height": 10.0, "quiet_zone": 2.0, "dpi": 200}


def number(kind: str, branch_code: str, year: int, sequence: int) -> str:
    """Return the number: kind, branch, year, sequence and a check digit."""
    body = f"{kind}{branch_code}{year}{sequence:06d}"
    return f"{body}{check_digit(body)}"


def check_digit(body: str) -> int:
    """Return the check digit: weights 7, 3, 1 over the code points, modulo 10."""
    return sum(ord(char) * _WEIGHTS[place % 3] for place, char in enumerate(body)) % 10


def is_number(text: str) -> bool:
    """Return whether the text is a number with the right check digit."""
    return len(text) > 1 and text[-1].isdigit() and check_digit(text[:-1]) == int(text[-1])


def picture(text: str) -> Picture:
    """Return the barcode as it stands on the slip."""
    image = io.BytesIO()
    barcode.get("code128", text, writer=ImageWriter()).write(image, _OPTIONS)
    return Picture(data=image.getvalue(), width_mm=WIDTH_MM, height_mm=HEIGHT_MM)

"""The number on a return slip and its Code 128 image; a scanner finds the letter by it."""

import io
from typing import Final

from barcode.codex import Code128
from PIL import Image

from postloan_archive.wordgen import Picture

WIDTH_MM: Final = 62
HEIGHT_MM: Final = 12
_WEIGHTS: Final = (7, 3, 1)
QUIET: Final = "0" * 10  # modules of white on either side, as the standard asks
DOTS: Final = 4  # of a module
TALL: Final = 120  # dots


def number(kind: str, branch_code: str, year: int, sequence: int) -> str:
    """Return the number: kind, branch, year, sequence and a check digit."""
    body = f"{kind}{branch_code}{year}{sequence:06d}"
    return f"{body}{check_digit(body)}"


def check_digit(body: str) -> int:
    """Return the check digit: weights 7, 3, 1 over the code points, modulo 10."""
    return sum(ord(char) * _WEIGHTS[place % 3] for place, char in enumerate(body)) % 10


def is_number(text: str) -> bool:
    """Return whether the text is a number with the right check digit."""
    return len(text) > 1 and text[-1] == str(check_digit(text[:-1]))


def picture(text: str) -> Picture:
    """Return the barcode as it stands on the slip.

    Every module is the same whole number of dots wide: a scanner reads widths, and a drawing
    with rounded edges is not read at all.
    """
    (modules,) = Code128(text).build()
    row = b"".join((b"\0" if one == "1" else b"\xff") * DOTS for one in QUIET + modules + QUIET)
    line = Image.frombytes("L", (len(row), 1), row).convert("1", dither=Image.Dither.NONE)
    image = io.BytesIO()
    line.resize((len(row), TALL)).save(image, "PNG")
    return Picture(
        data=image.getvalue(), width_mm=WIDTH_MM, height_mm=HEIGHT_MM, description=text
    )

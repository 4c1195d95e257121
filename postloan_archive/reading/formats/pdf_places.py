"""Where words stand on a page of a PDF: the boxes of their characters, joined line by line."""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from postloan_archive.reading.limits import Limits

_CHARACTERS: Final = 50_000  # of a page that are looked at
_PLACES: Final = 500
_SAME_LINE: Final = 0.5  # share of the height by which two boxes must overlap

Box = tuple[float, float, float, float]  # left, bottom, right, top in points


def places(request: dict[str, Any], limits: Limits) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield the places of the words, edges as fractions from the upper left corner.

    A page that is turned, cannot be opened or has no text layer has none: that is no fault.
    """
    del limits
    found: list[list[float]] = []
    with contextlib.suppress(pdfium.PdfiumError, IndexError):
        document = pdfium.PdfDocument(request["path"])
        with contextlib.closing(document):
            page = document[max(0, request["page_no"] - 1)]
            if page.get_rotation() == 0:
                found = list(_on_page(page, request["words"]))
    yield {"places": found[:_PLACES]}, b""


def _on_page(page: pdfium.PdfPage, words: Iterable[str]) -> Iterator[list[float]]:
    left, bottom, right, top = page.get_cropbox()
    width, height = right - left, top - bottom
    layer = page.get_textpage()
    try:
        text, numbers = _characters(layer)
        for word in dict.fromkeys("".join(word.split()) for word in words):
            at = text.find(word) if word else -1
            while at >= 0:
                for x0, y0, x1, y1 in _lines(layer, numbers[at : at + len(word)]):
                    yield [
                        (x0 - left) / width,
                        (top - y1) / height,
                        (x1 - left) / width,
                        (top - y0) / height,
                    ]
                at = text.find(word, at + len(word))
    finally:
        layer.close()


def _characters(layer: pdfium.PdfTextPage) -> tuple[str, list[int]]:
    """Return the visible characters of the layer, and the number of each in it."""
    text: list[str] = []
    numbers: list[int] = []
    for number in range(min(layer.count_chars(), _CHARACTERS)):
        code = pdfium_c.FPDFText_GetUnicode(layer, number)
        char = chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else ""  # noqa: PLR2004 - the ranges of Unicode
        if char.strip():
            text.append(char)
            numbers.append(number)
    return "".join(text), numbers


def _lines(layer: pdfium.PdfTextPage, numbers: Iterable[int]) -> Iterator[Box]:
    """Yield one box for each line that the characters stand on."""
    joined: Box | None = None
    for number in numbers:
        box: Box = layer.get_charbox(number, loose=True)
        if joined is None:
            joined = box
            continue
        overlap = min(joined[3], box[3]) - max(joined[1], box[1])
        if overlap >= _SAME_LINE * min(joined[3] - joined[1], box[3] - box[1]):
            joined = (
                min(joined[0], box[0]),
                min(joined[1], box[1]),
                max(joined[2], box[2]),
                max(joined[3], box[3]),
            )
        else:
            yield joined
            joined = box
    if joined is not None:
        yield joined

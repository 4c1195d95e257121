"""Cutting a PDF of many letters at the named places where each begins."""

import ctypes
import io
from itertools import pairwise

import pypdfium2 as pdfium
from pypdfium2 import raw


def split_at_bookmarks(data: bytes, bookmark: str, count: int) -> list[bytes]:
    """Return the PDFs between the places `bookmark1`, `bookmark2` …, the last to the end.

    Returns:
        `count` files; nothing where the places are not all there, each on a page of its own.
    """
    document = pdfium.PdfDocument(data)
    try:
        pages = _named_pages(document)
        starts = [pages.get(f"{bookmark}{number}", -1) for number in range(1, count + 1)]
        if starts[:1] != [0] or any(b <= a for a, b in pairwise(starts)):
            return []
        ends = [*starts[1:], len(document)]
        return [_part(document, start, end) for start, end in zip(starts, ends, strict=True)]
    finally:
        document.close()


def _named_pages(document: pdfium.PdfDocument) -> dict[str, int]:
    pages: dict[str, int] = {}
    for number in range(raw.FPDF_CountNamedDests(document.raw)):
        length = ctypes.c_long(0)
        raw.FPDF_GetNamedDest(document.raw, number, None, length)
        buffer = ctypes.create_string_buffer(max(0, length.value))
        place = raw.FPDF_GetNamedDest(document.raw, number, buffer, length)
        name = buffer.raw[: max(0, length.value)].decode("utf-16-le").rstrip("\0")
        pages[name] = raw.FPDFDest_GetDestPageIndex(document.raw, place)
    return pages


def _part(document: pdfium.PdfDocument, start: int, end: int) -> bytes:
    part = pdfium.PdfDocument.new()
    try:
        part.import_pages(document, list(range(start, end)))
        out = io.BytesIO()
        part.save(out)
        return out.getvalue()
    finally:
        part.close()

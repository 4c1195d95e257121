"""Putting PDFs behind one another so that each begins on a fresh sheet."""

import io
from collections.abc import Iterable

import pypdfium2 as pdfium


def join_pdfs(letters: Iterable[bytes], *, fresh_sheets: bool = True) -> bytes:
    """Return one PDF of all letters, in their order.

    Args:
        letters: PDFs of our own making.
        fresh_sheets: add an empty page behind an odd number of pages, for printing on both
            sides of the paper.
    """
    joined = pdfium.PdfDocument.new()
    try:
        for letter in letters:
            document = pdfium.PdfDocument(letter)
            try:
                joined.import_pages(document)
                if fresh_sheets and len(document) % 2:
                    joined.new_page(*document.get_page_size(len(document) - 1))
            finally:
                document.close()
        out = io.BytesIO()
        joined.save(out)
        return out.getvalue()
    finally:
        joined.close()

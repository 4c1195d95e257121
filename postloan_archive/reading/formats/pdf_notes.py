"""Words on a PDF page that are not in its text layer: filled-in fields, notes, stamps."""

import ctypes
from collections.abc import Iterator
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from postloan_archive.reading.pages import clean

_Handle = Any  # an opaque pointer of pdfium
_MOST: Final = 1_000
_BYTES: Final = 64_000
_WORDED: Final = frozenset(
    {
        pdfium_c.FPDF_ANNOT_TEXT,
        pdfium_c.FPDF_ANNOT_FREETEXT,
        pdfium_c.FPDF_ANNOT_STAMP,
        pdfium_c.FPDF_ANNOT_HIGHLIGHT,
        pdfium_c.FPDF_ANNOT_UNDERLINE,
        pdfium_c.FPDF_ANNOT_STRIKEOUT,
        pdfium_c.FPDF_ANNOT_SQUARE,
    }
)


def note_texts(page: pdfium.PdfPage, form: pdfium.PdfFormEnv | None, text: str) -> list[str]:
    """Return what fields and notes say, unless the text layer says it already.

    Args:
        page: the open page.
        form: the form of the document, None if it has none.
        text: the text layer.
    """
    seen = "".join(text.split())
    found = []
    for words in _values(page, form):
        bare = "".join(words.split())
        if bare and bare not in seen:
            seen += bare
            found.append(words)
    return found


def _values(page: pdfium.PdfPage, form: pdfium.PdfFormEnv | None) -> Iterator[str]:
    for number in range(min(pdfium_c.FPDFPage_GetAnnotCount(page), _MOST)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        try:
            kind = pdfium_c.FPDFAnnot_GetSubtype(annotation)
            if kind == pdfium_c.FPDF_ANNOT_WIDGET and form is not None:
                yield _field(form, annotation)
            elif kind in _WORDED:
                yield _string(annotation, b"Contents")
        finally:
            pdfium_c.FPDFPage_CloseAnnot(annotation)


def _field(form: pdfium.PdfFormEnv | None, annotation: _Handle) -> str:
    kind = pdfium_c.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind not in {
        pdfium_c.FPDF_FORMFIELD_TEXTFIELD,
        pdfium_c.FPDF_FORMFIELD_COMBOBOX,
        pdfium_c.FPDF_FORMFIELD_LISTBOX,
    }:
        return ""
    length = pdfium_c.FPDFAnnot_GetFormFieldValue(form, annotation, None, 0)
    if not 2 < length <= _BYTES:  # noqa: PLR2004 - the closing zero alone
        return ""
    buffer = (ctypes.c_ushort * (length // 2))()
    pdfium_c.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, length)
    return _text(buffer)


def _string(annotation: _Handle, key: bytes) -> str:
    length = pdfium_c.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if not 2 < length <= _BYTES:  # noqa: PLR2004 - the closing zero alone
        return ""
    buffer = (ctypes.c_ushort * (length // 2))()
    pdfium_c.FPDFAnnot_GetStringValue(annotation, key, buffer, length)
    return _text(buffer)


def _text(buffer: ctypes.Array[ctypes.c_ushort]) -> str:
    return clean(bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")).strip()

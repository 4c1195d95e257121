"""A workbook as an exhibit is printed one page wide: columns on other pages prove nothing."""

import io
import re
import zipfile
from typing import Final

_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_LARGEST: Final = 64 << 20  # bytes of one sheet that are looked at
# The order of elements in a worksheet is fixed; these stand after what is printed.
_BEFORE_SETUP: Final = (b"<headerFooter", b"<rowBreaks", b"<colBreaks", b"<customProperties",
    b"<cellWatches", b"<ignoredErrors", b"<smartTags", b"<drawing", b"<legacyDrawing",
    b"<picture", b"<oleObjects", b"<controls", b"<webPublishItems", b"<tableParts",
    b"<extLst", b"</worksheet>")  # fmt: skip


def one_page_wide(data: bytes) -> bytes:
    """Return a copy of a workbook whose sheets are scaled to the width of a page.

    Only the page set-up of sheets that state no scale to pages of their own is changed; the
    exhibit in the package stays as it is. What is no workbook comes back untouched.
    """
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(out, "w") as copy:
            for member in book.infolist():
                content = book.read(member)
                if _SHEET.fullmatch(member.filename) and len(content) <= _LARGEST:
                    content = _fitted(content)
                copy.writestr(member, content, zipfile.ZIP_DEFLATED)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError):
        return data  # LibreOffice says what it makes of it
    return out.getvalue()


def _fitted(sheet: bytes) -> bytes:
    if b"fitToPage" in sheet or b"<worksheet" not in sheet:
        return sheet
    sheet = _with_property(sheet)
    setup = re.search(rb"<pageSetup\b[^>]*?(/?)>", sheet)
    if setup:
        old = re.sub(rb"\s(?:scale|fitToWidth|fitToHeight)=\"[^\"]*\"", b"", setup.group(0))
        new = old.replace(b"<pageSetup", b'<pageSetup fitToWidth="1" fitToHeight="0"', 1)
        return sheet.replace(setup.group(0), new, 1)
    places = [at for mark in _BEFORE_SETUP if (at := sheet.rfind(mark)) >= 0]
    at = min(places)
    new = b'<pageSetup paperSize="9" fitToWidth="1" fitToHeight="0"/>'
    return sheet[:at] + new + sheet[at:]


def _with_property(sheet: bytes) -> bytes:
    """Return the sheet with the property that makes the numbers of pages count."""
    fit = b'<pageSetUpPr fitToPage="1"/>'
    pages = re.search(rb"<pageSetUpPr\b", sheet)
    if pages:
        return sheet.replace(b"<pageSetUpPr", b'<pageSetUpPr fitToPage="1"', 1)
    closed = re.search(rb"<sheetPr\b[^>]*?/>", sheet)
    if closed:
        opened = closed.group(0)[:-2] + b">" + fit + b"</sheetPr>"
        return sheet.replace(closed.group(0), opened, 1)
    if b"</sheetPr>" in sheet:
        return sheet.replace(b"</sheetPr>", fit + b"</sheetPr>", 1)
    start = re.search(rb"<worksheet\b[^>]*>", sheet)
    assert start is not None  # the caller has looked
    return sheet[: start.end()] + b"<sheetPr>" + fit + b"</sheetPr>" + sheet[start.end() :]

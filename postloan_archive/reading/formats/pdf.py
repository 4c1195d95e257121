"""PDF: pdfium first; pypdf for the pages where pdfium finds nothing or nonsense."""

import contextlib
import re
from collections.abc import Iterator
from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from postloan_archive.kernel.errors import _l
from postloan_archive.reading.formats import pdf_marks, pdf_second, pdf_streams
from postloan_archive.reading.formats.pdf_notes import note_texts
from postloan_archive.reading.pages import clean
from postloan_archive.reading.refusals import DamagedError, EncryptedError, TimedOutError
from postloan_archive.reading.results import PageText
from postloan_archive.reading.source import Content, Source

_ENOUGH: Final = 40  # visible characters that make a text layer credible on a scanned page
_COVERS: Final = 0.5  # share of the page that makes a picture the page
_DRAWN: Final = 30  # paths on a page without text: outlined letters, most likely
_LOOKED_AT: Final = 500  # objects of a page that are looked at
_GARBAGE: Final = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd\x00-\x08\x0e-\x1f]")
_GARBAGE_SHARE: Final = 0.3
_SUSPICIOUS_SHARE: Final = 0.02
_SAMPLED: Final = 24
_PIECE: Final = 1 << 20  # bytes


def read(source: Source) -> Content:
    """Return the text page by page.

    Raises:
        EncryptedError: no text without a password.
        TooLargeError: a stream of text would fill the memory.
        DamagedError: neither reader opens it.
    """
    content = Content()
    pdf_streams.check(source.path)
    if source.careful:
        pdf_second.read_all(source, content)
        return content
    try:
        document = pdfium.PdfDocument(str(source.path))
    except pdfium.PdfiumError as error:
        # pdfium names its last error, which may be that of the file before.
        if not _names_encryption(source):
            pdf_second.read_all(source, content)
            return content
        if "password" in str(error).lower():
            raise EncryptedError(_l("PDF 设有打开密码。")) from error
        if "security" in str(error).lower():
            raise EncryptedError(_l("PDF 以证书或其他方式加密。")) from error
        pdf_second.read_all(source, content)
        return content
    with contextlib.closing(document):
        content.reader = "pdfium"
        pdf_marks.note(document, source, content)
        if document.get_formtype() != pdfium_c.FORMTYPE_NONE:
            with contextlib.suppress(pdfium.PdfiumError):
                # Before the first page is opened; this build of pdfium runs no scripts.
                document.init_forms()
        _read_pages(document, source, content)
    return content


def _names_encryption(source: Source) -> bool:
    """Return whether the file has an entry of encryption; it is never packed."""
    with source.path.open("rb") as stream:
        tail = b""
        while piece := stream.read(_PIECE):
            if b"/Encrypt" in tail + piece:
                return True
            tail = piece[-len(b"/Encrypt") :]
    return False


def _read_pages(document: pdfium.PdfDocument, source: Source, content: Content) -> None:
    second = pdf_second.SecondReader(source)
    chars = 0
    count = len(document)
    failed: list[int] = []
    for index in range(min(count, source.limits.pages)):
        if source.late or chars > source.limits.chars:
            content.trouble = TimedOutError(
                _l("共 {count} 页，仅读出前 {done} 页。"), count=count, done=index
            )
            break
        page = _page(document, index, second)
        if page is None:
            failed.append(index + 1)
            page = PageText(no=index + 1, text="")  # cannot be drawn either
        content.pages.append(page)
        chars += len(page.text)
    if second.used:
        content.reader = "pdfium+pypdf"
    if not content.pages and content.trouble is None:
        pdf_second.read_all(source, content)
    if failed and content.trouble is None:
        content.trouble = DamagedError(
            _l("共 {count} 页，其中 {failed} 页无法解析（首个为第 {first} 页）。"),
            count=count,
            failed=len(failed),
            first=failed[0],
        )


def _page(
    document: pdfium.PdfDocument, index: int, second: pdf_second.SecondReader
) -> PageText | None:
    """Return the page, None where neither reader can make anything of it."""
    try:
        page = document[index]
    except pdfium.PdfiumError:
        text = second.text(index)
        return PageText(no=index + 1, text=text) if text else None
    try:
        width, height = page.get_size()
        raw, suspicious = _text(page)
        bare = not raw.strip()
        if bare and not _shows_text(page):
            text = ""
        elif bare or suspicious:
            text = _better(raw, second.text(index))
        else:
            text = raw
        needs_ocr = _needs_ocr(text, page, width * height)
        form = document.formenv
        notes = note_texts(page, form, text)
        return PageText(
            no=index + 1,
            text=clean("\n".join([text, *notes])).strip(),
            width=round(width, 2),
            height=round(height, 2),
            needs_ocr=needs_ocr,
        )
    finally:
        page.close()


def _text(page: pdfium.PdfPage) -> tuple[str, bool]:
    """Return the text layer and whether it deserves a second look."""
    try:
        layer = page.get_textpage()
    except pdfium.PdfiumError:
        return "", True
    try:
        text = layer.get_text_bounded()
        count = layer.count_chars()
        if not count:
            return text, False
        garbage = len(_GARBAGE.findall(text))
        if garbage > len(text) * _SUSPICIOUS_SHARE:
            return text, True
        step = max(1, count // _SAMPLED)
        errors = sum(
            pdfium_c.FPDFText_HasUnicodeMapError(layer, place) == 1
            for place in range(0, count, step)
        )
        return text, errors * step > count * _SUSPICIOUS_SHARE or len(text) * 2 < count
    finally:
        layer.close()


def _better(first: str, second: str) -> str:
    return second if _worth(second) > _worth(first) * 1.02 else first


def _worth(text: str) -> int:
    """Return the visible characters that mean something, less those that mean nothing."""
    visible = len(text) - sum(map(str.isspace, text))
    return visible - 2 * len(_GARBAGE.findall(text))


def _needs_ocr(text: str, page: pdfium.PdfPage, area: float) -> bool:
    visible = len(text) if len(text) > _ENOUGH * 4 else len("".join(text.split()))
    if visible and len(_GARBAGE.findall(text)) > visible * _GARBAGE_SHARE:
        return True
    if visible >= _ENOUGH:
        return False
    pictures, drawn = 0.0, 0
    for kind, covered in _objects(page):
        if kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            pictures += covered
        elif kind in {pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_TEXT}:
            drawn += 1
    if area > 0 and pictures / area >= (_COVERS if visible else 0.02):
        return True
    return not visible and drawn >= _DRAWN


def _objects(page: pdfium.PdfPage) -> Iterator[tuple[int, float]]:
    """Yield kind and area (square points) of the objects, those inside forms included."""
    with contextlib.suppress(pdfium.PdfiumError):
        for number, found in enumerate(page.get_objects(max_depth=4)):
            if number > _LOOKED_AT:
                return
            covered = 0.0
            if found.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
                left, bottom, right, top = found.get_bounds()
                covered = abs((right - left) * (top - bottom))
            yield found.type, covered


def _shows_text(page: pdfium.PdfPage) -> bool:
    return any(kind == pdfium_c.FPDF_PAGEOBJ_TEXT for kind, _ in _objects(page))

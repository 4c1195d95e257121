"""Pages of PDFs and pictures gathered into one new PDF; runs inside the worker."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pypdfium2 as pdfium
from PIL import Image, ImageOps

from postloan_archive.kernel.errors import _l
from postloan_archive.reading.formats import picture
from postloan_archive.reading.limits import Limits
from postloan_archive.reading.refusals import DamagedError, EncryptedError, NoPageError

PDF: Final = "application/pdf"
NAME: Final = "gathered.pdf"
_POINTS: Final = 72
_A4: Final = (595.0, 842.0)
_DPI: Final = 150.0
_DPI_RANGE: Final = (60.0, 1_200.0)
_LONGEST: Final = 1_700.0  # points of a page: what states no size is put on A4


def gather(request: dict[str, Any], limits: Limits) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Write the pages in their order, turned as asked, to a file in the folder."""
    made = pdfium.PdfDocument.new()
    opened: dict[str, pdfium.PdfDocument] = {}
    with contextlib.closing(made), contextlib.ExitStack() as sources:
        for path, media_type, page_no, turn in request["parts"]:
            try:
                if media_type == PDF:
                    if path not in opened:
                        opened[path] = sources.enter_context(
                            contextlib.closing(_document(path))
                        )
                    _take(made, opened[path], page_no)
                else:
                    _draw(made, path, page_no, limits)
            except NoPageError as error:
                yield {"no_page": [error.facts["page_no"], error.facts["pages"]]}, b""
                return
            page = made[len(made) - 1]
            if turn:
                page.set_rotation((page.get_rotation() + turn) % 360)
            page.close()
        target = Path(request["folder"]) / NAME
        made.save(str(target))
        yield {"file": NAME, "pages": len(made)}, b""


def _document(path: str) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise EncryptedError(_l("PDF 设有打开密码，不能拆分。")) from error
        raise DamagedError(_l("PDF 结构已损坏，不能拆分。")) from error


def _take(made: pdfium.PdfDocument, document: pdfium.PdfDocument, page_no: int) -> None:
    if not 1 <= page_no <= len(document):
        raise NoPageError(page_no, len(document))
    try:
        made.import_pages(document, [page_no - 1])
    except pdfium.PdfiumError as error:
        raise DamagedError(_l("第 {page} 页已损坏，不能拆分。"), page=page_no) from error


def _draw(made: pdfium.PdfDocument, path: str, page_no: int, limits: Limits) -> None:
    """Put a picture on a page of its own; a JPEG as it is, anything else without loss."""
    with picture.opened(path, limits, page_no) as image:
        try:
            drawn = pdfium.PdfImage.new(made)
            width, height = _size(image)
            straight = image.getexif().get(0x0112, 1) == 1
            if image.format in {"JPEG", "MPO"} and straight and image.mode in {"RGB", "L"}:
                drawn.load_jpeg(io.BytesIO(Path(path).read_bytes()), inline=True)
            else:
                turned = ImageOps.exif_transpose(image)
                if turned.mode not in {"RGB", "L"}:
                    turned = turned.convert("L" if turned.mode == "1" else "RGB")
                width, height = _size(image, turned)
                drawn.set_bitmap(pdfium.PdfBitmap.from_pil(turned))
        except (OSError, ValueError, SyntaxError, EOFError, pdfium.PdfiumError) as error:
            raise DamagedError(_l("图像数据不完整或已损坏，不能归入新的文件。")) from error
    drawn.set_matrix(pdfium.PdfMatrix().scale(width, height))
    page = made.new_page(width, height)
    page.insert_obj(drawn)
    page.gen_content()
    page.close()


def _size(image: Image.Image, shown: Image.Image | None = None) -> tuple[float, float]:
    """Return the size on paper in points: as the picture says, else within A4."""
    across, down = (shown or image).size
    try:
        dots = float(image.info.get("dpi", (0, 0))[0])
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        dots = 0.0
    low, high = _DPI_RANGE
    scale = _POINTS / dots if low <= dots <= high else 0.0
    if not scale or max(across, down) * scale > _LONGEST:
        room = sorted(_A4) if down >= across else sorted(_A4, reverse=True)
        scale = min(room[0] / max(across, 1), room[1] / max(down, 1))
    return max(1.0, across * scale), max(1.0, down * scale)

"""Page images, drawn inside the worker."""

import contextlib
import io
from collections.abc import Iterator
from typing import Any, Final

import pypdfium2 as pdfium
from PIL import Image, ImageFile, ImageOps, ImageStat

from postloan_archive.kernel.errors import _l
from postloan_archive.reading.formats import picture
from postloan_archive.reading.kind_table import KINDS, PICTURES
from postloan_archive.reading.limits import Limits
from postloan_archive.reading.refusals import (
    DamagedError,
    EncryptedError,
    NoPageError,
    NotRenderableError,
)

_PICTURE_TYPES: Final = frozenset(KINDS[key].media_type for key in PICTURES)
_WIDEST: Final = 4_000
_TALLEST: Final = 12_000
_QUALITY: Final = 85
_DEPTH: Final = 5  # of forms within forms in which pictures are looked for
_TWO_COLOURS: Final = frozenset({"JBIG2Decode", "CCITTFaxDecode"})
_LIGHT: Final = 230  # of 255: mean of what is drawn on a transparent ground


def render(request: dict[str, Any], limits: Limits) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield the page as a JPEG."""
    try:
        image = page_image(
            request["path"],
            request["media_type"],
            request["page_no"],
            width=request["width"],
            limits=limits,
        )
    except NotRenderableError:
        yield {"not_renderable": request["media_type"]}, b""
        return
    except NoPageError as error:
        yield {"no_page": [error.facts["page_no"], error.facts["pages"]]}, b""
        return
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY, optimize=False)
    yield {"width": image.width, "height": image.height}, out.getvalue()


def page_image(
    path: str,
    media_type: str,
    page_no: int,
    *,
    width: int,
    height: int = _TALLEST,
    limits: Limits,
) -> Image.Image:
    """Return the page as people see it, RGB on white.

    Args:
        path: the file.
        media_type: as reading found it.
        page_no: from 1.
        width: pixels at most; a picture is not enlarged.
        height: pixels at most.
        limits: pixels that may be decoded.

    Raises:
        NotRenderableError: the type has no page image.
        NoPageError: no such page.
        UnreadableError: it cannot be drawn.
    """
    width = max(16, min(width, _WIDEST))
    if media_type == "application/pdf":
        return _pdf_page(path, page_no, (width, height), limits)
    if media_type in _PICTURE_TYPES:
        return _picture(path, page_no, (width, height), limits)
    raise NotRenderableError(media_type)


def _pdf_page(path: str, page_no: int, room: tuple[int, int], limits: Limits) -> Image.Image:
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise EncryptedError(_l("PDF 设有打开密码。")) from error
        raise DamagedError(_l("PDF 结构已损坏，无法显示页面。")) from error
    with contextlib.closing(document):
        if not 1 <= page_no <= len(document):
            raise NoPageError(page_no, len(document))
        with contextlib.suppress(pdfium.PdfiumError):
            document.init_forms()  # filled-in fields are part of what people see
        try:
            page = document[page_no - 1]
            _check_images(page, limits)
            across, down = page.get_size()
            scale = min(room[0] / max(across, 1), room[1] / max(down, 1))
            bitmap = page.render(scale=scale, may_draw_forms=True, rev_byteorder=True)
            image: Image.Image = bitmap.to_pil().convert("RGB")
        except (pdfium.PdfiumError, ValueError) as error:
            raise DamagedError(_l("该页已损坏，无法显示。")) from error
    return image


def _check_images(page: pdfium.PdfPage, limits: Limits) -> None:
    """Refuse a page with a picture that would fill the memory, before any is decoded.

    Raises:
        TooLargeError: one of its pictures has too many pixels.
    """
    for found in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE], max_depth=_DEPTH):
        assert isinstance(found, pdfium.PdfImage)
        width, height = found.get_px_size()
        filters = set(found.get_filters(skip_simple=True))
        picture.check_pixels(width, height, limits, at_once=8 if filters & _TWO_COLOURS else 1)


def _picture(path: str, page_no: int, room: tuple[int, int], limits: Limits) -> Image.Image:
    with picture.opened(path, limits, page_no) as image:
        try:
            image.draft("RGB", (max(room), max(room)))
            _load(image)
            turned = ImageOps.exif_transpose(image)
            turned.thumbnail(room, Image.Resampling.LANCZOS, reducing_gap=2.0)
            return _on_white(turned)
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise DamagedError(_l("图像数据不完整或已损坏，无法显示。")) from error


def _load(image: Image.Image) -> None:
    """Decode; of a picture that is cut off, what there is: a half-seen deed is still a deed."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        image.load()
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16") or image.mode in {"I", "F"}:
        return ImageOps.autocontrast(image.convert("F").point(_halved).convert("L")).convert(
            "RGB"
        )
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        drawn = image.convert("RGBA")
        paper = Image.new("RGBA", drawn.size, _paper(drawn))
        return Image.alpha_composite(paper, drawn).convert("RGB")
    return image.convert("RGB")


def _paper(drawn: Image.Image) -> str:
    """Return white, or grey where white paper would hide what is drawn."""
    alpha = drawn.getchannel("A")
    if not alpha.getbbox():
        return "white"
    light = ImageStat.Stat(drawn.convert("L"), alpha.point(lambda value: 255 * (value > 0)))
    return "dimgray" if light.mean[0] > _LIGHT else "white"


def _halved(value: "Image.ImagePointTransform") -> "Image.ImagePointTransform":
    return value * (1 / 256)

"""Pictures: size and number of pages; the words in them are the business of recognition."""

import contextlib
from collections.abc import Iterator
from typing import Final

from PIL import ExifTags, Image, UnidentifiedImageError

from postloan_archive.kernel.errors import _l
from postloan_archive.reading.limits import Limits
from postloan_archive.reading.pages import clean
from postloan_archive.reading.refusals import DamagedError, NoPageError, TooLargeError
from postloan_archive.reading.results import PageText
from postloan_archive.reading.source import Content, Source

_FORMATS: Final = ("JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP", "MPO")
_POINTS: Final = 72
_DPI: Final = 96.0
_DPI_RANGE: Final = (30.0, 2_400.0)
_TURNED: Final = frozenset({5, 6, 7, 8})  # EXIF orientations that swap width and height
_EXIF: Final = {
    ExifTags.Base.DateTime: "created",
    ExifTags.Base.Make: "camera_make",
    ExifTags.Base.Model: "camera_model",
    ExifTags.Base.Software: "creator",
    ExifTags.Base.Artist: "author",
}
_FRAMES: Final = 5_000

Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before anything is decoded


def read(source: Source) -> Content:
    """Return one empty page for each image, to be recognised; an animation counts as one.

    Raises:
        DamagedError: it is no picture.
        TooLargeError: it has too many pixels.
    """
    content = Content(reader="pillow")
    with opened(str(source.path), source.limits) as image:
        with contextlib.suppress(Exception):  # EXIF from strangers; properties are only claims
            exif = image.getexif()
            for tag, key in _EXIF.items():
                text = clean(str(exif.get(tag, ""))).strip()
                if text:
                    content.properties[key] = text[:200]
        frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
        for number in range(min(frames, _FRAMES, source.limits.pages)):
            try:
                image.seek(number)
                _check(image, source.limits)
            except (EOFError, OSError, ValueError, SyntaxError):
                content.trouble = DamagedError(_l("第 {page} 页图像已损坏。"), page=number + 1)
                break
            width, height = _points(image)
            content.pages.append(
                PageText(no=number + 1, text="", width=width, height=height, needs_ocr=True)
            )
        if content.trouble is None and not _decodes(image, source):
            content.trouble = DamagedError(_l("图像数据不完整或已损坏。"))
    return content


@contextlib.contextmanager
def opened(path: str, limits: Limits, page_no: int = 1) -> Iterator[Image.Image]:
    """Open the picture at a page; nothing is decoded yet.

    Raises:
        DamagedError: it is no picture.
        NoPageError: no such page.
        TooLargeError: it has too many pixels.
    """
    try:
        image = Image.open(path, formats=_FORMATS)
    except UnidentifiedImageError as error:
        raise DamagedError(_l("图像文件已损坏，无法打开。")) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise DamagedError(_l("图像文件头部已损坏。")) from error
    with image:
        frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
        if not 1 <= page_no <= frames:
            raise NoPageError(page_no, frames)
        if page_no > 1:
            image.seek(page_no - 1)
        _check(image, limits)
        yield image


def _check(image: Image.Image, limits: Limits) -> None:
    check_pixels(*image.size, limits)


def check_pixels(width: int, height: int, limits: Limits, *, at_once: int = 1) -> None:
    """Refuse a picture that would fill the memory, before it is decoded.

    Args:
        width: pixels.
        height: pixels.
        limits: pixels that may be decoded.
        at_once: pixels in a byte, 8 for black and white.

    Raises:
        TooLargeError: it has too many pixels.
    """
    if width * height > limits.pixels * at_once:
        raise TooLargeError(
            _l("图像为 {width}×{height} 像素，超过上限 {limit} 万像素，已拒绝解码。"),
            width=width,
            height=height,
            limit=limits.pixels // 10_000,
        )


def _points(image: Image.Image) -> tuple[float, float]:
    """Return the size on paper as claimed, else at 96 dots an inch; turned as shown."""
    try:
        across, down = (float(value) for value in image.info.get("dpi", (_DPI, _DPI)))
    except (TypeError, ValueError, ZeroDivisionError):
        across = down = _DPI
    low, high = _DPI_RANGE
    if not (low <= across <= high and low <= down <= high):
        across = down = _DPI
    width = round(image.size[0] / across * _POINTS, 2)
    height = round(image.size[1] / down * _POINTS, 2)
    with contextlib.suppress(Exception):  # EXIF from strangers
        if image.getexif().get(ExifTags.Base.Orientation) in _TURNED:
            return height, width
    return width, height


def _decodes(image: Image.Image, source: Source) -> bool:
    """Return whether the first page decodes whole, tried at a small size if possible."""
    try:
        image.seek(0)
        if image.size[0] * image.size[1] * 4 > source.limits.memory_mb << 19:
            return True  # too large to try within half the memory; drawing it will tell
        image.draft("RGB", (64, 64))
        image.load()
    except Exception:  # noqa: BLE001 - decoders throw anything on hostile input
        return False
    return True

"""Images as exhibits: JPEG goes through as it is, what print does not need is reduced."""

import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Final

from PIL import Image, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile

from postloan_archive.bundle.documents import PARSE_FAULTS, UnreadableError, open_source
from postloan_archive.bundle.faults import Reason
from postloan_archive.bundle.output import PdfOutput, number
from postloan_archive.bundle.sheets import A4
from postloan_archive.bundle.spec import Source

_LONG, _SHORT = 3508, 2480  # pixels of A4 at 300 dots an inch
_MEMORY: Final = 640 << 20  # bytes an unpacked image may take
_MARGIN: Final = 42.0  # points kept free for the stamps, above and below
_SIDE: Final = 28.0
_QUALITY: Final = 88
_ORIENTATION: Final = 0x0112  # the EXIF entry
_TURNS: Final = {1: 0, 3: 180, 6: 90, 8: 270}  # clockwise; mirrored ones are drawn anew
_SPACES: Final = {"1": b"/DeviceGray", "L": b"/DeviceGray", "RGB": b"/DeviceRGB"}
_READERS: Final[tuple[tuple[bytes, Callable[[BinaryIO], Image.Image]], ...]] = (
    (b"\xff\xd8\xff", JpegImageFile),
    (b"\x89PNG", PngImageFile),
    (b"II*\0", TiffImageFile),
    (b"MM\0*", TiffImageFile),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image ready for a PDF: dictionary entries, data, size in pixels and turn."""

    entries: bytes
    data: bytes
    width: int
    height: int
    turn: int = 0

    @property
    def lies(self) -> bool:
        """Return whether the image is wider than high when seen the right way up."""
        turned = self.turn in {90, 270}
        return self.height > self.width if turned else self.width > self.height


def frame_count(source: Source) -> int:
    """Return how many pages the image makes: a TIFF may hold many.

    Raises:
        UnreadableError: it is no image that can be read.
    """
    with _opened(source) as image:
        return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1


def read_picture(source: Source, frame: int) -> Picture:
    """Return one frame, counted from 0, packed for a PDF.

    Raises:
        UnreadableError: damaged, or too large to be unpacked safely.
    """
    try:
        with _opened(source) as image, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image.seek(frame)
            passed = _passed_through(source, image)
            return passed if passed is not None else _drawn_anew(image)
    except PARSE_FAULTS as error:
        raise UnreadableError(Reason.DAMAGED) from error


def put_picture(output: PdfOutput, picture: Picture) -> int:
    """Write the image and return its object number."""
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d %s" % (
        picture.width,
        picture.height,
        picture.entries,
    )
    return output.add_stream(entries, picture.data)


def placed(picture: Picture) -> tuple[tuple[float, float], bytes]:
    """Return the paper (A4, lying for a lying image) and the operators that draw the image."""
    paper = (A4[1], A4[0]) if picture.lies else A4
    turned = picture.turn in {90, 270}
    wide, high = (picture.height, picture.width) if turned else (picture.width, picture.height)
    scale = min((paper[0] - 2 * _SIDE) / wide, (paper[1] - 2 * _MARGIN) / high)
    scale = min(scale, 72 / 72)  # never larger than one point a pixel
    w, h = wide * scale, high * scale
    x, y = (paper[0] - w) / 2, (paper[1] - h) / 2
    matrix = {
        0: (w, 0, 0, h, x, y),
        90: (0, -h, w, 0, x, y + h),
        180: (-w, 0, 0, -h, x + w, y + h),
        270: (0, h, -w, 0, x + w, y),
    }[picture.turn]
    return paper, b"q " + b" ".join(number(v) for v in matrix) + b" cm /Im0 Do Q"


class _opened:  # noqa: N801  # reads like the function it replaces
    def __init__(self, source: Source) -> None:
        self._stream: Final[BinaryIO] = open_source(source)

    def __enter__(self) -> Image.Image:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the size is checked below, by memory
                self._image = _identified(self._stream)
        except UnidentifiedImageError as error:
            self._stream.close()
            raise UnreadableError(Reason.DAMAGED) from error
        except Image.DecompressionBombError as error:
            self._stream.close()
            raise UnreadableError(Reason.TOO_LARGE) from error
        except PARSE_FAULTS as error:
            self._stream.close()
            raise UnreadableError(Reason.DAMAGED) from error
        return self._image

    def __exit__(self, *_: object) -> None:
        self._image.close()
        self._stream.close()


def _identified(stream: BinaryIO) -> Image.Image:
    """Open an image by its own reader where we know it: size is our business, not Pillow's."""
    head = stream.read(4)
    stream.seek(0)
    for magic, reader in _READERS:
        if head.startswith(magic):
            return reader(stream)
    return Image.open(stream)


def _fits(width: int, height: int) -> bool:
    return max(width, height) <= _LONG and min(width, height) <= _SHORT


def _turn(image: Image.Image) -> int | None:
    """Return how far to turn clockwise, None for a mirrored image."""
    try:
        return _TURNS.get(int(image.getexif().get(_ORIENTATION, 1) or 1))
    except PARSE_FAULTS:
        return 0


def _passed_through(source: Source, image: Image.Image) -> Picture | None:
    turn = _turn(image)
    if turn is None or not _fits(*image.size):
        return None
    if image.format == "JPEG" and image.mode in {"L", "RGB", "CMYK"}:
        data = _bytes_of(source)
        if not data.rstrip(b"\0\r\n ").endswith(b"\xff\xd9"):
            image.load()  # raises on a cut file, which must not pass for a whole one
            return None
        space = {**_SPACES, "CMYK": b"/DeviceCMYK"}[image.mode]
        entries = b"/ColorSpace %s /BitsPerComponent 8 /Filter /DCTDecode" % space
        if image.mode == "CMYK" and "adobe" in image.info:
            entries += b" /Decode [1 0 1 0 1 0 1 0]"  # Adobe writes CMYK upside down
        return Picture(
            entries=entries, data=data, width=image.width, height=image.height, turn=turn
        )
    if image.format == "PNG":
        return _png(source, image, turn)
    return None


def _bytes_of(source: Source) -> bytes:
    with open_source(source) as stream:
        return stream.read()


def _png(source: Source, image: Image.Image, turn: int) -> Picture | None:
    """Return a plain PNG with its packed rows untouched, None where it needs more than that."""
    chunks = list(_chunks(_bytes_of(source)))
    depth, colour, _, _, interlaced = chunks[0][1][8:13]
    if interlaced or depth > 8 or any(kind == b"tRNS" for kind, _ in chunks):  # noqa: PLR2004  # bits
        return None
    palette = next((body for kind, body in chunks if kind == b"PLTE"), b"")
    spaces = {
        0: b"/DeviceGray",
        2: b"/DeviceRGB",
        3: b"[/Indexed /DeviceRGB %d <%s>]" % (len(palette) // 3 - 1, palette.hex().encode()),
    }
    if colour not in spaces or chunks[-1][0] != b"IEND":
        return None
    entries = (
        b"/ColorSpace %s /BitsPerComponent %d /Filter /FlateDecode"
        b" /DecodeParms << /Predictor 15 /Colors %d /BitsPerComponent %d /Columns %d >>"
        % (spaces[colour], depth, 3 if colour == 2 else 1, depth, image.width)  # noqa: PLR2004  # RGB
    )
    data = b"".join(body for kind, body in chunks if kind == b"IDAT")
    return Picture(
        entries=entries, data=data, width=image.width, height=image.height, turn=turn
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 12 <= len(data):
        (size,) = struct.unpack_from(">L", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        (checksum,) = struct.unpack_from(">L", data, at + 8 + size)
        if zlib.crc32(kind + body) != checksum:
            raise UnreadableError(Reason.DAMAGED)
        yield kind, body
        at += 12 + size


def _drawn_anew(image: Image.Image) -> Picture:
    turn = _turn(image)
    if image.format == "JPEG":
        image.draft(None, (_SHORT, _SHORT))  # unpacks at 1/2, 1/4 or 1/8 of the size
    if image.width * image.height * _bytes_a_pixel(image) > _MEMORY:
        raise UnreadableError(Reason.TOO_LARGE)
    image.load()
    drawn = _plain(image)
    if turn is None:
        drawn = drawn.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        orientation = int(image.getexif().get(_ORIENTATION, 1))
        turn = {2: 0, 4: 180, 5: 270, 7: 90}.get(orientation, 0)
    if not _fits(*drawn.size):
        scale = min(_LONG / max(drawn.size), _SHORT / min(drawn.size))
        size = (max(round(drawn.width * scale), 1), max(round(drawn.height * scale), 1))
        # A black-and-white scan turns grey when reduced, or its thin strokes break.
        drawn = (drawn.convert("L") if drawn.mode == "1" else drawn).resize(
            size, Image.Resampling.BOX if scale <= 0.5 else Image.Resampling.BICUBIC  # noqa: PLR2004  # half
        )  # fmt: skip
    if drawn.mode == "1":
        return _packed(drawn, b"/DeviceGray", 1, turn)
    if image.format == "JPEG":
        held = BytesIO()
        drawn.save(held, "JPEG", quality=_QUALITY)
        entries = b"/ColorSpace %s /BitsPerComponent 8 /Filter /DCTDecode" % _SPACES[drawn.mode]
        return Picture(
            entries=entries, data=held.getvalue(), width=drawn.width, height=drawn.height,
            turn=turn,
        )  # fmt: skip
    return _packed(drawn, _SPACES[drawn.mode], 8, turn)


def _packed(image: Image.Image, space: bytes, bits: int, turn: int) -> Picture:
    entries = b"/ColorSpace %s /BitsPerComponent %d /Filter /FlateDecode" % (space, bits)
    data = zlib.compress(image.tobytes(), 4)
    return Picture(
        entries=entries, data=data, width=image.width, height=image.height, turn=turn
    )


def _bytes_a_pixel(image: Image.Image) -> int:
    return {"1": 1, "L": 1, "P": 2, "RGB": 4, "CMYK": 8, "I;16": 3}.get(image.mode, 8)


def _plain(image: Image.Image) -> Image.Image:
    """Return the image as black-and-white, grey or colour, on white paper."""
    if image.mode in _SPACES and "transparency" not in image.info:
        return image
    if image.mode.startswith(("I", "F")):
        low, high = image.getextrema()  # sixteen bits: the whole range is used or not at all
        top = 65535.0 if float(str(high)) > 255 else 255.0  # noqa: PLR2004  # eight bits
        del low
        return image.convert("F").point(lambda value: value * (255.0 / top)).convert("L")
    if image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
        paper.alpha_composite(image.convert("RGBA"))
        return paper.convert("RGB")
    return image.convert("RGB")

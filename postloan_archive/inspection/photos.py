"""Photos of an inspection: drawn upright by a reader with limits, before anything is stored."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.reading import Limits, UnreadableError, render_page

MOST: Final = 12
WIDTH: Final = 1_200  # pixels in the report
JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_SIZES: Final = frozenset({*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC)})


class PhotoError(RuleError):
    """A file is no photo that can be shown."""

    field = "photos"
    next_step = _l("请上传手机拍摄的 JPEG 或 PNG 照片。")

    def __init__(self, *, name: str) -> None:
        super().__init__(_l("“{name}”不是可识别的照片。"), name=name[:80])


class TooManyPhotosError(RuleError):
    """More photos than one report takes."""

    field = "photos"

    def __init__(self) -> None:
        super().__init__(_l("一次检查至多 {most} 张照片。"), most=MOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One photo: the bytes as they came, and upright as the report prints them.

    `ratio` is height by width of what is shown.
    """

    name: str
    data: bytes
    shown: bytes
    ratio: float


def take(files: Sequence[tuple[str, bytes]], limits: Limits) -> tuple[Photo, ...]:
    """Return the photos of a form; files without a name are no files.

    Raises:
        TooManyPhotosError: more than a report takes.
        PhotoError: one of them is no JPEG or PNG, or cannot be drawn.
    """
    given = [(name, data) for name, data in files if name or data]
    if len(given) > MOST:
        raise TooManyPhotosError
    with TemporaryDirectory(prefix="postloan-photos-") as folder:
        return tuple(
            _photo(Path(folder) / str(at), name, data, limits)
            for at, (name, data) in enumerate(given)
        )


def _photo(path: Path, name: str, data: bytes, limits: Limits) -> Photo:
    if not data.startswith((JPEG, PNG)):
        raise PhotoError(name=name)
    path.write_bytes(data)
    kind = "image/jpeg" if data.startswith(JPEG) else "image/png"
    try:
        shown = render_page(path, kind, 1, width=WIDTH, limits=limits)
    except UnreadableError as error:
        raise PhotoError(name=name) from error
    width, height = jpeg_size(shown)
    return Photo(name=name, data=data, shown=shown, ratio=height / width)


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Return width and height of a JPEG from its frame header.

    Raises:
        ValueError: there is none.
    """
    at = 2
    while at + 9 < len(data):
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if marker in _SIZES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    raise ValueError(data[:4])

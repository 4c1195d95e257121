"""PDF bombs: a stream of page text that unpacks to far more than any page can say.

pdfium unpacks a stream as a whole. Pictures are left out: they are not unpacked for their text,
and a white sheet is packed as well as a bomb.
"""

import mmap
import zlib
from pathlib import Path
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.reading.limits import MEBIBYTE
from postloan_archive.reading.refusals import TooLargeError

LIMIT: Final = 64  # MiB of one stream
_HEAD: Final = 1_024  # bytes before a stream in which its dictionary stands
_TASTE: Final = 8_192  # packed bytes
_RATIO: Final = 50  # that shows what a stream may come to
_STEP: Final = 1 << 20  # unpacked bytes held at a time
_MARK: Final = b"stream"


def check(path: Path) -> None:
    """Refuse a file with a packed stream of more than `LIMIT`, before a reader unpacks it.

    Raises:
        TooLargeError: there is one.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as data:
        at = data.find(_MARK)
        while at >= 0:
            start = at + len(_MARK)
            if data[at - 3 : at] != b"end" and _is_text(data[max(0, at - _HEAD) : at]):
                _taste(data, start + data[start : start + 2].count(b"\r") + 1)
            at = data.find(_MARK, start)


def _is_text(before: bytes) -> bool:
    head = before[before.rfind(b"obj") :]
    return b"FlateDecode" in head and b"/Image" not in head


def _taste(data: mmap.mmap, start: int) -> None:
    """Unpack the beginning of a stream; where it shows itself, go on to the limit.

    Raises:
        TooLargeError: it passes the limit.
    """
    unpacker = zlib.decompressobj()
    place, packed, total = start, data[start : start + _TASTE], 0
    first = len(packed)
    try:
        while packed and not unpacker.eof and total <= LIMIT * MEBIBYTE:
            total += len(unpacker.decompress(packed, _STEP))
            if total < _RATIO * first:
                return
            packed = unpacker.unconsumed_tail
            if not packed:
                place += _TASTE
                packed = data[place : place + _TASTE]
    except zlib.error:
        return  # encrypted or broken: the readers say so
    if total > LIMIT * MEBIBYTE:
        raise TooLargeError(
            _l("PDF 中一段内容展开后超过 {limit} MB，疑为压缩炸弹，已拒绝展开。"), limit=LIMIT
        )

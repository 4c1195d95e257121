"""The zip itself: stored members, fixed dates, so that the same files give the same bytes.

Because every byte of the container follows from the names, sizes and checksums of its members,
a check can say of each byte whether it is as it was written, also of those no member covers.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

_LOCAL: Final = 0x04034B50
_CENTRAL: Final = 0x02014B50
_END: Final = 0x06054B50
_END_64: Final = 0x06064B50
_LOCATOR_64: Final = 0x07064B50
_LARGE: Final = 0xFFFFFFFF
_MANY: Final = 0xFFFF
_DATE: Final = (1 << 5) | 1  # 1 January 1980, the first day zip knows
_UTF8: Final = 0x800
_MODE: Final = 0o100644 << 16
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One stored member."""

    name: str
    size: int
    crc: int
    offset: int

    @property
    def _is_large(self) -> bool:
        return self.size >= _LARGE

    def local_header(self) -> bytes:
        """Return the bytes before the data."""
        name = self.name.encode()
        extra = struct.pack("<HHQQ", 1, 16, self.size, self.size) if self._is_large else b""
        size = _LARGE if self._is_large else self.size
        version = 45 if self._is_large else 20
        return (
            struct.pack(
                "<LHHHHHLLLHH",
                *(_LOCAL, version, _UTF8, 0, 0, _DATE, self.crc, size, size, len(name)),
                len(extra),
            )
            + name
            + extra
        )

    def central_header(self) -> bytes:
        """Return the entry in the directory at the end."""
        name, wide = self.name.encode(), b""
        if self._is_large:
            wide += struct.pack("<QQ", self.size, self.size)
        if self.offset >= _LARGE:
            wide += struct.pack("<Q", self.offset)
        extra = struct.pack("<HH", 1, len(wide)) + wide if wide else b""
        size = _LARGE if self._is_large else self.size
        version = 45 if wide else 20
        return (
            struct.pack(
                "<LHHHHHHLLLHHHHHLL",
                *(
                    _CENTRAL,
                    0x0300 | version,
                    version,
                    _UTF8,
                    0,
                    0,
                    _DATE,
                    self.crc,
                    size,
                    size,
                ),
                *(len(name), len(extra), 0, 0, 0, _MODE, min(self.offset, _LARGE)),
            )
            + name
            + extra
        )


class SourceChangedError(OSError):
    """A file had another size when it was read than when it was opened."""

    def __init__(self, name: str, *, size: int, written: int) -> None:
        super().__init__(f"{name}: {written} bytes, not {size}")


class ContainerWriter:
    """Writes members one after another into a stream that can seek."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream: Final = stream
        self._members: Final[list[Member]] = []

    def add(self, name: str, source: BinaryIO, size: int) -> Iterator[bytes]:
        """Store a member; yields its data in pieces for the caller to digest.

        Raises:
            SourceChangedError: the source does not have the size it was said to have.
        """
        offset = self._stream.tell()
        draft = Member(name=name, size=size, crc=0, offset=offset)
        self._stream.write(draft.local_header())
        crc = written = 0
        while piece := source.read(_CHUNK):
            crc = zlib.crc32(piece, crc)
            written += len(piece)
            self._stream.write(piece)
            yield piece
        if written != size:
            raise SourceChangedError(name, size=size, written=written)
        member = Member(name=name, size=size, crc=crc, offset=offset)
        end = self._stream.tell()
        self._stream.seek(offset)
        self._stream.write(member.local_header())
        self._stream.seek(end)
        self._members.append(member)

    def finish(self) -> None:
        """Write the directory."""
        self._stream.write(directory(self._members, self._stream.tell()))


def directory(members: list[Member], start: int) -> bytes:
    """Return everything after the last member."""
    entries = b"".join(member.central_header() for member in members)
    count, size = len(members), len(entries)
    tail = b""
    if count >= _MANY or start >= _LARGE or size >= _LARGE:
        tail = struct.pack(
            "<LQHHLLQQQQ", _END_64, 44, 0x032D, 45, 0, 0, count, count, size, start
        ) + struct.pack("<LLQL", _LOCATOR_64, 0, start + size, 1)
    few = min(count, _MANY)
    end = struct.pack(
        "<LHHHHLLH", _END, 0, 0, few, few, min(size, _LARGE), min(start, _LARGE), 0
    )
    return entries + tail + end

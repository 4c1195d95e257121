"""Zip containers read with suspicion: own directory reader, names right, sizes never believed.

The library of Python builds one object for each announced member, decodes names by one rule and
fails as a whole on one bad name. Containers here come from strangers.
"""

import io
import struct
import zlib
from dataclasses import dataclass
from typing import BinaryIO, Final

from postloan_archive.kernel.errors import _l
from postloan_archive.reading.limits import MEBIBYTE, Limits
from postloan_archive.reading.member_names import member_name
from postloan_archive.reading.refusals import DamagedError, EncryptedError, TooLargeError

_END: Final = struct.Struct("<4s4H2LH")
_END64_PLACE: Final = struct.Struct("<4sLQL")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_FULL: Final = 0xFFFFFFFF
_COMMENT: Final = 65_535
_DIRECTORY_LIMIT: Final = 64 * MEBIBYTE
_ENCRYPTED: Final = 0x1
_STORED, _DEFLATED = 0, 8
_CHUNK: Final = 1 << 16
_LINK: Final = 0o120000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One announced member; sizes are claims."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    encrypted: bool
    link: bool
    raw_name: bytes

    @property
    def folder(self) -> bool:
        """Return whether it is a folder, which has no bytes."""
        return self.name.endswith(("/", "\\")) and self.size == 0


@dataclass(slots=True)
class Budget:
    """What may still be unpacked from one file, containers within it included."""

    limits: Limits
    packed: int  # bytes of the outermost file
    spent: int = 0

    def spend(self, count: int) -> None:
        """Take note of unpacked bytes.

        Raises:
            TooLargeError: too many in all, or too many for the size of the file.
        """
        self.spent += count
        self.check(self.spent)

    def check(self, total: int) -> None:
        """Raise as `spend` would if `total` bytes were unpacked."""
        if total > self.limits.unpacked_bytes:
            raise TooLargeError(
                _l("压缩内容展开后超过 {limit} MB，疑为压缩炸弹，已拒绝展开。"),
                limit=self.limits.unpacked_bytes // MEBIBYTE,
            )
        if total > self.limits.ratio_from and total > self.limits.ratio * self.packed:
            raise TooLargeError(
                _l("压缩比超过 {ratio}:1，疑为压缩炸弹，已拒绝展开。"), ratio=self.limits.ratio
            )


class Container:
    """An open zip.

    Attributes:
        entries: the announced members, in the order of the directory.
        prefix: bytes before the first one; more than 0 means another file comes first.
    """

    def __init__(self, file: BinaryIO, budget: Budget) -> None:
        """Read the directory.

        Raises:
            DamagedError: there is none, or it is broken.
            TooLargeError: what it announces passes the limits, or its members overlap.
        """
        self._file = file
        self._budget = budget
        self.prefix = 0
        self.entries = self._directory()
        self._by_name = {entry.name.replace("\\", "/"): entry for entry in self.entries}
        self._by_lower = {name.lower(): entry for name, entry in self._by_name.items()}
        budget.check(sum(entry.size for entry in self.entries))
        self._check_overlap()

    def find(self, name: str) -> Entry | None:
        """Return the member of that name; failing that, of that name in another case."""
        name = name.lstrip("/")
        return self._by_name.get(name) or self._by_lower.get(name.lower())

    @property
    def names(self) -> list[str]:
        """Return the names, with `/` between folders."""
        return list(self._by_name)

    def open(self, entry: Entry) -> BinaryIO:
        """Return the bytes of a member as a stream, which spends the budget while read.

        Raises:
            EncryptedError: the member has a password.
            DamagedError: its place is wrong or its method unknown.
        """
        if entry.encrypted:
            raise EncryptedError(_l("“{name}”设有密码。"), name=entry.name)
        if entry.method not in {_STORED, _DEFLATED}:
            raise DamagedError(
                _l("“{name}”的压缩方法（{method}）不受支持。"),
                name=entry.name,
                method=entry.method,
            )
        self._file.seek(self.prefix + entry.offset)
        head = self._file.read(_LOCAL.size)
        if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
            raise DamagedError(_l("“{name}”的位置记录有误。"), name=entry.name)
        *_, name_length, extra_length = _LOCAL.unpack(head)
        start = self.prefix + entry.offset + _LOCAL.size + name_length + extra_length
        return io.BufferedReader(_MemberStream(self._file, entry, start, self._budget), _CHUNK)

    def read(self, entry: Entry, *, limit: int = 32 * MEBIBYTE) -> bytes:
        """Return the bytes of a member that is expected to be small.

        Raises:
            TooLargeError: it is longer than `limit`.
            DamagedError: see `open`; or its checksum is wrong.
        """
        with self.open(entry) as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise TooLargeError(_l("“{name}”展开后过大。"), name=entry.name)
        return data

    def read_name(self, name: str, *, limit: int = 32 * MEBIBYTE) -> bytes | None:
        """Return the bytes of the member of that name, None where there is none."""
        entry = self.find(name)
        return None if entry is None else self.read(entry, limit=limit)

    def _directory(self) -> list[Entry]:
        count, length, start = self._end()
        if count > self._budget.limits.entries or length > _DIRECTORY_LIMIT:
            raise _too_many(self._budget.limits)
        self._file.seek(start)
        data = self._file.read(length)
        entries: list[Entry] = []
        place = 0
        while place + _ENTRY.size <= len(data) and data[place : place + 4] == b"PK\x01\x02":
            entry, place = _entry(data, place)
            entries.append(entry)
            if len(entries) > self._budget.limits.entries:
                raise _too_many(self._budget.limits)
        if not entries and count:
            raise DamagedError(_l("压缩包目录已损坏。"))
        return entries

    def _end(self) -> tuple[int, int, int]:
        """Return how many members there are, and length and place of the directory."""
        size = self._file.seek(0, io.SEEK_END)
        tail_at = max(0, size - _END.size - _COMMENT)
        self._file.seek(tail_at)
        tail = self._file.read()
        found = tail.rfind(b"PK\x05\x06")
        if found < 0 or found + _END.size > len(tail):
            raise DamagedError(_l("压缩结构不完整（缺少目录，可能传输中断）。"))
        _, _, _, _, count, length, start, _ = _END.unpack_from(tail, found)
        end = tail_at + found
        if _FULL in {length, start} or count == _COMMENT:
            count, length, start, end = self._end64(end, (count, length, start))
        self.prefix = max(0, end - length - start)
        return count, length, start + self.prefix

    def _end64(self, end: int, plain: tuple[int, int, int]) -> tuple[int, int, int, int]:
        self._file.seek(max(0, end - _END64_PLACE.size))
        place = self._file.read(_END64_PLACE.size)
        if place[:4] != b"PK\x06\x07":
            return (*plain, end)
        at = _END64_PLACE.unpack(place)[2]
        self._file.seek(at)
        record = self._file.read(_END64.size)
        if len(record) < _END64.size or record[:4] != b"PK\x06\x06":
            raise DamagedError(_l("压缩包目录已损坏。"))
        *_, count, length, start = _END64.unpack(record)
        return count, length, start, at

    def _check_overlap(self) -> None:
        end = 0
        for entry in sorted(self.entries, key=lambda entry: entry.offset):
            if entry.offset < end:
                raise TooLargeError(_l("压缩包成员互相重叠，疑为压缩炸弹，已拒绝展开。"))
            end = entry.offset + _LOCAL.size + entry.packed


def _too_many(limits: Limits) -> TooLargeError:
    return TooLargeError(_l("压缩包成员超过 {limit} 个，已拒绝展开。"), limit=limits.entries)


def _entry(data: bytes, place: int) -> tuple[Entry, int]:
    fields = _ENTRY.unpack_from(data, place)
    flags, method = fields[3:5]
    crc, packed, size, name_length, extra_length, comment = fields[7:13]
    attributes, offset = fields[15:17]
    start = place + _ENTRY.size
    raw = data[start : start + name_length]
    extra = _extra(data[start + name_length : start + name_length + extra_length])
    wide = extra.get(0x0001, b"")
    values = []
    for value in (size, packed, offset):
        if value == _FULL and len(wide) >= 8:  # noqa: PLR2004 - a 64-bit number
            values.append(int.from_bytes(wide[:8], "little"))
            wide = wide[8:]
        else:
            values.append(value)
    entry = Entry(
        name=member_name(raw, flags=flags, extra=extra),
        method=method,
        crc=crc,
        size=values[0],
        packed=values[1],
        offset=values[2],
        encrypted=bool(flags & _ENCRYPTED),
        link=(attributes >> 16) & 0o170000 == _LINK,
        raw_name=raw,
    )
    return entry, start + name_length + extra_length + comment


def _extra(data: bytes) -> dict[int, bytes]:
    fields: dict[int, bytes] = {}
    while len(data) >= 4:  # noqa: PLR2004 - tag and length, two bytes each
        tag, length = struct.unpack_from("<2H", data)
        fields.setdefault(tag, data[4 : 4 + length])
        data = data[4 + length :]
    return fields


class _MemberStream(io.RawIOBase):
    """The unpacked bytes of one member; ends where the data ends, whatever was announced."""

    def __init__(self, file: BinaryIO, entry: Entry, start: int, budget: Budget) -> None:
        self._file, self._entry, self._budget = file, entry, budget
        self._place, self._left = start, entry.packed
        self._inflate = zlib.decompressobj(-15) if entry.method == _DEFLATED else None
        self._crc = 0
        self._done = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader passes
        if self._done:
            return 0
        data = self._next(len(buffer))
        if not data:
            self._done = True
            if self._crc != self._entry.crc:
                raise DamagedError(_l("“{name}”校验和不符。"), name=self._entry.name)
            return 0
        self._budget.spend(len(data))
        self._crc = zlib.crc32(data, self._crc)
        buffer[: len(data)] = data
        return len(data)

    def _next(self, room: int) -> bytes:
        if self._inflate is None:
            return self._take(room)
        while not self._inflate.eof:
            packed = self._inflate.unconsumed_tail or self._take(_CHUNK)
            try:
                data = self._inflate.decompress(packed, room)
            except zlib.error as error:
                raise DamagedError(
                    _l("“{name}”的压缩数据已损坏。"), name=self._entry.name
                ) from error
            if data:
                return data
            if not packed:
                raise DamagedError(_l("“{name}”的压缩数据不完整。"), name=self._entry.name)
        return b""

    def _take(self, room: int) -> bytes:
        count = min(room, self._left)
        if count <= 0:
            return b""
        self._file.seek(self._place)
        data = self._file.read(count)
        self._place += len(data)
        self._left -= len(data)
        return data

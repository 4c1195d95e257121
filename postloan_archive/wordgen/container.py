"""The zip around a .docx: read within limits, written again with untouched members as they lie.

Read and written here by hand because the standard library can neither copy a member without
unpacking it nor read a directory within a limit.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Final

from postloan_archive.wordgen.faults import Fault, TemplateRefusedError

MAX_FILE: Final = 32 * 1024 * 1024
MAX_MEMBERS: Final = 2_000
MAX_UNPACKED: Final = 128 * 1024 * 1024
MAX_XML: Final = 16 * 1024 * 1024
MAX_RATIO: Final = 250  # of a member over 1 MB; the XML of Word reaches 40
_RATIO_FROM: Final = 1024 * 1024

STORED: Final = 0
DEFLATED: Final = 8
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_DOS_DAY: Final = 0x21  # 1 January 1980: the same bytes for the same content
_UTF8: Final = 0x800
_ENCRYPTED: Final = 0x1


def _refuse(code: str, reason: str) -> TemplateRefusedError:
    return TemplateRefusedError([Fault(code=code, facts={"reason": reason})])


@dataclass(frozen=True, kw_only=True)
class Member:
    """One file of the zip, as packed bytes.

    Attributes:
        crc: CRC-32 of the unpacked bytes.
        size: length of the unpacked bytes.
    """

    name: str
    method: int
    crc: int
    size: int
    packed: bytes = field(repr=False)

    @cached_property
    def local(self) -> bytes:
        """Return the member as it stands in a zip: header, name, packed bytes."""
        raw, flags = _raw_name(self.name)
        head = _LOCAL.pack(
            b"PK\x03\x04", 20, flags, self.method, 0, _DOS_DAY, self.crc,
            len(self.packed), self.size, len(raw), 0,
        )  # fmt: skip
        return head + raw + self.packed

    def central(self, offset: int) -> bytes:
        """Return the entry of the directory for a member that lies at `offset`."""
        head, raw = self._entry
        return head + offset.to_bytes(4, "little") + raw

    @cached_property
    def _entry(self) -> tuple[bytes, bytes]:
        """Return the entry before and after its last number, the offset."""
        raw, flags = _raw_name(self.name)
        head = _CENTRAL.pack(
            b"PK\x01\x02", 20, 20, flags, self.method, 0, _DOS_DAY, self.crc,
            len(self.packed), self.size, len(raw), 0, 0, 0, 0, 0, 0,
        )  # fmt: skip
        return head[:-4], raw

    def unpack(self) -> bytes:
        """Return the content, checked against its length and CRC.

        Raises:
            TemplateRefusedError: the bytes are damaged.
        """
        if self.method == STORED:
            data = self.packed
        else:
            unpacker = zlib.decompressobj(-15)
            try:
                data = unpacker.decompress(self.packed, self.size + 1)
            except zlib.error as error:
                raise _refuse("not_docx", f"{self.name} 已损坏") from error
            if not unpacker.eof:
                raise _refuse("not_docx", f"{self.name} 的长度与目录不符")
        if len(data) != self.size or zlib.crc32(data) != self.crc:
            raise _refuse("not_docx", f"{self.name} 的校验码不符")
        return data


def packed(name: str, data: bytes) -> Member:
    """Return `data` as a member; level 1, which for this XML is three times faster than 6."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -15, 8)
    return Member(
        name=name,
        method=DEFLATED,
        crc=zlib.crc32(data),
        size=len(data),
        packed=packer.compress(data) + packer.flush(),
    )


def write_zip(members: Iterable[Member]) -> bytes:
    """Return a zip of `members`, in their order, with fixed times."""
    body: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for member in members:
        local = member.local
        directory.append(member.central(offset))
        body.append(local)
        offset += len(local)
    count = len(body)
    end = _END.pack(
        b"PK\x05\x06", 0, 0, count, count, sum(map(len, directory)), offset, 0
    )  # fmt: skip
    return b"".join((*body, *directory, end))


def read_zip(data: bytes) -> dict[str, Member]:
    """Return the members of a zip by name, in the order of its directory; nothing is unpacked.

    Raises:
        TemplateRefusedError: no zip, damaged, encrypted, or over a limit.
    """
    if len(data) > MAX_FILE:
        raise _refuse("too_large", f"大于 {MAX_FILE // 1024 // 1024} MB")
    members: dict[str, Member] = {}
    spans: list[tuple[int, int]] = []
    unpacked = 0
    for member, span in _entries(data):
        if member.name in members:
            raise _refuse("not_docx", f"两个成员同名 {member.name}")
        unpacked += member.size
        if unpacked > MAX_UNPACKED:
            raise _refuse("too_large", f"解压后大于 {MAX_UNPACKED // 1024 // 1024} MB")
        members[member.name] = member
        spans.append(span)
    spans.sort()
    for (_, end), (start, _) in pairwise(spans):
        if start < end:
            raise _refuse("not_docx", "压缩包成员互相重叠")
    return members


def _entries(data: bytes) -> Iterator[tuple[Member, tuple[int, int]]]:
    place = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if place < 0 or len(data) - place < _END.size:
        raise _refuse("not_docx", "不是压缩包格式" if data[:4] != b"\xd0\xcf\x11\xe0" else
                      "是旧版 .doc 或加密文档")  # fmt: skip
    _, _, _, _, count, length, start, _ = _END.unpack_from(data, place)
    if count > MAX_MEMBERS:
        raise _refuse("too_large", f"成员多于 {MAX_MEMBERS} 个")
    if start + length > place:
        raise _refuse("not_docx", "压缩包目录越界")
    at = start
    for _ in range(count):
        if at + _CENTRAL.size > place:
            raise _refuse("not_docx", "压缩包目录不完整")
        entry = _CENTRAL.unpack_from(data, at)
        (mark, _, _, flags, method, _, _, crc, packed_size, size, name_length,
         extra, comment, _, _, _, offset) = entry  # fmt: skip
        if mark != b"PK\x01\x02":
            raise _refuse("not_docx", "压缩包目录已损坏")
        raw = data[at + _CENTRAL.size : at + _CENTRAL.size + name_length]
        at += _CENTRAL.size + name_length + extra + comment
        name = _name(raw)
        _check_entry(name, flags, method, packed_size, size)
        begin = _content_start(data, offset, raw)
        if begin + packed_size > start:
            raise _refuse("not_docx", f"{name} 越界")
        if name.endswith("/"):
            continue
        content = data[begin : begin + packed_size]
        member = Member(name=name, method=method, crc=crc, size=size, packed=content)
        yield member, (offset, begin + packed_size)


def _check_entry(name: str, flags: int, method: int, packed_size: int, size: int) -> None:
    if flags & _ENCRYPTED:
        raise _refuse("not_docx", "文档已加密")
    if method not in {STORED, DEFLATED}:
        raise _refuse("not_docx", f"{name} 的压缩方式不受支持")
    if size > _RATIO_FROM and size > packed_size * MAX_RATIO:
        raise _refuse("too_large", f"{name} 的压缩比异常")
    if name.endswith((".xml", ".rels")) and size > MAX_XML:
        raise _refuse("too_large", f"{name} 大于 {MAX_XML // 1024 // 1024} MB")


def _content_start(data: bytes, offset: int, raw: bytes) -> int:
    if offset + _LOCAL.size > len(data):
        raise _refuse("not_docx", "压缩包成员越界")
    local = _LOCAL.unpack_from(data, offset)
    name_length, extra = local[9], local[10]
    begin = offset + _LOCAL.size
    if local[0] != b"PK\x03\x04" or data[begin : begin + name_length] != raw:
        raise _refuse("not_docx", "压缩包成员与目录不符")
    return int(begin + name_length + extra)


def _name(raw: bytes) -> str:
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refuse("not_docx", "成员名不是 UTF-8") from error
    steps = name.removesuffix("/").split("/")
    if "\\" in name or "\0" in name or ":" in name or any(s in {"", ".", ".."} for s in steps):
        raise _refuse("not_docx", "成员名不合规")
    return name


def _raw_name(name: str) -> tuple[bytes, int]:
    return (name.encode("ascii"), 0) if name.isascii() else (name.encode(), _UTF8)

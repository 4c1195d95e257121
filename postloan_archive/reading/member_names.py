"""Names inside a zip: which of the four ways of writing Chinese this one used."""

import re
import struct
import zlib
from collections.abc import Mapping
from typing import Final

_UTF8: Final = 0x800
_UNICODE_PATH: Final = 0x7075
_UNICODE_HEAD: Final = 5  # a version byte and a checksum
_HAN_OR_MARK: Final = re.compile(
    "[\u3400-\u9fff\U00020000-\U0003134f\u3000-\u303f\uff00-\uffef"
    "\u2010-\u2027\u2460-\u24ff·\x00-\x7f]"
)
_CONTROL: Final = re.compile(
    "[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def member_name(raw: bytes, *, flags: int, extra: Mapping[int, bytes]) -> str:
    """Return the name for people to read.

    In this order: UTF-8 where the zip says so; the Unicode path field (0x7075) where its
    checksum fits; UTF-8 that nobody announced (macOS); GB18030 (Chinese Windows); CP437.

    Args:
        raw: the bytes of the directory.
        flags: the general purpose flags.
        extra: the extra fields by tag.
    """
    return _shown(_decoded(raw, flags=flags, extra=extra))


def _decoded(raw: bytes, *, flags: int, extra: Mapping[int, bytes]) -> str:
    if not flags & _UTF8:
        unicode_path = _unicode_path(raw, extra.get(_UNICODE_PATH, b""))
        if unicode_path is not None:
            return unicode_path
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        name = raw.decode("gb18030")
    except UnicodeDecodeError:
        return raw.decode("cp437")
    if len(_HAN_OR_MARK.findall(name)) < len(name) or _all_rare(name, raw):
        return raw.decode("cp437")
    return name


def _all_rare(name: str, raw: bytes) -> bool:
    """Return whether the Han characters are all rare ones while CP437 would give letters."""
    han = "".join(character for character in name if character > "\x7f")
    letters = "".join(character for character in raw.decode("cp437") if character > "\x7f")
    return bool(letters) and letters.isalpha() and not han.encode("gb2312", "ignore")


def _unicode_path(raw: bytes, field: bytes) -> str | None:
    if len(field) <= _UNICODE_HEAD or field[0] != 1:
        return None
    if struct.unpack_from("<L", field, 1)[0] != zlib.crc32(raw):
        return None  # renamed by a program that does not know the field
    try:
        return field[_UNICODE_HEAD:].decode("utf-8")
    except UnicodeDecodeError:
        return None


def _shown(name: str) -> str:
    """Make control and direction marks visible: a name must not lie about its own end."""
    return _CONTROL.sub(lambda found: f"<U+{ord(found[0]):04X}>", name)

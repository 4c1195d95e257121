"""The packed rich text of Outlook ([MS-OXRTFCP])."""

import struct
from typing import Final

_START: Final = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl"
    b"\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_WINDOW: Final = 4_096
_HEAD: Final = 16
_MOST: Final = 64 << 20


def unpacked(data: bytes) -> bytes:
    """Return the rich text; what there is of it where the data is broken."""
    if len(data) < _HEAD:
        return b""
    _, size, magic, _ = struct.unpack_from("<2L4sL", data)
    if magic == b"MELA":
        return data[_HEAD : _HEAD + size]
    if magic != b"LZFu":
        return b""
    try:
        return _Window(data).unpacked(min(size, _MOST))
    except IndexError:
        return b""


class _Window:
    """The last 4,096 bytes, to which the data refers."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._bytes = bytearray(_START.ljust(_WINDOW, b"\0"))
        self._write = len(_START)
        self._out = bytearray()

    def unpacked(self, size: int) -> bytes:
        place = _HEAD
        while place < len(self._data) and len(self._out) < size:
            control = self._data[place]
            place += 1
            for bit in range(8):
                if not control >> bit & 1:
                    self._put(self._data[place])
                    place += 1
                elif self._copy(self._data[place], self._data[place + 1]):
                    place += 2
                else:
                    return bytes(self._out)
        return bytes(self._out)

    def _copy(self, high: int, low: int) -> bool:
        """Repeat what the window holds; return False at the mark of the end."""
        start = high << 4 | low >> 4
        if start == self._write:
            return False
        for step in range((low & 0xF) + 2):
            self._put(self._bytes[(start + step) % _WINDOW])
        return True

    def _put(self, byte: int) -> None:
        self._out.append(byte)
        self._bytes[self._write] = byte
        self._write = (self._write + 1) % _WINDOW

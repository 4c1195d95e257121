"""The packed rich text of Outlook ([MS-OXRTFCP])."""

import struct
from typing import Final

_START: Final = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
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
    window = bytearray(_START.ljust(_WINDOW, b"\0"))
    write = len(_START)
    out = bytearray()
    place = _HEAD
    while place < len(data) and len(out) < min(size, _MOST):
        control = data[place]
        place += 1
        for bit in range(8):
            if control >> bit & 1:
                pair = data[place : place + 2]
                place += 2
                if len(pair) < 2:  # noqa: PLR2004 - offset and length share two bytes
                    return bytes(out)
                start, length = pair[0] << 4 | pair[1] >> 4, (pair[1] & 0xF) + 2
                if start == write % _WINDOW:
                    return bytes(out)
                for step in range(length):
                    byte = window[(start + step) % _WINDOW]
                    out.append(byte)
                    window[write % _WINDOW] = byte
                    write += 1
            else:
                if place >= len(data):
                    return bytes(out)
                out.append(data[place])
                window[write % _WINDOW] = data[place]
                write += 1
                place += 1
    return bytes(out)

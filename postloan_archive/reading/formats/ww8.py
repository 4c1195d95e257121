"""Word 6 to 2003 (doc): the text of the piece table, with no other program.

Offsets are those of [MS-DOC]: the File Information Block, then the Clx with its pieces.
"""

import re
import struct
from collections.abc import Iterator
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.reading.formats import ole_marks
from postloan_archive.reading.pages import cut
from postloan_archive.reading.refusals import DamagedError, EncryptedError
from postloan_archive.reading.results import Flag
from postloan_archive.reading.source import Content, Source

_IDENTS: Final = frozenset({0xA5EC, 0xA5DC, 0xA59B, 0xA5DB})
_WORD_97: Final = 0xC1
_ENCRYPTED, _TABLE_1, _COMPLEX = 0x0100, 0x0200, 0x0004
_FAR_EAST: Final = 0x4000
_CLX: Final = 0x01A2
_CLX_OLD: Final = 0x0160
_FIELD: Final = re.compile("\x13([^\x13\x14\x15]*)(?:\x14([^\x13\x14\x15]*))?\x15")
_NESTED: Final = 20
_SPECIAL: Final = str.maketrans(
    {
        "\r": "\n",
        "\x07": "\t",
        "\x0b": "\n",
        "\x0c": "\n",
        "\x0e": "\n",
        "\x1e": "-",
        "\x1f": "",
    }
)
_ROW_END: Final = re.compile("\x07\x07")
_CODEPAGES: Final = {0x04: 936, 0x11: 932, 0x12: 949, 0x19: 1251, 0x08: 1253, 0x1F: 1254}
_TRADITIONAL: Final = frozenset({0x0404, 0x0C04})


def read(source: Source) -> Content:
    """Return body, notes, headers, comments and text boxes, in this order.

    Raises:
        EncryptedError: a password is needed.
        DamagedError: there is no Word text in it.
    """
    content = Content(reader="doc-pieces")
    with ole_marks.opened(source) as ole:
        ole_marks.note_open(ole, content)
        main = ole_marks.stream(ole, "WordDocument")
        if len(main) < 0x60 or struct.unpack_from("<H", main)[0] not in _IDENTS:  # noqa: PLR2004 - the shortest header
            raise DamagedError(_l("Word 文档头部已损坏。"))
        version, language = struct.unpack_from("<H2xH", main, 2)
        flags = struct.unpack_from("<H", main, 0x0A)[0]
        if flags & _ENCRYPTED:
            raise EncryptedError(_l("Word 文档设有打开密码。"))
        codepage = _codepage(language)
        if version >= _WORD_97:
            table = ole_marks.stream(ole, "1Table" if flags & _TABLE_1 else "0Table")
            text = "".join(_pieces(main, table or main, _CLX, codepage, wide=True))
        elif flags & _COMPLEX:
            text = "".join(_pieces(main, main, _CLX_OLD, codepage, wide=False))
        else:
            start, end = struct.unpack_from("<2L", main, 0x18)
            text = ole_marks.decoded(main[start:end], codepage)
    if not text:
        raise DamagedError(_l("Word 文档的文字索引已损坏。"))
    shown, instructions = without_fields(text)
    if any(part.lstrip().upper().startswith("DDE") for part in instructions):
        content.flags.add(Flag.DDE)
    shown = _ROW_END.sub("\n", shown).translate(_SPECIAL)
    content.pages = cut(shown.split("\n"), chars=source.limits.chars)
    return content


def _codepage(language: int) -> int:
    if language in _TRADITIONAL:
        return 950
    return _CODEPAGES.get(language & 0xFF, 1252)


def _pieces(
    main: bytes, table: bytes, place: int, codepage: int, *, wide: bool
) -> Iterator[str]:
    if len(main) < place + 8:
        return
    start, length = struct.unpack_from("<2L", main, place)
    clx = table[start : start + length]
    at = 0
    while at + 3 <= len(clx) and clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at + 5 > len(clx) or clx[at] != 2:  # noqa: PLR2004 - the mark of the piece table
        return
    size = min(struct.unpack_from("<L", clx, at + 1)[0], len(clx) - at - 5)
    at += 5
    count = (size - 4) // 12
    if count < 1:
        return
    places = struct.unpack_from(f"<{count + 1}L", clx, at)
    for number in range(count):
        descriptor = at + 4 * (count + 1) + 8 * number
        offset = struct.unpack_from("<L", clx, descriptor + 2)[0]
        length = places[number + 1] - places[number]
        if 0 < length <= len(main):
            yield _piece(main, offset, length, codepage, wide=wide)


def _piece(main: bytes, offset: int, length: int, codepage: int, *, wide: bool) -> str:
    if not wide:
        return ole_marks.decoded(main[offset : offset + length], codepage)
    if offset & 0x40000000:
        start = (offset & 0x3FFFFFFF) // 2
        return main[start : start + length].decode("cp1252", "replace")
    start = offset & 0x3FFFFFFF
    return main[start : start + 2 * length].decode("utf-16-le", "replace")


def without_fields(text: str) -> tuple[str, list[str]]:
    """Return the text with fields replaced by their results, and the instructions left out."""
    instructions: list[str] = []

    def result(found: re.Match[str]) -> str:
        instructions.append(found[1])
        return found[2] or ""

    for _ in range(_NESTED):
        text, count = _FIELD.subn(result, text)
        if not count:
            break
    return text, instructions

"""Plain text and CSV, in whichever encoding it was written."""

import codecs
import re
from typing import Final

from postloan_archive.reading.pages import cut
from postloan_archive.reading.results import Flag
from postloan_archive.reading.source import Content, Source

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE: Final = 65_536
_MOST: Final = 64 << 20
_LINE: Final = 4_000
_DDE: Final = re.compile(r"[=+\-@][^,;\t|]{0,60}\|[^,;\t|]{0,60}!")
_USUAL_HAN: Final = re.compile("[\u4e00-\u9fa5\u3000-\u303f\uff01-\uff5e]")
_KANA: Final = re.compile("[\u3040-\u30ff]")


def read(source: Source) -> Content:
    """Return the text, cut at line ends; the encoding is a property."""
    content = Content(reader="text")
    with source.path.open("rb") as file:
        data = file.read(min(_MOST, source.limits.chars * 4))
    text, encoding = decoded(data)
    content.properties["encoding"] = encoding
    lines = text.splitlines()
    if any("|" in line and "!" in line and _DDE.search(line[:_LINE]) for line in lines):
        content.flags.add(Flag.DDE)
    content.pages = cut(lines, chars=source.limits.chars)
    return content


def decoded(data: bytes, hint: str | None = None) -> tuple[str, str]:
    """Return text and the name of its encoding.

    Args:
        data: the bytes.
        hint: an encoding somebody claims; believed if the bytes bear it out.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding
    if b"\0" in data[:_SAMPLE]:
        return _unmarked_utf16(data)
    for claimed in (hint, "utf-8"):
        if claimed and (text := _tried(data, claimed)) is not None:
            return text, claimed
    return _asian(data)


def _tried(data: bytes, encoding: str) -> str | None:
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        return decoder.decode(data)  # a character cut off at the end is not a fault
    except (LookupError, UnicodeDecodeError, ValueError, TypeError):
        return None


def _unmarked_utf16(data: bytes) -> tuple[str, str]:
    sample = data[:_SAMPLE]
    encoding = "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"
    return data.decode(encoding, "replace"), encoding


def _asian(data: bytes) -> tuple[str, str]:
    """Choose among the double-byte encodings by what the text would say; GB18030 first."""
    best = ("", "", -1.0)
    for encoding, bonus in (
        ("gb18030", 0.08),
        ("big5", 0.0),
        ("shift_jis", 0.0),
        ("cp1252", 0.0),
    ):
        text = _tried(data[:_SAMPLE], encoding)
        if text is not None and (worth := _likely(text, encoding) + bonus) > best[2]:
            best = (text, encoding, worth)
    encoding = best[1] or "gb18030"
    return data.decode(encoding, "replace"), encoding


def _likely(text: str, encoding: str) -> float:
    """Return the share of the characters beyond ASCII that one expects in such a text."""
    beyond = [character for character in text if character > "\x7f"]
    if not beyond:
        return 0.0
    joined = "".join(beyond)
    if encoding == "cp1252":
        letters = sum(character.isalpha() for character in beyond)
        return 0.9 * letters / len(beyond) * (len(beyond) < len(text) / 4)
    if encoding == "shift_jis":
        return len(_KANA.findall(joined)) / len(beyond) + 0.6 * len(
            _USUAL_HAN.findall(joined)
        ) / len(beyond)
    usual = _USUAL_HAN.findall(joined)
    common = sum(_is_common(character, encoding) for character in usual)
    return 0.5 * len(usual) / len(beyond) + 0.5 * common / len(beyond)


def _is_common(character: str, encoding: str) -> bool:
    """Return whether the character is among the commoner half of its set."""
    code = character.encode(encoding, "ignore")
    if encoding == "big5":
        return b"\xa4" <= code[:1] <= b"\xc6"
    return b"\xb0" <= code[:1] <= b"\xd7" or b"\xa1" <= code[:1] <= b"\xa3"

"""Presentations: one page a slide (pptx), or the texts in the order of the file (ppt)."""

import re
import struct
from collections.abc import Iterator
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.reading import markup
from postloan_archive.reading.formats import ole_marks, ooxml
from postloan_archive.reading.pages import cut, tidy
from postloan_archive.reading.refusals import DamagedError, EncryptedError
from postloan_archive.reading.results import Flag, PageText
from postloan_archive.reading.source import Content, Source
from postloan_archive.reading.zips import Container

_SLIDE: Final = re.compile(r"ppt/slides/slide(\d+)\.xml$")
_NOTES: Final = re.compile(r"ppt/(?:notesSlides/notesSlide|comments/comment)\d+\.xml$")
_CONTAINER: Final = 0xF
_TEXT_CHARS, _TEXT_BYTES, _STRING = 0x0FA0, 0x0FA8, 0x0FBA
_CRYPT: Final = 0x2F14
_ENCRYPTED_USER: Final = 0xF3D1C4DF
_DEEP: Final = 32


def read_pptx(source: Source) -> Content:
    """Return the text of each slide, then of notes and comments.

    Raises:
        DamagedError: it holds no slides.
    """
    content = Content(reader="pptx-xml")
    with ooxml.opened(source) as container:
        ooxml.note(container, content)
        slides = sorted(
            (int(found[1]), name) for name in container.names if (found := _SLIDE.match(name))
        )
        if not slides:
            raise DamagedError(_l("演示文稿中没有幻灯片。"))
        names = [name for _, name in slides]
        names += sorted(name for name in container.names if _NOTES.match(name))
        for name in names:
            text = _slide(container, name, content)
            if text or _SLIDE.match(name):
                content.pages.append(PageText(no=len(content.pages) + 1, text=text))
            if source.late:
                break
    return content


def _slide(container: Container, name: str, content: Content) -> str:
    entry = container.find(name)
    assert entry is not None
    lines: list[str] = []
    runs: list[str] = []
    with container.open(entry) as stream:
        events = markup.Events(stream)
        for start, tag, element in events:
            if start:
                continue
            if tag in {"t", "text"}:
                runs.append(element.text or "")
            elif tag == "br":
                runs.append("\n")
            elif tag in {"p", "cm"}:
                lines.append("".join(runs))
                runs = []
    if events.broken:
        content.trouble = DamagedError(
            _l("“{part}”部分已损坏，仅读出其中一部分文字。"), part=name
        )
    if events.entities:
        content.flags.add(Flag.ENTITIES)
    return tidy("\n".join([*lines, "".join(runs)]))


def read_ppt(source: Source) -> Content:
    """Return the texts of the file in their order.

    Raises:
        EncryptedError: a password is needed.
        DamagedError: there is no presentation in it.
    """
    content = Content(reader="ppt-records")
    with ole_marks.opened(source) as ole:
        ole_marks.note_open(ole, content)
        user = ole_marks.stream(ole, "Current User")
        if len(user) >= 16 and struct.unpack_from("<L", user, 12)[0] == _ENCRYPTED_USER:  # noqa: PLR2004 - up to the token
            raise EncryptedError(_l("演示文稿设有打开密码。"))
        data = ole_marks.stream(ole, "PowerPoint Document") or ole_marks.stream(ole, "PP40")
    if not data:
        raise DamagedError(_l("演示文稿内部数据缺失。"))
    lines: list[str] = []
    for text in _texts(data, 0, len(data), 0):
        if text.strip() and text not in lines[-1:]:
            lines.append(text)
    paragraphs = [line for text in lines for line in re.split("[\r\n\x0b]", text)]
    content.pages = cut(paragraphs, chars=source.limits.chars)
    return content


def _texts(data: bytes, start: int, end: int, depth: int) -> Iterator[str]:
    while start + 8 <= end and depth < _DEEP:
        version, kind, length = struct.unpack_from("<2HL", data, start)
        body = start + 8
        stop = min(body + length, end)
        if kind == _CRYPT:
            raise EncryptedError(_l("演示文稿设有打开密码。"))
        if version & 0xF == _CONTAINER:
            yield from _texts(data, body, stop, depth + 1)
        elif kind in {_TEXT_CHARS, _STRING}:
            yield data[body:stop].decode("utf-16-le", "replace")
        elif kind == _TEXT_BYTES:
            yield data[body:stop].decode("cp1252", "replace")
        start = stop

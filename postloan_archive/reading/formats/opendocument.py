"""OpenDocument texts and presentations (odt, odp)."""

import contextlib
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.reading import markup
from postloan_archive.reading.formats import ooxml
from postloan_archive.reading.pages import clean, cut
from postloan_archive.reading.refusals import DamagedError, EncryptedError
from postloan_archive.reading.results import Flag
from postloan_archive.reading.source import Content, Source
from postloan_archive.reading.zips import Container

_PROPERTIES: Final = {
    "title": "title",
    "initial-creator": "author",
    "creator": "modified_by",
    "creation-date": "created",
    "date": "modified",
    "subject": "subject",
    "generator": "creator",
}
_PARAGRAPHS: Final = frozenset({"p", "h"})
_DROPPED: Final = frozenset({"tracked-changes", "binary-data"})


def read(source: Source) -> Content:
    """Return the paragraphs of the body.

    Raises:
        EncryptedError: a password is needed.
        DamagedError: there is no body.
    """
    content = Content(reader="odf-xml")
    with ooxml.opened(source) as container:
        manifest = container.read_name("META-INF/manifest.xml") or b""
        if b"encryption-data" in manifest:
            raise EncryptedError(_l("ODF 文件设有打开密码。"))
        _note(container, content)
        if container.find("content.xml") is None:
            raise DamagedError(_l("ODF 文件缺少正文。"))
        lines = _lines(container, content)
    content.pages = cut(lines, chars=source.limits.chars)
    return content


def _note(container: Container, content: Content) -> None:
    with contextlib.suppress(DamagedError):
        for element in markup.tree(container.read_name("meta.xml") or b"").iter():
            key = _PROPERTIES.get(markup.local(element))
            if key and element.text:
                content.properties.setdefault(key, clean(element.text).strip()[:500])
    for name in container.names:
        if name.startswith(("Basic/", "Scripts/")):
            content.flags.add(Flag.MACRO)
        elif name.startswith("Object ") or "ObjectReplacements/" in name:
            content.flags.add(Flag.OLE)
        elif name.endswith("documentsignatures.xml"):
            content.flags.add(Flag.SIGNATURE)


def _lines(container: Container, content: Content) -> list[str]:
    entry = container.find("content.xml")
    assert entry is not None
    lines: list[str] = []
    with container.open(entry) as stream:
        events = markup.Events(stream, keep=_PARAGRAPHS)
        depth = dropped = 0
        for start, name, element in events:
            if name in _DROPPED:
                dropped += 1 if start else -1
            elif name in _PARAGRAPHS:
                depth += 1 if start else -1
                if not start and not depth and not dropped:
                    lines.append(_paragraph(element))
    if events.broken:
        content.trouble = DamagedError(_l("正文已损坏，仅读出其中一部分文字。"))
    if events.entities:
        content.flags.add(Flag.ENTITIES)
    return lines


def _paragraph(element: markup.Element) -> str:
    parts: list[str] = []
    for event, part in markup.walk(element):
        name = markup.local(part)
        if event == "end":
            if part is not element:
                parts.append(part.tail or "")
            continue
        if name == "tab":
            parts.append("\t")
        elif name in {"line-break", "p"} and part is not element:
            parts.append("\n")
        elif name == "s":
            parts.append(" ")
        parts.append(part.text or "")
    return "".join(parts)

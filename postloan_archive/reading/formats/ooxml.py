"""What Word, Excel and PowerPoint files (a zip of XML) have in common."""

import contextlib
from collections.abc import Iterator
from typing import Final

from postloan_archive.reading import markup
from postloan_archive.reading.pages import clean
from postloan_archive.reading.refusals import DamagedError
from postloan_archive.reading.results import Flag
from postloan_archive.reading.source import Content, Source
from postloan_archive.reading.zips import Budget, Container

_CORE: Final = {
    "title": "title",
    "subject": "subject",
    "creator": "author",
    "keywords": "keywords",
    "description": "description",
    "lastModifiedBy": "modified_by",
    "created": "created",
    "modified": "modified",
}
_APP: Final = {"Application": "creator", "Company": "company", "Pages": "pages"}
_TEXT_LIMIT: Final = 500
_RELATIONS_LIMIT: Final = 200  # parts with relations that are looked into
_TEMPLATE: Final = "attachedTemplate"


@contextlib.contextmanager
def opened(source: Source) -> Iterator[Container]:
    """Open the container within the limits of the source."""
    with source.path.open("rb") as file:
        yield Container(file, Budget(source.limits, source.path.stat().st_size))


def note(container: Container, content: Content) -> None:
    """Fill in properties and flags; a broken part is passed over."""
    for part, wanted in (("docProps/core.xml", _CORE), ("docProps/app.xml", _APP)):
        with contextlib.suppress(DamagedError):
            data = container.read_name(part)
            if data is not None:
                _properties(data, wanted, content)
    for name in container.names:
        content.flags.update(_flags(name.lower()))
        content.pictures = content.pictures or "/media/" in name
    if container.prefix:
        content.flags.add(Flag.TRAILING_DATA)
    relations = [name for name in container.names if name.endswith(".rels")]
    for name in relations[:_RELATIONS_LIMIT]:
        with contextlib.suppress(DamagedError):
            data = container.read_name(name)
            if data is not None and b"External" in data:
                _relations(data, content)


def _properties(data: bytes, wanted: dict[str, str], content: Content) -> None:
    for element in markup.tree(data):
        key = wanted.get(markup.local(element))
        text = clean(element.text or "").strip()
        if key and text:
            content.properties[key] = text[:_TEXT_LIMIT]


def _flags(name: str) -> set[Flag]:
    flags = set()
    if name.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in name:
        flags.add(Flag.MACRO)
    if "/embeddings/" in name:
        flags.add(Flag.OLE if name.endswith(".bin") else Flag.EMBEDDED_FILE)
    if "/activex/" in name:
        flags.add(Flag.ACTIVEX)
    if name.startswith("_xmlsignatures/"):
        flags.add(Flag.SIGNATURE)
    if "/externallinks/" in name:
        flags.add(Flag.EXTERNAL_LINK)
    return flags


def _relations(data: bytes, content: Content) -> None:
    for relation in markup.tree(data):
        if markup.attribute(relation, "TargetMode") == "External":
            kind = markup.attribute(relation, "Type").rpartition("/")[2]
            content.flags.add(Flag.EXTERNAL_LINK)
            if kind == _TEMPLATE:
                content.flags.add(Flag.REMOTE_TEMPLATE)
            elif kind == "oleObject":
                content.flags.add(Flag.OLE)

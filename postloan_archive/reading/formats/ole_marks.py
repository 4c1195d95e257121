"""What an OLE container (doc, xls, ppt) claims and carries."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import olefile

from postloan_archive.kernel.errors import _l
from postloan_archive.reading.pages import clean
from postloan_archive.reading.refusals import DamagedError, TooLargeError
from postloan_archive.reading.results import Flag
from postloan_archive.reading.source import Content, Source

_WANTED: Final = {
    "title": "title",
    "subject": "subject",
    "author": "author",
    "keywords": "keywords",
    "last_saved_by": "modified_by",
    "create_time": "created",
    "last_saved_time": "modified",
    "creating_application": "creator",
    "company": "company",
}
_UTF8: Final = 65_001
_STREAM: Final = 256 << 20


@contextlib.contextmanager
def opened(source: Source) -> Iterator[olefile.OleFileIO]:
    """Open the container.

    Raises:
        DamagedError: it cannot be opened.
    """
    try:
        ole = olefile.OleFileIO(str(source.path))
    except Exception as error:  # it throws TypeError and others, too, on hostile input
        raise DamagedError(_l("OLE 容器已损坏。")) from error
    with ole:
        yield ole


def stream(ole: olefile.OleFileIO, name: str) -> bytes:
    """Return a stream; empty where there is none or it is broken.

    Raises:
        TooLargeError: it claims more than 256 MB.
    """
    try:
        size = ole.get_size(name) if ole.exists(name) else 0
        data: bytes = ole.openstream(name).read() if 0 < size <= _STREAM else b""
    except Exception:  # noqa: BLE001 - it throws TypeError and others, too, on hostile input
        return b""
    if size > _STREAM:
        raise TooLargeError(_l("文件内部数据过大，已停止读取。"))
    return data


def note(source: Source, content: Content) -> None:
    """Fill in properties and flags."""
    with opened(source) as ole:
        note_open(ole, content)


def note_open(ole: olefile.OleFileIO, content: Content) -> None:
    """Fill in properties and flags from an open container."""
    for entry in ole.listdir(streams=True, storages=True):
        path = "/".join(entry).lower()
        if "_vba_project" in path or path.endswith(("macros", "vba/dir")):
            content.flags.add(Flag.MACRO)
        if "objectpool" in path or path.startswith("mbd") or "\x01ole10native" in path:
            content.flags.add(Flag.OLE)
        if "_xmlsignatures" in path or "_signatures" in path:
            content.flags.add(Flag.SIGNATURE)
    try:
        claims = ole.get_metadata()
    except Exception:  # noqa: BLE001 - property sets are parsed by a trusting library
        return
    codepage = getattr(claims, "codepage", None) or _UTF8
    for name, key in _WANTED.items():
        text = _text(getattr(claims, name, None), codepage)
        if text:
            content.properties[key] = text[:500]


def _text(value: object, codepage: int) -> str:
    if isinstance(value, datetime):
        return f"{value.replace(tzinfo=UTC):%Y-%m-%d %H:%M:%S}" if value.year > 1601 else ""  # noqa: PLR2004 - the zero of Windows
    if isinstance(value, bytes):
        return clean(decoded(value, codepage & 0xFFFF)).strip()
    return clean(value).strip() if isinstance(value, str) else ""


def decoded(data: bytes, codepage: int) -> str:
    """Return bytes of a Windows code page as text."""
    name = {_UTF8: "utf-8", 936: "gb18030", 950: "big5", 1200: "utf-16-le", 10000: "mac_roman"}
    try:
        return data.decode(name.get(codepage, f"cp{codepage}"), "replace")
    except LookupError:
        return data.decode("cp1252", "replace")

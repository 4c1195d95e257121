"""What a file is, by its content; and whether its name says the same."""

import re
from pathlib import PurePath
from typing import BinaryIO, Final

import olefile

from postloan_archive.reading.kind_table import EXTENSIONS, IN_OLE, KINDS, TEXTS, Kind
from postloan_archive.reading.limits import Limits
from postloan_archive.reading.refusals import DamagedError
from postloan_archive.reading.zips import Budget, Container

_HEAD: Final = 4_096
_STILLS: Final = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"avif"})
_MAGIC: Final = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (olefile.MAGIC, "ole"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\xffWPC", "wpd"),
    (b"\x7fELF", "elf"),
    (b"ID3", "media"),
    (b"#!AMR", "media"),
    (b"\x09\x08", "xls"),  # BIFF records without a container
    (b"\x09\x04\x06\x00", "xls"),
    (b"\x09\x02\x06\x00", "xls"),
    (b"\x09\x00\x04\x00", "xls"),
)
_HTML: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_SVG: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype svg[^>]*>\s*)?<svg\b",
    re.IGNORECASE | re.DOTALL,
)
_MAIL: Final = re.compile(
    rb"(?:>?From |(?:return-path|received|from|to|date|subject|message-id|mime-version|"
    rb"delivered-to|x-[\w-]+|content-type|reply-to|sender|dkim-signature|authentication-results):)",
    re.IGNORECASE,
)
_MAIL_FIELDS: Final = re.compile(
    rb"^(?:from|to|date|subject|message-id|mime-version|received|content-type):",
    re.IGNORECASE | re.MULTILINE,
)


def by_name(name: str) -> Kind | None:
    """Return the kind that the extension promises, None where it promises none we know."""
    key = EXTENSIONS.get(PurePath(name.replace("\\", "/")).suffix.lower())
    return KINDS[key] if key else None


def misnamed(kind: Kind, name: str) -> Kind | None:
    """Return the kind that the name wrongly promises, None where name and content agree."""
    promised = by_name(name)
    if promised is None or promised is kind or kind.key == "unknown":
        return None
    suffix = PurePath(name.replace("\\", "/")).suffix.lower()
    if kind.key == "txt" and promised.key in TEXTS:
        return None
    if suffix in kind.extensions or (kind.key == "ole" and promised.key in IN_OLE):
        return None
    return promised


def sniff(file: BinaryIO, name: str, limits: Limits, size: int) -> Kind:
    """Return the kind of the content; the name only settles what content cannot tell.

    Raises:
        TooLargeError: the container is a bomb.
        DamagedError: the container cannot be opened.
    """
    head = file.read(_HEAD)
    key = _binary(head)
    if key == "zip":
        key = _zip_kind(Container(file, Budget(limits, size)))
    elif key == "ole":
        key = _ole_kind(file)
    elif not key:
        key = _text_kind(head, name)
    return KINDS[key]


def _binary(head: bytes) -> str:
    """Return the key of a type that its first bytes give away; empty for text and unknowns."""
    if b"%PDF-" in head[:1024]:
        return "pdf"
    for magic, key in _MAGIC:
        if head.startswith(magic):
            return key
    return _boxed(head)


def _boxed(head: bytes) -> str:
    """Return the key of types whose mark comes after a length."""
    key = ""
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        key = "bmp"
    elif head[:4] == b"RIFF":
        key = "webp" if head[8:12] == b"WEBP" else "media"
    elif head[4:8] == b"ftyp":
        key = "heic" if head[8:12] in _STILLS else "media"
    elif head[:2] == b"MZ" and b"\0" in head[:64]:
        key = "exe"
    return key


def _text_kind(head: bytes, name: str) -> str:
    if _looks_binary(head):
        return "unknown"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    promised = by_name(name)
    wanted = promised.key if promised is not None else ""
    if _HTML.match(start):
        return "html"
    if _SVG.match(start):
        return "svg"
    if wanted in {"csv", "html"}:
        return wanted
    return _mail_kind(head, start, wanted)


def _mail_kind(head: bytes, start: bytes, wanted: str) -> str:
    if wanted in {"eml", "mhtml"} and b":" in head:
        return wanted
    fields = len(_MAIL_FIELDS.findall(head)) if _MAIL.match(start) else 0
    return "eml" if fields > 2 else "txt"  # noqa: PLR2004 - three header fields make a mail


def _looks_binary(head: bytes) -> bool:
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return False
    zeros = head.count(b"\0")
    if zeros:  # UTF-16 without a mark: every other byte of Latin text and line breaks is zero
        return not (zeros > len(head) // 8 and _one_sided(head))
    odd = sum(byte < 32 and byte not in b"\t\n\r\f\x1b\x08" for byte in head)  # noqa: PLR2004 - control characters
    return odd * 20 > len(head)


def _one_sided(head: bytes) -> bool:
    even, uneven = head[::2].count(0), head[1::2].count(0)
    return min(even, uneven) * 20 < max(even, uneven)


_ZIP_MAIN: Final = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("ppt/presentation.xml", "pptx"),
    ("visio/document.xml", "vsdx"),
    ("ofd.xml", "ofd"),
)
_ZIP_FOLDER: Final = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"), ("visio/", "vsdx"))
_CONTENT_TYPES: Final = (
    (b"wordprocessingml.", "docx"),
    (b"ms-word.", "docx"),
    (b"sheet.binary", "xlsb"),
    (b"spreadsheetml.", "xlsx"),
    (b"ms-excel.", "xlsx"),
    (b"presentationml.", "pptx"),
    (b"ms-visio.", "vsdx"),
)


def _zip_kind(container: Container) -> str:
    for name, key in _ZIP_MAIN:
        if container.find(name) is not None:
            return key
    try:
        return _declared(container) or _by_folder(container)
    except DamagedError:
        return _by_folder(container)


def _declared(container: Container) -> str:
    """Return what the container says of itself, empty if it says nothing we know."""
    mime = (container.read_name("mimetype", limit=1_000) or b"").strip().decode("latin-1")
    for key in ("odt", "ods", "odp"):
        if mime.startswith(KINDS[key].media_type):
            return key
    types = container.read_name("[Content_Types].xml", limit=4 << 20) or b""
    return next((key for mark, key in _CONTENT_TYPES if mark in types), "")


def _by_folder(container: Container) -> str:
    if container.find("[Content_Types].xml") is not None:
        for folder, key in _ZIP_FOLDER:
            if any(name.startswith(folder) for name in container.names):
                return key
    return "zip"


_OLE_MAIN: Final = (
    ("EncryptedPackage", "encrypted_office"),
    ("\x06DataSpaces", "encrypted_office"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
    ("PP40", "ppt"),
    ("__properties_version1.0", "msg"),
    ("VisioDocument", "vsd"),
)


def _ole_kind(file: BinaryIO) -> str:
    file.seek(0)
    try:
        ole = olefile.OleFileIO(file)  # the caller closes the file
        return next((key for name, key in _OLE_MAIN if ole.exists(name)), "ole")
    except Exception:  # noqa: BLE001 - it throws TypeError and others, too, on hostile input
        return "ole"

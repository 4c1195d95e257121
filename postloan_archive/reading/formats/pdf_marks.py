"""What a PDF claims and carries: properties, and the actions that are never run."""

import contextlib
import re
import zlib
from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from postloan_archive.reading.limits import MEBIBYTE
from postloan_archive.reading.pages import clean
from postloan_archive.reading.results import Flag
from postloan_archive.reading.signing import signing_of
from postloan_archive.reading.source import Content, Source

_PROPERTIES: Final = {
    "Title": "title",
    "Author": "author",
    "Subject": "subject",
    "Keywords": "keywords",
    "Creator": "creator",
    "Producer": "producer",
    "CreationDate": "created",
    "ModDate": "modified",
}
_NAMES: Final = {
    b"JavaScript": Flag.JAVASCRIPT,
    b"JS": Flag.JAVASCRIPT,
    b"Launch": Flag.LAUNCH_ACTION,
    b"URI": Flag.EXTERNAL_LINK,
    b"GoToR": Flag.EXTERNAL_LINK,
    b"SubmitForm": Flag.EXTERNAL_LINK,
    b"ImportData": Flag.EXTERNAL_LINK,
    b"EmbeddedFile": Flag.EMBEDDED_FILE,
    b"EmbeddedFiles": Flag.EMBEDDED_FILE,
    b"RichMedia": Flag.EMBEDDED_FILE,
    b"AcroForm": Flag.FORM,
    b"XFA": Flag.FORM,
    b"ByteRange": Flag.SIGNATURE,
}
_WANTED: Final = re.compile(
    rb"/(JavaScript|JS|Launch|URI|GoToR|SubmitForm|ImportData|EmbeddedFiles?|RichMedia|AcroForm|XFA|ByteRange)(?![A-Za-z0-9])"
)
_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_ESCAPED: Final = re.compile(rb"/[A-Za-z0-9]*#[0-9A-Fa-f]{2}[#A-Za-z0-9]*")
_PACKED: Final = re.compile(rb"/ObjStm[^\0]{0,400}?stream\r?\n", re.DOTALL)
_SCANNED: Final = 64 * MEBIBYTE
_OBJECTS_BYTES: Final = 16 * MEBIBYTE
_DATE: Final = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?")


def note(document: pdfium.PdfDocument, source: Source, content: Content) -> None:
    """Fill in properties and flags."""
    for key, value in document.get_metadata_dict(skip_empty=True).items():
        if key in _PROPERTIES and (text := clean(value).strip()):
            content.properties[_PROPERTIES[key]] = _day(text) if "Date" in key else text[:500]
    if pdfium_c.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        content.flags.add(Flag.JAVASCRIPT)
    if pdfium_c.FPDFDoc_GetAttachmentCount(document) > 0:
        content.flags.add(Flag.EMBEDDED_FILE)
    if pdfium_c.FPDF_GetSignatureCount(document) > 0:
        content.flags.add(Flag.SIGNATURE)
    if pdfium_c.FPDF_GetSecurityHandlerRevision(document) >= 0:
        content.flags.add(Flag.RESTRICTED)
    with source.path.open("rb") as file:
        data = file.read(_SCANNED)
    content.flags.update(flags_in(data))
    if Flag.SIGNATURE in content.flags:
        content.signatures = signing_of("pdf").signatures(source.path)


def flags_in(data: bytes) -> set[Flag]:
    """Return what the names in the file tell, those in packed objects and with escapes too."""
    flags = _named(data)
    room = _OBJECTS_BYTES
    for found in _PACKED.finditer(data):
        with contextlib.suppress(zlib.error):
            objects = zlib.decompressobj().decompress(
                data[found.end() : found.end() + room], room
            )
            flags |= _named(objects)
            room -= len(objects)
        if room <= 0:
            break
    return flags


def _named(data: bytes) -> set[Flag]:
    flags = {_NAMES[found] for found in _WANTED.findall(data)}
    for found in _ESCAPED.findall(data):
        name = _ESCAPE.sub(lambda escape: bytes.fromhex(escape[1].decode()), found[1:])
        if name in _NAMES:
            flags.add(_NAMES[name])
    return flags


def _day(text: str) -> str:
    """Return a PDF date as 2024-03-05 16:20:00, in the zone of its maker; else as it is."""
    found = _DATE.match(text)
    if found is None:
        return text[:40]
    year, month, day, *clock = (part or "" for part in found.groups())
    date = f"{year}-{month or '01'}-{day or '01'}"
    return f"{date} {clock[0]}:{clock[1] or '00'}:{clock[2] or '00'}" if clock[0] else date

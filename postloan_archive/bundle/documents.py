"""Opening source PDFs: encrypted, damaged and empty ones are told apart and named."""

import struct
import tempfile
import zlib
from collections import OrderedDict
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

import pypdfium2
from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from postloan_archive.bundle.faults import Reason
from postloan_archive.bundle.objects import entry
from postloan_archive.bundle.spec import Source

try:
    import pikepdf
except ImportError:  # the extra `pikepdf`; pdfium repairs most files as well
    pikepdf = None  # type: ignore[assignment]  # asked for before each use

# What the parsers raise on hostile or broken bytes; everything else is our own fault.
PARSE_FAULTS: Final = (
    PyPdfError,
    DependencyError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
HAS_PIKEPDF: Final = pikepdf is not None
_OPEN_AT_ONCE: Final = 48  # files; a bundle of 1,000 scans must not use up the handles
_LOCKED: Final = frozenset({4, 5})  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY


class UnreadableError(Exception):
    """The file cannot be taken over; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Final = reason


class Document:
    """One open PDF.

    Attributes:
        count: pages.
        notes: what is not quite right with the file as a whole.
        hidden: object numbers of layers that the file itself shows switched off.
    """

    def __init__(self, stream: BinaryIO, reader: PdfReader, count: int) -> None:
        self._stream: Final = stream
        self.reader: Final = reader
        self.count: Final = count
        self.notes: list[Reason] = []
        self.hidden: Final = _hidden_layers(reader)

    def page(self, index: int) -> DictionaryObject:
        """Return a page with the entries it inherits; `index` counts from 0."""
        return self.reader.pages[index]

    def close(self) -> None:
        """Give the file handle back."""
        self.reader.close()
        self._stream.close()


class Library:
    """The sources of one bundle; only a few are open at a time."""

    def __init__(self) -> None:
        self._open: Final[OrderedDict[str, Document]] = OrderedDict()
        self._faults: Final[dict[str, Reason]] = {}
        self._repaired: Final[dict[str, BinaryIO]] = {}

    def close(self) -> None:
        """Close everything."""
        for document in self._open.values():
            document.close()
        for stream in self._repaired.values():
            stream.close()
        self._open.clear()
        self._repaired.clear()

    def document(self, source: Source) -> Document:
        """Return the open file.

        Raises:
            UnreadableError: it is encrypted, damaged beyond repair or has no page.
        """
        key = key_of(source)
        if key in self._faults:
            raise UnreadableError(self._faults[key])
        if key in self._open:
            self._open.move_to_end(key)
            return self._open[key]
        try:
            document = self._load(source, key)
        except UnreadableError as error:
            self._faults[key] = error.reason
            raise
        self._open[key] = document
        while len(self._open) > _OPEN_AT_ONCE:
            self._open.popitem(last=False)[1].close()
        return document

    def mended(self, source: Source) -> tuple[str, Document] | None:
        """Return the file as another library writes it anew, for a page that pypdf cannot read.

        The key tells its objects from those of the file itself. None where that fails as well.
        """
        key = f"mended:{key_of(source)}"
        if key not in self._open:
            if key in self._faults or self._repair(source, key) is None:
                self._faults[key] = Reason.DAMAGED
                return None
            self._open[key] = self._load(source, key)
        return key, self._open[key]

    def _load(self, source: Source, key: str) -> Document:
        if key in self._repaired:
            self._repaired[key].seek(0)
            known = _read(BytesIO(self._repaired[key].read()))
            known.notes.append(Reason.REPAIRED)
            return known
        counted, fault = _count_with_pdfium(source)
        document, misread = _try_read(source)
        if document is not None:
            fault = Reason.EMPTY if document.count == 0 else None
        elif fault is not Reason.ENCRYPTED or not _is_locked(source):
            fault = misread
        if document is not None and document.count >= counted:
            if counted and document.count > counted:
                document.notes.append(Reason.COUNT_DIFFERS)
            if document.count:
                return document
        if fault is Reason.ENCRYPTED:
            raise UnreadableError(fault)
        repaired = self._repair(source, key)
        if repaired is not None and repaired.count >= max(counted, 1):
            repaired.notes.append(Reason.REPAIRED)
            return repaired
        if document is not None and document.count:
            document.notes.append(Reason.COUNT_DIFFERS)
            return document
        raise UnreadableError(fault or Reason.EMPTY)

    def _repair(self, source: Source, key: str) -> Document | None:
        for mend in (_mend_with_pikepdf, _mend_with_pdfium):
            stream = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the library
            if not mend(source, stream):
                stream.close()
                continue
            stream.seek(0)
            try:
                document = _read(BytesIO(stream.read()))
            except PARSE_FAULTS:
                stream.close()
                continue
            if document.count:
                self._repaired[key] = stream
                return document
            stream.close()
        return None


def key_of(source: Source) -> str:
    """Return what tells sources apart: two exhibits from one scan share its objects."""
    return str(source.data) if isinstance(source.data, Path) else f"bytes:{id(source.data)}"


def open_source(source: Source) -> BinaryIO:
    """Return the source as a stream."""
    return source.data.open("rb") if isinstance(source.data, Path) else BytesIO(source.data)


def count_pages(data: bytes | Path | BinaryIO) -> int:
    """Return the page count that the second library, pdfium, finds.

    Raises:
        UnreadableError: pdfium cannot open it.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        reason = (
            Reason.ENCRYPTED if getattr(error, "err_code", 0) in _LOCKED else Reason.DAMAGED
        )
        raise UnreadableError(reason) from error
    try:
        return len(document)
    finally:
        document.close()


def _count_with_pdfium(source: Source) -> tuple[int, Reason | None]:
    try:
        return count_pages(source.data), None
    except UnreadableError as error:
        return 0, error.reason
    except OSError:
        return 0, Reason.DAMAGED


def _is_locked(source: Source) -> bool:
    """Return whether the file says so: pdfium may report the error of the file before."""
    with open_source(source) as stream:
        return b"/Encrypt" in stream.read()


def _try_read(source: Source) -> tuple[Document | None, Reason | None]:
    stream: BinaryIO | None = None
    try:
        stream = open_source(source)
        return _read(stream), None
    except FileNotDecryptedError:
        fault = Reason.ENCRYPTED
    except PARSE_FAULTS:
        fault = Reason.DAMAGED
    if stream is not None:
        stream.close()
    return None, fault


def _read(stream: BinaryIO) -> Document:
    reader = PdfReader(stream)
    return Document(stream, reader, len(reader.pages))


def _mend_with_pikepdf(source: Source, out: BinaryIO) -> bool:
    if not HAS_PIKEPDF:
        return False
    try:
        with open_source(source) as stream, pikepdf.open(stream) as pdf:
            pdf.save(out, deterministic_id=True)
    except (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError, *PARSE_FAULTS):
        return False
    return True


def _mend_with_pdfium(source: Source, out: BinaryIO) -> bool:
    try:
        old, new = pypdfium2.PdfDocument(source.data), pypdfium2.PdfDocument.new()
        try:
            new.import_pages(old)
            new.save(out)
        finally:
            new.close()
            old.close()
    except (pypdfium2.PdfiumError, OSError, ValueError):
        return False
    return True


def _hidden_layers(reader: PdfReader) -> frozenset[int]:
    """Return the layers that are off when the file is opened, so that they stay off."""
    try:
        properties = _dictionary(entry(reader.root_object, "/OCProperties"))
        setting = _dictionary(entry(properties, "/D"))
        hidden = _numbers(entry(setting, "/OFF"))
        if entry(setting, "/BaseState") == "/OFF":
            hidden |= _numbers(entry(properties, "/OCGs")) - _numbers(entry(setting, "/ON"))
    except PARSE_FAULTS:
        return frozenset()
    return frozenset(hidden)


def _dictionary(value: object) -> DictionaryObject:
    return value if isinstance(value, DictionaryObject) else DictionaryObject()


def _numbers(value: object) -> set[int]:
    if not isinstance(value, ArrayObject):
        return set()
    return {int(item.idnum) for item in value if isinstance(item, IndirectObject)}

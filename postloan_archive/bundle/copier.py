"""Taking pages over from a source: what is seen comes along, what acts stays behind.

Only what a page needs in order to be drawn is followed: contents, resources, and the appearance
of its annotations. Scripts, actions, attachments, forms and references back into the source are
never reached, so they need not be removed. Streams are copied as they are, still packed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from postloan_archive.bundle.documents import Document
from postloan_archive.bundle.objects import entry
from postloan_archive.bundle.output import PdfOutput, exact, raw_name, reference

# Dictionaries that belong to the document, not to the picture of a page.
_FOREIGN_TYPES: Final = frozenset(
    {
        "/Page", "/Pages", "/Catalog", "/Action", "/Filespec", "/F", "/EmbeddedFile",
        "/Annot", "/Sig", "/StructElem", "/StructTreeRoot", "/Outlines",
        "/Names", "/ObjStm", "/XRef", "/Template", "/Metadata",
    }
)  # fmt: skip
_ACTIONS: Final = frozenset(
    {
        "/GoTo", "/GoToR", "/GoToE", "/GoToDp", "/Launch", "/Thread", "/URI", "/Sound",
        "/Movie", "/Hide", "/Named", "/SubmitForm", "/ResetForm", "/ImportData", "/JavaScript",
        "/SetOCGState", "/Rendition", "/Trans", "/GoTo3DView", "/RichMediaExecute",
    }
)  # fmt: skip
# Entries of a stream that reach outside: data in another file, metadata, files attached to it.
_STREAM_EXTRAS: Final = frozenset(
    {
        "/Length", "/F", "/FFilter", "/FDecodeParms", "/Metadata", "/PieceInfo", "/OPI", "/Ref",
        "/AF", "/StructParent", "/StructParents", "/LastModified", "/Measure", "/PtData",
    }
)  # fmt: skip
_DEEPEST: Final = 100  # direct objects within one another


@dataclass(slots=True)
class Batch:
    """The objects of one page, written only when the whole page could be read."""

    numbers: dict[int, int] = field(default_factory=dict)
    bodies: list[tuple[int, bytes, bytes | None]] = field(default_factory=list)
    waiting: list[tuple[int, IndirectObject]] = field(default_factory=list)
    layers: list[tuple[int, bool]] = field(default_factory=list)
    merged: dict[int, int] = field(default_factory=dict)  # shared resources, with our faces


class Copier:
    """Copies objects of one source into the output, each at most once."""

    def __init__(self, output: PdfOutput, layers: list[tuple[int, bool]]) -> None:
        self._output: Final = output
        self._numbers: Final[dict[int, int]] = {}
        self._layers: Final = layers
        self._hidden: frozenset[int] = frozenset()
        self._writers: Final[dict[type, Callable[[object, Batch, int], bytes]]] = {
            NameObject: _name,
            NumberObject: lambda value, _batch, _depth: str(value).encode(),
            FloatObject: _float,
            BooleanObject: _boolean,
            NullObject: lambda _value, _batch, _depth: b"null",
            TextStringObject: _string,
            ByteStringObject: _string,
            IndirectObject: self._reference,
            ArrayObject: self._array,
            DictionaryObject: self._dictionary,
        }

    def value(self, value: object, batch: Batch, depth: int = 0) -> bytes:
        """Return any object as PDF text; what it refers to is put into the batch."""
        writer = self._writers.get(type(value))
        if writer is None:
            writer = next(
                (w for kind, w in self._writers.items() if isinstance(value, kind)), _nothing
            )
        return writer(value, batch, depth)

    def follow(self, document: Document, batch: Batch) -> None:
        """Read all that the batch still waits for."""
        self._hidden = document.hidden
        while batch.waiting:
            at, pointer = batch.waiting.pop()
            key = (pointer.generation, pointer.idnum)
            found = document.reader.get_object(pointer)
            self._body(at, found, batch, pointer.idnum)
            if isinstance(found, StreamObject):
                # The reader keeps what it has parsed; a scan must not stay in memory.
                document.reader.resolved_objects.pop(key, None)

    def commit(self, batch: Batch) -> None:
        """Write the objects of the batch."""
        for at, entries, data in batch.bodies:
            if data is None:
                self._output.put(at, entries)
            else:
                self._output.put_stream(at, entries, data)
        self._numbers.update(batch.numbers)
        self._layers.extend(batch.layers)

    def put(self, batch: Batch, body: bytes) -> int:
        """Add an object of our own to the batch and return its number."""
        at = self._output.reserve()
        batch.bodies.append((at, body, None))
        return at

    def _body(self, at: int, found: object, batch: Batch, idnum: int) -> None:
        if isinstance(found, StreamObject):
            entries = b"".join(
                _name(key, batch, 0) + b" " + self.value(item, batch, 1) + b" "
                for key, item in found.items()
                if key not in _STREAM_EXTRAS
            )
            if str(entry(found, "/Type")) in _FOREIGN_TYPES:
                batch.bodies.append((at, b"null", None))
            else:
                data = found._data  # noqa: SLF001  # the packed bytes; get_data would unpack them
                batch.bodies.append((at, entries, data))
        else:
            if isinstance(found, DictionaryObject) and entry(found, "/Type") == "/OCG":
                batch.layers.append((at, idnum in self._hidden))
            batch.bodies.append((at, self.value(found, batch), None))

    def _reference(self, value: object, batch: Batch, _depth: int) -> bytes:
        assert isinstance(value, IndirectObject)
        at = self._numbers.get(value.idnum) or batch.numbers.get(value.idnum)
        if at is None:
            at = batch.numbers[value.idnum] = self._output.reserve()
            batch.waiting.append((at, value))
        return reference(at)

    def _array(self, value: object, batch: Batch, depth: int) -> bytes:
        assert isinstance(value, ArrayObject)
        if depth > _DEEPEST:
            raise RecursionError
        return b"[" + b" ".join(self.value(item, batch, depth + 1) for item in value) + b"]"

    def _dictionary(self, value: object, batch: Batch, depth: int) -> bytes:
        assert isinstance(value, DictionaryObject)
        if depth > _DEEPEST:
            raise RecursionError
        if _is_foreign(value):
            return b"null"
        return b"<<" + b" ".join(self.entries(value, batch, depth)) + b">>"

    def entries(
        self,
        value: DictionaryObject,
        batch: Batch,
        depth: int = 0,
        *,
        but: tuple[str, ...] = (),
    ) -> Iterator[bytes]:
        """Yield the entries of a dictionary, each as one piece of PDF text."""
        for key, item in value.items():
            if key not in but:
                yield _name(key, batch, 0) + b" " + self.value(item, batch, depth + 1)


def _is_foreign(value: DictionaryObject) -> bool:
    kind, action = entry(value, "/Type"), entry(value, "/S")
    if isinstance(kind, str) and kind in _FOREIGN_TYPES:
        return True
    if "/EF" in value or "/JS" in value:
        return True
    return isinstance(action, str) and action in _ACTIONS


_NAMES: Final[dict[str, bytes]] = {}
_NAMES_KEPT: Final = 20_000


def _name(value: object, _batch: Batch, _depth: int) -> bytes:
    text = str(value)
    known = _NAMES.get(text)
    if known is None:
        raw = text.removeprefix("/").encode("latin-1", "replace")
        # A zero byte is white space to every viewer, though not to pypdf.
        known = raw_name(raw).replace(b"#00", b" ")
        if len(_NAMES) < _NAMES_KEPT:
            _NAMES[text] = known
    return known


def _float(value: object, _batch: Batch, _depth: int) -> bytes:
    assert isinstance(value, float)
    return exact(value)


def _boolean(value: object, _batch: Batch, _depth: int) -> bytes:
    return b"true" if value == BooleanObject(True) else b"false"  # noqa: FBT003  # pypdf's own


def _string(value: object, _batch: Batch, _depth: int) -> bytes:
    assert isinstance(value, TextStringObject | ByteStringObject)
    return b"<" + value.original_bytes.hex().encode() + b">"


def _nothing(_value: object, _batch: Batch, _depth: int) -> bytes:
    return b"null"

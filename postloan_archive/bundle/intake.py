"""One page of a source becomes one page of the bundle."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from postloan_archive.bundle.balance import depths
from postloan_archive.bundle.copier import Batch, Copier
from postloan_archive.bundle.documents import PARSE_FAULTS, Document, UnreadableError
from postloan_archive.bundle.faults import Reason
from postloan_archive.bundle.objects import entry, resolved
from postloan_archive.bundle.output import PdfOutput, exact, name, reference
from postloan_archive.bundle.stamps import FONT_PREFIX, STAMP_KEY, STATE_NAME, PageBox

_UNPACKED_AT_MOST: Final = 48 << 20  # bytes of drawing operators looked at on one page
_BITE: Final = 4096
_LETTER: Final = (0.0, 0.0, 612.0, 792.0)  # what viewers assume where a page has no size
_KEPT_AS_IS: Final = ("/UserUnit", "/Group")
_NOT_DRAWN: Final = frozenset(
    {
        "/Link", "/Popup", "/FileAttachment", "/Sound", "/Movie", "/Screen", "/3D",
        "/RichMedia", "/TrapNet", "/Projection",
    }
)  # fmt: skip
_ACTIVE: Final = frozenset({"/FileAttachment", "/Sound", "/Movie", "/Screen", "/RichMedia"})

StampPainter = Callable[[PageBox], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The objects that every stamped page shares, as entries for its resources."""

    fonts: bytes  # "/PLF0 5 0 R /PLF1 6 0 R"
    state: bytes  # "/PLG 7 0 R"


class Intake:
    """Copies pages into one output and stamps them."""

    def __init__(self, output: PdfOutput, house: House) -> None:
        self._output: Final = output
        self._house: Final = house
        self._copiers: Final[dict[str, Copier]] = {}
        self._resources: Final[dict[tuple[str, int], int]] = {}
        self._openers: Final[dict[int, int]] = {}
        self.layers: Final[list[tuple[int, bool]]] = []

    def take(
        self, document: Document, key: str, index: int, at: int, parent: int,
        painter: StampPainter | None,
    ) -> list[Reason]:  # fmt: skip
        """Copy one page.

        Args:
            document: the open source.
            key: what tells this source from the others.
            index: page in the source, from 0.
            at: reserved object number of the page.
            parent: object number of the page tree.
            painter: paints the stamp of this page, or None.

        Returns:
            What was noticed; the page is there all the same.

        Raises:
            UnreadableError: the page cannot be read; nothing was written.
        """
        copier = self._copiers.setdefault(key, Copier(self._output, self.layers))
        batch = Batch()
        try:
            page = document.page(index)
            reasons, body = self._page(copier, batch, key, page, painter)
            copier.follow(document, batch)
        except PARSE_FAULTS as error:
            raise UnreadableError(Reason.PAGE_DAMAGED) from error
        copier.commit(batch)
        self._resources.update({(key, shared): to for shared, to in batch.merged.items()})
        self._output.put(at, b"<< /Type /Page /Parent %d 0 R %s >>" % (parent, body))
        return reasons

    def _page(
        self, copier: Copier, batch: Batch, key: str,
        page: DictionaryObject, painter: StampPainter | None,
    ) -> tuple[list[Reason], bytes]:  # fmt: skip
        reasons: list[Reason] = []
        box = page_box(page)
        streams = _content_streams(page)
        if not streams and not _is_absent(entry(page, "/Contents")):
            raise UnreadableError(Reason.PAGE_DAMAGED)
        own = [(raw, stream) for raw, stream in streams if STAMP_KEY not in stream]
        resources = entry(page, "/Resources")
        resources = resources if isinstance(resources, DictionaryObject) else DictionaryObject()
        _check_pictures(resources, reasons)
        contents = [self._content(copier, batch, raw, stream) for raw, stream in own]
        if painter is not None:
            content = b"\n".join(_unpacked(stream, reasons) for _, stream in own)
            missing, opened = depths(content)
            before = self._opener(1 + missing)
            closing = b"Q\n" * (1 + opened) + painter(box)
            contents = [reference(before), *contents, reference(self._closer(batch, closing))]
        parts = [
            b"/MediaBox " + _rectangle(_box(entry(page, "/MediaBox")) or _LETTER),
            b"/CropBox " + _rectangle((box.left, box.bottom, box.right, box.top)),
            b"/Rotate %d" % box.rotate,
            b"/Contents [" + b" ".join(contents) + b"]",
            b"/Resources " + self._merged(copier, batch, key, page, resources),
        ]
        parts += [
            name(kept[1:]) + b" " + copier.value(dict.__getitem__(page, kept), batch)
            for kept in _KEPT_AS_IS
            if kept in page
        ]
        marks = self._annotations(copier, batch, page, reasons)
        if marks:
            parts.append(b"/Annots [" + b" ".join(marks) + b"]")
        return reasons, b"\n".join(parts)

    def _content(
        self, copier: Copier, batch: Batch, raw: object, stream: StreamObject
    ) -> bytes:
        if isinstance(raw, IndirectObject):
            return copier.value(raw, batch)
        at = self._output.reserve()
        batch.bodies.append((at, b"", stream.get_data()))
        return reference(at)

    def _opener(self, count: int) -> int:
        if count not in self._openers:
            entries = name(STAMP_KEY[1:]) + b" /Open"
            self._openers[count] = self._output.add_stream(entries, b"q\n" * count)
        return self._openers[count]

    def _closer(self, batch: Batch, data: bytes) -> int:
        at = self._output.reserve()
        packed = zlib.compress(data, 6)
        batch.bodies.append((at, name(STAMP_KEY[1:]) + b" /Close /Filter /FlateDecode", packed))
        return at

    def _merged(
        self, copier: Copier, batch: Batch, key: str, page: DictionaryObject,
        resources: DictionaryObject,
    ) -> bytes:  # fmt: skip
        """Return the page's resources with our faces added; pages that share them still do."""
        raw = dict.get(page, "/Resources")
        shared = raw.idnum if isinstance(raw, IndirectObject) else 0
        if shared and (key, shared) in self._resources:
            return reference(self._resources[key, shared])
        parts = list(copier.entries(resources, batch, but=("/Font", "/ExtGState")))
        for category, ours in (("/Font", self._house.fonts), ("/ExtGState", self._house.state)):
            theirs = entry(resources, category)
            kept = []
            if isinstance(theirs, DictionaryObject):
                stamped = tuple(k for k in theirs if _is_ours(k))
                kept = list(copier.entries(theirs, batch, but=stamped))
            parts.append(name(category[1:]) + b" <<" + b" ".join([*kept, ours]) + b">>")
        body = b"<<" + b" ".join(parts) + b">>"
        if not shared:
            return body
        at = copier.put(batch, body)
        batch.merged[shared] = at
        return reference(at)

    def _annotations(
        self, copier: Copier, batch: Batch, page: DictionaryObject, reasons: list[Reason]
    ) -> list[bytes]:
        """Return annotations as mere pictures; note what acted or was blank."""
        listed = entry(page, "/Annots")
        marks = []
        for item in listed if isinstance(listed, ArrayObject) else ():
            mark = resolved(item)
            if not isinstance(mark, DictionaryObject):
                continue
            kind = entry(mark, "/Subtype")
            if "/A" in mark or "/AA" in mark or kind in _ACTIVE:
                _note(reasons, Reason.LEFT_OUT)
            if kind in _NOT_DRAWN:
                continue
            picture = _appearance(mark)
            area = _box(entry(mark, "/Rect"))
            if picture is None or area is None:
                if kind == "/Widget" and "/V" in mark:
                    _note(reasons, Reason.FORM_BLANK)
                continue
            flags = entry(mark, "/F")
            body = b"<< /Type /Annot /Subtype /Stamp /Rect %s /F %d /AP << /N %s >> >>" % (
                _rectangle(area),
                int(flags) if isinstance(flags, int) else 4,
                copier.value(picture, batch),
            )
            marks.append(reference(copier.put(batch, body)))
        return marks


def picture_names(document: Document, index: int) -> frozenset[str]:
    """Return the names of the pictures that a page lists, whether they are there or not."""
    try:
        resources = entry(document.page(index), "/Resources")
        listed = (
            entry(resources, "/XObject") if isinstance(resources, DictionaryObject) else None
        )
        return frozenset(listed) if isinstance(listed, DictionaryObject) else frozenset()
    except PARSE_FAULTS:
        return frozenset()


def page_box(page: DictionaryObject) -> PageBox:
    """Return the visible area: the crop box within the media box, whichever is usable."""
    media = _box(entry(page, "/MediaBox")) or _LETTER
    crop = _box(entry(page, "/CropBox")) or media
    shown = (
        max(media[0], crop[0]), max(media[1], crop[1]),
        min(media[2], crop[2]), min(media[3], crop[3]),
    )  # fmt: skip
    if shown[2] - shown[0] < 1 or shown[3] - shown[1] < 1:
        shown = media
    turn = entry(page, "/Rotate")
    rotate = int(turn) % 360 if isinstance(turn, int | float) else 0
    return PageBox(
        left=shown[0], bottom=shown[1], right=shown[2], top=shown[3],
        rotate=rotate if rotate % 90 == 0 else 0,
    )  # fmt: skip


def _box(value: object) -> tuple[float, float, float, float] | None:
    if not isinstance(value, ArrayObject) or len(value) != len(_LETTER):
        return None
    try:
        a, b, c, d = (float(str(resolved(item))) for item in value)
    except (TypeError, ValueError):
        return None
    box = (min(a, c), min(b, d), max(a, c), max(b, d))
    return box if box[2] - box[0] > 0 and box[3] - box[1] > 0 else None


def _rectangle(box: tuple[float, float, float, float]) -> bytes:
    return b"[" + b" ".join(exact(v) for v in box) + b"]"


def _is_ours(resource: str) -> bool:
    return resource == f"/{STATE_NAME}" or resource.startswith(f"/{FONT_PREFIX}")


def _is_absent(value: object) -> bool:
    return value is None or (isinstance(value, ArrayObject) and not value)


def _content_streams(page: DictionaryObject) -> list[tuple[object, StreamObject]]:
    raw = dict.get(page, "/Contents")
    whole = resolved(raw)
    items = list(whole) if isinstance(whole, ArrayObject) else [raw]
    streams: list[tuple[object, StreamObject]] = []
    for item in items:
        found = resolved(item)
        if isinstance(found, StreamObject):
            streams.append((item, found))
    return streams


def _unpacked(stream: StreamObject, reasons: list[Reason]) -> bytes:
    """Return the operators of a page, as far as they can be unpacked."""
    if entry(stream, "/Filter") != "/FlateDecode" or "/DecodeParms" in stream:
        return bytes(stream.get_data())
    packed = stream._data  # noqa: SLF001  # the packed bytes; get_data fails on a cut stream
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(packed, _UNPACKED_AT_MOST)
    except zlib.error:
        data = _first_part(packed)
        if not data:
            raise UnreadableError(Reason.PAGE_DAMAGED) from None
        _note(reasons, Reason.PAGE_INCOMPLETE)
        return data
    if not unpacker.eof and not data and packed:
        raise UnreadableError(Reason.PAGE_DAMAGED)
    return data


def _first_part(packed: bytes) -> bytes:
    unpacker, parts = zlib.decompressobj(), []
    for at in range(0, len(packed), _BITE):
        try:
            parts.append(unpacker.decompress(packed[at : at + _BITE], _UNPACKED_AT_MOST))
        except zlib.error:
            break
    return b"".join(parts)


def _check_pictures(resources: DictionaryObject, reasons: list[Reason]) -> None:
    """Note pictures that are gone; a scan whose picture is gone is no page at all.

    Raises:
        UnreadableError: the page has pictures only, and none of them is there.
    """
    pictures = entry(resources, "/XObject")
    if not isinstance(pictures, DictionaryObject) or not pictures:
        return
    gone = 0
    for raw in pictures.values():
        found = resolved(raw)
        if found is None:
            gone += 1
        elif isinstance(found, StreamObject) and entry(found, "/Subtype") == "/Image":
            gone += not found._data  # noqa: SLF001  # only whether there are bytes
    if not gone:
        return
    fonts = entry(resources, "/Font")
    if gone == len(pictures) and not (isinstance(fonts, DictionaryObject) and fonts):
        raise UnreadableError(Reason.PAGE_DAMAGED)
    _note(reasons, Reason.PAGE_INCOMPLETE)


def _appearance(mark: DictionaryObject) -> IndirectObject | None:
    """Return the picture an annotation shows now, or None."""
    pictures = entry(mark, "/AP")
    if not isinstance(pictures, DictionaryObject):
        return None
    raw = dict.get(pictures, "/N")
    found = resolved(raw)
    if isinstance(found, StreamObject):
        return raw if isinstance(raw, IndirectObject) else None
    if isinstance(found, DictionaryObject):
        state = dict.get(found, str(entry(mark, "/AS") or "/Off"))
        if isinstance(state, IndirectObject) and isinstance(resolved(state), StreamObject):
            return state
    return None


def _note(reasons: list[Reason], reason: Reason) -> None:
    if reason not in reasons:
        reasons.append(reason)

"""Writing one volume: front pages, body, bookmarks, page labels, faces."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from postloan_archive.bundle.documents import Library, UnreadableError, key_of
from postloan_archive.bundle.faults import REASONS, Problem, Reason
from postloan_archive.bundle.images import placed, put_picture, read_picture
from postloan_archive.bundle.intake import House, Intake, picture_names
from postloan_archive.bundle.output import PdfOutput, Sink, name, number, reference, text_string
from postloan_archive.bundle.plan import Item, Kind, Leaf
from postloan_archive.bundle.sheets import Canvas, notice_sheet, text_sheet
from postloan_archive.bundle.spec import BundleSpec
from postloan_archive.bundle.stamps import (
    FONT_PREFIX,
    STAMP_KEY,
    STATE_NAME,
    PageBox,
    Stamper,
    page_number_text,
)
from postloan_archive.bundle.typefaces import Ink, Subset

PIECE: Final = "Postloan"  # our entry in /PieceInfo; `restamp` reads it


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """One bookmark; `page` counts all volumes from 1."""

    title: str
    page: int
    children: list["Bookmark"] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumePlan:
    """What one file holds. Pages are numbered through all volumes, from 1."""

    front: Sequence[Canvas]
    body: Sequence[tuple[Item, Leaf]]
    bookmarks: Sequence[Bookmark]
    first: int
    total: int
    facts: dict[str, object]


@dataclass(slots=True, kw_only=True)
class Written:
    """What came of it.

    `sizes` is how far the file had grown after each page of the body, `start` before the first.
    """

    sha256: str = ""
    size: int = 0
    pages: int = 0
    start: int = 0
    problems: list[Problem] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


class VolumeWriter:
    """Writes one volume in one pass."""

    def __init__(self, spec: BundleSpec, ink: Ink, library: Library, out: Sink) -> None:
        self._spec: Final = spec
        self._ink: Final = ink
        self._library: Final = library
        self._stamper: Final = Stamper(ink)
        self._output: Final = PdfOutput(out)
        self._faces: Final = [self._output.reserve() for _ in ink.typefaces.faces]
        self._tree: Final = self._output.reserve()
        state = self._output.add(b"<< /Type /ExtGState /ca 0.72 /CA 1 >>")
        house = House(
            fonts=b" ".join(
                name(f"{FONT_PREFIX}{place}") + b" " + reference(at)
                for place, at in enumerate(self._faces)
            ),
            state=name(STATE_NAME) + b" " + reference(state),
        )
        self._resources: Final = b"/Font << %s >> /ExtGState << %s >>" % (
            house.fonts,
            house.state,
        )
        self._shared: Final = self._output.add(b"<< " + self._resources + b" >>")
        self._opener: Final = self._output.add_stream(name(STAMP_KEY[1:]) + b" /Open", b"q\n")
        self._intake: Final = Intake(self._output, house)
        self._result: Final = Written()
        self._numbers: list[int] = []

    def write(self, plan: VolumePlan) -> Written:
        """Write everything and return what came of it."""
        count = len(plan.front) + len(plan.body)
        self._numbers = [self._output.reserve() for _ in range(count)]
        for place, canvas in enumerate(plan.front):
            self._sheet(plan, place, canvas, label="")
        self._result.start = self._output.size
        for place, (item, leaf) in enumerate(plan.body, len(plan.front)):
            self._leaf(plan, place, item, leaf)
            self._result.sizes.append(self._output.size)
        self._finish(plan)
        self._result.size, self._result.pages = self._output.size, count
        return self._result

    def _leaf(self, plan: VolumePlan, place: int, item: Item, leaf: Leaf) -> None:
        page = leaf.index + 1
        try:
            if leaf.reason is not None:
                page = 0
                raise UnreadableError(leaf.reason)  # noqa: TRY301  # one way to a notice page
            if leaf.kind is Kind.PDF:
                self._pdf(plan, place, item, leaf)
            elif leaf.kind is Kind.IMAGE:
                self._image(plan, place, item, leaf)
            else:
                canvas = text_sheet(self._ink, leaf.source.name, list(leaf.lines))
                self._sheet(plan, place, canvas, label=item.label)
        except UnreadableError as error:
            self._note(plan, place, item, leaf, error.reason, page)
            facts = [
                ("编　　号", item.called),
                ("名　　称", item.title),
                ("文　　件", leaf.source.name),
                ("原 页 码", f"第 {page} 页" if page else "整个文件"),
                ("原　　因", REASONS[error.reason]),
            ]
            self._sheet(plan, place, notice_sheet(self._ink, facts), label=item.label)

    def _pdf(self, plan: VolumePlan, place: int, item: Item, leaf: Leaf) -> None:
        def paint(box: PageBox) -> bytes:
            return self._stamper.paint(box, label=item.label, foot=self._foot(plan, place))

        painter = paint if self._spec.stamped else None
        to = (leaf.index, self._numbers[place], self._tree, painter)
        try:
            document = self._library.document(leaf.source)
            reasons = self._intake.take(document, key_of(leaf.source), *to)
        except UnreadableError:
            mended = self._library.mended(leaf.source)
            if mended is None or leaf.index >= mended[1].count:
                raise
            listed = picture_names(self._library.document(leaf.source), leaf.index)
            if not listed <= picture_names(mended[1], leaf.index):
                raise  # mending has only dropped what is missing: the page would be blank
            reasons = [Reason.REPAIRED, *self._intake.take(mended[1], mended[0], *to)]
        for reason in reasons:
            self._note(plan, place, item, leaf, reason, leaf.index + 1)

    def _image(self, plan: VolumePlan, place: int, item: Item, leaf: Leaf) -> None:
        picture = read_picture(leaf.source, leaf.index)
        at = put_picture(self._output, picture)
        paper, drawing = placed(picture)
        resources = b"<< %s /XObject << /Im0 %d 0 R >> >>" % (self._resources, at)
        self._page(plan, place, paper, resources, drawing, label=item.label)

    def _sheet(self, plan: VolumePlan, place: int, canvas: Canvas, *, label: str) -> None:
        links = []
        for area, page in canvas.links:
            target = page - plan.first
            if 0 <= target < len(self._numbers):
                links.append(
                    b"<< /Type /Annot /Subtype /Link /Border [0 0 0] /Rect [%s]"
                    b" /Dest [%d 0 R /XYZ null null null] >>"
                    % (b" ".join(number(v) for v in area), self._numbers[target])
                )
        extra = b"/Annots [" + b" ".join(links) + b"]" if links else b""
        drawing = b"\n".join(canvas.operators)
        self._page(plan, place, canvas.size, reference(self._shared), drawing, label, extra)

    def _page(  # what a page is made of
        self, plan: VolumePlan, place: int, paper: tuple[float, float], resources: bytes,
        drawing: bytes, label: str, extra: bytes = b"",
    ) -> None:  # fmt: skip
        contents = [reference(self._output.add_stream(b"", drawing, pack=True))]
        if self._spec.stamped:
            box = PageBox(left=0, bottom=0, right=paper[0], top=paper[1])
            foot = self._foot(plan, place)
            marks = b"Q\n" + self._stamper.paint(box, label=label, foot=foot)
            closer = self._output.add_stream(name(STAMP_KEY[1:]) + b" /Close", marks, pack=True)
            contents = [reference(self._opener), *contents, reference(closer)]
        self._output.put(
            self._numbers[place],
            b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %s %s] /Resources %s"
            b" /Contents [%s] %s >>"
            % (
                self._tree, number(paper[0]), number(paper[1]), resources,
                b" ".join(contents), extra,
            ),
        )  # fmt: skip

    def _foot(self, plan: VolumePlan, place: int) -> str:
        return page_number_text(plan.first + place, plan.total)

    def _note(  # what a problem names
        self, plan: VolumePlan, place: int, item: Item, leaf: Leaf, reason: Reason, page: int
    ) -> None:
        self._result.problems.append(
            Problem(
                reason=reason,
                label=item.called,
                name=leaf.source.name,
                page=page or None,
                bundle_page=plan.first + place,
            )
        )

    def _finish(self, plan: VolumePlan) -> None:
        output = self._output
        kids = b" ".join(reference(at) for at in self._numbers)
        output.put(
            self._tree, b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(self._numbers), kids)
        )
        outline = self._outline(plan)
        for place, at in enumerate(self._faces):
            _put_face(output, at, self._ink.subset(place))
        day = self._spec.cover.date.strftime("(D:%Y%m%d000000+08'00')").encode()
        facts = json.dumps(plan.facts, ensure_ascii=False, sort_keys=True).encode()
        private = output.add_stream(b"", facts, pack=True)
        root = output.add(
            b"<< /Type /Catalog /Pages %d 0 R /Outlines %d 0 R /PageMode /UseOutlines"
            b" /Lang (zh-CN) /ViewerPreferences << /DisplayDocTitle true >>"
            b" /PageLabels << /Nums [0 << /S /D /St %d >>] >>"
            b" /PieceInfo << %s << /LastModified %s /Private %d 0 R >> >> %s >>"
            % (self._tree, outline, plan.first, name(PIECE), day, private, self._layers())
        )
        info = output.add(
            b"<< /Title %s /Author %s /Producer %s /CreationDate %s >>"
            % (
                text_string(f"{self._spec.cover.title}（{self._spec.cover.case}）"),
                text_string(self._spec.cover.submitter),
                text_string("贷后档案"),
                day,
            )
        )
        self._result.sha256 = output.finish(root=root, info=info)

    def _layers(self) -> bytes:
        layers = self._intake.layers
        if not layers:
            return b""
        every = b" ".join(reference(at) for at, _ in layers)
        hidden = b" ".join(reference(at) for at, off in layers if off)
        return b"/OCProperties << /OCGs [%s] /D << /OFF [%s] /Order [] >> >>" % (every, hidden)

    def _outline(self, plan: VolumePlan) -> int:
        root = self._output.reserve()
        first, last, count = self._branch(plan, root, plan.bookmarks)
        body = b"<< /Type /Outlines /Count %d" % count
        if first:
            body += b" /First %d 0 R /Last %d 0 R" % (first, last)
        self._output.put(root, body + b" >>")
        return root

    def _branch(
        self, plan: VolumePlan, parent: int, marks: Sequence[Bookmark]
    ) -> tuple[int, int, int]:
        """Write bookmarks of one level and below; return first, last and the count shown."""
        numbers = [self._output.reserve() for _ in marks]
        shown = len(marks)
        for place, (mark, at) in enumerate(zip(marks, numbers, strict=True)):
            page = self._numbers[min(max(mark.page - plan.first, 0), len(self._numbers) - 1)]
            body = b"<< /Title %s /Parent %d 0 R /Dest [%d 0 R /XYZ null null null]" % (
                text_string(mark.title), parent, page,
            )  # fmt: skip
            if place:
                body += b" /Prev %d 0 R" % numbers[place - 1]
            if place + 1 < len(numbers):
                body += b" /Next %d 0 R" % numbers[place + 1]
            if mark.children:
                first, last, count = self._branch(plan, at, mark.children)
                body += b" /First %d 0 R /Last %d 0 R /Count %d" % (first, last, count)
                shown += count
            self._output.put(at, body + b" >>")
        return (numbers[0], numbers[-1], shown) if numbers else (0, 0, 0)


def _put_face(output: PdfOutput, at: int, subset: Subset) -> None:
    program = zlib.compress(subset.program, 9)
    file = output.add_stream(b"/Filter /FlateDecode /Length1 %d" % len(subset.program), program)
    face = name(subset.name)
    descriptor = output.add(
        b"<< /Type /FontDescriptor /FontName %s /Flags 4 /FontBBox [%s] /ItalicAngle 0"
        b" /Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %d 0 R >>"
        % (
            face, b" ".join(b"%d" % v for v in subset.box), subset.ascent, subset.descent,
            subset.ascent, file,
        )
    )  # fmt: skip
    widths = b" ".join(b"%d" % width for width in subset.widths)
    descendant = output.add(
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont %s /FontDescriptor %d 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        b" /DW 1000 /W [0 [%s]] /CIDToGIDMap /Identity >>" % (face, descriptor, widths)
    )
    to_unicode = output.add_stream(b"", subset.to_unicode, pack=True)
    output.put(
        at,
        b"<< /Type /Font /Subtype /Type0 /BaseFont %s /Encoding /Identity-H"
        b" /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>" % (face, descendant, to_unicode),
    )

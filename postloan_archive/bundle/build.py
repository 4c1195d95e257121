"""From a specification to a bundle, in one file or in volumes of limited size."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO, Final, Self

from postloan_archive.bundle.documents import Library, count_pages
from postloan_archive.bundle.faults import PageCountError, VolumeLimitError
from postloan_archive.bundle.output import Sink
from postloan_archive.bundle.plan import Item, Leaf, plan
from postloan_archive.bundle.sheets import Canvas, IndexRow, cover_sheet, index_sheets
from postloan_archive.bundle.spec import BundleResult, BundleSpec, PlacedExhibit
from postloan_archive.bundle.typefaces import Ink, load_typefaces
from postloan_archive.bundle.volume import Bookmark, VolumePlan, VolumeWriter, Written

_CHUNK: Final = 1 << 20  # bytes
_LEAF = tuple[Item, Leaf]


Placed = Callable[[tuple[PlacedExhibit, ...]], None]


def _unheard(_places: tuple[PlacedExhibit, ...]) -> None:
    """Nobody asked where the exhibits stand."""


def build_bundle(spec: BundleSpec, out: BinaryIO, *, placed: Placed = _unheard) -> BundleResult:
    """Write one PDF: cover, linked index, pleadings, exhibits; bookmarked and stamped.

    The same specification over the same bytes gives the same file. Nothing reaches `out` before
    the whole file has been written and pdfium has counted its pages. `placed` is told where the
    exhibits will stand as soon as the pages are counted, before anything is written.

    Raises:
        PageRangeError: a range names pages that the file does not have.
        NoChineseTypefaceError: there is no font to print with.
        PageCountError: pdfium counts other pages than were written.
    """
    with _Binder(spec) as binder:
        return binder.bind([len(binder.leaves)], lambda _volume: out, placed=placed)[0]


def build_volumes(
    spec: BundleSpec,
    open_volume: Callable[[int], BinaryIO],
    *,
    limit: int,
    placed: Placed = _unheard,
) -> list[BundleResult]:
    """Write as many PDFs as the upload limit of the court asks for.

    Page numbers run through all volumes; the page labels of each file equal its stamps. Each
    volume has a cover and lists what it holds, the first one lists everything. A volume ends
    between two exhibits where that wastes less than half of it.

    Args:
        spec: what to bind.
        open_volume: returns the stream for a volume, counted from 1; the caller closes it.
        limit: the largest size of one file, bytes.
        placed: told where the exhibits will stand before anything is written.

    Raises:
        VolumeLimitError: one page alone is larger than the limit.
        PageRangeError, NoChineseTypefaceError, PageCountError: as `build_bundle`.
    """
    with _Binder(spec) as binder:
        return binder.bind(binder.cuts(limit), open_volume, limit=limit, placed=placed)


@dataclass(frozen=True, slots=True)
class _Layout:
    """The leaves of each volume, where each volume begins, and how many pages there are."""

    parts: list[list[_LEAF]]
    fronts: list[int]  # cover and index pages of each volume
    firsts: list[int]  # stamped number of the first page of each volume
    total: int


class _Binder:
    def __init__(self, spec: BundleSpec) -> None:
        self._spec: Final = spec
        self._typefaces: Final = load_typefaces(spec.cjk_font)
        self._library: Final = Library()
        self._items: list[Item] = []
        self.leaves: list[_LEAF] = []

    def __enter__(self) -> Self:
        try:
            self._items = plan(self._spec, Ink(self._typefaces), self._library)
        except BaseException:
            self._library.close()
            raise
        self.leaves = [(item, leaf) for item in self._items for leaf in item.leaves]
        return self

    def __exit__(self, *_: object) -> None:
        self._library.close()

    def cuts(self, limit: int) -> list[int]:
        """Return after which leaf each volume ends, the last one included."""
        plan = self._volume(self._layout([len(self.leaves)]), 0, Ink(self._typefaces))
        whole = self._write(plan, _Nowhere())
        # Faces, bookmarks, front pages: what a volume weighs without its body.
        fixed = whole.size - (whole.sizes[-1] - whole.start if whole.sizes else 0)
        costs = [b - a for a, b in pairwise([whole.start, *whole.sizes])]
        cuts: list[int] = []
        start = 0
        while start < len(self.leaves):
            end = self._reach(costs, start, limit - fixed)
            while end > start + 1 and not self._fits(cuts, end, limit):
                end -= max(1, (end - start) // 16)
            cuts.append(end)
            start = end
        return cuts or [0]

    def _reach(self, costs: list[int], start: int, room: int) -> int:
        end, used = start, 0
        boundary, at_boundary = start, 0
        while end < len(costs) and (end == start or used + costs[end] <= room):
            if end > start and self.leaves[end][0] is not self.leaves[end - 1][0]:
                boundary, at_boundary = end, used
            used += costs[end]
            end += 1
        if end < len(costs) and self.leaves[end][0] is not self.leaves[end - 1][0]:
            return end
        return boundary if end < len(costs) and at_boundary * 2 > room else end

    def _fits(self, cuts: Sequence[int], end: int, limit: int) -> bool:
        """Return whether a volume that ends there keeps the limit, with room for numbers."""
        more = [len(self.leaves)] if end < len(self.leaves) else []
        layout = self._layout([*cuts, end, *more])
        written = self._write(self._volume(layout, len(cuts), Ink(self._typefaces)), _Nowhere())
        return written.size <= limit - 1024

    def bind(
        self,
        cuts: list[int],
        open_volume: Callable[[int], BinaryIO],
        *,
        limit: int = 0,
        placed: Placed = _unheard,
    ) -> list[BundleResult]:
        """Write the volumes that end after the given leaves."""
        layout = self._layout(cuts)
        placed(
            tuple(
                PlacedExhibit(
                    label=item.label, title=item.title, first=first, last=last, volume=volume
                )
                for item, first, last, volume in self._places(layout, None)
                if item.exhibit
            )
        )
        results = []
        for which in range(len(cuts)):
            volume = self._volume(layout, which, Ink(self._typefaces))
            with tempfile.TemporaryFile(buffering=_CHUNK) as held:
                written = self._write(volume, held)
                if limit and written.size > limit:
                    raise VolumeLimitError(
                        limit=limit, page=volume.first + len(volume.front), size=written.size
                    )
                held.seek(0)
                counted = count_pages(held)  # type: ignore[arg-type]  # as above
                if counted != written.pages:
                    raise PageCountError(written=written.pages, counted=counted)
                held.seek(0)
                shutil.copyfileobj(held, open_volume(which + 1), _CHUNK)
            results.append(self._result(layout, which, written))
        return results

    def _write(self, volume: VolumePlan, out: Sink) -> Written:
        # The ink that laid the front out holds the codes the front is printed with.
        ink = volume.front[0].ink
        return VolumeWriter(self._spec, ink, self._library, out).write(volume)

    def _layout(self, cuts: list[int]) -> _Layout:
        starts = [0, *cuts[:-1]]
        parts = [self.leaves[a:b] for a, b in zip(starts, cuts, strict=True)]
        draft = _Layout(parts, [0] * len(parts), [1] * len(parts), len(self.leaves))
        fronts = [
            1 + len(self._index(draft, which, Ink(self._typefaces)))
            for which in range(len(parts))
        ]
        firsts, at = [], 1
        for front, part in zip(fronts, parts, strict=True):
            firsts.append(at)
            at += front + len(part)
        return _Layout(parts, fronts, firsts, at - 1)

    def _volume(self, layout: _Layout, which: int, ink: Ink) -> VolumePlan:
        volumes = len(layout.parts)
        front = [
            cover_sheet(ink, self._spec.cover, volume=(which + 1, volumes)),
            *self._index(layout, which, ink),
        ]
        facts: dict[str, object] = {
            "version": 1,
            "volume": [which + 1, volumes],
            "front": len(front),
            "items": self._facts(layout, which),
            "cover": _cover_facts(self._spec),
        }
        return VolumePlan(
            front=front,
            body=layout.parts[which],
            bookmarks=self._bookmarks(layout, which),
            first=layout.firsts[which],
            total=layout.total,
            facts=facts,
        )

    def _places(
        self, layout: _Layout, which: int | None
    ) -> Iterator[tuple[Item, int, int, int]]:
        """Yield each item with first and last page and volume; None joins all volumes."""
        found: dict[int, list[tuple[int, int]]] = {}
        for volume, part in enumerate(layout.parts):
            if which is not None and volume != which:
                continue
            page = layout.firsts[volume] + layout.fronts[volume]
            for offset, (item, _) in enumerate(part):
                found.setdefault(id(item), []).append((page + offset, volume + 1))
        for item in self._items:
            if places := found.get(id(item)):
                yield item, places[0][0], places[-1][0], places[0][1]

    def _index(self, layout: _Layout, which: int, ink: Ink) -> list[Canvas]:
        many = len(layout.parts) > 1
        rows: list[IndexRow] = []
        group = None
        for item, first, last, volume in self._places(layout, None if which == 0 else which):
            heading = _heading(item)
            if heading != group and (heading or group):
                rows.append(IndexRow(heading=heading or "其他证据"))
            group = heading
            rows.append(_index_row(item, first, last, str(volume) if many else ""))
        title = "证据目录" if which == 0 else "本册目录"
        return index_sheets(ink, title, self._spec.cover, rows)

    def _bookmarks(self, layout: _Layout, which: int) -> list[Bookmark]:
        first = layout.firsts[which]
        marks = [
            Bookmark(title="封面", page=first),
            Bookmark(title="证据目录" if which == 0 else "本册目录", page=first + 1),
        ]
        chapters: dict[str, Bookmark] = {}
        for item, page, _, _ in self._places(layout, which):
            chapter = "证据材料" if item.exhibit else "诉讼文书"
            if chapter not in chapters:
                chapters[chapter] = Bookmark(title=chapter, page=page)
                marks.append(chapters[chapter])
            siblings = chapters[chapter].children
            if item.exhibit and item.exhibit.group:
                heading = item.exhibit.group
                if not siblings or siblings[-1].title != heading:
                    siblings.append(Bookmark(title=heading, page=page))
                siblings = siblings[-1].children
            siblings.append(Bookmark(title=f"{item.label} {item.title}".strip(), page=page))
        return marks

    def _facts(self, layout: _Layout, which: int) -> list[dict[str, object]]:
        return [
            {
                "label": item.label,
                "title": item.title,
                "first": first - layout.firsts[which] + 1,
                "last": last - layout.firsts[which] + 1,
                **_exhibit_facts(item),
            }
            for item, first, last, _ in self._places(layout, which)
        ]

    def _result(self, layout: _Layout, which: int, written: Written) -> BundleResult:
        placed = [
            (item, PlacedExhibit(
                label=item.label, title=item.title, first=first, last=last, volume=volume,
            ))
            for item, first, last, volume in self._places(layout, which)
        ]  # fmt: skip
        here = {id(item) for item, _ in placed}
        notes = [note for item in self._items if id(item) in here for note in item.notes]
        return BundleResult(
            pages=written.pages,
            first_page=layout.firsts[which],
            total_pages=layout.total,
            size=written.size,
            sha256=written.sha256,
            exhibits=tuple(place for item, place in placed if item.exhibit),
            pleadings=tuple(place for item, place in placed if not item.exhibit),
            problems=(*notes, *written.problems),
        )


class _Nowhere:
    """A stream that keeps nothing, for measuring."""

    def write(self, data: bytes, /) -> int:
        return len(data)


def _heading(item: Item) -> str:
    if item.exhibit is None:
        return "诉讼文书"
    return item.exhibit.group


def _index_row(item: Item, first: int, last: int, volume: str) -> IndexRow:
    exhibit = item.exhibit
    if exhibit is None:
        return IndexRow(label="—", title=item.title, first=first, last=last, volume=volume)
    return IndexRow(
        label=exhibit.label,
        title=exhibit.title,
        purpose=exhibit.purpose,
        first=first,
        last=last,
        kind="原件" if exhibit.original else "复印件",
        origin=exhibit.origin,
        copies=str(exhibit.copies) if exhibit.copies else "",
        volume=volume,
    )


def _exhibit_facts(item: Item) -> dict[str, object]:
    exhibit = item.exhibit
    if exhibit is None:
        return {}
    return {
        "purpose": exhibit.purpose,
        "original": exhibit.original,
        "group": exhibit.group,
        "origin": exhibit.origin,
        "copies": exhibit.copies,
    }


def _cover_facts(spec: BundleSpec) -> dict[str, object]:
    cover = spec.cover
    return {
        "court": cover.court,
        "parties": [list(party) for party in cover.parties],
        "case": cover.case,
        "title": cover.title,
        "date": cover.date.isoformat(),
        "case_no": cover.case_no,
        "submitter": cover.submitter,
        "notes": [list(note) for note in cover.notes],
    }

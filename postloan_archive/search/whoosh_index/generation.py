"""One generation: a Whoosh index in a folder, changed only by whoever holds the lock."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.writing import SegmentWriter

from postloan_archive.search.cache import Cache
from postloan_archive.search.port import IndexedPage
from postloan_archive.search.preparing import prepare
from postloan_archive.search.shelves import Place, StoredPage
from postloan_archive.search.whoosh_index import files, layout
from postloan_archive.search.whoosh_index.files import State
from postloan_archive.search.whoosh_index.journal import Add, Change, Remove, Retag
from postloan_archive.search.whoosh_index.reading import Segment, View

LARGEST: Final = 2_000  # pages of a segment that is written again to be joined with others
_SMALL: Final = 8  # so many small segments are joined into one
_WASTE: Final = 4  # one page in so many may be dead before a segment is written again


class Generation:
    """Reads and changes one generation. Not safe for two threads at once: the index locks."""

    def __init__(self, place: Path, cache: Cache) -> None:
        self.place = place
        self._cache = cache
        self._storage = FileStorage(str(place), readonly=False)
        self._view: View | None = None

    @classmethod
    def create(cls, place: Path, cache: Cache, *, applied: int) -> "Generation":
        """Make an empty index that lacks no change up to `applied`."""
        place.mkdir(parents=True, exist_ok=True)
        generation = cls(place, cache)
        TOC.create(generation._storage, layout.schema(), layout.NAME)
        files.write_state(place, State(version=layout.version(), applied=applied))
        return generation

    @property
    def state(self) -> State | None:
        """Return the state as it is on the disk."""
        return files.read_state(self.place)

    def view(self) -> View:
        """Return the newest commit; segments already open are used again."""
        number = TOC._latest_generation(self._storage, layout.NAME)  # noqa: SLF001 - no other way to ask
        if self._view is not None and self._view.toc.generation == number:
            return self._view
        toc = TOC.read(self._storage, layout.NAME)
        known = {segment.id: segment for segment in self._view.segments} if self._view else {}
        segments = [
            known.get(entry.segment_id()) or Segment(self._storage, toc.schema, entry)
            for entry in toc.segments
        ]
        for gone in set(known) - {segment.id for segment in segments}:
            known[gone].close()
        self._view = View(toc, segments, self._cache)
        return self._view

    def make_stale(self) -> None:
        """Note that changes were missed, so that the index must be built anew."""
        state = self.state
        if state is not None:
            files.write_state(self.place, replace(state, version=""))

    def close(self) -> None:
        """Let go of the files."""
        for segment in self._view.segments if self._view else ():
            segment.close()
        self._view = None

    def apply(self, changes: Iterable[Change], state: State, *, cursor: int | None) -> None:
        """Apply changes and note the state.

        Where there is a cursor, pages after it are left to the rebuild.
        """
        work = Work(
            self.view(),
            [
                change
                for change in changes
                if cursor is None
                or not isinstance(change, Add)
                or change.page.page_id <= cursor
            ],
        )
        self._write(work, state, join=cursor is None)

    def _write(self, work: "Work", state: State, *, join: bool) -> None:
        view = self.view()
        again = work.segments_to_write_again(join=join)
        for key in again:
            for number in view.shelf(key).alive():
                if (key, number) not in work.gone:
                    page = _indexed(view.segments[key].page(number))
                    work.pages.setdefault(page.page_id, page)
        dropped = {view.segments[key].id for key in again}
        if work.pages or work.gone or dropped:
            self._commit(work, dropped)
        files.write_state(self.place, state)

    def _commit(self, work: "Work", dropped: set[str]) -> None:
        writer = SegmentWriter(
            FileIndex(self._storage, indexname=layout.NAME), codec=layout.codec()
        )
        writer.pool = layout.TermPool()
        try:
            firsts = work.view.first_numbers()
            for key, number in sorted(work.gone):
                if work.view.segments[key].id not in dropped:
                    writer.delete_document(firsts[key] + number)
            for _, page in sorted(work.pages.items()):
                writer.add_document(**layout.document_of(prepare(page)))
        except BaseException:
            writer.cancel()
            raise
        writer.commit(
            mergetype=lambda _, segments: [s for s in segments if s.segment_id() not in dropped]
        )


class Work:
    """What a row of changes comes to: pages to write, and places that die.

    Attributes:
        pages: to be added, by id.
        gone: places in the view whose page is removed or written anew.
        purge: a document was removed for good, so that its text must leave the files.
    """

    def __init__(self, view: View, changes: Iterable[Change]) -> None:
        self.view = view
        self.pages: dict[int, IndexedPage] = {}
        self.gone: set[Place] = set()
        removed: set[int] = set()
        for change in changes:
            match change:
                case Add(page):
                    self.gone.update(view.places("page", str(page.page_id)))
                    self.pages[page.page_id] = page
                case Remove(document_id):
                    removed.add(document_id)
                    self._remove(document_id)
                case Retag(loan_no, branch_id):
                    self._retag(loan_no, branch_id)
        self.purge = not removed <= {page.document_id for page in self.pages.values()}

    def _remove(self, document_id: int) -> None:
        self.gone.update(self.view.places("document", str(document_id)))
        for page in [p for p in self.pages.values() if p.document_id == document_id]:
            del self.pages[page.page_id]

    def _retag(self, loan_no: str, branch_id: int) -> None:
        for page in self.pages.values():
            if page.loan_no == loan_no:
                self.pages[page.page_id] = replace(page, branch_id=branch_id)
        for key, number in self.view.places("loan", loan_no):
            if (key, number) not in self.gone:
                page = _indexed(self.view.segments[key].page(number))
                self.pages[page.page_id] = replace(page, branch_id=branch_id)
                self.gone.add((key, number))

    def segments_to_write_again(self, *, join: bool) -> list[int]:
        """Return the segments whose living pages move into the new one."""
        sizes: dict[int, int] = {}
        again: set[int] = set()
        for key in self.view.keys():  # noqa: SIM118 - a view is no mapping
            dying = sum(1 for place in self.gone if place[0] == key)
            alive = self.view.shelf(key).live.bit_count() - dying
            dead = self.view.segments[key].size - alive
            if dead and (self.purge or dead * _WASTE >= alive):
                again.add(key)
            else:
                sizes[key] = alive
        small = sorted(
            (key for key in sizes if sizes[key] < LARGEST // 2), key=sizes.__getitem__
        )
        if join and len(small) >= _SMALL:
            total = 0
            for key in small:
                total += sizes[key]
                if total > LARGEST:
                    break
                again.add(key)
        return sorted(again)


def _indexed(page: StoredPage) -> IndexedPage:
    return IndexedPage(
        page_id=page.page_id,
        document_id=page.document_id,
        loan_no=page.loan_no,
        branch_id=page.branch_id,
        category=page.category,
        item_code=page.item_code,
        page_no=page.page_no,
        title=page.title,
        text=page.text,
        doc_date=date.fromordinal(page.doc_date) if page.doc_date else None,
        fields=page.fields,
    )

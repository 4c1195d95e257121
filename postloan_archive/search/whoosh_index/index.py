"""The adapter: the port of `port.py` on Whoosh."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from postloan_archive.kernel.errors import _l
from postloan_archive.search import engine, following
from postloan_archive.search.cache import Cache
from postloan_archive.search.errors import IndexBusyError, SearchUnavailableError
from postloan_archive.search.port import (
    IndexedPage,
    PageSource,
    Progress,
    Query,
    Results,
    Status,
    Transactions,
)
from postloan_archive.search.whoosh_index import health, journal, layout
from postloan_archive.search.whoosh_index.files import DAMAGE, Folder
from postloan_archive.search.whoosh_index.generation import Generation
from postloan_archive.search.whoosh_index.journal import Add, Change, Remove, Retag
from postloan_archive.search.whoosh_index.reading import View

log = structlog.get_logger(__name__)

NAME: Final = "whoosh"
STEP: Final = 1_000  # pages of one segment of a rebuild
_WRITING: Final = "postloan_search_waiting"
_PATIENCE_S: Final = 2.0  # a commit waits so long for another process that writes
_REBUILD_PATIENCE_S: Final = 120.0
_BEHIND: Final = _l("索引尚有 {count} 项变更未写入，结果可能不全。")


class WhooshIndex:
    """The index in a folder. One object serves all threads of a process."""

    def __init__(self, path: Path) -> None:
        self._folder = Folder(path)
        self._lock = threading.RLock()  # Whoosh's readers are for one thread at a time
        self._cache = Cache()
        self._open: dict[int, Generation] = {}

    def create(self, session: Session) -> None:
        """Make an empty index where there was none, and apply what a crash left waiting."""
        stale = following.take_over(session, NAME)
        first = not journal.exists(session.connection())
        journal.create(session)
        with self._writing(wait_s=_PATIENCE_S) as held:
            serving = self._generation(self._folder.serving())
            if held and first and serving is None:
                number = self._folder.next_number()
                applied = journal.last(session.connection())
                Generation.create(self._folder.place(number), self._cache, applied=applied)
                self._folder.serve(number)
            elif held and stale and serving is not None:
                serving.make_stale()
        session.info[_WRITING] = session.get_bind()

    def add(self, session: Session, pages: Iterable[IndexedPage]) -> None:
        """Make pages searchable after the commit; a page already there is replaced."""
        self._append(session, [Add(page) for page in pages])

    def remove_document(self, session: Session, document_id: int) -> None:
        """Forget a document after the commit; nothing of its text stays in the index."""
        self.remove_documents(session, (document_id,))

    def remove_documents(self, session: Session, document_ids: Sequence[int]) -> None:
        """Forget documents after the commit."""
        self._append(session, [Remove(document_id) for document_id in document_ids])

    def retag(self, session: Session, loan_no: str, branch_id: int) -> None:
        """Move all pages of a loan to another branch after the commit."""
        self._append(session, [Retag(loan_no, branch_id)])

    def search(self, session: Session, query: Query) -> Results:
        """Answer a query; never fails on what a person typed."""
        with self._reading() as view:
            results = engine.Search(view, query).run()
        behind = self._behind(session)
        if behind:
            results = replace(results, notes=(*results.notes, _BEHIND.format(count=behind)))
        return results

    def suggest(self, session: Session, query: Query) -> tuple[str, ...]:
        """Return up to `query.limit` titles, customers and numbers that contain the text."""
        del session
        with self._reading() as view:
            return engine.suggest(view, query)

    def rebuild(
        self,
        transactions: Transactions,
        source: PageSource,
        progress: Progress | None = None,
        *,
        total: int | None = None,
    ) -> int:
        """Build the index anew while the old one serves; goes on where it stopped.

        Raises:
            IndexBusyError: another process keeps the lock of the index.
        """
        with self._writing(wait_s=_REBUILD_PATIENCE_S) as held:
            if not held:
                raise IndexBusyError
            number = self._begin(transactions)
        done = self._size(number)
        while (pages := self._step(number, transactions, source)) is not None:
            done += pages
            if progress is not None:
                progress(done, total)
        return self._size(self._folder.serving())

    def status(
        self, session: Session, *, expected: int | None = None, deep: bool = False
    ) -> Status:
        """Check the index; `deep` reads all of it."""
        with self._lock:
            return health.status(
                session,
                self._folder,
                self._generation,
                expected=expected,
                deep=deep,
            )

    def committed(self, session: Session) -> None:
        """Put what was committed into the index; what cannot be put now waits."""
        waiting = session.info.pop(_WRITING, None)
        if waiting is not None:
            assert isinstance(waiting, Engine)
            try:
                self.catch_up(waiting)
            except DAMAGE:
                log.exception("search_index_not_written")

    def rolled_back(self, session: Session) -> None:
        """Nothing is left to do: the changes were never written down."""
        session.info.pop(_WRITING, None)

    def catch_up(self, database: Engine) -> bool:
        """Apply what is committed and waits; return whether nothing is left."""
        with self._writing(wait_s=_PATIENCE_S) as held:
            if not held:
                return False  # who holds the lock looks again before letting it go
            serving = self._generation(self._folder.serving())
            state = serving.state if serving else None
            if serving is None or state is None:
                return False  # a rebuild will bring it all
            while True:
                with database.connect().execution_options(read_only=True) as connection:
                    entries = journal.read(connection, after=state.applied)
                if not entries:
                    break
                state = replace(serving.state or state, applied=entries[-1].seq)
                serving.apply([entry.change for entry in entries], state, cursor=None)
            self._forget(database, state.applied)
            return True

    def _forget(self, database: Engine, applied: int) -> None:
        building = self._generation(self._folder.building())
        if building is not None and (state := building.state) is not None:
            applied = min(applied, state.applied)
        with database.connect().execution_options(read_only=True) as connection:
            held = journal.waiting(connection, after=0) - journal.waiting(
                connection, after=applied
            )
        if held:
            with Session(database) as session, session.begin():
                journal.forget(session, up_to=applied)

    def _append(self, session: Session, changes: list[Change]) -> None:
        journal.append(session, changes)
        session.info[_WRITING] = session.get_bind()

    def _begin(self, transactions: Transactions) -> int:
        """Return the generation to go on with, or a new one."""
        number = self._folder.building()
        building = self._generation(number)
        state = building.state if building else None
        if number is not None and state is not None and state.version == layout.version():
            return number
        with transactions() as session:
            journal.create(session)
            applied = journal.last(session.connection())
        number = self._folder.next_number()
        Generation.create(self._folder.place(number), self._cache, applied=applied)
        self._folder.build(number)
        return number

    def _step(self, number: int, transactions: Transactions, source: PageSource) -> int | None:
        """Take the next pages in; return how many, None when the new generation serves."""
        with self._writing(wait_s=_REBUILD_PATIENCE_S) as held:
            if not held:
                raise IndexBusyError
            building = self._generation(number)
            state = building.state if building else None
            if self._folder.building() != number or building is None or state is None:
                return None  # another process has finished it
            with transactions() as session:
                pages = source(session, state.cursor, STEP)
                entries = journal.read(session.connection(), after=state.applied)
            if pages:
                state = replace(state, cursor=pages[-1].page_id)
            if entries:
                state = replace(state, applied=entries[-1].seq)
            changes = [*map(Add, pages), *(entry.change for entry in entries)]
            building.apply(changes, state, cursor=state.cursor)
            if pages or len(entries) == journal.AT_ONCE:
                return len(pages)
            self._folder.serve(number)
            self._close_others()
            self._folder.drop_others()
            return None

    def _size(self, number: int | None) -> int:
        with self._lock:
            generation = self._generation(number)
            return generation.view().size if generation else 0

    @contextmanager
    def _reading(self) -> Iterator[View]:
        with self._lock:
            generation = self._generation(self._folder.serving())
            if generation is None:
                raise SearchUnavailableError
            try:
                yield generation.view()
            except DAMAGE as fault:
                raise SearchUnavailableError from fault

    @contextmanager
    def _writing(self, *, wait_s: float) -> Iterator[bool]:
        with self._lock, self._folder.locked(wait_s=wait_s) as held:
            yield held

    def _generation(self, number: int | None) -> Generation | None:
        """Return an opened generation; None without number, folder or state."""
        if number is None:
            return None
        if number not in self._open:
            self._close_others()
            self._open[number] = Generation(self._folder.place(number), self._cache)
        generation = self._open[number]
        return generation if generation.state is not None else None

    def _close_others(self) -> None:
        kept = {self._folder.serving(), self._folder.building()}
        for number in [number for number in self._open if number not in kept]:
            self._open.pop(number).close()

    def _behind(self, session: Session) -> int:
        generation = self._generation(self._folder.serving())
        state = generation.state if generation else None
        return journal.waiting(session.connection(), after=state.applied) if state else 0

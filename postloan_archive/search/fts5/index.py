"""The adapter: the port of `port.py` on FTS5."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy.orm import Session

from postloan_archive.search import engine, following
from postloan_archive.search.cache import Cache
from postloan_archive.search.fts5 import health, rebuilding, schema
from postloan_archive.search.fts5.reading import Fts5Shelves
from postloan_archive.search.fts5.writing import Writer
from postloan_archive.search.port import (
    IndexedPage,
    PageSource,
    Progress,
    Query,
    Results,
    Status,
    Transactions,
)

NAME: Final = "fts5"
_WRITING: Final = "postloan_search_writing"


class Fts5Index:
    """The index in the database of the session.

    One object serves all threads of a process; it keeps what it read of committed states.
    """

    def __init__(self) -> None:
        self._cache = Cache()

    def create(self, session: Session) -> None:
        """Make an empty index where there is none; one that missed changes is noted as old."""
        stale = following.take_over(session, NAME)
        schema.create_state(session)
        state = schema.read_state(session)
        if state is not None and state.serving is None:
            schema.create_generation(session, 1)
            schema.write_state(
                session, serving=1, birth=schema.new_birth(), version=schema.version()
            )
        elif stale:
            schema.write_state(session, version="")

    def add(self, session: Session, pages: Iterable[IndexedPage]) -> None:
        """Make pages searchable in this transaction; a page already there is replaced."""
        state = self._state(session)
        pages = list(pages)
        self._mark_writing(session)
        if state.serving is not None:
            Writer(session, state.serving).add(pages)
        if state.building is not None:
            passed = [page for page in pages if page.page_id <= state.cursor]
            Writer(session, state.building).add(passed)

    def remove_document(self, session: Session, document_id: int) -> None:
        """Forget a document; nothing of its text stays in the index."""
        self.remove_documents(session, (document_id,))

    def remove_documents(self, session: Session, document_ids: Sequence[int]) -> None:
        """Forget documents at once: a shelf is cleaned up once, however many they are."""
        state = self._state(session)
        self._mark_writing(session)
        for generation in (state.serving, state.building):
            if generation is not None:
                Writer(session, generation).remove(document_ids)

    def retag(self, session: Session, loan_no: str, branch_id: int) -> None:
        """Move all pages of a loan to another branch."""
        state = self._state(session)
        self._mark_writing(session)
        for generation in (state.serving, state.building):
            if generation is not None:
                Writer(session, generation).retag(loan_no, branch_id)

    def search(self, session: Session, query: Query) -> Results:
        """Answer a query; never fails on what a person typed."""
        shelves = self._shelves(session)
        if shelves is None:
            return Results(total=0, hits=(), facets=(), took_ms=0.0)
        return engine.Search(shelves, query).run()

    def suggest(self, session: Session, query: Query) -> tuple[str, ...]:
        """Return up to `query.limit` titles, customers and numbers that contain the text."""
        shelves = self._shelves(session)
        return () if shelves is None else engine.suggest(shelves, query)

    def rebuild(
        self,
        transactions: Transactions,
        source: PageSource,
        progress: Progress | None = None,
        *,
        total: int | None = None,
    ) -> int:
        """Build the index anew while the old one serves; goes on where it stopped."""
        return rebuilding.rebuild(transactions, source, progress, total=total)

    def status(
        self, session: Session, *, expected: int | None = None, deep: bool = False
    ) -> Status:
        """Check the index; `deep` reads all of it."""
        return health.status(session, expected=expected, deep=deep)

    def committed(self, session: Session) -> None:
        """Nothing is left to do: the index is part of the transaction."""
        session.info.pop(_WRITING, None)

    def rolled_back(self, session: Session) -> None:
        """Nothing is left to do: the index is part of the transaction."""
        session.info.pop(_WRITING, None)

    def _state(self, session: Session) -> schema.State:
        state = schema.read_state(session)
        if state is None or state.serving is None:
            self.create(session)
            state = schema.read_state(session)
            assert state is not None
        return state

    def _mark_writing(self, session: Session) -> None:
        session.info[_WRITING] = session.get_transaction()

    def _shelves(self, session: Session) -> Fts5Shelves | None:
        state = schema.read_state(session)
        if state is None or state.serving is None:
            return None
        writing = session.info.get(_WRITING)
        shared = writing is None or writing is not session.get_transaction()
        cache = self._cache if shared else Cache()  # what may be rolled back is not kept
        return Fts5Shelves(session, state.serving, state.birth, cache)

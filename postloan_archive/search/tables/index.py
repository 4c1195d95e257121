"""The adapter: the port of `port.py` on tables of the database itself."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import structlog
from sqlalchemy import exc
from sqlalchemy.orm import Session

from postloan_archive.search import engine, following
from postloan_archive.search.cache import Cache
from postloan_archive.search.errors import SearchUnavailableError
from postloan_archive.search.port import (
    IndexedPage,
    PageSource,
    Progress,
    Query,
    Results,
    Status,
    Transactions,
)
from postloan_archive.search.tables import health, rebuilding, schema
from postloan_archive.search.tables.reading import TableShelves
from postloan_archive.search.tables.schema import Tables
from postloan_archive.search.tables.terms import terms_of
from postloan_archive.search.tables.writing import Writer

log = structlog.get_logger(__name__)

_WRITING: Final = "postloan_search_writing"


class DatabaseIndex:
    """The index in the database of the session.

    One object serves all threads of a process; it keeps what it read of committed states.
    """

    def __init__(self) -> None:
        self._cache = Cache()

    def create(self, session: Session) -> None:
        """Make an empty index where there is none; one that missed changes is noted as old."""
        stale = following.take_over(session, schema.name_of(session))
        schema.lock(session)
        schema.create_state(session)
        state = schema.read_state(session)
        if state is not None and state.serving is None:
            number = max(schema.generations(session), default=0) + 1
            schema.create_generation(session, number)
            terms = terms_of(Tables(session, number))
            terms.create()
            terms.finish()
            schema.write_state(
                session,
                serving=number,
                birth=schema.new_birth(),
                version=schema.version(session),
            )
        elif stale:
            schema.write_state(session, version="")

    def add(self, session: Session, pages: Iterable[IndexedPage]) -> None:
        """Make pages searchable in this transaction; a page already there is replaced."""
        pages = list(pages)
        state = self._state(session)

        def change(generation: int) -> None:
            some = pages
            if generation == state.building:  # what lies ahead is read from the source later
                some = [page for page in pages if page.page_id <= state.cursor]
            Writer(session, generation).add(some)

        self._change(session, state, change)

    def remove_document(self, session: Session, document_id: int) -> None:
        """Forget a document; nothing of its text stays in the index."""
        self.remove_documents(session, (document_id,))

    def remove_documents(self, session: Session, document_ids: Sequence[int]) -> None:
        """Forget documents at once: a shelf is cleaned up once, however many they are."""
        self._change(
            session,
            self._state(session),
            lambda generation: Writer(session, generation).remove(document_ids),
        )

    def retag(self, session: Session, loan_no: str, branch_id: int) -> None:
        """Move all pages of a loan to another branch."""
        self._change(
            session,
            self._state(session),
            lambda generation: Writer(session, generation).retag(loan_no, branch_id),
        )

    def search(self, session: Session, query: Query) -> Results:
        """Answer a query; never fails on what a person typed.

        Raises:
            SearchUnavailableError: the index is missing or damaged.
        """
        with _trusted(session):
            return engine.Search(self._shelves(session), query).run()

    def suggest(self, session: Session, query: Query) -> tuple[str, ...]:
        """Return up to `query.limit` titles, customers and numbers that contain the text.

        Raises:
            SearchUnavailableError: the index is missing or damaged.
        """
        with _trusted(session):
            return engine.suggest(self._shelves(session), query)

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
        """Return the state for a change; no one else changes it in this transaction."""
        schema.lock(session)
        state = schema.read_state(session)
        if state is None or state.serving is None:
            self.create(session)
            state = schema.read_state(session)
            assert state is not None
        return state

    def _change(
        self, session: Session, state: schema.State, change: Callable[[int], None]
    ) -> None:
        """Change the serving generation and the one that is being built.

        A damaged index is no reason to lose what a person files: the change is left out of it
        and the index is noted as damaged, until it is built anew from the pages.
        """
        session.info[_WRITING] = session.get_transaction()
        if state.damaged:
            return
        connection = session.connection()
        try:
            with connection.begin_nested():
                for generation in (state.serving, state.building):
                    if generation is not None:
                        change(generation)
        except (exc.DatabaseError, schema.DamagedError) as fault:
            if is_locked(fault):
                raise
            log.exception("search_index_damaged")
            schema.write_state(
                session, damaged=1, building=None, building_version=None, cursor=None
            )

    def _shelves(self, session: Session) -> TableShelves:
        state = schema.read_state(session)
        if state is None or state.serving is None or state.damaged:
            raise SearchUnavailableError
        writing = session.info.get(_WRITING)
        shared = writing is None or writing is not session.get_transaction()
        cache = self._cache if shared else Cache()  # what may be rolled back is not kept
        return TableShelves(session, state.serving, state.birth, cache)


def is_locked(fault: Exception) -> bool:
    """Return whether another writer was in the way: then the index is not at fault."""
    orig = fault.orig if isinstance(fault, exc.DatabaseError) else None
    code = getattr(orig, "sqlite_errorcode", 0) & 0xFF
    return code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


@contextmanager
def _trusted(session: Session) -> Iterator[None]:
    try:
        if schema.is_postgresql(session):  # which lets no transaction go on after an error
            with session.connection().begin_nested():
                yield
        else:
            yield
    except exc.DatabaseError as fault:
        if is_locked(fault):
            raise
        raise SearchUnavailableError from fault

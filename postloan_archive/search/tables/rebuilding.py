"""Builds a new generation in steps, while the old one serves, and goes on after a stop."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from sqlalchemy.orm import Session

from postloan_archive.search.port import IndexedPage, PageSource, Progress, Transactions
from postloan_archive.search.preparing import Prepared, prepare
from postloan_archive.search.tables import schema
from postloan_archive.search.tables.schema import Tables, run
from postloan_archive.search.tables.terms import terms_of
from postloan_archive.search.tables.writing import BATCH, Writer

STEP: Final = 4_000  # pages of one transaction: other writers wait for about two seconds


def rebuild(
    transactions: Transactions,
    source: PageSource,
    progress: Progress | None,
    *,
    total: int | None,
) -> int:
    """Build, put the new generation to work, take the old one down.

    Pages that are added, replaced, moved or removed meanwhile go to both generations as far as
    the new one has come; what lies ahead is read from the source later.
    """
    generation, done = _begin(transactions)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="search-fold") as folding:
        while True:
            pages: Sequence[IndexedPage] = ()
            with transactions() as session:
                schema.lock(session)
                state = schema.read_state(session)
                if state is not None and state.building == generation:
                    pages = source(session, state.cursor, STEP)
                if pages:
                    _write(session, generation, pages, folding)
                    schema.write_state(session, cursor=pages[-1].page_id)
            if not pages:  # or another process has finished it
                break
            done += len(pages)
            if progress is not None:
                progress(done, total)
    _finish_shelves(transactions, generation)
    old = _switch(transactions, source, generation)
    for leftover in old:
        _drop(transactions, leftover)
    with transactions() as session:
        state = schema.read_state(session)
        serving = state.serving if state is not None else None
        return Tables(session, serving or generation).count_pages()


def _begin(transactions: Transactions) -> tuple[int, int]:
    """Return generation and pages done of the build to go on with, or of a new one."""
    with transactions() as session:
        schema.lock(session)
        schema.create_state(session)
        state = schema.read_state(session)
        assert state is not None
        if state.building is not None and state.building_version == schema.version(session):
            tables = Tables(session, state.building)
            if tables.exist("page"):
                return state.building, tables.count_pages()
        generation = max(schema.generations(session), default=0) + 1
        generation = max(generation, (state.serving or 0) + 1, (state.building or 0) + 1)
        schema.create_generation(session, generation)
        terms_of(Tables(session, generation)).create()
        schema.write_state(
            session, building=generation, cursor=0, building_version=schema.version(session)
        )
        return generation, 0


def _write(
    session: Session,
    generation: int,
    pages: Sequence[IndexedPage],
    folding: ThreadPoolExecutor,
) -> None:
    """Fold in one thread and write in another: FTS5 leaves the interpreter to the first."""
    writer = Writer(session, generation, bulk=True)
    waiting: list[Future[list[Prepared]]] = [
        folding.submit(_prepared, pages[at : at + BATCH]) for at in range(0, len(pages), BATCH)
    ]
    for ready in waiting:
        writer.put(ready.result())


def _prepared(pages: Sequence[IndexedPage]) -> list[Prepared]:
    return [prepare(page) for page in pages]


def _finish_shelves(transactions: Transactions, generation: int) -> None:
    with transactions() as session:
        tables = Tables(session, generation)
        there = tables.exist("shelf")
        rows = tables.run("SELECT shelf FROM @_shelf ORDER BY shelf") if there else []
    for (shelf,) in rows:
        with transactions() as session:
            terms_of(Tables(session, generation)).finish_shelf(int(shelf))
    if there:
        with transactions() as session:
            terms_of(Tables(session, generation)).finish()


def _switch(transactions: Transactions, source: PageSource, generation: int) -> list[int]:
    """Take what was added in the last moment, then serve; return the generations left over."""
    with transactions() as session:
        schema.lock(session)
        state = schema.read_state(session)
        assert state is not None
        if state.building != generation:
            return []
        cursor = state.cursor
        while pages := source(session, cursor, STEP):
            Writer(session, generation).add(pages)
            cursor = pages[-1].page_id
        schema.write_state(
            session,
            serving=generation,
            birth=schema.new_birth(),
            version=state.building_version,
            building=None,
            building_version=None,
            cursor=None,
            damaged=None,
        )
        return [other for other in schema.generations(session) if other != generation]


def _drop(transactions: Transactions, generation: int) -> None:
    """Drop a generation table by table, so that no transaction gets long."""
    with transactions() as session:
        tables = schema.tables_of(session, generation)
    for table in tables:
        with transactions() as session:
            run(session, f"DROP TABLE IF EXISTS {table}")

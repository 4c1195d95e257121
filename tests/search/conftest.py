"""Each adapter, alone on a database of its own, and loaded with generated papers."""

import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from postloan_archive.db import create_database_engine, new_session
from postloan_archive.search import Index, IndexedPage, Query, Results, Scope, open_index
from tests.postgresql_server import OPEN_TO_ALL, running_server
from tests.search.papers import Paper, papers

ADAPTERS = (
    "fts5",
    "whoosh",
    pytest.param("postgresql", marks=pytest.mark.postgres),
)
EVERYONE = Scope(branch_ids=None, categories=None)


@dataclass
class Library:
    """An index on a database, used as the unit of work uses it."""

    adapter: str
    folder: Path
    papers: Sequence[Paper] = ()
    url: str = ""
    engine: Engine = field(init=False)
    index: Index = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.engine = create_database_engine(self.url or f"sqlite:///{self.folder / 'base.db'}")
        self.reopen()

    def reopen(self) -> None:
        """Forget what the process knows, as after a restart."""
        name = "whoosh" if self.adapter == "whoosh" else "database"
        self.index = open_index(name, self.folder / "index")

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commit and tell the index, as `UnitOfWork` does."""
        session = new_session(self.engine)
        try:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                self.index.rolled_back(session)
                raise
            self.index.committed(session)
        finally:
            session.close()

    def create(self) -> None:
        with self.transaction() as session:
            self.index.create(session)

    def add(self, pages: Sequence[IndexedPage]) -> None:
        with self.transaction() as session:
            self.index.add(session, pages)

    def search(self, query: Query) -> Results:
        with self.transaction() as session:
            return self.index.search(session, query)

    def found(self, text: str, **more: object) -> list[int]:
        """Return the page ids of all hits, in order."""
        query = Query(**{"text": text, "scope": EVERYONE, "limit": 100_000, **more})
        return [hit.page_id for hit in self.search(query).hits]

    def suggest(self, query: Query) -> tuple[str, ...]:
        with self.transaction() as session:
            return self.index.suggest(session, query)

    def status(self, **more: object):
        with self.transaction() as session:
            return self.index.status(session, **more)

    def rebuild(self, pages: Sequence[IndexedPage] | None = None, **more: object) -> int:
        """Build anew from the papers, in the order of their ids."""
        given = [paper.page for paper in self.papers] if pages is None else pages
        return self.index.rebuild(self.transactions, source_of(given), **more)

    @property
    def transactions(self) -> Callable[[], AbstractContextManager[Session]]:
        return self.transaction

    def close(self) -> None:
        self.engine.dispose()


def source_of(pages: Sequence[IndexedPage]):
    """Return a page source over the list."""
    ordered = sorted(pages, key=lambda page: page.page_id)

    def source(_session: Session, after: int, limit: int) -> list[IndexedPage]:
        return [page for page in ordered if page.page_id > after][:limit]

    return source


@pytest.fixture(scope="session", params=ADAPTERS)
def adapter(request) -> str:
    return request.param


@pytest.fixture(scope="session")
def new_database() -> Iterator[Callable[[str], str]]:
    """Return the address of a database of its own for an adapter; empty for SQLite."""
    opened = ExitStack()
    servers: list[str] = []

    def address(adapter: str) -> str:
        if adapter != "postgresql":
            return ""
        if not servers:
            name = opened.enter_context(
                tempfile.TemporaryDirectory(prefix="postloan-pg-", dir=OPEN_TO_ALL)
            )
            servers.append(opened.enter_context(running_server(Path(name))))
        (server,) = servers
        fresh = f"base_{uuid.uuid4().hex}"
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {fresh}")
        engine.dispose()
        return server.replace("@/postgres?", f"@/{fresh}?")

    with opened:
        yield address


@pytest.fixture(scope="session")
def written(full) -> list[Paper]:
    return papers(seed=7, count=4_000 if full else 500)


@pytest.fixture(scope="session")
def library(adapter, written, tmp_path_factory, new_database) -> Iterator[Library]:
    """An index with the generated papers, for tests that only read."""
    folder = tmp_path_factory.mktemp(f"search-{adapter}")
    opened = Library(adapter, folder, written, new_database(adapter))
    opened.create()
    half = len(written) // 2
    opened.add([paper.page for paper in written[:half]])
    opened.add([paper.page for paper in written[half:]])
    yield opened
    opened.close()


@pytest.fixture
def shelf(adapter, tmp_path, new_database) -> Iterator[Library]:
    """An empty index, for tests that change it."""
    opened = Library(adapter, tmp_path / "search", url=new_database(adapter))
    opened.create()
    yield opened
    opened.close()

"""D10 beyond SQLite and its own index: what Whoosh and PostgreSQL keep of a destroyed text."""

import tempfile
from pathlib import Path

import pytest
from sqlalchemy import text

from postloan_archive import audit
from postloan_archive.archive import indexing
from postloan_archive.archive.finding import Find, find
from postloan_archive.config import Settings
from postloan_archive.db.schema import migrate
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import FrozenClock
from postloan_archive.retention import residue
from postloan_archive.uow import open_system
from tests.conftest import NOON
from tests.postgresql_server import OPEN_TO_ALL, running_server
from tests.retention.conftest import CANARY, places_of

CLI = Actor.program("cli")


def hits(system) -> int:
    with system.unit_of_work(CLI) as uow:
        return find(uow, Find(text=CANARY[2:5])).total  # the search itself is in the trail


class TestWhoosh:
    """The index in files of its own."""

    @pytest.fixture
    def settings(self, tmp_path) -> Settings:
        return Settings(data=tmp_path / "data", secure_cookies=False, search_adapter="whoosh")

    @pytest.fixture
    def system(self, system):
        with system.unit_of_work(CLI) as uow:
            uow.index.create(uow.session)
        return system

    def test_nothing_of_the_text_is_left(self, system, approved, carry_out, runner):
        number = approved()
        runner.run_until_empty()
        assert hits(system) == 2
        assert carry_out(number)["log_emptied"]
        assert hits(system) == 0
        assert places_of(system.settings.data, CANARY) == []
        with system.unit_of_work(CLI) as uow:
            assert indexing.is_whole(indexing.status(uow, deep=True), 0)


@pytest.mark.postgres
class TestPostgresql:
    """A server keeps dead rows and its log: what is promised, and what is the operator's."""

    @pytest.fixture
    def server(self):
        with (
            tempfile.TemporaryDirectory(prefix="postloan-pg-", dir=OPEN_TO_ALL) as name,
            running_server(Path(name)) as address,
        ):
            yield Path(name), str(address)

    @pytest.fixture
    def settings(self, tmp_path, server) -> Settings:
        return Settings(data=tmp_path / "data", secure_cookies=False, database_url=server[1])

    @pytest.fixture
    def system(self, settings):
        opened = open_system(settings, clock=FrozenClock(NOON))
        migrate(opened.engine)
        audit.create_key(settings.data)
        with opened.unit_of_work(CLI) as uow:
            uow.index.create(uow.session)
        yield opened
        opened.close()

    def test_no_row_and_no_file_of_ours_holds_it_and_vacuum_takes_the_rest(
        self, system, approved, carry_out, server
    ):
        number = approved()
        assert hits(system) == 2
        result = carry_out(number)
        assert (result["database"], result["log_emptied"]) == ("postgresql", False)
        assert (result["pages_left"], result["files_left"]) == (0, [])
        assert hits(system) == 0
        assert places_of(system.settings.data, CANARY) == []
        assert rows_with(system, CANARY) == []
        assert residue.vacuum(system.engine)
        with system.engine.connect() as connection:
            connection.execute(text("CHECKPOINT"))
        left = [one for one in places_of(server[0], CANARY) if "/pg_wal/" not in f"/{one}"]
        assert left == []  # the log goes when the operator lets its segments go


def rows_with(system, word) -> list[str]:
    """Return the tables of which a row, written as text, holds the word."""
    with system.engine.connect() as connection:
        tables = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        ).all()
        return [
            table
            for table in tables
            if connection.scalar(
                text(f'SELECT count(*) FROM "{table}" AS r WHERE r::text LIKE :word'),  # noqa: S608 - names of the catalogue
                {"word": f"%{word}%"},
            )
        ]

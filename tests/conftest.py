"""Fixtures for all tests: a real database with true commits, a vault and an index."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from postloan_archive import audit
from postloan_archive.config import Settings
from postloan_archive.db.schema import migrate
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import FrozenClock
from postloan_archive.uow import System, UnitOfWork, open_system
from tests import one_dialect

one_dialect.install()
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # noon in China


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--full`: the acceptance tests in the size that precedes a release."""
    parser.addoption("--full", action="store_true", help="run acceptance tests at full size")


@pytest.fixture(scope="session")
def full(request) -> bool:
    """Whether the acceptance tests run at full size."""
    return request.config.getoption("--full")


@pytest.fixture(scope="session")
def empty_installation(tmp_path_factory) -> Path:
    """A migrated, empty database file; half a second, once a session."""
    data = tmp_path_factory.mktemp("empty")
    system = open_system(Settings(data=data), clock=FrozenClock(NOON))
    migrate(system.engine)
    with system.unit_of_work(Actor.program("cli")) as uow:
        uow.index.create(uow.session)
    system.close()
    return data


@pytest.fixture
def settings(tmp_path) -> Settings:
    """Settings of an installation in `tmp_path`."""
    return Settings(data=tmp_path / "data", secure_cookies=False)


@pytest.fixture
def system(empty_installation, settings) -> Iterator[System]:
    """A fresh installation on a copy of the empty database; a few milliseconds."""
    settings.data.mkdir(parents=True)
    source = sqlite3.connect(empty_installation / "postloan.db")
    target = sqlite3.connect(settings.data / "postloan.db")
    with source, target:
        source.backup(target)
    source.close()
    target.close()
    audit.create_key(settings.data)
    opened = open_system(settings, clock=FrozenClock(NOON))
    yield opened
    opened.close()


@pytest.fixture
def new_uow(system) -> Callable[..., UnitOfWork]:
    """Open units of work: `with new_uow() as uow`, as `cli` unless an actor is given."""
    return lambda actor=None: system.unit_of_work(actor or Actor.program("cli"))

"""A whole loan file and people; a second, empty installation."""

import sqlite3
from collections.abc import Iterator

import pytest

from postloan_archive import audit
from postloan_archive.cli.handlers import all_handlers
from postloan_archive.config import Settings
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.clock import FrozenClock
from postloan_archive.uow import System, open_system
from tests.acceptance.whole_file import whole_file
from tests.conftest import NOON
from tests.web.people import app, browser, password_hash, people, program

__all__ = ["app", "browser", "password_hash", "people", "program", "whole_file"]


@pytest.fixture
def runner(system) -> JobRunner:
    """Does every job on the frozen clock."""
    return JobRunner(system.engine, all_handlers(system), clock=system.clock)


@pytest.fixture
def elsewhere(empty_installation, tmp_path) -> Iterator[System]:
    """A second installation, empty, with a key of its own."""
    settings = Settings(data=tmp_path / "elsewhere", secure_cookies=False)
    settings.data.mkdir()
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

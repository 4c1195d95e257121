"""A loan file to deliver papers to, and the intake as the command line uses it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from postloan_archive.archive import reading_jobs
from postloan_archive.archive.intake import Delivery, Taken, take_in
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from tests.archive.page_fixtures import *  # noqa: F403 - fixtures of pages
from tests.builders import a_loan

LOAN_NO = "JJ2025-0001"


@pytest.fixture
def loan_id(new_uow) -> int:
    """The loan file JJ2025-0001 of branch 0201."""
    with new_uow() as uow:
        return a_loan(uow).id


@pytest.fixture
def runner(system) -> JobRunner:
    """Does the reading jobs on the frozen clock."""
    return JobRunner(system.engine, reading_jobs.handlers(system), clock=system.clock)


@pytest.fixture
def deliver(system, runner, loan_id) -> Callable[..., list[Taken]]:
    """Take paths in, wholly: bytes, rows, reading, index; the receipt is `deliver.receipt`."""
    del loan_id

    def delivered(*paths: Path, actor: Actor | None = None, **changes) -> list[Taken]:
        taken: list[Taken] = []
        delivery = Delivery(paths=paths, loan_no=changes.pop("loan_no", LOAN_NO), **changes)
        delivered.receipt = take_in(
            system, actor or Actor.program("cli"), delivery, runner, taken.append
        )
        return taken

    return delivered

"""Recomputing follows the steps of the layers below, in their own transaction."""

from datetime import date

import pytest
from sqlalchemy import delete

from postloan_archive import jobs
from postloan_archive.cases.keeping import KEEP
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import FrozenClock
from postloan_archive.loans.models import LoanPosition
from postloan_archive.uow import open_system
from postloan_archive.worklist import service
from postloan_archive.worklist.jobs import (
    MAIL,
    PERIODIC,
    RECOMPUTE_ALL,
    REMIND,
    follow,
    moves_deadlines,
)
from postloan_archive.worklist.recomputing import recompute_all
from postloan_archive.worklist.rules.kinds import Kind
from postloan_archive.worklist.service import EnterDeadline
from tests.builders import a_loan
from tests.conftest import NOON
from tests.worklist.conftest import a_measure, overdue_loan


@pytest.fixture
def following(system, settings):
    """The same installation, opened as the product opens it."""
    del system
    opened = open_system(settings, clock=FrozenClock(NOON), follow=follow)
    yield opened
    opened.close()


def waiting(system) -> list[tuple[str, tuple]]:
    with system.unit_of_work(Actor.program("cli")) as uow:
        page = jobs.list_jobs(uow.session)
    return [(job.kind, job.args) for job in reversed(page.jobs)]


def test_a_step_puts_one_job_in_for_all_loans_it_touched(following, runner, row):
    with following.unit_of_work(Actor.program("cli")) as uow:
        loan = overdue_loan(uow)
        a_measure(uow, loan)
        a_measure(uow, loan, asset="车辆", asset_kind="movable")

    found = [job for job in waiting(following) if job[0] != "count_papers"]
    assert found == [("recompute_deadlines", ([1],))]
    runner.run_until_empty()
    assert row("preservation:1:renewal").safe == date(2026, 12, 2)
    assert row("preservation:2:renewal") is not None


def test_a_step_may_name_the_loan_by_its_number(following):
    with following.unit_of_work(Actor.program("cli")) as uow:
        loan_id = overdue_loan(uow, loan_no="20250001").id
    with following.unit_of_work(Actor.program("cli")) as uow:
        uow.record("loans.accelerated", "loan:20250001")

    assert waiting(following)[-1] == ("recompute_deadlines", ([loan_id],))


def test_a_step_that_fails_leaves_no_job(following):
    class StopError(Exception):
        pass

    def step():
        with following.unit_of_work(Actor.program("cli")) as uow:
            overdue_loan(uow)
            raise StopError

    with pytest.raises(StopError):
        step()

    assert waiting(following) == []


@pytest.mark.parametrize(
    ("event", "moves"),
    [
        ("cases.event_added", True),
        ("loans.limitation_event_confirmed", True),
        ("preservation.measure_registered", True),
        ("loans.file_viewed", False),
        ("cases.docket_printed", False),
        ("loans.list_exported", False),
        ("loans.ledger_imported", True),
        ("loans.ledger_uploaded", False),
        ("archive.document_added", False),
        ("worklist.deadline_noted", False),
    ],
)
def test_only_steps_that_change_facts_are_followed(event, moves):
    assert moves_deadlines(event) is moves


def test_a_new_calendar_recomputes_everything(following):
    with following.unit_of_work(Actor.program("cli")) as uow:
        uow.record("workdays.year_imported", "workday_year:1")

    assert waiting(following) == [(KEEP, ()), (RECOMPUTE_ALL, ())]


def test_the_nightly_run_comes_once_a_day_and_recomputes_every_loan(new_uow, runner, row):
    with new_uow() as uow:
        overdue_loan(uow)
        due = [job.kind for job in jobs.enqueue_due(uow.session, PERIODIC, at=NOON)]
        assert due == [RECOMPUTE_ALL, REMIND, MAIL]
        assert jobs.enqueue_due(uow.session, PERIODIC, at=NOON) == []

    runner.run_until_empty()
    assert row("limitation:1").state == "open"


def test_it_takes_the_day_of_its_argument(new_uow, runner, row):
    with new_uow() as uow:
        overdue_loan(uow)
        uow.enqueue(RECOMPUTE_ALL, "2026-03-01")

    runner.run_until_empty()
    assert row("limitation:1") is None


def test_the_night_passes_over_loans_that_are_paid_on_time(new_uow, system):
    with new_uow() as uow:
        overdue_loan(uow)
        on_time = a_loan(uow, loan_no="JJ2025-0002", contract_no="合2")
        watched = a_loan(uow, loan_no="JJ2025-0003", contract_no="合3")
        a_measure(uow, watched)
        entered = EnterDeadline(
            loan_no=on_time.loan_no, kind=Kind.OTHER, title="问", day=date(2026, 12, 1)
        )
        service.enter(uow, entered)

    assert [total for _done, total, _result in recompute_all(system)] == [2]
    tomorrow = recompute_all(system, as_of=date(2026, 11, 25))
    assert [total for _done, total, _result in tomorrow] == [3]
    with new_uow() as uow:
        uow.session.execute(delete(LoanPosition))  # nobody knows who pays on time
    assert [total for _done, total, _result in recompute_all(system)] == [3]

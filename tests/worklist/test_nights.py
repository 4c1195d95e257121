"""The nights: whatever day they are run for, and however often, they write the same."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from postloan_archive.cases import keeping
from postloan_archive.cases.models import CaseDay
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.clock import CHINA, FrozenClock
from postloan_archive.loans import positions
from postloan_archive.loans.models import LoanPosition
from postloan_archive.worklist import jobs
from postloan_archive.worklist.models import Deadline, Reminder
from tests.worklist.conftest import TODAY

NIGHT = (keeping.KEEP, positions.REFRESH, jobs.RECOMPUTE_ALL, jobs.REMIND)
MOMENTS = {"computed_at", "updated_at", "version", "made_at", "created_at"}


def night(system, day: date) -> None:
    """Run the work of the night of a day, in its order."""
    then = replace(system, clock=FrozenClock(datetime.combine(day, time(3), tzinfo=CHINA)))
    with then.unit_of_work(positions.NIGHT) as uow:
        for kind in NIGHT:
            uow.enqueue(kind)
    known = {
        **keeping.handlers(then),
        **positions.handlers(then),
        **jobs.handlers(then),
        "count_papers": lambda _context: None,
        "read_document": lambda _context: None,
    }
    runner = JobRunner(then.engine, known, clock=then.clock)
    runner.run_until_empty()


def written(new_uow) -> dict[str, list[tuple]]:
    """Return every row that a night writes, without the moments of writing."""
    found = {}
    with new_uow() as uow:
        for model in (CaseDay, LoanPosition, Deadline, Reminder):
            columns = [one for one in model.__table__.columns if one.name not in MOMENTS]
            query = select(*columns).order_by(*model.__table__.primary_key)
            found[model.__tablename__] = [tuple(row) for row in uow.session.execute(query)]
    return found


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("days", [0, 1, 8, 15, 30, 60, 400, -30])
def test_a_second_run_of_any_night_writes_nothing_new(system, new_uow, days):
    day = TODAY + timedelta(days=days)
    night(system, day)
    once = written(new_uow)
    night(system, day)
    assert written(new_uow) == once
    assert once["deadlines"]
    assert once["loan_positions"]
    assert once["case_days"]


@pytest.mark.usefixtures("filled")
def test_a_look_at_another_day_leaves_no_trace_in_the_days_of_today(system, new_uow):
    night(system, TODAY)
    today = written(new_uow)
    night(system, TODAY + timedelta(days=400))
    assert written(new_uow)["loan_positions"] != today["loan_positions"]
    night(system, TODAY)
    again = written(new_uow)
    assert again["loan_positions"] == today["loan_positions"]
    assert again["case_days"] == today["case_days"]
    assert again["deadlines"] == today["deadlines"]

"""The fixtures of pages, and loans that are late by various days."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from postloan_archive.loans import positions
from postloan_archive.loans.service import Scheduled
from tests.builders import a_loan
from tests.web.people import *  # noqa: F403 - fixtures shared by several folders

TODAY = date(2026, 11, 24)
LATE = {"JJ1": 0, "JJ2": 20, "JJ3": 75, "JJ4": 200}  # days overdue at 0201


@pytest.fixture
def ledger(new_uow, people):
    """Four loans of 0201, late by 0, 20, 75 and 200 days, and one of 0202, 20 days."""
    del people
    with new_uow() as uow:
        for loan_no, days in LATE.items():
            late(uow, loan_no, days)
        late(uow, "JJ9", 20, branch="0202")
    refresh(new_uow)


def late(uow, loan_no, days, **changes):
    """A bullet loan of 100,000 that fell due so many days ago."""
    due = TODAY - timedelta(days=days)
    loan = a_loan(
        uow,
        loan_no=loan_no,
        disbursed_on=due - timedelta(days=365),
        due_on=due,
        signed_on=due - timedelta(days=370),
        schedule=(
            Scheduled(due_on=due, principal=Decimal(100_000), interest=Decimal("6083.33")),
        ),
        **changes,
    )
    uow.session.flush()
    return loan


def refresh(new_uow, as_of=None):
    with new_uow() as uow:
        after = 0
        while after is not None:
            after, _count = positions.refresh_batch(uow, after=after, as_of=as_of)

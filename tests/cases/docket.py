"""A docketed case: what the tests of the docket begin with."""

import json
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from postloan_archive.audit import AuditRow
from postloan_archive.cases import recording, service
from postloan_archive.cases.recording import (
    CorrectEvent,
    KeepParty,
)
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.service import AddEvent, OpenCase
from postloan_archive.loans.service import Scheduled
from tests.builders import a_loan

FIRST = {"procedure": "first", "court_case_no": "（2026）苏0102民初1203号"}


@pytest.fixture
def case_no(new_uow) -> str:
    """A case with two defendants, one of them abroad; filed and docketed."""
    with new_uow() as uow:
        loan = a_loan(
            uow,
            due_on=date(2026, 5, 24),
            schedule=(
                Scheduled(
                    due_on=date(2026, 5, 24),
                    principal=Decimal(100_000),
                    interest=Decimal("3016.67"),
                ),
            ),
        )
        number = service.open_case(uow, OpenCase(loan_no=loan.loan_no, court="某法院")).case_no
        recording.keep_party(
            uow, KeepParty(case_no=number, role="defendant", name="卫南乔", abroad=True)
        )
    return number


@pytest.fixture
def add(new_uow, case_no):
    """Return a function that records an event and returns its id."""

    def added(kind, day, **more) -> int:
        with new_uow() as uow:
            cmd = AddEvent(case_no=case_no, kind=kind, happened_on=day, **{**FIRST, **more})
            return service.add_event(uow, cmd).id

    return added


@pytest.fixture
def docketed(add):
    """The complaint is in, the case has its number."""
    add(Event.COMPLAINT_RECEIVED, date(2026, 9, 1))
    add(Event.DOCKETED, date(2026, 9, 4))


def lines(new_uow, name) -> list[dict]:
    with new_uow() as uow:
        rows = uow.session.scalars(
            select(AuditRow).where(AuditRow.event == name).order_by(AuditRow.seq)
        )
        return [json.loads(row.facts) for row in rows]


def correction(case_no, event_id, **changes) -> CorrectEvent:
    values = {"happened_on": date(2026, 11, 19), "reason": "回证日期看错"}
    return CorrectEvent(case_no=case_no, event_id=event_id, **{**values, **changes})

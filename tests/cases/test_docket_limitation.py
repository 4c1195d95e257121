"""What a docket does to the limitation in the ledger: filings interrupt it, with proof."""

import io
from datetime import date

import pytest

from postloan_archive.archive import service as archive
from postloan_archive.archive.service import FileMade
from postloan_archive.cases import queries, recording, service
from postloan_archive.cases.recording import (
    StrikeEvent,
)
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.rules.steps import Step
from postloan_archive.loans import queries as loans
from postloan_archive.loans.clocks import limitation_of
from postloan_archive.loans.derivation import confirmed_events
from postloan_archive.loans.rules.limitation_state import LimitationStatus
from postloan_archive.workdays.service import load_calendar
from tests.cases.docket import correction, lines


@pytest.fixture
def receipt(new_uow, case_no) -> int:
    """The court's receipt of the complaint, in the loan file."""
    with new_uow() as uow:
        case = queries.get_case(uow, case_no)
        return archive.file_made(
            uow,
            FileMade(
                loan_id=case.loan_id,
                item_code="BQ08",
                name="收件凭证.pdf",
                title="收件凭证",
                stream=io.BytesIO(b"%PDF-1.4"),
            ),
        ).id


def limitation(new_uow, case_no):
    with new_uow() as uow:
        case = queries.get_case(uow, case_no)
        loan = loans.get_loan_by_id(uow, case.loan_id)
        return limitation_of(
            loan,
            confirmed_events(uow, loan.id),
            as_of=date(2027, 3, 1),
            calendar=load_calendar(uow.session),
        )


def test_a_proven_filing_interrupts_the_limitation(new_uow, case_no, add, receipt):
    add(Event.COMPLAINT_RECEIVED, date(2026, 11, 24), document_id=receipt)
    state = limitation(new_uow, case_no)
    assert state.status is LimitationStatus.IN_PROCEDURE
    assert lines(new_uow, "loans.limitation_event_noted")[0]["level"] == "A"


def test_a_filing_without_a_paper_moves_no_clock(new_uow, case_no, add):
    add(Event.COMPLAINT_RECEIVED, date(2026, 11, 24))
    assert limitation(new_uow, case_no).status is LimitationStatus.RUNNING


def test_a_struck_filing_takes_the_interruption_back(new_uow, case_no, add, receipt):
    event = add(Event.COMPLAINT_RECEIVED, date(2026, 11, 24), document_id=receipt)
    with new_uow() as uow:
        recording.strike_event(
            uow, StrikeEvent(case_no=case_no, event_id=event, reason="登记错案件")
        )
    assert limitation(new_uow, case_no).status is LimitationStatus.RUNNING


def test_a_corrected_filing_moves_the_interruption_and_the_end_lets_it_run(
    new_uow, case_no, add, receipt
):
    event = add(Event.COMPLAINT_RECEIVED, date(2026, 11, 20), document_id=receipt)
    with new_uow() as uow:
        recording.correct_event(
            uow,
            correction(case_no, event, happened_on=date(2026, 11, 24), document_id=receipt),
        )
    add(service.NOTE, date(2026, 11, 24), stage=Step.FILED)
    add(service.NOTE, date(2026, 11, 24), stage=Step.WITHDRAWN)
    state = limitation(new_uow, case_no)
    assert [one.event.on for one in state.legal.events] == [date(2026, 11, 24)]
    assert state.legal.due.legal == date(2029, 11, 24)

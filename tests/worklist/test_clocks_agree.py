"""One truth about limitation: header, list of loans and limitation page say the same."""

from datetime import date

import pytest
from sqlalchemy import select

from postloan_archive.cases import recording
from postloan_archive.cases import service as cases
from postloan_archive.cases.models import CaseEvent
from postloan_archive.cases.recording import StrikeEvent
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.rules.steps import Step
from postloan_archive.cases.service import AddEvent
from postloan_archive.loans.clocks import header_clocks
from postloan_archive.loans.models import Loan, LoanPosition
from postloan_archive.loans.rules.limitation_state import LimitationStatus
from postloan_archive.worklist import limitation_list
from postloan_archive.worklist.limitation_list import LimitationFilter
from tests.worklist.conftest import a_case, a_demand, a_paper, guaranteed_loan, overdue_loan

TWO_YEARS = "保证期间为主债务履行期限届满之日起二年。"
FILED = (Event.COMPLAINT_RECEIVED, date(2026, 11, 2))
TAKEN_UP = (Event.DOCKETED, date(2026, 11, 5))


@pytest.fixture
def agree(new_uow, recompute, row):
    """Assert that the three agree; return the position and the clocks of the header."""

    def checked(loan_id: int = 1):
        recompute()
        of_page = row(f"limitation:{loan_id}")
        with new_uow() as uow:
            loan = uow.session.get(Loan, loan_id)
            clocks = {one.key: one for one in header_clocks(uow, loan)}
            position = uow.session.get(LoanPosition, loan_id)
            if of_page is not None and of_page.state == "open":
                assert position.limitation_by == of_page.safe
                assert position.limitation_end == of_page.legal
                assert clocks["limitation"].due.safe >= of_page.safe
            else:
                assert (position.limitation_by, position.limitation_end) == (None, None)
                assert clocks["limitation"].due is None
            return position, clocks

    return checked


def test_a_demand_moves_all_three(new_uow, agree):
    with new_uow() as uow:
        a_demand(uow, overdue_loan(uow), date(2026, 9, 1))
    position, _clocks = agree()
    assert position.limitation_end == date(2029, 9, 1)  # no calendar yet: not moved


def test_a_proven_suit_stops_all_three_and_claims_the_guarantor(new_uow, agree):
    with new_uow() as uow:
        loan = uow.session.get(Loan, guaranteed_loan(uow, TWO_YEARS).loan_id)
        a_case(uow, loan, FILED, proven=True)
    position, clocks = agree()
    assert position.limitation_status == LimitationStatus.IN_PROCEDURE
    assert clocks["limitation"].words == "程序中"
    assert clocks["guarantee-1"].done is True
    assert clocks["guarantee-debt-1"].due.nominal == date(2029, 11, 2)


def test_the_courts_paper_of_acceptance_proves_the_filing(new_uow, agree):
    with new_uow() as uow:
        loan = overdue_loan(uow)
        case_no = a_case(uow, loan, FILED)
    assert agree()[0].limitation_status == LimitationStatus.RUNNING
    with new_uow() as uow:
        paper = a_paper(uow, uow.session.get(Loan, 1))
        kind, on = TAKEN_UP
        cases.add_event(
            uow, AddEvent(case_no=case_no, kind=kind, happened_on=on, document_id=paper)
        )
    position, _clocks = agree()
    assert position.limitation_status == LimitationStatus.IN_PROCEDURE
    with new_uow() as uow:  # without the acceptance it is unproven again
        event = uow.session.scalars(select(CaseEvent).order_by(CaseEvent.id.desc())).first()
        recording.strike_event(
            uow, StrikeEvent(case_no=case_no, event_id=event.id, reason="登记错案件")
        )
    assert agree()[0].limitation_status == LimitationStatus.RUNNING


def test_a_case_taken_over_counts_from_its_acceptance(new_uow, agree):
    with new_uow() as uow:
        a_case(uow, overdue_loan(uow), TAKEN_UP, proven=True)
    assert agree()[0].limitation_status == LimitationStatus.IN_PROCEDURE


def test_a_judgment_takes_the_place_of_the_limitation(new_uow, agree):
    with new_uow() as uow:
        loan = uow.session.get(Loan, guaranteed_loan(uow, TWO_YEARS).loan_id)
        a_case(uow, loan, FILED, (Event.EFFECTIVE, date(2026, 11, 20)), proven=True)
    position, clocks = agree()
    assert position.limitation_status == ""
    assert clocks["limitation"].words == "已有判决"
    assert "2026-11-20 生效" in clocks["limitation"].note
    assert "guarantee-debt-1" not in clocks
    with new_uow() as uow:
        event = uow.session.scalars(select(CaseEvent).order_by(CaseEvent.id.desc())).first()
        recording.strike_event(
            uow, StrikeEvent(case_no="AJ2026-0001", event_id=event.id, reason="看错")
        )
    assert agree()[0].limitation_status == LimitationStatus.IN_PROCEDURE


def test_the_end_of_the_case_lets_it_run_again(new_uow, agree):
    with new_uow() as uow:
        loan = overdue_loan(uow)
        case_no = a_case(uow, loan, FILED, proven=True)
        for stage in (Step.FILED, Step.WITHDRAWN):
            cases.add_event(
                uow,
                AddEvent(
                    case_no=case_no, kind="note", happened_on=date(2026, 11, 20), stage=stage
                ),
            )
    assert agree()[0].limitation_end == date(2029, 11, 20)


def test_enforcement_on_record_counts_without_the_application(new_uow, agree):
    with new_uow() as uow:
        loan = overdue_loan(uow)
        a_case(uow, loan, (Event.ENFORCEMENT_DOCKETED, date(2026, 11, 5)), proven=True)
    assert agree()[0].limitation_status == LimitationStatus.IN_PROCEDURE


def test_a_suit_from_the_start_is_on_the_page_and_leaves_it_with_the_judgment(
    new_uow, recompute, row
):
    with new_uow() as uow:
        loan = overdue_loan(uow)
        a_demand(uow, loan, date(2026, 9, 1))
        case_no = a_case(uow, loan, FILED, proven=True)
    recompute()
    with new_uow() as uow:
        (found,) = limitation_list.listing(uow, LimitationFilter(standing="pending"))
    assert found.cause.startswith("起诉")
    assert found.cause_on == date(2026, 11, 2)
    with new_uow() as uow:
        cmd = AddEvent(case_no=case_no, kind=Event.EFFECTIVE, happened_on=date(2026, 11, 20))
        event_id = cases.add_event(uow, cmd).id
    recompute()
    assert row("limitation:1").struck_reason.startswith("判决已于 2026-11-20 生效")
    with new_uow() as uow:
        assert limitation_list.listing(uow, LimitationFilter()) == []
        recording.strike_event(
            uow, StrikeEvent(case_no=case_no, event_id=event_id, reason="看错")
        )
    recompute()
    with new_uow() as uow:
        assert len(limitation_list.listing(uow, LimitationFilter(standing="pending"))) == 1

"""Cases: our own number, the parties of the loan, the days that follow from events."""

from datetime import date

import pytest

from postloan_archive.cases import listing, queries, service
from postloan_archive.cases.errors import (
    CaseOpenError,
    CourtUnknownError,
    UnknownEventError,
    UnknownProcedureError,
    UnknownServiceModeError,
)
from postloan_archive.cases.forms import PROCEDURES
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.rules.steps import PROCEDURE_KINDS, Step, StepNotAllowedError
from postloan_archive.cases.service import AddEvent, OpenCase
from postloan_archive.preservation import queries as preservation
from postloan_archive.preservation import service as measures
from postloan_archive.preservation.commands import RegisterMeasure
from tests.builders import a_loan

COURT = "示范县人民法院"


@pytest.fixture
def case_no(new_uow) -> str:
    """An opened case."""
    with new_uow() as uow:
        loan = a_loan(uow)
        return service.open_case(uow, OpenCase(loan_no=loan.loan_no, court=COURT)).case_no


def test_a_case_gets_our_own_number_and_the_parties_of_the_loan(new_uow, case_no):
    with new_uow() as uow:
        case = queries.get_case(uow, case_no)
        roles = [(row.role, row.capacity) for row in queries.parties_of(uow, case)]

    assert case_no == "AJ2026-0001"
    assert roles == [("plaintiff", "lender"), ("defendant", "borrower")]


@pytest.mark.usefixtures("case_no")
def test_a_second_open_case_about_the_same_loan_is_refused(new_uow):
    with pytest.raises(CaseOpenError), new_uow() as uow:
        service.open_case(uow, OpenCase(loan_no="JJ2025-0001", court=COURT))


def test_without_any_court_no_case_is_opened(new_uow):
    with pytest.raises(CourtUnknownError), new_uow() as uow:
        service.open_case(uow, OpenCase(loan_no=a_loan(uow).loan_no))


def test_a_hearing_is_the_next_deadline(new_uow, case_no):
    steps = (
        (Event.COMPLAINT_RECEIVED, date(2026, 11, 20), Step.FILED),
        (Event.DOCKETED, date(2026, 11, 21), Step.DOCKETED),
        (Event.HEARING, date(2026, 12, 10), Step.TRIAL),
    )
    with new_uow() as uow:
        for kind, day, stage in steps:
            service.add_event(
                uow,
                AddEvent(
                    case_no=case_no,
                    kind=kind,
                    happened_on=day,
                    stage=stage,
                    procedure="first",
                    court_case_no="（2026）示9999民初1号",
                ),
            )

    with new_uow() as uow:
        row = listing.case_rows(uow)[0]
    assert row.next_deadline == date(2026, 12, 10)
    assert (row.stage, row.court_case_no) == ("trial", "（2026）示9999民初1号")


def test_a_step_that_the_table_does_not_allow_changes_nothing(new_uow, case_no):
    with pytest.raises(StepNotAllowedError), new_uow() as uow:
        service.add_event(
            uow,
            AddEvent(
                case_no=case_no,
                kind=Event.JUDGMENT_SERVED,
                happened_on=date(2026, 11, 20),
                stage=Step.JUDGED,
            ),
        )

    with new_uow() as uow:
        assert not queries.get_case(uow, case_no).events


def test_an_unknown_kind_of_event_is_refused(new_uow, case_no):
    with pytest.raises(UnknownEventError), new_uow() as uow:
        service.add_event(
            uow, AddEvent(case_no=case_no, kind="x", happened_on=date(2026, 11, 20))
        )


@pytest.mark.parametrize(("within", "found"), [(15, 1), (14, 0)])
def test_measures_are_listed_by_the_days_left(new_uow, case_no, within, found):
    with new_uow() as uow:
        measures.register_measure(
            uow,
            RegisterMeasure(
                loan_no="JJ2025-0001",
                case_no=case_no,
                respondent="张三",
                asset_kind="bank_deposit",
                asset="存款",
                court=COURT,
                ruling_no="（2025）示9999财保1号",
                effective_on=date(2025, 12, 10),
                court_expiry=date(2026, 12, 9),
            ),
        )

    with new_uow() as uow:
        rows = preservation.measures(uow, due_within=within)
    assert len(rows) == found
    assert all(row.days_left == 15 for row in rows)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"procedure": "first_instance"}, UnknownProcedureError),
        ({"mode": "pigeon"}, UnknownServiceModeError),
    ],
)
def test_words_that_no_page_offers_are_refused(new_uow, case_no, changes, refusal):
    with pytest.raises(refusal), new_uow() as uow:
        service.add_event(
            uow,
            AddEvent(
                case_no=case_no, kind=Event.DOCKETED, happened_on=date(2026, 11, 2), **changes
            ),
        )
    with new_uow() as uow:
        assert not queries.get_case(uow, case_no).events


def test_the_pages_offer_every_kind_of_procedure():
    assert set(PROCEDURES) == PROCEDURE_KINDS

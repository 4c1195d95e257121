"""The header of a loan file and the deadlines say the same about a debt that is sued."""

from datetime import date

import pytest

from postloan_archive.cases import service as cases
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.service import AddEvent, OpenCase
from postloan_archive.loans.models import Loan
from postloan_archive.worklist import file_clocks
from tests.worklist.conftest import guaranteed_loan

TWO_YEARS = "保证期间为主债务履行期限届满之日起二年。"


@pytest.fixture
def clocks(new_uow):
    """Return the clocks of the one loan by key."""

    def read():
        with new_uow() as uow:
            loan = uow.session.query(Loan).one()
            return {one.key: one for one in file_clocks.header_clocks(uow, loan)}

    return read


@pytest.fixture
def case_no(new_uow) -> str:
    """A case of a guaranteed, overdue loan; nothing filed yet."""
    with new_uow() as uow:
        guaranteed_loan(uow, TWO_YEARS)
        cmd = OpenCase(loan_no="JJ2025-0001", court="示范县人民法院")
        return cases.open_case(uow, cmd).case_no


def add(new_uow, case_no: str, kind: Event, on: date) -> None:
    with new_uow() as uow:
        cases.add_event(uow, AddEvent(case_no=case_no, kind=kind, happened_on=on))


@pytest.mark.usefixtures("case_no")
def test_a_case_that_is_not_filed_changes_nothing(clocks):
    found = clocks()

    assert found["limitation"].due.nominal == date(2029, 3, 2)
    assert found["guarantee-1"].done is False


def test_a_suit_stops_the_limitation_and_claims_the_guarantor(new_uow, clocks, case_no):
    add(new_uow, case_no, Event.COMPLAINT_RECEIVED, date(2026, 11, 2))
    found = clocks()

    assert found["limitation"].due is None
    assert "程序进行中" in found["limitation"].note
    assert found["guarantee-1"].done is True
    assert found["guarantee-debt-1"].due.nominal == date(2029, 11, 2)
    assert found["guarantee-debt-1"].subject == "李四"


def test_a_judgment_takes_the_place_of_the_limitation(new_uow, clocks, case_no):
    add(new_uow, case_no, Event.COMPLAINT_RECEIVED, date(2026, 4, 2))
    add(new_uow, case_no, Event.EFFECTIVE, date(2026, 11, 2))

    assert "判决已于 2026-11-02 生效" in clocks()["limitation"].note

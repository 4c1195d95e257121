"""A case about two loans in what works from the loans: deadlines, retention, loan files."""

from datetime import date

import pytest
from sqlalchemy import select

from postloan_archive.cases import queries as cases
from postloan_archive.cases import service
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.service import AddEvent, OpenCase
from postloan_archive.loans import queries as loans
from postloan_archive.retention import standing
from postloan_archive.retention.rules.periods import Block
from postloan_archive.worklist import timeline
from postloan_archive.worklist.models import Deadline
from postloan_archive.worklist.sources.facts import load_files
from tests.worklist.conftest import overdue_loan

A, B = "JJ2025-0001", "JJ2025-0002"


@pytest.fixture
def case_no(new_uow) -> str:
    """Two late loans of one borrower in one suit; the judgment was served."""
    with new_uow() as uow:
        first = overdue_loan(uow)
        overdue_loan(uow, customer_id=first.customer_id, loan_no=B, contract_no="借字第2号")
        cmd = OpenCase(loan_no=A, court="示范县人民法院", further=(B,))
        number = service.open_case(uow, cmd).case_no
        judgment = AddEvent(
            case_no=number, kind=Event.JUDGMENT_SERVED, happened_on=date(2026, 11, 20)
        )
        service.add_event(uow, judgment)
        return number


def test_the_days_of_the_case_are_kept_once_and_each_file_knows_it(new_uow, case_no, recompute):
    recompute()
    with new_uow() as uow:
        case = cases.get_case(uow, case_no)
        kept = uow.session.scalars(select(Deadline).where(Deadline.case_id == case.id)).all()
        assert {row.loan_id for row in kept} == {case.loan_id}
        files = load_files(uow, case.loan_ids)
        assert [[one.case_no for one in file.cases] for file in files] == [[case_no], [case_no]]
        for number in (A, B):
            told = [row.title for row in timeline.entries(uow, loans.get_loan(uow, number))]
            assert any(case_no in title for title in told)


def test_no_file_of_the_suit_is_destroyed_before_all_its_loans_end(new_uow, case_no):
    with new_uow() as uow:
        case = cases.get_case(uow, case_no)
        case.closed_on = date(2027, 1, 1)
        first = loans.get_loan(uow, A)
        first.settled_on = date(2027, 1, 5)
    with new_uow() as uow:
        blocks = dict(standing.standing_of(uow, loans.get_loan(uow, A)).blocks)
        assert Block.OPEN_CASE not in blocks
        assert blocks[Block.NOT_EXPIRED] == ""  # the other loan is not settled

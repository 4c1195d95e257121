"""A case about several loans: which go together, who is party, what the ledger learns."""

import io
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from postloan_archive.archive import service as archive
from postloan_archive.archive.service import FileMade
from postloan_archive.cases import case_loans, joining, listing, queries, service
from postloan_archive.cases.errors import (
    CaseOpenError,
    LeadingLoanError,
    LoanNotJoinableError,
    LoansFixedError,
    ReasonMissingError,
)
from postloan_archive.cases.listing import CaseFilter
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.rules.joining import Suable, fixed_by, refusals, reminders
from postloan_archive.cases.rules.steps import Step
from postloan_archive.cases.service import AddEvent, OpenCase
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans.errors import LoanNotFoundError
from postloan_archive.loans.models import LimitationEvent
from postloan_archive.loans.service import NewGuarantee
from tests.builders import a_customer, a_loan

COURT = "示范县人民法院"
LOAN = Suable(
    loan_no="A",
    branch_id=1,
    borrower=1,
    others=frozenset({7}),
    court="",
    arbitration=False,
    over=False,
    open_case="",
)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ()),
        ({"loan_no": "A"}, ("已在本案中",)),
        ({"over": True}, ("已结清或者已转让，没有可以请求的债权",)),
        ({"open_case": "AJ2026-0009"}, ("已有未结案件 AJ2026-0009",)),
        ({"arbitration": True}, ("合同约定仲裁，人民法院不受理",)),
        ({"branch_id": 2}, ("由另一机构发放，原告不同",)),
        (
            {"borrower": 2, "others": frozenset()},
            ("借款人不同，也没有共同的担保人",),
        ),
        ({"borrower": 2}, ()),  # the guarantor is the same
        ({"borrower": 7, "others": frozenset()}, ()),  # the guarantor of one owes the other
        ({"court": "乙法院"}, ("合同约定的法院不同（乙法院，本案为甲法院）",)),
        ({"court": "甲法院"}, ()),
    ],
)
def test_which_loan_goes_into_a_suit(changes, said):
    held = [replace(LOAN, court="甲法院")]
    assert tuple(refusals(held, replace(LOAN, **({"loan_no": "B"} | changes)))) == said


def test_another_borrower_and_a_contract_without_a_court_are_pointed_out():
    new = replace(LOAN, loan_no="B", borrower=2)
    said = tuple(reminders([replace(LOAN, court="甲法院")], new))
    assert len(said) == 2
    assert "借款人不同" in said[0]
    assert not tuple(reminders([LOAN], replace(LOAN, loan_no="B")))
    assert len(tuple(reminders([LOAN], replace(LOAN, loan_no="B", nothing_due=True)))) == 1


def test_the_loans_are_fixed_once_the_suit_is_filed():
    assert fixed_by(Step.PREPARED, filed=False) is None
    assert fixed_by(Step.PREPARED, filed=True) == "已提交起诉状"
    assert fixed_by(Step.TRIAL, filed=True) == "审理中"


@pytest.fixture
def two(new_uow) -> str:
    """Two overdue loans of one borrower, the second with a guarantor; one case."""
    with new_uow() as uow:
        first = a_loan(uow, due_on=date(2026, 5, 24))
        other = a_customer(uow, name="李四", id_no="110101199003070134")
        a_loan(
            uow,
            customer_id=first.customer_id,
            loan_no="JJ2025-0002",
            contract_no="示农商借字2025第0002号",
            schedule=(),
            guarantees=(
                NewGuarantee(
                    guarantor_id=other,
                    contract_no="保0002",
                    kind="joint",
                    signed_on=date(2025, 11, 20),
                ),
            ),
        )
        cmd = OpenCase(loan_no="JJ2025-0001", court=COURT, further=("JJ2025-0002",))
        return service.open_case(uow, cmd).case_no


def parties(uow, case_no) -> list[str]:
    return [row.name for row in queries.parties_of(uow, queries.get_case(uow, case_no))][1:]


def test_the_parties_and_the_sum_are_those_of_all_loans(new_uow, two):
    with new_uow() as uow:
        case = queries.get_case(uow, two)
        assert parties(uow, two) == ["张三", "李四"]
        assert case_loans.numbers_of(uow, case) == ("JJ2025-0001", "JJ2025-0002")
        assert case.claim_amount == joining.sum_of(
            case_loans.loans_of(uow, case), case.opened_on
        )
        assert queries.case_row(uow, case).loans == 2


def test_each_loan_leads_to_the_case(new_uow, two):
    with new_uow() as uow:
        for loan in case_loans.loans_of(uow, queries.get_case(uow, two)):
            found = listing.case_rows(uow, CaseFilter(loan_id=loan.id))
            assert [row.case_no for row in found] == [two]
            assert case_loans.open_case_no(uow, loan.id) == two
        (row,) = listing.case_rows(uow, CaseFilter(word="2025-0002"))
        assert (row.loan_no, row.loans) == ("JJ2025-0001", 2)
        assert set(uow.session.scalars(case_loans.sued_for())) == set(
            queries.get_case(uow, two).loan_ids
        )
    with pytest.raises(CaseOpenError), new_uow() as uow:
        service.open_case(uow, OpenCase(loan_no="JJ2025-0002", court=COURT))


def test_a_loan_taken_out_leaves_with_its_guarantor_and_comes_back(new_uow, two):
    with pytest.raises(ReasonMissingError), new_uow() as uow:
        joining.take_out(uow, two, "JJ2025-0002", " ")
    with pytest.raises(LeadingLoanError), new_uow() as uow:
        joining.take_out(uow, two, "JJ2025-0001", "另案起诉")
    with new_uow() as uow:
        joining.take_out(uow, two, "JJ2025-0002", "另案起诉")
    with new_uow() as uow:
        case = queries.get_case(uow, two)
        assert (parties(uow, two), len(case.loan_ids)) == (["张三"], 1)
        assert case.further[0].removed_reason == "另案起诉"
        (offered,) = joining.candidates(uow, case_loans.loans_of(uow, case))
        assert (offered.loan.loan_no, offered.refusals) == ("JJ2025-0002", ())
    with new_uow() as uow:
        joining.join_loan(uow, two, "JJ2025-0002")
    with new_uow() as uow:
        assert parties(uow, two) == ["张三", "李四"]
        assert len(queries.get_case(uow, two).further) == 1


def test_a_filed_suit_keeps_its_loans_and_interrupts_the_limitation_of_each(
    new_uow, two, paper
):
    with new_uow() as uow:
        cmd = AddEvent(
            case_no=two,
            kind=Event.COMPLAINT_RECEIVED,
            happened_on=date(2026, 11, 24),
            document_id=paper,
            stage_follows=True,
            procedure="first",
        )
        service.add_event(uow, cmd)
    with new_uow() as uow:
        rows = uow.session.scalars(select(LimitationEvent).order_by(LimitationEvent.id))
        found = [(row.loan_id, row.guarantee_id is not None) for row in rows]
        ids = queries.get_case(uow, two).loan_ids
        assert found == [(ids[0], False), (ids[1], False), (ids[1], True)]
        assert {one.stage for one in case_loans.loans_of(uow, queries.get_case(uow, two))} == {
            "litigation"
        }
        days = queries.upcoming_of_loan(uow, ids[1])
        assert [case.case_no for case, _days in days] == [two]
    with pytest.raises(LoansFixedError), new_uow() as uow:
        joining.take_out(uow, two, "JJ2025-0002", "另案起诉")


@pytest.fixture
def paper(new_uow, two) -> int:
    """A receipt of the court, in the file of the second loan."""
    with new_uow() as uow:
        return archive.file_made(
            uow,
            FileMade(
                loan_id=queries.get_case(uow, two).loan_ids[1],
                item_code="BQ08",
                name="收件凭证.pdf",
                title="收件凭证",
                stream=io.BytesIO(b"%PDF-1.4"),
            ),
        ).id


def test_a_loan_of_another_branch_is_not_there_for_who_does_not_see_it(new_uow, two, system):
    with new_uow() as uow:
        stranger = a_customer(uow, branch="0301", name="王五", id_no="110101198501010013")
        a_loan(
            uow,
            branch="0301",
            customer_id=stranger,
            loan_no="JJ2025-0009",
            contract_no="示农商借字2025第0009号",
        )
        branch_id = queries.get_case(uow, two).branch_id
    clerk = replace(Actor.program("cli"), branch_ids=frozenset({branch_id}))
    said = []
    for number in ("JJ2025-0009", "JJ2025-7777"):  # of another branch, and none at all
        with pytest.raises(LoanNotFoundError) as refused, system.unit_of_work(clerk) as uow:
            joining.join_loan(uow, two, number)
        said.append(str(refused.value).replace(number, "-"))
    assert said[0] == said[1]
    with pytest.raises(LoanNotJoinableError, match="另一机构"), new_uow() as uow:
        joining.join_loan(uow, two, "JJ2025-0009")

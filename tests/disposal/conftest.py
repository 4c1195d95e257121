"""The fixtures of pages, late loans of 0201 with a paper each, and units of work of people."""

import io
from datetime import date

import pytest

from postloan_archive.archive import service as archive
from postloan_archive.archive.service import FileMade
from postloan_archive.disposal.rules import Kind
from postloan_archive.disposal.service import execution, proposals
from postloan_archive.disposal.service.execution import Execute
from postloan_archive.disposal.service.proposals import Propose
from postloan_archive.loans import queries as loans
from postloan_archive.loans.service import NewGuarantee
from tests.builders import a_customer
from tests.collection.conftest import acting
from tests.reports.conftest import TODAY, late, refresh
from tests.web.people import *  # noqa: F403 - fixtures shared by several folders

__all__ = ["acting"]


@pytest.fixture
def ledger(new_uow, people):
    """JJ1 200 days late with a guarantor, JJ2 due in 30 days, JJ3 20 days late; JJ9 of 0202."""
    del people
    with new_uow() as uow:
        guarantor = a_customer(uow, name="李保", id_no="100101198001010035")
        late(
            uow,
            "JJ1",
            200,
            guarantees=(
                NewGuarantee(
                    guarantor_id=guarantor,
                    contract_no="保2025-1",
                    kind="joint",
                    signed_on=date(2025, 5, 1),
                    facts={"period_clause": "主债务履行期限届满之日起三年"},
                ),
            ),
        )
        late(uow, "JJ2", -30)
        late(uow, "JJ3", 20)
        late(uow, "JJ9", 20, branch="0202")
    refresh(new_uow)


@pytest.fixture
def paper(new_uow):
    """File a paper into a loan file; its id."""

    def filed(loan_no: str, item: str = "BQ17") -> int:
        with new_uow() as uow:
            loan = loans.get_loan(uow, loan_no)
            return archive.file_made(
                uow,
                FileMade(
                    loan_id=loan.id,
                    item_code=item,
                    name="协议.docx",
                    title="协议",
                    stream=io.BytesIO(f"{loan_no}{item}".encode()),
                ),
            ).id

    return filed


SALE = {
    "transferee": "某资产管理公司",
    "transferee_contact": "王经理，0000-0000",
    "agreement_no": "转2026-1",
    "agreement_on": "2026-11-20",
    "cutoff_on": "2026-11-20",
    "price": "6万",
    "new_pay_account": "0000 0000",
}
TERMS = {
    Kind.TRANSFER: SALE,
    Kind.WRITE_OFF: {"ground": "终结本次执行满一年", "pursuit": "每季查询财产线索"},
    Kind.RELIEF: {"to_penalty": "1000.00", "to_interest": "83.33"},
    Kind.ASSET: {
        "asset_kind": "real_estate",
        "description": "某路 1 号 101 室",
        "source": "（2026）某执 1 号之一",
        "value": "50000",
    },
    Kind.BANKRUPTCY: {
        "court": "某中院",
        "administrator": "某律所",
        "accepted_on": "2026-11-01",
        "announced_on": "2026-11-05",
        "file_by": "2026-12-20",
    },
    Kind.RESTRUCTURING: {
        "effective_on": "2026-11-24",
        "new_due_on": "2027-11-24",
        "method": "equal_principal",
        "months": "12",
        "first_due_on": "2026-12-24",
    },
    Kind.EXTENSION: {"effective_on": "2026-11-24", "new_due_on": "2027-06-24"},
}


@pytest.fixture
def put(acting):
    """Put a proposal up as legal; its number."""

    def proposed(kind: Kind, *loan_nos: str, who: str = "legal", **terms: str) -> str:
        with acting(who) as uow:
            return proposals.propose(
                uow,
                Propose(
                    kind=kind,
                    loan_nos=loan_nos or ("JJ1",),
                    reason="长期逾期",
                    terms={**TERMS[kind], **terms},
                ),
            ).disposal_no

    return proposed


@pytest.fixture
def agree(acting):
    def agreed(number: str) -> None:
        with acting("branch_manager") as uow:
            proposals.decide(uow, number, agree=True, words="同意")

    return agreed


@pytest.fixture
def carry_out(acting, put, agree, paper):
    """Propose, approve, carry out; the number."""

    def done(kind: Kind, *loan_nos: str, **terms: str) -> str:
        number = put(kind, *loan_nos, **terms)
        agree(number)
        proof = paper((loan_nos or ("JJ1",))[0])
        with acting("legal") as uow:
            execution.execute(
                uow, Execute(disposal_no=number, executed_on=TODAY, document_id=proof)
            )
        return number

    return done

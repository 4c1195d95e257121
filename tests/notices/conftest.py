"""An overdue loan with a joint guarantor, its letters, and the pages over them."""

import io
from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.archive import service as archive
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.cli.handlers import all_handlers
from postloan_archive.jobs import JobRunner
from postloan_archive.loans import lenders
from postloan_archive.loans.lenders import Lender
from postloan_archive.loans.service import NewGuarantee, Scheduled
from postloan_archive.notices import service
from postloan_archive.notices.service import PlanRun
from tests.builders import a_customer, a_loan
from tests.web.people import *  # noqa: F403 - fixtures shared by several folders

LOAN = "JJ2025-0001"
SLIP = "签收回执".encode()
TODAY = date(2026, 11, 24)
ADDRESS = {
    "service_address": "示范省示范县城关镇北街43号",
    "service_address_source": "合同第九条",
    "domicile": "示范省示范县柳树乡一组",
}


def an_overdue_loan(
    uow, *, loan_no=LOAN, number=1, facts=ADDRESS, branch="0201", guaranteed=True
):
    """A bullet loan that fell due on 2026-08-24, with a joint guarantor for two years."""
    borrower = a_customer(
        uow, branch=branch, id_no=f"1001011990{number:08d}", name=f"借款人{number}", facts=facts
    )
    guarantor = a_customer(
        uow, branch=branch, id_no=f"1001011980{number:08d}", name=f"保证人{number}", facts=facts
    )
    lenders.describe_lender(
        uow, branch, Lender(name="示范农村商业银行股份有限公司", phone="010-12000000")
    )
    due = date(2026, 8, 24)
    return a_loan(
        uow,
        branch=branch,
        loan_no=loan_no,
        customer_id=borrower,
        contract_no=f"示农商借字2025第{number:04d}号",
        disbursed_on=date(2025, 8, 24),
        due_on=due,
        schedule=(
            Scheduled(due_on=due, principal=Decimal(100_000), interest=Decimal("6083.33")),
        ),
        loan_facts={"pay_account": "0000 0201 2025 0001"},
        contract_facts={"clauses": {"interest": "第三条", "penalty": "第四条"}},
        guarantees=()
        if not guaranteed
        else (
            NewGuarantee(
                guarantor_id=guarantor,
                contract_no=f"示农商保字2025第{number:04d}号",
                kind="joint",
                signed_on=date(2025, 8, 20),
                facts={"period_clause": "主债务履行期限届满之日起两年"},
            ),
        ),
    )


@pytest.fixture
def runner(system):
    """A worker that does every job in this process."""
    return JobRunner(system.engine, all_handlers(system), clock=system.clock)


@pytest.fixture
def loan(new_uow):
    """The overdue loan."""
    with new_uow() as uow:
        an_overdue_loan(uow)


@pytest.fixture
def issued(new_uow, runner, loan):
    """Issue the letters of one kind; returns the ids."""
    del loan

    def issue(kind="N02", loan_nos=None):
        with new_uow() as uow:
            run = service.plan_run(uow, PlanRun(kind=kind, as_of=TODAY, loan_nos=loan_nos))
            service.start_run(uow, run.id)
            ids = [notice.id for notice in run.notices]
        runner.run_until_empty()
        return ids

    return issue


@pytest.fixture
def proof_paper(new_uow):
    """Put a paper into a loan file; returns its id."""

    def put(loan_no=LOAN, name="回执.txt", data=SLIP):
        with new_uow() as uow:
            batch = archive.open_batch(uow, OpenBatch(source="cli"))
            row = archive.receive_file(
                uow,
                ReceiveFile(
                    batch_id=batch.id,
                    loan_no=loan_no,
                    name=name,
                    item_code="BQ18",
                    stream=io.BytesIO(data),
                ),
            )
            return row.document_id

    return put

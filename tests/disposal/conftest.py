"""The fixtures of pages, late loans of 0201 with a paper each, and units of work of people."""

import io
from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.archive import service as archive
from postloan_archive.archive.service import FileMade
from postloan_archive.kernel.clock import FrozenClock
from postloan_archive.loans import queries as loans
from postloan_archive.loans.service import NewGuarantee
from tests.builders import a_customer
from tests.collection.conftest import acting
from tests.reports.conftest import late, refresh
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


def money(text: str) -> Decimal:
    return Decimal(text)


__all__ += ["FrozenClock", "money"]

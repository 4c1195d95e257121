"""Money that came in is allocated by the order of the law; the last yuan settles."""

from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.disposal.errors import ConditionNotMetError
from postloan_archive.disposal.rules import Kind
from postloan_archive.disposal.service import execution, later
from postloan_archive.disposal.service.execution import Execute
from postloan_archive.disposal.service.later import Recover
from postloan_archive.loans import queries as loans
from postloan_archive.loans.booking import SurplusError
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.errors import ReceiptBookedError
from postloan_archive.loans.service import BookPayment, book_payment
from tests.reports.conftest import TODAY

pytestmark = pytest.mark.usefixtures("ledger")


def money_in(**changes) -> Recover:
    values = {
        "loan_no": "JJ1",
        "paid_on": TODAY,
        "amount": "1000",
        "channel": "诉讼执行",
        "receipt_no": "R1",
    } | changes
    return Recover(**{**values, "amount": Decimal(values["amount"])})


def test_money_is_allocated_by_the_order_of_the_law(acting):
    with acting("legal") as uow:
        owed = position_of(loans.get_loan(uow, "JJ1"), TODAY).value
        split = later.preview_recovery(uow, money_in()).value
        assert split.compound == owed.compound
        assert split.penalty == Decimal(1000) - owed.compound
        assert split.principal == Decimal(0)
        later.recover(uow, money_in())
        with pytest.raises(ReceiptBookedError):
            later.recover(uow, money_in(amount="5"))


def test_the_last_yuan_settles_and_one_more_is_refused(acting):
    with acting("legal") as uow:
        total = position_of(loans.get_loan(uow, "JJ1"), TODAY).value.total
        with pytest.raises(SurplusError) as refused:
            later.recover(uow, money_in(amount=str(total + 1)))
        assert refused.value.surplus == Decimal(1)
        assert later.recover(uow, money_in(amount=str(total))) is True
        assert loans.get_loan(uow, "JJ1").settled_on == TODAY


def test_money_before_a_relief_is_judged_by_its_own_day(acting, put, agree, paper):
    """A payment before the approval does not meet the condition."""
    with acting("legal") as uow:
        book_payment(
            uow,
            BookPayment(
                loan_no="JJ1",
                paid_on=date(2026, 11, 1),
                amount=Decimal(5000),
                to_interest=Decimal(5000),
                receipt_no="R0",
            ),
        )
    number = put(Kind.RELIEF, pay_amount="5000")
    agree(number)
    with pytest.raises(ConditionNotMetError), acting("legal") as uow:
        execution.execute(
            uow, Execute(disposal_no=number, executed_on=TODAY, document_id=paper("JJ1"))
        )

"""Recovery by channel; what comes in after a write-off; claims in bankruptcies."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from postloan_archive.collection.models import Placement
from postloan_archive.disposal.models import BankruptcyClaim, Disposal, DisposalLoan
from postloan_archive.loans import leaving
from postloan_archive.loans import queries as loans
from postloan_archive.loans.service import BookPayment, book_payment
from postloan_archive.reports import service
from postloan_archive.reports.wanted import Wanted
from tests.reports.conftest import TODAY

pytestmark = pytest.mark.usefixtures("ledger")
MONTH = Wanted(since=date(2026, 11, 1), until=TODAY)


def paid(uow, amount: int, channel: str) -> None:
    book_payment(
        uow,
        BookPayment(
            loan_no="JJ4",
            paid_on=TODAY - timedelta(days=2),
            amount=Decimal(amount),
            to_principal=Decimal(amount),
            receipt_no=f"R{channel}",
            channel=channel,
        ),
    )


def disposed(uow, kind: str) -> Disposal:
    loan = loans.get_loan(uow, "JJ4")
    row = Disposal(
        disposal_no=f"CZ-{kind}",
        kind=kind,
        state="executed",
        branch_id=loan.branch_id,
        reason="x",
        terms={},
        notes=[],
        proposed_by="legal",
        proposed_at=uow.clock.now(),
        loans=[
            DisposalLoan(
                loan_id=loan.id,
                as_of=TODAY,
                principal=Decimal(100_000),
                interest=Decimal(6_000),
                penalty=Decimal(4_000),
                compound=Decimal(0),
                overdue_days=200,
                risk_class="损失",
            )
        ],
    )
    uow.session.add(row)
    uow.session.flush()
    return row


def test_the_rate_of_each_channel_is_of_what_was_late(new_uow):
    with new_uow() as uow:
        paid(uow, 20_000, "诉讼执行")
        paid(uow, 5_000, "催收还款")
        paid(uow, 1_000, "减免")  # no recovery
        table = service.make(uow, "recovery_channel", MONTH)
    found = {row[1]: (row[4], row[7]) for row in table.rows}
    # JJ3 and JJ4 of 0201 were late on 1 November: 200,000 (JJ2 fell due on 4 November)
    assert found == {
        "催收还款": (Decimal(5_000), Decimal("2.50")),
        "诉讼执行": (Decimal(20_000), Decimal("10.00")),
    }
    assert table.foot[7] == Decimal("12.50")


def test_after_a_write_off_money_still_comes(new_uow):
    with new_uow() as uow:
        disposed(uow, "write_off")
        leaving.write_off(
            uow,
            loans.get_loan(uow, "JJ4").id,
            TODAY - timedelta(days=9),
            reference="CZ-write_off",
        )
        paid(uow, 11_000, "核销后追回")
        table = service.make(uow, "written_off", MONTH)
    (row,) = table.rows
    assert row[1] == "JJ4"
    assert row[4:7] == (Decimal(110_000), Decimal(11_000), Decimal("10.00"))


def test_a_claim_stands_with_its_days(new_uow):
    with new_uow() as uow:
        row = disposed(uow, "bankruptcy")
        uow.session.add(
            BankruptcyClaim(
                disposal_id=row.id,
                loan_id=row.loans[0].loan_id,
                branch_id=row.branch_id,
                court="示范法院",
                accepted_on=date(2026, 9, 1),
                file_by=date(2026, 11, 1),
                claimed=Decimal(110_000),
                confirmed=Decimal(100_000),
                confirmed_on=date(2026, 11, 2),
            )
        )
        uow.session.flush()
        paid(uow, 8_000, "破产分配")
        table = service.make(uow, "bankruptcies", MONTH)
    (found,) = table.rows
    assert found[-3:] == (Decimal(8_000), Decimal("8.00"), "已确认")


def test_an_agency_is_measured_by_what_it_brought_back(new_uow):
    with new_uow() as uow:
        uow.session.add(
            Placement(
                loan_id=loans.get_loan(uow, "JJ4").id,
                branch_id=loans.get_loan(uow, "JJ4").branch_id,
                agency="甲所",
                contract_no="W1",
                data_given=["姓名"],
                placed_on=TODAY - timedelta(days=10),
                placed_by="legal",
                checks=[{"on": "2026-11-20", "finding": "无投诉", "by": "legal"}],
                recalled_on=TODAY,
                recalled_why="到期",
            )
        )
        uow.session.flush()
        paid(uow, 9_000, "委外清收")
        table = service.make(uow, "agencies", MONTH)
    (row,) = table.rows
    assert row[:4] == ("甲所", 1, 0, 1)
    assert row[5] == Decimal(9_000)
    assert row[7:] == (1, 0, 1)  # checked once; nobody confirmed that the data are gone

"""How money that came in settles a loan: the split by the contract's order (R-F09)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Derived
from postloan_archive.loans.models import Loan
from postloan_archive.loans.rules.account_facts import (
    AccountFacts,
    Disbursement,
    LoanTerms,
    PaymentFact,
    RateChangeFact,
    ScheduledInstalment,
)
from postloan_archive.loans.rules.allocation import STATUTORY, DebtClass
from postloan_archive.loans.rules.money_events import RELIEF
from postloan_archive.loans.rules.statement import Booking, propose_booking

IN_KIND: Final = "以物抵债"
CHANNELS: Final = (
    "自主还款",
    "催收还款",
    "诉讼执行",
    "处置押品",
    IN_KIND,
    "委外清收",
    "破产分配",
    "担保人代偿",
    "核销后追回",
    "其他",
)
NOT_MONEY: Final = frozenset({RELIEF})  # lowers the debt, is no recovery


class SurplusError(RuleError):
    """More came in than is owed (R-F09: a surplus is reported, nothing turns negative)."""

    field = "amount"
    next_step = _l("请核对金额；多收的款项应退回付款人，不计入本笔贷款。")

    def __init__(self, *, surplus: Decimal) -> None:
        super().__init__(
            _l("超过截至该日欠款 {surplus} 元。"), basis=STATUTORY, surplus=f"{surplus:,}"
        )
        self.surplus = surplus


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An amount on a day, yuan."""

    on: date
    amount: Decimal


def facts_for_booking(loan: Loan) -> AccountFacts:
    """Return the facts of a loan as the running account takes them, payments as booked."""
    return AccountFacts(
        terms=LoanTerms(
            annual_rate_pct=loan.annual_rate,
            uplift_pct=loan.penalty_uplift,
            day_basis=loan.day_basis,
            maturity=loan.due_on,
            accelerated_on=loan.accelerated_on,
        ),
        disbursements=(Disbursement(on=loan.disbursed_on, amount=loan.principal),),
        schedule=tuple(
            ScheduledInstalment(
                no=row.no, due=row.due_on, principal=row.principal, interest=row.interest
            )
            for row in loan.schedule
        ),
        payments=tuple(
            PaymentFact(
                on=row.paid_on,
                amount=row.amount,
                booked=(
                    (DebtClass.COSTS, row.to_costs),
                    (DebtClass.COMPOUND, row.to_compound),
                    (DebtClass.PENALTY, row.to_penalty),
                    (DebtClass.INTEREST, row.to_interest),
                    (DebtClass.PRINCIPAL, row.to_principal),
                ),
            )
            for row in loan.payments
        ),
        rate_changes=tuple(
            RateChangeFact(on=row.effective_on, annual_rate_pct=row.annual_rate)
            for row in loan.rate_changes
        ),
    )


def propose(loan: Loan, received: Received) -> Derived[Booking]:
    """Return the split of an amount; what is not due yet is repaid ahead.

    Raises:
        SurplusError: more than is owed on the day.
    """
    found = propose_booking(
        facts_for_booking(loan),
        PaymentFact(on=received.on, amount=received.amount, prepayment=True),
    )
    if found.value.waiting > 0:
        raise SurplusError(surplus=found.value.waiting)
    return found

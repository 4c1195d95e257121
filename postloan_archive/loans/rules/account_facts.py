"""The stored facts of a loan from which everything owed on a day is derived (design, 9)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.loans.rules.allocation import CLASS_ORDER, DebtClass, Order
from postloan_archive.loans.rules.penalty import penalty_rate
from postloan_archive.loans.rules.repayment_terms import STANDARD, RepaymentTerms

STATUTORY_ORDER: Final = CLASS_ORDER[Order.STATUTORY]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disbursement:
    """Money paid out, yuan; its value date counts as the first interest day."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledInstalment:
    """One row of the repayment schedule.

    Attributes:
        no: from 1.
        due: boundary: the first day on which it is overdue if unpaid (R-F05).
        principal: yuan.
        interest: yuan as billed; None: derived by actual days since the previous boundary.
    """

    no: int
    due: date
    principal: Decimal
    interest: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFact:
    """Money received, yuan.

    Attributes:
        on: day of receipt; it lowers a base from that day on (R-F20).
        amount: yuan.
        booked: the split as booked by class; None: allocated by the contract's order.
            Principal booked beyond what is due lowers the principal not yet due.
        prepayment: what is left after everything due lowers the principal not yet due;
            otherwise it waits for the next due date.
    """

    on: date
    amount: Decimal
    booked: tuple[tuple[DebtClass, Decimal], ...] | None = None
    prepayment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChangeFact:
    """A new annual rate in percent from `on`, that day included."""

    on: date
    annual_rate_pct: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CostFact:
    """A cost of realising the claim that the borrower owes, yuan."""

    on: date
    amount: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanTerms:
    """What the contract says about time and money.

    Attributes:
        annual_rate_pct: percent a year on the first day.
        uplift_pct: surcharge on the contract rate for overdue principal, percent of it.
        misuse_uplift_pct: surcharge if the funds were misused; the heavier one applies.
        day_basis: 360 or 365.
        maturity: the first day of the overdue side, extensions included.
        compound_clause: the contract agrees compound interest (R-F08).
        order: in which the classes of one instalment are settled (R-F09).
        accelerated_on: from this day the whole principal is overdue (R-F19).
        interest_stops_on: acceptance of bankruptcy or a standstill; that day bears none.
        agreed: grace days, and the order of a loan that is long overdue (R-F10).
    """

    annual_rate_pct: Decimal
    uplift_pct: Decimal
    day_basis: int
    maturity: date
    misuse_uplift_pct: Decimal | None = None
    compound_clause: bool = True
    order: tuple[DebtClass, ...] = STATUTORY_ORDER
    accelerated_on: date | None = None
    interest_stops_on: date | None = None
    agreed: RepaymentTerms = STANDARD

    def order_on(self, overdue_days: int) -> tuple[DebtClass, ...]:
        """Return the order for money that comes in so many days after the oldest due date."""
        agreed = self.agreed
        if agreed.late_order is not None and overdue_days >= agreed.late_days:
            return agreed.late_order
        return self.order

    def free_until(self, due: date) -> date:
        """Return the last grace day of what fell due; acceleration has none."""
        if self.is_accelerated and due == self.accelerated_on:
            return due
        return self.agreed.free_until(due)

    def penalty_rate_pct(self, annual_rate_pct: Decimal) -> Decimal:
        """Return the penalty rate that follows the contract rate, percent a year, exact."""
        return penalty_rate(annual_rate_pct, self.uplift_pct, self.misuse_uplift_pct)

    @property
    def is_accelerated(self) -> bool:
        """Return whether the principal falls due before maturity."""
        return self.accelerated_on is not None and self.accelerated_on < self.maturity

    @property
    def all_due_on(self) -> date:
        """Return the day from which the whole principal is due."""
        accelerated = self.accelerated_on
        return self.maturity if accelerated is None else min(accelerated, self.maturity)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """Everything stored about the money of one loan; the order within a tuple is free."""

    terms: LoanTerms
    disbursements: tuple[Disbursement, ...]
    schedule: tuple[ScheduledInstalment, ...]
    payments: tuple[PaymentFact, ...] = ()
    rate_changes: tuple[RateChangeFact, ...] = ()
    costs: tuple[CostFact, ...] = ()

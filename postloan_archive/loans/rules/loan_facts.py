"""The stored facts of a loan as the derivation of a day takes them (design, 9)."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from postloan_archive.kernel.money import ZERO
from postloan_archive.loans.rules.repayment_terms import STANDARD, RepaymentTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledRow:
    """One row of the repayment schedule, yuan; `due_on` is its boundary (R-F05)."""

    due_on: date
    principal: Decimal
    interest: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidRow:
    """One payment as booked, yuan; it lowers what is owed from its own day on (R-F20).

    `payer`, `channel`: as the receipt names them, empty where it does not.
    """

    paid_on: date
    to_principal: Decimal = ZERO
    to_interest: Decimal = ZERO
    to_penalty: Decimal = ZERO
    to_compound: Decimal = ZERO
    payer: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierPlan:
    """A plan that was in force before `until`, that day not included.

    Attributes:
        accelerated: whether `accelerated_on` is known for it; else that of the loan holds.
        accelerated_on: the day from which everything was due under this plan.
    """

    until: date
    due_on: date
    schedule: tuple[ScheduledRow, ...]
    accelerated: bool = False
    accelerated_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanFacts:
    """The facts of one loan.

    Attributes:
        principal: yuan paid out.
        annual_rate_pct: percent a year at the start.
        penalty_uplift_pct: percent of the contract rate.
        schedule: rows in the order of their boundaries.
        payments: in any order.
        rate_changes: pairs of first day and new percent a year, in any order.
        accelerated_on: the day from which everything is due, None if it never was.
        earlier: the plans of before, oldest first; `schedule` and `due_on` are the newest.
        debtor: the name of the borrower; payments under it are the debtor's.
        terms: grace days, allocation and prepayment as the contract agrees them.
    """

    principal: Decimal
    annual_rate_pct: Decimal
    penalty_uplift_pct: Decimal
    day_basis: int
    disbursed_on: date
    due_on: date
    schedule: tuple[ScheduledRow, ...]
    payments: tuple[PaidRow, ...] = ()
    rate_changes: tuple[tuple[date, Decimal], ...] = ()
    accelerated_on: date | None = None
    earlier: tuple[EarlierPlan, ...] = ()
    debtor: str = ""
    terms: RepaymentTerms = STANDARD

    def free_until(self, due: date) -> date:
        """Return the last grace day of a debt item; what acceleration makes due has none."""
        return due if due == self.accelerated_on else self.terms.free_until(due)

    def charged_from(self, due: date) -> date:
        """Return the first day of penalty on a debt item that is open after its grace days."""
        return due if due == self.accelerated_on else self.terms.charged_from(due)

    def on(self, day: date) -> "LoanFacts":
        """Return the facts with the plan that was in force on the day."""
        for plan in sorted(self.earlier, key=lambda one: one.until):
            if day < plan.until:
                return replace(
                    self,
                    schedule=plan.schedule,
                    due_on=plan.due_on,
                    earlier=(),
                    accelerated_on=(
                        plan.accelerated_on if plan.accelerated else self.accelerated_on
                    ),
                )
        return self

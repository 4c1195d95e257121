"""What a debtor owes this bank altogether, and since when a loan is paid up again."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from postloan_archive.kernel.money import ZERO
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.models import Customer, Loan, LoanPosition
from postloan_archive.loans.rules.ageing import RiskClass

BAD: Final = frozenset({RiskClass.SUBSTANDARD, RiskClass.DOUBTFUL, RiskClass.LOSS})
LOOKED_AT: Final = 24  # payments, from the newest


@dataclass(slots=True)
class Debtor:
    """The loans of one debtor in all branches, yuan."""

    total: Decimal = ZERO
    bad: Decimal = ZERO
    bad_loans: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Exposures:
    """What each debtor owes, by loan: the same identity number is the same debtor."""

    debtor_of: dict[int, str]
    debtors: dict[str, Debtor]

    def bad_share(self, loan_id: int) -> Decimal:
        """Return what part of the debtor's exposure is non-performing, 0 to 1."""
        found = self._of(loan_id)
        return found.bad / found.total if found.total else ZERO

    def other_bad(self, loan_id: int) -> bool:
        """Return whether another loan of the debtor is non-performing."""
        return bool(self._of(loan_id).bad_loans - {loan_id})

    def _of(self, loan_id: int) -> Debtor:
        return self.debtors.get(self.debtor_of.get(loan_id, ""), Debtor())


def exposures(session: Session) -> Exposures:
    """Return what the debtors owe in the whole bank; one query, whatever the branch.

    A loan is bad by its class or by the floor that its overdue days set.
    """
    found = Exposures(debtor_of={}, debtors=defaultdict(Debtor))
    for loan_id, id_no, balance, risk_class, floor in session.execute(
        select(
            Loan.id,
            Customer.id_no,
            LoanPosition.balance,
            Loan.risk_class,
            LoanPosition.class_floor,
        )
        .join(LoanPosition, LoanPosition.loan_id == Loan.id)
        .join(Customer, Customer.id == Loan.customer_id)
        .where(LoanPosition.balance > ZERO)
        .order_by(Loan.id)
    ):
        found.debtor_of[loan_id] = id_no
        debtor = found.debtors[id_no]
        debtor.total += balance
        if risk_class in BAD or floor in BAD:
            debtor.bad += balance
            debtor.bad_loans.add(loan_id)
    return found


def cleared_on(loan: Loan, today: date) -> date | None:
    """Return the day on which the arrears of a loan were last paid up; None: they are not.

    A payment clears arrears where the loan was overdue the day before it. Where none of the
    newest payments did, the loan has been paid up since before them.
    """
    if position_of(loan, today).value.overdue_days:
        return None
    days = sorted({row.paid_on for row in loan.payments if row.paid_on <= today})[-LOOKED_AT:]
    for day in reversed(days):
        if position_of(loan, day - timedelta(days=1)).value.overdue_days:
            return day
    return days[0] if days else loan.disbursed_on

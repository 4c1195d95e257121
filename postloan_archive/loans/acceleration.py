"""Calling a loan due before its maturity (R-D03, R-F19), and taking that back."""

from datetime import date

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.loans import positions, queries
from postloan_archive.loans.models import Loan
from postloan_archive.loans.rules.limitation import ACCELERATION
from postloan_archive.uow import UnitOfWork


class AcceleratedElsewhereError(RuleError):
    """The loan was called due on another day; a second call changes nothing."""

    def __init__(self, *, on: date) -> None:
        super().__init__(_l("贷款已于 {on} 提前到期。"), basis=ACCELERATION, on=on)


def accelerate(uow: UnitOfWork, loan_id: int, on: date, *, reason: str) -> Loan:
    """Call the loan due on a day; from then on all of it is due.

    A day on or after the maturity changes nothing and is not recorded.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        AcceleratedElsewhereError: it was called due on another day.
    """
    loan = queries.get_loan_by_id(uow, loan_id)
    if loan.accelerated_on is not None and loan.accelerated_on != on:
        raise AcceleratedElsewhereError(on=loan.accelerated_on)
    if on >= loan.due_on or loan.accelerated_on == on:
        return loan
    loan.accelerated_on = on
    uow.record(
        "loans.accelerated",
        f"loan:{loan.id}",
        loan_no=loan.loan_no,
        on=on.isoformat(),
        reason=reason,
        basis=str(ACCELERATION),
    )
    positions.refresh(uow, loan.id)
    return loan


def take_back(uow: UnitOfWork, loan_id: int, *, reason: str) -> Loan:
    """Let the loan run to its maturity again, such as after a notice that never arrived."""
    loan = queries.get_loan_by_id(uow, loan_id)
    if loan.accelerated_on is None:
        return loan
    was, loan.accelerated_on = loan.accelerated_on, None
    uow.record(
        "loans.acceleration_taken_back",
        f"loan:{loan.id}",
        loan_no=loan.loan_no,
        was=was.isoformat(),
        reason=reason,
    )
    positions.refresh(uow, loan.id)
    return loan

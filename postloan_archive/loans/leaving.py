"""A claim leaves the books: sold to somebody, or written off and pursued all the same."""

from datetime import date

from postloan_archive.kernel.errors import ConflictError, RuleError, _l
from postloan_archive.loans import positions, queries
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork


class ClaimGoneError(ConflictError):
    """Nothing of the claim is left: the loan is settled, or the claim was sold."""

    field = "loan_nos"

    def __init__(self, *, loan_no: str, how: str) -> None:
        super().__init__(_l("借据 {loan_no} {how}，不能再作处置。"), loan_no=loan_no, how=how)


class WrittenOffError(ConflictError):
    """The loan was written off before."""

    field = "loan_nos"

    def __init__(self, *, loan_no: str, on: date) -> None:
        super().__init__(_l("借据 {loan_no} 已于 {on} 核销。"), loan_no=loan_no, on=on)


class LeavesBeforeDisbursementError(RuleError):
    """A claim cannot leave before it arose."""

    field = "on"

    def __init__(self, *, on: date, disbursed_on: date) -> None:
        super().__init__(
            _l("日期 {on} 早于放款日 {disbursed_on}。"), on=on, disbursed_on=disbursed_on
        )


def check_ours(loan: Loan) -> None:
    """Check that the claim is still ours.

    Raises:
        ClaimGoneError: it is settled or was sold.
    """
    if loan.transferred_on is not None:
        raise ClaimGoneError(loan_no=loan.loan_no, how=f"已于 {loan.transferred_on} 转让")
    if loan.settled_on is not None:
        raise ClaimGoneError(loan_no=loan.loan_no, how=f"已于 {loan.settled_on} 结清")


def transfer(uow: UnitOfWork, loan_id: int, on: date, *, to: str, reference: str) -> Loan:
    """Note that the claim passed to a buyer; from that day nothing is owed to us.

    The clocks of the loan and its work end; what was booked before stays.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        ClaimGoneError: it is settled or was sold.
        LeavesBeforeDisbursementError: the day is before the money went out.
    """
    loan = queries.get_loan_by_id(uow, loan_id)
    check_ours(loan)
    _check_day(loan, on)
    loan.transferred_on = on
    uow.record(
        "loans.claim_transferred",
        f"loan:{loan.id}",
        loan_no=loan.loan_no,
        on=on.isoformat(),
        to=to,
        reference=reference,
    )
    positions.refresh(uow, loan.id)
    return loan


def write_off(uow: UnitOfWork, loan_id: int, on: date, *, reference: str) -> Loan:
    """Note that the loan left the balance sheet; the claim, its clocks and its work go on.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        ClaimGoneError: it is settled or was sold.
        WrittenOffError: it was written off before.
        LeavesBeforeDisbursementError: the day is before the money went out.
    """
    loan = queries.get_loan_by_id(uow, loan_id)
    check_ours(loan)
    if loan.written_off_on is not None:
        raise WrittenOffError(loan_no=loan.loan_no, on=loan.written_off_on)
    _check_day(loan, on)
    loan.written_off_on = on
    uow.record(
        "loans.loan_written_off",
        f"loan:{loan.id}",
        loan_no=loan.loan_no,
        on=on.isoformat(),
        reference=reference,
    )
    return loan


def settle(uow: UnitOfWork, loan_id: int, on: date) -> bool:
    """Note the loan as settled where nothing is owed any more; return whether it is.

    Raises:
        LoanNotFoundError: no such loan for this actor.
    """
    loan = queries.get_loan_by_id(uow, loan_id)
    if loan.is_over:
        return loan.settled_on is not None
    uow.session.flush()  # the payment of this step is among those of the loan
    uow.session.refresh(loan, ["payments"])
    owed = position_of(loan, on).value
    if owed.balance or owed.total_due:
        return False
    loan.settled_on = on
    uow.record("loans.loan_settled", f"loan:{loan.id}", loan_no=loan.loan_no, on=on.isoformat())
    positions.refresh(uow, loan.id)
    return True


def _check_day(loan: Loan, on: date) -> None:
    if on < loan.disbursed_on:
        raise LeavesBeforeDisbursementError(on=on, disbursed_on=loan.disbursed_on)

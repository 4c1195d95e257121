"""A payment is struck (冲正): every day from its own on is derived as if it had not come in."""

from dataclasses import dataclass
from datetime import date

from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l
from postloan_archive.loans import queries
from postloan_archive.loans.booking import IN_KIND
from postloan_archive.loans.models import Loan, Payment
from postloan_archive.loans.previews import Preview
from postloan_archive.loans.rederiving import Late, rederive, write
from postloan_archive.loans.repaying import preview_of
from postloan_archive.loans.rules.money_events import RELIEF
from postloan_archive.uow import UnitOfWork


class PaymentNotFoundError(NotFoundError):
    """No payment with this number was booked for the loan."""

    field = "receipt_no"
    next_step = _l("请从“贷款与还款”页的还款列表选择要冲正的一笔。")

    def __init__(self, *, receipt_no: str) -> None:
        super().__init__(_l("没有凭证号为“{receipt_no}”的还款。"), receipt_no=receipt_no[:64])


class ReversedBeforeError(ConflictError):
    """The payment was struck before."""

    field = "receipt_no"

    def __init__(self, *, receipt_no: str, on: date | None) -> None:
        super().__init__(
            _l("凭证号“{receipt_no}”已于 {on} 冲正。"), receipt_no=receipt_no, on=on
        )


class BookedByDisposalError(ConflictError):
    """Relief and assets in lieu are decided elsewhere; striking the line would leave them."""

    field = "receipt_no"
    next_step = _l("请在“资产处置”中更正该笔减免或抵债。")

    def __init__(self, *, receipt_no: str, channel: str) -> None:
        super().__init__(
            _l("“{receipt_no}”是{channel}入账，不能按还款冲正。"),
            receipt_no=receipt_no,
            channel=channel,
        )


class ClaimSoldError(ConflictError):
    """The claim was sold; what was booked before decided the price."""

    field = "receipt_no"

    def __init__(self, *, on: date) -> None:
        super().__init__(_l("债权已于 {on} 转让，不能冲正转让前的还款。"), on=on)


class ReversalDayError(RuleError):
    """A reversal is booked between the payment and today."""

    field = "reversed_on"

    def __init__(self, *, on: date, paid_on: date, today: date) -> None:
        super().__init__(
            _l("冲正日 {on} 应在还款日 {paid_on} 至今天 {today} 之间。"),
            on=on,
            paid_on=paid_on,
            today=today,
        )


class ReversalReasonError(RuleError):
    """A reversal says why."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("请写明冲正原因。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversePayment:
    """A payment that is struck (冲正): it was booked in error, or the money went back.

    Attributes:
        reversed_on: the day on which the reversal is booked; what is owed is derived anew from
            the day of the payment on, as if it had never come in.
        reversal_no: number of the reversal's own receipt, empty where there is none.
        import_id: the import that says so, None: a person does.
    """

    loan_no: str
    receipt_no: str
    reversed_on: date
    reason: str
    reversal_no: str = ""
    import_id: int | None = None


def payment_of(uow: UnitOfWork, loan_no: str, receipt_no: str) -> Payment:
    """Return a payment of a loan, struck or not.

    Raises:
        LoanNotFoundError, PaymentNotFoundError: no such loan, no such payment.
    """
    loan = queries.get_loan(uow, loan_no)
    for row in (*loan.payments, *loan.reversed_payments):
        if row.receipt_no == receipt_no:
            return row
    raise PaymentNotFoundError(receipt_no=receipt_no)


def preview_reversal(uow: UnitOfWork, cmd: ReversePayment) -> Preview:
    """Return what a reversal would change.

    Raises:
        LoanNotFoundError, PaymentNotFoundError: no such loan, no such payment.
        RuleError, ConflictError: as `reverse_payment`.
    """
    loan = queries.get_loan(uow, cmd.loan_no)
    late = _reversal(uow, loan, cmd)
    found = rederive(loan, late)
    return preview_of(uow, found, late, reopened=loan.settled_on is not None)


def reverse_payment(uow: UnitOfWork, cmd: ReversePayment) -> Payment:
    """Strike a payment: every day from its own on is derived as if it had not come in.

    The row stays, with day, reason and person. A part that it repaid ahead is not repaid, so
    that plan falls away. A loan that it settled is open again.

    Raises:
        LoanNotFoundError, PaymentNotFoundError: no such loan, no such payment.
        ClaimSoldError: the claim was sold with this payment in its price.
        ReversedBeforeError: it was struck before.
        ReversalDayError, ReversalReasonError: the entry cannot be.
        BookedByDisposalError: relief and set-off are undone where they were decided.
        LaterFactRefusesError: a fact of a later day does not stand without it.
    """
    loan = queries.get_loan(uow, cmd.loan_no)
    late = _reversal(uow, loan, cmd)
    found = rederive(loan, late)
    payment = next(row for row in loan.payments if row.receipt_no == cmd.receipt_no)
    payment.reversed_on, payment.reversed_at = cmd.reversed_on, uow.clock.now()
    payment.reversed_by, payment.reversal_reason = uow.actor.name, cmd.reason.strip()
    payment.reversal_no, payment.reversal_import_id = cmd.reversal_no.strip(), cmd.import_id
    uow.record(
        "loans.payment_reversed",
        f"payment:{payment.id}",
        loan_no=loan.loan_no,
        receipt_no=payment.receipt_no,
        amount=str(payment.amount),
        reversed_on=cmd.reversed_on.isoformat(),
        reversal_no=payment.reversal_no,
        reason=payment.reversal_reason,
    )
    if loan.settled_on is not None:
        uow.record(
            "loans.loan_reopened",
            f"loan:{loan.id}",
            loan_no=loan.loan_no,
            settled_on=loan.settled_on.isoformat(),
        )
        loan.settled_on = None
    write(uow, loan, found, late)
    uow.session.expire(loan, ["reversed_payments"])
    return payment


def _reversal(uow: UnitOfWork, loan: Loan, cmd: ReversePayment) -> Late:
    for row in loan.reversed_payments:
        if row.receipt_no == cmd.receipt_no:
            raise ReversedBeforeError(receipt_no=cmd.receipt_no, on=row.reversed_on)
    found = next((row for row in loan.payments if row.receipt_no == cmd.receipt_no), None)
    if found is None:
        raise PaymentNotFoundError(receipt_no=cmd.receipt_no)
    if loan.transferred_on is not None:
        raise ClaimSoldError(on=loan.transferred_on)
    if found.channel in {RELIEF, IN_KIND}:
        raise BookedByDisposalError(receipt_no=cmd.receipt_no, channel=found.channel)
    today = uow.clock.today()
    if not found.paid_on <= cmd.reversed_on <= today:
        raise ReversalDayError(on=cmd.reversed_on, paid_on=found.paid_on, today=today)
    if not cmd.reason.strip():
        raise ReversalReasonError
    return Late(on=found.paid_on, struck=cmd.receipt_no)

"""Money received or taken back, rates changed: a step is shown before it is saved.

All may be back-dated; every day from then on is derived anew, later payments and later plans
with it, and the preview says what changes on which day and line.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import queries, service
from postloan_archive.loans.booking import IN_KIND, RELIEF
from postloan_archive.loans.commands import BookPayment
from postloan_archive.loans.derivation import facts_of
from postloan_archive.loans.leaving import check_ours
from postloan_archive.loans.models import Loan, Payment
from postloan_archive.loans.previews import Preview as Preview
from postloan_archive.loans.previews import compared, plan_rows
from postloan_archive.loans.rederiving import Late, Rederived, rederive, write
from postloan_archive.loans.rules.replanning import KEEP_WORDS, Keep, PlanAnew
from postloan_archive.loans.rules.replay import ChangeKind, PaymentLine, PlanChange
from postloan_archive.loans.rules.splitting import NOTHING
from postloan_archive.loans.rules.statement import Booking
from postloan_archive.uow import UnitOfWork


class FutureDayError(RuleError):
    """Money that has not come yet cannot be booked."""

    field = "paid_on"

    def __init__(self, *, on: date, today: date) -> None:
        super().__init__(_l("到账日 {on} 晚于今天 {today}。"), on=on, today=today)


class NothingReceivedError(RuleError):
    """An amount is above zero."""

    field = "amount"

    def __init__(self) -> None:
        super().__init__(_l("金额必须大于 0。"))


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


class SameRateError(RuleError):
    """The rate is the one in force."""

    field = "annual_rate"

    def __init__(self, *, rate: Decimal) -> None:
        super().__init__(_l("年利率已经是 {rate}%。"), rate=rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPayment:
    """Money received, yuan; `keep` None: nothing is repaid ahead by agreement."""

    loan_no: str
    paid_on: date
    amount: Decimal
    receipt_no: str
    payer: str = ""
    channel: str = ""
    keep: Keep | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRate:
    """Another annual rate, percent, from a day on, that day included."""

    loan_no: str
    effective_on: date
    annual_rate: Decimal
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversePayment:
    """A payment that is struck (冲正): it was booked in error, or the money went back.

    Attributes:
        reversed_on: the day on which the reversal is booked; what is owed is derived anew from
            the day of the payment on, as if it had never come in.
        reversal_no: number of the reversal's own receipt, empty where there is none.
    """

    loan_no: str
    receipt_no: str
    reversed_on: date
    reason: str
    reversal_no: str = ""


def preview_payment(uow: UnitOfWork, cmd: RecordPayment) -> Preview:
    """Return the split, the new plan where a part is repaid ahead, and what changes when.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        RuleError, ConflictError: as `record_payment`.
    """
    loan = queries.get_loan(uow, cmd.loan_no)
    late = _payment(uow, loan, cmd)
    found = rederive(loan, late)
    line = found.replayed.line(cmd.receipt_no)
    return _preview(uow, found, late, split=line.split, steps=line.steps)


def record_payment(uow: UnitOfWork, cmd: RecordPayment) -> Payment:
    """Book money by the contract's order; with `keep` the rest of the plan is made anew.

    Back-dated money moves what came after it: later payments that this system divided and
    later changes of the plan are derived again.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        ClaimGoneError: the loan is settled or was sold.
        SurplusError: more than is owed.
        FutureDayError, NothingReceivedError, NothingAheadError: the entry cannot be.
        LaterFactRefusesError: a fact of a later day does not stand beside it.
        PaymentBeforeDisbursementError, ReceiptBookedError: as `service.book_payment`.
    """
    loan = queries.get_loan(uow, cmd.loan_no)
    late = _payment(uow, loan, cmd)
    found = rederive(loan, late)
    split = found.replayed.line(cmd.receipt_no).split
    payment = service.book_payment(
        uow,
        BookPayment(
            loan_no=cmd.loan_no,
            paid_on=cmd.paid_on,
            amount=cmd.amount,
            receipt_no=cmd.receipt_no,
            to_costs=split.costs,
            to_principal=split.principal,
            to_interest=split.interest,
            to_penalty=split.penalty,
            to_compound=split.compound,
            payer=cmd.payer,
            channel=cmd.channel,
        ),
    )
    payment.split_by = "derived"
    write(uow, loan, found, late)
    if cmd.keep is not None:
        _note_change(uow, loan, found)
    return payment


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
    return _preview(uow, found, late, reopened=loan.settled_on is not None)


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
    payment.reversal_no = cmd.reversal_no.strip()
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


def preview_rate(uow: UnitOfWork, cmd: SetRate) -> Preview:
    """Return the plan under another rate and what changes when.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        RuleError, ConflictError: as `set_rate`.
    """
    loan = queries.get_loan(uow, cmd.loan_no)
    late = _rate(loan, cmd)
    return _preview(uow, rederive(loan, late), late)


def set_rate(uow: UnitOfWork, cmd: SetRate) -> None:
    """Put another rate in force: the rate, and the rest of the plan computed with it.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        ClaimGoneError: the loan is settled or was sold.
        RateDayError: the day does not lie within the loan.
        SameRateError: nothing would change.
        LaterFactRefusesError: a fact of a later day does not stand beside it.
    """
    loan = queries.get_loan(uow, cmd.loan_no)
    late = _rate(loan, cmd)
    found = rederive(loan, late)
    uow.record(
        "loans.rate_changed",
        f"loan:{loan.id}",
        effective_on=cmd.effective_on.isoformat(),
        annual_rate=str(cmd.annual_rate),
    )
    write(uow, loan, found, late)
    _note_change(uow, loan, found)


def _note_change(uow: UnitOfWork, loan: Loan, found: Rederived) -> None:
    made = next(one for one in found.replayed.changes if one.change.key is None)
    uow.record(
        "loans.plan_amended",
        f"loan:{loan.id}",
        loan_no=loan.loan_no,
        kind=made.change.kind.value,
        effective_on=made.change.on.isoformat(),
        due_on=made.after.due_on.isoformat(),
        basis=list(made.basis),
    )


def _payment(uow: UnitOfWork, loan: Loan, cmd: RecordPayment) -> Late:
    check_ours(loan)
    today = uow.clock.today()
    if cmd.paid_on > today:
        raise FutureDayError(on=cmd.paid_on, today=today)
    if cmd.amount <= ZERO:
        raise NothingReceivedError
    service.check_payment_day(loan, cmd.paid_on)
    service.check_receipt(uow, loan, cmd.receipt_no)
    line = PaymentLine(
        receipt_no=cmd.receipt_no,
        on=cmd.paid_on,
        amount=cmd.amount,
        split=NOTHING,
        derived=True,
    )
    if cmd.keep is None:
        return Late(on=cmd.paid_on, payment=line)
    return Late(
        on=cmd.paid_on,
        payment=line,
        change=PlanChange(
            key=None,
            kind=ChangeKind.PREPAYMENT,
            on=cmd.paid_on,
            receipt_no=cmd.receipt_no,
            keep=cmd.keep,
        ),
        basis=f"{cmd.receipt_no} 提前还款，{KEEP_WORDS[cmd.keep]}",
    )


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


def _rate(loan: Loan, cmd: SetRate) -> Late:
    check_ours(loan)
    if dict(facts_of(loan).rate_changes).get(cmd.effective_on) == cmd.annual_rate:
        raise SameRateError(rate=cmd.annual_rate)
    return Late(
        on=cmd.effective_on,
        change=PlanChange(
            key=None, kind=ChangeKind.RATE, on=cmd.effective_on, rate_pct=cmd.annual_rate
        ),
        basis=f"{cmd.basis or '利率调整'}：{cmd.annual_rate}%",
    )


def _preview(
    uow: UnitOfWork,
    found: Rederived,
    late: Late,
    *,
    split: Booking | None = None,
    steps: tuple[str, ...] = (),
    reopened: bool = False,
) -> Preview:
    before, after = found.before, found.replayed.facts
    rows = plan_rows(before.schedule, after.schedule)
    made = [one for one in found.replayed.changes if one.change.key is None]
    return Preview(
        days=tuple(compared(before, after, late.on, uow.clock.today())),
        steps=steps or tuple(step for one in made for step in one.steps),
        split=split,
        plan=PlanAnew(rows=after.schedule, due_on=after.due_on) if rows else None,
        payments=found.splits,
        rows=rows,
        changes=found.change_words(),
        reopened=reopened,
    )

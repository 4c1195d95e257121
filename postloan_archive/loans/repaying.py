"""Money received, rates changed: what a step would do is shown before it is saved.

Both may be back-dated; every day from then on is derived anew, later payments and later plans
with it, and the preview says what changes on which day and line.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import queries, service
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
    return preview_of(uow, found, late, split=line.split, steps=line.steps)


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


def preview_rate(uow: UnitOfWork, cmd: SetRate) -> Preview:
    """Return the plan under another rate and what changes when.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        RuleError, ConflictError: as `set_rate`.
    """
    loan = queries.get_loan(uow, cmd.loan_no)
    late = _rate(loan, cmd)
    return preview_of(uow, rederive(loan, late), late)


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


def preview_of(
    uow: UnitOfWork,
    found: Rederived,
    late: Late,
    *,
    split: Booking | None = None,
    steps: tuple[str, ...] = (),
    reopened: bool = False,
) -> Preview:
    """Return what follows as people are shown it before it is saved."""
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

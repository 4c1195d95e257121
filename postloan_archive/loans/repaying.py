"""Money received and rates changed: what a step would do is shown before it is saved.

Both may be back-dated; every day from then on is derived anew, and the preview says what
changes on which day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.errors import ConflictError, RuleError, _l
from postloan_archive.kernel.law import Derived
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import amending, booking, positions, queries, service
from postloan_archive.loans.amending import Amended
from postloan_archive.loans.booking import Received
from postloan_archive.loans.commands import BookPayment
from postloan_archive.loans.derivation import facts_of
from postloan_archive.loans.leaving import check_ours
from postloan_archive.loans.models import Loan, Payment
from postloan_archive.loans.rules.ageing import bucket
from postloan_archive.loans.rules.position import (
    EarlierPlan,
    LoanFacts,
    PaidRow,
    Position,
    position,
)
from postloan_archive.loans.rules.replanning import (
    KEEP_WORDS,
    Keep,
    PlanAnew,
    accrued_to,
    prepaid,
    repriced,
)
from postloan_archive.loans.rules.statement import Booking
from postloan_archive.uow import UnitOfWork

MOST_DAYS: Final = 14  # days that a preview compares


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


class NothingAheadError(RuleError):
    """The amount does not reach principal that is not yet due."""

    field = "keep"
    next_step = _l("请按普通还款登记。")

    def __init__(self, *, needed: Decimal) -> None:
        super().__init__(
            _l("扣除到期应还和截至当日的利息后没有提前归还的本金（合计 {needed} 元）。"),
            needed=f"{needed:,}",
        )


class PlanChangedLaterError(ConflictError):
    """The plan was changed with effect from a later day."""

    field = "effective_on"
    next_step = _l("请先核对那次变更；需要更正的，按变更日之后的日期登记。")

    def __init__(self, *, on: date, changed_on: date) -> None:
        super().__init__(
            _l("{on} 早于最近一次还款计划变更的生效日 {changed_on}。"),
            on=on,
            changed_on=changed_on,
        )


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
class DayChange:
    """What is owed on one day before and after the step."""

    day: date
    before: Position
    after: Position

    @property
    def buckets(self) -> tuple[str, str]:
        """Return the buckets before and after."""
        return bucket(self.before.overdue_days), bucket(self.after.overdue_days)

    @property
    def changed(self) -> bool:
        """Return whether anything is owed otherwise."""
        keys = ("balance", "interest_due", "accrued", "penalty", "compound", "overdue_days")
        return any(getattr(self.before, key) != getattr(self.after, key) for key in keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a step would do."""

    days: tuple[DayChange, ...]
    steps: tuple[str, ...]
    split: Booking | None = None
    plan: PlanAnew | None = None


def preview_payment(uow: UnitOfWork, cmd: RecordPayment) -> Preview:
    """Return the split, the new plan where a part is repaid ahead, and what changes when.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        RuleError, ConflictError: as `record_payment`.
    """
    loan = queries.get_loan(uow, cmd.loan_no)
    split, plan = _payment(uow, loan, cmd)
    before = facts_of(loan)
    after = replace(before, payments=(*before.payments, _paid(cmd, split.value)))
    if plan is not None:
        after = _under(after, plan.value, cmd.paid_on)
    return Preview(
        days=tuple(_compared(before, after, cmd.paid_on, uow.clock.today())),
        steps=(*split.steps, *(plan.steps if plan else ())),
        split=split.value,
        plan=plan.value if plan else None,
    )


def record_payment(uow: UnitOfWork, cmd: RecordPayment) -> Payment:
    """Book money by the contract's order; with `keep` the rest of the plan is made anew.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        ClaimGoneError: the loan is settled or was sold.
        SurplusError: more than is owed.
        FutureDayError, NothingReceivedError, NothingAheadError: the entry cannot be.
        PlanChangedLaterError: it is dated before the newest change of the plan.
        PaymentBeforeDisbursementError, ReceiptBookedError: as `service.book_payment`.
    """
    loan = queries.get_loan(uow, cmd.loan_no)
    split, plan = _payment(uow, loan, cmd)
    payment = service.book_payment(
        uow,
        BookPayment(
            loan_no=cmd.loan_no,
            paid_on=cmd.paid_on,
            amount=cmd.amount,
            receipt_no=cmd.receipt_no,
            to_costs=split.value.costs,
            to_principal=split.value.principal,
            to_interest=split.value.interest,
            to_penalty=split.value.penalty,
            to_compound=split.value.compound,
            payer=cmd.payer,
            channel=cmd.channel,
        ),
    )
    if plan is not None and cmd.keep is not None:
        _amend(
            uow,
            loan,
            Amended(
                kind="prepayment",
                effective_on=cmd.paid_on,
                due_on=plan.value.due_on,
                rows=plan.value.rows,
                reference=f"{cmd.receipt_no} 提前还款，{KEEP_WORDS[cmd.keep]}",
            ),
            plan,
        )
    return payment


def preview_rate(uow: UnitOfWork, cmd: SetRate) -> Preview:
    """Return the plan under another rate and what changes when.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        RuleError, ConflictError: as `set_rate`.
    """
    loan = queries.get_loan(uow, cmd.loan_no)
    plan = _repriced(loan, cmd)
    before = facts_of(loan)
    kept = [one for one in before.rate_changes if one[0] != cmd.effective_on]
    after = replace(
        _under(before, plan.value, cmd.effective_on),
        rate_changes=tuple(sorted([*kept, (cmd.effective_on, cmd.annual_rate)])),
    )
    return Preview(
        days=tuple(_compared(before, after, cmd.effective_on, uow.clock.today())),
        steps=plan.steps,
        plan=plan.value,
    )


def set_rate(uow: UnitOfWork, cmd: SetRate) -> None:
    """Put another rate in force: the rate, and the rest of the plan computed with it.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        ClaimGoneError: the loan is settled or was sold.
        RateDayError: the day does not lie within the loan.
        SameRateError: nothing would change.
        PlanChangedLaterError: it is dated before the newest change of the plan.
    """
    loan = queries.get_loan(uow, cmd.loan_no)
    plan = _repriced(loan, cmd)
    known = next(
        (one for one in loan.rate_changes if one.effective_on == cmd.effective_on), None
    )
    if known is None:
        service.change_rate(uow, cmd.loan_no, cmd.effective_on, cmd.annual_rate, cmd.basis)
    else:
        known.annual_rate, known.basis = cmd.annual_rate, cmd.basis
    _amend(
        uow,
        loan,
        Amended(
            kind="rate",
            effective_on=cmd.effective_on,
            due_on=plan.value.due_on,
            rows=plan.value.rows,
            reference=f"{cmd.basis or '利率调整'}：{cmd.annual_rate}%",
        ),
        plan,
    )
    uow.session.expire(loan, ["rate_changes"])


def _amend(uow: UnitOfWork, loan: Loan, cmd: Amended, plan: Derived[PlanAnew]) -> None:
    amending.put_in_force(uow, loan, cmd)
    uow.record(
        "loans.plan_amended",
        f"loan:{loan.id}",
        loan_no=loan.loan_no,
        kind=cmd.kind,
        effective_on=cmd.effective_on.isoformat(),
        due_on=cmd.due_on.isoformat(),
        reference=cmd.reference,
        basis=[str(one) for one in plan.basis],
    )
    positions.refresh(uow, loan.id)


def _payment(
    uow: UnitOfWork, loan: Loan, cmd: RecordPayment
) -> tuple[Derived[Booking], Derived[PlanAnew] | None]:
    check_ours(loan)
    today = uow.clock.today()
    if cmd.paid_on > today:
        raise FutureDayError(on=cmd.paid_on, today=today)
    if cmd.amount <= ZERO:
        raise NothingReceivedError
    service.check_payment_day(loan, cmd.paid_on)
    received = Received(on=cmd.paid_on, amount=cmd.amount)
    if cmd.keep is None:
        return booking.propose(loan, received), None
    _check_order(loan, cmd.paid_on)
    return _ahead(loan, cmd, cmd.keep)


def _ahead(
    loan: Loan, cmd: RecordPayment, keep: Keep
) -> tuple[Derived[Booking], Derived[PlanAnew]]:
    """Split an amount that repays a part ahead: what is due, interest to the day, the part."""
    facts = facts_of(loan)
    due = position(facts, cmd.paid_on, detail=False).value.total_due
    interest = accrued_to(facts, cmd.paid_on)
    part = cmd.amount - due - interest
    if part <= ZERO:
        raise NothingAheadError(needed=due + interest)
    settled = booking.propose(loan, Received(on=cmd.paid_on, amount=due)) if due else None
    plan = prepaid(facts, loan.repayment_method, on=cmd.paid_on, amount=part, keep=keep)
    base = (
        settled.value
        if settled
        else Booking(
            costs=ZERO, principal=ZERO, interest=ZERO, penalty=ZERO, compound=ZERO, waiting=ZERO
        )
    )
    return (
        Derived(
            value=replace(
                base, principal=base.principal + part, interest=base.interest + interest
            ),
            basis=plan.basis,
            steps=settled.steps if settled else (),
        ),
        plan,
    )


def _repriced(loan: Loan, cmd: SetRate) -> Derived[PlanAnew]:
    check_ours(loan)
    _check_order(loan, cmd.effective_on)
    facts = facts_of(loan)
    known = dict(facts.rate_changes)
    if known.get(cmd.effective_on) == cmd.annual_rate:
        raise SameRateError(rate=cmd.annual_rate)
    return repriced(facts, loan.repayment_method, on=cmd.effective_on, rate_pct=cmd.annual_rate)


def _check_order(loan: Loan, on: date) -> None:
    newest = max((row.effective_on for row in loan.amendments), default=None)
    if newest is not None and on < newest:
        raise PlanChangedLaterError(on=on, changed_on=newest)


def _under(facts: LoanFacts, plan: PlanAnew, since: date) -> LoanFacts:
    """Return the facts with a new plan from a day on."""
    old = EarlierPlan(until=since, due_on=facts.due_on, schedule=facts.schedule)
    return replace(facts, schedule=plan.rows, due_on=plan.due_on, earlier=(*facts.earlier, old))


def _paid(cmd: RecordPayment, split: Booking) -> PaidRow:
    return PaidRow(
        paid_on=cmd.paid_on,
        to_principal=split.principal,
        to_interest=split.interest,
        to_penalty=split.penalty,
        to_compound=split.compound,
    )


def _compared(
    before: LoanFacts, after: LoanFacts, since: date, today: date
) -> Iterator[DayChange]:
    """Yield the day itself, each month end up to today, and today."""
    for day in _days(since, today):
        yield DayChange(
            day=day,
            before=position(before, day, detail=False).value,
            after=position(after, day, detail=False).value,
        )


def _days(since: date, today: date) -> Sequence[date]:
    found = {since, max(since, today)}
    day = (since.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    while day < today:
        if day >= since:
            found.add(day)
        day = (day + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return sorted(found)[-MOST_DAYS:] if len(found) > MOST_DAYS else sorted(found)

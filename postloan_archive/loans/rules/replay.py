"""What follows once a fact of before is entered late or struck: everything after it anew; pure.

The plan that was in force before the fact is the beginning. From there the changes of the plan
and the payments are gone through in the order of their days (R-F20: a rate first, then money,
then what was agreed about the rest); the plans of later changes and the split of later payments
that this system divided follow from what is then owed. What the core system booked stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import PostloanError, RuleError, _l
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans.rules.loan_facts import EarlierPlan, LoanFacts, PaidRow
from postloan_archive.loans.rules.new_plan import NewPlan, extended, rescheduled
from postloan_archive.loans.rules.replanning import Keep, PlanAnew, repriced
from postloan_archive.loans.rules.splitting import split, split_ahead
from postloan_archive.loans.rules.statement import Booking


class ChangeKind(StrEnum):
    """How a plan can change; the values are those of the table `loan_amendments`."""

    RATE = "rate"
    PREPAYMENT = "prepayment"
    EXTENSION = "extension"
    RESTRUCTURING = "restructuring"


CHANGE_WORDS: Final = {
    ChangeKind.RATE: _l("利率调整"),
    ChangeKind.PREPAYMENT: _l("提前还款"),
    ChangeKind.EXTENSION: _l("展期"),
    ChangeKind.RESTRUCTURING: _l("重组"),
}


class LaterFactRefusesError(RuleError):
    """A fact that was entered before cannot stand beside the one that comes late."""

    next_step = _l("请先更正或冲正后面的那笔登记，再补记本笔。")

    def __init__(self, *, on: date, what: str, reason: str) -> None:
        super().__init__(
            _l("补记后，{on} 的{what}不再成立：{reason}"), on=on, what=what, reason=reason
        )


class RepaidTwiceError(RuleError):
    """More principal would be repaid than was paid out."""

    field = "amount"
    next_step = _l("请核对是否重复入账；核心系统已入账的还款不会自动改变分配。")

    def __init__(self, *, repaid: Decimal, principal: Decimal) -> None:
        super().__init__(
            _l("全部还款的本金合计 {repaid} 元，超过贷款本金 {principal} 元。"),
            repaid=f"{repaid:,}",
            principal=f"{principal:,}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChange:
    """A change of the plan as agreed; `key` finds it again, None: it is new.

    Attributes:
        on: from this day the new plan holds.
        rate_pct: of a change of the rate.
        receipt_no: of the payment that repaid a part ahead.
        keep: what stays after it.
        plan: of an extension or a restructuring.
    """

    key: int | None
    kind: ChangeKind
    on: date
    rate_pct: Decimal | None = None
    receipt_no: str = ""
    keep: Keep | None = None
    plan: NewPlan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentLine:
    """A payment, yuan; `derived`: it is divided by the contract's order, not as booked."""

    receipt_no: str
    on: date
    amount: Decimal
    split: Booking
    derived: bool
    steps: tuple[str, ...] = ()

    @property
    def row(self) -> PaidRow:
        """Return the payment as the derivation of a day takes it."""
        return PaidRow(
            paid_on=self.on,
            to_principal=self.split.principal,
            to_interest=self.split.interest,
            to_penalty=self.split.penalty,
            to_compound=self.split.compound,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMade:
    """A change with the plan before it and the one it gave."""

    change: PlanChange
    before: EarlierPlan
    after: PlanAnew
    steps: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """The facts as they are now, with what was gone through on the way."""

    facts: LoanFacts
    changes: tuple[ChangeMade, ...]
    payments: tuple[PaymentLine, ...]

    def line(self, receipt_no: str) -> PaymentLine:
        """Return the payment with this number."""
        return next(one for one in self.payments if one.receipt_no == receipt_no)


@dataclass(slots=True)
class _Walk:
    facts: LoanFacts
    method: str
    earlier: list[EarlierPlan]
    made: list[ChangeMade] = field(default_factory=list)
    lines: list[PaymentLine] = field(default_factory=list)

    def pay(self, line: PaymentLine, change: PlanChange | None) -> None:
        if change is not None and change.keep is not None:
            found, plan = split_ahead(
                self.facts, self.method, on=line.on, amount=line.amount, keep=change.keep
            )
            line = replace(line, split=found.value, steps=(*found.steps, *plan.steps))
            self._book(line)
            self.put(change, plan.value, plan.steps, tuple(map(str, plan.basis)))
            return
        if line.derived:
            found = split(self.facts, on=line.on, amount=line.amount)
            line = replace(line, split=found.value, steps=found.steps)
        self._book(line)

    def _book(self, line: PaymentLine) -> None:
        self.lines.append(line)
        self.facts = replace(self.facts, payments=(*self.facts.payments, line.row))

    def change(self, change: PlanChange) -> None:
        if change.kind is ChangeKind.RATE:
            assert change.rate_pct is not None  # a change of the rate says which
            found = repriced(self.facts, self.method, on=change.on, rate_pct=change.rate_pct)
            self.put(change, found.value, found.steps, tuple(map(str, found.basis)))
            self._rate(change.on, change.rate_pct)
            return
        assert change.plan is not None  # an agreement says which plan
        extends = change.kind is ChangeKind.EXTENSION
        agreed = (
            extended(self.facts, change.plan)
            if extends
            else rescheduled(self.facts, change.plan)
        )
        since = self.facts.due_on if extends else change.on
        plan = PlanAnew(rows=agreed.value.rows, due_on=change.plan.due_on)
        self.put(change, plan, agreed.steps, tuple(map(str, agreed.basis)))
        self.facts = replace(self.facts, accelerated_on=None)
        if change.plan.annual_rate_pct is not None:
            self._rate(since, change.plan.annual_rate_pct)

    def put(
        self, change: PlanChange, plan: PlanAnew, steps: tuple[str, ...], basis: tuple[str, ...]
    ) -> None:
        before = EarlierPlan(
            until=change.on,
            due_on=self.facts.due_on,
            schedule=self.facts.schedule,
            accelerated=True,
            accelerated_on=self.facts.accelerated_on,
        )
        self.earlier.append(before)
        self.made.append(
            ChangeMade(change=change, before=before, after=plan, steps=steps, basis=basis)
        )
        self.facts = replace(self.facts, schedule=plan.rows, due_on=plan.due_on)

    def _rate(self, on: date, rate_pct: Decimal) -> None:
        kept = [one for one in self.facts.rate_changes if one[0] != on]
        self.facts = replace(self.facts, rate_changes=tuple(sorted([*kept, (on, rate_pct)])))


_RATE, _MONEY, _AGREED = range(3)


def replay(
    base: LoanFacts,
    method: str,
    *,
    changes: Sequence[PlanChange],
    payments: Sequence[PaymentLine],
    new: str | PlanChange | None = None,
) -> Replayed:
    """Go through changes and payments from the plan of `base` on.

    Args:
        base: the facts before the first of them: its plan, `earlier` plans, payments and the
            changes of the rate that none of `changes` made.
        method: how the loan is repaid.
        changes: in force from a day on, in the order of their days.
        payments: in the order of their days.
        new: the number of the payment, or the change, that comes late: what is wrong with it
            is said as it is; what is wrong with another one names that one.

    Raises:
        LaterFactRefusesError: a later fact does not stand any more.
        RepaidTwiceError: more principal is booked than was paid out.
        RuleError: the new fact itself cannot be.
    """
    ahead = {one.receipt_no: one for one in changes if one.kind is ChangeKind.PREPAYMENT}
    steps: list[tuple[date, int, PaymentLine | PlanChange]] = [
        (line.on, _MONEY, line) for line in payments
    ]
    steps += [
        (one.on, _RATE if one.kind is ChangeKind.RATE else _AGREED, one)
        for one in changes
        if one.kind is not ChangeKind.PREPAYMENT
    ]
    walk = _Walk(replace(base, earlier=()), method, list(base.earlier))
    for on, _rank, step in sorted(steps, key=lambda one: one[:2]):
        late = step is new or (isinstance(step, PaymentLine) and step.receipt_no == new)
        try:
            if isinstance(step, PaymentLine):
                walk.pay(step, ahead.get(step.receipt_no))
            else:
                walk.change(step)
        except PostloanError as error:
            if late:
                raise
            raise LaterFactRefusesError(on=on, what=_words(step), reason=str(error)) from error
    facts = walk.facts
    repaid = sum((row.to_principal for row in facts.payments), ZERO)
    if repaid > facts.principal:
        raise RepaidTwiceError(repaid=repaid, principal=facts.principal)
    return Replayed(
        facts=replace(facts, earlier=tuple(walk.earlier)),
        changes=tuple(walk.made),
        payments=tuple(walk.lines),
    )


def _words(step: PaymentLine | PlanChange) -> str:
    if isinstance(step, PaymentLine):
        return f"还款 {step.receipt_no}"
    return str(CHANGE_WORDS[step.kind])

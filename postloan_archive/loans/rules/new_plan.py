"""A plan that is agreed anew: extension (R-F21) and rescheduling of what is left; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.days import Unit, add_period
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Confidence, Derived
from postloan_archive.kernel.money import ZERO, yuan
from postloan_archive.kernel.statutes import CIVIL_CODE, HOUSE_RULE
from postloan_archive.loans.rules.instalments import (
    Part,
    equal_payment_parts,
    equal_principal_parts,
)
from postloan_archive.loans.rules.interest import simple
from postloan_archive.loans.rules.position import LoanFacts, ScheduledRow, position
from postloan_archive.loans.rules.settled import settle

EXTENSION: Final = CIVIL_CODE.at(678, rule="R-F21")
EXTENSION_LIMIT: Final = HOUSE_RULE.at("展期期限", rule="R-F21", confidence=Confidence.MEMORY)
SHORT_MONTHS: Final = 12  # loans up to this long may be extended by their own term
MOST_YEARS: Final = 3  # of the extension of a longer loan


class Method(StrEnum):
    """How what is left is repaid under the new plan."""

    BULLET = "bullet"
    EQUAL_PAYMENT = "equal_payment"
    EQUAL_PRINCIPAL = "equal_principal"


METHOD_WORDS: Final = {
    Method.BULLET: _l("到期一次还本付息"),
    Method.EQUAL_PAYMENT: _l("等额本息"),
    Method.EQUAL_PRINCIPAL: _l("等额本金"),
}


class ExtensionTooLateError(RuleError):
    """An extension is agreed before the loan is due; afterwards it is a restructuring."""

    field = "effective_on"
    next_step = _l("贷款已到期的，请按重组办理。")

    def __init__(self, *, on: date, due_on: date) -> None:
        super().__init__(
            _l("协议日 {on} 晚于到期日 {due_on}，不能展期。"),
            basis=EXTENSION,
            on=on,
            due_on=due_on,
        )


class ExtensionBackwardsError(RuleError):
    """The new day lies after the old one."""

    field = "new_due_on"

    def __init__(self, *, new_due_on: date, due_on: date) -> None:
        super().__init__(
            _l("新到期日 {new_due_on} 应晚于原到期日 {due_on}。"),
            new_due_on=new_due_on,
            due_on=due_on,
        )


class NothingLeftError(RuleError):
    """Nothing is left that a new plan could repay."""

    def __init__(self) -> None:
        super().__init__(_l("没有未还本金，无须变更还款计划。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlan:
    """What was agreed: from which day, at which rate, until when.

    Attributes:
        effective_on: the day of the agreement.
        due_on: the new last day.
        annual_rate_pct: percent a year from the effective day (extension: from the old
            maturity); None: unchanged.
        first_due_on: the first instalment of a plan in instalments.
        months: how many instalments; not read for a bullet.
    """

    effective_on: date
    due_on: date
    annual_rate_pct: Decimal | None = None
    method: Method = Method.BULLET
    first_due_on: date | None = None
    months: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """The schedule from now on, yuan.

    Attributes:
        rows: the whole schedule, what was paid of the old one included.
        carried: interest, penalty and compound interest open on the day, in the first row.
    """

    rows: tuple[ScheduledRow, ...]
    carried: Decimal


def extension_limit(disbursed_on: date, due_on: date) -> Derived[date]:
    """Return the last day to which a loan is usually extended (R-F21, practice)."""
    months = (due_on.year - disbursed_on.year) * 12 + due_on.month - disbursed_on.month
    short = add_period(disbursed_on, SHORT_MONTHS, Unit.MONTH) >= due_on
    more = max(1, months if short else min(months // 2, MOST_YEARS * 12))
    last = add_period(due_on, more, Unit.MONTH)
    words = "不超过原期限" if short else f"不超过原期限的一半，最长 {MOST_YEARS} 年"
    return Derived(
        value=last,
        basis=(EXTENSION_LIMIT,),
        steps=(f"原期限 {months} 个月，展期{words}：至 {last}",),
    )


def extended(facts: LoanFacts, plan: NewPlan) -> Derived[Replanned]:
    """Return the schedule with the last principal moved to the new day (R-F21).

    Interest to the old maturity stays due on it on the old terms; no penalty runs in the
    extended time.

    Raises:
        ExtensionTooLateError: agreed after the loan was due.
        ExtensionBackwardsError: the new day is not after the old one.
        NothingLeftError: the principal is repaid.
    """
    if plan.effective_on > facts.due_on:
        raise ExtensionTooLateError(on=plan.effective_on, due_on=facts.due_on)
    if plan.due_on <= facts.due_on:
        raise ExtensionBackwardsError(new_due_on=plan.due_on, due_on=facts.due_on)
    open_rows = settle(facts.schedule, facts.payments)
    moved = sum(
        (row.principal - row.principal_paid for row in open_rows if row.due_on == facts.due_on),
        ZERO,
    )
    if not moved:
        raise NothingLeftError
    rate = _rate_from(facts, plan)
    interest = yuan(simple(moved, rate, (plan.due_on - facts.due_on).days, facts.day_basis))
    rows = []
    for row, done in zip(facts.schedule, open_rows, strict=True):
        late = row.due_on == facts.due_on
        rows.append(replace(row, principal=done.principal_paid) if late else row)
    rows.append(ScheduledRow(due_on=plan.due_on, principal=moved, interest=interest))
    return Derived(
        value=Replanned(rows=tuple(rows), carried=ZERO),
        basis=(EXTENSION,),
        steps=(
            f"未还本金 {moved:,} 元由 {facts.due_on} 展期至 {plan.due_on}",
            (
                f"展期内利息 {moved:,} × {rate}% × {(plan.due_on - facts.due_on).days} 天 "
                f"÷ {facts.day_basis} = {interest:,} 元，展期内不计罚息"
            ),
            f"原到期日 {facts.due_on} 应付利息不变",
        ),
    )


def rescheduled(facts: LoanFacts, plan: NewPlan) -> Derived[Replanned]:
    """Return a new schedule for all that is left; what is open besides goes into its first row.

    What was paid of the old schedule stays as it was, so that the past stays as it was.

    Raises:
        ExtensionBackwardsError: the new last day is not after the day of the agreement.
        NothingLeftError: the principal is repaid.
        MonthsError: fewer than one instalment.
    """
    on = plan.effective_on
    if plan.due_on <= on:
        raise ExtensionBackwardsError(new_due_on=plan.due_on, due_on=on)
    owed = position(facts, on, detail=False).value
    if not owed.balance:
        raise NothingLeftError
    kept = [
        ScheduledRow(
            due_on=row.due_on, principal=row.principal_paid, interest=row.interest_paid
        )
        for row in settle(facts.schedule, facts.payments)
        if row.principal_paid or row.interest_paid
    ]
    anchor = ScheduledRow(due_on=on, principal=ZERO, interest=ZERO)
    rate = _rate_from(facts, plan)
    coming = _coming(owed.balance, rate, plan, facts.day_basis)
    draft = replace(facts, schedule=_sorted([*kept, anchor, *coming]), accelerated_on=None)
    left = position(replace(draft, due_on=plan.due_on), on, detail=False).value
    open_now = owed.interest_due + owed.accrued + owed.penalty + owed.compound
    carried = max(ZERO, open_now - left.penalty - left.compound)
    first = replace(coming[0], interest=coming[0].interest + carried)
    rows = _sorted([*kept, anchor, first, *coming[1:]])
    return Derived(
        value=Replanned(rows=rows, carried=carried),
        basis=(EXTENSION_LIMIT,),
        steps=(
            (
                f"截至 {on} 未还本金 {owed.balance:,} 元，按{METHOD_WORDS[plan.method]}分 "
                f"{len(coming)} 期还至 {plan.due_on}，年利率 {rate}%"
            ),
            f"截至 {on} 未付利息、罚息、复利合计 {carried:,} 元，计入首期 {coming[0].due_on}",
        ),
    )


def _coming(
    balance: Decimal, rate: Decimal, plan: NewPlan, day_basis: int
) -> list[ScheduledRow]:
    if plan.method is Method.BULLET:
        days = (plan.due_on - plan.effective_on).days
        interest = yuan(simple(balance, rate, days, day_basis))
        return [ScheduledRow(due_on=plan.due_on, principal=balance, interest=interest)]
    make = equal_payment_parts if plan.method is Method.EQUAL_PAYMENT else equal_principal_parts
    parts: Sequence[Part] = make(balance, rate, plan.months)
    first = plan.first_due_on or add_period(plan.effective_on, 1, Unit.MONTH)
    return [
        ScheduledRow(
            due_on=_boundary(plan, first, at, len(parts)),
            principal=part.principal,
            interest=part.interest,
        )
        for at, part in enumerate(parts)
    ]


def _boundary(plan: NewPlan, first: date, at: int, count: int) -> date:
    """Return the due day of an instalment, counted from 0; the last is the agreed one."""
    if at == count - 1:
        return plan.due_on
    return first if not at else add_period(first, at, Unit.MONTH)


def _rate_from(facts: LoanFacts, plan: NewPlan) -> Decimal:
    if plan.annual_rate_pct is not None:
        return plan.annual_rate_pct
    rate = facts.annual_rate_pct
    for first, changed in sorted(facts.rate_changes):
        if first <= plan.effective_on:
            rate = changed
    return rate


def _sorted(rows: Sequence[ScheduledRow]) -> tuple[ScheduledRow, ...]:
    return tuple(sorted(rows, key=lambda row: row.due_on))

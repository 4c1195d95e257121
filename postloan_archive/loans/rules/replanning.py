"""The rest of a plan computed anew: another rate, a part repaid ahead (R-F11, R-F15); pure."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Derived
from postloan_archive.kernel.money import ZERO, yuan
from postloan_archive.kernel.statutes import CIVIL_CODE
from postloan_archive.loans.rules.instalments import (
    MONTHS_A_YEAR,
    PLAN,
    Part,
    equal_payment_parts,
    equal_principal_parts,
)
from postloan_archive.loans.rules.interest import FLOATING, PERCENT, simple
from postloan_archive.loans.rules.position import LoanFacts, ScheduledRow, rate_on

PREPAYMENT: Final = CIVIL_CODE.at(677, rule="R-F16")
EQUAL: Final = frozenset({"equal_payment", "equal_principal"})


class Keep(StrEnum):
    """What stays when a part is repaid ahead; the contract says (R-F15)."""

    TERM = "term"  # the last day; instalments become smaller
    PAYMENT = "payment"  # the instalment; the last day comes earlier


KEEP_WORDS: Final = {
    Keep.TERM: _l("期限不变，减少每期还款"),
    Keep.PAYMENT: _l("每期还款不变，缩短期限"),
}


class RateDayError(RuleError):
    """A rate changes while the loan runs."""

    field = "effective_on"

    def __init__(self, *, on: date, first: date, due_on: date) -> None:
        super().__init__(
            _l("生效日 {on} 应在放款日 {first} 之后、到期日 {due_on} 之前。"),
            on=on,
            first=first,
            due_on=due_on,
        )


class PrepaidTooMuchError(RuleError):
    """More is repaid ahead than is not yet due."""

    field = "amount"

    def __init__(self, *, most: Decimal) -> None:
        super().__init__(
            _l("提前还本不能超过未到期本金 {most} 元。"), basis=PREPAYMENT, most=f"{most:,}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAnew:
    """A whole plan from now on; `due_on` is its last day."""

    rows: tuple[ScheduledRow, ...]
    due_on: date


def repriced(
    facts: LoanFacts, method: str, *, on: date, rate_pct: Decimal
) -> Derived[PlanAnew]:
    """Return the plan with another rate from `on`, that day included (R-F20).

    Instalments whose day has come stay. Interest by actual days is segmented at the day.
    Equal instalments: the running period is shared by days, then a new plan starts with what
    is left and the instalments that are left.

    Raises:
        RateDayError: the day does not lie within the loan.
    """
    if not facts.disbursed_on < on < facts.due_on:
        raise RateDayError(on=on, first=facts.disbursed_on, due_on=facts.due_on)
    new = replace(facts, rate_changes=_with_change(facts, on, rate_pct))
    past, coming, start = _cut(facts, on)
    left = sum((row.principal for row in coming), ZERO)
    if method not in EQUAL:
        rows = _by_days(new, start, left, coming)
    elif on == start:
        rows = _dated(_parts(method, left, rate_pct, len(coming)), coming)
    else:
        first = replace(
            coming[0], interest=_shared(left, facts, on, rate_pct, start, coming[0].due_on)
        )
        after = left - first.principal
        more = _parts(method, after, rate_pct, len(coming) - 1) if len(coming) > 1 else ()
        rows = [first, *_dated(more, coming[1:])]
    old = rate_on(facts, on)
    return Derived(
        value=PlanAnew(rows=(*past, *rows), due_on=facts.due_on),
        basis=(FLOATING, PLAN),
        steps=(
            f"自 {on}（含）起年利率由 {old}% 改为 {rate_pct}%，剩余本金 {left:,} 元",
            f"{on} 以前到期的 {len(past)} 期不变，其后 {len(rows)} 期重新计算",
            *(
                f"{after.due_on}：本金 {before.principal:,} → {after.principal:,}，"
                f"利息 {before.interest:,} → {after.interest:,}"
                for before, after in zip(coming, rows, strict=True)
                if before != after
            ),
        ),
    )


def prepaid(
    facts: LoanFacts,
    method: str,
    *,
    on: date,
    amount: Decimal,
    keep: Keep,
    more: Decimal = ZERO,
) -> Derived[PlanAnew]:
    """Return the plan after a part not yet due was repaid on a day (R-F15, R-F16).

    Interest on the whole principal not yet due is settled up to the day by actual days and
    falls due on it, together with the part; the rest runs on from that day. `more` is interest
    on the part for the days after it, where the contract asks for the whole period.

    Raises:
        PrepaidTooMuchError: nothing, or less than `amount`, is not yet due.
    """
    past, coming, start = _cut(facts, on)
    left = sum((row.principal for row in coming), ZERO)
    if not ZERO < amount <= left:
        raise PrepaidTooMuchError(most=left)
    interest = yuan(_days_of(facts, left, start, on)) + more
    anchor = ScheduledRow(due_on=on, principal=amount, interest=interest)
    rest = left - amount
    rate = rate_on(facts, on)
    if not rest:
        rows: list[ScheduledRow] = []
    elif method in EQUAL:
        rows = _equal_rest(method, rest, rate, coming, keep)
        first = yuan(_days_of(facts, rest, on, rows[0].due_on))
        rows[0] = replace(rows[0], interest=first)
    else:
        rows = _by_days(facts, on, rest, _shortened(coming, amount))
    due_on = rows[-1].due_on if rows else on
    return Derived(
        value=PlanAnew(rows=(*past, anchor, *rows), due_on=due_on),
        basis=(PREPAYMENT, PLAN),
        steps=(
            (
                f"{on} 提前归还未到期本金 {amount:,} 元，"
                f"同时结清 {start} 至 {on} 的利息 {interest:,} 元"
            ),
            f"剩余本金 {rest:,} 元，{len(rows)} 期，末期 {due_on}",
            *(f"{row.due_on}：本金 {row.principal:,}，利息 {row.interest:,}" for row in rows),
        ),
    )


def accrued_to(facts: LoanFacts, on: date) -> Decimal:
    """Return the interest that a prepayment on the day settles, yuan."""
    _past, coming, start = _cut(facts, on)
    return yuan(_days_of(facts, sum((row.principal for row in coming), ZERO), start, on))


def interest_to_end(facts: LoanFacts, on: date, part: Decimal) -> Decimal:
    """Return the interest on a part from the day to the end of the running period, yuan."""
    _past, coming, _start = _cut(facts, on)
    if not coming or part <= ZERO:
        return ZERO
    return yuan(_days_of(facts, part, on, coming[0].due_on))


def _cut(facts: LoanFacts, on: date) -> tuple[list[ScheduledRow], list[ScheduledRow], date]:
    """Return what is due up to the day, what comes after, and the last boundary."""
    past = [row for row in facts.schedule if row.due_on <= on]
    coming = [row for row in facts.schedule if row.due_on > on]
    return past, coming, past[-1].due_on if past else facts.disbursed_on


def _with_change(
    facts: LoanFacts, on: date, rate_pct: Decimal
) -> tuple[tuple[date, Decimal], ...]:
    kept = [change for change in facts.rate_changes if change[0] != on]
    return tuple(sorted([*kept, (on, rate_pct)]))


def _parts(method: str, left: Decimal, rate: Decimal, count: int) -> Sequence[Part]:
    make = equal_payment_parts if method == "equal_payment" else equal_principal_parts
    return make(left, rate, count)


def _dated(parts: Sequence[Part], rows: Sequence[ScheduledRow]) -> list[ScheduledRow]:
    return [
        ScheduledRow(due_on=row.due_on, principal=part.principal, interest=part.interest)
        for part, row in zip(parts, rows, strict=True)
    ]


def _days_of(facts: LoanFacts, base: Decimal, start: date, end: date) -> Decimal:
    """Return interest by actual days, segmented at the changes of the rate, each rounded."""
    edges = [start, *(day for day, _ in sorted(facts.rate_changes) if start < day < end), end]
    return sum(
        (
            yuan(simple(base, rate_on(facts, first), (last - first).days, facts.day_basis))
            for first, last in itertools.pairwise(edges)
        ),
        ZERO,
    )


def _by_days(
    facts: LoanFacts, start: date, left: Decimal, rows: Sequence[ScheduledRow]
) -> list[ScheduledRow]:
    found = []
    for row in rows:
        interest = _days_of(facts, left, start, row.due_on)
        found.append(replace(row, interest=interest))
        start, left = row.due_on, left - row.principal
    return found


def _shared(
    left: Decimal, facts: LoanFacts, on: date, rate_pct: Decimal, start: date, end: date
) -> Decimal:
    """Return a month's interest of which a part of the days bears the new rate."""
    whole = Decimal((end - start).days)
    old, new = rate_on(facts, start), rate_pct
    month = PERCENT * MONTHS_A_YEAR
    before, after = Decimal((on - start).days), Decimal((end - on).days)
    return yuan(left * (old * before + new * after) / (month * whole))


def _equal_rest(
    method: str, rest: Decimal, rate: Decimal, coming: Sequence[ScheduledRow], keep: Keep
) -> list[ScheduledRow]:
    if keep is Keep.TERM:
        return _dated(_parts(method, rest, rate, len(coming)), coming)
    usual = coming[1] if len(coming) > 1 else coming[0]
    share = usual.principal if method == "equal_principal" else None
    payment = usual.principal + usual.interest
    rows: list[ScheduledRow] = []
    balance = rest
    for row in coming:
        interest = yuan(balance * rate / (PERCENT * MONTHS_A_YEAR))
        principal = min(balance, share if share is not None else payment - interest)
        if row is coming[-1]:
            principal = balance
        rows.append(ScheduledRow(due_on=row.due_on, principal=principal, interest=interest))
        balance -= principal
        if not balance:
            break
    return rows


def _shortened(rows: Sequence[ScheduledRow], amount: Decimal) -> list[ScheduledRow]:
    """Take the amount off the last instalments; rows without principal before them stay."""
    found: list[ScheduledRow] = []
    rest = amount
    for row in reversed(rows):
        part = min(rest, row.principal)
        rest -= part
        found.append(replace(row, principal=row.principal - part))
    found.reverse()
    while len(found) > 1 and not found[-1].principal:
        found.pop()
    return found

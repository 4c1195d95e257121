"""What is owed on a loan on any day, derived from its facts (R-F02, R-F05 to R-F08, R-F19).

Facts are stored once; balance, interest, penalty interest, compound interest and overdue days
follow from them for every day asked. A back-dated fact simply gives another result.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.law import Citation, Confidence, Derived
from postloan_archive.kernel.money import ZERO, yuan
from postloan_archive.loans.rules.claim import SHEET, ClaimRow, DebtKind, row_sentence
from postloan_archive.loans.rules.interest import CONTRACT, simple, until_paid
from postloan_archive.loans.rules.loan_facts import EarlierPlan as EarlierPlan
from postloan_archive.loans.rules.loan_facts import LoanFacts as LoanFacts
from postloan_archive.loans.rules.loan_facts import PaidRow as PaidRow
from postloan_archive.loans.rules.loan_facts import ScheduledRow as ScheduledRow
from postloan_archive.loans.rules.penalty import COMPOUND, PENALTY, penalty_rate
from postloan_archive.loans.rules.repayment_terms import GRACE, term_steps

ACCELERATION: Final = Citation(
    law="借款合同", article="提前到期条款", rule="R-F19", confidence=Confidence.MEMORY
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What is owed on one day, yuan.

    Attributes:
        balance: principal not repaid.
        principal_due: principal whose day has come and that is not repaid.
        interest_due: interest whose boundary has come and that is not paid.
        accrued: interest since the last boundary on principal not yet due.
        penalty: penalty interest less what was paid on it.
        compound: compound interest less what was paid on it.
        overdue_since: the oldest boundary before the day asked that is not fully paid, or
            None; on the boundary itself nothing is overdue yet (R-G05).
        overdue_days: days after `overdue_since`, up to and including the day asked.
        grace_until: the last grace day of the oldest open item while it runs, else None.
        next_due: the next boundary after the day asked, None if there is none.
        rows: the calculation sheet; their amounts add up to the figures above.
        until_paid: the sentence for interest that keeps running after the day asked.
    """

    as_of: date
    balance: Decimal
    principal_due: Decimal
    interest_due: Decimal
    accrued: Decimal
    penalty: Decimal
    compound: Decimal
    overdue_since: date | None
    overdue_days: int
    next_due: date | None
    rows: tuple[ClaimRow, ...]
    until_paid: str
    grace_until: date | None = None

    @property
    def penalty_and_compound(self) -> Decimal:
        """Return penalty and compound interest together, as notices state them."""
        return self.penalty + self.compound

    @property
    def total_due(self) -> Decimal:
        """Return what can be demanded on the day: everything whose day has come."""
        return self.principal_due + self.interest_due + self.penalty + self.compound

    @property
    def total(self) -> Decimal:
        """Return what would settle the loan on the day."""
        return self.balance + self.interest_due + self.accrued + self.penalty + self.compound


@dataclass(slots=True)
class _Item:
    """One debt item, principal or interest part of a row, with what was paid on it."""

    due_on: date
    start: date
    amount: Decimal
    base: Decimal
    paid: list[tuple[date, Decimal]] = field(default_factory=list)
    left: Decimal = ZERO

    def __post_init__(self) -> None:
        self.left = self.amount


def position(facts: LoanFacts, as_of: date, *, detail: bool = True) -> Derived[Position]:
    """Return what is owed on the loan on `as_of`, with the calculation sheet.

    Interest days count the first and not the last day of a period (R-F02). Payments are taken
    as booked: `to_principal` fills the oldest boundary first, `to_interest` likewise. Interest
    periods count their scheduled amount; only the broken period that acceleration ends is
    computed. Compound interest stands on scheduled interest alone (R-F08).

    Args:
        facts: the stored facts.
        as_of: the day; it bears no interest itself.
        detail: False leaves the sentences out: quicker, for the night over all loans.

    Raises:
        DayBasisError: the day basis is neither 360 nor 365.
    """
    facts = facts.on(as_of) if facts.earlier else facts
    payments = sorted(
        (row for row in facts.payments if row.paid_on <= as_of), key=lambda row: row.paid_on
    )
    repaid = sum((row.to_principal for row in payments), ZERO)
    balance = facts.principal - repaid
    maturity = _maturity(facts, as_of)
    rows = _effective_schedule(facts, payments, as_of)
    principal_items, interest_items = _items(facts, rows)
    _apply(principal_items, ((row.paid_on, row.to_principal) for row in payments))
    _apply(interest_items, ((row.paid_on, row.to_interest) for row in payments))
    late_principal = [item for item in principal_items if item.due_on <= as_of and item.left]
    late_interest = [item for item in interest_items if item.due_on <= as_of and item.left]
    changes = sorted(facts.rate_changes)
    sheet = [
        *_interest_rows(late_interest, facts, changes),
        *_running_rows(principal_items, facts, changes, as_of, DebtKind.PENALTY, maturity),
        *_running_rows(interest_items, facts, changes, as_of, DebtKind.COMPOUND, maturity),
    ]
    penalty = _sum(sheet, DebtKind.PENALTY) - sum((row.to_penalty for row in payments), ZERO)
    compound = _sum(sheet, DebtKind.COMPOUND) - sum((row.to_compound for row in payments), ZERO)
    principal_due = sum((item.left for item in late_principal), ZERO)
    interest_due = sum((item.left for item in late_interest), ZERO)
    late = [i.due_on for i in (*late_principal, *late_interest) if i.due_on < as_of]
    oldest = min(late, default=None)
    free = facts.free_until(oldest) if oldest is not None else None
    if facts.terms.grace_in_class:
        late = [day for day in late if facts.free_until(day) < as_of]
    since = min(late) if late else None
    accrued_rows = _accrued_rows(facts, rows, changes, balance - principal_due, as_of)
    rate = _rate_among(facts, changes, as_of)
    value = Position(
        as_of=as_of,
        balance=balance,
        principal_due=principal_due,
        interest_due=interest_due,
        accrued=sum((row.amount for row in accrued_rows), ZERO),
        penalty=penalty,
        compound=compound,
        overdue_since=since,
        overdue_days=(as_of - since).days if since else 0,
        next_due=next((row.due_on for row in rows if row.due_on > as_of), None),
        rows=(*sheet, *accrued_rows),
        until_paid=until_paid(
            principal_due or balance,
            penalty_rate(rate, facts.penalty_uplift_pct) if principal_due else rate,
            as_of,
            facts.day_basis,
        )
        if detail
        else "",
        grace_until=free if free is not None and free >= as_of else None,
    )
    return Derived(
        value=value,
        basis=(CONTRACT, PENALTY, COMPOUND, SHEET)
        + ((ACCELERATION,) if facts.accelerated_on else ())
        + ((GRACE,) if facts.terms.grace_days else ()),
        steps=tuple(_steps(value, facts)) if detail else (),
    )


def _maturity(facts: LoanFacts, as_of: date) -> date:
    """Return the day from which interest items bear the penalty rate (R-F08, R-F19)."""
    if facts.accelerated_on is not None and facts.accelerated_on <= as_of:
        return min(facts.accelerated_on, facts.due_on)
    return facts.due_on


def _effective_schedule(
    facts: LoanFacts, payments: Sequence[PaidRow], as_of: date
) -> list[ScheduledRow]:
    """Return the schedule; from acceleration on, all that was left is one row of that day."""
    day = facts.accelerated_on
    if day is None or day > as_of or day >= facts.due_on:
        return list(facts.schedule)
    kept = [row for row in facts.schedule if row.due_on <= day]
    dropped = sum((row.principal for row in facts.schedule if row.due_on > day), ZERO)
    started = kept[-1].due_on if kept else facts.disbursed_on
    rate = _rate_among(facts, sorted(facts.rate_changes), started)
    # What was repaid ahead of its day no longer bears interest in the broken period.
    ahead = max(
        ZERO,
        sum((row.to_principal for row in payments if row.paid_on <= started), ZERO)
        - sum((row.principal for row in kept), ZERO),
    )
    base = max(ZERO, dropped - ahead)
    broken = yuan(simple(base, rate, (day - started).days, facts.day_basis))
    return [*kept, ScheduledRow(due_on=day, principal=dropped, interest=broken)]


def _items(facts: LoanFacts, rows: Sequence[ScheduledRow]) -> tuple[list[_Item], list[_Item]]:
    principal_items: list[_Item] = []
    interest_items: list[_Item] = []
    start, outstanding = facts.disbursed_on, facts.principal
    for row in rows:
        if row.interest:
            interest_items.append(
                _Item(due_on=row.due_on, start=start, amount=row.interest, base=outstanding)
            )
        if row.principal:
            principal_items.append(
                _Item(due_on=row.due_on, start=start, amount=row.principal, base=row.principal)
            )
        start, outstanding = row.due_on, outstanding - row.principal
    return principal_items, interest_items


def _apply(items: list[_Item], payments: Iterable[tuple[date, Decimal]]) -> None:
    """Fill the items, oldest boundary first, with the payments in the order of their days."""
    at = 0
    for paid_on, amount in payments:
        rest = amount
        while rest > ZERO and at < len(items):
            item = items[at]
            part = min(rest, item.left)
            if part:
                item.paid.append((paid_on, part))
                item.left -= part
                rest -= part
            if not item.left:
                at += 1


def _rate_among(
    facts: LoanFacts, changes: Sequence[tuple[date, Decimal]], day: date
) -> Decimal:
    rate = facts.annual_rate_pct
    for first, changed in changes:
        if first > day:
            break
        rate = changed
    return rate


def rate_on(facts: LoanFacts, day: date) -> Decimal:
    """Return the contract rate on the day, percent a year."""
    return _rate_among(facts, sorted(facts.rate_changes), day)


def _interest_rows(
    items: Sequence[_Item], facts: LoanFacts, changes: Sequence[tuple[date, Decimal]]
) -> Iterator[ClaimRow]:
    for item in items:
        paid = item.amount - item.left
        yield ClaimRow(
            kind=DebtKind.INTEREST,
            base=item.base,
            rate_pct=_rate_among(facts, changes, item.start),
            start=item.start,
            end=item.due_on,
            days=(item.due_on - item.start).days,
            amount=item.left,
            note=f"应付 {item.amount:,}，已付 {paid:,}" if paid else "",
        )


def _running_rows(
    items: Sequence[_Item],
    facts: LoanFacts,
    changes: Sequence[tuple[date, Decimal]],
    as_of: date,
    kind: DebtKind,
    maturity: date,
) -> Iterator[ClaimRow]:
    """Yield penalty rows of principal items, or compound rows of interest items (R-F20).

    Every payment closes the rows: it was allocated with amounts counted and rounded up to its
    own day (R-F09), so that what it settled in full leaves no cent behind. Within the grace
    days nothing is charged; what was paid in them bears nothing at all (R-G05).
    """
    received = {row.paid_on for row in facts.payments}
    for item in items:
        free, first = facts.free_until(item.due_on), facts.charged_from(item.due_on)
        paid_in_time = sum((part for day, part in item.paid if day <= free), ZERO)
        base = item.amount - paid_in_time
        if free >= as_of or not base:
            continue
        lowered: dict[date, Decimal] = {}
        for day, part in item.paid:
            if free < day < as_of:
                lowered[day] = lowered.get(day, ZERO) + part
        cuts = {day for day, _ in changes} | {maturity} | {d for d in received if d > free}
        edges = [first, *sorted(d for d in cuts if first < d < as_of), as_of]
        for start, end in itertools.pairwise(edges):
            base -= lowered.get(start, ZERO)
            if not base:
                break
            rate = _rate_among(facts, changes, start)
            if kind is DebtKind.PENALTY or start >= maturity:
                rate = penalty_rate(rate, facts.penalty_uplift_pct)
            days = (end - start).days
            yield ClaimRow(
                kind=kind,
                base=base,
                rate_pct=rate,
                start=start,
                end=end,
                days=days,
                amount=yuan(simple(base, rate, days, facts.day_basis)),
                note=f"{item.due_on} 到期",
            )


def _accrued_rows(
    facts: LoanFacts,
    rows: Sequence[ScheduledRow],
    changes: Sequence[tuple[date, Decimal]],
    base: Decimal,
    as_of: date,
) -> list[ClaimRow]:
    """Return the interest since the last boundary on principal that is not yet due."""
    if base <= ZERO:
        return []
    start = facts.disbursed_on
    for row in rows:
        if row.due_on > as_of:
            break
        start = row.due_on
    if start >= as_of:
        return []
    edges = [start, *(day for day, _ in changes if start < day < as_of), as_of]
    accrued = []
    for first, end in itertools.pairwise(edges):
        rate, days = _rate_among(facts, changes, first), (end - first).days
        accrued.append(
            ClaimRow(
                kind=DebtKind.INTEREST,
                base=base,
                rate_pct=rate,
                start=first,
                end=end,
                days=days,
                amount=yuan(simple(base, rate, days, facts.day_basis)),
                note="未到结息日",
            )
        )
    return accrued


def _sum(rows: Iterable[ClaimRow], kind: DebtKind) -> Decimal:
    return sum((row.amount for row in rows if row.kind is kind), ZERO)


def _steps(value: Position, facts: LoanFacts) -> Iterator[str]:
    yield f"本金余额 {value.balance:,} 元，其中已到期 {value.principal_due:,} 元"
    yield from term_steps(facts.terms)
    if value.grace_until:
        yield f"最早未清偿的一期在宽限期内，至 {value.grace_until}（含）"
    for row in value.rows:
        yield row_sentence(row, facts.day_basis) + (f"（{row.note}）" if row.note else "")
    if value.overdue_since:
        yield (
            f"最早未清偿的到期日 {value.overdue_since}，截至 {value.as_of} "
            f"逾期 {value.overdue_days} 天"
        )
    yield (
        f"已到期应还合计：本金 {value.principal_due:,} + 利息 {value.interest_due:,} "
        f"+ 罚息 {value.penalty:,} + 复利 {value.compound:,} = {value.total_due:,} 元"
    )
    if value.balance:
        yield "此后" + value.until_paid

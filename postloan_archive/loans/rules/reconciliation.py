"""Delivered balances against derived ones: what differs, and what may explain it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.money import ZERO
from postloan_archive.loans.rules.position import LoanFacts, Position, position

LOOKED_BACK: Final = 10  # days in which a payment may be booked on one side only
OTHER_BASIS: Final = {360: 365, 365: 360}


class Figure(StrEnum):
    """What is compared."""

    BALANCE = "balance"
    INTEREST = "interest_due"
    PENALTY = "penalty"
    COMPOUND = "compound"
    DAYS = "overdue_days"


FIGURE_WORDS: Final = {
    Figure.BALANCE: "本金余额",
    Figure.INTEREST: "欠息",
    Figure.PENALTY: "罚息",
    Figure.COMPOUND: "复利",
    Figure.DAYS: "逾期天数",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What the core system says of one day; yuan and days, None: nothing."""

    day: date
    balance: Decimal
    interest_due: Decimal | None = None
    penalty: Decimal | None = None
    compound: Decimal | None = None
    overdue_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure that differs; `reason` is a Chinese sentence, empty where none was found."""

    figure: Figure
    delivered: Decimal
    derived: Decimal
    reason: str


def differences(facts: LoanFacts, told: Delivered) -> list[Difference]:
    """Return what differs on the day, figure by figure, each with what may explain it."""
    ours = position(facts, told.day, detail=False).value
    found = []
    for figure in Figure:
        delivered = getattr(told, figure.value)
        derived = getattr(ours, figure.value)
        if delivered is None or delivered == derived:
            continue
        gap = Decimal(delivered) - Decimal(derived)
        reason = next(_reasons(figure, gap, facts, told, ours), "")
        found.append(
            Difference(
                figure=figure,
                delivered=Decimal(delivered),
                derived=Decimal(derived),
                reason=reason,
            )
        )
    return found


def _reasons(
    figure: Figure, gap: Decimal, facts: LoanFacts, told: Delivered, ours: Position
) -> Iterator[str]:
    """Yield what explains the gap, the most exact first; `gap` is theirs less ours."""
    if figure is Figure.BALANCE:
        yield from _of_balance(gap, facts, told)
    elif figure is Figure.DAYS:
        yield from _of_days(int(gap), facts, told, ours)
    else:
        yield from _of_interest(figure, gap, facts, told)


def _of_balance(gap: Decimal, facts: LoanFacts, told: Delivered) -> Iterator[str]:
    since = told.day - timedelta(days=LOOKED_BACK)
    for row in sorted(facts.payments, key=lambda one: one.paid_on, reverse=True):
        if gap > ZERO and since <= row.paid_on <= told.day and row.to_principal == gap:
            yield f"等于 {row.paid_on} 的还本金，核心系统当日可能尚未入账"
        if gap < ZERO and row.paid_on > told.day and row.to_principal == -gap:
            yield f"等于 {row.paid_on} 的还本金，本系统登记的还款日可能晚于实际"
    if gap < ZERO:
        due = [row for row in facts.schedule if row.due_on <= told.day and row.principal]
        total = ZERO
        for number, late in enumerate(reversed(due), start=1):
            total += late.principal
            if total == -gap:
                yield f"等于最近 {number} 期应还本金，本系统可能缺少这几期的还款记录"
                break
    if told.balance == facts.principal:
        yield "核心系统余额等于放款金额，还本可能没有传来"
    if told.balance == ZERO:
        yield "核心系统已结清，本系统缺少结清的还款记录"


def _of_interest(
    figure: Figure, gap: Decimal, facts: LoanFacts, told: Delivered
) -> Iterator[str]:
    theirs = getattr(told, figure.value)
    for days, words in ((-1, "少计一天"), (1, "多计一天")):
        other = position(facts, told.day + timedelta(days=days), detail=False).value
        if getattr(other, figure.value) == theirs:
            yield f"等于本系统{words}的结果，起止日口径不同（本系统算头不算尾，R-F02）"
    basis = OTHER_BASIS.get(facts.day_basis)
    if basis:
        other = position(replace(facts, day_basis=basis), told.day, detail=False).value
        if getattr(other, figure.value) == theirs:
            yield f"等于按每年 {basis} 天计算的结果，计息基数不同（R-F01）"
    for row in facts.payments:
        paid = row.to_interest if figure is Figure.INTEREST else row.to_penalty
        if figure is Figure.COMPOUND:
            paid = row.to_compound
        if paid and gap == paid:
            yield f"等于 {row.paid_on} 归还的{FIGURE_WORDS[figure]}，核心系统可能尚未入账"
        if paid and gap == -paid:
            yield f"等于 {row.paid_on} 归还的{FIGURE_WORDS[figure]}，可能重复登记"
    if theirs == ZERO:
        yield "核心系统为 0，可能不计该项或未传来"


def _of_days(gap: int, facts: LoanFacts, told: Delivered, ours: Position) -> Iterator[str]:
    if gap == 1:
        yield "多一天：核心系统可能把到期日当天也算作逾期（本系统自到期日次日起计，R-G05）"
    if gap == -1:
        yield "少一天：核心系统可能按前一日日终计算"
    since = told.day - timedelta(days=told.overdue_days or 0)
    if not told.overdue_days and ours.overdue_since:
        yield f"核心系统不逾期，本系统自 {ours.overdue_since} 起有未还清的应还款"
    for row in facts.schedule:
        if row.due_on == since:
            yield f"核心系统自 {since} 一期起算，两边还清的期数不同"

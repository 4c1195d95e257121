"""The account of a judgment at any day: what was awarded, what came in, what is still owed.

Costs, general interest and principal are settled first, the doubled part last (R-F14). General
interest runs on the principal until it is paid (R-F02, R-F20); the doubled part runs on the
money debt without any interest (R-F13).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Derived
from postloan_archive.kernel.money import ZERO, yuan
from postloan_archive.loans.rules.delay import (
    BASIS,
    EARLIEST_LAST_DAY,
    SETTLEMENT,
    CutOffBeforePaymentError,
    OldRuleError,
    PartPayment,
    doubled,
)

PERCENT: Final = 100


class InterestBeforeAwardError(RuleError):
    """A payment lies before the day from which the judgment's interest runs."""

    field = "interest_from"

    def __init__(self, *, on: date, since: date) -> None:
        super().__init__(
            _l("付款 {on} 早于利息起算日 {since}，应已计入判决；请核对起算日或回款。"),
            on=on,
            since=since,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """What the effective paper fixes, yuan; interest in percent a year.

    Attributes:
        interest: awarded as a sum, up to `interest_from`.
        rate_pct: of the interest that runs on; 0: none was awarded.
        day_basis: 360 or 365, as the paper says.
        interest_from: first day of the running interest, counted.
        performance_last_day: last day to perform; the doubled part runs from the next one.
    """

    principal: Decimal
    interest: Decimal
    costs: Decimal
    rate_pct: Decimal
    day_basis: int
    interest_from: date
    performance_last_day: date


class RowKind(StrEnum):
    """What a line of the account says."""

    AWARDED = "awarded"
    INTEREST = "interest"
    DOUBLED = "doubled"
    PAID = "paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What is owed after a line, yuan."""

    costs: Decimal = ZERO
    interest: Decimal = ZERO
    principal: Decimal = ZERO
    doubled: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Return everything owed."""
        return self.costs + self.interest + self.principal + self.doubled


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line: `amount` grows the debt, of a payment it is what came in.

    Attributes:
        on: the day the line stands for, of interest the last one counted or the day of payment.
        since: first boundary of the interest, None for other lines.
        used: how a payment was used, empty for other lines.
    """

    kind: RowKind
    on: date
    since: date | None = None
    base: Decimal = ZERO
    days: int = 0
    amount: Decimal
    used: Owed = Owed()
    left: Owed


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The account at a day, yuan; `surplus` came in beyond everything owed."""

    rows: tuple[Row, ...]
    owed: Owed
    received: Decimal
    surplus: Decimal


def judgment_account(
    award: Award, payments: Sequence[PartPayment], as_of: date
) -> Derived[Account]:
    """Return the account of a judgment on a day, that day counted for the doubled part.

    Interest of an interval is rounded once, as is its doubled part. A payment on a day lowers
    the base from that day on.

    Raises:
        CutOffBeforePaymentError: `as_of` lies before the last payment.
        InterestBeforeAwardError: a payment lies before `interest_from`.
        OldRuleError: counted days lie before 1 August 2014.
    """
    ordered = sorted(payments, key=lambda payment: payment.on)
    if ordered and as_of < ordered[-1].on:
        raise CutOffBeforePaymentError(as_of=as_of, last=ordered[-1].on)
    if ordered and ordered[0].on < award.interest_from:
        raise InterestBeforeAwardError(on=ordered[0].on, since=award.interest_from)
    if award.performance_last_day < EARLIEST_LAST_DAY and as_of > award.performance_last_day:
        raise OldRuleError(last_day=award.performance_last_day)
    book = _Book(award)
    for payment in ordered:
        book.accrue(payment.on)
        book.receive(payment)
    book.accrue(as_of)
    account = Account(
        rows=tuple(book.rows),
        owed=book.left,
        received=sum((payment.amount for payment in ordered), ZERO),
        surplus=book.surplus,
    )
    return Derived(
        value=account, basis=(SETTLEMENT, *BASIS), steps=tuple(map(_line, book.rows))
    )


class _Book:
    """The account while it is written, in the order of days."""

    def __init__(self, award: Award) -> None:
        self._award = award
        self._paid_to = award.interest_from
        self._doubled_to = award.performance_last_day
        self.surplus = ZERO
        self.left = Owed(costs=award.costs, interest=award.interest, principal=award.principal)
        self.rows = [
            Row(
                kind=RowKind.AWARDED,
                on=award.interest_from,
                amount=self.left.total,
                left=self.left,
            )
        ]

    def accrue(self, until: date) -> None:
        """Write the interest up to a day."""
        days = (until - self._paid_to).days
        base = self.left.principal
        if days > 0:
            raw = base * self._award.rate_pct * days / (PERCENT * self._award.day_basis)
            if amount := yuan(raw):
                self.left = replace(self.left, interest=self.left.interest + amount)
                self._write(RowKind.INTEREST, until, self._paid_to, base, days, amount)
            self._paid_to = until
        days = (until - self._doubled_to).days
        base = self.left.principal + self.left.costs
        if days > 0:
            if base:
                amount = doubled(base, days)
                self.left = replace(self.left, doubled=self.left.doubled + amount)
                self._write(RowKind.DOUBLED, until, self._doubled_to, base, days, amount)
            self._doubled_to = until

    def receive(self, payment: PartPayment) -> None:
        """Use a payment: costs, interest, principal, the doubled part last."""
        rest, used, left = payment.amount, {}, {}
        for name in ("costs", "interest", "principal", "doubled"):
            part = min(rest, getattr(self.left, name))
            used[name] = part
            left[name] = getattr(self.left, name) - part
            rest -= part
        self.surplus += rest
        self.left = Owed(**left)
        self.rows.append(
            Row(
                kind=RowKind.PAID,
                on=payment.on,
                amount=payment.amount,
                used=Owed(**used),
                left=self.left,
            )
        )

    def _write(
        self, kind: RowKind, on: date, since: date, base: Decimal, days: int, amount: Decimal
    ) -> None:
        self.rows.append(
            Row(
                kind=kind,
                on=on,
                since=since,
                base=base,
                days=days,
                amount=amount,
                left=self.left,
            )
        )


def _line(row: Row) -> str:
    match row.kind:
        case RowKind.AWARDED:
            return (
                f"判决确定：费用 {row.left.costs:,}，利息 {row.left.interest:,}，"
                f"本金 {row.left.principal:,}"
            )
        case RowKind.PAID:
            used = row.used
            return (
                f"{row.on} 收到 {row.amount:,} 元："
                f"费用 {used.costs:,}，利息 {used.interest:,}，"
                f"本金 {used.principal:,}，加倍部分 {used.doubled:,}"
            )
        case RowKind.INTEREST:
            return (
                f"{row.since} 至 {row.on} 利息："
                f"{row.base:,} 元 {row.days} 天 = {row.amount:,} 元"
            )
        case RowKind.DOUBLED:
            return (
                f"{row.since} 次日至 {row.on} 加倍部分："
                f"{row.base:,} × 0.0175% × {row.days} 天 = {row.amount:,} 元"
            )

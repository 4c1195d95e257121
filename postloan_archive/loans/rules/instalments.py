"""Repayment plans (R-F15): equal payments, equal principal, bullet, interest only."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Citation, Confidence, Derived
from postloan_archive.kernel.money import ZERO, yuan
from postloan_archive.loans.rules.interest import (
    DAY_BASES,
    PERCENT,
    DayBasisError,
    after_months,
    days_between,
    plain,
    simple,
)

PLAN: Final = Citation(
    law="借款合同", article="还款方式与还款计划", rule="R-F15", confidence=Confidence.MEMORY
)
MONTHS_A_YEAR: Final = 12


class MonthsError(RuleError):
    """A plan has at least one month."""

    field = "months"

    def __init__(self, *, months: int) -> None:
        super().__init__(_l("期数 {months} 必须不小于 1。"), basis=PLAN, months=months)


class Part(NamedTuple):
    """One instalment of a plan, yuan."""

    principal: Decimal
    interest: Decimal

    @property
    def payment(self) -> Decimal:
        """Return what is due."""
        return self.principal + self.interest


def _monthly(annual_rate_pct: Decimal) -> Decimal:
    return annual_rate_pct / (PERCENT * MONTHS_A_YEAR)


def _interest(balance: Decimal, annual_rate_pct: Decimal) -> Decimal:
    return yuan(balance * annual_rate_pct / (PERCENT * MONTHS_A_YEAR))


def equal_payment(principal: Decimal, annual_rate_pct: Decimal, months: int) -> Decimal:
    """Return the instalment A of equal payments, rounded to the cent.

    Raises:
        MonthsError: `months` is below 1.
    """
    if months < 1:
        raise MonthsError(months=months)
    if not annual_rate_pct:
        return yuan(principal / months)
    rate = _monthly(annual_rate_pct)
    growth = (1 + rate) ** months
    return yuan(principal * rate * growth / (growth - 1))


def equal_payment_parts(
    principal: Decimal, annual_rate_pct: Decimal, months: int
) -> tuple[Part, ...]:
    """Return the plan of equal payments; the last instalment absorbs the difference.

    A principal part never passes the balance, so a rounded-up instalment cannot overpay.
    """
    payment = equal_payment(principal, annual_rate_pct, months)
    parts: list[Part] = []
    balance = principal
    for _ in range(months - 1):
        due = _interest(balance, annual_rate_pct)
        part = min(payment - due, balance)
        parts.append(Part(principal=part, interest=due))
        balance -= part
    parts.append(Part(principal=yuan(balance), interest=_interest(balance, annual_rate_pct)))
    return tuple(parts)


def equal_principal_parts(
    principal: Decimal, annual_rate_pct: Decimal, months: int
) -> tuple[Part, ...]:
    """Return the plan of equal principal; the last instalment absorbs the difference.

    Raises:
        MonthsError: `months` is below 1.
    """
    if months < 1:
        raise MonthsError(months=months)
    share = yuan(principal / months)
    parts: list[Part] = []
    balance = principal
    for _ in range(months - 1):
        part = min(share, balance)
        parts.append(Part(principal=part, interest=_interest(balance, annual_rate_pct)))
        balance -= part
    parts.append(Part(principal=yuan(balance), interest=_interest(balance, annual_rate_pct)))
    return tuple(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualPayments:
    """The figures of a plan of equal payments, yuan."""

    payment: Decimal
    first_interest: Decimal
    first_principal: Decimal
    last_payment: Decimal
    total_interest: Decimal


def epi(principal: Decimal, annual_rate_pct: Decimal, months: int) -> Derived[EqualPayments]:
    """Return the figures of 等额本息 (R-F15).

    Raises:
        MonthsError: `months` is below 1.
    """
    parts = equal_payment_parts(principal, annual_rate_pct, months)
    value = EqualPayments(
        payment=equal_payment(principal, annual_rate_pct, months),
        first_interest=parts[0].interest,
        first_principal=parts[0].principal,
        last_payment=parts[-1].payment,
        total_interest=sum((part.interest for part in parts), ZERO),
    )
    return Derived(
        value=value,
        basis=(PLAN,),
        steps=(
            f"月利率 = {plain(annual_rate_pct)}% ÷ 12，{months} 期",
            f"每期还款 A = P·i·(1+i)^n ÷ ((1+i)^n − 1) = {value.payment:,} 元",
            f"首期利息 {value.first_interest:,} 元，本金 {value.first_principal:,} 元",
            f"末期还款（吸收尾差）{value.last_payment:,} 元",
            f"利息合计 {value.total_interest:,} 元",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualPrincipal:
    """The figures of a plan of equal principal, yuan; no second payment in a plan of one."""

    first_payment: Decimal
    second_payment: Decimal | None
    last_payment: Decimal
    total_interest: Decimal


def ep(principal: Decimal, annual_rate_pct: Decimal, months: int) -> Derived[EqualPrincipal]:
    """Return the figures of 等额本金 (R-F15).

    Raises:
        MonthsError: `months` is below 1.
    """
    parts = equal_principal_parts(principal, annual_rate_pct, months)
    value = EqualPrincipal(
        first_payment=parts[0].payment,
        second_payment=parts[1].payment if months > 1 else None,
        last_payment=parts[-1].payment,
        total_interest=sum((part.interest for part in parts), ZERO),
    )
    return Derived(
        value=value,
        basis=(PLAN,),
        steps=(
            (
                f"每期本金 = {principal:,} ÷ {months}，末期吸收尾差；月利率 = "
                f"{plain(annual_rate_pct)}% ÷ 12"
            ),
            f"首期还款 {value.first_payment:,} 元，末期还款 {value.last_payment:,} 元",
            f"利息合计 {value.total_interest:,} 元",
        ),
    )


class Method(StrEnum):
    """How a loan is repaid; the values are those of the table `loans`."""

    EQUAL_PAYMENT = "equal_payment"
    EQUAL_PRINCIPAL = "equal_principal"
    BULLET = "bullet"
    INTEREST_MONTHLY = "interest_monthly"
    INTEREST_QUARTERLY = "interest_quarterly"


class PlanDatesError(RuleError):
    """The dates of a plan do not fit."""

    field = "due_on"

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason, basis=PLAN, **facts)


class PlannedInstalment(NamedTuple):
    """One row of a plan; `due_on` is the boundary, the first day after the period (R-F05)."""

    no: int
    due_on: date
    principal: Decimal
    interest: Decimal


@lru_cache(maxsize=8_192)  # loans of a ledger share their days
def _boundaries(
    disbursed_on: date, due_on: date, step: int, pay_day: int | None
) -> tuple[date, ...]:
    """Return the interest boundaries up to `due_on`, rising, the last one `due_on` itself.

    Months are counted from one anchor, never chained. With a day of the month the anchor is
    the first such day (for quarters: in March, June, September or December) after the payout.
    """
    anchor, first = disbursed_on, step
    if pay_day is not None:
        month = date(disbursed_on.year, disbursed_on.month, 1)
        quarter = step > 1
        while (quarter and month.month % step) or (
            candidate := month.replace(day=min(pay_day, 28))
        ) <= disbursed_on:
            month = after_months(month, 1)
        anchor, first = candidate, 0
    days: list[date] = []
    while (day := after_months(anchor, first + step * len(days))) < due_on:
        days.append(day)
    return (*days, due_on)


def plan(
    method: Method,
    *,
    principal: Decimal,
    annual_rate_pct: Decimal,
    disbursed_on: date,
    due_on: date,
    day_basis: int,
    pay_day: int | None = None,
) -> tuple[PlannedInstalment, ...]:
    """Return the repayment plan of a loan.

    Args:
        method: how it is repaid.
        principal: yuan paid out.
        annual_rate_pct: percent a year.
        disbursed_on: value date, the first interest day.
        due_on: maturity, the first day of the overdue side.
        day_basis: 360 or 365, for interest by actual days.
        pay_day: day of the month of the boundaries (1 to 28); None: the day of the payout.
            A broken first period of equal instalments is an extra interest row (R-F02).

    Raises:
        PlanDatesError: maturity does not lie after the payout, or `pay_day` is not 1 to 28.
    """
    if due_on <= disbursed_on:
        raise PlanDatesError(
            _l("到期日 {due_on} 必须晚于放款日 {disbursed_on}。"),
            due_on=due_on,
            disbursed_on=disbursed_on,
        )
    if pay_day is not None and not 1 <= pay_day <= 28:  # noqa: PLR2004 -- the day every month has
        raise PlanDatesError(_l("还款日 {pay_day} 必须在 1 至 28 之间。"), pay_day=pay_day)
    if method is Method.BULLET:
        boundaries: tuple[date, ...] = (due_on,)
    else:
        step = 3 if method is Method.INTEREST_QUARTERLY else 1
        boundaries = _boundaries(disbursed_on, due_on, step, pay_day)
    equal = method in {Method.EQUAL_PAYMENT, Method.EQUAL_PRINCIPAL}
    whole_months_only = after_months(disbursed_on, 1) == boundaries[0]
    starts = (disbursed_on, *boundaries)
    by_days = (
        yuan(simple(principal, annual_rate_pct, days_between(start, end), day_basis))
        for start, end in zip(starts, boundaries, strict=False)
    )
    if day_basis not in DAY_BASES:
        raise DayBasisError(basis=day_basis)
    if equal and (whole_months_only or len(boundaries) > 1):
        make = equal_payment_parts if method is Method.EQUAL_PAYMENT else equal_principal_parts
        extra = 0 if whole_months_only else 1
        parts = (
            *(Part(principal=ZERO, interest=next(by_days)) for _ in range(extra)),
            *make(principal, annual_rate_pct, len(boundaries) - extra),
        )
    else:
        parts = tuple(
            Part(principal=principal if end == due_on else ZERO, interest=interest)
            for end, interest in zip(boundaries, by_days, strict=True)
        )
    return tuple(
        PlannedInstalment(no=no, due_on=day, principal=part.principal, interest=part.interest)
        for no, (day, part) in enumerate(zip(boundaries, parts, strict=True), start=1)
    )

"""The doubled part of interest for late performance of a judgment (R-F13, R-F14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Citation, Confidence, Derived
from postloan_archive.kernel.money import ZERO, yuan
from postloan_archive.kernel.statutes import CIVIL_PROCEDURE_LAW, Statute

INTERPRETATION: Final = Statute(
    name="最高人民法院关于执行程序中计算迟延履行期间的债务利息适用法律若干问题的解释",
    edition="法释〔2014〕8号",
    in_force_from=date(2014, 8, 1),
)
DOUBLED: Final = INTERPRETATION.at("第一条、第二条、第三条", rule="R-F13")
DAY_COUNT: Final = INTERPRETATION.at(
    "第二条（届满之日起至履行完毕之日）", rule="R-F13", confidence=Confidence.MEMORY
)
SETTLEMENT: Final = INTERPRETATION.at("第二条、第四条", rule="R-F14")
LATE_PERFORMANCE: Final = CIVIL_PROCEDURE_LAW.at("第二百六十四条", rule="R-F13")
BASIS: Final[tuple[Citation, ...]] = (DOUBLED, LATE_PERFORMANCE, DAY_COUNT)

DAILY_RATE: Final = Decimal("0.000175")
EARLIEST_LAST_DAY: Final = date(2014, 7, 31)  # the first counted day is then 2014-08-01


class OldRuleError(RuleError):
    """Days before 1 August 2014 follow the rule before the interpretation; a person decides."""

    field = "performance_last_day"

    def __init__(self, *, last_day: date) -> None:
        super().__init__(
            _l("履行期限 {last_day} 届满后含有 2014-08-01 之前的日期，须按原规定人工计算。"),
            basis=DOUBLED,
            last_day=last_day,
        )


class CutOffBeforePaymentError(RuleError):
    """The cut-off day lies before the last payment."""

    field = "as_of"

    def __init__(self, *, as_of: date, last: date) -> None:
        super().__init__(_l("截止日 {as_of} 早于最后一次付款 {last}。"), as_of=as_of, last=last)


def doubled(base: Decimal, days: int) -> Decimal:
    """Return the doubled part in yuan, rounded: base × 0.0175 % a day."""
    return yuan(base * DAILY_RATE * days)


def _line(base: Decimal, days: int, amount: Decimal) -> str:
    return f"{base:,} × 0.0175% × {days} 天 = {amount:,} 元"


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayInterest:
    """Counted days and the doubled part in yuan."""

    days: int
    doubled_part: Decimal


def delay_interest(
    base: Decimal, performance_last_day: date, paid: date, *, excluded_days: int = 0
) -> Derived[DelayInterest]:
    """Return the doubled part on money that is paid at once (R-F13).

    Args:
        base: the unpaid money debt of the judgment without any interest awarded, yuan.
        performance_last_day: `legal` last day to perform; the next day is the first counted.
        paid: day of payment or deduction, counted.
        excluded_days: days of a suspension that the law leaves out.

    Raises:
        OldRuleError: counted days lie before 1 August 2014.
    """
    if performance_last_day < EARLIEST_LAST_DAY and paid > performance_last_day:
        raise OldRuleError(last_day=performance_last_day)
    days = max(0, (paid - performance_last_day).days - excluded_days)
    amount = doubled(base, days)
    return Derived(
        value=DelayInterest(days=days, doubled_part=amount),
        basis=BASIS,
        steps=(
            "基数不含判决确定的一般债务利息（利息、罚息、复利）",
            f"{performance_last_day} 的次日起至 {paid}，扣除 {excluded_days} 天，计 {days} 天",
            _line(base, days, amount),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPayment:
    """Money received on a judgment, yuan."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayInterestPartial:
    """The doubled part with part payments, yuan; `surplus` is what nothing was owed for."""

    principal_left_after_payment: Decimal
    doubled_rows: tuple[Decimal, ...]
    doubled_total: Decimal
    costs_left: Decimal
    general_interest_left: Decimal
    doubled_left: Decimal
    surplus: Decimal


def delay_interest_partial(
    *,
    principal: Decimal,
    general_interest: Decimal,
    costs: Decimal,
    performance_last_day: date,
    payments: Sequence[PartPayment],
    as_of: date,
) -> Derived[DelayInterestPartial]:
    """Return the doubled part, one row per interval between payments (R-F14).

    Each payment settles costs, general interest, principal, and the doubled part last. A
    payment on or before the last day to perform only lowers the base.

    Raises:
        CutOffBeforePaymentError: `as_of` lies before the last payment.
        OldRuleError: counted days lie before 1 August 2014.
    """
    ordered = sorted(payments, key=lambda payment: payment.on)
    if ordered and as_of < ordered[-1].on:
        raise CutOffBeforePaymentError(as_of=as_of, last=ordered[-1].on)
    if performance_last_day < EARLIEST_LAST_DAY and as_of > performance_last_day:
        raise OldRuleError(last_day=performance_last_day)
    left = {"costs": costs, "general": general_interest, "principal": principal}
    names = {"costs": "费用", "general": "一般债务利息", "principal": "本金"}
    rows: list[Decimal] = []
    owed = surplus = ZERO  # doubled part not yet paid; money beyond everything owed
    steps: list[str] = []
    since = performance_last_day

    def accrue(until: date) -> None:
        nonlocal owed, since
        base = left["principal"] + left["costs"]
        if (days := (until - since).days) > 0:
            if base:
                rows.append(doubled(base, days))
                owed += rows[-1]
                steps.append(f"{since} 至 {until}：{_line(base, days, rows[-1])}")
            since = until

    for payment in ordered:
        accrue(payment.on)
        rest = payment.amount
        parts: list[str] = []
        for name, label in names.items():
            part = min(rest, left[name])
            left[name] -= part
            rest -= part
            parts.append(f"{label} {part:,}")
        part = min(rest, owed)
        owed -= part
        surplus += rest - part
        parts.append(f"加倍部分 {part:,}")
        steps.append(f"{payment.on} 付款 {payment.amount:,} 元：{'，'.join(parts)}")
    accrue(as_of)
    total = sum(rows, ZERO)
    steps.append(f"加倍部分债务利息合计 {total:,} 元，未付 {owed:,} 元")
    return Derived(
        value=DelayInterestPartial(
            principal_left_after_payment=yuan(left["principal"]),
            doubled_rows=tuple(rows),
            doubled_total=total,
            costs_left=yuan(left["costs"]),
            general_interest_left=yuan(left["general"]),
            doubled_left=yuan(owed),
            surplus=yuan(surplus),
        ),
        basis=(SETTLEMENT, *BASIS),
        steps=tuple(steps),
    )

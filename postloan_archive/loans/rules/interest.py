"""Simple interest (R-F01 to R-F05, R-F11, R-F12): actual days, rounded once per row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.days import Unit, add_period
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Citation, Confidence, Derived
from postloan_archive.kernel.money import ZERO, yuan

CONTRACT: Final = Citation(
    law="借款合同", article="利率与计息条款", rule="R-F01", confidence=Confidence.MEMORY
)
DAY_BASIS: Final = Citation(
    law="关于人民币存贷款计结息问题的通知（银发〔2005〕129号）",
    article="日利率、月利率换算",
    rule="R-F01",
    confidence=Confidence.MEMORY,
)
HEAD_NOT_TAIL: Final = Citation(
    law="人民币利率管理规定", article="算头不算尾", rule="R-F02", confidence=Confidence.MEMORY
)
BY_MONTHS: Final = Citation(
    law="关于人民币存贷款计结息问题的通知（银发〔2005〕129号）",
    article="逐笔计息",
    rule="R-F03",
    confidence=Confidence.MEMORY,
)
FLOATING: Final = Citation(
    law="借款合同", article="浮动利率与重定价条款", rule="R-F11", confidence=Confidence.MEMORY
)
CEILING: Final = Citation(
    law="关于进一步加强金融审判工作的若干意见（法发〔2017〕22号）",
    article="第二条第二项",
    rule="R-F12",
    confidence=Confidence.MEMORY,
)
CEILING_PCT: Final = Decimal(24)
DAY_BASES: Final = (360, 365)
PERCENT: Final = Decimal(100)


class EndBeforeStartError(RuleError):
    """The period ends before it starts."""

    field = "end"

    def __init__(self, *, start: date, end: date) -> None:
        super().__init__(
            _l("结束日 {end} 早于开始日 {start}。"), basis=HEAD_NOT_TAIL, start=start, end=end
        )


class DayBasisError(RuleError):
    """The contract's day basis is neither 360 nor 365; there is no default (R-F01)."""

    field = "basis"

    def __init__(self, *, basis: int) -> None:
        super().__init__(
            _l("计息基数只能是 360 或 365，而不是 {given}。"), basis=DAY_BASIS, given=basis
        )


class SegmentGapError(RuleError):
    """A segment does not start where the previous one ends (R-F20)."""

    field = "segments"

    def __init__(self, *, position: int) -> None:
        super().__init__(
            _l("第 {position} 段的开始日必须等于上一段的结束日。"),
            basis=FLOATING,
            position=position,
        )


class NegativeRateError(RuleError):
    """The spread pushes the rate below zero."""

    field = "segments"

    def __init__(self, *, rate_pct: Decimal) -> None:
        super().__init__(
            _l("加减点后的年利率 {rate_pct}% 小于 0。"), basis=FLOATING, rate_pct=rate_pct
        )


class NoSegmentError(RuleError):
    """There is nothing to compute."""

    field = "segments"

    def __init__(self) -> None:
        super().__init__(_l("至少需要一个计息区间。"), basis=FLOATING)


def days_between(start: date, end: date) -> int:
    """Return the interest days of `[start, end)`: the first counts, the last does not.

    Raises:
        EndBeforeStartError: `end` lies before `start`.
    """
    if end < start:
        raise EndBeforeStartError(start=start, end=end)
    return (end - start).days


def simple(base: Decimal, rate_pct: Decimal, days: int, basis: int) -> Decimal:
    """Return unrounded simple interest in yuan.

    Args:
        base: yuan.
        rate_pct: percent a year.
        days: actual days.
        basis: days of the contract's year, 360 or 365.

    Raises:
        DayBasisError: `basis` is something else.
    """
    if basis not in DAY_BASES:
        raise DayBasisError(basis=basis)
    return base * rate_pct * days / (PERCENT * basis)


def plain(value: Decimal) -> str:
    """Return a decimal without exponent and without needless zeros, for a sentence."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def formula(base: Decimal, rate_pct: Decimal, days: int, basis: int, amount: Decimal) -> str:
    """Return one line of derivation."""
    return f"{base:,} × {plain(rate_pct)}% ÷ {basis} × {days} 天 = {amount:,} 元"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """Interest of one period.

    Attributes:
        days: actual days.
        interest: yuan, rounded once.
    """

    days: int
    interest: Decimal


def interest(
    principal: Decimal, annual_rate_pct: Decimal, start: date, end: date, basis: int
) -> Derived[Interest]:
    """Return simple interest of `[start, end)` by actual days (R-F01, R-F02).

    Raises:
        EndBeforeStartError: `end` lies before `start`.
        DayBasisError: `basis` is neither 360 nor 365.
    """
    days = days_between(start, end)
    amount = yuan(simple(principal, annual_rate_pct, days, basis))
    return Derived(
        value=Interest(days=days, interest=amount),
        basis=(CONTRACT, DAY_BASIS, HEAD_NOT_TAIL),
        steps=(
            f"自 {start}（含）至 {end}（不含），实际 {days} 天",
            formula(principal, annual_rate_pct, days, basis, amount),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestBothWays:
    """Both lawful ways of R-F03; the contract's `accrual_method` decides. Amounts in yuan."""

    months: int
    odd_days: int
    actual_days: int
    interest_by_months: Decimal
    interest_by_actual_days: Decimal


def after_months(anchor: date, months: int) -> date:
    """Return the corresponding day so many months later, 0 or more (R-A03)."""
    return add_period(anchor, months, Unit.MONTH) if months else anchor


def whole_months(start: date, end: date) -> int:
    """Return the largest m with `start + m months` (R-A03) not after `end`."""
    months = (end.year - start.year) * 12 + end.month - start.month
    while months > 0 and after_months(start, months) > end:
        months -= 1
    return months


def interest_ymd(
    principal: Decimal, annual_rate_pct: Decimal, start: date, end: date, basis: int
) -> Derived[InterestBothWays]:
    """Return interest by whole months and odd days, and by actual days (R-F03).

    The monthly rate is the annual rate ÷ 12 whatever the basis; both parts are added
    unrounded and rounded once.

    Raises:
        EndBeforeStartError: `end` lies before `start`.
        DayBasisError: `basis` is neither 360 nor 365.
    """
    actual = days_between(start, end)
    months = whole_months(start, end)
    odd = (end - after_months(start, months)).days
    monthly = principal * annual_rate_pct * months / (PERCENT * 12)
    by_months = yuan(monthly + simple(principal, annual_rate_pct, odd, basis))
    by_days = yuan(simple(principal, annual_rate_pct, actual, basis))
    rate = plain(annual_rate_pct)
    return Derived(
        value=InterestBothWays(
            months=months,
            odd_days=odd,
            actual_days=actual,
            interest_by_months=by_months,
            interest_by_actual_days=by_days,
        ),
        basis=(BY_MONTHS, DAY_BASIS, HEAD_NOT_TAIL),
        steps=(
            f"自 {start} 起满 {months} 个月，零 {odd} 天",
            (
                f"{principal:,} × {rate}% ÷ 12 × {months} + {principal:,} × {rate}% ÷ {basis} "
                f"× {odd} = {by_months:,} 元"
            ),
            "按实际天数：" + formula(principal, annual_rate_pct, actual, basis, by_days),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatingSegment:
    """Half-open `[start, end)` at LPR plus `bp` hundredths of a percent."""

    start: date
    end: date
    lpr_pct: Decimal
    bp: Decimal

    @property
    def rate_pct(self) -> Decimal:
        """Return the annual rate in percent."""
        return self.lpr_pct + self.bp / PERCENT


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatingInterest:
    """One amount per segment and their sum, yuan."""

    rows: tuple[Decimal, ...]
    total: Decimal


def floating(
    principal: Decimal, segments: Sequence[FloatingSegment], basis: int
) -> Derived[FloatingInterest]:
    """Return interest at a repriced rate, each segment rounded (R-F11, R-F17, R-F20).

    Raises:
        NoSegmentError: there is no segment.
        SegmentGapError: a segment does not start where the previous one ends.
        NegativeRateError: a spread pushes the rate below zero.
        EndBeforeStartError: a segment ends before it starts.
    """
    if not segments:
        raise NoSegmentError
    rows: list[Decimal] = []
    steps: list[str] = []
    for number, segment in enumerate(segments, start=1):
        if number > 1 and segment.start != segments[number - 2].end:
            raise SegmentGapError(position=number)
        if segment.rate_pct < 0:
            raise NegativeRateError(rate_pct=segment.rate_pct)
        days = days_between(segment.start, segment.end)
        amount = yuan(simple(principal, segment.rate_pct, days, basis))
        rows.append(amount)
        steps.append(
            f"{segment.start} 至 {segment.end}，LPR {plain(segment.lpr_pct)}% 加 "
            f"{plain(segment.bp)} 个基点："
            + formula(principal, segment.rate_pct, days, basis, amount)
        )
    total = sum(rows, ZERO)
    return Derived(
        value=FloatingInterest(rows=tuple(rows), total=total),
        basis=(FLOATING, DAY_BASIS),
        steps=(*steps, f"合计：{total:,} 元"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """The 24 % ceiling against what is claimed, yuan."""

    cap: Decimal
    claimed: Decimal
    excess: Decimal


def cap24(
    principal: Decimal,
    days: int,
    *,
    interest: Decimal,
    penalty: Decimal,
    compound: Decimal,
    liquidated_damages: Decimal,
    other_fees: Decimal = ZERO,
    day_basis: int,
) -> Derived[Ceiling]:
    """Return how far a claim passes 24 % a year: a warning, never a silent cut (R-F12).

    Court and preservation fees are no part of `other_fees`.

    Raises:
        DayBasisError: `day_basis` is neither 360 nor 365.
    """
    cap = yuan(simple(principal, CEILING_PCT, days, day_basis))
    claimed = yuan(interest + penalty + compound + liquidated_damages + other_fees)
    excess = max(ZERO, claimed - cap)
    verdict = "借款人可请求调减超出部分" if excess else "未超出"
    return Derived(
        value=Ceiling(cap=cap, claimed=claimed, excess=excess),
        basis=(CEILING,),
        steps=(
            "上限：" + formula(principal, CEILING_PCT, days, day_basis, cap),
            f"主张的利息、罚息、复利、违约金和其他费用合计 {claimed:,} 元",
            f"超出 {excess:,} 元：{verdict}",
        ),
    )


def until_paid(base: Decimal, rate_pct: Decimal, since: date, basis: int) -> str:
    """Return the sentence for interest that keeps running, without losing a day (R-F02)."""
    return (
        f"以 {base:,} 元为基数，自 {since}（含）起至实际清偿之日（不含）止，"
        f"按年利率 {plain(rate_pct)}%（每年按 {basis} 天）计算"
    )


def day_before(boundary: date) -> date:
    """Return the last day contained in a half-open period that ends at `boundary`."""
    return boundary - timedelta(days=1)

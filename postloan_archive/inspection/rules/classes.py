"""Risk classification, overdue days, buckets, observation (R-G01 to R-G05); pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.days import Unit, add_period
from postloan_archive.kernel.law import Confidence, Derived
from postloan_archive.kernel.statutes import HOUSE_RULE
from postloan_archive.loans.rules.ageing import BUCKETS as BUCKETS
from postloan_archive.loans.rules.ageing import BY_OVERDUE_DAYS as BY_OVERDUE_DAYS
from postloan_archive.loans.rules.ageing import (
    CLASSIFICATION_MEASURES,
    RiskClass,
    class_by_days,
)
from postloan_archive.loans.rules.ageing import Classification as Classification
from postloan_archive.loans.rules.ageing import Grid as Grid
from postloan_archive.loans.rules.ageing import bucket as bucket
from postloan_archive.loans.rules.ageing import classify as classify

OTHER_FLOORS: Final = CLASSIFICATION_MEASURES.at(
    "其他分类标准", rule="R-G02", confidence=Confidence.MEMORY
)
RESTRUCTURED: Final = CLASSIFICATION_MEASURES.at(
    "重组资产", rule="R-G03", confidence=Confidence.SECONDARY
)
ANCHOR: Final = HOUSE_RULE.at(
    "逾期天数自最早未清偿的到期日起算", rule="R-G05", confidence=Confidence.MEMORY
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFacts:
    """What is known of a debt besides its overdue days; ratios are shares from 0 to 1.

    Attributes:
        ecl_ratio: expected loss ÷ carrying amount; read only if `credit_impaired`.
        retail: the next three are read only if False.
        overdue90_share_all_banks: share of the debtor's debt at all banks overdue > 90 days.
        npl_share_this_bank: share of the debtor's exposure in this bank that is NPL.
    """

    technical_reason: bool = False
    funds_misused: bool = False
    rolled_over: bool = False
    rolled_over_qualified: bool = False
    credit_impaired: bool = False
    rating_collapse: bool = False
    debt_evasion: bool = False
    bankruptcy_liquidation: bool = False
    restructured: bool = False
    restructured_again: bool = False
    ecl_ratio: Decimal = Decimal(0)
    retail: bool = True
    npl_elsewhere: bool = False
    overdue90_share_all_banks: Decimal = Decimal(0)
    npl_share_this_bank: Decimal = Decimal(0)


ECL_DOUBTFUL: Final = Decimal("0.50")  # reached at the limit
ECL_LOSS: Final = Decimal("0.90")  # reached at the limit
OVERDUE90_SHARE: Final = Decimal("0.20")  # must be passed
NPL_SHARE: Final = Decimal("0.10")  # must be passed


def _floors(overdue_days: int, facts: RiskFacts) -> dict[str, RiskClass]:
    """Return the floor that each fact sets, by the name of the fact."""
    by_days = class_by_days(overdue_days, technical_reason=facts.technical_reason)
    floors: dict[str, RiskClass] = {"overdue_days": by_days}

    def put(name: str, floor: RiskClass, *, when: bool) -> None:
        if when:
            floors[name] = floor

    rolled = facts.rolled_over and not facts.rolled_over_qualified
    put("funds_misused", RiskClass.SPECIAL_MENTION, when=facts.funds_misused)
    put("rolled_over", RiskClass.SPECIAL_MENTION, when=rolled)
    put("restructured", RiskClass.SPECIAL_MENTION, when=facts.restructured)
    put("restructured_again", RiskClass.SUBSTANDARD, when=facts.restructured_again)
    put("credit_impaired", RiskClass.SUBSTANDARD, when=facts.credit_impaired)
    put("rating_collapse", RiskClass.SUBSTANDARD, when=facts.rating_collapse)
    put("debt_evasion", RiskClass.DOUBTFUL, when=facts.debt_evasion)
    put("bankruptcy_liquidation", RiskClass.LOSS, when=facts.bankruptcy_liquidation)
    if facts.credit_impaired:
        put("ecl_ratio", RiskClass.DOUBTFUL, when=facts.ecl_ratio >= ECL_DOUBTFUL)
        put("ecl_ratio", RiskClass.LOSS, when=facts.ecl_ratio >= ECL_LOSS)
    if not facts.retail:
        put("npl_elsewhere", RiskClass.SPECIAL_MENTION, when=facts.npl_elsewhere)
        put(
            "overdue90_share_all_banks",
            RiskClass.SUBSTANDARD,
            when=facts.overdue90_share_all_banks > OVERDUE90_SHARE,
        )
        put(
            "npl_share_this_bank",
            RiskClass.SUBSTANDARD,
            when=facts.npl_share_this_bank > NPL_SHARE,
        )
    return floors


FACT_WORDS: Final[Mapping[str, str]] = {
    "funds_misused": "未按用途使用",
    "rolled_over": "借新还旧",
    "restructured": "重组观察期内",
    "restructured_again": "观察期内再次重组",
    "credit_impaired": "已发生信用减值",
    "rating_collapse": "评级大幅下调",
    "debt_evasion": "逃废债务",
    "bankruptcy_liquidation": "破产清算",
    "ecl_ratio": "预期信用损失占比",
    "npl_elsewhere": "在他行或本行已为不良",
    "overdue90_share_all_banks": "全部债务中逾期超过 90 天的占比",
    "npl_share_this_bank": "本行债权中不良的占比",
}


def _words(name: str, overdue_days: int) -> str:
    return f"逾期 {overdue_days} 天" if name == "overdue_days" else FACT_WORDS[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstClass:
    """The worst floor and the names of the facts that reach it; none for the best class."""

    minimum_class: RiskClass
    reasons: tuple[str, ...]


def classify_other(overdue_days: int, facts: RiskFacts) -> Derived[WorstClass]:
    """Return the worst of the floors of R-G01, R-G02 and R-G03."""
    floors = _floors(overdue_days, facts)
    worst = max(floors.values(), key=lambda floor: floor.rank)
    reasons = (
        ()
        if worst is RiskClass.NORMAL
        else tuple(name for name, floor in floors.items() if floor is worst)
    )
    return Derived(
        value=WorstClass(minimum_class=worst, reasons=reasons),
        basis=(BY_OVERDUE_DAYS, OTHER_FLOORS, RESTRUCTURED),
        steps=(
            *(
                f"{_words(name, overdue_days)}：至少归为{floor}"
                for name, floor in floors.items()
            ),
            f"从严：至少归为{worst}",
        ),
        edition=CLASSIFICATION_MEASURES.edition,
    )


def overdue_days(
    unpaid_due_dates: Sequence[date], as_of: date, *, oldest_fully_paid: bool = False
) -> Derived[int]:
    """Return the overdue days: from the oldest unpaid due date, which is not counted (R-G05).

    Args:
        unpaid_due_dates: in any order; may be empty.
        as_of: counted.
        oldest_fully_paid: the earliest listed date has since been paid in full.
    """
    dates = sorted(set(unpaid_due_dates))[1 if oldest_fully_paid else 0 :]
    days = max(0, (as_of - dates[0]).days) if dates else 0
    why = f"最早未清偿的到期日 {dates[0]}，截至 {as_of}" if dates else "没有未清偿的到期日"
    return Derived(value=days, basis=(ANCHOR,), steps=(f"{why}：逾期 {days} 天",))


OBSERVED_PERIODS: Final = 2  # consecutive repayment periods, at least
OBSERVED_YEARS: Final = 1  # and not less than


def observation_end(
    restructured_on: date, due_days: Sequence[date], missed_on: date | None = None
) -> Derived[date]:
    """Return the last day of the observation of a restructured loan (R-G03).

    It runs from the first repayment day after the change, for at least two repayment periods
    and a year; a missed payment starts it anew from the day it was missed.

    Args:
        restructured_on: the day of the agreement.
        due_days: of the new plan.
        missed_on: the due day of the oldest payment that is open, None where none is.
    """
    coming = sorted(day for day in due_days if day > restructured_on)
    start = coming[0] if coming else restructured_on
    if missed_on is not None and missed_on > restructured_on:
        start = max(start, missed_on)
    year = add_period(start, OBSERVED_YEARS, Unit.YEAR)
    later = [day for day in coming if day > start]
    second = later[OBSERVED_PERIODS - 1] if len(later) >= OBSERVED_PERIODS else year
    end = max(year, second)
    missed = f"，{missed_on} 未按期偿还，重新起算" if start == missed_on else ""
    return Derived(
        value=end,
        basis=(RESTRUCTURED,),
        steps=(
            f"重组后首个还款日 {start} 起观察{missed}，至少两个还款期且不少于一年：至 {end}",
        ),
    )


NPL: Final = frozenset({RiskClass.SUBSTANDARD, RiskClass.DOUBTFUL, RiskClass.LOSS})
UPGRADE_PERIODS: Final = 2  # repayment periods paid after the arrears were cleared, at least
UPGRADE_MONTHS: Final = 6  # and not less than
UPGRADE: Final = CLASSIFICATION_MEASURES.at(
    "不良资产上调", rule="R-G03", confidence=Confidence.MEMORY
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NplState:
    """What decides whether a non-performing loan may be classed as performing again.

    Attributes:
        cleared_on: the day on which its arrears and costs were paid; None: they are not.
        due_days: of its plan.
        other_npl: another asset of the debtor in this bank is non-performing.
    """

    cleared_on: date | None
    due_days: tuple[date, ...] = ()
    other_npl: bool = False


def upgrade_allowed(state: NplState, as_of: date) -> Derived[bool]:
    """Return whether a non-performing loan has stood the time to be performing (R-G03).

    After its arrears were cleared two further periods must have been paid, and six months
    passed, whichever is longer; no other asset of the debtor is non-performing.
    """
    if state.cleared_on is None:
        return _stays("欠款未结清，不得上调为非不良")
    months = add_period(state.cleared_on, UPGRADE_MONTHS, Unit.MONTH)
    later = sorted(day for day in state.due_days if day > state.cleared_on)
    periods = later[UPGRADE_PERIODS - 1] if len(later) >= UPGRADE_PERIODS else months
    end = max(months, periods)
    if as_of <= end:
        return _stays(
            f"{state.cleared_on} 结清欠款，此后须还满两期且满六个月：至 {end} 不得上调为非不良"
        )
    if state.other_npl:
        return _stays("债务人在本行另有不良资产，不得上调为非不良")
    return Derived(
        value=True,
        basis=(UPGRADE,),
        steps=(f"{state.cleared_on} 结清欠款，观察期至 {end} 已满，可以上调",),
    )


def _stays(why: str) -> Derived[bool]:
    return Derived(value=False, basis=(UPGRADE,), steps=(why,))


def needs_approval(floor: RiskClass, wanted: RiskClass) -> bool:
    """Return whether a class is better than the rules allow."""
    return wanted.rank < floor.rank

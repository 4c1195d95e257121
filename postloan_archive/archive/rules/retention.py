"""How long a loan file is kept and when it may be destroyed (R-I07, R-I08)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Confidence, Derived
from postloan_archive.kernel.statutes import HOUSE_RULE, Statute

ANTI_MONEY_LAUNDERING_LAW: Final = Statute(
    name="反洗钱法", edition="2024修订", in_force_from=date(2025, 1, 1)
)
ARCHIVES_REGULATION: Final = Statute(
    name="档案法实施条例", edition="2024", in_force_from=date(2024, 3, 1)
)
PERIOD: Final = HOUSE_RULE.at(
    "保管期限自结清次年1月1日起算", rule="R-I07", confidence=Confidence.MEMORY
)
FLOOR: Final = ANTI_MONEY_LAUNDERING_LAW.at("第三十四条", rule="R-I07")
APPRAISAL: Final = ARCHIVES_REGULATION.at("第二十四条", rule="R-I08")
MINIMUM_YEARS: Final = 10  # identity and transaction records of customers


class RetentionTooShortError(RuleError):
    """A loan file is kept for ten years or longer."""

    field = "years"

    def __init__(self, *, years: int) -> None:
        super().__init__(
            _l("信贷档案保管期限不得少于 {minimum} 年，而不是 {years} 年。"),
            basis=FLOOR,
            years=years,
            minimum=MINIMUM_YEARS,
        )


class RetentionRangeError(RuleError):
    """The end lies beyond the year 9999."""

    field = "years"

    def __init__(self, *, years: int) -> None:
        super().__init__(_l("保管 {years} 年超出可计算的日期范围。"), years=years)


def check_years(years: int | None) -> None:
    """Refuse a period for loan files below the statutory floor; None: permanent.

    Raises:
        RetentionTooShortError: fewer than ten years.
    """
    if years is not None and years < MINIMUM_YEARS:
        raise RetentionTooShortError(years=years)


def retention(settled: date, years: int | None) -> Derived[date | None]:
    """Return the last day of the period, included; None: permanent (R-I07).

    Args:
        settled: the latest of repayment, closing of recovery, closing of the case.
        years: whole years from 1 January after `settled`; None: permanent.

    Raises:
        RetentionRangeError: the end lies beyond the year 9999.
    """
    if years is None:
        return Derived(value=None, basis=(PERIOD, FLOOR), steps=("永久保管，没有届满日",))
    if settled.year + years > date.max.year:
        raise RetentionRangeError(years=years)
    end = date(settled.year + years, 12, 31)
    return Derived(
        value=end,
        basis=(PERIOD, FLOOR),
        steps=(f"结清日 {settled}，自 {settled.year + 1} 年 1 月 1 日起 {years} 年，至 {end}",),
    )


class Obstacle(StrEnum):
    """Why a file may not be destroyed."""

    PERMANENT = "permanent"
    NOT_EXPIRED = "not_expired"
    LEGAL_HOLD = "legal_hold"
    NOT_APPRAISED = "not_appraised"


SENTENCES: Final = {
    Obstacle.PERMANENT: "永久保管",
    Obstacle.NOT_EXPIRED: "保管期限尚未届满（最后一日当天仍在期内）",
    Obstacle.LEGAL_HOLD: "有保留事由（未了债权、诉讼、执行含终本、审计、调查）",
    Obstacle.NOT_APPRAISED: "尚未鉴定",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Destruction:
    """Whether the file may be destroyed, the end of its period and every obstacle."""

    allowed: bool
    end: date | None
    reasons: tuple[Obstacle, ...]


def destroy_allowed(
    *, today: date, settled: date, years: int | None, legal_hold: bool, appraised: bool
) -> Derived[Destruction]:
    """Return whether a file may be destroyed: expired, appraised, no hold (R-I08).

    Raises:
        RetentionRangeError: the end lies beyond the year 9999.
    """
    period = retention(settled, years)
    end = period.value
    reasons: list[Obstacle] = []
    if end is None:
        reasons.append(Obstacle.PERMANENT)
    elif today <= end:
        reasons.append(Obstacle.NOT_EXPIRED)
    if legal_hold:
        reasons.append(Obstacle.LEGAL_HOLD)
    if not appraised:
        reasons.append(Obstacle.NOT_APPRAISED)
    return Derived(
        value=Destruction(allowed=not reasons, end=end, reasons=tuple(reasons)),
        basis=(APPRAISAL, *period.basis),
        steps=(
            *period.steps,
            *(SENTENCES[reason] for reason in reasons),
            "可以销毁（须造册、审批、双人监销）" if not reasons else "不得销毁",
        ),
    )

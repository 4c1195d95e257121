"""Counting periods of law: days, months, years, hours, backwards (group A of the domain rules).

Every function takes the calendar as an argument and returns the reason with the date.
"""

import calendar as gregorian
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.calendar import RISK_BASIS, WorkCalendar
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Citation, Confidence, Derived, Due
from postloan_archive.kernel.statutes import (
    CIVIL_CODE,
    CIVIL_PROCEDURE_INTERPRETATION,
    CIVIL_PROCEDURE_LAW,
    HOUSE_RULE,
)

FIRST_DAY: Final = CIVIL_PROCEDURE_LAW.at("第八十五条第二款", rule="R-A01")
CORRESPONDING_DAY: Final = CIVIL_CODE.at("第二百零二条", rule="R-A03")
EXTENSION: Final = CIVIL_PROCEDURE_LAW.at("第八十五条第三款", rule="R-A04")
NO_EXTENSION: Final = HOUSE_RULE.at(
    "期日、查封冻结期限、合同期限不因节假日顺延", rule="R-A05", confidence=Confidence.MEMORY
)
HOURS: Final = CIVIL_PROCEDURE_INTERPRETATION.at("第一百二十五条", rule="R-A07")
BACKWARD: Final = HOUSE_RULE.at(
    "“届满前若干日”逆算，遇休息日提前", rule="R-A08", confidence=Confidence.MEMORY
)
EFFECTIVE: Final = CIVIL_PROCEDURE_LAW.at("第一百五十八条", rule="R-A12")
EFFECTIVE_ALL_PARTIES: Final = CIVIL_PROCEDURE_INTERPRETATION.at(
    "第五百三十六条", rule="R-A12", confidence=Confidence.MEMORY
)
APPEAL: Final = CIVIL_PROCEDURE_LAW.at("第一百七十一条第一款", rule="R-B21")
APPEAL_ABROAD: Final = CIVIL_PROCEDURE_LAW.at("第二百八十六条", rule="R-B23")
PERFORMANCE: Final = CIVIL_PROCEDURE_LAW.at("第八十五条第一款", rule="R-A14")
CHAINING: Final = HOUSE_RULE.at(
    "前一期间届满日作为后一期间起算点", rule="R-A19", confidence=Confidence.MEMORY
)

APPEAL_DAYS: Final = 15
APPEAL_DAYS_ABROAD: Final = 30
MONTHS_A_YEAR: Final = 12


class Unit(StrEnum):
    """What a period is counted in."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"

    @property
    def chinese(self) -> str:
        """Return the word that follows the number in a sentence."""
        return {"day": "日", "month": "个月", "year": "年"}[self.value]


class PeriodLengthError(RuleError):
    """A period must be one unit or longer."""

    field = "length"

    def __init__(self, *, length: int) -> None:
        super().__init__(_l("期间长度 {length} 无效，应为不小于 1 的整数。"), length=length)


class DayRangeError(RuleError):
    """The period leaves the calendar that computers know (years 1 to 9999)."""

    field = "length"

    def __init__(self, *, anchor: date, length: int) -> None:
        super().__init__(
            _l("自 {anchor} 起推算 {length} 超出可计算的日期范围。"),
            anchor=anchor,
            length=length,
        )


class NobodyServedError(RuleError):
    """A judgment takes effect only when it has been served."""

    field = "served"

    def __init__(self) -> None:
        super().__init__(_l("尚无任何当事人的送达日期，无法推算生效日。"), basis=EFFECTIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedOn:
    """When one party was served; `abroad` if it has no domicile in mainland China (R-B23)."""

    on: date
    abroad: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveDay:
    """The day a judgment takes effect, and the appeal period that ended last.

    `last_appeal` is None for a judgment that nobody can appeal.
    """

    on: date
    provisional: bool
    last_appeal: Due | None
    basis: tuple[Citation, ...]
    steps: tuple[str, ...]
    edition: str


def add_period(anchor: date, length: int, unit: Unit) -> date:
    """Return the last day of a period; the day of the trigger is not counted (R-A01 to R-A03).

    Months and years end on the corresponding day, or on the last day of a month without it;
    they are always counted from the anchor, never month by month.

    Raises:
        PeriodLengthError: `length` is below 1.
        DayRangeError: the result is after the year 9999.
    """
    if length < 1:
        raise PeriodLengthError(length=length)
    try:
        if unit is Unit.DAY:
            return anchor + timedelta(days=length)
        months = length * (MONTHS_A_YEAR if unit is Unit.YEAR else 1)
        year, month = divmod(anchor.year * MONTHS_A_YEAR + anchor.month - 1 + months, 12)
        last = gregorian.monthrange(year, month + 1)[1] if year <= date.max.year else 1
        return date(year, month + 1, min(anchor.day, last))
    except (OverflowError, ValueError) as error:
        raise DayRangeError(anchor=anchor, length=length) from error


def deadline(
    trigger: date,
    length: int,
    unit: Unit,
    *,
    calendar: WorkCalendar,
    extends: bool = True,
    basis: tuple[Citation, ...] = (),
    edition: str = "",
) -> Due:
    """Return the last day of a period that starts with an event on `trigger`.

    Args:
        trigger: the day of the event, not counted itself.
        length: how many units, 1 or more.
        unit: days, months or years.
        calendar: the working days known.
        extends: False where R-A05 forbids the extension over rest days.
        basis: the provision that sets the length; the ones on counting are added.
        edition: the edition of the rule that sets the length.

    Raises:
        PeriodLengthError: `length` is below 1.
        DayRangeError: the result is outside the years 1 to 9999.
    """
    nominal = add_period(trigger, length, unit)
    due = due_on(
        nominal,
        calendar=calendar,
        extends=extends,
        basis=(*basis, FIRST_DAY if unit is Unit.DAY else CORRESPONDING_DAY),
        edition=edition,
    )
    return replace(
        due,
        steps=(
            f"{trigger.isoformat()} 为起算事件发生日，当日不计入。",
            f"期间{length}{unit.chinese}，末日为 {nominal.isoformat()}。",
            *due.steps,
        ),
    )


def due_on(
    nominal: date,
    *,
    calendar: WorkCalendar,
    extends: bool = True,
    basis: tuple[Citation, ...] = (),
    edition: str = "",
) -> Due:
    """Return the three days of a limit whose last day is known (R-002, R-A04, R-K05).

    Raises:
        DayRangeError: the rest days around it leave the years 1 to 9999.
    """
    try:
        legal, provisional = calendar.legal_day(nominal)
        safe = calendar.safe_day(nominal)
    except OverflowError as error:
        raise DayRangeError(anchor=nominal, length=0) from error
    rules, steps = list(basis), []
    if not extends:
        legal = nominal
        rules.append(NO_EXTENSION)
        steps.append("该期限不因法定休假日顺延。")
    elif legal != nominal:
        first, last = calendar.rest_block(nominal) or (nominal, nominal)
        rules.append(EXTENSION)
        steps.append(
            f"末日在休假日 {first.isoformat()} 至 {last.isoformat()} 之内，"
            f"顺延至休假日后的第一日 {legal.isoformat()}。"
        )
    if provisional:
        rules.append(RISK_BASIS)
        steps.append(
            f"工作日历只载入至 {calendar.loaded_until.isoformat()}，"
            "末日涉及未公布年度，不作顺延，结果为暂定。"
        )
    if safe != nominal:
        steps.append(f"为稳妥起见，请在 {safe.isoformat()} 前（含当日）办理。")
    return Due(
        nominal=nominal,
        legal=legal,
        safe=safe,
        provisional=provisional,
        basis=tuple(rules),
        steps=tuple(steps),
        edition=edition,
        calendar_edition=calendar.edition,
    )


def chain(
    earlier: Due,
    length: int,
    unit: Unit,
    *,
    calendar: WorkCalendar,
    own_right: bool,
    extends: bool = True,
    basis: tuple[Citation, ...] = (),
    edition: str = "",
) -> Due:
    """Return the period that starts when `earlier` ends (R-A19).

    The trigger is the earlier period's `legal` day. For a right of our own side the `safe` day
    is also counted from its `nominal` day, and the earlier of the two is kept.
    """
    due = deadline(
        earlier.legal,
        length,
        unit,
        calendar=calendar,
        extends=extends,
        basis=basis,
        edition=edition,
    )
    safe = due.safe
    if own_right:
        cautious = deadline(earlier.nominal, length, unit, calendar=calendar)
        safe = min(safe, cautious.safe)
    return replace(
        due,
        safe=safe,
        provisional=due.provisional or earlier.provisional,
        basis=(*due.basis, CHAINING),
        steps=(*earlier.steps, "前一期间届满后接续计算。", *due.steps),
    )


def backward_deadline(
    anchor: date,
    days_before: int,
    *,
    calendar: WorkCalendar,
    basis: tuple[Citation, ...] = (),
    edition: str = "",
) -> Due:
    """Return the last day to act "N days before" a day (R-A08).

    A rest day moves the limit to the working day before it, never to the one after.

    Raises:
        PeriodLengthError: `days_before` is below 1.
        DayRangeError: the result is before the year 1.
    """
    if days_before < 1:
        raise PeriodLengthError(length=days_before)
    try:
        nominal = anchor - timedelta(days=days_before)
        safe = calendar.safe_day(nominal)
    except OverflowError as error:
        raise DayRangeError(anchor=anchor, length=-days_before) from error
    provisional = calendar.is_open(nominal)
    steps = [f"自 {anchor.isoformat()} 向前推算{days_before}日，为 {nominal.isoformat()}。"]
    if safe != nominal:
        steps.append(f"该日为休息日或可能休息，提前至 {safe.isoformat()}。")
    if provisional:
        steps.append(f"工作日历只载入至 {calendar.loaded_until.isoformat()}，结果为暂定。")
    return Due(
        nominal=nominal,
        legal=nominal,
        safe=safe,
        provisional=provisional,
        basis=(*basis, BACKWARD, *((RISK_BASIS,) if provisional else ())),
        steps=tuple(steps),
        edition=edition,
        calendar_edition=calendar.edition,
    )


def hours_period(start: datetime, hours: int) -> Derived[datetime]:
    """Return the end of a period in hours; counting starts with the next full hour (R-A07).

    Args:
        start: the moment of the event in the civil time of China; its zone is kept.
        hours: 1 or more. Rest days do not extend it.

    Raises:
        PeriodLengthError: `hours` is below 1.
        DayRangeError: the end is after the year 9999.
    """
    if hours < 1:
        raise PeriodLengthError(length=hours)
    try:
        first = start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        end = first + timedelta(hours=hours)
    except OverflowError as error:
        raise DayRangeError(anchor=start.date(), length=hours) from error
    return Derived(
        value=end,
        basis=(FIRST_DAY, HOURS),
        steps=(
            f"{start:%Y-%m-%d %H:%M} 当时不计入，自次时 {first:%Y-%m-%d %H:%M} 起算。",
            f"{hours}小时届满于 {end:%Y-%m-%d %H:%M}，不因休假日顺延。",
        ),
        edition=CIVIL_PROCEDURE_INTERPRETATION.edition,
    )


def judgment_effective(served: Sequence[ServedOn], *, calendar: WorkCalendar) -> EffectiveDay:
    """Return the day a first-instance judgment takes effect if nobody appeals (R-A12).

    The day after the latest appeal period of any party; it is never moved over a rest day.

    Raises:
        NobodyServedError: `served` is empty.
    """
    if not served:
        raise NobodyServedError
    appeals = [
        deadline(
            party.on,
            APPEAL_DAYS_ABROAD if party.abroad else APPEAL_DAYS,
            Unit.DAY,
            calendar=calendar,
            basis=(APPEAL_ABROAD if party.abroad else APPEAL,),
            edition=CIVIL_PROCEDURE_LAW.edition,
        )
        for party in served
    ]
    last = max(appeals, key=lambda due: due.legal)
    effective = add_period(last.legal, 1, Unit.DAY)
    return EffectiveDay(
        on=effective,
        provisional=any(due.provisional for due in appeals),
        last_appeal=last,
        basis=(EFFECTIVE, EFFECTIVE_ALL_PARTIES, *last.basis),
        steps=(
            *last.steps,
            f"全体当事人中最后届满的上诉期为 {last.legal.isoformat()}。",
            f"无人上诉的，次日 {effective.isoformat()} 生效；以法院生效证明为准。",
        ),
        edition=CIVIL_PROCEDURE_LAW.edition,
    )


def performance_last_day(effective: date, days: int, *, calendar: WorkCalendar) -> Due:
    """Return the last day to perform "within N days of taking effect" (R-A14)."""
    return deadline(
        effective,
        days,
        Unit.DAY,
        calendar=calendar,
        basis=(PERFORMANCE,),
        edition=CIVIL_PROCEDURE_LAW.edition,
    )

"""The inspection plan, and by when a risk signal is dealt with (R-G06); pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.calendar import SATURDAY, WorkCalendar
from postloan_archive.kernel.days import Unit, add_period
from postloan_archive.kernel.law import Citation, Confidence
from postloan_archive.kernel.statutes import HOUSE_RULE
from postloan_archive.loans.rules.ageing import RiskClass

INSPECTION_PLAN: Final = HOUSE_RULE.at(
    "贷后检查计划", rule="R-G06", confidence=Confidence.MEMORY
)


class InspectionKind(StrEnum):
    """The kinds of post-loan inspection."""

    FIRST = "首次检查"
    REGULAR = "日常检查"
    SPECIAL = "专项检查"
    REVALUATION = "押品重估"
    BEFORE_MATURITY = "到期前检查"


ITEM_OF: Final[Mapping[InspectionKind, str]] = {  # the item of the loan file it produces
    InspectionKind.FIRST: "GL08",
    InspectionKind.REGULAR: "GL09",
    InspectionKind.SPECIAL: "GL09",
    InspectionKind.REVALUATION: "GL13",
    InspectionKind.BEFORE_MATURITY: "GL12",
}


class BorrowerKind(StrEnum):
    """Whose loan is inspected."""

    COMPANY = "company"
    PERSONAL_BUSINESS = "personal_business"
    SMALL_CONSUMER = "small_consumer"


class CollateralClass(StrEnum):
    """How often collateral is valued again."""

    REAL_ESTATE = "real_estate"
    MOVABLE = "movable"
    EQUITY = "equity"


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionIntervals:
    """The bank's intervals; the defaults are common practice and a setting (R-G06).

    Days are calendar days after the drawdown or before maturity; months follow R-A03.
    """

    first_days: int = 15
    company_normal_months: int = 3
    company_watched_months: int = 1
    personal_normal_months: int = 6
    personal_watched_months: int = 3
    consumer_months: int = 1
    real_estate_months: int = 12
    other_collateral_months: int = 3
    before_maturity_from_days: int = 60
    before_maturity_to_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedInspection:
    """One inspection to come: nominal last day, no holiday extension; plan by the safe day."""

    kind: InspectionKind
    due_on: date
    item_code: str
    basis: Citation
    reason: str
    not_before: date | None = None


def regular_months(
    borrower: BorrowerKind,
    risk_class: RiskClass,
    intervals: InspectionIntervals = InspectionIntervals(),
) -> int:
    """Return the months between regular inspections."""
    watched = risk_class is not RiskClass.NORMAL
    if borrower is BorrowerKind.SMALL_CONSUMER:
        return intervals.consumer_months
    if borrower is BorrowerKind.COMPANY:
        return intervals.company_watched_months if watched else intervals.company_normal_months
    return intervals.personal_watched_months if watched else intervals.personal_normal_months


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedLoan:
    """What the plan needs to know of one loan; `last` are completed inspections by kind."""

    borrower: BorrowerKind
    risk_class: RiskClass
    drawdowns: tuple[date, ...]
    maturity: date
    last: Mapping[InspectionKind, date]
    collateral: frozenset[CollateralClass] = frozenset()


def inspection_plan(
    loan: InspectedLoan,
    intervals: InspectionIntervals = InspectionIntervals(),
) -> tuple[PlannedInspection, ...]:
    """Return the next inspection of each kind, by due day (R-G06).

    The first check after the latest drawdown is planned until one is completed on or after
    that drawdown; intervals run from the last completed inspection of that kind, the first
    time from the first drawdown.
    """
    if not loan.drawdowns:
        return ()
    planned: list[PlannedInspection] = []

    def add(kind: InspectionKind, due: date, why: str, begin: date | None = None) -> None:
        planned.append(
            PlannedInspection(
                kind=kind,
                due_on=due,
                item_code=ITEM_OF[kind],
                basis=INSPECTION_PLAN,
                reason=why,
                not_before=begin,
            )
        )

    first, latest = min(loan.drawdowns), max(loan.drawdowns)
    done = loan.last.get(InspectionKind.FIRST)
    if done is None or done < latest:
        due = latest + timedelta(days=intervals.first_days)
        add(InspectionKind.FIRST, due, f"{latest} 放款后 {intervals.first_days} 天内")
    months = regular_months(loan.borrower, loan.risk_class, intervals)
    since = loan.last.get(InspectionKind.REGULAR, first)
    add(
        InspectionKind.REGULAR,
        add_period(since, months, Unit.MONTH),
        f"自 {since} 起每 {months} 个月",
    )
    if loan.collateral:
        yearly = loan.collateral == {CollateralClass.REAL_ESTATE}
        months = intervals.real_estate_months if yearly else intervals.other_collateral_months
        since = loan.last.get(InspectionKind.REVALUATION, first)
        add(
            InspectionKind.REVALUATION,
            add_period(since, months, Unit.MONTH),
            f"自 {since} 起每 {months} 个月重估押品",
        )
    begin = loan.maturity - timedelta(days=intervals.before_maturity_from_days)
    before = loan.last.get(InspectionKind.BEFORE_MATURITY)
    if before is None or before < begin:
        add(
            InspectionKind.BEFORE_MATURITY,
            loan.maturity - timedelta(days=intervals.before_maturity_to_days),
            f"到期日 {loan.maturity} 前 {intervals.before_maturity_from_days} 至 "
            f"{intervals.before_maturity_to_days} 天",
            begin,
        )
    return tuple(sorted(planned, key=lambda item: (item.due_on, item.kind)))


SIGNAL_WORKING_DAYS: Final = 5  # a special inspection follows a signal
MATURITY_DAYS: Final = 30  # before maturity with a balance


def signal_deadline(found_on: date, *, calendar: WorkCalendar) -> date:
    """Return the fifth working day after a signal; a year not loaded counts weekdays."""
    day, left = found_on, SIGNAL_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        known = calendar.is_workday(day)
        left -= day.weekday() < SATURDAY if known is None else known
    return day

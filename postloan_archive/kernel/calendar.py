"""Which days are working days, and what to plan for in a year that is not published yet.

Group K of the domain rules. The data come from the yearly notice of the State Council; this
module only reasons about them and never guesses a day it was not given (R-003).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Confidence
from postloan_archive.kernel.statutes import HOLIDAY_MEASURES, HOUSE_RULE

WORKDAY_BASIS: Final = HOLIDAY_MEASURES.at("全文及国务院办公厅年度放假安排通知", rule="R-K01")
RISK_BASIS: Final = HOUSE_RULE.at(
    "未公布年度的风险窗口", rule="R-K05", confidence=Confidence.MEMORY
)

ONE_DAY: Final = timedelta(days=1)
SATURDAY: Final = 5
TUESDAY: Final = 1
DAYS_WITHOUT_ANCHORS: Final = 12  # longer than any risk window (R-K05)
LUNAR_NEW_YEAR_EVE: Final = (2, 8)  # days before and after, both ends included
OTHER_FESTIVALS: Final = (2, 2)

# 除夕, 清明, 端午, 中秋 of each year (R-K05); computed, so good for planning only.
ANCHORS: Final[dict[int, tuple[date, date, date, date]]] = {
    2027: (date(2027, 2, 5), date(2027, 4, 5), date(2027, 6, 9), date(2027, 9, 15)),
    2028: (date(2028, 1, 25), date(2028, 4, 4), date(2028, 5, 28), date(2028, 10, 3)),
    2029: (date(2029, 2, 12), date(2029, 4, 4), date(2029, 6, 16), date(2029, 9, 22)),
    2030: (date(2030, 2, 2), date(2030, 4, 5), date(2030, 6, 5), date(2030, 9, 12)),
    2031: (date(2031, 1, 22), date(2031, 4, 5), date(2031, 6, 24), date(2031, 10, 1)),
    2032: (date(2032, 2, 10), date(2032, 4, 4), date(2032, 6, 12), date(2032, 9, 19)),
    2033: (date(2033, 1, 30), date(2033, 4, 4), date(2033, 6, 1), date(2033, 9, 8)),
    2034: (date(2034, 2, 18), date(2034, 4, 5), date(2034, 6, 20), date(2034, 9, 27)),
    2035: (date(2035, 2, 7), date(2035, 4, 5), date(2035, 6, 10), date(2035, 9, 16)),
    2036: (date(2036, 1, 27), date(2036, 4, 4), date(2036, 5, 30), date(2036, 10, 4)),
}


class CalendarHorizonError(RuleError):
    """A horizon was asked for that lies outside the published data."""

    field = "calendar_loaded_until"

    def __init__(self, *, asked: date, loaded_from: date, loaded_until: date) -> None:
        super().__init__(
            _l("工作日历截止日 {asked} 不在已载入的 {loaded_from} 至 {loaded_until} 之内。"),
            asked=asked,
            loaded_from=loaded_from,
            loaded_until=loaded_until,
        )


class DayKind(StrEnum):
    """What a day is in the calendar."""

    WORK = "班"
    REST = "休"
    UNKNOWN = "未公布"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """The working days of a span of published years.

    Attributes:
        loaded_from: first day the calendar knows.
        loaded_until: last day the calendar knows, inclusive.
        rest_days: days published as holiday or shifted rest; weekends need not be in it.
        work_days: Saturdays and Sundays published as working days (调休).
        edition: which notices it holds, stored with every date computed from it (R-006).
    """

    loaded_from: date
    loaded_until: date
    rest_days: frozenset[date]
    work_days: frozenset[date]
    edition: str

    def kind(self, day: date) -> DayKind:
        """Return whether the day is worked, free, or in a year not published (R-K04)."""
        if not self.loaded_from <= day <= self.loaded_until:
            return DayKind.UNKNOWN
        if day in self.work_days:
            return DayKind.WORK
        free = day.weekday() >= SATURDAY or day in self.rest_days
        return DayKind.REST if free else DayKind.WORK

    def is_workday(self, day: date) -> bool | None:
        """Return whether the day is worked; None where nobody has said (R-K01, R-K04)."""
        kind = self.kind(day)
        return None if kind is DayKind.UNKNOWN else kind is DayKind.WORK

    def limited_to(self, loaded_until: date) -> "WorkCalendar":
        """Return the calendar as it was when it ended on `loaded_until`, inclusive.

        Raises:
            CalendarHorizonError: the day lies outside the data.
        """
        if not self.loaded_from <= loaded_until <= self.loaded_until:
            raise CalendarHorizonError(
                asked=loaded_until,
                loaded_from=self.loaded_from,
                loaded_until=self.loaded_until,
            )
        return WorkCalendar(
            loaded_from=self.loaded_from,
            loaded_until=loaded_until,
            rest_days=self.rest_days,
            work_days=self.work_days,
            edition=f"{self.edition}，截至{loaded_until.isoformat()}",
        )

    def is_open(self, day: date) -> bool:
        """Return whether a notice still to come may change the day (R-K04, R-K05).

        30 and 31 December are open until the next year is loaded if 1 January is a Tuesday:
        the notices for 2008 and 2019 turned 31 December into a rest day.
        """
        if self.kind(day) is DayKind.UNKNOWN:
            return True
        if (day.month, day.day) not in {(12, 30), (12, 31)}:
            return False
        new_year = date(day.year + 1, 1, 1)
        return new_year.weekday() == TUESDAY and self.kind(new_year) is DayKind.UNKNOWN

    def rest_block(self, day: date) -> tuple[date, date] | None:
        """Return first and last day of the run of published rest days around `day`.

        None if the day is worked or not published. The run stops at the edges of the data.
        """
        if self.kind(day) is not DayKind.REST:
            return None
        first = last = day
        while self.kind(first - ONE_DAY) is DayKind.REST:
            first -= ONE_DAY
        while self.kind(last + ONE_DAY) is DayKind.REST:
            last += ONE_DAY
        return first, last

    def legal_day(self, nominal: date) -> tuple[date, bool]:
        """Return the last day after the extension, and whether it is provisional.

        The first working day on or after `nominal` (R-A04); `nominal` itself where that walk
        meets a day that is not published (R-K05).
        """
        day = nominal
        while not self.is_open(day):
            if self.kind(day) is DayKind.WORK:
                return day, False
            day += ONE_DAY
        return nominal, True

    def safe_day(self, nominal: date) -> date:
        """Return the working day on or before `nominal` to plan for (R-002, R-K05).

        In years not published it steps back over weekends and over the days on which the notice
        is likely to put holidays; in a year without festival dates it first goes back 12 days.
        """
        if self.kind(nominal) is DayKind.UNKNOWN and nominal.year not in ANCHORS:
            day = nominal - timedelta(days=DAYS_WITHOUT_ANCHORS)
            while not self._can_be_planned(day, windows=False):
                day -= ONE_DAY
            return day
        day = nominal
        while not self._can_be_planned(day, windows=True):
            day -= ONE_DAY
        return day

    def _can_be_planned(self, day: date, *, windows: bool) -> bool:
        kind = self.kind(day)
        if kind is DayKind.UNKNOWN:
            return day.weekday() < SATURDAY and not (windows and in_risk_window(day))
        return kind is DayKind.WORK and not self.is_open(day)


def in_risk_window(day: date) -> bool:
    """Return whether a notice not yet published is likely to make the day a rest day (R-K05).

    Both ends of each window count; a year without festival dates has only the fixed windows.
    """
    month_day = (day.month, day.day)
    fixed = (
        month_day >= (12, 30)
        or month_day <= (1, 3)
        or (5, 1) <= month_day <= (5, 5)
        or (10, 1) <= month_day <= (10, 8)
    )
    return fixed or any(
        -before <= (day - festival).days <= after
        for festival, (before, after) in zip(
            ANCHORS.get(day.year, ()),
            (LUNAR_NEW_YEAR_EVE, OTHER_FESTIVALS, OTHER_FESTIVALS, OTHER_FESTIVALS),
            strict=False,
        )
    )

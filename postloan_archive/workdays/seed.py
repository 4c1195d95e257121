"""The published years as the package chinesecalendar knows them (R-K02).

It fails loudly outside its years; the horizon is read from its data and never assumed.
"""

from collections import defaultdict
from datetime import date
from functools import cache
from importlib.metadata import version
from typing import Final

from chinese_calendar.constants import Holiday, holidays, workdays

from postloan_archive.kernel.calendar import DayKind, WorkCalendar
from postloan_archive.workdays.notice import NoticeDay

SOURCE: Final = "chinesecalendar"


@cache
def published_calendar() -> WorkCalendar:
    """Return the calendar of all years with a published notice, whole years only."""
    return WorkCalendar(
        loaded_from=date(min(holidays).year, 1, 1),
        loaded_until=date(max(holidays).year, 12, 31),
        rest_days=frozenset(holidays),
        work_days=frozenset(workdays),
        edition=seed_edition(),
    )


@cache
def published_days() -> dict[int, tuple[NoticeDay, ...]]:
    """Return the exceptional days by year, each year in order."""
    names = {holiday.value: holiday.chinese for holiday in Holiday}
    years: defaultdict[int, list[NoticeDay]] = defaultdict(list)
    for kind, days in ((DayKind.REST, holidays), (DayKind.WORK, workdays)):
        for day, name in days.items():
            years[day.year].append(NoticeDay(day=day, kind=kind, name=names[name]))
    return {year: tuple(sorted(years[year], key=lambda day: day.day)) for year in sorted(years)}


def seed_edition() -> str:
    """Return the name of the data, as stored with every date computed from it."""
    return f"{SOURCE} {version('chinesecalendar')}"

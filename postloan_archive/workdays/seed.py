"""The published years as the package chinesecalendar knows them (R-K02).

It fails loudly outside its years; the horizon is read from its data and never assumed.
"""

from datetime import date
from functools import cache
from importlib.metadata import version

from chinese_calendar.constants import holidays, workdays

from postloan_archive.kernel.calendar import WorkCalendar

SOURCE = "chinesecalendar"


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


def seed_edition() -> str:
    """Return the name of the data, as stored with every date computed from it."""
    return f"{SOURCE} {version('chinesecalendar')}"

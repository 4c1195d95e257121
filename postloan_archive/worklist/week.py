"""The sheet of a week: what was left before it, then day by day what must be done."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.uow import UnitOfWork
from postloan_archive.worklist import queries
from postloan_archive.worklist.filtering import DeadlineFilter
from postloan_archive.worklist.queries import DeadlineRow

DAYS: Final = 7
BEFORE: Final = _l("此前未办")


def monday_of(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def sheet(
    uow: UnitOfWork, wanted: DeadlineFilter, monday: date
) -> list[tuple[str, date | None, list[DeadlineRow]]]:
    """Return label, day and open deadlines of each part of the sheet, in order.

    The seven days by safe day, the empty ones too. Before them, except on the sheet of a week
    to come, everything whose safe day was before Monday and that is not done.
    """
    rows = queries.listing(uow, replace(wanted, span="", within=None, state="open"))
    parts: list[tuple[str, date | None, list[DeadlineRow]]] = []
    left = [row for row in rows if row.safe < monday]
    if left and monday <= uow.clock.today():
        parts.append((BEFORE, None, left))
    for number in range(DAYS):
        day = monday + timedelta(days=number)
        parts.append(("", day, [row for row in rows if row.safe == day]))
    return parts

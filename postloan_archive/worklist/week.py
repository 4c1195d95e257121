"""The sheet of a week: what is over, then day by day what must be done."""

from dataclasses import replace
from datetime import date, timedelta

from postloan_archive.kernel.errors import _l
from postloan_archive.uow import UnitOfWork
from postloan_archive.worklist import queries
from postloan_archive.worklist.filtering import DeadlineFilter
from postloan_archive.worklist.queries import DeadlineRow

DAYS = 7
OVER = _l("已过未办")


def monday_of(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def sheet(
    uow: UnitOfWork, wanted: DeadlineFilter, monday: date
) -> list[tuple[str, date | None, list[DeadlineRow]]]:
    """Return label, day and deadlines of each part of the sheet, in order.

    First what is over and not done, if there is any; then the seven days by safe day, the
    empty ones too. What lay before Monday and is not over yet stands on Monday.
    """
    open_ones = queries.listing(uow, replace(wanted, span="", within=None, state="open"))
    today = uow.clock.today()
    over = [row for row in open_ones if row.legal < today and row.safe < monday]
    parts: list[tuple[str, date | None, list[DeadlineRow]]] = []
    if over:
        parts.append((OVER, None, over))
    late = [row for row in open_ones if row.safe < monday and row.legal >= today]
    for number in range(DAYS):
        day = monday + timedelta(days=number)
        of_day = [row for row in open_ones if row.safe == day]
        parts.append(("", day, [*late, *of_day] if number == 0 else of_day))
    return parts

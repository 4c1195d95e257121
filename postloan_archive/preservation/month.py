"""The measures of one month as weeks of days: what ends, and what must be asked for."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from postloan_archive.kernel.calendar import DayKind, WorkCalendar
from postloan_archive.kernel.errors import _l
from postloan_archive.preservation.queries import MeasureRow

MONDAY_FIRST = Calendar(firstweekday=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One thing on a day; `urgent` for the day on which to act."""

    label: str
    row: MeasureRow
    urgent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCell:
    """One day of the grid; `kind` 休, 班 or 未公布."""

    day: date
    inside: bool
    kind: DayKind
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSheet:
    """The grid of a month, Monday first."""

    first: date
    before: date
    after: date
    weeks: tuple[tuple[DayCell, ...], ...]
    count: int


def month_sheet(rows: Iterable[MeasureRow], first: date, calendar: WorkCalendar) -> MonthSheet:
    """Return the days of the month that begins on `first` with what falls on them."""
    marks: defaultdict[date, list[Mark]] = defaultdict(list)
    for row in rows:
        for day, mark in _marks(row):
            marks[day].append(mark)
    weeks = tuple(
        tuple(
            DayCell(
                day=day,
                inside=day.month == first.month,
                kind=calendar.kind(day),
                marks=tuple(marks[day]) if day.month == first.month else (),
            )
            for day in week
        )
        for week in MONDAY_FIRST.monthdatescalendar(first.year, first.month)
    )
    return MonthSheet(
        first=first,
        before=(first - timedelta(days=1)).replace(day=1),
        after=(first + timedelta(days=31)).replace(day=1),
        weeks=weeks,
        count=sum(len(cell.marks) for week in weeks for cell in week),
    )


def _marks(row: MeasureRow) -> Iterator[tuple[date, Mark]]:
    if row.expiry is not None:
        yield row.expiry, Mark(label=_l("届满"), row=row, urgent=False)
    if row.apply_by is not None and row.renewal_requested_on is None:
        yield row.apply_by.safe, Mark(label=_l("申请续行"), row=row, urgent=True)
    if row.security_expires_on is not None:
        yield row.security_expires_on, Mark(label=_l("担保到期"), row=row, urgent=False)

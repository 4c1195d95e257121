"""A year of the working-day table as twelve months of days, with where it comes from."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from postloan_archive.kernel.calendar import SATURDAY, DayKind, in_risk_window
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.models import WorkdayYear
from postloan_archive.workdays.seed import seed_edition
from postloan_archive.workdays.service import YearNotFoundError, load_calendar, year_days

MONDAY_FIRST: Final = Calendar(firstweekday=0)
AHEAD: Final = 3  # years after the published ones that are shown as provisional


@dataclass(frozen=True, slots=True, kw_only=True)
class YearDay:
    """One day; `mark` 休 or 班 where the notice says so, `open` where none has come."""

    day: date
    inside: bool
    rest: bool
    mark: str
    name: str
    open: bool
    risky: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRow:
    """One stored edition of a year."""

    edition: int
    source: str
    published_on: date | None
    imported_by: str
    imported_at: datetime
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSheet:
    """A year; `provisional` where no notice has been published for it."""

    year: int
    months: tuple[tuple[tuple[YearDay, ...], ...], ...]
    editions: tuple[EditionRow, ...]
    source: str
    provisional: bool
    first: int
    last: int
    published_until: int
    rest_days: int
    work_days: int


def year_sheet(uow: UnitOfWork, year: int) -> YearSheet:
    """Return the sheet of a year, published or not."""
    calendar = load_calendar(uow.session)
    try:
        marks = {one.day: one for one in year_days(uow.session, year)}
    except YearNotFoundError:
        marks = {}
    editions = tuple(_editions(uow, year))
    provisional = calendar.kind(date(year, 7, 1)) is DayKind.UNKNOWN

    def cell(day: date, month: int) -> YearDay:
        kind, mark = calendar.kind(day), marks.get(day)
        return YearDay(
            day=day,
            inside=day.month == month,
            rest=kind is DayKind.REST
            or (kind is DayKind.UNKNOWN and day.weekday() >= SATURDAY),
            mark=mark.kind.value if mark else "",
            name=mark.name if mark else "",
            open=kind is DayKind.UNKNOWN,
            risky=kind is DayKind.UNKNOWN and in_risk_window(day),
        )

    return YearSheet(
        year=year,
        months=tuple(
            tuple(
                tuple(cell(day, month) for day in week)
                for week in MONDAY_FIRST.monthdatescalendar(year, month)
            )
            for month in range(1, 13)
        ),
        editions=editions,
        source=editions[0].source if editions else ("" if provisional else seed_edition()),
        provisional=provisional,
        first=calendar.loaded_from.year,
        last=calendar.loaded_until.year + AHEAD,
        published_until=calendar.loaded_until.year,
        rest_days=sum(one.kind is DayKind.REST for one in marks.values()),
        work_days=sum(one.kind is DayKind.WORK for one in marks.values()),
    )


def newest_edition(uow: UnitOfWork, year: int) -> int:
    """Return the newest stored edition of a year, 0 where there is none."""
    found = list(_editions(uow, year))
    return found[0].edition if found else 0


def _editions(uow: UnitOfWork, year: int) -> list[EditionRow]:
    rows = uow.session.scalars(
        select(WorkdayYear).where(WorkdayYear.year == year).order_by(WorkdayYear.edition.desc())
    )
    return [
        EditionRow(
            edition=row.edition,
            source=row.source,
            published_on=row.published_on,
            imported_by=row.imported_by,
            imported_at=row.imported_at,
            days=len(row.days),
        )
        for row in rows
    ]

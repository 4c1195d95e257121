"""What an administrator does with the working-day table, and the calendar everybody reads."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import BinaryIO, Final

import python_calamine
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from postloan_archive.kernel.calendar import DayKind, WorkCalendar
from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.models import WorkdayDay, WorkdayYear
from postloan_archive.workdays.notice import (
    NoticeDay,
    NoticeError,
    checked,
    read_notice,
    read_table,
)
from postloan_archive.workdays.seed import published_calendar, published_days, seed_edition

LARGEST_TABLE: Final = 1_000_000  # bytes; a year has some forty rows
FIRST_CELL: Final = re.compile(r"\s*(?:日期\s*$|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\s*$)")
_KNOWN: Final = "working days"  # in the notes of the session
REMIND_FROM: Final = (10, 1)  # month and day: ask daily for the notice of the next year (R-K06)


class YearGapError(RuleError):
    """A year was imported although the one before it is not known."""

    field = "year"

    def __init__(self, *, year: int, first: int, last: int) -> None:
        super().__init__(
            _l("工作日历已载入 {first} 至 {last} 年，不能跳到 {year} 年。"),
            year=year,
            first=first,
            last=last,
        )


class YearNotFoundError(NotFoundError):
    """The calendar does not know the year."""

    def __init__(self, *, year: int) -> None:
        super().__init__(_l("工作日历没有 {year} 年。"), year=year)


class EditionRaceError(ConflictError):
    """Somebody else stored an edition of the year meanwhile."""

    next_step = _l("请刷新后重试。")

    def __init__(self, *, year: int, expected: int, found: int) -> None:
        super().__init__(
            _l("{year} 年已有第 {found} 版，您看到的是第 {expected} 版。"),
            year=year,
            expected=expected,
            found=found,
        )


class TableFileError(NoticeError):
    """The uploaded file is no spreadsheet that can be read, or too large."""

    field = "file"

    def __init__(self) -> None:
        super().__init__(_l("无法读取该表格文件，请上传不超过 1 MB 的 xlsx。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportYear:
    """The arrangement of one year as it was read and looked at.

    `expected_edition` is the edition on the screen, 0 for a new year; None: do not compare.
    """

    year: int
    days: tuple[NoticeDay, ...]
    source: str
    published_on: date | None = None
    expected_edition: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDay:
    """One day corrected; kind UNKNOWN takes the exception away."""

    day: date
    kind: DayKind
    name: str
    source: str


def load_calendar(session: Session) -> WorkCalendar:
    """Return the working days as the table has them, the package's years where it has none.

    Looked up once in a unit of work; a new edition in it is seen at once.
    """
    known = session.info.get(_KNOWN)
    if not isinstance(known, WorkCalendar):
        known = session.info[_KNOWN] = _calendar(_newest(session))
    return known


def preview_year(session: Session, cmd: ImportYear) -> WorkCalendar:
    """Return the calendar as the import would leave it; nothing is stored.

    Raises:
        YearGapError: the year before is not known.
        NoticeError: the days cannot be the arrangement of that year.
    """
    _check_gap(session, cmd.year)
    coming = WorkdayYear(
        year=cmd.year,
        edition=_edition(session, cmd.year) + 1,
        source=cmd.source,
        days=_rows(checked(cmd.year, cmd.days)),
    )
    return _calendar([*(row for row in _newest(session) if row.year != cmd.year), coming])


def import_year(uow: UnitOfWork, cmd: ImportYear) -> WorkdayYear:
    """Store a new edition of a year; the old ones stay (R-006).

    Raises:
        YearGapError: the year before is not known.
        EditionRaceError: the newest edition is not the expected one.
        NoticeError: the days cannot be the arrangement of that year.
    """
    days = checked(cmd.year, cmd.days)
    _check_gap(uow.session, cmd.year)
    newest = _edition(uow.session, cmd.year)
    if cmd.expected_edition is not None and cmd.expected_edition != newest:
        raise EditionRaceError(year=cmd.year, expected=cmd.expected_edition, found=newest)
    row = _add(uow, cmd, days, edition=newest + 1)
    uow.record(
        "workdays.year_imported",
        f"workday_year:{cmd.year}",
        edition=row.edition,
        source=cmd.source,
        published_on=cmd.published_on.isoformat() if cmd.published_on else None,
        days=len(days),
    )
    return row


def change_day(uow: UnitOfWork, cmd: ChangeDay) -> WorkdayYear:
    """Store a new edition of the year with one day corrected; late changes do happen (R-K06).

    Raises:
        YearNotFoundError: the calendar does not know the year.
        NoticeError: the day cannot be what the command says.
    """
    return import_year(uow, _with_day(uow.session, cmd))


def preview_day(session: Session, cmd: ChangeDay) -> WorkCalendar:
    """Return the calendar as the correction would leave it; nothing is stored.

    Raises:
        YearNotFoundError: the calendar does not know the year.
        NoticeError: the day cannot be what the command says.
    """
    return preview_year(session, _with_day(session, cmd))


def _with_day(session: Session, cmd: ChangeDay) -> ImportYear:
    year = cmd.day.year
    kept = [day for day in year_days(session, year) if day.day != cmd.day]
    if cmd.kind is not DayKind.UNKNOWN:
        kept.append(NoticeDay(day=cmd.day, kind=cmd.kind, name=cmd.name))
    return ImportYear(year=year, days=tuple(kept), source=cmd.source)


def seed_years(uow: UnitOfWork) -> int:
    """Write the published years of the package into the table; return how many were missing.

    Years that the table has are left alone, so it may run at every start.
    """
    have = set(uow.session.scalars(select(WorkdayYear.year)))
    missing = [year for year in published_days() if year not in have]
    for year in missing:
        cmd = ImportYear(year=year, days=published_days()[year], source=seed_edition())
        _add(uow, cmd, cmd.days, edition=1)
    if missing:
        uow.record(
            "workdays.seeded",
            "workday_years",
            source=seed_edition(),
            first=missing[0],
            last=missing[-1],
        )
    return len(missing)


def year_days(session: Session, year: int) -> tuple[NoticeDay, ...]:
    """Return the exceptional days of a year in its newest edition, in order.

    Raises:
        YearNotFoundError: neither the table nor the package knows the year.
    """
    for row in _newest(session):
        if row.year == year:
            return tuple(
                NoticeDay(day=day.day, kind=DayKind(day.kind), name=day.name)
                for day in row.days
            )
    if year not in published_days():
        raise YearNotFoundError(year=year)
    return published_days()[year]


def notice_is_missing(session: Session, today: date) -> bool:
    """Return whether to remind of the next year's notice: from 1 October until it is in."""
    due = (today.month, today.day) >= REMIND_FROM
    return due and load_calendar(session).loaded_until < date(today.year + 1, 12, 31)


def read_notice_file(year: int, stream: BinaryIO) -> tuple[NoticeDay, ...]:
    """Return the days of an xlsx table: date, 休 or 班, name.

    Raises:
        TableFileError: the file is too large or cannot be read.
        NoticeError: a row or a day is at fault.
    """
    data = stream.read(LARGEST_TABLE + 1)
    if len(data) > LARGEST_TABLE:
        raise TableFileError
    try:
        book = python_calamine.load_workbook(BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python()
    except (python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
        raise TableFileError from error
    return read_table(year, rows)


def read_notice_text(year: int, text: str) -> tuple[NoticeDay, ...]:
    """Return the days of a notice pasted as text, or of lines such as 2027-02-05,休,春节.

    Raises:
        NoticeError: a sentence, a line or a day is at fault.
    """
    lines = [line.replace("，", ",").split(",") for line in text.splitlines() if line.strip()]
    if lines and all(FIRST_CELL.match(line[0]) for line in lines):
        return read_table(year, lines)
    return read_notice(year, text)


def _newest(session: Session) -> list[WorkdayYear]:
    """Return the newest edition of each year of the table, oldest year first."""
    newest = (
        select(WorkdayYear.year, func.max(WorkdayYear.edition).label("edition"))
        .group_by(WorkdayYear.year)
        .subquery()
    )
    return list(
        session.scalars(
            select(WorkdayYear)
            .join(
                newest,
                (WorkdayYear.year == newest.c.year) & (WorkdayYear.edition == newest.c.edition),
            )
            .options(selectinload(WorkdayYear.days))
            .order_by(WorkdayYear.year)
        )
    )


def _edition(session: Session, year: int) -> int:
    """Return the newest edition of the year in the table, 0 if there is none."""
    query = select(func.max(WorkdayYear.edition)).where(WorkdayYear.year == year)
    return session.scalar(query) or 0


def _check_gap(session: Session, year: int) -> None:
    calendar = load_calendar(session)
    first, last = calendar.loaded_from.year, calendar.loaded_until.year
    if not first <= year <= last + 1:
        raise YearGapError(year=year, first=first, last=last)


def _add(
    uow: UnitOfWork, cmd: ImportYear, days: Sequence[NoticeDay], *, edition: int
) -> WorkdayYear:
    row = WorkdayYear(
        year=cmd.year,
        edition=edition,
        source=cmd.source,
        published_on=cmd.published_on,
        imported_by=uow.actor.name,
        imported_at=uow.clock.now(),
        days=_rows(days),
    )
    uow.session.add(row)
    uow.session.info.pop(_KNOWN, None)
    uow.session.flush()  # the next look at the table must see it
    return row


def _rows(days: Iterable[NoticeDay]) -> list[WorkdayDay]:
    return [WorkdayDay(day=day.day, kind=day.kind.value, name=day.name) for day in days]


def _calendar(rows: Iterable[WorkdayYear]) -> WorkCalendar:
    """Lay the years of the table over the years of the package."""
    base = published_calendar()
    rest, work = set(base.rest_days), set(base.work_days)
    until = base.loaded_until.year
    editions = []
    for row in sorted(rows, key=lambda row: row.year):
        rest = {day for day in rest if day.year != row.year}
        work = {day for day in work if day.year != row.year}
        for day in row.days:
            (rest if day.kind == DayKind.REST else work).add(day.day)
            (work if day.kind == DayKind.REST else rest).discard(day.day)
        until = max(until, row.year)
        if row.source != base.edition:
            editions.append(f"{row.year}第{row.edition}版（{row.source}）")
    return replace(
        base,
        loaded_until=date(until, 12, 31),
        rest_days=frozenset(rest),
        work_days=frozenset(work),
        edition="；".join((base.edition, *editions)),
    )

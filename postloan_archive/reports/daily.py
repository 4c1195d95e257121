"""The record of each day's end, from which reports compare."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, insert, select

from postloan_archive.loans import summaries
from postloan_archive.reports.models import DaySum, LoanDay
from postloan_archive.uow import UnitOfWork

KEPT_DAYS: Final = 40  # of days that are no month end
_AT_ONCE: Final = 2000


def note_day(uow: UnitOfWork, day: date) -> int:
    """Write down how every loan stands; a second run for the day replaces the first.

    Returns:
        How many loans.
    """
    rows = read_day(uow, day)
    forget_day(uow, day)
    for part in parts_of(rows):
        write_part(uow, part)
    finish_day(uow, day)
    return len(rows)


def read_day(uow: UnitOfWork, day: date) -> list[dict[str, Any]]:
    """Return how every loan stands, as rows of a day; changes nothing."""
    names = ("loan_id", "branch_id", "balance", "overdue_days", "bucket", "risk_class")
    return [
        dict(zip((*names, "class_floor"), values, strict=True), day=day)
        for values in summaries.every_standing(uow.session)
    ]


def parts_of(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    """Yield rows as one short transaction takes them."""
    for at in range(0, len(rows), _AT_ONCE):
        yield rows[at : at + _AT_ONCE]


def forget_day(uow: UnitOfWork, day: date) -> None:
    """Drop what was written down for a day."""
    uow.session.execute(delete(LoanDay).where(LoanDay.day == day))


def write_part(uow: UnitOfWork, rows: Sequence[dict[str, Any]]) -> None:
    """Write down some loans of a day."""
    uow.session.execute(insert(LoanDay), rows)


def finish_day(uow: UnitOfWork, day: date) -> None:
    """Write down the sums of a day whose loans are written, and drop old days."""
    _note_sums(uow, day)
    _forget(uow, day)


def _note_sums(uow: UnitOfWork, day: date) -> None:
    """Write down the sums of a day that was recorded."""
    session = uow.session
    session.execute(delete(DaySum).where(DaySum.day == day))
    keys = (LoanDay.day, LoanDay.branch_id, LoanDay.bucket, LoanDay.risk_class)
    session.execute(
        insert(DaySum).from_select(
            ["day", "branch_id", "bucket", "risk_class", "loans", "balance"],
            select(*keys, func.count(), func.sum(LoanDay.balance))
            .where(LoanDay.day == day)
            .group_by(*keys),
        )
    )


def branches_on(uow: UnitOfWork, day: date) -> list[int]:
    """Return the branches that had loans on a recorded day."""
    query = select(DaySum.branch_id).where(DaySum.day == day).distinct()
    return list(uow.session.scalars(query.order_by(DaySum.branch_id)))


def nearest_day(uow: UnitOfWork, on: date) -> date | None:
    """Return the last recorded day not after `on`."""
    return uow.session.scalar(select(func.max(DaySum.day)).where(DaySum.day <= on))


def month_end_before(day: date) -> date:
    """Return the last day of the month before."""
    return day.replace(day=1) - timedelta(days=1)


def year_end_before(day: date) -> date:
    """Return 31 December of the year before."""
    return date(day.year - 1, 12, 31)


def _forget(uow: UnitOfWork, day: date) -> None:
    """Drop days that are older than `KEPT_DAYS` and no month end."""
    limit = day - timedelta(days=KEPT_DAYS)
    old = uow.session.scalars(
        select(LoanDay.day).where(LoanDay.day < limit).distinct().order_by(LoanDay.day)
    )
    for one in old.all():
        if (one + timedelta(days=1)).day != 1:
            uow.session.execute(delete(LoanDay).where(LoanDay.day == one))
            uow.session.execute(delete(DaySum).where(DaySum.day == one))

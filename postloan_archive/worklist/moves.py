"""Comparing the open deadlines under another calendar or other settings; nothing is stored."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, or_, select

from postloan_archive.loans import queries as loans
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.moves import Change, MovedDay, Moves
from postloan_archive.workdays.service import load_calendar
from postloan_archive.worklist.models import Deadline
from postloan_archive.worklist.recomputing import batched_ids
from postloan_archive.worklist.rules.computed import State
from postloan_archive.worklist.sources.all import deadlines
from postloan_archive.worklist.sources.as_of import AsOf
from postloan_archive.worklist.sources.facts import load_files

MOST_LOANS: Final = 2_000  # compared in one request; some two seconds
EDGE: Final = timedelta(days=20)  # a holiday moves no day further than this


def moves_of(uow: UnitOfWork, change: Change) -> Moves:
    """Return the open deadlines that a change moves, the nearest first."""
    ids = list(_loans_near(uow, change.year))
    today = uow.clock.today()
    calendar, policy = load_calendar(uow.session), load_policy(uow)
    now = AsOf(day=today, calendar=calendar, policy=policy)
    then = AsOf(day=today, calendar=change.calendar or calendar, policy=change.policy or policy)
    rows: list[MovedDay] = []
    looked_at = 0
    for batch in batched_ids(ids[:MOST_LOANS]):
        for file in load_files(uow, batch):
            after = {one.key: one for one in deadlines(file, then)}
            for one in deadlines(file, now):
                if one.ended is not None:
                    continue
                looked_at += 1
                other = after.get(one.key)
                if other is None or (other.due.legal, other.due.safe) == (
                    one.due.legal,
                    one.due.safe,
                ):
                    continue
                rows.append(
                    MovedDay(
                        loan_no=file.loan_no,
                        title=one.title,
                        trigger=one.trigger,
                        legal=(one.due.legal, other.due.legal),
                        safe=(one.due.safe, other.due.safe),
                    )
                )
    rows.sort(key=lambda row: (min(row.safe), row.loan_no))
    return Moves(
        rows=tuple(rows),
        looked_at=looked_at,
        compared=min(len(ids), MOST_LOANS),
        loans=len(ids),
    )


def _loans_near(uow: UnitOfWork, year: int | None) -> Iterator[int]:
    """Yield the loans with an open deadline near the year that the actor may see.

    The one with the nearest day comes first: what is left out of a comparison is far away.
    """
    query = (
        select(Deadline.loan_id)
        .where(
            Deadline.state == State.OPEN.value,
            Deadline.loan_id.in_(loans.visible_ids(uow)),
        )
        .group_by(Deadline.loan_id)
        .order_by(func.min(Deadline.safe), Deadline.loan_id)
    )
    if year is not None:
        first, last = date(year, 1, 1) - EDGE, date(year, 12, 31) + EDGE
        query = query.where(
            or_(
                Deadline.nominal.between(first, last),
                Deadline.legal.between(first, last),
                Deadline.safe.between(first, last),
            )
        )
    yield from uow.session.scalars(query)

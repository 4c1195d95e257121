"""Work that comes back: each kind is put into the table once in its period."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from postloan_archive.jobs.models import JSON, Job
from postloan_archive.jobs.queue import JOBS, enqueue
from postloan_archive.kernel.clock import CHINA

_ORIGIN: Final = datetime(2001, 1, 1, tzinfo=CHINA)  # a Monday, midnight in China


@dataclass(frozen=True, slots=True, kw_only=True)
class Periodic:
    """A kind of job that comes back.

    Attributes:
        kind: the name of a handler; each kind has one period.
        every: the length of the period, such as one hour or one day.
        offset: when in the period, counted from midnight in China (Monday for a week).
        args: what the handler gets.
    """

    kind: str
    every: timedelta
    offset: timedelta = timedelta(0)
    args: tuple[JSON, ...] = ()

    def period_start(self, at: datetime) -> datetime:
        """Return the start of the period that `at` lies in."""
        origin = _ORIGIN + self.offset
        return origin + (at - origin) // self.every * self.every


def enqueue_due(session: Session, periodic: Iterable[Periodic], *, at: datetime) -> list[Job]:
    """Put in what has not been put in since its period began.

    A period that passed while the machine was off is made up for once. Several schedulers may
    call this: whoever comes second finds the job of the first. What was put in before the
    clock was set back does not count, or nothing would come until the old time is reached.
    """
    jobs = []
    for one in periodic:
        last = session.scalar(
            select(func.max(JOBS.c.created_at)).where(
                JOBS.c.kind == one.kind, JOBS.c.created_at <= at
            )
        )
        if last is None or last < one.period_start(at):
            jobs.append(enqueue(session, one.kind, one.args, at=at))
    return jobs

"""Putting jobs into the table and looking at them, in the caller's transaction."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from postloan_archive.db import Model
from postloan_archive.jobs.errors import JobStateError, NoSuchJobError
from postloan_archive.jobs.models import Job, JobRow, JobState, frozen

MAX_ATTEMPTS: Final = 5
PAGE: Final = 50
JOBS: Final = Model.metadata.tables[JobRow.__tablename__]


def enqueue(
    session: Session,
    kind: str,
    args: Sequence[object],
    *,
    at: datetime,
    delay: timedelta = timedelta(0),
    max_attempts: int = MAX_ATTEMPTS,
) -> Job:
    """Add a job; it exists if and only if the transaction commits.

    Args:
        session: the caller's.
        kind: the name of a handler.
        args: JSON values for the handler.
        at: now, aware.
        delay: not to be started before this much later.
        max_attempts: starts before the job is given up; 1 for a job that must not be repeated.
    """
    row = session.execute(
        insert(JOBS).returning(*JOBS.c),
        {
            "kind": kind,
            "args": json.dumps(list(args), ensure_ascii=False, allow_nan=False),
            "state": JobState.QUEUED,
            "max_attempts": max_attempts,
            "run_after": at + delay,
            "created_at": at,
        },
    ).one()
    return frozen(row)


def get_job(session: Session, job_id: int) -> Job:
    """Return the job.

    Raises:
        NoSuchJobError: there is none.
    """
    row = session.execute(select(JOBS).where(JOBS.c.id == job_id)).first()
    if row is None:
        raise NoSuchJobError(job_id=job_id)
    return frozen(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage:
    """One page of jobs, newest first; `total` counts all that match."""

    jobs: tuple[Job, ...]
    total: int


def list_jobs(
    session: Session,
    *,
    state: JobState | None = None,
    kind: str = "",
    limit: int = PAGE,
    offset: int = 0,
) -> JobPage:
    """Return the newest jobs, of one state or kind where given."""
    conditions: list[ColumnElement[bool]] = []
    if state is not None:
        conditions.append(JOBS.c.state == state)
    if kind:
        conditions.append(JOBS.c.kind == kind)
    total = session.scalar(select(func.count()).select_from(JOBS).where(*conditions)) or 0
    rows = session.execute(
        select(JOBS).where(*conditions).order_by(JOBS.c.id.desc()).limit(limit).offset(offset)
    )
    return JobPage(jobs=tuple(frozen(row) for row in rows), total=total)


def count_jobs(session: Session) -> dict[JobState, int]:
    """Return how many jobs are in each state; every state is a key."""
    rows = session.execute(
        select(JOBS.c.state, func.count()).group_by(JOBS.c.state).order_by(JOBS.c.state)
    )
    return dict.fromkeys(JobState, 0) | {JobState(state): count for state, count in rows}


def forget(session: Session, *, before: datetime, failed_before: datetime) -> int:
    """Remove jobs that are over and return how many; what is waiting or running stays.

    Args:
        session: the caller's.
        before: done and cancelled jobs that ended earlier go.
        failed_before: failed ones that ended earlier go; somebody may still look at them.
    """
    over = [JobState.DONE, JobState.CANCELLED]
    old = and_(JOBS.c.state.in_(over), JOBS.c.finished_at < before)
    failed = and_(JOBS.c.state == JobState.FAILED, JOBS.c.finished_at < failed_before)
    return len(session.execute(delete(JOBS).where(or_(old, failed)).returning(JOBS.c.id)).all())


def oldest_waiting(session: Session, *, at: datetime) -> datetime | None:
    """Return since when the longest waiting job could have been started; None: none waits."""
    since: datetime | None = session.scalar(
        select(func.min(JOBS.c.run_after)).where(
            JOBS.c.state == JobState.QUEUED, JOBS.c.run_after <= at
        )
    )
    return since


def last_done(session: Session, kind: str) -> datetime | None:
    """Return when a job of the kind last ended well, None if never."""
    ended: datetime | None = session.scalar(
        select(func.max(JOBS.c.finished_at)).where(
            JOBS.c.kind == kind, JOBS.c.state == JobState.DONE
        )
    )
    return ended


def cancel(session: Session, job_id: int, *, at: datetime) -> Job:
    """Stop a waiting job now, a running one at its next sign of progress.

    Raises:
        NoSuchJobError: there is none.
        JobStateError: it is over.
    """
    job = get_job(session, job_id)
    waiting = {"state": JobState.CANCELLED, "finished_at": at}
    for state, values in (
        (JobState.QUEUED, waiting),
        (JobState.RUNNING, {"cancel_requested": True}),
    ):
        # The state is asked again: a worker may have taken the job meanwhile.
        changed = session.execute(
            update(JOBS)
            .where(JOBS.c.id == job_id, JOBS.c.state == state)
            .values(**values)
            .returning(*JOBS.c)
        ).first()
        if changed is not None:
            return frozen(changed)
    raise JobStateError(job_id=job_id, state=job.state)


def retry(session: Session, job_id: int, *, at: datetime) -> Job:
    """Put a failed or cancelled job back into the queue with all its attempts.

    Raises:
        NoSuchJobError: there is none.
        JobStateError: it is waiting, running or done.
    """
    job = get_job(session, job_id)
    changed = session.execute(
        update(JOBS)
        .where(JOBS.c.id == job_id, JOBS.c.state.in_([JobState.FAILED, JobState.CANCELLED]))
        .values(
            state=JobState.QUEUED,
            attempts=0,
            run_after=at,
            finished_at=None,
            cancel_requested=False,
        )
        .returning(*JOBS.c)
    ).first()
    if changed is None:
        raise JobStateError(job_id=job_id, state=job.state)
    return frozen(changed)

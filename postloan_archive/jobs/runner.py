"""Taking jobs from the table and running them, each by one worker at a time."""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine, Update, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from postloan_archive.jobs.context import JobContext
from postloan_archive.jobs.errors import JobCancelledError
from postloan_archive.jobs.models import Job, JobState, frozen
from postloan_archive.jobs.queue import JOBS
from postloan_archive.kernel.clock import Clock, SystemClock
from postloan_archive.kernel.errors import ConflictError, PostloanError, _l

Handler = Callable[[JobContext], None]
"""Does one job. It may be run again after a crash, so a second run must give the same."""

STALE_AFTER: Final = timedelta(seconds=180)  # longer than a heartbeat and a wait for the lock
BEAT_S: Final = 10.0
PROGRESS_S: Final = 0.2  # progress is written at most this often
FIRST_PAUSE: Final = timedelta(seconds=10)
LONGEST_PAUSE: Final = timedelta(hours=1)
MOST_REASON: Final = 500  # characters

NO_HANDLER: Final = _l("没有名为 {kind} 的任务处理程序，请检查版本。")
UNEXPECTED: Final = _l("处理时发生意外错误（{kind}）：{message}")
KILLED: Final = _l(
    "处理进程 {attempts} 次中途消失，不再自动重试；请检查该任务的文件后手动重试。"
)

_PROCESS: Final = secrets.token_hex(4)  # a process number is used again, this is not
_log: Final = logging.getLogger(__name__)


def pause_after(attempt: int) -> timedelta:
    """Return how long to wait after the given failed attempt, counted from 1."""
    return min(FIRST_PAUSE * int(4 ** (attempt - 1)), LONGEST_PAUSE)


class JobRunner:
    """Runs jobs; any number of runners in any number of processes share the table."""

    def __init__(
        self,
        engine: Engine,
        handlers: Mapping[str, Handler],
        *,
        clock: Clock | None = None,
        stale_after: timedelta = STALE_AFTER,
    ) -> None:
        self.engine: Final = engine
        self._handlers = handlers
        self._clock: Clock = clock or SystemClock()
        self._stale_after = stale_after
        self.worker: Final = f"{socket.gethostname()}:{os.getpid()}:{_PROCESS}"
        # One connection cannot serve two threads: no beats on the engine of a unit test.
        self._beats = not isinstance(engine.pool, StaticPool)

    def run_until_empty(self, *, stop: threading.Event | None = None) -> int:
        """Run all jobs that are due, return how many; a job put in meanwhile is run too.

        Args:
            stop: looked at between two jobs.
        """
        self.recover()
        count = 0
        while not (stop is not None and stop.is_set()) and self.run_one() is not None:
            count += 1
        return count

    def run_one(self) -> Job | None:
        """Run the job that has waited longest; return it as taken, None if none is due."""
        job = self._claim()
        if job is None:
            return None
        context = JobContext(job)
        over = threading.Event()
        beat = threading.Thread(
            target=self._beat, args=(job, context, over), name=f"beat-{job.id}", daemon=True
        )
        if self._beats:
            beat.start()
        try:
            changes = self._handle(job, context)
        except BaseException:
            # The process is told to end: another one takes the job at once.
            changes = {"state": JobState.QUEUED, "attempts": job.attempts - 1}
            raise
        finally:
            over.set()
            context.changed.set()
            if self._beats:
                beat.join()
            self._finish(job, context, changes)
        return job

    def recover(self) -> int:
        """Put the jobs of dead workers back into the queue and return how many.

        Dead is a worker of this machine whose process is gone, and any whose heartbeat is too
        old. A job that was started as often as it may be has failed.
        """
        now = self._clock.now()
        with self.engine.connect().execution_options(read_only=True) as connection:
            running = connection.execute(
                select(JOBS).where(JOBS.c.state == JobState.RUNNING).order_by(JOBS.c.id)
            ).all()
        count = 0
        for job in map(frozen, running):
            old = job.heartbeat is None or job.heartbeat + self._stale_after < now
            if not old and not _is_gone(job.worker):
                continue
            values: dict[str, Any] = {"state": JobState.QUEUED, "run_after": now}
            if job.cancel_requested:
                values = {"state": JobState.CANCELLED, "finished_at": now}
            elif job.attempts >= job.max_attempts:
                reason = KILLED.format(attempts=job.attempts)
                values = {"state": JobState.FAILED, "finished_at": now, "reason": reason}
            with self.engine.begin() as connection:
                count += connection.execute(_mine(job).values(**values)).rowcount
        return count

    def next_due(self) -> datetime | None:
        """Return when the next waiting job may start, None where none waits."""
        with self.engine.connect().execution_options(read_only=True) as connection:
            return connection.scalar(
                select(JOBS.c.run_after)
                .where(JOBS.c.state == JobState.QUEUED)
                .order_by(JOBS.c.run_after)
                .limit(1)
            )

    def _claim(self) -> Job | None:
        now = self._clock.now()
        due = (
            select(JOBS.c.id)
            # What was put in "later than now" was so before the clock was set back: it is due.
            .where(
                JOBS.c.state == JobState.QUEUED,
                or_(JOBS.c.run_after <= now, JOBS.c.created_at > now),
            )
            .order_by(JOBS.c.run_after, JOBS.c.id)
            .limit(1)
        )
        # A look that takes no lock: most of the time there is nothing.
        with self.engine.connect().execution_options(read_only=True) as connection:
            if connection.scalar(due) is None:
                return None
        with self.engine.begin() as connection:
            row = connection.execute(
                update(JOBS)
                .where(
                    # One value, asked once: with IN, PostgreSQL may ask again for each row.
                    JOBS.c.id == due.with_for_update(skip_locked=True).scalar_subquery(),
                    JOBS.c.state == JobState.QUEUED,
                )
                .values(
                    state=JobState.RUNNING,
                    attempts=JOBS.c.attempts + 1,
                    started_at=now,
                    heartbeat=now,
                    finished_at=None,
                    worker=self.worker,
                    progress_done=0,
                    progress_total=0,
                    message="",
                )
                .returning(*JOBS.c)
            ).first()
        return None if row is None else frozen(row)

    def _handle(self, job: Job, context: JobContext) -> dict[str, Any]:
        """Run the handler and return what it means for the row."""
        handler = self._handlers.get(job.kind)
        if handler is None:
            return self._failed(NO_HANDLER.format(kind=job.kind))
        try:
            handler(context)
        except JobCancelledError:
            return {"state": JobState.CANCELLED, "finished_at": self._clock.now()}
        except ConflictError as error:  # somebody else was quicker: try again
            return self._failed(_sentence(error), job=job)
        except PostloanError as error:  # a second run would be refused for the same reason
            return self._failed(_sentence(error))
        except Exception as error:  # noqa: BLE001 - one bad job must not stop the others
            _log.warning("job %s (%s) failed", job.id, job.kind, exc_info=error)
            reason = UNEXPECTED.format(kind=type(error).__name__, message=str(error))
            return self._failed(reason, job=job)
        return {"state": JobState.DONE, "finished_at": self._clock.now(), "reason": ""}

    def _failed(self, reason: str, *, job: Job | None = None) -> dict[str, Any]:
        """Return the row after a failure; given `job`, it waits for another attempt."""
        now, reason = self._clock.now(), reason[:MOST_REASON]
        if job is not None and job.attempts < job.max_attempts:
            later = now + pause_after(job.attempts)
            return {"state": JobState.QUEUED, "run_after": later, "reason": reason}
        return {"state": JobState.FAILED, "finished_at": now, "reason": reason}

    def _finish(self, job: Job, context: JobContext, changes: dict[str, Any]) -> None:
        latest = context.latest
        with self.engine.begin() as connection:
            connection.execute(
                _mine(job).values(
                    progress_done=latest.done,
                    progress_total=latest.total,
                    message=latest.message,
                    **changes,
                )
            )

    def _beat(self, job: Job, context: JobContext, over: threading.Event) -> None:
        """Write progress and signs of life until the job is over; learn of a cancellation."""
        while not over.is_set():
            context.changed.wait(BEAT_S)
            if over.wait(PROGRESS_S):
                return
            context.changed.clear()
            latest = context.latest
            try:
                with self.engine.begin() as connection:
                    cancelled = connection.scalar(
                        _mine(job)
                        .values(
                            heartbeat=self._clock.now(),
                            progress_done=latest.done,
                            progress_total=latest.total,
                            message=latest.message,
                        )
                        .returning(JOBS.c.cancel_requested)
                    )
            except OperationalError:  # the handler holds the lock for long: at the next beat
                continue
            if cancelled or cancelled is None:  # None: another worker has taken the job over
                context.cancelled.set()


def _mine(job: Job) -> Update:
    """Return an update of the row only as long as this attempt owns it."""
    return update(JOBS).where(
        JOBS.c.id == job.id,
        JOBS.c.state == JobState.RUNNING,
        JOBS.c.worker == job.worker,
        JOBS.c.attempts == job.attempts,
    )


def _sentence(error: PostloanError) -> str:
    return f"{error} {error.next_step}" if error.next_step else str(error)


def _is_gone(worker: str) -> bool:
    """Return whether the worker ran on this machine and its process is no more."""
    host, _, rest = worker.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname():
        return False
    pid, token = int(rest), worker.rpartition(":")[2]
    if pid == os.getpid():
        return token != _PROCESS  # an earlier process of the same number, as in a container
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False

"""Huey as alarm clock: it wakes the runner; the jobs themselves are in our table."""

import logging
import signal
import sqlite3
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from huey import SqliteHuey, crontab
from huey.consumer import Consumer
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from postloan_archive.db import new_session
from postloan_archive.jobs.periodic import Periodic, enqueue_due
from postloan_archive.jobs.runner import JobRunner
from postloan_archive.jobs.workers import give_sign, leave
from postloan_archive.kernel.clock import Clock, SystemClock

WORKERS: Final = 2
FILE_NAME: Final = "wakeups.db"
_LONGEST_SLEEP_S: Final = 1.0
_STOP_S: Final = 10.0
_DRAIN: Final = "drain"
_log: Final = logging.getLogger(__name__)


class Alarm:
    """Wakes the workers of all processes that share a data folder.

    Losing a call, or the whole file, loses nothing: the workers look each minute.
    """

    def __init__(self, data: Path, *, workers: int = WORKERS) -> None:
        self.huey: Final = SqliteHuey(
            "postloan", filename=str(data / FILE_NAME), results=False, fsync=False
        )
        self._workers = workers
        self._drain: Final[Any] = self.huey.task(name=_DRAIN)(_nothing)

    def wake(self) -> None:
        """Wake the workers; call it after the commit that holds the job."""
        try:
            for _ in range(self._workers - self.huey.pending_count()):
                self._drain()
        except sqlite3.Error as error:
            _log.warning("could not wake the workers: %s", error)


class RunningConsumer:
    """The workers of this process; `stop` ends them."""

    def __init__(
        self, consumer: "_Consumer", worker: "_Worker", stopping: threading.Event
    ) -> None:
        self._consumer = consumer
        self._worker = worker
        self._stopping = stopping
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Run in threads of their own, as `postloan serve` does."""
        self._worker.give_sign()
        self._thread = threading.Thread(
            target=self._consumer.run, name="job-consumer", daemon=True
        )
        self._thread.start()

    def run(self) -> None:
        """Run until SIGTERM or SIGINT, as `postloan worker` does; only in the main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._ask_to_stop())
        self._worker.give_sign()
        self._consumer.run()
        self._consumer.stop(graceful=True)
        self._worker.leave()

    def stop(self) -> None:
        """Finish the jobs at hand, start no others; return after ten seconds in any case."""
        self._ask_to_stop()
        self._consumer.stop(graceful=True)
        if self._thread is not None:
            self._thread.join(_STOP_S)
        self._worker.leave()

    def _ask_to_stop(self) -> None:
        self._stopping.set()
        self._consumer.stop_flag.set()


def create_consumer(
    runner: JobRunner,
    data: Path,
    *,
    periodic: Sequence[Periodic] = (),
    workers: int = WORKERS,
    clock: Clock | None = None,
) -> RunningConsumer:
    """Return the workers of a process, not started yet.

    Args:
        runner: runs the jobs.
        data: the data folder; the file of wake-ups is in it.
        periodic: what comes back.
        workers: jobs that run at the same time in this process.
        clock: tells when periodic work is due.
    """
    stopping = threading.Event()
    huey = SqliteHuey("postloan", filename=str(data / FILE_NAME), results=False, fsync=False)
    worker = _Worker(huey, runner, periodic, clock or SystemClock(), stopping)
    worker.register()
    consumer = _Consumer(
        huey,
        workers=workers,
        initial_delay=0.05,
        max_delay=_LONGEST_SLEEP_S,
        scheduler_interval=1,
    )
    consumer.shutdown_timeout = _STOP_S
    worker.wake(workers)  # whatever a killed process left
    return RunningConsumer(consumer, worker, stopping)


def start_consumer(
    runner: JobRunner,
    data: Path,
    *,
    periodic: Sequence[Periodic] = (),
    workers: int = WORKERS,
    clock: Clock | None = None,
) -> RunningConsumer:
    """Start the workers inside this process and return at once; see `create_consumer`."""
    consumer = create_consumer(runner, data, periodic=periodic, workers=workers, clock=clock)
    consumer.start()
    return consumer


class _Worker:
    """What Huey calls."""

    def __init__(
        self,
        huey: SqliteHuey,
        runner: JobRunner,
        periodic: Sequence[Periodic],
        clock: Clock,
        stopping: threading.Event,
    ) -> None:
        self._huey = huey
        self._runner = runner
        self._periodic = periodic
        self._clock = clock
        self._stopping = stopping
        self._alarm_at: datetime | None = None
        self._drain: Any = None

    def register(self) -> None:
        """Tell Huey what there is to call."""
        self._drain = self._huey.task(name=_DRAIN)(self.drain)
        self._huey.periodic_task(crontab(minute="*"), name="tick")(self.tick)

    def wake(self, times: int) -> None:
        """Ask for so many workers."""
        for _ in range(times):
            self._drain()

    def drain(self) -> None:
        """Run what is due; set the alarm for what is due within a minute."""
        self._runner.run_until_empty(stop=self._stopping)
        due = self._runner.next_due()
        if due is None or due == self._alarm_at:
            return
        delay = (due - self._clock.now()).total_seconds()
        if 0 < delay < 60:  # noqa: PLR2004 - seconds to the next tick
            self._alarm_at = due
            self._drain.schedule(delay=delay + 0.1)

    def tick(self) -> None:
        """Say that we live, put in what has come due and look for work; once a minute."""
        self.give_sign()
        with new_session(self._runner.engine) as session, session.begin():
            enqueue_due(session, self._periodic, at=self._clock.now())
        self.drain()

    def give_sign(self) -> None:
        """Say that we live."""
        self._sign(
            lambda session: give_sign(session, self._runner.worker, at=self._clock.now())
        )

    def leave(self) -> None:
        """Say that we ended in good order."""
        self._sign(lambda session: leave(session, self._runner.worker))

    def _sign(self, write: Callable[[Session], None]) -> None:
        """Write the sign; that it cannot be written is no reason to do no jobs."""
        try:
            with new_session(self._runner.engine) as session, session.begin():
                write(session)
        except SQLAlchemyError as error:
            _log.warning("could not write the sign of life: %s", error)


class _Consumer(Consumer):  # type: ignore[misc]  # huey has no types
    """The consumer of Huey without its signal handlers: the process has its own."""

    def _set_signal_handlers(self) -> None:
        """Leave the signals alone."""


def _nothing() -> None:
    """Stand for a task of the same name in the worker."""

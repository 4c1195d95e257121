"""What a handler sees of its job: the arguments, and a way to say how far it is."""

import threading
from dataclasses import dataclass
from typing import Final

from postloan_archive.jobs.errors import JobCancelledError
from postloan_archive.jobs.models import JSON, Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a job is."""

    done: int = 0
    total: int = 0
    message: str = ""


class JobContext:
    """Given to the handler of one job.

    `progress` may be called at any time, also inside an open unit of work: a thread of the
    runner writes it in a transaction of its own.
    """

    def __init__(self, job: Job) -> None:
        self.job_id: Final = job.id
        self.kind: Final = job.kind
        self.args: Final[tuple[JSON, ...]] = job.args
        self.attempt: Final = job.attempts
        self.latest = Progress()
        self.changed: Final = threading.Event()
        self.cancelled: Final = threading.Event()

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Say how far the job is.

        Args:
            done: units done.
            total: units in all, 0 while unknown.
            message: what is being done, Chinese.

        Raises:
            JobCancelledError: somebody cancelled the job; let it pass.
        """
        self.latest = Progress(done=done, total=total, message=message)
        self.changed.set()
        if self.cancelled.is_set():
            raise JobCancelledError

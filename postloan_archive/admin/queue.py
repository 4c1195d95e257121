"""What an administrator does with background jobs."""

from typing import Final

from postloan_archive import jobs
from postloan_archive.jobs import Job, JobState
from postloan_archive.uow import UnitOfWork

MOST: Final = 10_000  # jobs of one step


def retry(uow: UnitOfWork, job_id: int) -> Job:
    """Put a failed or cancelled job back into the queue.

    Raises:
        NoSuchJobError: there is none.
        JobStateError: it is waiting, running or done.
    """
    job = jobs.retry(uow.session, job_id, at=uow.clock.now())
    uow.record("jobs.retried", f"job:{job_id}", kind=job.kind)
    uow.wake_workers()
    return job


def cancel(uow: UnitOfWork, job_id: int) -> Job:
    """Stop a waiting job now, a running one at its next sign of progress.

    Raises:
        NoSuchJobError: there is none.
        JobStateError: it is over.
    """
    job = jobs.cancel(uow.session, job_id, at=uow.clock.now())
    uow.record("jobs.cancelled", f"job:{job_id}", kind=job.kind)
    return job


def retry_failed(uow: UnitOfWork) -> int:
    """Put every failed job back into the queue, the oldest first; return how many."""
    failed = jobs.list_jobs(uow.session, state=JobState.FAILED, limit=MOST)
    for job in reversed(failed.jobs):
        retry(uow, job.id)
    return len(failed.jobs)

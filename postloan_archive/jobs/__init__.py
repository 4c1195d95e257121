"""Background work: a table in the same transaction, runners, progress, retry, alarm clock."""

from postloan_archive.jobs.consumer import (
    Alarm,
    RunningConsumer,
    create_consumer,
    start_consumer,
)
from postloan_archive.jobs.context import JobContext
from postloan_archive.jobs.errors import JobCancelledError, JobStateError, NoSuchJobError
from postloan_archive.jobs.models import JSON, Job, JobRow, JobState
from postloan_archive.jobs.periodic import Periodic, enqueue_due
from postloan_archive.jobs.queue import (
    JobPage,
    cancel,
    count_jobs,
    enqueue,
    forget,
    get_job,
    last_done,
    list_jobs,
    oldest_waiting,
    retry,
)
from postloan_archive.jobs.runner import Handler, JobRunner
from postloan_archive.jobs.workers import Worker, list_workers

__all__ = [
    "JSON",
    "Alarm",
    "Handler",
    "Job",
    "JobCancelledError",
    "JobContext",
    "JobPage",
    "JobRow",
    "JobRunner",
    "JobState",
    "JobStateError",
    "NoSuchJobError",
    "Periodic",
    "RunningConsumer",
    "Worker",
    "cancel",
    "count_jobs",
    "create_consumer",
    "enqueue",
    "enqueue_due",
    "forget",
    "get_job",
    "last_done",
    "list_jobs",
    "list_workers",
    "oldest_waiting",
    "retry",
    "start_consumer",
]

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
    get_job,
    list_jobs,
    retry,
)
from postloan_archive.jobs.runner import Handler, JobRunner

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
    "cancel",
    "count_jobs",
    "create_consumer",
    "enqueue",
    "enqueue_due",
    "get_job",
    "list_jobs",
    "retry",
    "start_consumer",
]

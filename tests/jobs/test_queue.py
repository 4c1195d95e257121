"""The table of jobs through its functions."""

from datetime import UTC, datetime, timedelta

import pytest

from postloan_archive.db import new_session
from postloan_archive.jobs import (
    JobRunner,
    JobState,
    JobStateError,
    NoSuchJobError,
    Periodic,
    cancel,
    count_jobs,
    enqueue,
    enqueue_due,
    get_job,
    list_jobs,
    retry,
)
from postloan_archive.kernel.clock import CHINA, FrozenClock

NOW = datetime(2020, 3, 9, 2, tzinfo=UTC)  # long ago: due by the real clock too


def put(engine, kind="read", args=(), **options):
    with new_session(engine) as session, session.begin():
        return enqueue(session, kind, args, at=NOW, **options)


def look(engine, job):
    with new_session(engine) as session:
        return get_job(session, job.id)


def test_a_job_comes_and_goes_with_the_transaction_of_its_caller(engine):
    with new_session(engine) as session:
        enqueue(session, "read", [1], at=NOW)
        session.rollback()

    with new_session(engine) as session:
        assert list_jobs(session).total == 0


def test_arguments_come_back_as_they_were_given(engine):
    job = put(engine, args=[1, "借款合同", None, {"页": [1.5, True]}])

    assert look(engine, job) == job
    assert job.args == (1, "借款合同", None, {"页": [1.5, True]})


def test_the_list_is_newest_first_and_in_pages(engine):
    jobs = [put(engine, kind) for kind in ("read", "index", "read")]

    with new_session(engine) as session:
        page = list_jobs(session, kind="read", limit=1)
        assert (page.total, page.jobs) == (2, (jobs[2],))
        assert list_jobs(session, state=JobState.DONE).jobs == ()
        assert count_jobs(session)[JobState.QUEUED] == 3
        assert count_jobs(session)[JobState.FAILED] == 0


def test_a_waiting_job_is_cancelled_at_once_and_can_be_put_back(engine):
    job = put(engine)
    with new_session(engine) as session, session.begin():
        assert cancel(session, job.id, at=NOW).state is JobState.CANCELLED
    with new_session(engine) as session, session.begin():
        assert retry(session, job.id, at=NOW).state is JobState.QUEUED


def test_a_job_that_is_done_is_neither_cancelled_nor_retried(engine):
    job = put(engine)
    JobRunner(engine, {"read": lambda _: None}, clock=FrozenClock(NOW)).run_until_empty()

    for step in (cancel, retry):
        with pytest.raises(JobStateError), new_session(engine) as session:
            step(session, job.id, at=NOW)


def test_a_job_that_does_not_exist_is_not_found(engine):
    with pytest.raises(NoSuchJobError), new_session(engine) as session:
        get_job(session, 7)


def test_periodic_work_is_put_in_once_in_its_period_and_made_up_for_after_a_pause(engine):
    hourly = Periodic(kind="checkpoint", every=timedelta(hours=1))
    nightly = Periodic(kind="derive", every=timedelta(days=1), offset=timedelta(hours=2))

    def due(at):
        with new_session(engine) as session, session.begin():
            return [job.kind for job in enqueue_due(session, [hourly, nightly], at=at)]

    evening = datetime(2026, 3, 9, 23, 30, tzinfo=CHINA)
    assert due(evening) == ["checkpoint", "derive"]
    assert due(evening + timedelta(minutes=29)) == []
    assert due(evening + timedelta(minutes=30)) == ["checkpoint"]
    assert due(evening + timedelta(hours=2, minutes=29)) == ["checkpoint"]
    assert due(evening + timedelta(hours=2, minutes=30)) == ["checkpoint", "derive"]
    assert due(evening + timedelta(days=9)) == ["checkpoint", "derive"]
    assert due(evening - timedelta(days=1)) == [
        "checkpoint",
        "derive",
    ]  # the clock was set back
    assert due(evening - timedelta(days=1)) == []

"""Running jobs: once each, again after a crash, and never in the way of one another."""

import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from postloan_archive.db import new_session
from postloan_archive.jobs import JobRow, JobRunner, JobState, cancel, retry
from postloan_archive.jobs.runner import STALE_AFTER, pause_after
from postloan_archive.kernel.clock import FrozenClock, SystemClock
from postloan_archive.kernel.errors import ConflictError, RuleError
from tests.jobs.test_queue import NOW, look, put

ROOT = Path(__file__).resolve().parents[2]


def run(engine, handler, *, at=NOW):
    return JobRunner(engine, {"read": handler}, clock=FrozenClock(at)).run_until_empty()


def refuse(_context):
    sentence = "文件 {name} 已加密。"
    raise RuleError(sentence, name="a.pdf")


def break_down(_context):
    return 1 / 0


def lose_the_race(_context):
    raise ConflictError("该记录已被他人修改。")


def test_a_job_gets_its_arguments_and_is_done(engine):
    seen = []
    job = put(engine, args=[3, "合同"])

    assert run(engine, lambda context: seen.append(context.args)) == 1

    assert seen == [(3, "合同")]
    after = look(engine, job)
    assert (after.state, after.attempts, after.reason) == (JobState.DONE, 1, "")
    assert after.finished_at == NOW


def test_a_refusal_fails_at_once_with_its_chinese_reason_and_the_others_go_on(engine):
    bad, good = put(engine, "bad"), put(engine, "good")

    handlers = {"bad": refuse, "good": lambda _: None}
    JobRunner(engine, handlers, clock=FrozenClock(NOW)).run_until_empty()

    assert look(engine, bad).state is JobState.FAILED
    assert look(engine, bad).reason == "文件 a.pdf 已加密。"
    assert look(engine, good).state is JobState.DONE


@pytest.mark.parametrize("handler", [break_down, lose_the_race])
def test_a_breakdown_is_tried_again_later_and_given_up_after_the_last_attempt(engine, handler):
    job = put(engine, max_attempts=3)
    at = NOW
    for attempt in (1, 2):
        assert run(engine, handler, at=at) == 1
        waiting = look(engine, job)
        assert waiting.state is JobState.QUEUED
        assert waiting.run_after == at + pause_after(attempt)
        assert run(engine, handler, at=waiting.run_after - timedelta(seconds=1)) == 0
        at = waiting.run_after

    assert run(engine, handler, at=at) == 1
    failed = look(engine, job)
    assert failed.state is JobState.FAILED
    assert failed.reason

    with new_session(engine) as session, session.begin():
        retry(session, job.id, at=at)
    run(engine, lambda _: None, at=at)
    assert look(engine, job).state is JobState.DONE


def test_pauses_grow_to_an_hour_and_no_further():
    assert [pause_after(n).total_seconds() for n in (1, 2, 3, 9)] == [10, 40, 160, 3600]


def test_a_kind_without_handler_fails_and_says_so(engine):
    job = put(engine, "unknown")

    run(engine, lambda _: None)

    assert look(engine, job).state is JobState.FAILED
    assert "unknown" in look(engine, job).reason


def test_progress_is_seen_while_the_job_runs_and_at_its_end(engine):
    job = put(engine)
    during = []

    def handler(context):
        context.progress(1, 3, "正在读取第 1 页")
        deadline = time.monotonic() + 10
        while look(engine, job).progress_done != 1 and time.monotonic() < deadline:
            time.sleep(0.05)
        during.append(look(engine, job))
        context.progress(3, 3, "完成")

    run(engine, handler)

    assert (during[0].progress_done, during[0].message) == (1, "正在读取第 1 页")
    after = look(engine, job)
    assert (after.progress_done, after.progress_total, after.message) == (3, 3, "完成")


def test_progress_inside_an_open_transaction_does_not_wait_for_it(engine):
    job = put(engine)

    def handler(context):
        with engine.begin():
            context.progress(1, 2, "写入中")

    started = time.monotonic()
    run(engine, handler)

    assert look(engine, job).state is JobState.DONE
    assert time.monotonic() - started < 20  # the wait for the lock would be 30 s


def test_a_running_job_stops_at_its_next_progress_after_it_was_cancelled(engine):
    job = put(engine)

    def handler(context):
        with new_session(engine) as session, session.begin():
            cancel(session, job.id, at=NOW)
        for step in range(400):
            context.progress(step, 400)
            time.sleep(0.05)

    run(engine, handler)

    assert look(engine, job).state is JobState.CANCELLED
    assert look(engine, job).progress_done < 399


def test_two_runners_share_the_jobs_and_each_runs_once(engine):
    count = 60
    for number in range(count):
        put(engine, args=[number])
    seen, lock = Counter(), threading.Lock()

    def handler(context):
        with lock:
            seen[context.args[0]] += 1

    threads = [threading.Thread(target=run, args=(engine, handler)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == Counter(dict.fromkeys(range(count), 1))


def test_a_job_of_a_worker_without_heartbeat_goes_to_another_and_the_late_one_changes_nothing(
    engine,
):
    job = put(engine)
    table = JobRow.__table__

    def handler(_context):
        with engine.begin() as connection:  # meanwhile another machine has taken it over
            connection.execute(update(table).values(worker="other:1:x", attempts=2))

    run(engine, handler)
    assert look(engine, job).state is JobState.RUNNING

    later = NOW + STALE_AFTER + timedelta(seconds=1)
    assert run(engine, lambda _: None, at=NOW + timedelta(minutes=1)) == 0
    assert run(engine, lambda _: None, at=later) == 1
    assert look(engine, job).state is JobState.DONE


def test_the_job_of_a_killed_process_runs_again_and_is_given_up_when_it_kills_each_worker(
    engine, tmp_path
):
    with_real_time = SystemClock().now() - timedelta(seconds=1)
    job = put(engine, max_attempts=2)
    with engine.begin() as connection:
        connection.execute(update(JobRow.__table__).values(run_after=with_real_time))
    program = textwrap.dedent(f"""
        import os, signal
        from postloan_archive.db import create_database_engine
        from postloan_archive.jobs import JobRunner
        engine = create_database_engine("sqlite:///{tmp_path / "jobs.db"}")
        def handler(context):
            os.kill(os.getpid(), signal.SIGKILL)
        JobRunner(engine, {{"read": handler}}).run_until_empty()
    """)
    for _ in range(2):
        killed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
        assert killed.returncode == -signal.SIGKILL
        assert look(engine, job).state is JobState.RUNNING

    runner = JobRunner(engine, {"read": lambda _: None}, clock=SystemClock())
    assert runner.run_until_empty() == 0
    assert look(engine, job).state is JobState.FAILED
    assert "2 次" in look(engine, job).reason

    with new_session(engine) as session, session.begin():
        retry(session, job.id, at=with_real_time)
    assert runner.run_until_empty() == 1
    assert look(engine, job).state is JobState.DONE


def test_a_worker_that_is_told_to_end_gives_its_job_back(engine):
    job = put(engine)

    def handler(_context):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(engine, handler)

    assert look(engine, job).state is JobState.QUEUED
    assert look(engine, job).attempts == 0


def test_a_stop_is_honoured_between_two_jobs(engine):
    put(engine)
    second = put(engine)
    stop = threading.Event()
    runner = JobRunner(engine, {"read": lambda _: stop.set()}, clock=FrozenClock(NOW))

    assert runner.run_until_empty(stop=stop) == 1
    assert look(engine, second).state is JobState.QUEUED


def test_a_clock_set_back_by_a_day_holds_no_job_up(engine):
    put(engine)  # put in now
    assert run(engine, lambda _: None, at=NOW - timedelta(days=1)) == 1

"""The alarm clock: a wake-up reaches the workers of the same and of another process."""

import signal
import subprocess
import sys
import textwrap
import time
from datetime import timedelta

from postloan_archive.db import new_session
from postloan_archive.jobs import (
    Alarm,
    JobRunner,
    JobState,
    Periodic,
    list_jobs,
    start_consumer,
)
from postloan_archive.jobs.consumer import FILE_NAME
from tests.jobs.test_queue import look, put
from tests.jobs.test_runner import ROOT


def wait_until(condition, seconds=20.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_an_embedded_consumer_runs_what_is_there_and_what_it_is_woken_for(engine, tmp_path):
    first = put(engine)
    consumer = start_consumer(
        JobRunner(engine, {"read": lambda _: None, "sweep": lambda _: None}),
        tmp_path,
        periodic=[Periodic(kind="sweep", every=timedelta(hours=1))],
    )
    try:
        wait_until(lambda: look(engine, first).state is JobState.DONE)
        second = put(engine)
        Alarm(tmp_path).wake()
        wait_until(lambda: look(engine, second).state is JobState.DONE)

        def swept():
            with new_session(engine) as session:
                return list_jobs(session, kind="sweep", state=JobState.DONE).total == 1

        wait_until(swept)
    finally:
        consumer.stop()


def test_a_worker_process_is_woken_by_another_and_ends_on_sigterm(engine, tmp_path):
    program = textwrap.dedent(f"""
        from pathlib import Path
        from postloan_archive.db import create_database_engine
        from postloan_archive.jobs import JobRunner, create_consumer
        engine = create_database_engine("sqlite:///{tmp_path / "jobs.db"}")
        runner = JobRunner(engine, {{"read": lambda context: None}})
        consumer = create_consumer(runner, Path("{tmp_path}"))
        print("ready", flush=True)
        consumer.run()
    """)
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE
    ) as worker:
        try:
            assert worker.stdout.readline() == b"ready\n"
            job = put(engine)
            Alarm(tmp_path).wake()
            wait_until(lambda: look(engine, job).state is JobState.DONE)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(timeout=20) == 0
        finally:
            worker.kill()


def test_a_broken_wake_up_file_stops_nobody(tmp_path, caplog):
    alarm = Alarm(tmp_path)
    alarm.huey.storage.close()
    for path in tmp_path.glob(f"{FILE_NAME}*"):
        path.write_bytes(b"not a database at all" * 100)

    alarm.wake()

    assert "could not wake the workers" in caplog.text

"""The trail and the jobs on PostgreSQL: the same promises, kept by other means."""

import tempfile
import threading
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from postloan_archive.audit import (
    FaultKind,
    Signer,
    TrailFilter,
    proof_for,
    read,
    read_checkpoints,
    verify,
)
from postloan_archive.audit.models import TABLES
from postloan_archive.db import Model, create_database_engine, new_session
from postloan_archive.jobs import JobRow, JobRunner, JobState, count_jobs, enqueue
from postloan_archive.kernel.clock import FrozenClock
from tests.audit.trails import AT, checkpoint, write
from tests.postgresql_server import OPEN_TO_ALL, running_server

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server():
    """A server of our own; three seconds, once a module."""
    with (
        tempfile.TemporaryDirectory(prefix="postloan-pg-", dir=OPEN_TO_ALL) as name,
        running_server(Path(name)) as address,
    ):
        yield address


@pytest.fixture
def engine(server):
    """Empty tables; a tenth of a second."""
    engine = create_database_engine(server)
    tables = [Model.metadata.tables[name] for name in (*TABLES, JobRow.__tablename__)]
    Model.metadata.create_all(engine, tables=tables)
    yield engine
    Model.metadata.drop_all(engine, tables=tables)
    engine.dispose()


def test_many_writers_make_one_chain_that_verifies_and_proves(engine, tmp_path):
    threads = [
        threading.Thread(target=write, args=(engine, 3), kwargs={"start": 10 * number})
        for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    signer = Signer.create(tmp_path / "key")
    checkpoint(engine, signer, tmp_path)

    with new_session(engine) as session:
        report = verify(session, read_checkpoints(tmp_path), trusted={signer.public_key})
        assert report.faults == ()
        assert (report.lines, report.covered) == (60, 60)
        assert len(proof_for(session, [1, 60])["entries"]) == 2
        assert read(session, TrailFilter(event="archive", since=AT)).total == 40


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_lines SET actor = 'x'", "DELETE FROM audit_lines", "TRUNCATE audit_lines"],
)
def test_the_database_refuses_to_change_the_trail(engine, statement):
    write(engine, 2)

    with pytest.raises(DBAPIError, match="never changed"), engine.begin() as connection:
        connection.execute(text(statement))


def test_a_trigger_that_is_switched_off_and_an_edit_are_reported(engine):
    write(engine, 5)
    with engine.begin() as connection:
        connection.execute(
            text("ALTER TABLE audit_lines DISABLE TRIGGER audit_lines_no_update")
        )
        connection.execute(text("UPDATE audit_lines SET actor = 'x' WHERE seq = 3"))

    with new_session(engine) as session:
        kinds = [fault.kind for fault in verify(session).faults]
    assert kinds == [FaultKind.UNPROTECTED, FaultKind.EDITED]


def test_four_runners_share_the_jobs_and_each_runs_once(engine):
    with new_session(engine) as session, session.begin():
        for number in range(60):
            enqueue(session, "read", [number], at=AT)
    seen, lock = Counter(), threading.Lock()

    def handler(context):
        with lock:
            seen[context.args[0]] += 1
        context.progress(1, 1, "完成")

    def run():
        JobRunner(engine, {"read": handler}, clock=FrozenClock(AT)).run_until_empty()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with new_session(engine) as session:
        assert count_jobs(session)[JobState.DONE] == 60
    assert seen == Counter(dict.fromkeys(range(60), 1))

"""Work that comes back: the vault is read in turns, orphans go, heads leave, old jobs go."""

import io
import os
from datetime import timedelta

import pytest

from postloan_archive import audit, jobs
from postloan_archive.admin import rechecking, upkeep
from postloan_archive.jobs import JobState
from postloan_archive.kernel.clock import FrozenClock, SystemClock
from postloan_archive.vault import State
from postloan_archive.vault.layout import blob_path


class Context:
    """Stands for the job: keeps what it said."""

    def __init__(self):
        self.said = []

    def progress(self, *words):
        self.said.append(words)


def hours(system, count):
    """Run the rolling check for so many hours."""
    for _ in range(count):
        upkeep.rehash_vault(system, Context(), rest=lambda _s: None)
        system.clock.at += timedelta(hours=1)


def read_since(new_uow, at):
    with new_uow() as uow:
        rows = uow.session.execute(rechecking.CHECKS.select()).all()
    return {row.sha256 for row in rows if row.checked_at is not None and row.checked_at >= at}


@pytest.fixture
def at(system):
    """A clock of this test's own."""
    clock = FrozenClock(system.clock.at)
    object.__setattr__(system, "clock", clock)
    return clock


@pytest.mark.usefixtures("at")
def test_each_file_is_read_once_before_any_is_read_again(system, new_uow, papers, monkeypatch):
    digests = papers(12)
    monkeypatch.setattr(rechecking, "TURNS", 4)
    start = system.clock.now()

    hours(system, 2)
    first = read_since(new_uow, start)
    hours(system, 2)

    assert len(first) == 6
    assert read_since(new_uow, start) == set(digests)
    again = system.clock.now()
    hours(system, 2)
    assert read_since(new_uow, again) == first


@pytest.mark.usefixtures("at")
def test_who_is_late_reads_twice_as_many(system, new_uow, papers, monkeypatch):
    papers(12)
    monkeypatch.setattr(rechecking, "TURNS", 4)
    hours(system, 1)
    system.clock.at += timedelta(days=31)
    late = system.clock.now()

    hours(system, 1)

    assert len(read_since(new_uow, late)) == 6


def test_a_bad_file_fails_the_job_and_is_recorded_once(system, new_uow, papers):
    (sha256,) = papers(1)
    path = blob_path(system.vault.root, sha256)
    path.chmod(0o640)
    path.write_bytes(b"x")

    for _ in range(2):
        with pytest.raises(upkeep.HoldingsChangedError) as refused:
            upkeep.rehash_vault(system, Context(), rest=lambda _s: None)
        assert sha256 in str(refused.value)

    with new_uow() as uow:
        found = audit.read(uow.session, audit.TrailFilter(event="vault.file_found_bad"))
        assert [line.subject for line in found.lines] == [f"vault:{sha256}"]
        assert rechecking.check_state(uow.session).bad == ((sha256, State.CHANGED),)


def test_the_sweep_takes_what_no_row_names_after_a_week(system, new_uow, papers):
    kept = set(papers(2))
    old = system.vault.put(io.BytesIO(b"left behind")).sha256
    fresh = system.vault.put(io.BytesIO(b"on its way")).sha256
    week_ago = (SystemClock().now() - timedelta(days=8)).timestamp()
    for sha256 in (old, *kept):
        os.utime(blob_path(system.vault.root, sha256), (week_ago, week_ago))

    upkeep.sweep_vault(system, Context())

    assert set(system.vault.digests()) == {*kept, fresh}
    with new_uow() as uow:
        (line,) = audit.read(uow.session, audit.TrailFilter(event="vault.swept")).lines
    assert old in line.facts


def test_a_head_is_signed_and_a_folder_that_refuses_is_named(
    system, settings, papers, tmp_path
):
    papers(1)
    upkeep.sign_checkpoint(system, Context())
    assert (settings.data / "checkpoints" / audit.CHECKPOINT_FILE).exists()

    (tmp_path / "file").write_text("", encoding="utf-8")
    object.__setattr__(settings, "checkpoint_folder", str(tmp_path / "file" / "x"))
    with pytest.raises(upkeep.CheckpointStuckError):
        upkeep.sign_checkpoint(system, Context())


def test_the_daily_reading_of_the_trail_records_what_it_found(system, new_uow, papers):
    papers(1)
    upkeep.verify_trail(system, Context())
    with system.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_lines_no_update")

    with pytest.raises(upkeep.TrailChangedError):
        upkeep.verify_trail(system, Context())
    with new_uow() as uow:
        lines = audit.read(uow.session, audit.TrailFilter(event="audit.verified")).lines
    assert ['"faults":1' in line.facts for line in lines] == [True, False]


def test_the_whole_vault_on_request(system, papers):
    (sha256,) = papers(1)
    upkeep.verify_vault(system, Context())
    blob_path(system.vault.root, sha256).unlink()

    with pytest.raises(upkeep.HoldingsChangedError):
        upkeep.verify_vault(system, Context())


def test_old_jobs_go_and_waiting_ones_stay(system, new_uow, at):
    with new_uow() as uow:
        for kind in ("done", "failed", "waiting"):
            uow.enqueue(kind)
    runner = jobs.JobRunner(system.engine, {"done": lambda _c: None}, clock=at)
    runner.run_one()
    runner.run_one()  # no handler: failed

    at.at += timedelta(days=31)
    upkeep.clear_jobs(system, Context())
    with new_uow() as uow:
        assert [job.kind for job in jobs.list_jobs(uow.session).jobs] == ["waiting", "failed"]
    at.at += timedelta(days=160)
    upkeep.clear_jobs(system, Context())
    with new_uow() as uow:
        assert jobs.count_jobs(uow.session)[JobState.FAILED] == 0
        assert jobs.count_jobs(uow.session)[JobState.QUEUED] == 1


def test_every_recurring_kind_has_a_handler(system):
    assert {one.kind for one in upkeep.PERIODIC} <= set(upkeep.handlers(system))

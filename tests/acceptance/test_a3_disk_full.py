"""A3: a full disk is said clearly, leaves nothing half stored, and work goes on by itself."""

import errno
import io
import os
import tempfile
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from postloan_archive import audit
from postloan_archive.archive import reading_jobs
from postloan_archive.archive.finding import Find, find
from postloan_archive.archive.intake import GROUP, Delivery, take_in
from postloan_archive.archive.models import Document
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from postloan_archive.vault import NotStoredError, OutOfSpaceError, RealFiles, Vault, verify_all
from tests.builders import a_loan
from tests.vault.broken_files import FailingFiles

pytestmark = pytest.mark.acceptance

CLI = Actor.program("cli")
LOAN = "JJ2025-0001"


class NearlyFull(RealFiles):
    """A volume of 10 GB with less free than the reserve."""

    def space(self, _path):
        return 400 * 1024**2, 10 * 1024**3


@pytest.fixture
def papers(tmp_path, new_uow):
    """Write `count` small papers; the loan file that they belong to exists."""
    with new_uow() as uow:
        a_loan(uow)

    def written(count, first=0):
        folder = tmp_path / "in"
        folder.mkdir(exist_ok=True)
        paths = []
        for number in range(first, first + count):
            path = folder / f"{number:03}.txt"
            path.write_text(f"第 {number} 号对账单", "utf-8")
            paths.append(path)
        return tuple(paths)

    return written


def ingest(system, paths):
    runner = JobRunner(system.engine, reading_jobs.handlers(system), clock=system.clock)
    taken = []
    take_in(system, CLI, Delivery(paths=paths, loan_no=LOAN), runner, taken.append)
    return taken


def state(system):
    """Rows, and whether every row has its bytes and the trail is whole."""
    with system.unit_of_work(CLI) as uow:
        digests = uow.session.scalars(select(Document.sha256)).all()
        assert audit.verify(uow.session).fault_count == 0
        read = uow.session.scalar(
            select(func.count()).select_from(Document).where(Document.read_at.is_not(None))
        )
    assert all(one.good or one.name not in digests for one in verify_all(system.vault, digests))
    assert all(system.vault.verify(sha256).good for sha256 in digests)
    assert list((system.vault.root / "tmp").iterdir()) == []
    return len(digests), read


@pytest.mark.parametrize(
    ("number", "refusal"), [(errno.ENOSPC, OutOfSpaceError), (errno.EIO, NotStoredError)]
)
def test_A3_full_at_every_write_of_a_delivery(system, papers, number, refusal):
    paths = papers(3)
    failures = 0
    for fail_at in range(200):
        files = FailingFiles(fail_at, number)
        broken = replace(system, vault=Vault(system.vault.root, files=files))
        before = state(system)
        try:
            ingest(broken, paths)
        except refusal as refused:
            error = refused
        else:
            break
        failures += 1
        assert error.next_step
        assert state(system) == before  # nothing of the group
        ours = {path for path in system.vault.root.rglob("*") if path.is_file()}
        for path in ours:  # bytes without a row: what the sweep takes
            path.unlink()
    assert failures == files.count >= 3 * 6
    assert state(system) == (3, 3)


def test_A3_what_was_reported_before_the_disk_was_full_stays(system, papers):
    first = ingest(system, papers(2))
    counting = FailingFiles(-1)
    ingest(replace(system, vault=Vault(system.vault.root, files=counting)), papers(1, 900))
    per_file = counting.count
    files = FailingFiles(per_file * (GROUP + 2))
    broken = replace(system, vault=Vault(system.vault.root, files=files))
    reported = []
    runner = JobRunner(broken.engine, reading_jobs.handlers(broken), clock=system.clock)
    paths = papers(GROUP + 8, first=100)
    with pytest.raises(OutOfSpaceError):
        take_in(broken, CLI, Delivery(paths=paths, loan_no=LOAN), runner, reported.append)

    assert len(reported) == GROUP
    assert {one.state for one in reported} == {"stored"}
    assert state(system)[0] == len(first) + 1 + GROUP
    again = ingest(system, paths)  # space is back: goes on without anybody's help
    assert [one.state for one in again] == ["duplicate"] * GROUP + ["stored"] * 8
    assert state(system) == (len(first) + 1 + GROUP + 8,) * 2


def test_A3_uploads_stop_at_the_reserve_and_reading_goes_on(system, papers):
    (kept,) = ingest(system, papers(1))
    full = replace(system, vault=Vault(system.vault.root, files=NearlyFull()))
    with pytest.raises(OutOfSpaceError) as refused:
        ingest(full, papers(1, first=50))
    assert "空间" in str(refused.value)

    with full.unit_of_work(CLI) as uow:  # search is audited: the reserve is for that
        assert find(uow, Find(text="对账单")).total == 1
        assert full.vault.read(kept.sha256)
    assert state(system) == (1, 1)


@contextmanager
def full_database(system):
    """No room for more than two further pages; space is back afterwards."""
    with system.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        most = connection.exec_driver_sql("PRAGMA max_page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    yield
    with system.engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {most}")


def ingest_until_full(system, papers):
    for number in range(100, 160):
        ingest(system, papers(1, first=number))


def test_A3_a_full_database_rolls_back_whole_and_goes_on(system, papers):
    ingest(system, papers(1))
    with full_database(system), pytest.raises(OperationalError, match="full"):
        ingest_until_full(system, papers)
    documents, _ = state(system)

    again = ingest(system, papers(30, first=100))
    assert {one.state for one in again} <= {"stored", "duplicate"}
    assert state(system) == (31, 31)
    assert documents < 31


def test_A3_a_person_reads_what_is_the_matter(system, browser):
    admin = browser("system_admin")

    def add(number):
        form = {"code": f"9{number:03}", "name": "某支行" * 30, "parent_id": "0"}
        return admin.post("/admin/branches/new", form)

    with full_database(system):
        replies = (add(number) for number in range(400))
        page = next(reply for reply in replies if reply.status_code == 500)
        assert "磁盘已满" in page.get_data(as_text=True)
        assert "没有保存" in page.get_data(as_text=True)
    assert add(999).status_code == 302


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_A3_a_program_reads_that_there_is_no_room_for_its_file(
    number, new_uow, program, monkeypatch
):
    with new_uow() as uow:
        a_loan(uow)
    client = program("legal")

    def refuse(*_facts, **_more):
        raise OSError(number, os.strerror(number))

    def send():
        data = {"file": [(io.BytesIO(b"1"), "a.txt")]}
        return client.post(
            f"/api/v1/loan-files/{LOAN}/items", data=data, content_type="multipart/form-data"
        )

    with monkeypatch.context() as full:
        full.setattr(tempfile, "mkdtemp", refuse)
        reply = send()
    assert (reply.status_code, reply.get_json()["code"]) == (500, "VolumeFull")
    assert "没有保存" in reply.get_json()["detail"]
    assert send().status_code == 201

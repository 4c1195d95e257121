"""Search page, inbox and items on PostgreSQL: the same questions, the same answers."""

import io
import tempfile
from pathlib import Path

import pytest

from postloan_archive import audit
from postloan_archive.archive import (
    finding,
    inbox,
    inbox_list,
    queries,
    reading_jobs,
    service,
)
from postloan_archive.archive.inbox import FileIt
from postloan_archive.archive.models import IntakeFile
from postloan_archive.archive.service import OpenBatch
from postloan_archive.config import Settings
from postloan_archive.db.schema import migrate
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans.headings import headings, with_name, with_number
from postloan_archive.uow import open_system
from tests.builders import a_loan
from tests.postgresql_server import OPEN_TO_ALL, running_server

pytestmark = pytest.mark.postgres
CLI = Actor.program("cli")
OURS = "JJ2025-0001"


@pytest.fixture
def system(tmp_path):
    """An installation with one loan on a server of our own; three seconds."""
    with (
        tempfile.TemporaryDirectory(prefix="postloan-pg-", dir=OPEN_TO_ALL) as name,
        running_server(Path(name)) as address,
    ):
        opened = open_system(
            Settings(data=tmp_path / "data", database_url=str(address), search_adapter="whoosh")
        )
        migrate(opened.engine)
        audit.create_key(opened.settings.data)
        with opened.unit_of_work(CLI) as uow:
            uow.index.create(uow.session)
            a_loan(uow)
        yield opened
        opened.close()


def test_a_file_waits_is_filed_found_and_taken_out(system):
    work = JobRunner(system.engine, reading_jobs.handlers(system)).run_until_empty
    with system.unit_of_work(CLI) as uow:
        batch = service.open_batch(uow, OpenBatch(source="mail"))
        file_id = inbox.receive_waiting(
            uow,
            batch_id=batch.id,
            name="扫描.txt",
            stream=io.BytesIO("借据号 JJ2025-0001 收入证明".encode()),
        ).id
    work()
    with system.unit_of_work(CLI) as uow:
        assert inbox_list.counts(uow) == {"no_loan": 1, "source:mail": 1}
        (waiting,) = inbox_list.open_files(uow, state="no_loan", source="mail")
        (offer,) = inbox_list.offers(uow, file_id)
        assert offer.loan.loan_no == OURS
        inbox.file_it(
            uow,
            FileIt(file_id=file_id, version=waiting.version, loan_no=OURS, item_code="GL05"),
        )
    work()
    one = Actor(
        name="legal",
        branch_ids=frozenset({branch_of(system)}),
        categories=frozenset({"GL"}),
    )
    with system.unit_of_work(one) as uow:
        assert inbox_list.count_files(uow) == 0
        assert finding.waiting(uow).files == 0
        loan = with_number(uow, OURS.lower())[0]
        assert [row.title for row in queries.documents_of(uow, loan.id)] == ["扫描"]
        assert list(headings(uow, [OURS])) == [OURS]
        assert with_name(uow, "张三")[0].loan_no == OURS
    with system.unit_of_work(CLI) as uow:
        inbox.undo(uow, file_id)
    with system.unit_of_work(CLI) as uow:
        assert queries.documents_of(uow, loan.id) == []
        assert uow.session.get_one(IntakeFile, file_id).handled_at is None


def branch_of(system) -> int:
    with system.unit_of_work(CLI) as uow:
        return with_number(uow, OURS)[0].branch_id

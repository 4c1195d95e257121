"""Holdings, rolling check and sweep on PostgreSQL: the same questions, the same answers."""

import io
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import text

from postloan_archive import audit
from postloan_archive.admin import rechecking, upkeep
from postloan_archive.admin.doctor import examine
from postloan_archive.admin.holdings import verify_holdings
from postloan_archive.archive import service
from postloan_archive.archive.service import FileMade
from postloan_archive.config import Settings
from postloan_archive.db.schema import migrate
from postloan_archive.kernel.actor import Actor
from postloan_archive.uow import open_system
from postloan_archive.vault.layout import blob_path
from tests.builders import a_loan
from tests.postgresql_server import OPEN_TO_ALL, running_server

pytestmark = pytest.mark.postgres
CLI = Actor.program("cli")


class Quiet:
    """Stands for the job."""

    def progress(self, *words):
        """Say nothing."""


@pytest.fixture
def system(tmp_path):
    """An installation on a server of our own; three seconds."""
    with (
        tempfile.TemporaryDirectory(prefix="postloan-pg-", dir=OPEN_TO_ALL) as name,
        running_server(Path(name)) as address,
    ):
        opened = open_system(Settings(data=tmp_path / "data", database_url=str(address)))
        migrate(opened.engine)
        audit.create_key(opened.settings.data)
        with opened.unit_of_work(CLI) as uow:
            uow.index.create(uow.session)
        yield opened
        opened.close()


def file(system, content: bytes) -> str:
    with system.unit_of_work(CLI) as uow:
        loan_id = uow.session.scalar(text("SELECT min(id) FROM loans")) or a_loan(uow).id
        return service.file_made(
            uow,
            FileMade(
                loan_id=loan_id,
                item_code="YJ01",
                name="合同.txt",
                title="合同",
                stream=io.BytesIO(content),
            ),
        ).sha256


def test_what_is_wrong_is_found(system):
    good, lost = file(system, b"one"), file(system, b"two")
    assert verify_holdings(system, CLI).ok
    upkeep.rehash_vault(system, Quiet(), rest=lambda _s: None)
    upkeep.sign_checkpoint(system, Quiet())
    upkeep.verify_trail(system, Quiet())
    upkeep.sweep_vault(system, Quiet())
    blob_path(system.vault.root, lost).unlink()

    found = verify_holdings(system, CLI)

    assert [(one.name, one.state) for one in found.findings] == [(lost, "missing")]
    assert found.good == 1
    with system.unit_of_work(CLI) as uow:
        assert rechecking.check_state(uow.session).bad == ((lost, "missing"),)
    grades = {answer.key: answer.grade for answer in examine(system)}
    assert grades["database"] == "good"
    assert grades["fixity"] == "bad"
    assert good in set(system.vault.digests())

"""A1 for letters: a run killed at any point goes on; no number twice, none lost."""

import random
import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select

from postloan_archive import audit
from postloan_archive.archive.models import Document
from postloan_archive.config import Settings
from postloan_archive.jobs import JobContext, get_job
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import FrozenClock
from postloan_archive.notices import issuing_jobs, queries, service
from postloan_archive.notices.service import PlanRun
from postloan_archive.uow import open_system
from tests.acceptance.cradle import Cradle
from tests.conftest import NOON
from tests.notices.conftest import TODAY, an_overdue_loan

pytestmark = pytest.mark.acceptance
POINTS = ("sql", "commit", "committed", "file", "begin")
LETTERS = 12
HELD_BACK = 2  # borrowers without an address


@pytest.fixture
def started(new_uow) -> tuple[int, int]:
    """A run that waits for its worker; ids of run and job."""
    with new_uow() as uow:
        for number in range(LETTERS):
            facts = {} if number < HELD_BACK else {"service_address": f"示范县北街{number}号"}
            an_overdue_loan(
                uow,
                loan_no=f"JJ2025-{number:04d}",
                number=number,
                facts=facts,
                guaranteed=False,
            )
    with new_uow() as uow:
        run = service.plan_run(uow, PlanRun(kind="N02", as_of=TODAY))
        service.start_run(uow, run.id)
        return run.id, run.job_id


@pytest.fixture(scope="module")
def cradle(tmp_path_factory):
    opened = Cradle("tests.acceptance.killed_letters", tmp_path_factory.mktemp("cradle"))
    yield opened
    opened.close()


def killed(cradle: Cradle, data: Path, point: str, number: int, job_id: int) -> bool:
    """Run the program; return whether it was killed."""
    ended = cradle.run(data, point, number, job_id)
    assert ended.returncode in {0, -9}, ended.errors
    return ended.returncode == -9


def test_A1_a_killed_run_of_letters_goes_on(started, system, tmp_path, full, cradle):
    run_id, job_id = started
    system.close()
    chance = random.Random(20261124)
    rounds = 60 if full else 5
    reached = 0
    for at in range(rounds):
        data = tmp_path / f"round{at}"
        shutil.copytree(system.settings.data, data)
        point = POINTS[at % len(POINTS)]
        reached += killed(
            cradle, data, point, chance.randrange(90 if point == "sql" else 4), job_id
        )
        opened = open_system(Settings(data=data, secure_cookies=False), clock=FrozenClock(NOON))
        try:
            with opened.unit_of_work(Actor.program("job")) as uow:
                job = get_job(uow.session, job_id)
            issuing_jobs.issue_letters(opened, JobContext(job))
            with opened.unit_of_work(Actor.program("cli")) as uow:
                run = queries.get_run(uow, run_id)
                states = [notice.state for notice in run.notices]
                issued = [notice for notice in run.notices if notice.state == "issued"]
                assert run.state == "done"
                assert states.count("blocked") == HELD_BACK
                assert [notice.serial_no for notice in issued] == [
                    f"〔2026〕催字第{number:04d}号"
                    for number in range(1, LETTERS - HELD_BACK + 1)
                ]
                assert len({notice.barcode for notice in issued}) == len(issued)
                assert uow.session.scalar(select(func.count(Document.id))) == len(issued)
                for notice in issued:
                    document = uow.session.get(Document, notice.document_id)
                    assert uow.vault.read(document.sha256) == service.render(uow, notice)
                assert _events(uow, "notices.letter_issued") == len(issued)
                assert _events(uow, "notices.run_finished") == 1
                assert audit.verify(uow.session, audit.read_checkpoints(data / "x")).ok
        finally:
            opened.close()
        shutil.rmtree(data)
    assert reached >= rounds // 3


def _events(uow, event):
    query = select(func.count()).select_from(audit.AuditRow)
    return uow.session.scalar(query.where(audit.AuditRow.event == event))

"""A1 for destruction: killed at any point it goes on; each file is there or gone as a whole."""

import random
import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select

from postloan_archive import audit
from postloan_archive.config import Settings
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import FrozenClock
from postloan_archive.retention.models import DisposalLine, DisposalList, Tombstone
from postloan_archive.retention.service import destroying, lists
from postloan_archive.uow import open_system
from tests.acceptance.cradle import Cradle
from tests.conftest import NOON
from tests.retention.conftest import CANARY, OLD, deliver, old_loan, places_of

pytestmark = pytest.mark.acceptance
POINTS = ("begin", "sql", "commit", "committed", "file")
OTHER = "JJ2000-0002"


@pytest.fixture
def begun(system, runner, acting, approved, new_uow, tmp_path) -> int:
    """A running list of two loan files; its id."""
    with new_uow() as uow:
        old_loan(uow, loan_no=OTHER)
    deliver(system, runner, tmp_path, "授信协议.txt", f"协议 {CANARY} 第二卷", loan_no=OTHER)
    number = approved(OLD, OTHER)
    with acting("archive_clerk") as uow:
        return lists.start(uow, number, lists.get_list(uow, number).digest).id


@pytest.fixture(scope="module")
def cradle(tmp_path_factory):
    opened = Cradle("tests.acceptance.killed_destruction", tmp_path_factory.mktemp("cradle"))
    yield opened
    opened.close()


def killed(cradle: Cradle, data: Path, point: str, number: int, list_id: int) -> bool:
    """Run the program; return whether it was killed."""
    ended = cradle.run(data, point, number, list_id)
    assert ended.returncode in {0, -9}, ended.errors
    return ended.returncode == -9


def test_A1_a_killed_destruction_goes_on(begun, system, tmp_path, full, cradle):
    system.close()
    chance = random.Random(20261124)
    rounds = 60 if full else 6
    reached = 0
    for at in range(rounds):
        data = tmp_path / f"round{at}"
        shutil.copytree(system.settings.data, data)
        point = POINTS[at % len(POINTS)]
        reached += killed(
            cradle, data, point, chance.randrange(40 if point == "sql" else 5), begun
        )
        opened = open_system(Settings(data=data, secure_cookies=False), clock=FrozenClock(NOON))
        try:
            with opened.unit_of_work(Actor.program("cli")) as uow:
                half = uow.session.scalars(select(DisposalLine).order_by(DisposalLine.no)).all()
                stones = uow.session.scalar(select(func.count(Tombstone.id)))
                listed = sum(
                    len(line.facts["papers"]) for line in half if line.state != "listed"
                )
                assert stones == listed  # all papers of a file, or none
            destroying.carry_out(opened, Actor.program("job"), begun)
            with opened.unit_of_work(Actor.program("cli")) as uow:
                assert uow.session.scalar(select(func.count(Tombstone.id))) == 3
                assert uow.session.get(DisposalList, begun).state == "executed"
                assert audit.verify(uow.session, audit.read_checkpoints(data / "x")).ok
                events = uow.session.execute(
                    select(func.count())
                    .select_from(audit.AuditRow)
                    .where(audit.AuditRow.event == "retention.document_destroyed")
                ).scalar()
                assert events == 3  # none missing, none doubled
        finally:
            opened.close()
        assert places_of(data, CANARY) == []
        shutil.rmtree(data)
    assert reached >= rounds // 3

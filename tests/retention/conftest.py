"""A loan file whose period is over, with papers that hold a word found nowhere else."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from postloan_archive.access import rights
from postloan_archive.access.models import User
from postloan_archive.archive.intake import Delivery, take_in
from postloan_archive.cli.handlers import all_handlers
from postloan_archive.db import new_session
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from postloan_archive.retention.service import destroying, keeping, lists
from postloan_archive.retention.service.keeping import Appraise
from postloan_archive.retention.service.lists import ProposeList
from tests.builders import a_loan
from tests.web.people import *  # noqa: F403 - fixtures shared by several folders

OLD = "JJ2000-0001"
CANARY = "绝密金丝雀柒捌玖"


@pytest.fixture
def acting(new_uow, people, system):
    """Open a unit of work as one of the people."""

    def opened(name: str):
        with new_session(system.engine) as session:
            user = session.get(User, people[name])
            post = rights.chosen(rights.posts_of(session, user.id), "")
            actor = rights.actor_for(user, post)
        return new_uow(actor)

    return opened


@pytest.fixture
def runner(system) -> JobRunner:
    """Does every job on the frozen clock."""
    return JobRunner(system.engine, all_handlers(system), clock=system.clock)


def old_loan(uow, loan_no=OLD, settled=date(2005, 3, 31), **changes):
    """A private loan settled in 2005: kept until the end of 2020."""
    loan = a_loan(
        uow,
        loan_no=loan_no,
        contract_no=f"合同{loan_no}",
        signed_on=date(2000, 3, 1),
        disbursed_on=date(2000, 3, 2),
        due_on=date(2001, 3, 2),
        schedule=(),
        **changes,
    )
    loan.settled_on = settled
    return loan


@pytest.fixture
def old_file(system, runner, people, new_uow, tmp_path) -> int:
    """The loan file JJ2000-0001 with two papers; its id."""
    del people
    with new_uow() as uow:
        loan_id = old_loan(uow).id
    deliver(system, runner, tmp_path, "借款合同.txt", f"借款合同 {CANARY} 第一条")
    deliver(system, runner, tmp_path, "催收通知书.txt", f"催收 {CANARY} 通知")
    return loan_id


def deliver(system, runner, folder: Path, name: str, text: str, loan_no=OLD) -> None:
    """Take one text paper in, wholly."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    delivery = Delivery(paths=(path,), loan_no=loan_no)
    take_in(system, Actor.program("cli"), delivery, runner, lambda _taken: None)
    path.unlink()


@pytest.fixture
def appraised(acting, old_file) -> Callable[..., None]:
    """Appraise loan files for destruction."""
    del old_file

    def done(*loan_nos: str, verdict="destroy", until=None) -> None:
        with acting("archive_clerk") as uow:
            keeping.appraise(
                uow,
                Appraise(
                    loan_nos=loan_nos or (OLD,),
                    verdict=verdict,
                    until=until,
                    members="甲、乙、丙",
                    opinion="期满，无保存价值",
                    report_no="鉴字1号",
                ),
            )

    return done


@pytest.fixture
def approved(acting, appraised) -> Callable[..., str]:
    """A list as it waits to be carried out: proposed, approved, supervised; its number."""

    def ready(*loan_nos: str) -> str:
        appraised(*loan_nos)
        with acting("archive_clerk") as uow:
            cmd = ProposeList(loan_nos=loan_nos or (OLD,), reason="期满鉴定无价值")
            row = lists.propose(uow, cmd)
            number, digest = row.list_no, row.digest
        with acting("branch_manager") as uow:
            lists.approve(uow, number, digest, agree=True)
        with acting("legal") as uow:
            lists.supervise(uow, number, digest)
        return number

    return ready


@pytest.fixture
def carry_out(acting, system) -> Callable[[str], dict]:
    """Carry a list out as the clerk."""

    def done(number: str) -> dict:
        with acting("archive_clerk") as uow:
            row = lists.get_list(uow, number)
            list_id = lists.start(uow, number, row.digest).id
        return destroying.carry_out(system, Actor.program("job"), list_id)

    return done


def places_of(data: Path, *words: str) -> list[str]:
    """Return the files of the data folder that hold one of the words, in a usual coding."""
    wanted = [
        word.encode(coding) for word in words for coding in ("utf-8", "utf-16-le", "gb18030")
    ]
    wanted += [word.encode("ascii", "backslashreplace") for word in words]  # JSON
    return [
        str(path.relative_to(data))
        for path in sorted(data.rglob("*"))
        if path.is_file() and any(one in path.read_bytes() for one in wanted)
    ]

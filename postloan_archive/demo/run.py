"""The demonstration from an empty folder to a verified package, with a line for each step."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select

from postloan_archive.access import branches, grants, sign_in, users
from postloan_archive.access.grants import GrantRole
from postloan_archive.access.models import User
from postloan_archive.access.roles import Role
from postloan_archive.access.users import CreateUser
from postloan_archive.archive import finding
from postloan_archive.archive.finding import Find
from postloan_archive.archive.intake import Taken
from postloan_archive.bundle import verify_package
from postloan_archive.cases import listing
from postloan_archive.demo.assets import enter_assets
from postloan_archive.demo.court import enter_court
from postloan_archive.demo.followup import follow_up
from postloan_archive.demo.history import note_days
from postloan_archive.demo.load import load_ledger, load_papers
from postloan_archive.demo.loan_facts import DEMO_DAY
from postloan_archive.demo.people import USERS
from postloan_archive.demo.post import fill_the_inbox
from postloan_archive.demo.store import fill_the_store
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from postloan_archive.litigation.freezing import freeze
from postloan_archive.notices import service as notices
from postloan_archive.notices.models import Notice
from postloan_archive.notices.service import PlanRun
from postloan_archive.uow import System

GUEST: Final = "fawu"  # the legal officer, for whom the sign-in link is made
SEARCHES: Final = ("恒泰纺织", "罚息 AND 复利", "示农商流借字2025第0806号")
LETTERS: Final = ("N01", "N02", "N04")
CASE: Final = "AJ2026-0001"  # the case that is prepared for court
LINK_VALID: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Where the demonstration tells what it does: lines, and the progress of the papers."""

    say: Callable[[str], None]
    paper: Callable[[Taken], None]


def is_loaded(system: System) -> bool:
    """Return whether the demonstration ran to its end in this folder."""
    return (system.settings.data / "demo.done").exists()


def run(system: System, actor: Actor, runner: JobRunner, steps: Steps) -> Path:
    """Load everything and run the main job once.

    Returns:
        The verified package, a zip in the data folder.
    """
    steps.say(f"演示日期 {DEMO_DAY}；登记 {load_ledger(system, actor)} 笔虚构贷款")
    add_users(system, actor)
    receipt = load_papers(system, actor, runner, steps.paper)
    steps.say("入档 " + "，".join(f"{state} {count}" for state, count in receipt.items()))
    steps.say(f"收件箱 {fill_the_inbox(system, actor, runner)} 封邮件待归档")
    with system.unit_of_work(actor) as uow:
        steps.say(f"登记 {enter_court(uow)} 起案件，{1 + enter_assets(uow)} 项保全措施")
        for text in SEARCHES:
            found = finding.find(uow, Find(text=text))
            steps.say(f"检索“{text}”：{found.total} 页，{found.took_ms:.0f} 毫秒")
    for kind in LETTERS:
        steps.say(write_letters(system, actor, runner, kind))
    steps.say(f"补记 {note_days(system, actor)} 个日终，供报表对比")
    steps.say(follow_up(system, actor))
    steps.say(f"登记纸质原件 {fill_the_store(system, actor)} 件，上架、借阅、盘点")
    with system.unit_of_work(actor) as uow:
        numbers = [row.case_no for row in listing.case_rows(uow)]
    targets = {no: build_package(system, actor, no, steps) for no in sorted(numbers)}
    target = targets[CASE]
    (system.settings.data / "demo.done").touch()
    return target


def build_package(system: System, actor: Actor, case_no: str, steps: Steps) -> Path:
    """Freeze the package of a case, write it beside the data and verify it from there."""
    frozen = freeze(system, actor, case_no)
    target = system.settings.data / f"{case_no}.zip"
    target.write_bytes(system.vault.read(frozen.sha256))
    steps.say(f"{case_no}：第 {frozen.no} 版，证据 {frozen.exhibits} 件，{frozen.pages} 页")
    for sentence in (*frozen.problems, *verify_package(target).sentences):
        steps.say(f"{case_no}：{sentence}")
    return target


def write_letters(system: System, actor: Actor, runner: JobRunner, kind: str) -> str:
    """Issue the letters of one kind that the day calls for; return what was made."""
    with system.unit_of_work(actor) as uow:
        run_id = notices.plan_run(uow, PlanRun(kind=kind, as_of=DEMO_DAY)).id
        notices.start_run(uow, run_id)
    runner.run_until_empty()
    with system.unit_of_work(actor) as uow:
        states = Counter(
            uow.session.scalars(
                select(Notice.state).where(Notice.run_id == run_id).order_by(Notice.id)
            )
        )
    return f"函件 {kind}：" + "，".join(f"{state} {count}" for state, count in states.items())


def add_users(system: System, actor: Actor) -> None:
    """Add one person for each office; none has a password."""
    with system.unit_of_work(actor) as uow:
        for username, display_name, role, branch in USERS:
            user = users.create(uow, CreateUser(username=username, display_name=display_name))
            grants.grant(
                uow,
                GrantRole(
                    user_id=user.id, role=Role(role), branch_id=branches.id_of(uow, branch)
                ),
            )


def sign_in_token(system: System, actor: Actor) -> str:
    """Return the token of a link that signs the legal officer in once."""
    with system.unit_of_work(actor) as uow:
        user: User = users.by_name(uow, GUEST)
        return sign_in.make_link(uow, user.id, purpose="sign_in", valid_for=LINK_VALID)

"""Work that comes back: signed heads, reading the vault again, sweeping, clearing up."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from postloan_archive import jobs
from postloan_archive.admin import checkpointing, holdings, rechecking
from postloan_archive.jobs import Handler, JobContext, Periodic
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import SystemClock
from postloan_archive.kernel.errors import FixityError, _l
from postloan_archive.uow import System
from postloan_archive.vault import State

JOB: Final = Actor.program("job")
ORPHAN_AGE: Final = timedelta(days=7)
KEEP_DONE: Final = timedelta(days=30)
KEEP_FAILED: Final = timedelta(days=180)
SHARE_OF_TIME: Final = 0.5  # the rolling check reads half of the time and rests half
LONGEST_REST_S: Final = 5.0

PERIODIC: Final = (  # offsets from midnight in China
    Periodic(kind="sign_checkpoint", every=timedelta(hours=1)),
    Periodic(kind="rehash_vault", every=timedelta(hours=1), offset=timedelta(minutes=30)),
    Periodic(kind="verify_trail", every=timedelta(days=1), offset=timedelta(hours=2)),
    Periodic(kind="sweep_vault", every=timedelta(days=1), offset=timedelta(hours=3)),
    Periodic(kind="clear_jobs", every=timedelta(days=1), offset=timedelta(hours=4)),
)


class CheckpointStuckError(FixityError):
    """A head was signed, but at least one folder outside could not be written."""

    next_step = _l("请检查 POSTLOAN_CHECKPOINT_FOLDER 指向的位置是否可写。")

    def __init__(self, *, folders: str) -> None:
        super().__init__(_l("检查点已签发，但未能写入：{folders}"), folders=folders)


class TrailChangedError(FixityError):
    """The daily reading of the trail found something."""

    next_step = _l("请审计管理员在“审计”页查看，并保全现场。")

    def __init__(self, *, faults: int, first: str) -> None:
        super().__init__(
            _l("审计记录核对发现 {faults} 处问题：{first}"), faults=faults, first=first
        )


class HoldingsChangedError(FixityError):
    """Reading the vault found files that are changed, missing or unreadable."""

    next_step = _l("请用备份修复：postloan vault verify --repair-from 备份目录。")

    def __init__(self, *, count: int, first: str) -> None:
        super().__init__(
            _l("档案库核对发现 {count} 个问题，第一个：{first}"), count=count, first=first
        )


def handlers(system: System) -> dict[str, Handler]:
    """Return the job handlers of the upkeep by job kind."""
    return {
        "sign_checkpoint": lambda context: sign_checkpoint(system, context),
        "rehash_vault": lambda context: rehash_vault(system, context),
        "verify_trail": lambda context: verify_trail(system, context),
        "verify_vault": lambda context: verify_vault(system, context),
        "sweep_vault": lambda context: sweep_vault(system, context),
        "clear_jobs": lambda context: clear_jobs(system, context),
    }


def sign_checkpoint(system: System, context: JobContext) -> None:
    """Sign the head of the trail and send it out.

    Raises:
        CheckpointStuckError: a folder could not be written; the others have it.
        HistoryChangedError: the lines no longer give the root of the last checkpoint.
    """
    done = checkpointing.make_checkpoint(system, JOB)
    if done.failed:
        words = "；".join(f"{folder}（{reason}）" for folder, reason in done.failed)
        raise CheckpointStuckError(folders=words)
    context.progress(1, 1)


def verify_trail(system: System, context: JobContext) -> None:
    """Read the whole trail against every checkpoint.

    Raises:
        TrailChangedError: something was found; the audit line names the first ten.
    """
    report = checkpointing.verify_trail(system, JOB)
    context.progress(report.lines, report.lines)
    if not report.ok:
        raise TrailChangedError(faults=report.fault_count, first=report.faults[0].message)


def verify_vault(system: System, context: JobContext) -> None:
    """Read every stored file now.

    Raises:
        HoldingsChangedError: something is wrong; the page of the system names it.
    """
    found = holdings.verify_holdings(system, JOB, progress=context.progress)
    if not found.ok:
        first = found.findings[0].name if found.findings else found.index.problems[0]
        raise HoldingsChangedError(count=max(1, len(found.findings)), first=first)


def rehash_vault(
    system: System, context: JobContext, *, rest: Callable[[float], None] = time.sleep
) -> None:
    """Read the files whose turn it is; a new finding gets an audit line.

    Raises:
        HoldingsChangedError: a file read in this turn is bad.
    """
    with system.engine.connect().execution_options(read_only=True) as connection:
        wanted = list(holdings.expected_files(connection))
    with system.unit_of_work(JOB) as uow:
        rechecking.enrol(uow.session, wanted, at=uow.clock.now())
        turn = rechecking.next_in_turn(uow.session, at=uow.clock.now())
        known_bad = dict(rechecking.check_state(uow.session).bad)
    states: dict[str, State] = {}
    for done, sha256 in enumerate(turn, start=1):
        started = time.perf_counter()
        states[sha256] = system.vault.verify(sha256).state
        context.progress(done, len(turn))
        spent = time.perf_counter() - started
        rest(min(spent * (1 / SHARE_OF_TIME - 1), LONGEST_REST_S))
    bad = {sha256: state for sha256, state in states.items() if state is not State.GOOD}
    with system.unit_of_work(JOB) as uow:
        rechecking.note(uow.session, states, at=uow.clock.now())
        for sha256, state in bad.items():
            if known_bad.get(sha256) != state:
                uow.record("vault.file_found_bad", f"vault:{sha256}", state=str(state))
    if bad:
        raise HoldingsChangedError(count=len(bad), first=next(iter(bad)))


def sweep_vault(system: System, context: JobContext) -> None:
    """Remove what a broken-off step left behind a week ago: no row names it."""
    removed = system.vault.sweep(
        holdings.Wanted(system.engine), older_than=SystemClock().now() - ORPHAN_AGE
    )
    if removed:
        with system.unit_of_work(JOB) as uow:
            uow.record("vault.swept", f"vault:{len(removed)}", removed=removed)
    context.progress(len(removed), len(removed))


def clear_jobs(system: System, context: JobContext) -> None:
    """Remove finished jobs after thirty days, failed ones after half a year."""
    with system.unit_of_work(JOB) as uow:
        now = uow.clock.now()
        gone = jobs.forget(uow.session, before=now - KEEP_DONE, failed_before=now - KEEP_FAILED)
    context.progress(gone, gone)

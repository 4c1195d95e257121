"""Every night plans and signals; in the first night of a month the classes are proposed."""

from datetime import timedelta
from typing import Final

from postloan_archive.inspection.service import classes, inspections, signals
from postloan_archive.jobs import Handler, JobContext, Periodic
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import _l
from postloan_archive.uow import System

WATCH: Final = "watch_loans"
AT_ONCE: Final = 500  # signals of one transaction
PLANNED_AT_ONCE: Final = 500  # loans of one transaction
PERIODIC: Final = (Periodic(kind=WATCH, every=timedelta(days=1), offset=timedelta(minutes=40)),)


def handlers(system: System) -> dict[str, Handler]:
    """Return the handlers of this capability by kind."""

    def run(context: JobContext) -> None:
        watch(system, context)
        begin_month(system)

    return {WATCH: run}


def watch(system: System, context: JobContext | None = None) -> int:
    """Plan the inspections of every loan and find signals; return how many are new.

    Broken off, it can be run again: plans and signals that are there already stay as they are.
    """
    actor = Actor.program("job")
    after: str | None = ""
    parts = 0
    while after is not None:
        _say(context, parts * PLANNED_AT_ONCE, 0, _l("正在排检查计划"))
        parts += 1
        with system.unit_of_work(actor) as uow:
            after = inspections.replan_batch(uow, after, PLANNED_AT_ONCE)
    with system.look(actor) as uow:  # looking takes long and must keep no writer waiting
        day = uow.clock.today()
        found = signals.look_for_signals(uow, day)
    new = 0
    for start in range(0, len(found), AT_ONCE):
        _say(context, start, len(found), _l("正在登记风险信号"))
        with system.unit_of_work(actor) as uow:
            new += signals.enter_signals(uow, found[start : start + AT_ONCE], day)
    return new


def _say(context: JobContext | None, done: int, total: int, words: str) -> None:
    if context is not None:
        context.progress(done, total, words)


def begin_month(system: System) -> int:
    """Propose the classes of this month where nobody has; return how many loans.

    A month that began while no worker ran is begun with the next night.
    """
    actor = Actor.program("job")
    with system.look(actor) as uow:
        month = classes.month_of(uow.clock.today())
        found = [] if classes.has_proposals(uow, month) else classes.look(uow, month)
    made = 0
    for start in range(0, len(found), AT_ONCE):
        with system.unit_of_work(actor) as uow:
            made += classes.enter(uow, month, found[start : start + AT_ONCE])
    return made

"""Every night the plans are written anew and the rules look for signals."""

from datetime import timedelta
from typing import Final

from postloan_archive.inspection.service import inspections, signals
from postloan_archive.jobs import Handler, JobContext, Periodic
from postloan_archive.kernel.actor import Actor
from postloan_archive.uow import System

WATCH: Final = "watch_loans"
PERIODIC: Final = (Periodic(kind=WATCH, every=timedelta(days=1), offset=timedelta(minutes=40)),)


def handlers(system: System) -> dict[str, Handler]:
    """Return the handlers of this capability by kind."""

    def run(context: JobContext) -> None:
        del context
        watch(system)

    return {WATCH: run}


def watch(system: System) -> int:
    """Plan the inspections of every loan and find signals; return how many are new."""
    actor = Actor.program("job")
    after: str | None = ""
    while after is not None:
        with system.unit_of_work(actor) as uow:
            after = inspections.replan_batch(uow, after)
    with system.unit_of_work(actor) as uow:
        return signals.find_signals(uow, uow.clock.today())

"""Every night promises and plans are judged and new late loans find their collector."""

from datetime import timedelta
from typing import Final

from postloan_archive.collection.service import contacts, duties, plans
from postloan_archive.jobs import Handler, JobContext, Periodic
from postloan_archive.kernel.actor import Actor
from postloan_archive.uow import System

JUDGE: Final = "judge_promises"
AT_ONCE: Final = 500  # loans that are given in one transaction
PERIODIC: Final = (Periodic(kind=JUDGE, every=timedelta(days=1), offset=timedelta(minutes=30)),)


def handlers(system: System) -> dict[str, Handler]:
    """Return the handlers of this capability by kind."""

    def run(context: JobContext) -> None:
        del context
        with system.unit_of_work(Actor.program("job")) as uow:
            contacts.judge_promises(uow, uow.clock.today())
            plans.judge_plans(uow, uow.clock.today())
        given = AT_ONCE
        while given == AT_ONCE:
            with system.unit_of_work(Actor.program("job")) as uow:
                given = duties.give_by_rule(uow, most=AT_ONCE)

    return {JUDGE: run}

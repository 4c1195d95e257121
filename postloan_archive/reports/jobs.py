"""Every night the day is written down; on the first of a month the reports are frozen."""

from datetime import date, timedelta
from typing import Final

from postloan_archive.jobs import Handler, JobContext, Periodic
from postloan_archive.kernel.actor import Actor
from postloan_archive.reports import daily, service
from postloan_archive.reports.catalogue import REPORTS
from postloan_archive.reports.wanted import Wanted
from postloan_archive.uow import System

NOTE_DAY: Final = "note_day"
WHOLE_BANK: Final = frozenset({"uses"})  # not by branch
LATE_DAYS: Final = 5  # after the end of a month its reports are still made up for
PERIODIC: Final = (
    # Before the positions of the new day are computed at 00:10, so that they are yesterday's.
    Periodic(kind=NOTE_DAY, every=timedelta(days=1), offset=timedelta(hours=23, minutes=50)),
)


def handlers(system: System) -> dict[str, Handler]:
    """Return the handlers of this capability by kind."""

    def run(context: JobContext) -> None:
        del context
        close_day(system, system.clock.today())

    return {NOTE_DAY: run}


def close_day(system: System, day: date) -> int:
    """Write the day down; at the end of a month freeze its reports, for all and by branch.

    A month that ended while no worker ran is made up for in its first days: the frozen
    reports say when they were made.

    Returns:
        How many loans were written down.
    """
    actor = Actor.program("job")
    with system.look(actor) as uow:  # reading takes long and must keep no writer waiting
        rows = daily.read_day(uow, day)
    with system.unit_of_work(actor) as uow:
        daily.forget_day(uow, day)
    for part in daily.parts_of(rows):
        with system.unit_of_work(actor) as uow:
            daily.write_part(uow, part)
    with system.unit_of_work(actor) as uow:
        daily.finish_day(uow, day)
        uow.record("reports.day_noted", f"day:{day.isoformat()}", loans=len(rows))
    end = month_to_freeze(day)
    if end is not None:
        with system.look(actor) as uow:
            places = daily.branches_on(uow, day)
        for branch_id in (None, *places):
            wanted = Wanted(since=end.replace(day=1), until=end, branch_id=branch_id)
            for key in REPORTS:
                if branch_id is None or key not in WHOLE_BANK:
                    _freeze(system, key, wanted)
    return len(rows)


def _freeze(system: System, key: str, wanted: Wanted) -> None:
    """Freeze a report that is not frozen yet; making it keeps no writer waiting."""
    actor = Actor.program("job")
    with system.look(actor) as uow:
        if service.is_frozen(uow, key, wanted):
            return
        content = service.content_of(uow, key, wanted)
    with system.unit_of_work(actor) as uow:
        if not service.is_frozen(uow, key, wanted):
            service.keep(uow, key, wanted, content)


def month_to_freeze(day: date) -> date | None:
    """Return the end of the month whose reports are due: on its last day or soon after."""
    if (day + timedelta(days=1)).day == 1:
        return day
    end = daily.month_end_before(day)
    return end if (day - end).days <= LATE_DAYS else None

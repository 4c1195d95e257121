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
    """Write the day down; on the last day of a month freeze the reports of the month.

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
    if (day + timedelta(days=1)).day == 1:
        for key in REPORTS:
            wanted = Wanted(since=day.replace(day=1), until=day)
            with system.look(actor) as uow:
                content = service.content_of(uow, key, wanted)
            with system.unit_of_work(actor) as uow:
                service.keep(uow, key, wanted, content)
    return len(rows)

"""The ends of earlier days, derived from the facts: what reports compare with."""

from datetime import date, timedelta
from typing import Final

from postloan_archive.demo.loan_facts import DEMO_DAY
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans import positions
from postloan_archive.reports import daily
from postloan_archive.uow import System

DAYS: Final = (
    date(DEMO_DAY.year - 1, 12, 31),
    daily.month_end_before(DEMO_DAY),
    DEMO_DAY - timedelta(days=1),
    DEMO_DAY,
)


def note_days(system: System, actor: Actor) -> int:
    """Write down the days that reports compare with; the positions are those of today again.

    The class of each day is that of today: nobody has recorded an earlier one.
    """
    for day in DAYS:
        after: int | None = 0
        while after is not None:
            with system.unit_of_work(actor) as uow:
                after, _count = positions.refresh_batch(uow, after=after, as_of=day)
        with system.unit_of_work(actor) as uow:
            daily.note_day(uow, day)
    return len(DAYS)

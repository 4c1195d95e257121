"""Every source of deadlines, one after the other."""

from collections.abc import Iterator
from datetime import date

from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.worklist.rules.computed import Computed
from postloan_archive.worklist.sources import court, limitation, measures
from postloan_archive.worklist.sources.facts import LoanFile


def deadlines(file: LoanFile, *, today: date, calendar: WorkCalendar) -> Iterator[Computed]:
    """Yield every deadline of a loan file as its facts give it on a day."""
    yield from measures.deadlines(file, calendar=calendar)
    yield from limitation.deadlines(file, today=today, calendar=calendar)
    yield from court.deadlines(file, today=today, calendar=calendar)

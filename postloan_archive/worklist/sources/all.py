"""Every source of deadlines, one after the other."""

from collections.abc import Iterator

from postloan_archive.worklist.rules.computed import Computed
from postloan_archive.worklist.sources import court, disposals, limitation, measures
from postloan_archive.worklist.sources.as_of import AsOf
from postloan_archive.worklist.sources.facts import LoanFile


def deadlines(file: LoanFile, at: AsOf) -> Iterator[Computed]:
    """Yield every deadline of a loan file as its facts give it on a day."""
    yield from measures.deadlines(file, at)
    yield from limitation.deadlines(file, at)
    yield from court.deadlines(file, at)
    yield from disposals.deadlines(file, at)

"""Taking marked loans along: a short list in the address, a long one kept for the person."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import delete

from postloan_archive.loans.models import LoanSelection
from postloan_archive.uow import UnitOfWork

IN_ADDRESS: Final = 100  # numbers that an address carries; servers cut longer ones off
MOST: Final = 10_000  # loans of one run
KEPT: Final = timedelta(days=2)


def carried(uow: UnitOfWork, numbers: Sequence[str]) -> dict[str, str]:
    """Return the arguments of the address that takes the loans along: `loans` or `chosen`."""
    if len(numbers) <= IN_ADDRESS:
        return {"loans": ",".join(numbers)}
    uow.session.execute(
        delete(LoanSelection).where(LoanSelection.made_at < uow.clock.now() - KEPT)
    )
    row = LoanSelection(
        username=uow.actor.name, numbers=list(numbers[:MOST]), made_at=uow.clock.now()
    )
    uow.session.add(row)
    uow.session.flush()  # the address needs the id
    return {"chosen": str(row.id)}


def chosen(uow: UnitOfWork, selection_id: int | None) -> tuple[str, ...]:
    """Return the numbers that this person marked; none of somebody else."""
    row = None if selection_id is None else uow.session.get(LoanSelection, selection_id)
    if row is None or row.username != uow.actor.name:
        return ()
    return tuple(str(number) for number in row.numbers)

"""The open day of each loan that comes first, lent to the list of loan files."""

from collections.abc import Sequence

from sqlalchemy import select

from postloan_archive.loans.file_parts import NearestDay
from postloan_archive.uow import UnitOfWork
from postloan_archive.worklist.models import Deadline
from postloan_archive.worklist.rules.computed import State
from postloan_archive.worklist.rules.kinds import LABELS, LONG, NOT_REPAIRABLE, Kind


def nearest_days(uow: UnitOfWork, loan_ids: Sequence[int]) -> dict[int, NearestDay]:
    """Return the first open day by loan id, for loans that the caller was allowed to see."""
    rows = uow.session.execute(
        select(
            Deadline.loan_id,
            Deadline.kind,
            Deadline.safe,
            Deadline.legal,
            Deadline.provisional,
        )
        .where(Deadline.loan_id.in_(loan_ids), Deadline.state == State.OPEN)
        .order_by(Deadline.loan_id, Deadline.safe, Deadline.id)
    )
    found: dict[int, NearestDay] = {}
    for row in rows:
        kind = Kind(row.kind)
        found.setdefault(
            row.loan_id,
            NearestDay(
                label=LABELS[kind],
                safe=row.safe,
                legal=row.legal,
                provisional=row.provisional,
                long_period=kind in LONG,
                cannot_be_repaired=kind in NOT_REPAIRABLE,
            ),
        )
    return found

"""What the docket tells the ledger: a filing in court interrupts the limitation (R-D04).

A row is written only where a paper proves the filing; it is struck with its event.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from postloan_archive.loans import positions, queries
from postloan_archive.loans.models import LimitationEvent, Loan
from postloan_archive.loans.rules.proof import Level
from postloan_archive.uow import UnitOfWork

CHANNEL: Final = "court"


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtAct:
    """A filing with the paper that proves it.

    Attributes:
        kind: a value of `Interruption`: suit, enforcement, payment_order, preservation.
        words: the kind in Chinese, for the note.
        guarantors: customers who are sued with the debtor; their guarantees are claimed.
    """

    kind: str
    on: date
    document_id: int
    words: str
    guarantors: frozenset[int] = frozenset()


def keep_court_acts(
    uow: UnitOfWork, loan_id: int, ref: str, acts: Sequence[CourtAct], *, reason: str
) -> None:
    """Make the rows of one case what its docket proves; nothing happens where they are.

    A filing is written for the debt and for each guarantee of a sued guarantor.

    Args:
        uow: the unit of work.
        loan_id: the loan.
        ref: the number of the case, at the head of the note of its rows.
        acts: what is proven now.
        reason: why rows that are no longer proven are struck.

    Raises:
        LoanNotFoundError: no such loan for this actor.
    """
    rows = [row for row in _rows(uow, loan_id) if row.note.startswith(f"{ref} ")]
    wanted = {(act.kind, act.on, act.document_id): act for act in acts}
    known = {_key(row): row for row in rows}
    gone = [row for row in rows if _key(row) not in wanted]
    new = [act for key, act in wanted.items() if key not in known]
    if not gone and not new:
        return
    for row in gone:
        row.struck_reason = reason
        uow.record(
            "loans.limitation_event_struck",
            f"limitation_event:{row.id}",
            kind=row.kind,
            happened_on=row.happened_on.isoformat(),
            reason=reason,
        )
    ended = {row.kind: row.ended_on for row in gone}
    for act in new:
        _note(uow, queries.get_loan_by_id(uow, loan_id), ref, act, ended.get(act.kind))
    uow.session.flush()  # the clocks read the rows
    positions.refresh(uow, loan_id)


def _note(uow: UnitOfWork, loan: Loan, ref: str, act: CourtAct, ended_on: date | None) -> None:
    sued = [row.id for row in loan.guarantees if row.guarantor_id in act.guarantors]
    for guarantee_id in (None, *sued):
        row = LimitationEvent(
            loan_id=loan.id,
            guarantee_id=guarantee_id,
            kind=act.kind,
            happened_on=act.on,
            ended_on=ended_on,
            level=Level.A.value,
            channel=CHANNEL,
            document_id=act.document_id,
            note=f"{ref} {act.words}",
            confirmed_by=uow.actor.name,
            confirmed_at=uow.clock.now(),
            created_at=uow.clock.now(),
        )
        uow.session.add(row)
        uow.session.flush()  # the audit line needs the id
        uow.record(
            "loans.limitation_event_noted",
            f"limitation_event:{row.id}",
            loan_no=loan.loan_no,
            kind=act.kind,
            happened_on=act.on.isoformat(),
            level=row.level,
            document_id=act.document_id,
            confirmed=True,
            guarantee=guarantee_id,
        )


def _key(row: LimitationEvent) -> tuple[str, date, int | None]:
    return row.kind, row.happened_on, row.document_id


def end_court_acts(uow: UnitOfWork, loan_id: int, on: date) -> None:
    """Note that the procedure is over: the period runs again from then."""
    for row in _rows(uow, loan_id):
        if row.ended_on is not None:
            continue
        row.ended_on = on
        uow.record(
            "loans.limitation_event_ended",
            f"limitation_event:{row.id}",
            kind=row.kind,
            ended_on=on.isoformat(),
        )
    uow.session.flush()  # the clocks read the rows
    positions.refresh(uow, loan_id)


def _rows(uow: UnitOfWork, loan_id: int) -> list[LimitationEvent]:
    return list(
        uow.session.scalars(
            select(LimitationEvent)
            .where(
                LimitationEvent.loan_id == loan_id,
                LimitationEvent.channel == CHANNEL,
                LimitationEvent.struck_reason == "",
            )
            .order_by(LimitationEvent.id)
        )
    )

"""What the docket tells the ledger: a filing in court interrupts the limitation (R-D04).

A row is written only where a paper proves the filing; it is struck with its event.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from postloan_archive.loans import positions, queries
from postloan_archive.loans.models import LimitationEvent
from postloan_archive.loans.rules.proof import Level
from postloan_archive.uow import UnitOfWork

CHANNEL: Final = "court"


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtAct:
    """A filing with the paper that proves it.

    Attributes:
        kind: a value of `Interruption`: suit, enforcement, payment_order, preservation.
        guarantors: customers who are sued with the debtor; their guarantees are claimed.
    """

    loan_id: int
    kind: str
    on: date
    document_id: int
    note: str
    guarantors: frozenset[int] = frozenset()


def note_court_act(uow: UnitOfWork, act: CourtAct) -> None:
    """Write the interruption, for the debt and for each guarantee of a sued guarantor.

    Raises:
        LoanNotFoundError: no such loan for this actor.
    """
    loan = queries.get_loan_by_id(uow, act.loan_id)
    sued = [row.id for row in loan.guarantees if row.guarantor_id in act.guarantors]
    for guarantee_id in (None, *sued):
        row = LimitationEvent(
            loan_id=loan.id,
            guarantee_id=guarantee_id,
            kind=act.kind,
            happened_on=act.on,
            level=Level.A.value,
            channel=CHANNEL,
            document_id=act.document_id,
            note=act.note,
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
    positions.refresh(uow, loan.id)


def strike_court_act(
    uow: UnitOfWork, loan_id: int, *, kind: str, on: date, reason: str
) -> None:
    """Strike the rows of a filing whose event is struck; they stay with the reason."""
    for row in _rows(uow, loan_id):
        if row.kind != kind or row.happened_on != on:
            continue
        row.struck_reason = reason
        uow.record(
            "loans.limitation_event_struck",
            f"limitation_event:{row.id}",
            kind=kind,
            happened_on=on.isoformat(),
            reason=reason,
        )
    uow.session.flush()  # the clocks read the rows
    positions.refresh(uow, loan_id)


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

"""Which events of a docket interrupt the limitation, and how the ledger learns of them."""

from datetime import date
from typing import Final

from postloan_archive.cases.models import Case, CaseEvent
from postloan_archive.cases.rules.events import Event
from postloan_archive.loans.court_acts import (
    CourtAct,
    end_court_acts,
    note_court_act,
    strike_court_act,
)
from postloan_archive.loans.rules.limitation_state import KIND_LABELS, Interruption
from postloan_archive.uow import UnitOfWork

KINDS: Final = {
    Event.COMPLAINT_RECEIVED: Interruption.SUIT,
    Event.PAYMENT_ORDER_APPLIED: Interruption.PAYMENT_ORDER,
    Event.ENFORCEMENT_APPLIED: Interruption.ENFORCEMENT,
}
PRESERVATION: Final = "preservation"
DEFENDANT: Final = "defendant"


def kind_of(case: Case, event: CaseEvent) -> Interruption | None:
    """Return what an event is for the limitation, None where it is nothing."""
    if event.kind not in set(Event):
        return None
    found = KINDS.get(Event(event.kind))
    procedure = next((row for row in case.procedures if row.id == event.procedure_id), None)
    before_suit = procedure is not None and procedure.kind == PRESERVATION
    return Interruption.PRESERVATION if found and before_suit else found


def note(uow: UnitOfWork, case: Case, event: CaseEvent) -> None:
    """Tell the ledger of a filing that a paper proves."""
    kind = kind_of(case, event)
    if kind is None or event.document_id is None:
        return
    sued = frozenset(
        row.customer_id for row in case.parties if row.role == DEFENDANT and row.customer_id
    )
    note_court_act(
        uow,
        CourtAct(
            loan_id=case.loan_id,
            kind=kind.value,
            on=event.happened_on,
            document_id=event.document_id,
            note=f"{case.case_no} {KIND_LABELS[kind]}",
            guarantors=sued if kind is Interruption.SUIT else frozenset(),
        ),
    )


def strike(uow: UnitOfWork, case: Case, event: CaseEvent, reason: str) -> None:
    """Take a filing back with its event."""
    kind = kind_of(case, event)
    if kind is not None and event.document_id is not None:
        strike_court_act(
            uow, case.loan_id, kind=kind.value, on=event.happened_on, reason=reason
        )


def end(uow: UnitOfWork, case: Case, on: date) -> None:
    """Tell the ledger that the case is over."""
    end_court_acts(uow, case.loan_id, on)

"""Which events of a docket interrupt the limitation, and how the ledger learns of them.

The ledger is the one place that counts: list, header and limitation page read it alike. A
filing counts where a paper proves it, its own or that of the court that took it up (R-007).
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from sqlalchemy import func, select

from postloan_archive.cases.case_loans import about
from postloan_archive.cases.models import Case, CaseEvent
from postloan_archive.cases.periods import home_of
from postloan_archive.cases.rules.events import Event
from postloan_archive.loans.court_acts import CourtAct, end_court_acts, keep_court_acts
from postloan_archive.loans.rules.limitation_state import KIND_LABELS, Interruption
from postloan_archive.loans.standing import report_judgment
from postloan_archive.uow import UnitOfWork

KINDS: Final = {
    Event.COMPLAINT_RECEIVED: Interruption.SUIT,
    Event.PAYMENT_ORDER_APPLIED: Interruption.PAYMENT_ORDER,
    Event.ENFORCEMENT_APPLIED: Interruption.ENFORCEMENT,
}
TAKEN_UP: Final = {  # the court's own step shows that it received the filing
    Event.COMPLAINT_RECEIVED: Event.DOCKETED,
    Event.PAYMENT_ORDER_APPLIED: Event.PAYMENT_ORDER_ACCEPTED,
    Event.ENFORCEMENT_APPLIED: Event.ENFORCEMENT_DOCKETED,
}
PRESERVATION: Final = "preservation"
DEFENDANT: Final = "defendant"
STRUCK: Final = "案件事项已更正或删划。"


def unproven(case: Case, event: CaseEvent) -> bool:
    """Return whether an event interrupts the limitation and no paper shows it."""
    return (
        event.kind in set(KINDS)
        and not event.struck_reason
        and _paper(case, event, _standing(case)) is None
    )


def acts_of(case: Case) -> Iterator[CourtAct]:
    """Yield what the docket proves to have been filed in court, oldest first."""
    standing = _standing(case)
    filed = set()
    for event in standing:
        if event.kind in set(KINDS):
            filed.add((Event(event.kind), _home(case, event)))
            paper = _paper(case, event, standing)
            if paper is not None:
                yield _act(case, event, Event(event.kind), paper)
    for event in standing:  # taken over: only the court's step is on record, by its own day
        for filing, taken_up in TAKEN_UP.items():
            known = (filing, _home(case, event)) in filed
            if event.kind == taken_up and event.document_id is not None and not known:
                yield _act(case, event, filing, event.document_id)


def sync(uow: UnitOfWork, case: Case, *, reason: str = "") -> None:
    """Tell the ledger of what the docket proves now; running it again changes nothing."""
    acts = list(acts_of(case))
    for loan_id in case.loan_ids:  # the complaint demands each of them
        keep_court_acts(uow, loan_id, case.case_no, acts, reason=reason or STRUCK)
        report_judgment(
            uow,
            loan_id,
            uow.session.scalar(
                select(func.min(CaseEvent.happened_on))
                .join(Case, Case.id == CaseEvent.case_id)
                .where(
                    about(loan_id),
                    CaseEvent.kind == str(Event.EFFECTIVE),
                    CaseEvent.struck_reason == "",
                )
            ),
        )


def end(uow: UnitOfWork, case: Case, on: date) -> None:
    """Tell the ledger that the case is over."""
    for loan_id in case.loan_ids:
        end_court_acts(uow, loan_id, on)


def _standing(case: Case) -> list[CaseEvent]:
    kinds = set(Event)
    return [row for row in case.events if not row.struck_reason and row.kind in kinds]


def _home(case: Case, event: CaseEvent) -> int | None:
    return home_of(case, Event(event.kind), event.procedure_id)


def _paper(case: Case, event: CaseEvent, standing: list[CaseEvent]) -> int | None:
    if event.document_id is not None:
        return event.document_id
    taken_up = TAKEN_UP[Event(event.kind)]
    return next(
        (
            row.document_id
            for row in standing
            if row.kind == taken_up
            and row.document_id is not None
            and _home(case, row) == _home(case, event)
        ),
        None,
    )


def _act(case: Case, event: CaseEvent, filing: Event, document_id: int) -> CourtAct:
    procedure = next((row for row in case.procedures if row.id == event.procedure_id), None)
    before_suit = procedure is not None and procedure.kind == PRESERVATION
    kind = Interruption.PRESERVATION if before_suit else KINDS[filing]
    sued = frozenset(
        row.customer_id for row in case.parties if row.role == DEFENDANT and row.customer_id
    )
    return CourtAct(
        kind=kind.value,
        on=event.happened_on,
        document_id=document_id,
        words=KIND_LABELS[kind],
        guarantors=sued if kind is Interruption.SUIT else frozenset(),
    )

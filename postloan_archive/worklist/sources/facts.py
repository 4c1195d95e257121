"""The facts behind the deadlines of a batch of loans, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from postloan_archive.cases.models import Case, CaseEvent
from postloan_archive.cases.rules.events import Event
from postloan_archive.loans.models import Guarantee, LimitationEvent, Loan
from postloan_archive.preservation.models import Measure
from postloan_archive.uow import UnitOfWork
from postloan_archive.worklist.rules.endings import Happened

_EVENTS = frozenset(Event)


@dataclass(slots=True)
class LoanFile:
    """What one loan file says: the loan, its measures, its cases, its limitation events."""

    loan: Loan
    events: list[LimitationEvent] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)

    def case_of(self, case_id: int | None) -> Case | None:
        """Return the case of the file with this id."""
        return next((case for case in self.cases if case.id == case_id), None)

    @property
    def owner(self) -> str:
        """Return who looks after the file: of the newest open case, else the manager."""
        of_cases = [case.owner for case in self.cases if case.closed_on is None and case.owner]
        return of_cases[-1] if of_cases else self.loan.manager


def load_files(uow: UnitOfWork, loan_ids: Sequence[int]) -> list[LoanFile]:
    """Return the files of these loans, by id; the count of queries does not grow with them."""
    ids = sorted(set(loan_ids))
    loans = uow.session.scalars(
        select(Loan)
        .where(Loan.id.in_(ids))
        .options(
            selectinload(Loan.schedule),
            selectinload(Loan.payments),
            selectinload(Loan.rate_changes),
            selectinload(Loan.guarantees).selectinload(Guarantee.guarantor),
        )
        .order_by(Loan.id)
    )
    files = {loan.id: LoanFile(loan=loan) for loan in loans}
    for event in uow.session.scalars(
        select(LimitationEvent)
        .where(LimitationEvent.loan_id.in_(ids), LimitationEvent.struck_reason == "")
        .order_by(LimitationEvent.happened_on, LimitationEvent.id)
    ):
        files[event.loan_id].events.append(event)
    for measure in uow.session.scalars(
        select(Measure).where(Measure.loan_id.in_(ids)).order_by(Measure.id)
    ):
        files[measure.loan_id].measures.append(measure)
    for case in uow.session.scalars(
        select(Case)
        .where(Case.loan_id.in_(ids))
        .options(
            selectinload(Case.events),
            selectinload(Case.procedures),
            selectinload(Case.parties),
            selectinload(Case.decisions),
        )
        .order_by(Case.id)
    ):
        files[case.loan_id].cases.append(case)
    return list(files.values())


def standing_events(case: Case) -> list[CaseEvent]:
    """Return the events of a case that the law knows and nobody struck, oldest first."""
    return [row for row in case.events if not row.struck_reason and row.kind in _EVENTS]


def happened(case: Case) -> list[Happened]:
    """Return the same as the rules take them."""
    return [
        Happened(event=Event(row.kind), on=row.happened_on, document_id=row.document_id)
        for row in standing_events(case)
    ]


def first_ids(case: Case) -> dict[int, int]:
    """Return for each event the id of the first of its corrections.

    A corrected event is struck and points to the one that replaces it: what follows from it
    moves and keeps its owner, its notes and its place.
    """
    earlier: dict[int, int] = {
        row.replaced_by: row.id for row in case.events if row.replaced_by is not None
    }
    found: dict[int, int] = {}
    for row in case.events:
        first, seen = row.id, {row.id}
        while (before := earlier.get(first)) is not None and before not in seen:
            first = before
            seen.add(before)
        found[row.id] = first
    return found

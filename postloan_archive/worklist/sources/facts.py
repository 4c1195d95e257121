"""The facts behind the deadlines of a batch of loans, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from postloan_archive.cases import case_loans
from postloan_archive.cases.models import Case, CaseEvent
from postloan_archive.cases.periods import by_other
from postloan_archive.cases.rules.events import Event
from postloan_archive.disposal import queries as disposal
from postloan_archive.disposal.models import BankruptcyClaim, Disposal, ForeclosedAsset
from postloan_archive.loans.ledger_rows import LedgerFacts, load_facts
from postloan_archive.loans.models import Customer, Guarantee, LimitationEvent, Loan
from postloan_archive.loans.rules.settled import open_days
from postloan_archive.preservation.models import Measure
from postloan_archive.uow import UnitOfWork
from postloan_archive.worklist.rules.endings import Happened

_EVENTS = frozenset(Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One guarantee with who gave it."""

    id: int
    guarantor_id: int
    guarantor: str
    kind: str
    period_clause: str
    period_end: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenEvent:
    """A confirmed event of a clock with the paper that proves it."""

    id: int
    guarantee_id: int | None
    kind: str
    on: date
    level: str
    ended_on: date | None
    document_id: int | None


@dataclass(slots=True, kw_only=True)
class LoanFile:
    """What one loan file says: the ledger, its guarantees, its events, measures and cases.

    A case about several loans is in the file of each; its days are kept with the leading one.
    """

    loan_id: int
    loan_no: str
    branch_id: int
    manager: str
    ledger: LedgerFacts
    promises: list[Promise] = field(default_factory=list)
    events: list[ProvenEvent] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    claims: list[tuple[BankruptcyClaim, Disposal]] = field(default_factory=list)
    assets: list[ForeclosedAsset] = field(default_factory=list)

    def case_of(self, case_id: int | None) -> Case | None:
        """Return the case of the file with this id."""
        return next((case for case in self.cases if case.id == case_id), None)

    @property
    def settled(self) -> bool:
        """Return whether nothing of the claim is left to us: settled, or sold."""
        return self.ledger.over

    @property
    def owner(self) -> str:
        """Return who looks after the file: of the newest open case, else the manager."""
        of_cases = [case.owner for case in self.cases if case.closed_on is None and case.owner]
        return of_cases[-1] if of_cases else self.manager

    def unpaid(self, day: date) -> list[date]:
        """Return the due dates not fully paid on a day; none of a settled loan."""
        if self.settled:
            return []
        facts = self.ledger.facts
        return open_days(facts.schedule, [row for row in facts.payments if row.paid_on <= day])


def load_files(uow: UnitOfWork, loan_ids: Sequence[int]) -> list[LoanFile]:
    """Return the files of these loans, by id; the count of queries does not grow with them."""
    ids = sorted(set(loan_ids))
    heads = {
        row.id: row
        for row in uow.session.execute(
            select(Loan.id, Loan.loan_no, Loan.branch_id, Loan.manager)
            .where(Loan.id.in_(ids))
            .order_by(Loan.id)
        )
    }
    files = {
        ledger.loan_id: LoanFile(
            loan_id=ledger.loan_id,
            loan_no=heads[ledger.loan_id].loan_no,
            branch_id=heads[ledger.loan_id].branch_id,
            manager=heads[ledger.loan_id].manager,
            ledger=ledger,
        )
        for ledger in load_facts(uow.session, ids)
    }
    _add_promises(uow, files)
    _add_events(uow, files)
    for measure in uow.session.scalars(
        select(Measure).where(Measure.loan_id.in_(ids)).order_by(Measure.id)
    ):
        files[measure.loan_id].measures.append(measure)
    links = case_loans.links()
    for case in uow.session.scalars(
        select(Case)
        .where(Case.id.in_(select(links.c.case_id).where(links.c.loan_id.in_(ids))))
        .options(
            selectinload(Case.further),
            selectinload(Case.events),
            selectinload(Case.procedures),
            selectinload(Case.parties),
            selectinload(Case.decisions),
        )
        .order_by(Case.id)
    ):
        for loan_id in case.loan_ids:
            if loan_id in files:
                files[loan_id].cases.append(case)
    for claim, proposal in disposal.claims_of_loans(uow, ids):
        files[claim.loan_id].claims.append((claim, proposal))
    for asset in disposal.assets_of_loans(uow, ids):
        files[asset.loan_id].assets.append(asset)
    return list(files.values())


def _add_promises(uow: UnitOfWork, files: dict[int, LoanFile]) -> None:
    for row in uow.session.execute(
        select(
            Guarantee.loan_id,
            Guarantee.id,
            Guarantee.guarantor_id,
            Customer.name,
            Guarantee.kind,
            Guarantee.period_clause,
            Guarantee.period_end,
        )
        .join(Customer, Customer.id == Guarantee.guarantor_id)
        .where(Guarantee.loan_id.in_(files))
        .order_by(Guarantee.id)
    ):
        files[row.loan_id].promises.append(
            Promise(
                id=row.id,
                guarantor_id=row.guarantor_id,
                guarantor=row.name,
                kind=row.kind,
                period_clause=row.period_clause,
                period_end=row.period_end,
            )
        )


def _add_events(uow: UnitOfWork, files: dict[int, LoanFile]) -> None:
    for row in uow.session.execute(
        select(
            LimitationEvent.loan_id,
            LimitationEvent.id,
            LimitationEvent.guarantee_id,
            LimitationEvent.kind,
            LimitationEvent.happened_on,
            LimitationEvent.level,
            LimitationEvent.ended_on,
            LimitationEvent.document_id,
        )
        .where(
            LimitationEvent.loan_id.in_(files),
            LimitationEvent.confirmed_at.is_not(None),
            LimitationEvent.struck_reason == "",
        )
        .order_by(LimitationEvent.happened_on, LimitationEvent.id)
    ):
        files[row.loan_id].events.append(
            ProvenEvent(
                id=row.id,
                guarantee_id=row.guarantee_id,
                kind=row.kind,
                on=row.happened_on,
                level=row.level,
                ended_on=row.ended_on,
                document_id=row.document_id,
            )
        )


def standing_events(case: Case) -> list[CaseEvent]:
    """Return the events of a case that the law knows and nobody struck, oldest first."""
    return [row for row in case.events if not row.struck_reason and row.kind in _EVENTS]


def happened(case: Case) -> list[Happened]:
    """Return the same as the rules take them."""
    return [
        Happened(
            event=Event(row.kind),
            on=row.happened_on,
            document_id=row.document_id,
            by_other=by_other(case, row),
        )
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

"""SELECTs over cases; only those of loans that the actor may see."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from postloan_archive.cases.errors import CaseNotFoundError
from postloan_archive.cases.models import Case, CaseEvent, Party, Procedure
from postloan_archive.cases.rules.deadlines import next_deadlines
from postloan_archive.cases.rules.events import LABELS, Bound, Event
from postloan_archive.cases.rules.steps import STEP_LABELS, Step
from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.law import Due
from postloan_archive.loans import lenders
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Customer, Loan
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A day that follows from an event of the case, or a hearing; `due` None for a hearing."""

    label: str
    on: date
    due: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What another list shows of a case; `court_case_no` is the newest number of a court."""

    case_no: str
    court_case_no: str
    owner: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One line of the list of cases; `next_deadline` is the first day not yet past."""

    case_no: str
    loan_no: str
    customer: str
    cause: str
    court: str
    court_case_no: str
    stage: str
    stage_label: str
    claim_amount: Decimal | None
    owner: str
    opened_on: date
    next_deadline: date | None
    next_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """A party as papers name it; `customer` None is the lender."""

    role: str
    capacity: str
    name: str
    customer: Customer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One line of the docket with the days that follow from it."""

    id: int
    kind: str
    label: str
    happened_on: date
    court_case_no: str
    note: str
    amount: Decimal | None
    document_id: int | None
    struck_reason: str
    follows: tuple[Deadline, ...]


def get_case(uow: UnitOfWork, case_no: str) -> Case:
    """Return the case with this number of ours.

    Raises:
        CaseNotFoundError: no such case, or none that the actor may see.
    """
    case = uow.session.scalar(select(Case).where(Case.case_no == case_no.strip()))
    if case is None or not uow.actor.sees_branch(case.branch_id):
        raise CaseNotFoundError(case_no=case_no)
    return case


def short_facts(uow: UnitOfWork, case_ids: set[int]) -> dict[int, CaseFacts]:
    """Return number and owner by id of cases that the caller was allowed to see."""
    rows = uow.session.execute(
        select(Case.id, Case.case_no, Case.owner, Case.cause, Procedure.court_case_no)
        .outerjoin(
            Procedure,
            (Procedure.case_id == Case.id) & Procedure.court_case_no.is_not(None),
        )
        .where(Case.id.in_(sorted(case_ids)))
        .order_by(Case.id, Procedure.id)
    )
    return {
        row.id: CaseFacts(
            case_no=row.case_no,
            court_case_no=row.court_case_no or "",
            owner=row.owner,
            cause=row.cause,
        )
        for row in rows
    }


def case_rows(uow: UnitOfWork, *, stage: str = "", loan_id: int | None = None) -> list[CaseRow]:
    """Return the cases that the actor may see, newest first."""
    query = (
        select(Case, Loan.loan_no, Customer.name)
        .join(Loan, Loan.id == Case.loan_id)
        .join(Customer, Customer.id == Loan.customer_id)
        .where(Case.loan_id.in_(loans.visible_ids(uow)))
        .order_by(Case.case_no.desc())
    )
    if stage:
        query = query.where(Case.stage == stage)
    if loan_id is not None:
        query = query.where(Case.loan_id == loan_id)
    calendar, today = load_calendar(uow.session), uow.clock.today()
    return [
        _row(case, loan_no, customer, calendar, today)
        for case, loan_no, customer in uow.session.execute(query)
    ]


def case_row(uow: UnitOfWork, case: Case) -> CaseRow:
    """Return the line of one case."""
    loan = loans.get_loan_by_id(uow, case.loan_id)
    calendar = load_calendar(uow.session)
    return _row(case, loan.loan_no, loan.customer.name, calendar, uow.clock.today())


def parties_of(uow: UnitOfWork, case: Case) -> list[PartyRow]:
    """Return the parties in the order of the papers."""
    return [_party(uow, case, row) for row in case.parties]


def docket(uow: UnitOfWork, case: Case) -> list[EventRow]:
    """Return what happened, oldest first, with the days that follow from each event."""
    calendar = load_calendar(uow.session)
    numbers = {row.id: row.court_case_no or "" for row in case.procedures}
    return [
        EventRow(
            id=event.id,
            kind=event.kind,
            label=event_label(event.kind),
            happened_on=event.happened_on,
            court_case_no=numbers.get(event.procedure_id or 0, ""),
            note=event.note,
            amount=event.amount,
            document_id=event.document_id,
            struck_reason=event.struck_reason,
            follows=tuple(deadlines_of(event, calendar)),
        )
        for event in case.events
    ]


def event_label(kind: str) -> str:
    """Return the words of an event."""
    return LABELS[Event(kind)] if kind in set(Event) else "记事"


def deadlines_of(event: CaseEvent, calendar: WorkCalendar) -> Iterator[Deadline]:
    """Yield the days on which we must act after an event; a struck event has none."""
    if event.struck_reason or event.kind not in set(Event):
        return
    kind = Event(event.kind)
    if kind is Event.HEARING:
        yield Deadline(label=LABELS[kind], on=event.happened_on, due=None)
    for proposal in next_deadlines(kind, event.happened_on, calendar=calendar):
        ours = proposal.period.bound in {Bound.OWN, Bound.BOTH}
        if proposal.due is not None and ours:
            yield Deadline(label=proposal.period.act, on=proposal.due.legal, due=proposal.due)


def upcoming(case: Case, calendar: WorkCalendar, today: date) -> list[Deadline]:
    """Return the days of the case from today on, the nearest first."""
    if case.closed_on is not None:
        return []
    found = (one for event in case.events for one in deadlines_of(event, calendar))
    return sorted((one for one in found if one.on >= today), key=lambda one: one.on)


def upcoming_of_loan(uow: UnitOfWork, loan_id: int) -> list[tuple[Case, list[Deadline]]]:
    """Return the open cases of a loan that the actor may see, each with its coming days."""
    query = (
        select(Case)
        .where(
            Case.loan_id == loan_id,
            Case.loan_id.in_(loans.visible_ids(uow)),
            Case.closed_on.is_(None),
        )
        .order_by(Case.id)
    )
    calendar, today = load_calendar(uow.session), uow.clock.today()
    return [(case, upcoming(case, calendar, today)) for case in uow.session.scalars(query)]


def _row(
    case: Case, loan_no: str, customer: str, calendar: WorkCalendar, today: date
) -> CaseRow:
    days = upcoming(case, calendar, today)
    numbers = [row.court_case_no for row in case.procedures if row.court_case_no]
    return CaseRow(
        case_no=case.case_no,
        loan_no=loan_no,
        customer=customer,
        cause=case.cause,
        court=case.court,
        court_case_no=numbers[-1] if numbers else "",
        stage=case.stage,
        stage_label=STEP_LABELS[Step(case.stage)],
        claim_amount=case.claim_amount,
        owner=case.owner,
        opened_on=case.opened_on,
        next_deadline=days[0].on if days else None,
        next_label=days[0].label if days else "",
    )


def _party(uow: UnitOfWork, case: Case, row: Party) -> PartyRow:
    if row.customer_id is None:
        name = lenders.lender_of(uow, case.branch_id).name
        return PartyRow(role=row.role, capacity=row.capacity, name=name, customer=None)
    customer = uow.session.get_one(Customer, row.customer_id)
    return PartyRow(role=row.role, capacity=row.capacity, name=customer.name, customer=customer)

"""SELECTs over cases; only those of loans that the actor may see."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from postloan_archive.cases import periods
from postloan_archive.cases.case_loans import about
from postloan_archive.cases.errors import (
    CaseNotFoundError,
    EventNotFoundError,
    PartyNotFoundError,
    ProcedureNotFoundError,
)
from postloan_archive.cases.models import Case, CaseEvent, Party, Procedure
from postloan_archive.cases.rules.events import LABELS, Event
from postloan_archive.cases.rules.steps import STEP_LABELS, Step
from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.law import Due
from postloan_archive.kernel.policy import STANDARD_POLICY, LawPolicy
from postloan_archive.loans import lenders
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Customer
from postloan_archive.policy.queries import load_policy
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
    """One line of the list of cases; `next_deadline` is the first day not yet past.

    `loans` is how many loans are sued for, the leading one `loan_no` among them.
    """

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
    loans: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """A party as papers name it; `customer` None is the lender."""

    role: str
    capacity: str
    name: str
    customer: Customer | None
    id: int = 0
    abroad: bool = False


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


def get_party(case: Case, party_id: int) -> Party:
    """Return a party of the case.

    Raises:
        PartyNotFoundError: it is not of this case.
    """
    found = next((row for row in case.parties if row.id == party_id), None)
    if found is None:
        raise PartyNotFoundError(party_id=party_id)
    return found


def get_event(case: Case, event_id: int) -> CaseEvent:
    """Return a standing event of the case.

    Raises:
        EventNotFoundError: it is not of this case, or struck.
    """
    found = next((row for row in case.events if row.id == event_id), None)
    if found is None or found.struck_reason:
        raise EventNotFoundError(event_id=event_id)
    return found


def get_procedure(case: Case, procedure_id: int) -> Procedure:
    """Return a procedure of the case.

    Raises:
        ProcedureNotFoundError: it is not of this case.
    """
    found = next((row for row in case.procedures if row.id == procedure_id), None)
    if found is None:
        raise ProcedureNotFoundError(procedure_id=procedure_id)
    return found


def follows_of(uow: UnitOfWork, case: Case, event: CaseEvent) -> list[periods.Following]:
    """Return what follows from one event with the working days and settings in use."""
    return list(
        periods.follows(
            case, event, calendar=load_calendar(uow.session), policy=load_policy(uow)
        )
    )


def deadlines(uow: UnitOfWork, case: Case) -> list[periods.Following]:
    """Return every period of a case with its decision; what was refused is marked."""
    return periods.all_follows(
        case, calendar=load_calendar(uow.session), policy=load_policy(uow)
    )


def case_row(uow: UnitOfWork, case: Case) -> CaseRow:
    """Return the line of one case."""
    loan = loans.get_loan_by_id(uow, case.loan_id)
    return _row(
        case,
        loan.loan_no,
        loan.customer.name,
        calendar=load_calendar(uow.session),
        policy=load_policy(uow),
        today=uow.clock.today(),
    )


def parties_of(uow: UnitOfWork, case: Case) -> list[PartyRow]:
    """Return the parties in the order of the papers."""
    return [_party(uow, case, row) for row in case.parties]


def docket(uow: UnitOfWork, case: Case) -> list[EventRow]:
    """Return what happened, oldest first, with the days that follow from each event."""
    calendar, policy = load_calendar(uow.session), load_policy(uow)
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
            follows=tuple(deadlines_of(case, event, calendar, policy)),
        )
        for event in case.events
    ]


def event_label(kind: str) -> str:
    """Return the words of an event."""
    return LABELS[Event(kind)] if kind in set(Event) else "记事"


def deadlines_of(
    case: Case,
    event: CaseEvent,
    calendar: WorkCalendar,
    policy: LawPolicy = STANDARD_POLICY,
) -> Iterator[Deadline]:
    """Yield the days on which we must act after an event; a struck event has none."""
    if event.struck_reason or event.kind not in set(Event):
        return
    if event.kind == Event.HEARING:
        yield Deadline(label=LABELS[Event.HEARING], on=event.happened_on, due=None)
    for one in periods.follows(case, event, calendar=calendar, policy=policy):
        if one.day is not None and one.ours and not one.refused:
            yield Deadline(label=one.period.act, on=one.day, due=_by_paper(one))


def _by_paper(one: periods.Following) -> Due | None:
    """Return the day with its derivation; a paper of the court takes the place of ours."""
    if one.stated is None or one.due is None:
        return one.due
    return replace(
        one.due,
        nominal=one.stated,
        legal=one.stated,
        safe=min(one.stated, one.due.safe) if one.differs else one.due.safe,
        steps=(
            f"法院文书载明 {one.stated.isoformat()}，以文书为准。",
            *one.due.steps,
        ),
    )


def upcoming(
    case: Case, calendar: WorkCalendar, today: date, policy: LawPolicy = STANDARD_POLICY
) -> list[Deadline]:
    """Return the days of the case from today on, the nearest first."""
    if case.closed_on is not None:
        return []
    found = (
        one
        for event in case.events
        if periods.met_by(case, event) is None  # what is done is no day to come
        for one in deadlines_of(case, event, calendar, policy)
    )
    return sorted((one for one in found if one.on >= today), key=lambda one: one.on)


def upcoming_of_loan(uow: UnitOfWork, loan_id: int) -> list[tuple[Case, list[Deadline]]]:
    """Return the open cases of a loan that the actor may see, each with its coming days."""
    query = (
        select(Case)
        .where(
            about(loan_id),
            Case.loan_id.in_(loans.visible_ids(uow)),
            Case.closed_on.is_(None),
        )
        .order_by(Case.id)
    )
    calendar, policy = load_calendar(uow.session), load_policy(uow)
    today = uow.clock.today()
    return [
        (case, upcoming(case, calendar, today, policy)) for case in uow.session.scalars(query)
    ]


def _row(
    case: Case,
    loan_no: str,
    customer: str,
    *,
    calendar: WorkCalendar,
    policy: LawPolicy,
    today: date,
) -> CaseRow:
    days = upcoming(case, calendar, today, policy)
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
        loans=len(case.loan_ids),
    )


def _party(uow: UnitOfWork, case: Case, row: Party) -> PartyRow:
    customer = row.customer_id and uow.session.get_one(Customer, row.customer_id)
    name = (
        customer.name if customer else row.name or lenders.lender_of(uow, case.branch_id).name
    )
    return PartyRow(
        role=row.role,
        capacity=row.capacity,
        name=name,
        customer=customer or None,
        id=row.id,
        abroad=row.abroad,
    )

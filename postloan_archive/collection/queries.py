"""SELECTs of collection; only of loans that the actor may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, func, select

from postloan_archive.access import people
from postloan_archive.access.permissions import Permission
from postloan_archive.collection.errors import CollectionThingNotFoundError
from postloan_archive.collection.models import (
    Complaint,
    Contact,
    Duty,
    Placement,
    Promise,
    Stop,
    Survey,
)
from postloan_archive.collection.rules import LOOK_AHEAD_DAYS, STAGE_DAYS, Result, Stage
from postloan_archive.kernel.clock import day_span
from postloan_archive.loans import queries as loans
from postloan_archive.loans import summaries
from postloan_archive.loans.errors import LoanNotFoundError
from postloan_archive.loans.summaries import Standing
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """One loan of a worklist with what was last said and promised."""

    standing: Standing
    collector: str
    last_at: datetime | None
    last_result: str
    promised: Decimal | None
    promise_due: date | None
    broken: int
    stopped: tuple[str, ...]
    agency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything collection knows of one loan, newest first."""

    contacts: list[Contact]
    promises: list[Promise]
    stops: list[Stop]
    complaints: list[Complaint]
    surveys: list[Survey]
    placements: list[Placement]
    collector: str


def calls_on(uow: UnitOfWork, customer_id: int, day: date) -> int:
    """Return how often a debtor was dialled on a civil day, over all loans and numbers."""
    start, end = day_span(day)
    return (
        uow.session.scalar(
            select(func.count())
            .select_from(Contact)
            .where(
                Contact.customer_id == customer_id,
                Contact.channel == "call",
                Contact.at >= start,
                Contact.at < end,
            )
        )
        or 0
    )


def asked_to_stop(uow: UnitOfWork, loan_id: int, person: str) -> bool:
    """Return whether a third party has asked to be left alone (R-L03)."""
    found = select(Contact.id).where(
        Contact.loan_id == loan_id,
        Contact.target == "third_party",
        Contact.person == person.strip(),
        Contact.result == str(Result.THIRD_PARTY_STOPS),
    )
    return uow.session.scalar(found.limit(1)) is not None


def collectors_for(uow: UnitOfWork) -> list[tuple[str, str]]:
    """Return (user name, name) of who may collect in the branches of the actor."""
    return people.holders(uow.session, Permission.COLLECTION_EDIT, uow.actor.branch_ids)


def stops_of(uow: UnitOfWork, customer_id: int) -> list[Stop]:
    """Return the stops in force for a debtor."""
    return list(
        uow.session.scalars(
            select(Stop)
            .where(Stop.customer_id == customer_id, Stop.lifted_on.is_(None))
            .order_by(Stop.id)
        )
    )


def stops_in_force(uow: UnitOfWork) -> list[Stop]:
    """Return every stop in force, whatever the branch: a stop holds everywhere."""
    return list(
        uow.session.scalars(select(Stop).where(Stop.lifted_on.is_(None)).order_by(Stop.id))
    )


def collectors_of(uow: UnitOfWork, loan_id: int) -> frozenset[str]:
    """Return everybody who took part in collecting the loan."""
    made = uow.session.scalars(
        select(Contact.made_by)
        .where(Contact.loan_id == loan_id)
        .distinct()
        .order_by(Contact.made_by)
    )
    had = uow.session.scalars(
        select(Duty.collector)
        .where(Duty.loan_id == loan_id)
        .distinct()
        .order_by(Duty.collector)
    )
    return frozenset(made) | frozenset(had)


def collector_of(uow: UnitOfWork, loan_id: int) -> str:
    """Return who looks after the loan, or an empty string."""
    return (
        uow.session.scalar(
            select(Duty.collector)
            .where(Duty.loan_id == loan_id)
            .order_by(Duty.id.desc())
            .limit(1)
        )
        or ""
    )


def placement_of(uow: UnitOfWork, loan_id: int) -> Placement | None:
    """Return the agency that has the loan now."""
    return uow.session.scalar(
        select(Placement).where(Placement.loan_id == loan_id, Placement.recalled_on.is_(None))
    )


def get_stop(uow: UnitOfWork, stop_id: int) -> Stop:
    """Return a stop in force.

    Raises:
        CollectionThingNotFoundError: none for this actor.
    """
    stop = uow.session.get(Stop, stop_id)
    if stop is None or stop.lifted_on is not None or not _seen(uow, stop.loan_id):
        raise CollectionThingNotFoundError(what="停催", number=stop_id)
    return stop


def get_complaint(uow: UnitOfWork, complaint_no: str) -> Complaint:
    """Return a complaint.

    Raises:
        CollectionThingNotFoundError: none for this actor.
    """
    found = uow.session.scalar(
        select(Complaint).where(Complaint.complaint_no == complaint_no.strip())
    )
    if found is None or not _seen(uow, found.loan_id):
        raise CollectionThingNotFoundError(what="投诉", number=complaint_no)
    return found


def get_survey(uow: UnitOfWork, survey_id: int) -> Survey:
    """Return a survey.

    Raises:
        CollectionThingNotFoundError: none for this actor.
    """
    found = uow.session.get(Survey, survey_id)
    if found is None or not _seen(uow, found.loan_id):
        raise CollectionThingNotFoundError(what="债务人调查", number=survey_id)
    return found


def get_placement(uow: UnitOfWork, placement_id: int) -> Placement:
    """Return a placement in force.

    Raises:
        CollectionThingNotFoundError: none for this actor.
    """
    found = uow.session.get(Placement, placement_id)
    if found is None or found.recalled_on is not None or not _seen(uow, found.loan_id):
        raise CollectionThingNotFoundError(what="委外", number=placement_id)
    return found


def get_recalled(uow: UnitOfWork, placement_id: int) -> Placement:
    """Return a placement that ended and whose data the agency still has, as far as we know.

    Raises:
        CollectionThingNotFoundError: none for this actor.
    """
    found = uow.session.get(Placement, placement_id)
    open_ = found is not None and found.recalled_on is not None
    if found is None or not open_ or found.data_returned_on or not _seen(uow, found.loan_id):
        raise CollectionThingNotFoundError(what="已收回的委外", number=placement_id)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedWork:
    """The filter of a worklist; empty: everything."""

    mine: bool = False
    branch_id: int | None = None
    collector: str = ""  # a user name; `-`: nobody
    word: str = ""


NOBODY = "-"
AT_ONCE = 500  # loans of one query


def worklist(
    uow: UnitOfWork, stage: Stage, asked: AskedWork, *, offset: int = 0, limit: int | None = 50
) -> tuple[list[WorkRow], int]:
    """Return one page of a worklist and how many loans it has."""
    condition = _condition(uow, stage, asked)
    total = summaries.how_many(uow, condition)
    page = summaries.standings(uow, asked.branch_id, condition, offset=offset, limit=limit)
    rows: list[WorkRow] = []
    for at in range(0, len(page), AT_ONCE):  # a database takes only so many numbers at once
        rows += _rows(uow, page[at : at + AT_ONCE])
    return rows, total


def _condition(uow: UnitOfWork, stage: Stage, asked: AskedWork) -> ColumnElement[bool]:
    today = uow.clock.today()
    if stage is Stage.BEFORE_DUE:
        last = today + timedelta(days=LOOK_AHEAD_DAYS)
        condition = summaries.due_between(today, last)
    else:
        condition = summaries.late_between(*STAGE_DAYS[stage])
    if asked.branch_id is not None:
        condition &= summaries.of_branch(asked.branch_id)
    held = uow.actor.name if asked.mine else asked.collector
    if held == NOBODY:
        condition &= ~summaries.is_within(_held(None))
    elif held:
        condition &= summaries.is_within(_held(held))
    if asked.word.strip():
        condition &= summaries.is_within(loans.ids_matching(uow, asked.word.strip()))
    return condition


def record_of(uow: UnitOfWork, loan_id: int, customer_id: int) -> Record:
    """Return everything collection knows of a loan."""
    session = uow.session
    return Record(
        contacts=list(
            session.scalars(
                select(Contact)
                .where(Contact.loan_id == loan_id)
                .order_by(Contact.at.desc(), Contact.id.desc())
            )
        ),
        promises=list(
            session.scalars(
                select(Promise).where(Promise.loan_id == loan_id).order_by(Promise.id.desc())
            )
        ),
        stops=list(
            session.scalars(
                select(Stop).where(Stop.customer_id == customer_id).order_by(Stop.id.desc())
            )
        ),
        complaints=list(
            session.scalars(
                select(Complaint)
                .where(Complaint.loan_id == loan_id)
                .order_by(Complaint.id.desc())
            )
        ),
        surveys=list(
            session.scalars(
                select(Survey).where(Survey.loan_id == loan_id).order_by(Survey.id.desc())
            )
        ),
        placements=list(
            session.scalars(
                select(Placement)
                .where(Placement.loan_id == loan_id)
                .order_by(Placement.id.desc())
            )
        ),
        collector=collector_of(uow, loan_id),
    )


def _held(collector: str | None) -> Select[int]:
    """Return a SELECT of the loans that a collector looks after now; None: anybody."""
    newest = select(func.max(Duty.id)).group_by(Duty.loan_id)
    query = select(Duty.loan_id).where(Duty.id.in_(newest))
    return query if collector is None else query.where(Duty.collector == collector)


def _rows(uow: UnitOfWork, page: Iterable[Standing]) -> list[WorkRow]:
    found = list(page)
    ids = sorted(row.loan_id for row in found)
    session = uow.session
    last = {
        row.loan_id: row
        for row in session.scalars(
            select(Contact)
            .where(
                Contact.id.in_(
                    select(func.max(Contact.id))
                    .where(Contact.loan_id.in_(ids))
                    .group_by(Contact.loan_id)
                )
            )
            .order_by(Contact.id)
        )
    }
    promises: dict[int, list[Promise]] = {}
    for row in session.scalars(
        select(Promise).where(Promise.loan_id.in_(ids)).order_by(Promise.id)
    ):
        promises.setdefault(row.loan_id, []).append(row)
    duties = {
        row.loan_id: row.collector
        for row in session.scalars(select(Duty).where(Duty.loan_id.in_(ids)).order_by(Duty.id))
    }
    agencies = {
        row.loan_id: row.agency
        for row in session.scalars(
            select(Placement)
            .where(Placement.loan_id.in_(ids), Placement.recalled_on.is_(None))
            .order_by(Placement.id)
        )
    }
    owners = loans.customers_of(uow, set(ids))
    stopped: dict[int, list[str]] = {}
    for stop in session.scalars(
        select(Stop)
        .where(Stop.customer_id.in_(sorted(set(owners.values()))), Stop.lifted_on.is_(None))
        .order_by(Stop.id)
    ):
        stopped.setdefault(stop.customer_id, []).append(stop.reason)
    rows = []
    for standing in found:
        mine = promises.get(standing.loan_id, [])
        open_one = next((one for one in reversed(mine) if one.state == "open"), None)
        contact = last.get(standing.loan_id)
        rows.append(
            WorkRow(
                standing=standing,
                collector=duties.get(standing.loan_id, ""),
                last_at=contact.at if contact else None,
                last_result=contact.result if contact else "",
                promised=open_one.amount if open_one else None,
                promise_due=open_one.due_on if open_one else None,
                broken=sum(one.state == "broken" for one in mine),
                stopped=tuple(stopped.get(owners.get(standing.loan_id, 0), ())),
                agency=agencies.get(standing.loan_id, ""),
            )
        )
    return rows


def _seen(uow: UnitOfWork, loan_id: int) -> bool:
    try:
        loans.get_loan_by_id(uow, loan_id)
    except LoanNotFoundError:
        return False
    return True

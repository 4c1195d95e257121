"""Lists beside the worklists: promises, plans, agencies, rules, the track of guarantors."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select

from postloan_archive.access import people
from postloan_archive.access.people import People
from postloan_archive.access.permissions import Permission
from postloan_archive.collection import queries
from postloan_archive.collection.errors import CollectionThingNotFoundError
from postloan_archive.collection.models import (
    Complaint,
    Contact,
    Duty,
    DutyRule,
    HardshipPlan,
    Placement,
    Promise,
)
from postloan_archive.collection.queries import Record
from postloan_archive.kernel.law import Due
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import queries as loans
from postloan_archive.loans.booking import NOT_MONEY
from postloan_archive.loans.clocks import guarantees_of
from postloan_archive.loans.derivation import confirmed_events
from postloan_archive.loans.headings import LoanHeading, headings_by_id
from postloan_archive.loans.models import Loan
from postloan_archive.loans.rules.guarantee_state import GuaranteeStatus
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar

SOON_DAYS: Final = 3  # a promise due within so many days is followed up
PLAN_OPEN: Final = ("proposed", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRow:
    """One promise with who looks after its loan; `left` in days, negative: past."""

    promise: Promise
    heading: LoanHeading
    collector: str
    left: int
    answered: bool  # somebody spoke to the debtor after it was broken


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementRow:
    """One debt with an agency and what came in meanwhile, yuan."""

    placement: Placement
    heading: LoanHeading
    recovered: Decimal
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GuarantorTrack:
    """One guarantor beside the debtor: his period, and the last contact with him."""

    guarantee_id: int
    name: str
    kind: str
    contract_no: str
    due: Due
    status: GuaranteeStatus
    last_at: datetime | None
    last_result: str
    contacts: int


def promises(uow: UnitOfWork, view: str) -> list[PromiseRow]:
    """Return the promises of a view: `soon`, `open`, `broken` or `kept`; at most 500.

    Of the broken ones those come first after which nobody spoke to the debtor.
    """
    today = uow.clock.today()
    query = (
        select(Promise)
        .where(Promise.loan_id.in_(loans.visible_ids(uow)))
        .order_by(Promise.due_on, Promise.id)
        .limit(500)
    )
    if view == "soon":
        until = today + timedelta(days=SOON_DAYS)
        query = query.where(Promise.state == "open", Promise.due_on <= until)
    else:
        query = query.where(Promise.state == view)
    rows = uow.session.scalars(query).all()
    ids = {row.loan_id for row in rows}
    heads, held = headings_by_id(uow, ids), collectors_of(uow, ids)
    last = {
        row[0]: row[1]
        for row in uow.session.execute(
            select(Contact.loan_id, func.max(Contact.noted_at))
            .where(Contact.loan_id.in_(sorted(ids)))
            .group_by(Contact.loan_id)
            .order_by(Contact.loan_id)
        )
    }
    who = people.names_of(uow, held.values())
    found = [
        PromiseRow(
            promise=row,
            heading=heads[row.loan_id],
            collector=who[held.get(row.loan_id, "")],
            left=(row.due_on - today).days,
            answered=row.judged_on is not None
            and row.loan_id in last
            and last[row.loan_id].date() > row.due_on,
        )
        for row in rows
        if row.loan_id in heads
    ]
    return sorted(found, key=lambda row: row.answered)


def placements(uow: UnitOfWork, *, running: bool) -> list[PlacementRow]:
    """Return the debts with agencies, and what came in while they were there."""
    query = (
        select(Placement)
        .where(Placement.loan_id.in_(loans.visible_ids(uow)))
        .order_by(Placement.recalled_on.is_not(None), Placement.placed_on, Placement.id)
    )
    if running:
        query = query.where(Placement.recalled_on.is_(None))
    rows = uow.session.scalars(query).all()
    heads, today = headings_by_id(uow, {row.loan_id for row in rows}), uow.clock.today()
    found = []
    for row in rows:
        if row.loan_id not in heads:
            continue
        end = row.recalled_on or today
        paid = loans.get_loan_by_id(uow, row.loan_id).payments
        recovered = sum(
            (
                one.amount
                for one in paid
                if row.placed_on <= one.paid_on <= end and one.channel not in NOT_MONEY
            ),
            ZERO,
        )
        found.append(
            PlacementRow(
                placement=row,
                heading=heads[row.loan_id],
                recovered=recovered,
                days=(end - row.placed_on).days,
            )
        )
    return found


def agencies(uow: UnitOfWork) -> list[str]:
    """Return the names of the agencies that have a loan now."""
    return list(
        uow.session.scalars(
            select(Placement.agency)
            .where(
                Placement.loan_id.in_(loans.visible_ids(uow)), Placement.recalled_on.is_(None)
            )
            .distinct()
            .order_by(Placement.agency)
        )
    )


def collectors_of(uow: UnitOfWork, loan_ids: set[int]) -> dict[int, str]:
    """Return who looks after each of the loans now, by user name."""
    rows = uow.session.execute(
        select(Duty.loan_id, Duty.collector)
        .where(Duty.loan_id.in_(sorted(loan_ids)))
        .order_by(Duty.id)
    )
    return {row.loan_id: row.collector for row in rows}


def held_by_person(uow: UnitOfWork) -> dict[str, int]:
    """Return how many loans each collector looks after."""
    newest = select(func.max(Duty.id)).group_by(Duty.loan_id)
    rows = uow.session.execute(
        select(Duty.collector, func.count())
        .where(Duty.id.in_(newest))
        .group_by(Duty.collector)
        .order_by(Duty.collector)
    )
    return {row[0]: row[1] for row in rows}


def rules_of(uow: UnitOfWork) -> list[DutyRule]:
    """Return the rules of the branches of the actor."""
    query = select(DutyRule).order_by(DutyRule.branch_id, DutyRule.id)
    if uow.actor.branch_ids is not None:
        query = query.where(DutyRule.branch_id.in_(sorted(uow.actor.branch_ids)))
    return list(uow.session.scalars(query))


def collectors_in(uow: UnitOfWork, branch_id: int) -> list[tuple[str, str]]:
    """Return (user name, name) of who may collect in a branch."""
    return people.holders(uow.session, Permission.COLLECTION_EDIT, frozenset({branch_id}))


def plans_of(uow: UnitOfWork, loan_id: int) -> list[HardshipPlan]:
    """Return the hardship plans of a loan, newest first."""
    return list(
        uow.session.scalars(
            select(HardshipPlan)
            .where(HardshipPlan.loan_id == loan_id)
            .order_by(HardshipPlan.id.desc())
        )
    )


def running_plan(uow: UnitOfWork, loan_id: int) -> HardshipPlan | None:
    """Return the plan of a loan that waits or runs."""
    return uow.session.scalar(
        select(HardshipPlan).where(
            HardshipPlan.loan_id == loan_id, HardshipPlan.state.in_(PLAN_OPEN)
        )
    )


def plans(uow: UnitOfWork) -> list[tuple[HardshipPlan, LoanHeading]]:
    """Return the plans, those that wait for a decision at the head; at most 500."""
    rows = uow.session.scalars(
        select(HardshipPlan)
        .where(HardshipPlan.loan_id.in_(loans.visible_ids(uow)))
        .order_by(
            HardshipPlan.state != "proposed",
            HardshipPlan.state != "running",
            HardshipPlan.id.desc(),
        )
        .limit(500)
    ).all()
    heads = headings_by_id(uow, {row.loan_id for row in rows})
    return [(row, heads[row.loan_id]) for row in rows if row.loan_id in heads]


def get_plan(uow: UnitOfWork, plan_id: int) -> HardshipPlan:
    """Return a plan.

    Raises:
        CollectionThingNotFoundError: none for this actor.
    """
    found = uow.session.get(HardshipPlan, plan_id)
    if found is None or not uow.actor.sees_branch(found.branch_id):
        raise CollectionThingNotFoundError(what="困难帮扶方案", number=plan_id)
    return found


def guarantor_track(uow: UnitOfWork, loan: Loan) -> list[GuarantorTrack]:
    """Return how each guarantor stands: the period to claim in, and what was said to him."""
    readings = guarantees_of(
        loan,
        confirmed_events(uow, loan.id),
        as_of=uow.clock.today(),
        calendar=load_calendar(uow.session),
        policy=load_policy(uow),
    )
    made = uow.session.scalars(
        select(Contact)
        .where(Contact.loan_id == loan.id, Contact.target == "guarantor")
        .order_by(Contact.at)
    ).all()
    found = []
    for one in readings:
        guarantor = one.guarantee.guarantor
        mine = [row for row in made if row.person == guarantor.name]
        found.append(
            GuarantorTrack(
                guarantee_id=one.guarantee.id,
                name=guarantor.name,
                kind=one.guarantee.kind,
                contract_no=one.guarantee.contract_no,
                due=one.state.limitation or one.state.due,
                status=one.state.status,
                last_at=mine[-1].at if mine else None,
                last_result=mine[-1].result if mine else "",
                contacts=len(mine),
            )
        )
    return found


def handlers_in(uow: UnitOfWork, branch_id: int) -> list[tuple[str, str]]:
    """Return (user name, name) of who may handle complaints in a branch."""
    return people.holders(uow.session, Permission.COLLECTION_VIEW, frozenset({branch_id}))


def handlers_of(uow: UnitOfWork, loan: Loan) -> list[tuple[str, str]]:
    """Return who may handle a complaint about a loan: nobody who took part in collecting it."""
    took_part = queries.collectors_of(uow, loan.id)
    able = handlers_in(uow, loan.branch_id)
    return [(name, words) for name, words in able if name not in took_part]


def people_in(uow: UnitOfWork, record: Record) -> People:
    """Return the names of everybody whom the record of a loan mentions."""
    return people.names_of(
        uow,
        {
            record.collector,
            *(row.made_by for row in record.contacts),
            *(row.made_by for row in record.surveys),
            *(row.set_by for row in record.stops),
            *(str(check["by"]) for row in record.placements for check in row.checks),
        },
    )


def complaints(uow: UnitOfWork) -> list[tuple[Complaint, str]]:
    """Return the complaints with their loan numbers, the first to answer at the head."""
    rows = uow.session.scalars(
        select(Complaint)
        .where(Complaint.loan_id.in_(loans.visible_ids(uow)))
        .order_by(Complaint.answered_on.is_not(None), Complaint.answer_by, Complaint.id)
        .limit(500)
    ).all()
    numbers = loans.numbers_of(uow, {row.loan_id for row in rows})
    return [(row, numbers[row.loan_id]) for row in rows]

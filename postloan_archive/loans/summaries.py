"""Sums over the positions and payments of the loans that the actor may see, for reports."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from postloan_archive.loans.booking import NOT_MONEY
from postloan_archive.loans.models import Customer, Instalment, Loan, Payment
from postloan_archive.loans.models.position import LoanPosition
from postloan_archive.loans.queries import visible_ids
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketSum:
    """One bucket of one branch, yuan."""

    branch_id: int
    bucket: str
    loans: int
    balance: Decimal
    principal_due: Decimal
    interest_due: Decimal
    penalty_and_compound: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one loan stands, as of the day of its position."""

    loan_id: int
    loan_no: str
    customer: str
    customer_kind: str
    branch_id: int
    manager: str
    balance: Decimal
    due_on: date
    overdue_days: int
    bucket: str
    risk_class: str
    class_floor: str
    stage: str
    limitation_by: date | None
    limitation_end: date | None
    limitation_status: str
    guarantee_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSum:
    """Required and present papers of one branch; `unknown`: files that cannot be counted."""

    branch_id: int
    files: int
    complete: int
    have: int
    need: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What came in on loans that were overdue when the period began, by some group.

    `group` is the year of disbursement, or the stage where it was asked for.

    `opening` is the principal not repaid when the period began, yuan.
    """

    branch_id: int
    group: str
    loans: int
    opening: Decimal
    to_principal: Decimal
    to_interest: Decimal
    to_penalty: Decimal


def by_bucket(uow: UnitOfWork, branch_id: int | None = None) -> list[BucketSum]:
    """Return the sums of each bucket of each branch."""
    query = (
        select(
            LoanPosition.branch_id,
            LoanPosition.bucket,
            func.count(),
            func.sum(LoanPosition.balance),
            func.sum(LoanPosition.principal_due),
            func.sum(LoanPosition.interest_due),
            func.sum(LoanPosition.penalty),
            func.sum(LoanPosition.compound),
        )
        .where(*_seen(uow, branch_id))
        .group_by(LoanPosition.branch_id, LoanPosition.bucket)
        .order_by(LoanPosition.branch_id, LoanPosition.bucket)
    )
    found = uow.session.execute(query)
    return [
        BucketSum(
            branch_id=branch,
            bucket=bucket,
            loans=count,
            balance=balance,
            principal_due=principal,
            interest_due=interest,
            penalty_and_compound=penalty + compound,
        )
        for branch, bucket, count, balance, principal, interest, penalty, compound in found
    ]


def standings(
    uow: UnitOfWork,
    branch_id: int | None = None,
    *conditions: ColumnElement[bool],
    offset: int = 0,
    limit: int | None = None,
) -> list[Standing]:
    """Return how each loan stands, the most overdue first; one page where `limit` is given."""
    query = (
        _standing_columns()
        .where(*_seen(uow, branch_id), *conditions)
        .order_by(LoanPosition.overdue_days.desc(), Loan.loan_no)
        .offset(offset)
        .limit(limit)
    )
    rows = uow.session.execute(query).mappings()
    return [Standing(**row) for row in rows]


def how_many(uow: UnitOfWork, *conditions: ColumnElement[bool]) -> int:
    """Return how many loans of the actor answer the conditions."""
    query = select(func.count()).select_from(LoanPosition).where(*_seen(uow, None), *conditions)
    return uow.session.scalar(query) or 0


def late_between(first: int, last: int | None) -> ColumnElement[bool]:
    """Return the condition: overdue from `first` to `last` days, both included."""
    condition = LoanPosition.overdue_days >= first
    return condition if last is None else condition & (LoanPosition.overdue_days <= last)


def due_between(first: date, last: date) -> ColumnElement[bool]:
    """Return the condition: not overdue, and the next due day within, both included."""
    return (
        (LoanPosition.overdue_days == 0)
        & (LoanPosition.next_due >= first)
        & (LoanPosition.next_due <= last)
    )


def is_one_of(loan_ids: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition: one of these loans."""
    return LoanPosition.loan_id.in_(loan_ids)


def is_within(loan_ids: Select[Any]) -> ColumnElement[bool]:
    """Return the condition: one of the loans of a SELECT."""
    return LoanPosition.loan_id.in_(loan_ids)


def of_branch(branch_id: int) -> ColumnElement[bool]:
    """Return the condition: a loan of this branch."""
    return LoanPosition.branch_id == branch_id


def running_out(uow: UnitOfWork, until: date, branch_id: int | None = None) -> list[Standing]:
    """Return the loans whose limitation or guarantee period must be kept by that day."""
    near = (LoanPosition.limitation_by <= until) | (LoanPosition.guarantee_by <= until)
    return standings(uow, branch_id, near)


def every_standing(session: Session) -> Iterator[tuple[Any, ...]]:
    """Yield loan, branch, balance, days, bucket, class and floor of every loan."""
    query = (
        select(
            Loan.id,
            Loan.branch_id,
            LoanPosition.balance,
            LoanPosition.overdue_days,
            LoanPosition.bucket,
            Loan.risk_class,
            LoanPosition.class_floor,
        )
        .join(LoanPosition, LoanPosition.loan_id == Loan.id)
        .order_by(Loan.id)
    )
    yield from (tuple(row) for row in session.execute(query))


def papers_by_branch(uow: UnitOfWork, branch_id: int | None = None) -> list[PaperSum]:
    """Return how complete the loan files of each branch are."""
    counted = LoanPosition.items_need.is_not(None) & (LoanPosition.items_unknown == "")
    query = (
        select(
            LoanPosition.branch_id,
            func.count(),
            func.count().filter(counted & (LoanPosition.items_have == LoanPosition.items_need)),
            func.coalesce(func.sum(LoanPosition.items_have).filter(counted), 0),
            func.coalesce(func.sum(LoanPosition.items_need).filter(counted), 0),
            func.count().filter(~counted),
        )
        .where(*_seen(uow, branch_id))
        .group_by(LoanPosition.branch_id)
        .order_by(LoanPosition.branch_id)
    )
    return [
        PaperSum(
            branch_id=branch,
            files=files,
            complete=complete,
            have=have or 0,
            need=need or 0,
            unknown=unknown,
        )
        for branch, files, complete, have, need, unknown in uow.session.execute(query)
    ]


def recoveries(
    uow: UnitOfWork,
    since: date,
    until: date,
    branch_id: int | None = None,
    *,
    by_stage: bool = False,
) -> list[Recovery]:
    """Return what came in from `since` to `until`, both included, on loans late on `since`.

    Late on a day is a loan of whose schedule more principal had fallen due before that day
    than was booked to principal.
    """
    counts = Payment.reversed_at.is_(None)
    due = _sum_of(Instalment.principal, Instalment.loan_id, Instalment.due_on < since)
    paid = _sum_of(Payment.to_principal, Payment.loan_id, (Payment.paid_on < since) & counts)
    within = counts & (Payment.paid_on >= since) & (Payment.paid_on <= until)
    within &= Payment.channel.not_in(sorted(NOT_MONEY))
    got = (
        select(
            Payment.loan_id,
            func.sum(Payment.to_principal).label("principal"),
            func.sum(Payment.to_interest).label("interest"),
            func.sum(Payment.to_penalty).label("penalty"),
            func.sum(Payment.to_compound).label("compound"),
        )
        .where(within)
        .group_by(Payment.loan_id)
        .subquery()
    )
    paid_before = func.coalesce(paid.c.total, 0)
    group = LoanPosition.stage if by_stage else func.extract("year", Loan.disbursed_on)
    query = (
        select(
            Loan.branch_id,
            group,
            func.count(),
            func.sum(Loan.principal),
            func.sum(paid_before),
            func.sum(func.coalesce(got.c.principal, 0)),
            func.sum(func.coalesce(got.c.interest, 0)),
            func.sum(func.coalesce(got.c.penalty, 0)),
            func.sum(func.coalesce(got.c.compound, 0)),
        )
        .join(LoanPosition, LoanPosition.loan_id == Loan.id)
        .join(due, due.c.loan_id == Loan.id)
        .outerjoin(paid, paid.c.loan_id == Loan.id)
        .outerjoin(got, got.c.loan_id == Loan.id)
        .where(Loan.id.in_(visible_ids(uow)), due.c.total > paid_before)
        .group_by(Loan.branch_id, group)
        .order_by(Loan.branch_id, group)
    )
    if branch_id is not None:
        query = query.where(Loan.branch_id == branch_id)
    found = uow.session.execute(query)
    return [
        Recovery(
            branch_id=branch,
            group=str(key) if by_stage else str(int(key)),
            loans=count,
            opening=lent - before,
            to_principal=principal,
            to_interest=interest,
            to_penalty=penalty + compound,
        )
        for branch, key, count, lent, before, principal, interest, penalty, compound in found
    ]


def _seen(uow: UnitOfWork, branch_id: int | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if uow.actor.branch_ids is not None:
        conditions.append(LoanPosition.branch_id.in_(sorted(uow.actor.branch_ids)))
    if branch_id is not None:
        conditions.append(LoanPosition.branch_id == branch_id)
    return conditions


def _standing_columns() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Loan.id.label("loan_id"),
            Loan.loan_no,
            Customer.name.label("customer"),
            Customer.kind.label("customer_kind"),
            Loan.branch_id,
            Loan.manager,
            LoanPosition.balance,
            LoanPosition.due_on,
            LoanPosition.overdue_days,
            LoanPosition.bucket,
            Loan.risk_class,
            LoanPosition.class_floor,
            LoanPosition.stage,
            LoanPosition.limitation_by,
            LoanPosition.limitation_end,
            LoanPosition.limitation_status,
            LoanPosition.guarantee_by,
        )
        .join(LoanPosition, LoanPosition.loan_id == Loan.id)
        .join(Customer, Customer.id == Loan.customer_id)
    )


def _sum_of(
    amount: InstrumentedAttribute[Decimal],
    loan_id: InstrumentedAttribute[int],
    condition: ColumnElement[bool],
) -> Subquery:
    return (
        select(loan_id.label("loan_id"), func.sum(amount).label("total"))
        .where(condition)
        .group_by(loan_id)
        .subquery()
    )

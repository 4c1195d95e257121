"""Comparing delivered balances with derived ones: by day, kept as a list of differences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, func, insert, select

from postloan_archive.jobs import Handler, JobContext
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans.ledger_rows import load_facts
from postloan_archive.loans.models import (
    BalanceDifference,
    Customer,
    DeliveredBalance,
    Loan,
    ReconciledDay,
)
from postloan_archive.loans.rules.reconciliation import Delivered, Figure, differences
from postloan_archive.uow import System, UnitOfWork

COMPARE: Final = "compare_balances"  # a job; its argument is the day
BATCH: Final = 500  # loans in one transaction
DAYS_SHOWN: Final = 60
JOB: Final = Actor.program("job")


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedDay:
    """A day with delivered balances, for the loans that the actor may see.

    `compared_at` None: it was not compared since the balances came.
    """

    day: date
    delivered: int
    differing: int
    compared_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """One line of the list; amounts are yuan, or days for overdue days."""

    loan_no: str
    customer: str
    branch_id: int
    figure: str
    delivered: Decimal
    derived: Decimal
    reason: str

    @property
    def gap(self) -> Decimal:
        """Return what was delivered less what is derived."""
        return self.delivered - self.derived


def handlers(system: System) -> dict[str, Handler]:
    """Return the job handlers by job kind."""
    return {COMPARE: lambda context: compare_day(system, context)}


def ask(uow: UnitOfWork, day: date) -> None:
    """Have a day compared by a worker; the list of before stays until it is done."""
    uow.enqueue(COMPARE, day.isoformat())
    uow.record("loans.balances_comparison_asked", "system:1", day=day.isoformat())


def compare_day(system: System, context: JobContext) -> None:
    """Compare all balances of the day that is the one argument; a second run replaces it."""
    day = date.fromisoformat(str(context.args[0]))
    after, done, differing = 0, 0, 0
    with system.unit_of_work(JOB) as uow:
        uow.session.execute(delete(BalanceDifference).where(BalanceDifference.day == day))
    while True:
        context.progress(done, 0)
        with system.unit_of_work(JOB) as uow:
            told = _told(uow, day, after)
            differing += compare(uow, day, told)
            if not told:
                _note(uow, day, done, differing)
                return
            after, done = max(told), done + len(told)


def compare(uow: UnitOfWork, day: date, told: dict[int, Delivered]) -> int:
    """Write the differences of these loans on the day; return how many there are."""
    rows = [
        {
            "loan_id": ledger.loan_id,
            "branch_id": ledger.branch_id,
            "day": day,
            "figure": one.figure.value,
            "delivered": str(one.delivered),
            "derived": str(one.derived),
            "reason": one.reason,
        }
        for ledger in load_facts(uow.session, sorted(told))
        for one in differences(ledger.facts, told[ledger.loan_id])
    ]
    if rows:
        uow.session.execute(insert(BalanceDifference), rows)
    return len(rows)


def days(uow: UnitOfWork) -> list[ComparedDay]:
    """Return the newest days with delivered balances."""
    seen = _seen(uow, DeliveredBalance.loan_id)
    rows = uow.session.execute(
        select(DeliveredBalance.day, func.count(), ReconciledDay.compared_at)
        .outerjoin(ReconciledDay, ReconciledDay.day == DeliveredBalance.day)
        .where(*seen)
        .group_by(DeliveredBalance.day, ReconciledDay.compared_at)
        .order_by(DeliveredBalance.day.desc())
        .limit(DAYS_SHOWN)
    ).all()
    differing = {
        found[0]: found[1]
        for found in uow.session.execute(
            select(BalanceDifference.day, func.count(BalanceDifference.loan_id.distinct()))
            .where(
                BalanceDifference.day.in_([row.day for row in rows]),
                *_seen(uow, BalanceDifference.loan_id),
            )
            .group_by(BalanceDifference.day)
            .order_by(BalanceDifference.day)
        )
    }
    return [
        ComparedDay(
            day=row[0], delivered=row[1], differing=differing.get(row[0], 0), compared_at=row[2]
        )
        for row in rows
    ]


def count(uow: UnitOfWork, day: date, figure: Figure | None) -> int:
    """Return how many differences a day has."""
    query = select(func.count()).select_from(BalanceDifference)
    return uow.session.scalar(query.where(*_conditions(uow, day, figure))) or 0


def rows(
    uow: UnitOfWork,
    day: date,
    figure: Figure | None,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> list[DifferenceRow]:
    """Return the differences of a day by loan number."""
    query: Select[*tuple[Any, ...]] = (
        select(BalanceDifference, Loan.loan_no, Customer.name)
        .join(Loan, Loan.id == BalanceDifference.loan_id)
        .join(Customer, Customer.id == Loan.customer_id)
        .where(*_conditions(uow, day, figure))
        .order_by(Loan.loan_no, BalanceDifference.id)
        .offset(offset)
        .limit(limit)
    )
    return [
        DifferenceRow(
            loan_no=loan_no,
            customer=name,
            branch_id=row.branch_id,
            figure=row.figure,
            delivered=Decimal(row.delivered),
            derived=Decimal(row.derived),
            reason=row.reason,
        )
        for row, loan_no, name in uow.session.execute(query)
    ]


def _told(uow: UnitOfWork, day: date, after: int) -> dict[int, Delivered]:
    found = uow.session.scalars(
        select(DeliveredBalance)
        .where(DeliveredBalance.day == day, DeliveredBalance.loan_id > after)
        .order_by(DeliveredBalance.loan_id)
        .limit(BATCH)
    )
    return {
        row.loan_id: Delivered(
            day=day,
            balance=row.balance,
            interest_due=row.interest_due,
            penalty=row.penalty,
            compound=row.compound,
            overdue_days=row.overdue_days,
        )
        for row in found
    }


def _note(uow: UnitOfWork, day: date, loans: int, differing: int) -> None:
    known = uow.session.get(ReconciledDay, day)
    if known is None:
        uow.session.add(ReconciledDay(day=day, compared_at=uow.clock.now()))
    else:
        known.compared_at = uow.clock.now()
    uow.record(
        "loans.balances_compared",
        "system:1",
        day=day.isoformat(),
        loans=loans,
        differences=differing,
    )


def _seen(uow: UnitOfWork, loan_id: Any) -> Sequence[ColumnElement[bool]]:  # noqa: ANN401 - a column
    mine = uow.actor.branch_ids
    if mine is None:
        return ()
    return (loan_id.in_(select(Loan.id).where(Loan.branch_id.in_(sorted(mine)))),)


def _conditions(
    uow: UnitOfWork, day: date, figure: Figure | None
) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [BalanceDifference.day == day]
    if uow.actor.branch_ids is not None:
        found.append(BalanceDifference.branch_id.in_(sorted(uow.actor.branch_ids)))
    if figure is not None:
        found.append(BalanceDifference.figure == figure.value)
    return found

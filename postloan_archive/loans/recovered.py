"""What came in on loans that were late when a period began, by the channel it came through."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from postloan_archive.loans.booking import NOT_MONEY
from postloan_archive.loans.models import Instalment, Loan, Payment
from postloan_archive.loans.queries import visible_ids
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveredBy:
    """What came in through one channel in one branch, yuan."""

    branch_id: int
    channel: str
    count: int
    to_principal: Decimal
    to_interest: Decimal
    to_penalty: Decimal


def by_channel(
    uow: UnitOfWork, since: date, until: date, branch_id: int | None = None
) -> list[RecoveredBy]:
    """Return what came in from `since` to `until`, both included, on loans late on `since`.

    Late on a day is a loan of whose schedule more principal had fallen due before that day
    than was booked to principal, as in `summaries.recoveries`.
    """
    due = (
        select(func.coalesce(func.sum(Instalment.principal), 0))
        .where(Instalment.loan_id == Loan.id, Instalment.due_on < since)
        .scalar_subquery()
    )
    earlier = Payment.__table__.alias()
    paid = (
        select(func.coalesce(func.sum(earlier.c.to_principal), 0))
        .where(earlier.c.loan_id == Loan.id, earlier.c.paid_on < since)
        .scalar_subquery()
    )
    query = (
        select(
            Loan.branch_id,
            Payment.channel,
            func.count(),
            func.sum(Payment.to_principal),
            func.sum(Payment.to_interest),
            func.sum(Payment.to_penalty),
            func.sum(Payment.to_compound),
        )
        .join(Loan, Loan.id == Payment.loan_id)
        .where(
            Loan.id.in_(visible_ids(uow)),
            Payment.paid_on >= since,
            Payment.paid_on <= until,
            Payment.channel.not_in(sorted(NOT_MONEY)),
            due > paid,
        )
        .group_by(Loan.branch_id, Payment.channel)
        .order_by(Loan.branch_id, Payment.channel)
    )
    if branch_id is not None:
        query = query.where(Loan.branch_id == branch_id)
    return [
        RecoveredBy(
            branch_id=branch,
            channel=channel,
            count=count,
            to_principal=Decimal(principal),
            to_interest=Decimal(interest),
            to_penalty=Decimal(penalty) + Decimal(compound),
        )
        for branch, channel, count, principal, interest, penalty, compound in (
            uow.session.execute(query)
        )
    ]

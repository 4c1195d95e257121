"""What the desk shows of the ledger: ageing and the five classes, against earlier days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from postloan_archive.loans.models import Loan, LoanPosition
from postloan_archive.loans.rules.ageing import BUCKET_NAMES, RiskClass
from postloan_archive.reports.daily import month_end_before, year_end_before
from postloan_archive.reports.models import DaySum
from postloan_archive.uow import UnitOfWork

LATE_BUCKETS: Final = BUCKET_NAMES[1:]  # M1 to M6+
ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """One column of the ageing table; `balance` is principal not repaid, yuan.

    The changes are against last month end, None where that day was not recorded.
    """

    bucket: str
    count: int
    balance: Decimal
    count_change: int | None = None
    balance_change: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ageing:
    """The ageing table: its columns, the sum, the day of the figures and of the comparison."""

    ages: tuple[Age, ...]
    total: Age
    as_of: date | None
    compared_with: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassLine:
    """One of the five classes: how many loans, and how many more or fewer than then."""

    name: str
    count: int
    changes: tuple[int | None, ...]  # against yesterday, last month end, last year end


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """The five classes; `days`: what is compared with, None where nothing was recorded."""

    lines: tuple[ClassLine, ...]
    days: tuple[date | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """The recorded days that the desk compares with, and their sums for the actor's branches.

    `days`: on or before yesterday, last month end, last year end; None: nothing was recorded.
    """

    as_of: date | None  # of the present figures
    days: tuple[date | None, ...]
    buckets: dict[tuple[date, str], tuple[int, Decimal]]
    classes: dict[tuple[date, str], int]

    @property
    def month_end(self) -> date | None:
        """Return the day that ageing is compared with."""
        return self.days[1]


def then(uow: UnitOfWork, today: date) -> Then:
    """Return what was recorded of earlier days; two queries."""
    wanted = (today - timedelta(days=1), month_end_before(today), year_end_before(today))
    recorded = [
        select(func.max(DaySum.day)).where(DaySum.day <= day).scalar_subquery()
        for day in wanted
    ]
    computed = (  # the first of an index that is in this order; a minimum would read all of it
        select(LoanPosition.as_of)
        .where(*_mine(uow, LoanPosition.branch_id + 0))  # keeps the index of branches out
        .order_by(LoanPosition.as_of)
        .limit(1)
    )
    *found, as_of = uow.session.execute(select(*recorded, computed.scalar_subquery())).one()
    buckets: dict[tuple[date, str], tuple[int, Decimal]] = {}
    classes: dict[tuple[date, str], int] = {}
    for row in uow.session.execute(
        select(
            DaySum.day,
            DaySum.bucket,
            DaySum.risk_class,
            func.sum(DaySum.loans).label("loans"),
            func.sum(DaySum.balance).label("balance"),
        )
        .where(DaySum.day.in_([day for day in found if day]), *_mine(uow, DaySum.branch_id))
        .group_by(DaySum.day, DaySum.bucket, DaySum.risk_class)
        .order_by(DaySum.day, DaySum.bucket, DaySum.risk_class)
    ):
        count, balance = buckets.get((row.day, row.bucket), (0, ZERO))
        buckets[row.day, row.bucket] = (count + row.loans, balance + row.balance)
        classes[row.day, row.risk_class] = classes.get((row.day, row.risk_class), 0) + row.loans
    return Then(as_of=as_of, days=tuple(found), buckets=buckets, classes=classes)


def ageing(uow: UnitOfWork, before: Then) -> Ageing:
    """Return count and balance of the overdue loans by bucket, against last month end."""
    now: dict[str, tuple[int, Decimal]] = {}
    for bucket, branch_id, loans, balance in uow.session.execute(
        select(  # read from one index
            LoanPosition.bucket,
            LoanPosition.branch_id,
            func.count(),
            func.sum(LoanPosition.balance),
        )
        .where(LoanPosition.bucket.in_(LATE_BUCKETS))
        .group_by(LoanPosition.bucket, LoanPosition.branch_id)
        .order_by(LoanPosition.bucket, LoanPosition.branch_id)
    ):
        if uow.actor.sees_branch(branch_id):
            known = now.get(bucket, (0, ZERO))
            now[bucket] = (known[0] + loans, known[1] + balance)
    ages = tuple(_age(bucket, now, before) for bucket in LATE_BUCKETS)
    return Ageing(
        ages=ages, total=_total(ages), as_of=before.as_of, compared_with=before.month_end
    )


def classes(uow: UnitOfWork, before: Then) -> Classes:
    """Return the loans in each of the five classes against yesterday, month end, year end."""
    now: dict[str, int] = {}
    for name, branch_id, count in uow.session.execute(
        select(Loan.risk_class, Loan.branch_id, func.count())  # read from one index
        .group_by(Loan.risk_class, Loan.branch_id)
        .order_by(Loan.risk_class, Loan.branch_id)
    ):
        if uow.actor.sees_branch(branch_id):
            now[name] = now.get(name, 0) + count
    return Classes(
        lines=tuple(
            ClassLine(
                name=one.value,
                count=now.get(one.value, 0),
                changes=tuple(
                    _less(now.get(one.value, 0), before, day, one.value) for day in before.days
                ),
            )
            for one in RiskClass
        ),
        days=before.days,
    )


def _less(count: int, before: Then, day: date | None, name: str) -> int | None:
    """Return how many more there are than then, None where nothing was recorded."""
    return None if day is None else count - before.classes.get((day, name), 0)


def _age(bucket: str, now: dict[str, tuple[int, Decimal]], before: Then) -> Age:
    count, balance = now.get(bucket, (0, ZERO))
    if before.month_end is None:
        return Age(bucket=bucket, count=count, balance=balance)
    count_then, balance_then = before.buckets.get((before.month_end, bucket), (0, ZERO))
    return Age(
        bucket=bucket,
        count=count,
        balance=balance,
        count_change=count - count_then,
        balance_change=balance - balance_then,
    )


def _total(ages: Iterable[Age]) -> Age:
    every = list(ages)
    known = all(one.count_change is not None for one in every)
    return Age(
        bucket="",
        count=sum(one.count for one in every),
        balance=sum((one.balance for one in every), ZERO),
        count_change=sum(one.count_change or 0 for one in every) if known else None,
        balance_change=sum((one.balance_change or ZERO for one in every), ZERO)
        if known
        else None,
    )


def _mine(uow: UnitOfWork, branch_id: Any) -> Sequence[ColumnElement[bool]]:  # noqa: ANN401 - a column
    mine = uow.actor.branch_ids
    return () if mine is None else (branch_id.in_(sorted(mine)),)

"""Money that came in on the loans that the actor may see: lists and sums."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from postloan_archive.loans.booking import NOT_MONEY
from postloan_archive.loans.models import Customer, Loan, Payment
from postloan_archive.loans.queries import visible_ids
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedReceipts:
    """The filter; both days are included."""

    since: date
    until: date
    branch_id: int | None = None
    channel: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRow:
    """One receipt as booked, yuan."""

    loan_id: int
    loan_no: str
    customer: str
    branch_id: int
    paid_on: date
    amount: Decimal
    to_costs: Decimal
    to_principal: Decimal
    to_interest: Decimal
    to_penalty: Decimal
    to_compound: Decimal
    channel: str
    payer: str
    receipt_no: str
    written_off_on: date | None


def how_many(uow: UnitOfWork, asked: AskedReceipts) -> int:
    """Return how many receipts answer the filter."""
    return (
        uow.session.scalar(_joined(select(func.count())).where(*_conditions(uow, asked))) or 0
    )


def sums(uow: UnitOfWork, asked: AskedReceipts) -> tuple[Decimal, ...]:
    """Return amount, costs, principal, interest, penalty and compound of all of them, yuan."""
    query = _joined(
        select(
            *(
                func.coalesce(func.sum(column), 0)
                for column in (
                    Payment.amount,
                    Payment.to_costs,
                    Payment.to_principal,
                    Payment.to_interest,
                    Payment.to_penalty,
                    Payment.to_compound,
                )
            )
        )
    ).where(*_conditions(uow, asked))
    return tuple(Decimal(value) for value in uow.session.execute(query).one())


def receipts(
    uow: UnitOfWork, asked: AskedReceipts, *, offset: int = 0, limit: int | None = None
) -> list[ReceiptRow]:
    """Return one page of receipts, newest first."""
    query = (
        _joined(
            select(
                Loan.id.label("loan_id"),
                Loan.loan_no,
                Customer.name.label("customer"),
                Loan.branch_id,
                Payment.paid_on,
                Payment.amount,
                Payment.to_costs,
                Payment.to_principal,
                Payment.to_interest,
                Payment.to_penalty,
                Payment.to_compound,
                Payment.channel,
                Payment.payer,
                Payment.receipt_no,
                Loan.written_off_on,
            )
        )
        .where(*_conditions(uow, asked))
        .order_by(Payment.paid_on.desc(), Payment.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [ReceiptRow(**row) for row in uow.session.execute(query).mappings()]


def channels(uow: UnitOfWork) -> list[str]:
    """Return the channels that receipts name."""
    return list(
        uow.session.scalars(
            select(Payment.channel)
            .where(Payment.channel != "", Payment.channel.not_in(sorted(NOT_MONEY)))
            .distinct()
            .order_by(Payment.channel)
        )
    )


def _joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        query.select_from(Payment)
        .join(Loan, Loan.id == Payment.loan_id)
        .join(Customer, Customer.id == Loan.customer_id)
    )


def _conditions(uow: UnitOfWork, asked: AskedReceipts) -> list[ColumnElement[bool]]:
    found = [
        Loan.id.in_(visible_ids(uow)),
        Payment.reversed_at.is_(None),
        Payment.paid_on >= asked.since,
        Payment.paid_on <= asked.until,
        Payment.channel.not_in(sorted(NOT_MONEY)),
    ]
    if asked.branch_id is not None:
        found.append(Loan.branch_id == asked.branch_id)
    if asked.channel:
        found.append(Payment.channel == asked.channel)
    if asked.word.strip():
        word = asked.word.strip()
        found.append(
            (Loan.loan_no == word)
            | (Payment.receipt_no == word)
            | Customer.name.contains(word, autoescape=True)
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSum:
    """What came in by one channel, yuan; compound interest is part of the penalty."""

    channel: str
    count: int
    amount: Decimal
    to_principal: Decimal
    to_interest: Decimal
    to_penalty: Decimal
    to_costs: Decimal


def by_channel(uow: UnitOfWork, asked: AskedReceipts) -> list[ChannelSum]:
    """Return the sums of each channel, the largest first."""
    query = (
        _joined(
            select(
                Payment.channel,
                func.count(),
                func.sum(Payment.amount),
                func.sum(Payment.to_principal),
                func.sum(Payment.to_interest),
                func.sum(Payment.to_penalty),
                func.sum(Payment.to_compound),
                func.sum(Payment.to_costs),
            )
        )
        .where(*_conditions(uow, asked))
        .group_by(Payment.channel)
        .order_by(func.sum(Payment.amount).desc(), Payment.channel)
    )
    return [
        ChannelSum(
            channel=row[0],
            count=row[1],
            amount=row[2],
            to_principal=row[3],
            to_interest=row[4],
            to_penalty=row[5] + row[6],
            to_costs=row[7],
        )
        for row in uow.session.execute(query)
    ]

"""The list of loan files (案卷台账): filters, order, sums and rows, one SELECT each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, exists, extract, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from postloan_archive.loans.models import (
    Collateral,
    Contract,
    Customer,
    Guarantee,
    Loan,
    LoanPosition,
)
from postloan_archive.uow import UnitOfWork

SHORTEST_NUMBER: Final = 4  # characters of an identity number that a search must give
_AT_ONCE: Final = 1_000  # rows fetched at a time by an export


class SecuredBy(StrEnum):
    """What a loan file is secured by, for the filter 担保方式."""

    NOTHING = "nothing"
    GUARANTEE = "guarantee"
    MORTGAGE = "mortgage"
    PLEDGE = "pledge"


class Papers(StrEnum):
    """How complete a file is, for the filter 完整率."""

    GAPS = "gaps"
    COMPLETE = "complete"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFilter:
    """What the list is narrowed to; an empty value narrows nothing.

    Attributes:
        year: of the disbursement, as in the archive number.
        due_from: first due day, included.
        due_to: last due day, included.
        missing: code of an item that the file lacks.
        text: part of a name or number; an identity number from its fourth character on.
    """

    branch_id: int | None = None
    year: int | None = None
    bucket: str = ""
    risk_class: str = ""
    secured_by: SecuredBy | None = None
    papers: Papers | None = None
    missing: str = ""
    stage: str = ""
    manager: str = ""
    due_from: date | None = None
    due_to: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One line; `as_of` None: the position was not computed yet."""

    id: int
    loan_no: str
    archive_no: str
    customer: str
    id_no: str
    contract_no: str
    branch_id: int
    manager: str
    principal: Decimal
    due_on: date
    risk_class: str
    as_of: date | None
    balance: Decimal | None
    overdue_days: int | None
    bucket: str | None
    stage: str | None
    limitation_by: date | None
    limitation_end: date | None
    guarantee_by: date | None
    guarantee_end: date | None
    items_have: int | None
    items_need: int | None
    items_missing: str | None
    items_unknown: str | None
    computed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerTotals:
    """The foot of the list; `oldest` is the earliest day a balance is from."""

    count: int
    principal: Decimal
    balance: Decimal
    oldest: date | None


SORTS: Final[Mapping[str, ColumnElement[Any] | InstrumentedAttribute[Any]]] = {
    "loan_no": Loan.loan_no,
    "archive_no": Loan.archive_no,
    "customer": Customer.name,
    "principal": Loan.principal,
    "due_on": Loan.due_on,
    "balance": LoanPosition.balance,
    "overdue": LoanPosition.overdue_days,
    "missing": LoanPosition.items_need - LoanPosition.items_have,
    "limitation": LoanPosition.limitation_by,
}
DEFAULT_SORT: Final = "-overdue"
_COLUMNS: Final = (
    Loan.id,
    Loan.loan_no,
    Loan.archive_no,
    Customer.name.label("customer"),
    Customer.id_no,
    Contract.contract_no,
    Loan.branch_id,
    Loan.manager,
    Loan.principal,
    Loan.due_on,
    Loan.risk_class,
    LoanPosition.as_of,
    LoanPosition.balance,
    LoanPosition.overdue_days,
    LoanPosition.bucket,
    LoanPosition.stage,
    LoanPosition.limitation_by,
    LoanPosition.limitation_end,
    LoanPosition.guarantee_by,
    LoanPosition.guarantee_end,
    LoanPosition.items_have,
    LoanPosition.items_need,
    LoanPosition.items_missing,
    LoanPosition.items_unknown,
    LoanPosition.computed_at,
)


def totals(uow: UnitOfWork, wanted: LedgerFilter) -> LedgerTotals:
    """Return the count and the sums of the loan files that the actor may see."""
    query = select(
        func.count(Loan.id),
        func.coalesce(func.sum(Loan.principal), 0),
        func.coalesce(func.sum(LoanPosition.balance), 0),
        func.min(LoanPosition.as_of),
    )
    count, principal, balance, oldest = uow.session.execute(_narrowed(uow, query, wanted)).one()
    return LedgerTotals(count=count, principal=principal, balance=balance, oldest=oldest)


def rows(
    uow: UnitOfWork,
    wanted: LedgerFilter,
    *,
    sort: str = DEFAULT_SORT,
    offset: int = 0,
    limit: int | None = None,
) -> list[LedgerRow]:
    """Return the lines of one page, or all of them.

    Args:
        uow: whose rights count.
        wanted: the filter.
        sort: a key of `SORTS`, with a minus in front for the largest first; others are ignored.
        offset: lines to leave out.
        limit: lines to return, None for all.
    """
    query = _ordered(_narrowed(uow, select(*_COLUMNS), wanted, all_tables=True), sort)
    query = query.offset(offset)
    if limit is not None:
        query = query.limit(limit)
    found = uow.session.execute(query.execution_options(yield_per=_AT_ONCE))
    return [LedgerRow(**row._mapping) for row in found]  # noqa: SLF001 - the public name of rows


def marked_rows(uow: UnitOfWork, numbers: list[str], *, sort: str) -> list[LedgerRow]:
    """Return the lines with these loan numbers that the actor may see."""
    found: list[LedgerRow] = []
    for at in range(0, len(numbers), _AT_ONCE):
        query = _narrowed(uow, select(*_COLUMNS), LedgerFilter(), all_tables=True)
        query = query.where(Loan.loan_no.in_(numbers[at : at + _AT_ONCE]))
        found += [
            LedgerRow(**row._mapping)  # noqa: SLF001 - the public name of rows
            for row in uow.session.execute(_ordered(query, sort))
        ]
    return found


def years(uow: UnitOfWork) -> list[int]:
    """Return the years of disbursement between the first and the last, newest first."""
    first, last = uow.session.execute(
        select(func.min(Loan.disbursed_on), func.max(Loan.disbursed_on)).where(*_visible(uow))
    ).one()
    return [] if first is None else list(range(last.year, first.year - 1, -1))


def _ordered(query: Select[Any], sort: str) -> Select[Any]:
    key, down = (sort[1:], True) if sort.startswith("-") else (sort, False)
    column = SORTS.get(key)
    if column is None:
        return _ordered(query, DEFAULT_SORT)
    first = column.desc().nulls_last() if down else column.asc().nulls_last()
    return query.order_by(first, Loan.id)


def _visible(uow: UnitOfWork) -> Iterator[ColumnElement[bool]]:
    if uow.actor.branch_ids is not None:
        yield Loan.branch_id.in_(sorted(uow.actor.branch_ids))


def _narrowed(
    uow: UnitOfWork, query: Select[Any], wanted: LedgerFilter, *, all_tables: bool = False
) -> Select[Any]:
    query = query.select_from(Loan).outerjoin(LoanPosition, LoanPosition.loan_id == Loan.id)
    if all_tables or wanted.text:
        query = query.join(Customer, Customer.id == Loan.customer_id).join(
            Contract, Contract.id == Loan.contract_id
        )
    return query.where(*_visible(uow), *_conditions(wanted))


def _conditions(wanted: LedgerFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.branch_id is not None:
        yield Loan.branch_id == wanted.branch_id
    if wanted.year is not None:
        yield extract("year", Loan.disbursed_on) == wanted.year
    if wanted.due_from is not None:
        yield Loan.due_on >= wanted.due_from
    if wanted.due_to is not None:
        yield Loan.due_on <= wanted.due_to
    same = (
        (LoanPosition.bucket, wanted.bucket),
        (Loan.risk_class, wanted.risk_class),
        (LoanPosition.stage, wanted.stage),
        (Loan.manager, wanted.manager),
    )
    yield from (column == value for column, value in same if value)
    if wanted.missing:
        yield LoanPosition.items_missing.contains(f" {wanted.missing} ", autoescape=True)
    if wanted.papers is not None:
        yield _PAPERS[wanted.papers]
    if wanted.secured_by is not None:
        yield _SECURED[wanted.secured_by]
    if wanted.text:
        yield _has_text(wanted.text)


def _has_text(text: str) -> ColumnElement[bool]:
    columns: list[InstrumentedAttribute[str]] = [
        Loan.loan_no,
        Loan.archive_no,
        Contract.contract_no,
        Customer.name,
    ]
    if len(text) >= SHORTEST_NUMBER:
        columns.append(Customer.id_no)
    return or_(*(column.contains(text, autoescape=True) for column in columns))


_GUARANTEED: Final = exists().where(Guarantee.loan_id == Loan.id)
_MORTGAGED: Final = exists().where(
    Collateral.loan_id == Loan.id, Collateral.kind.startswith("mortgage")
)
_PLEDGED: Final = exists().where(
    Collateral.loan_id == Loan.id, Collateral.kind.startswith("pledge")
)
_SECURED: Final[Mapping[SecuredBy, ColumnElement[bool]]] = {
    SecuredBy.GUARANTEE: _GUARANTEED,
    SecuredBy.MORTGAGE: _MORTGAGED,
    SecuredBy.PLEDGE: _PLEDGED,
    SecuredBy.NOTHING: ~_GUARANTEED & ~exists().where(Collateral.loan_id == Loan.id),
}
_PAPERS: Final[Mapping[Papers, ColumnElement[bool]]] = {
    Papers.GAPS: LoanPosition.items_have < LoanPosition.items_need,
    Papers.COMPLETE: LoanPosition.items_have >= LoanPosition.items_need,
    Papers.UNKNOWN: LoanPosition.items_need.is_(None),
}

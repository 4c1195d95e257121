"""The list of loan files (案卷台账): filters, order, sums and rows, one SELECT each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    UnaryExpression,
    exists,
    func,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from postloan_archive.access.models import User
from postloan_archive.loans.models import (
    Collateral,
    Contract,
    Customer,
    Guarantee,
    Loan,
    LoanPosition,
)
from postloan_archive.loans.rules.ageing import days_of
from postloan_archive.uow import UnitOfWork

SHORTEST_NUMBER: Final = 4  # characters of an identity number that a search must give
LATE: Final = "late"  # in place of a bucket: all but M0
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
    """One line; its position was computed at `computed_at` for the day `as_of`."""

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
    as_of: date
    balance: Decimal
    overdue_days: int
    bucket: str
    stage: str
    limitation_by: date | None
    limitation_end: date | None
    guarantee_by: date | None
    guarantee_end: date | None
    items_have: int | None
    items_need: int | None
    items_missing: str
    items_unknown: str
    computed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerTotals:
    """The foot of the list.

    Attributes:
        oldest: the earliest day that a balance is from.
        first_year: of all disbursements that the actor may see, whatever the filter; None:
            there is none.
    """

    count: int
    principal: Decimal
    balance: Decimal
    oldest: date | None
    first_year: int | None
    last_year: int | None

    @property
    def years(self) -> list[int]:
        """Return the years between the first and the last disbursement, newest first."""
        if self.first_year is None or self.last_year is None:
            return []
        return list(range(self.last_year, self.first_year - 1, -1))


SORTS: Final[Mapping[str, InstrumentedAttribute[Any]]] = {
    "loan_no": Loan.loan_no,
    "archive_no": Loan.archive_no,
    "customer": Customer.name,
    "principal": LoanPosition.principal,
    "due_on": LoanPosition.due_on,
    "balance": LoanPosition.balance,
    "overdue": LoanPosition.overdue_days,
    "missing": LoanPosition.items_need,
    "limitation": LoanPosition.limitation_by,
}
EXPRESSIONS: Final[Mapping[str, ColumnElement[Any]]] = {  # where it is not the column itself
    "missing": LoanPosition.items_need - LoanPosition.items_have,
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
    func.coalesce(
        select(User.display_name).where(User.username == Loan.manager).scalar_subquery(),
        Loan.manager,
    ).label("manager"),
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
    all_of_them = aliased(LoanPosition)
    mine = uow.actor.branch_ids
    seen = [] if mine is None else [all_of_them.branch_id.in_(sorted(mine))]
    query = select(
        func.count(),
        func.coalesce(func.sum(LoanPosition.principal), 0),
        func.coalesce(func.sum(LoanPosition.balance), 0),
        func.min(LoanPosition.as_of),
        select(func.min(all_of_them.year)).where(*seen).scalar_subquery(),
        select(func.max(all_of_them.year)).where(*seen).scalar_subquery(),
    )
    count, principal, balance, oldest, first, last = uow.session.execute(
        query.where(*_visible(uow), *_conditions(wanted))
    ).one()
    return LedgerTotals(
        count=count,
        principal=principal,
        balance=balance,
        oldest=oldest,
        first_year=first,
        last_year=last,
    )


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
    column, order = _order(sort)
    query = select(LoanPosition.loan_id).where(*_visible(uow), *_conditions(wanted))
    if column.table is not LoanPosition.__table__:
        query = query.join(Loan, Loan.id == LoanPosition.loan_id)
    if column.table is Customer.__table__:
        query = query.join(Customer, Customer.id == Loan.customer_id)
    query = query.order_by(*order).offset(offset).limit(limit)
    return _lines(uow, uow.session.scalars(query).all())


def marked_rows(uow: UnitOfWork, numbers: Sequence[str], *, sort: str) -> list[LedgerRow]:
    """Return the lines with these loan numbers that the actor may see."""
    _, order = _order(sort)
    ids: list[int] = []
    for at in range(0, len(numbers), _AT_ONCE):
        query = (
            select(LoanPosition.loan_id)
            .join(Loan, Loan.id == LoanPosition.loan_id)
            .join(Customer, Customer.id == Loan.customer_id)
            .where(*_visible(uow), Loan.loan_no.in_(numbers[at : at + _AT_ONCE]))
            .order_by(*order)
        )
        ids += uow.session.scalars(query)
    return _lines(uow, ids)


def _lines(uow: UnitOfWork, ids: Sequence[int]) -> list[LedgerRow]:
    """Return the lines of these loans in the order of the ids."""
    found: dict[int, LedgerRow] = {}
    for at in range(0, len(ids), _AT_ONCE):
        query = (
            select(*_COLUMNS)
            .select_from(Loan)
            .join(Customer, Customer.id == Loan.customer_id)
            .join(Contract, Contract.id == Loan.contract_id)
            .join(LoanPosition, LoanPosition.loan_id == Loan.id)
            .where(Loan.id.in_(ids[at : at + _AT_ONCE]))
        )
        for row in uow.session.execute(query):
            found[row.id] = LedgerRow(**row._mapping)  # noqa: SLF001 - the public name of rows
    return [found[loan_id] for loan_id in ids]


def _order(
    sort: str,
) -> tuple[InstrumentedAttribute[Any], tuple[UnaryExpression[Any], UnaryExpression[int]]]:
    key, down = (sort[1:], True) if sort.startswith("-") else (sort, False)
    if key not in SORTS:
        return _order(DEFAULT_SORT)
    column, value = SORTS[key], EXPRESSIONS.get(key, SORTS[key])
    first = value.desc().nulls_last() if down else value.asc().nulls_last()
    return column, (first, LoanPosition.loan_id.desc() if down else LoanPosition.loan_id.asc())


def _visible(uow: UnitOfWork) -> Iterator[ColumnElement[bool]]:
    if uow.actor.branch_ids is not None:
        yield LoanPosition.branch_id.in_(sorted(uow.actor.branch_ids))


def _conditions(wanted: LedgerFilter) -> Iterator[ColumnElement[bool]]:
    same = (
        (LoanPosition.branch_id, wanted.branch_id),
        (LoanPosition.year, wanted.year),
        (LoanPosition.stage, wanted.stage or None),
    )
    yield from (column == value for column, value in same if value is not None)
    if wanted.bucket:
        yield from _within(wanted.bucket)
    if wanted.due_from is not None:
        yield LoanPosition.due_on >= wanted.due_from
    if wanted.due_to is not None:
        yield LoanPosition.due_on <= wanted.due_to
    for column, text in ((Loan.risk_class, wanted.risk_class), (Loan.manager, wanted.manager)):
        if text:
            yield LoanPosition.loan_id.in_(select(Loan.id).where(column == text))
    if wanted.missing:
        yield LoanPosition.items_missing.contains(f" {wanted.missing} ")
    if wanted.papers is not None:
        yield _PAPERS[wanted.papers]
    if wanted.secured_by is not None:
        yield _SECURED[wanted.secured_by]
    if wanted.text:
        yield LoanPosition.loan_id.in_(_ids_with(wanted.text))


def _within(bucket: str) -> Iterator[ColumnElement[bool]]:
    """Yield a bucket as days, because one index holds them beside the sums."""
    first, last = (1, None) if bucket == LATE else days_of(bucket)
    yield LoanPosition.overdue_days >= first
    if last is not None:
        yield LoanPosition.overdue_days <= last


def _ids_with(text: str) -> CompoundSelect[tuple[int]]:
    """Return a SELECT of the loans in whose numbers or names the text stands.

    Each part reads one index from end to end and no table.
    """
    contracts = select(Contract.id).where(Contract.contract_no.contains(text, autoescape=True))
    named = select(Customer.id).where(Customer.name.contains(text, autoescape=True))
    parts = [
        select(Loan.id).where(Loan.loan_no.contains(text, autoescape=True)),
        select(Loan.id).where(Loan.archive_no.contains(text, autoescape=True)),
        select(Loan.id).where(Loan.contract_id.in_(contracts)),
        select(Loan.id).where(Loan.customer_id.in_(named)),
    ]
    if len(text) >= SHORTEST_NUMBER:
        numbered = select(Customer.id).where(Customer.id_no.contains(text, autoescape=True))
        parts.append(select(Loan.id).where(Loan.customer_id.in_(numbered)))
    return union_all(*parts)


_GUARANTEED: Final = exists().where(Guarantee.loan_id == LoanPosition.loan_id)
_MORTGAGED: Final = exists().where(
    Collateral.loan_id == LoanPosition.loan_id, Collateral.kind.startswith("mortgage")
)
_PLEDGED: Final = exists().where(
    Collateral.loan_id == LoanPosition.loan_id, Collateral.kind.startswith("pledge")
)
_SECURED: Final[Mapping[SecuredBy, ColumnElement[bool]]] = {
    SecuredBy.GUARANTEE: _GUARANTEED,
    SecuredBy.MORTGAGE: _MORTGAGED,
    SecuredBy.PLEDGE: _PLEDGED,
    SecuredBy.NOTHING: ~_GUARANTEED
    & ~exists().where(Collateral.loan_id == LoanPosition.loan_id),
}
_PAPERS: Final[Mapping[Papers, ColumnElement[bool]]] = {
    Papers.GAPS: LoanPosition.items_have < LoanPosition.items_need,
    Papers.COMPLETE: LoanPosition.items_have >= LoanPosition.items_need,
    Papers.UNKNOWN: LoanPosition.items_need.is_(None),
}

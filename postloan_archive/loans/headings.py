"""What a list names a loan file by, and finding one by a number that a person typed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, func, or_, select

from postloan_archive.access import branches
from postloan_archive.loans import queries
from postloan_archive.loans.models import Contract, Customer, Loan
from postloan_archive.uow import UnitOfWork

MOST: Final = 20  # loans that one number may stand for: a customer has several
_BRACKETS: Final = str.maketrans("()", "（）")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanHeading:
    """Who and which contract: enough to recognise a loan file in a list."""

    id: int
    loan_no: str
    archive_no: str
    customer: str
    contract_no: str
    branch_id: int
    branch: str


def headings(uow: UnitOfWork, loan_nos: Iterable[str]) -> dict[str, LoanHeading]:
    """Return the headings of those of the loans that the actor may see, by number."""
    found = _select(uow).where(Loan.loan_no.in_(sorted(set(loan_nos))))
    return {row.loan_no: row for row in _rows(uow, found)}


def headings_by_id(uow: UnitOfWork, loan_ids: Iterable[int]) -> dict[int, LoanHeading]:
    """Return the headings of those of the loans that the actor may see, by id."""
    found = _select(uow).where(Loan.id.in_(sorted(set(loan_ids))))
    return {row.id: row for row in _rows(uow, found)}


def with_number(uow: UnitOfWork, *spellings: str) -> list[LoanHeading]:
    """Return the loans whose own, contract, archive or customer number is one of these.

    Upper and lower case and both kinds of brackets are tried for each spelling.
    """
    tried = {text.strip() for text in spellings if text.strip()}
    tried |= {text.upper() for text in tried} | {text.lower() for text in tried}
    tried |= {text.translate(_BRACKETS) for text in tried}
    wanted = sorted(tried)
    if not wanted:
        return []
    found = _select(uow).where(
        or_(
            Loan.loan_no.in_(wanted),
            Loan.archive_no.in_(wanted),
            Contract.contract_no.in_(wanted),
            Customer.id_no.in_(wanted),
        )
    )
    return _rows(uow, found.limit(MOST * 5))


def with_name(uow: UnitOfWork, name: str) -> list[LoanHeading]:
    """Return the loans of the customers with exactly this name."""
    found = _select(uow).where(Customer.name == name.strip())
    return _rows(uow, found.limit(MOST * 5))


def _select(uow: UnitOfWork) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Loan.id,
            Loan.loan_no,
            Loan.archive_no,
            Loan.branch_id,
            Customer.name.label("customer"),
            Contract.contract_no,
        )
        .join(Customer, Customer.id == Loan.customer_id)
        .join(Contract, Contract.id == Loan.contract_id)
        .where(Loan.id.in_(queries.visible_ids(uow)))
        .order_by(Loan.loan_no)
    )


def _rows(uow: UnitOfWork, query: Select[*tuple[Any, ...]]) -> list[LoanHeading]:
    rows = uow.session.execute(query).all()
    names = branches.names(uow.session) if rows else {}
    return [
        LoanHeading(
            id=row.id,
            loan_no=row.loan_no,
            archive_no=row.archive_no,
            customer=row.customer,
            contract_no=row.contract_no,
            branch_id=row.branch_id,
            branch=names.get(row.branch_id, ""),
        )
        for row in rows
    ]


def state_of_identities(uow: UnitOfWork) -> tuple[int, int]:
    """Return the number of loans and the newest id: while both stay, so do most identities."""
    row = uow.session.execute(select(func.count(Loan.id), func.max(Loan.id))).one()
    return int(row[0]), int(row[1] or 0)


def identities(
    uow: UnitOfWork, branch_id: int | None = None
) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield loan, contract, archive and customer number and name of every visible loan.

    Args:
        uow: where to look and for whom.
        branch_id: only this branch and what is below it; None: all.
    """
    query = (
        select(
            Loan.loan_no,
            Contract.contract_no,
            Loan.archive_no,
            Customer.id_no,
            Customer.name,
        )
        .join(Customer, Customer.id == Loan.customer_id)
        .join(Contract, Contract.id == Loan.contract_id)
        .where(Loan.id.in_(queries.visible_ids(uow)))
        .order_by(Loan.id)
    )
    if branch_id is not None:
        below = branches.with_descendants(uow.session, [branch_id])
        query = query.where(Loan.branch_id.in_(sorted(below)))
    for row in uow.session.execute(query).yield_per(1_000):
        yield row[0], row[1], row[2], row[3], row[4]

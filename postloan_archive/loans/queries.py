"""SELECTs over the ledger; every one looks only among the branches of the actor."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import joinedload, selectinload

from postloan_archive.kernel.actor import Actor
from postloan_archive.loans.errors import LoanNotFoundError
from postloan_archive.loans.models import (
    Amendment,
    Collateral,
    Contract,
    Customer,
    Guarantee,
    Loan,
)
from postloan_archive.uow import UnitOfWork


def visible_ids(uow: UnitOfWork) -> Select[tuple[int]]:
    """Return a SELECT of the ids of the loans that the actor may see."""
    return within_branches(select(Loan.id), uow.actor)


def may_see(uow: UnitOfWork) -> ColumnElement[bool]:
    """Return the condition that the loan of a query is one that the actor may see.

    For queries that name their loans: where many are read, SQLite is faster with `visible_ids`.
    """
    if uow.actor.branch_ids is None:
        return true()
    return Loan.branch_id.in_(sorted(uow.actor.branch_ids))


def still_ours() -> ColumnElement[bool]:
    """Return the condition that a loan is neither settled nor sold."""
    return Loan.settled_on.is_(None) & Loan.transferred_on.is_(None)


def is_visible(uow: UnitOfWork, loan_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    """Return the condition that a column names a loan that the actor may see.

    It looks up one loan a row; `visible_ids` lists them all, dear where there are many.
    """
    if uow.actor.branch_ids is None:
        return true()
    seen = Loan.branch_id.in_(sorted(uow.actor.branch_ids))
    return select(Loan.id).where(Loan.id == loan_id, seen).exists()


def is_visible_number(uow: UnitOfWork, loan_no: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    """Return the condition that a column holds the number of a loan that the actor may see."""
    found = select(Loan.id).where(Loan.loan_no == loan_no)
    if uow.actor.branch_ids is not None:
        found = found.where(Loan.branch_id.in_(sorted(uow.actor.branch_ids)))
    return found.exists()


def within_branches(query: Select[tuple[int]], actor: Actor) -> Select[tuple[int]]:
    """Return the query narrowed to the branches of the actor."""
    if actor.branch_ids is None:
        return query
    return query.where(Loan.branch_id.in_(sorted(actor.branch_ids)))


def get_loan(uow: UnitOfWork, loan_no: str) -> Loan:
    """Return the loan with this number.

    Raises:
        LoanNotFoundError: no such loan, or none that the actor may see.
    """
    loan = uow.session.scalar(select(Loan).where(Loan.loan_no == loan_no.strip()))
    if loan is None or not uow.actor.sees_branch(loan.branch_id):
        raise LoanNotFoundError(loan_no=loan_no)
    return loan


def get_loan_by_id(uow: UnitOfWork, loan_id: int) -> Loan:
    """Return the loan with this id.

    Raises:
        LoanNotFoundError: no such loan, or none that the actor may see.
    """
    loan = uow.session.get(Loan, loan_id)
    if loan is None or not uow.actor.sees_branch(loan.branch_id):
        raise LoanNotFoundError(loan_no=str(loan_id))
    return loan


def neighbours(uow: UnitOfWork, loan: Loan) -> tuple[str | None, str | None]:
    """Return the numbers of the visible loan files before and after this one, by number."""
    seen = Loan.id.in_(visible_ids(uow))
    before = uow.session.scalar(
        select(func.max(Loan.loan_no)).where(seen, Loan.loan_no < loan.loan_no)
    )
    after = uow.session.scalar(
        select(func.min(Loan.loan_no)).where(seen, Loan.loan_no > loan.loan_no)
    )
    return before, after


def search_fields(loan: Loan) -> dict[str, str]:
    """Return what the full-text index keeps beside the text of each page of the loan file."""
    contract: Contract = loan.contract
    customer: Customer = loan.customer
    return {
        "customer": customer.name,
        "id_no": customer.id_no,
        "loan_no": loan.loan_no,
        "archive_no": loan.archive_no,
        "contract_no": contract.contract_no,
    }


def numbers_of(uow: UnitOfWork, loan_ids: set[int]) -> dict[int, str]:
    """Return the loan number by id for loans that the caller was allowed to see."""
    rows = uow.session.execute(
        select(Loan.id, Loan.loan_no).where(Loan.id.in_(sorted(loan_ids))).order_by(Loan.id)
    )
    return {row.id: row.loan_no for row in rows}


def loans_with_parties(uow: UnitOfWork, loan_ids: Sequence[int]) -> list[Loan]:
    """Return visible loans with contract, parties and security, read at once; five queries."""
    query = (
        select(Loan)
        .where(Loan.id.in_(loan_ids), may_see(uow))
        .options(
            joinedload(Loan.customer),
            joinedload(Loan.contract),
            selectinload(Loan.guarantees).joinedload(Guarantee.guarantor),
            selectinload(Loan.collateral).joinedload(Collateral.provider),
        )
        .order_by(Loan.id)
    )
    return list(uow.session.scalars(query))


def numbers_after(uow: UnitOfWork, loan_no: str | None, limit: int) -> dict[int, str]:
    """Return ids and numbers of up to `limit` visible loans after a number, in their order."""
    query = select(Loan.id, Loan.loan_no).where(Loan.id.in_(visible_ids(uow)))
    if loan_no is not None:
        query = query.where(Loan.loan_no > loan_no)
    rows = uow.session.execute(query.order_by(Loan.loan_no).limit(limit))
    return {row.id: row.loan_no for row in rows}


def loans_after(uow: UnitOfWork, loan_no: str | None, limit: int) -> list[Loan]:
    """Return up to `limit` visible loans with numbers after this one, in their order."""
    seen = Loan.id.in_(visible_ids(uow))
    query = select(Loan).where(seen).order_by(Loan.loan_no).limit(limit)
    if loan_no is not None:
        query = query.where(Loan.loan_no > loan_no)
    return list(uow.session.scalars(query))


def ids_in_branch(uow: UnitOfWork, branch_id: int | None) -> Select[tuple[int]]:
    """Return a SELECT of the visible loans, of one branch where it is given."""
    query = visible_ids(uow)
    return query if branch_id is None else query.where(Loan.branch_id == branch_id)


def numbers_in_branch(uow: UnitOfWork, branch_id: int) -> frozenset[str]:
    """Return the numbers of the visible loans of one branch."""
    ids = ids_in_branch(uow, branch_id)
    return frozenset(uow.session.scalars(select(Loan.loan_no).where(Loan.id.in_(ids))))


def ids_matching(uow: UnitOfWork, word: str) -> Select[tuple[int]]:
    """Return a SELECT of the visible loans with this number, or of customers called so."""
    named = select(Customer.id).where(Customer.name.contains(word, autoescape=True))
    return visible_ids(uow).where((Loan.loan_no == word) | Loan.customer_id.in_(named))


def loans_with_people(uow: UnitOfWork, people: Collection[int], *, most: int) -> list[Loan]:
    """Return the visible loans still ours that customers owe or secure, by number.

    Args:
        uow: whose loans.
        people: ids of customers.
        most: how many at the most; somebody may secure thousands.
    """
    wanted = sorted(people)
    guaranteed = select(Guarantee.loan_id).where(Guarantee.guarantor_id.in_(wanted))
    secured = select(Collateral.loan_id).where(Collateral.provider_id.in_(wanted))
    theirs = Loan.customer_id.in_(wanted) | Loan.id.in_(guaranteed) | Loan.id.in_(secured)
    query = select(Loan).where(Loan.id.in_(visible_ids(uow)), still_ours(), theirs)
    return list(uow.session.scalars(query.order_by(Loan.loan_no).limit(most)))


def seen_among(uow: UnitOfWork, loan_ids: list[int]) -> frozenset[int]:
    """Return those of the loans that the actor may see."""
    return frozenset(
        uow.session.scalars(visible_ids(uow).where(Loan.id.in_(sorted(set(loan_ids)))))
    )


def customers_of(uow: UnitOfWork, loan_ids: set[int]) -> dict[int, int]:
    """Return the id of the borrower by loan id for loans that the caller was allowed to see."""
    rows = uow.session.execute(
        select(Loan.id, Loan.customer_id).where(Loan.id.in_(sorted(loan_ids))).order_by(Loan.id)
    )
    return {row.id: row.customer_id for row in rows}


def amendments_of(uow: UnitOfWork, loan_id: int) -> list[Amendment]:
    """Return the changes of the plan of a loan that the caller may see, oldest first."""
    return list(
        uow.session.scalars(
            select(Amendment).where(Amendment.loan_id == loan_id).order_by(Amendment.id)
        )
    )

"""The loans of a case: the leading one and those joined to it. Everything asks here."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from postloan_archive.archive import queries as archive
from postloan_archive.archive.queries import DocumentRow
from postloan_archive.cases.models import Case, CaseLoan
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork

STANDS = CaseLoan.removed_at.is_(None)


def loans_of(uow: UnitOfWork, case: Case) -> list[Loan]:
    """Return the loans that are sued for, the leading one at the head.

    Raises:
        LoanNotFoundError: one of them is not for this actor.
    """
    return [loans.get_loan_by_id(uow, loan_id) for loan_id in case.loan_ids]


def numbers_of(uow: UnitOfWork, case: Case) -> tuple[str, ...]:
    """Return the numbers of the loans of a case, the leading one at the head."""
    found = loans.numbers_of(uow, set(case.loan_ids))
    return tuple(found[loan_id] for loan_id in case.loan_ids)


def files_of(uow: UnitOfWork, case: Case) -> list[tuple[Loan, list[DocumentRow]]]:
    """Return each loan of a case with the documents of its file that the actor may see."""
    return [(loan, archive.documents_of(uow, loan.id)) for loan in loans_of(uow, case)]


def papers_of(uow: UnitOfWork, case: Case) -> list[DocumentRow]:
    """Return the documents of all loan files of a case, as a form offers them.

    With several loans the title says whose file it is.
    """
    files = files_of(uow, case)
    if len(files) == 1:
        return files[0][1]
    return [
        replace(row, title=f"{row.title}（{loan.loan_no}）")
        for loan, rows in files
        for row in rows
    ]


def about(loan: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the condition that a case sues for a loan, as the leading one or beside it.

    Args:
        loan: the id of the loan, or a column that holds it.
    """
    joined = select(CaseLoan.id).where(
        CaseLoan.case_id == Case.id, CaseLoan.loan_id == loan, STANDS
    )
    return (Case.loan_id == loan) | joined.exists()


def open_case_no(uow: UnitOfWork, loan_id: int) -> str | None:
    """Return our number of the case in which a loan is sued for now, None if there is none."""
    return uow.session.scalar(
        select(Case.case_no)
        .where(about(loan_id), Case.closed_on.is_(None))
        .order_by(Case.id)
        .limit(1)
    )


def cases_of(uow: UnitOfWork, loan_ids: Sequence[int]) -> dict[int, list[Case]]:
    """Return the cases by loan that the caller was allowed to see, the oldest first."""
    pairs = links()
    rows = uow.session.execute(
        select(pairs.c.loan_id, Case)
        .join(Case, Case.id == pairs.c.case_id)
        .where(pairs.c.loan_id.in_(loan_ids))
        .options(selectinload(Case.further))
        .order_by(Case.id, pairs.c.loan_id)
    )
    found: dict[int, list[Case]] = {}
    for loan_id, case in rows:
        found.setdefault(loan_id, []).append(case)
    return found


def links(*conditions: ColumnElement[bool]) -> Any:  # noqa: ANN401 - columns of a union
    """Return a subquery of (case_id, loan_id), one row a loan of each case that fits."""
    leading = select(Case.id.label("case_id"), Case.loan_id.label("loan_id"))
    joined = select(CaseLoan.case_id, CaseLoan.loan_id).join(Case, Case.id == CaseLoan.case_id)
    return union_all(leading.where(*conditions), joined.where(STANDS, *conditions)).subquery()


def sued_for(*conditions: ColumnElement[bool]) -> Select[tuple[int]]:
    """Return a SELECT of the ids of the loans of the cases that fit."""
    return select(links(*conditions).c.loan_id)

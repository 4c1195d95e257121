"""The audit lines of one loan file, each checked against its place in the chain."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, func, select

from postloan_archive import audit
from postloan_archive.archive.models import Document
from postloan_archive.audit import AuditLine, AuditRow
from postloan_archive.audit.line import chain_hash
from postloan_archive.cases.case_loans import about
from postloan_archive.cases.models import Case
from postloan_archive.collection.models import Complaint, Placement, Stop, Survey
from postloan_archive.custody.models import Lending, Original
from postloan_archive.inspection.models import Signal
from postloan_archive.litigation.models import Package
from postloan_archive.loans.models import (
    Collateral,
    Guarantee,
    LimitationEvent,
    Loan,
    Payment,
)
from postloan_archive.notices.models import Notice
from postloan_archive.preservation.models import Measure
from postloan_archive.uow import UnitOfWork
from postloan_archive.worklist.models import Deadline

PAGE: Final = 50
_PARTS: Final = {  # first word of a subject -> SELECT of the ids that belong to a loan
    "document": Document,
    "case": Case,
    "preservation": Measure,
    "limitation_event": LimitationEvent,
    "payment": Payment,
    "guarantee": Guarantee,
    "collateral": Collateral,
    "notice": Notice,
    "deadline": Deadline,
    "complaint": Complaint,
    "placement": Placement,
    "stop": Stop,
    "survey": Survey,
    "signal": Signal,
    "original": Original,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailRow:
    """One line with what it proves.

    Attributes:
        intact: the digest follows from the line and the digest before it.
        signed: a signed checkpoint covers the line.
    """

    line: AuditLine
    intact: bool
    signed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """One page, newest first; `next_before` asks for the next one."""

    rows: tuple[TrailRow, ...]
    total: int
    next_before: int | None


def lines_of_loan(uow: UnitOfWork, loan: Loan, *, before: int | None = None) -> Trail:
    """Return the audit lines of a loan and of everything that belongs to it.

    Args:
        uow: of somebody who may see the loan.
        loan: the loan.
        before: only lines numbered lower, to turn the page.
    """
    wanted = AuditRow.subject.in_(_subjects(uow, loan))
    total = uow.session.scalar(select(func.count()).select_from(AuditRow).where(wanted)) or 0
    query = select(AuditRow.seq).where(wanted).order_by(AuditRow.seq.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(AuditRow.seq < before)
    numbers = list(uow.session.scalars(query))
    shown = audit.lines_of(uow.session, numbers[:PAGE])
    checkpoint = audit.last_checkpoint(uow.session)
    covered = checkpoint.tree_size if checkpoint is not None else 0
    return Trail(
        rows=tuple(
            TrailRow(line=line, intact=is_intact(line), signed=line.seq <= covered)
            for line in reversed(shown)
        ),
        total=total,
        next_before=numbers[PAGE - 1] if len(numbers) > PAGE else None,
    )


def is_intact(line: AuditLine) -> bool:
    """Return whether the digest of a line follows from it and from the digest before it."""
    try:
        expected = chain_hash(bytes.fromhex(line.prev_hash), line.canonical().encode())
    except (TypeError, ValueError):
        return False
    return expected.hex() == line.hash


def _subjects(uow: UnitOfWork, loan: Loan) -> list[str]:
    return [f"loan:{loan.id}", f"loan:{loan.loan_no}", *_of_parts(uow, loan)]


def _of_parts(uow: UnitOfWork, loan: Loan) -> Iterator[str]:
    for word, table in _PARTS.items():
        query: Select[*tuple[Any, ...]] = (
            select(table.id).where(table.loan_id == loan.id).order_by(table.id)  # type: ignore[attr-defined]  # each has both columns
        )
        yield from (f"{word}:{number}" for number in uow.session.scalars(query))
    packages = (
        select(Package.id)
        .join(Case, Case.id == Package.case_id)
        .where(about(loan.id))
        .order_by(Package.id)
    )
    yield from (f"package:{number}" for number in uow.session.scalars(packages))
    lendings = (
        select(Lending.id)
        .join(Original, Original.id == Lending.original_id)
        .where(Original.loan_id == loan.id)
        .order_by(Lending.id)
    )
    yield from (f"lending:{number}" for number in uow.session.scalars(lendings))

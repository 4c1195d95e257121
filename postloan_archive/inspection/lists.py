"""Lists over all loans: inspections to come, risk signals; filtered, one page at a time."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Select, func, select

from postloan_archive.inspection.models import Planned, Signal
from postloan_archive.loans import queries as loans
from postloan_archive.loans.headings import LoanHeading, headings_by_id
from postloan_archive.uow import UnitOfWork

AT_ONCE: Final = 500  # loans of one query


@dataclass(frozen=True, slots=True, kw_only=True)
class DueInspection:
    """One inspection to come on one loan; `left` in days, negative: late."""

    loan_no: str
    customer: str
    branch: str
    kind: str
    due_on: date
    not_before: date | None
    reason: str
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedDue:
    """The filter of the plan; empty: everything due until a day."""

    until: date
    kind: str = ""
    branch_id: int | None = None
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSignals:
    """The filter of the signals; by default those that are open."""

    state: str = "open"  # open, late, closed
    kind: str = ""
    owner: str = ""
    branch_id: int | None = None
    word: str = ""


def due_inspections(
    uow: UnitOfWork, asked: AskedDue, *, offset: int = 0, limit: int | None = 50
) -> list[DueInspection]:
    """Return one page of the inspections due by a day, the first due at the head."""
    rows = uow.session.scalars(
        select(Planned)
        .where(*_due(uow, asked))
        .order_by(Planned.due_on, Planned.loan_id, Planned.kind)
        .offset(offset)
        .limit(limit)
    ).all()
    heads = _heads(uow, [row.loan_id for row in rows])
    today = uow.clock.today()
    return [
        DueInspection(
            loan_no=heads[row.loan_id].loan_no,
            customer=heads[row.loan_id].customer,
            branch=heads[row.loan_id].branch,
            kind=row.kind,
            due_on=row.due_on,
            not_before=row.not_before,
            reason=row.reason,
            left=(row.due_on - today).days,
        )
        for row in rows
        if row.loan_id in heads
    ]


def count_due(uow: UnitOfWork, asked: AskedDue) -> int:
    """Return how many inspections answer the filter."""
    query = select(func.count()).select_from(Planned).where(*_due(uow, asked))
    return uow.session.scalar(query) or 0


def signals(
    uow: UnitOfWork, asked: AskedSignals, *, offset: int = 0, limit: int | None = 50
) -> list[tuple[Signal, LoanHeading]]:
    """Return one page of the signals, the first due at the head; closed ones newest first."""
    order = (
        (Signal.closed_on.desc(), Signal.id.desc())
        if asked.state == "closed"
        else (Signal.due_on, Signal.id)
    )
    rows = uow.session.scalars(
        select(Signal).where(*_signals(uow, asked)).order_by(*order).offset(offset).limit(limit)
    ).all()
    heads = _heads(uow, [row.loan_id for row in rows])
    return [(row, heads[row.loan_id]) for row in rows if row.loan_id in heads]


def count_signals(uow: UnitOfWork, asked: AskedSignals) -> int:
    """Return how many signals answer the filter."""
    query = select(func.count()).select_from(Signal).where(*_signals(uow, asked))
    return uow.session.scalar(query) or 0


def _heads(uow: UnitOfWork, ids: list[int]) -> dict[int, LoanHeading]:
    heads: dict[int, LoanHeading] = {}
    for at in range(0, len(ids), AT_ONCE):  # a database takes only so many numbers at once
        heads |= headings_by_id(uow, ids[at : at + AT_ONCE])
    return heads


def _due(uow: UnitOfWork, asked: AskedDue) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Planned.loan_id.in_(_seen(uow, asked.word)),
        Planned.due_on <= asked.until,
    ]
    if asked.kind:
        found.append(Planned.kind == asked.kind)
    if asked.branch_id is not None:
        found.append(Planned.branch_id == asked.branch_id)
    return found


def _signals(uow: UnitOfWork, asked: AskedSignals) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Signal.loan_id.in_(_seen(uow, asked.word))]
    if asked.state == "closed":
        found.append(Signal.closed_on.is_not(None))
    else:
        found.append(Signal.closed_on.is_(None))
    if asked.state == "late":
        found.append(Signal.due_on < uow.clock.today())
    if asked.kind:
        found.append(Signal.kind == asked.kind)
    if asked.owner:
        found.append(Signal.owner == asked.owner)
    if asked.branch_id is not None:
        found.append(Signal.branch_id == asked.branch_id)
    return found


def _seen(uow: UnitOfWork, word: str) -> Select[tuple[int]]:
    return loans.ids_matching(uow, word.strip()) if word.strip() else loans.visible_ids(uow)

"""The letters of one run a page at a time: narrowed, counted and summed in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Customer, Loan
from postloan_archive.notices.models import Notice, NoticeRun
from postloan_archive.notices.queries import LetterRow, letter_of
from postloan_archive.uow import UnitOfWork


class Group(StrEnum):
    """The parts of a run that its page can show alone."""

    ALL = "all"
    ERRORS = "errors"
    WARNINGS = "warnings"
    READY = "ready"
    ISSUED = "issued"
    FAILED = "failed"
    UNSENT = "unsent"
    WAITING = "waiting"
    DONE = "answered"


CONDITIONS: Final[dict[Group, ColumnElement[bool]]] = {
    Group.ALL: true(),
    Group.ERRORS: Notice.state == "blocked",
    Group.WARNINGS: and_(Notice.state.in_(("draft", "issued")), Notice.warned),
    Group.READY: Notice.state == "draft",
    Group.ISSUED: Notice.state == "issued",
    Group.FAILED: Notice.state == "failed",
    Group.UNSENT: and_(Notice.state == "issued", Notice.dispatched_on.is_(None)),
    Group.WAITING: and_(Notice.dispatched_on.is_not(None), Notice.outcome == ""),
    Group.DONE: Notice.outcome != "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What the letters shown are about: each debt counted once, whoever is written to.

    `total` in yuan.
    """

    letters: int
    loans: int
    total: Decimal


def counts(uow: UnitOfWork, run: NoticeRun) -> dict[Group, int]:
    """Return how many letters of the run are in each group; one query."""
    row = uow.session.execute(
        select(
            *(
                func.count(Notice.id).filter(CONDITIONS[group]).label(group.value)
                for group in Group
            )
        ).where(*_of(uow, run))
    ).one()
    return {group: getattr(row, group.value) for group in Group}


def warned_ready(uow: UnitOfWork, run: NoticeRun) -> int:
    """Return how many letters could be issued and carry a warning."""
    query = select(func.count(Notice.id)).where(
        *_of(uow, run), Notice.state == "draft", Notice.warned
    )
    return uow.session.scalar(query) or 0


def sums(uow: UnitOfWork, run: NoticeRun, group: Group, words: str = "") -> Sums:
    """Return letters, loans and the debt; a loan with two guarantors owes its debt once."""
    each = (
        select(func.max(Notice.total).label("owed"), func.count(Notice.id).label("letters"))
        .where(*_of(uow, run), CONDITIONS[group], *_named(words))
        .group_by(Notice.loan_id)
        .subquery()
    )
    row = uow.session.execute(
        select(
            func.sum(each.c.letters).label("letters"),
            func.count().label("loans"),
            func.sum(each.c.owed).label("owed"),
        ).select_from(each)
    ).one()
    return Sums(letters=row.letters or 0, loans=row.loans or 0, total=row.owed or ZERO)


def rows(
    uow: UnitOfWork,
    run: NoticeRun,
    group: Group,
    *,
    words: str = "",
    limit: int | None = None,
    offset: int = 0,
) -> list[LetterRow]:
    """Return letters of a run in delivery order."""
    found = uow.session.scalars(
        select(Notice)
        .where(*_of(uow, run), CONDITIONS[group], *_named(words))
        .order_by(Notice.position, Notice.id)
        .limit(limit)
        .offset(offset)
    ).all()
    numbers = loans.numbers_of(uow, {notice.loan_id for notice in found})
    return [letter_of(notice, numbers[notice.loan_id]) for notice in found]


def ids(uow: UnitOfWork, run: NoticeRun, group: Group, among: Sequence[int] = ()) -> list[int]:
    """Return the ids of letters of a run in delivery order, only some of them where named."""
    query = select(Notice.id).where(*_of(uow, run), CONDITIONS[group])
    if among:
        query = query.where(Notice.id.in_(among))
    return list(uow.session.scalars(query.order_by(Notice.position, Notice.id)))


def _of(uow: UnitOfWork, run: NoticeRun) -> list[ColumnElement[bool]]:
    conditions = [Notice.run_id == run.id]
    if uow.actor.branch_ids is not None:
        conditions.append(Notice.branch_id.in_(sorted(uow.actor.branch_ids)))
    return conditions


def _named(words: str) -> list[ColumnElement[bool]]:
    """Return the condition that addressee, loan, serial, barcode or tracking number match."""
    text = words.strip()
    if not text:
        return []
    people = select(Customer.id).where(Customer.name.contains(text, autoescape=True))
    numbers = select(Loan.id).where(Loan.loan_no.contains(text, autoescape=True))
    return [
        or_(
            Notice.addressee_id.in_(people),
            Notice.loan_id.in_(numbers),
            Notice.serial_no.contains(text, autoescape=True),
            Notice.barcode == text,
            Notice.tracking_no == text,
        )
    ]

"""鉴定销毁 as a list: which settled loan files are due, derived only where that can be.

A period ends on 31 December of the year of settlement plus the years of its class, and the
longest class wins (R-I07). So a loan that was settled within the shortest period cannot be due,
whatever else is true of it: such loans are counted, and derived for the page that is shown.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from postloan_archive.archive.models import Document
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Loan
from postloan_archive.retention.rules.periods import Block
from postloan_archive.retention.standing import Standing, standings, table_of
from postloan_archive.uow import UnitOfWork

SHOW: Final = ("due", "ready", "blocked", "running", "all")
RUNNING: Final = frozenset({"running", "all"})
MOST: Final = 20_000  # loan files that one look derives
AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What of the list is wanted: a state, a year of expiry, a class, a branch."""

    show: str
    year: int = 0
    kind: str = ""
    branch: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DueList:
    """One page of the list.

    Attributes:
        total: rows in all that fit.
        counts: rows of each state, whatever else is chosen.
        years: years in which periods end or ended, with how many where that is known.
        pieces, pages: papers of all rows that fit.
        left_out: loan files that were not derived because there are too many.
    """

    rows: list[Standing]
    total: int
    counts: dict[str, int]
    years: list[tuple[int, int | None]]
    pieces: int
    pages: int
    left_out: int


def passes(row: Standing, show: str) -> bool:
    """Return whether a loan file belongs into one of the states."""
    blocks = {block for block, _ in row.blocks}
    match show:
        case "due":
            return blocks == {Block.NOT_APPRAISED}
        case "ready":
            return not blocks
        case "blocked":
            return row.expired and bool(blocks - {Block.NOT_APPRAISED})
        case "running":
            return bool(blocks & {Block.NOT_EXPIRED, Block.PERMANENT})
        case _:
            return True


def due_list(uow: UnitOfWork, choice: Choice, *, offset: int, size: int) -> DueList:
    """Return one page of the list and what stands around it."""
    today, last = uow.clock.today(), last_old_day(uow)
    old_where = Loan.settled_on <= last
    new_where = (Loan.settled_on > last) & (Loan.settled_on <= today)
    old = _derived(uow, old_where, MOST)
    left_out = max(0, _count(uow, old_where) - MOST)
    young = _count(uow, new_where)
    counts = {one: sum(passes(row, one) for row in old) for one in SHOW}
    for one in RUNNING:
        counts[one] += young
    fitting = [row for row in old if _fits(row, choice)]
    if choice.show in RUNNING and (choice.year or choice.kind):
        left_out += max(0, young - MOST)
        fitting += [row for row in _derived(uow, new_where, MOST) if _fits(row, choice)]
        young = 0
    elif choice.show in RUNNING and choice.branch:
        new_where &= Loan.branch_id == choice.branch
        young = _count(uow, new_where)
    elif choice.show not in RUNNING:
        young = 0
    rows = fitting[offset : offset + size]
    if young and len(rows) < size:
        start = max(0, offset - len(fitting))
        rows += standings(uow, _loans(uow, new_where, limit=size - len(rows), offset=start))
    pieces, pages = _papers(uow, new_where) if young else (0, 0)
    return DueList(
        rows=rows,
        total=len(fitting) + young,
        counts=counts,
        years=_years(old, choice, today),
        pieces=pieces + sum(row.pieces for row in fitting),
        pages=pages + sum(row.pages for row in fitting),
        left_out=left_out,
    )


def everything(uow: UnitOfWork, choice: Choice) -> list[Standing]:
    """Return the whole list for a paper, as many as one look derives."""
    return due_list(uow, choice, offset=0, size=MOST).rows


def each(uow: UnitOfWork, *, every: bool) -> Iterator[Standing]:
    """Yield the settled loan files one after another, all or those that can be due."""
    last = uow.clock.today() if every else last_old_day(uow)
    offset = 0
    while part := _loans(uow, Loan.settled_on <= last, limit=AT_ONCE, offset=offset):
        yield from standings(uow, part)
        offset += len(part)


def last_old_day(uow: UnitOfWork) -> date:
    """Return the last day of settlement from which a period can be over today."""
    _edition, table = table_of(uow)
    years = [one for one in table.values() if one is not None]
    if not years:  # everything is kept for ever
        return date.min
    return date(max(date.min.year, uow.clock.today().year - min(years) - 1), 12, 31)


def _fits(row: Standing, choice: Choice) -> bool:
    end = row.period.value.end
    return (
        passes(row, choice.show)
        and (not choice.year or (end is not None and end.year == choice.year))
        and (not choice.kind or row.period.value.classes[0][0].value == choice.kind)
        and (not choice.branch or row.loan.branch_id == choice.branch)
    )


def _derived(uow: UnitOfWork, where: ColumnElement[bool], limit: int) -> list[Standing]:
    found: list[Standing] = []
    for offset in range(0, limit, AT_ONCE):
        part = _loans(uow, where, limit=min(AT_ONCE, limit - offset), offset=offset)
        found += [
            row
            for row in standings(uow, part)
            if not any(block is Block.DESTROYED for block, _ in row.blocks)
        ]
        if len(part) < AT_ONCE:
            break
    return found


def _loans(
    uow: UnitOfWork, where: ColumnElement[bool], *, limit: int, offset: int
) -> list[Loan]:
    query = (
        select(Loan)
        .where(Loan.id.in_(loans.visible_ids(uow)), where)
        .options(
            selectinload(Loan.customer),
            selectinload(Loan.contract),
            selectinload(Loan.guarantees),
            selectinload(Loan.collateral),
        )
        .order_by(Loan.settled_on, Loan.id)
        .limit(limit)
        .offset(offset)
    )
    return list(uow.session.scalars(query))


def _count(uow: UnitOfWork, where: ColumnElement[bool]) -> int:
    query = loans.within_branches(select(func.count(Loan.id)), uow.actor)
    return uow.session.scalar(query.where(where)) or 0


def _papers(uow: UnitOfWork, where: ColumnElement[bool]) -> tuple[int, int]:
    query = (
        select(func.count(Document.id), func.sum(Document.page_count))
        .join(Loan, Loan.id == Document.loan_id)
        .where(Document.withdrawn_at.is_(None), where)
    )
    if uow.actor.branch_ids is not None:
        query = query.where(Loan.branch_id.in_(sorted(uow.actor.branch_ids)))
    pieces, pages = uow.session.execute(query).one()
    return pieces, pages or 0


def _years(old: list[Standing], choice: Choice, today: date) -> list[tuple[int, int | None]]:
    ends = (row.period.value.end for row in old)
    known: dict[int, int | None] = dict(Counter(end.year for end in ends if end is not None))
    if choice.show in RUNNING:
        known |= dict.fromkeys(range(today.year, today.year + 31))
    return sorted(known.items())

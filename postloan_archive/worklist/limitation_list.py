"""The limitation clock of every overdue loan: one line a loan, from the stored deadlines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from postloan_archive.access.models import Branch
from postloan_archive.archive.models import Document
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.law import Citation
from postloan_archive.loans.models import Customer, Guarantee, LimitationEvent, Loan
from postloan_archive.uow import UnitOfWork
from postloan_archive.worklist.models import Deadline
from postloan_archive.worklist.queries import citation_of
from postloan_archive.worklist.rules.computed import State
from postloan_archive.worklist.rules.kinds import Kind

DISPUTED: Final = "R-D02"  # rule of a row that is past by the careful reading alone
WITHIN: Final = (30, 60, 90)  # days, as the filter offers them
ENDING_DAYS: Final = 90  # 将届


class Standing(StrEnum):
    """How a limitation stands; a description of dates, no legal conclusion (R-008)."""

    RUNNING = "running"
    ENDING = "ending"
    PAST = "past"
    DISPUTED = "disputed"
    PENDING = "pending"


LABELS: Final[dict[Standing, str]] = {
    Standing.RUNNING: _l("正常"),
    Standing.ENDING: _l("将届"),
    Standing.PAST: _l("已过"),
    Standing.DISPUTED: _l("有争议"),
    Standing.PENDING: _l("程序中"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitationFilter:
    """What is asked for; an empty field asks for nothing.

    Attributes:
        left: at most so many days to the safe day, and not over.
        unproven: the last interruption has no paper.
        guarantor: part of the name of a guarantor.
        words: part of the name of the debtor or of the loan number.
    """

    standing: str = ""
    left: int | None = None
    unproven: bool = False
    guarantor: str = ""
    branch: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitationRow:
    """One loan.

    Attributes:
        due_on: the main debt fell due.
        guarantee: the nearest end of a guarantee period without a claim, None where there is
            none.
        cause: what interrupted the period last, or what it runs from.
        waiting: proposals that wait for a person.
    """

    id: int
    loan_id: int
    loan_no: str
    debtor: str
    branch: str
    principal: Decimal
    due_on: date
    guarantee: date | None
    cause: str
    cause_on: date | None
    proof_document_id: int | None
    proof: str
    nominal: date
    legal: date
    safe: date
    provisional: bool
    standing: Standing
    days_left: int
    waiting: int
    why_not: str
    basis: tuple[Citation, ...]
    steps: tuple[str, ...]
    edition: str
    calendar_edition: str


def filter_of(args: Mapping[str, str]) -> LimitationFilter:
    """Return the filter of an address; what makes no sense is left out."""
    standing, left, branch = (args.get(name, "") for name in ("standing", "left", "branch"))
    return LimitationFilter(
        standing=standing if standing in set(Standing) else "",
        left=int(left) if left in {str(days) for days in WITHIN} else None,
        unproven=args.get("unproven") == "1",
        guarantor=args.get("guarantor", "").strip(),
        branch=int(branch) if branch.isascii() and branch.isdigit() else None,
        words=args.get("words", "").strip(),
    )


def count(uow: UnitOfWork, wanted: LimitationFilter) -> int:
    """Return how many loans the filter finds."""
    query = select(func.count(Deadline.id)).select_from(Deadline)
    if wanted.words or wanted.guarantor:  # else the joins take nothing away
        query = _joined(query)
    return uow.session.scalar(query.where(*_conditions(uow, wanted))) or 0


def listing(
    uow: UnitOfWork, wanted: LimitationFilter, *, limit: int | None = None, offset: int = 0
) -> list[LimitationRow]:
    """Return the loans that the filter finds, the nearest end first."""
    where = _conditions(uow, wanted)
    if limit is not None:  # first which rows stand on the page, then what they show
        some = select(Deadline.id).select_from(Deadline)
        some = _joined(some) if wanted.words or wanted.guarantor else some
        order = (Deadline.state, Deadline.safe, Deadline.id)
        page = some.where(*where).order_by(*order).offset(offset).limit(limit)
        where, offset = [Deadline.id.in_(page)], 0
    query = (
        _joined(
            select(
                Deadline,
                Loan.loan_no,
                Loan.principal,
                Loan.due_on,
                Loan.accelerated_on,
                Customer.name.label("debtor"),
                Branch.name.label("branch"),
                Document.title.label("proof"),
                Document.item_code,
            )
        )
        .outerjoin(Document, Document.id == Deadline.proof_document_id)
        .where(*where)
        .order_by(Deadline.state, Deadline.safe, Deadline.id)
        .offset(offset)
    )
    rows = list(uow.session.execute(query))
    ids = [row.Deadline.loan_id for row in rows]
    ends, waiting = _guarantee_ends(uow, ids), _waiting(uow, ids)
    return [_row(row, uow, ends, waiting) for row in rows]


def standings(uow: UnitOfWork) -> dict[str, int]:
    """Return how many loans stand in each way; one query."""
    today = uow.clock.today()
    columns = [
        func.count(case((_stands(standing, today), 1))).label(str(standing))
        for standing in Standing
    ]
    query = select(*columns).select_from(Deadline).where(*_clocks(uow))
    row = uow.session.execute(query).mappings().one()
    return {str(standing): row[str(standing)] for standing in Standing}


def loan_numbers(uow: UnitOfWork, wanted: LimitationFilter, *, most: int) -> list[str]:
    """Return the numbers of the loans that the filter finds, at most so many."""
    query = (
        _joined(select(Loan.loan_no))
        .where(*_conditions(uow, wanted))
        .order_by(Deadline.state, Deadline.safe, Deadline.id)
        .limit(most)
    )
    return list(uow.session.scalars(query))


def _conditions(uow: UnitOfWork, wanted: LimitationFilter) -> list[ColumnElement[bool]]:
    return [*_clocks(uow), *_narrowed(wanted, uow.clock.today())]


def _clocks(uow: UnitOfWork) -> Iterator[ColumnElement[bool]]:
    yield Deadline.kind == Kind.LIMITATION
    yield Deadline.key.startswith("limitation:")
    # What a recomputation struck runs in a procedure; settled and judged debts are left out.
    yield or_(
        Deadline.state == State.OPEN,
        and_(Deadline.state == State.STRUCK, Deadline.struck_reason.startswith("程序")),
    )
    if uow.actor.branch_ids is not None:
        yield Deadline.branch_id.in_(sorted(uow.actor.branch_ids))


def _narrowed(wanted: LimitationFilter, today: date) -> Iterator[ColumnElement[bool]]:
    if wanted.standing:
        yield _stands(Standing(wanted.standing), today)
    if wanted.left is not None:
        yield Deadline.state == State.OPEN
        yield Deadline.legal >= today
        yield Deadline.safe <= today + timedelta(days=wanted.left)
    if wanted.unproven:
        yield Deadline.state == State.OPEN
        yield Deadline.rule != "R-D01"
        yield Deadline.proof_document_id.is_(None)
    if wanted.branch is not None:
        yield Deadline.branch_id == wanted.branch
    if wanted.words:
        yield or_(
            Customer.name.contains(wanted.words, autoescape=True),
            Loan.loan_no.contains(wanted.words, autoescape=True),
        )
    if wanted.guarantor:
        guarantor = (
            select(Guarantee.id)
            .join(Customer, Customer.id == Guarantee.guarantor_id)
            .where(
                Guarantee.loan_id == Loan.id,
                Customer.name.contains(wanted.guarantor, autoescape=True),
            )
            .correlate(Loan)
        )
        yield guarantor.exists()


def _stands(standing: Standing, today: date) -> ColumnElement[bool]:
    runs = Deadline.state == State.OPEN
    soon = today + timedelta(days=ENDING_DAYS)
    match standing:
        case Standing.PENDING:
            return Deadline.state == State.STRUCK
        case Standing.PAST:
            return and_(runs, Deadline.legal < today)
        case Standing.DISPUTED:
            return and_(runs, Deadline.legal >= today, Deadline.rule == DISPUTED)
        case Standing.ENDING:
            return and_(
                runs, Deadline.legal >= today, Deadline.rule != DISPUTED, Deadline.safe <= soon
            )
        case _:
            return and_(
                runs, Deadline.legal >= today, Deadline.rule != DISPUTED, Deadline.safe > soon
            )


def standing_of(row: Deadline, today: date) -> Standing:
    """Return how a stored limitation stands; the same as the filter decides."""
    if row.state != State.OPEN:
        return Standing.PENDING
    if row.legal < today:
        return Standing.PAST
    if row.rule == DISPUTED:
        return Standing.DISPUTED
    soon = row.safe <= today + timedelta(days=ENDING_DAYS)
    return Standing.ENDING if soon else Standing.RUNNING


def _joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        query.join_from(Deadline, Loan, Loan.id == Deadline.loan_id)
        .join(Customer, Customer.id == Loan.customer_id)
        .join(Branch, Branch.id == Deadline.branch_id)
    )


def _guarantee_ends(uow: UnitOfWork, loan_ids: Sequence[int]) -> dict[int, date]:
    rows = uow.session.execute(
        select(Deadline.loan_id, func.min(Deadline.safe).label("safe"))
        .where(
            Deadline.loan_id.in_(loan_ids),
            Deadline.kind == Kind.GUARANTEE,
            Deadline.state == State.OPEN,
        )
        .group_by(Deadline.loan_id)
        .order_by(Deadline.loan_id)
    )
    return {row.loan_id: row.safe for row in rows}


def _waiting(uow: UnitOfWork, loan_ids: Sequence[int]) -> dict[int, int]:
    rows = uow.session.execute(
        select(LimitationEvent.loan_id, func.count().label("events"))
        .where(
            LimitationEvent.loan_id.in_(loan_ids),
            LimitationEvent.confirmed_at.is_(None),
            LimitationEvent.struck_reason == "",
        )
        .group_by(LimitationEvent.loan_id)
        .order_by(LimitationEvent.loan_id)
    )
    return {row.loan_id: row.events for row in rows}


def _row(
    row: Any,  # noqa: ANN401 - a row of SQLAlchemy
    uow: UnitOfWork,
    ends: Mapping[int, date],
    waiting: Mapping[int, int],
) -> LimitationRow:
    one: Deadline = row.Deadline
    today = uow.clock.today()
    shown = row.item_code is not None and uow.actor.sees_category(row.item_code[:2])
    due_on = row.due_on if row.accelerated_on is None else min(row.due_on, row.accelerated_on)
    return LimitationRow(
        id=one.id,
        loan_id=one.loan_id,
        loan_no=row.loan_no,
        debtor=row.debtor,
        branch=row.branch,
        principal=row.principal,
        due_on=due_on,
        guarantee=ends.get(one.loan_id),
        cause=one.trigger,
        cause_on=one.trigger_on,
        proof_document_id=one.proof_document_id if shown else None,
        proof=row.proof if shown else "",
        nominal=one.nominal,
        legal=one.legal,
        safe=one.safe,
        provisional=one.provisional,
        standing=standing_of(one, today),
        days_left=(one.safe - today).days,
        waiting=waiting.get(one.loan_id, 0),
        why_not=one.struck_reason,
        basis=tuple(citation_of(stored) for stored in one.basis),
        steps=tuple(one.steps),
        edition=one.edition,
        calendar_edition=one.calendar_edition,
    )

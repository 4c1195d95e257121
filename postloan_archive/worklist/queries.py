"""SELECTs over deadlines; only those of loans that the actor may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, Select, UnaryExpression, case, func, select

from postloan_archive.access.models import Branch, User
from postloan_archive.archive.models import Document
from postloan_archive.cases.models import Case
from postloan_archive.kernel.law import Citation, Confidence
from postloan_archive.loans.models import Customer, Loan
from postloan_archive.uow import UnitOfWork
from postloan_archive.worklist.filtering import DeadlineFilter, conditions, in_span, within
from postloan_archive.worklist.models import Deadline
from postloan_archive.worklist.rules.buckets import EDGES, LATER, PAST, bucket_of
from postloan_archive.worklist.rules.computed import State
from postloan_archive.worklist.rules.kinds import LABELS, LEVELS, LONG, NOT_REPAIRABLE, Kind

SORTS: Final[dict[str, tuple[Any, ...]]] = {
    "safe": (Deadline.safe, Deadline.legal),
    "legal": (Deadline.legal, Deadline.safe),
    "kind": (Deadline.kind, Deadline.safe),
    "debtor": (Customer.name, Deadline.safe),
    "owner": (Deadline.owner, Deadline.safe),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRow:
    """One line of a list of deadlines.

    Attributes:
        days_left: from the day asked to the safe day.
        days_over: days after the legal last day, 0 while it is not over.
        amount: claim of the case, else the principal of the loan, yuan.
        court_case_no: our number of the case, if the deadline belongs to one.
        proof: title of the paper that proves the trigger, empty where there is none.
    """

    id: int
    key: str
    kind: str
    kind_label: str
    title: str
    subject: str
    loan_id: int
    loan_no: str
    debtor: str
    branch: str
    case_no: str
    amount: Decimal
    nominal: date
    legal: date
    safe: date
    at: datetime | None
    provisional: bool
    source: str
    computed_legal: date | None
    trigger: str
    trigger_on: date | None
    proof_document_id: int | None
    proof: str
    basis: tuple[Citation, ...]
    steps: tuple[str, ...]
    edition: str
    calendar_edition: str
    reminders: tuple[str, ...]
    escalate_on: date | None
    owner: str
    owner_name: str
    note: str
    state: str
    done_on: date | None
    done_by: str
    done_document_id: int | None
    struck_by: str
    struck_reason: str
    created_at: datetime
    updated_at: datetime | None
    version: int
    days_left: int
    bucket: str
    long_period: bool
    cannot_be_repaired: bool

    @property
    def differs(self) -> bool:
        """Return whether the paper of the court and our computation name different days."""
        return self.computed_legal is not None and self.computed_legal != self.legal


def count(uow: UnitOfWork, wanted: DeadlineFilter) -> int:
    """Return how many deadlines the filter finds."""
    where = conditions(wanted, actor=uow.actor, today=uow.clock.today())
    query = _as_needed(select(func.count(Deadline.id)).select_from(Deadline), wanted)
    return uow.session.scalar(query.where(*where)) or 0


def counts(uow: UnitOfWork, wanted: Mapping[str, DeadlineFilter]) -> dict[str, int]:
    """Return how many deadlines each of the filters finds, by name; one query."""
    row = uow.session.execute(
        select(*(counting(uow, one).label(name) for name, one in wanted.items()))
    ).one()
    return {name: getattr(row, name) for name in wanted}


def counting(uow: UnitOfWork, wanted: DeadlineFilter) -> ScalarSelect[int]:
    """Return the count of a filter as part of a larger query."""
    where = conditions(wanted, actor=uow.actor, today=uow.clock.today())
    query = _as_needed(select(func.count(Deadline.id)).select_from(Deadline), wanted)
    return query.where(*where).scalar_subquery()


def spans_of(uow: UnitOfWork, wanted: DeadlineFilter, names: Iterable[str]) -> dict[str, int]:
    """Return how many of what the filter finds are in each of the spans, and in all; one look.

    The spans may overlap; `every` counts all.
    """
    today = uow.clock.today()
    where = conditions(wanted, actor=uow.actor, today=today)
    columns = [_count(in_span(name, today)).label(name) for name in names]
    query = select(*columns, func.count(Deadline.id).label("every")).select_from(Deadline)
    row = uow.session.execute(_as_needed(query, wanted).where(*where)).mappings().one()
    return dict(row)


def listing(
    uow: UnitOfWork,
    wanted: DeadlineFilter,
    *,
    sort: str = "safe",
    limit: int | None = None,
    offset: int = 0,
) -> list[DeadlineRow]:
    """Return the deadlines that the filter finds, the nearest first unless asked otherwise."""
    today = uow.clock.today()
    where = conditions(wanted, actor=uow.actor, today=today)
    order = _order(sort)
    if limit is None:
        query = _rows().where(*where).order_by(*order).offset(offset)
        return [_row(row, uow) for row in uow.session.execute(query)]
    # First which rows stand on the page, from an index where there is one; then what they show.
    where = conditions(wanted, actor=uow.actor, today=today, in_order=True)
    found = select(Deadline.id).select_from(Deadline)
    found = (
        found
        if sort.removeprefix("-") != "debtor" and not _needs_loans(wanted)
        else _joined(found)
    )
    page = found.where(*where).order_by(*order).offset(offset).limit(limit)
    query = _rows().where(Deadline.id.in_(page)).order_by(*order)
    return [_row(row, uow) for row in uow.session.execute(query)]


def one(uow: UnitOfWork, deadline: Deadline) -> DeadlineRow:
    """Return a deadline that the actor was allowed to load, as lists show it."""
    query = _rows().where(Deadline.id == deadline.id)
    return _row(uow.session.execute(query).one(), uow)


def of_loan(uow: UnitOfWork, loan_id: int) -> list[DeadlineRow]:
    """Return every deadline of one loan that the caller was allowed to see, struck included."""
    query = _rows().where(Deadline.loan_id == loan_id).order_by(Deadline.safe, Deadline.id)
    return [_row(row, uow) for row in uow.session.execute(query)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One line of the level table: how many of a group are over, and how near the others are.

    `within` counts by the days of `EDGES`, each including the ones before it.
    """

    key: str
    label: str
    past: int
    within: tuple[tuple[int, int], ...]  # days, count
    later: int


def levels(uow: UnitOfWork, *, scope: DeadlineFilter) -> list[Level]:
    """Return the level table of what `scope` shows; one query."""
    today = uow.clock.today()
    where = conditions(scope, actor=uow.actor, today=today)
    columns = [
        _count(Deadline.legal < today).label(PAST),
        *(_count(within(edge, today)).label(f"d{edge}") for edge in EDGES),
        func.count(Deadline.id).label("total"),
    ]
    rows = {
        row.kind: row
        for row in uow.session.execute(
            _as_needed(select(Deadline.kind, *columns).select_from(Deadline), scope)
            .where(*where)
            .group_by(Deadline.kind)
        )
    }
    found = []
    for key, label, kinds in LEVELS:
        mine = [rows[kind] for kind in sorted(kinds) if kind in rows]
        past = sum(row.past for row in mine)
        near = tuple((edge, sum(getattr(row, f"d{edge}") for row in mine)) for edge in EDGES)
        total = sum(row.total for row in mine)
        found.append(
            Level(
                key=key, label=label, past=past, within=near, later=total - past - near[-1][1]
            )
        )
    return found


def spans(uow: UnitOfWork, wanted: DeadlineFilter) -> dict[str, int]:
    """Return how many of what the filter finds are in each bucket; one query."""
    today = uow.clock.today()
    where = conditions(wanted, actor=uow.actor, today=today)
    rows = uow.session.execute(
        _as_needed(
            select(
                _count(Deadline.legal < today).label(PAST),
                *(_count(within(edge, today)).label(f"d{edge}") for edge in EDGES),
                func.count(Deadline.id).label("total"),
            ).select_from(Deadline),
            wanted,
        ).where(*where)
    ).one()
    found, before = {PAST: rows.past or 0}, 0
    for edge in EDGES:
        reached = getattr(rows, f"d{edge}") or 0
        found[str(edge)] = reached - before
        before = reached
    found[LATER] = (rows.total or 0) - found[PAST] - before
    return found


def branches_seen(uow: UnitOfWork) -> list[tuple[int, str]]:
    """Return the branches with deadlines that the actor may see."""
    where = conditions(DeadlineFilter(state="any"), actor=uow.actor, today=uow.clock.today())
    some = select(Deadline.id).where(Deadline.branch_id == Branch.id, *where).exists()
    query = select(Branch.id, Branch.name).where(some).order_by(Branch.id)
    return [(row.id, row.name) for row in uow.session.execute(query)]


def citation_of(stored: Mapping[str, str]) -> Citation:
    """Return a provision as the row of the deadline keeps it."""
    since = stored.get("in_force_from", "")
    return Citation(
        law=stored["law"],
        article=stored["article"],
        rule=stored["rule"],
        confidence=Confidence(stored["confidence"]),
        in_force_from=date.fromisoformat(since) if since else None,
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _order(sort: str) -> Iterable[ColumnElement[Any] | UnaryExpression[Any]]:
    down, name = sort.startswith("-"), sort.removeprefix("-")
    columns = SORTS.get(name, SORTS["safe"])
    return [*(column.desc() if down else column for column in columns), Deadline.id]


def _needs_loans(wanted: DeadlineFilter) -> bool:
    """Return whether the conditions of a filter name a loan or a customer."""
    return bool(wanted.words or wanted.loan_no)


def _as_needed(
    query: Select[*tuple[Any, ...]], wanted: DeadlineFilter
) -> Select[*tuple[Any, ...]]:
    """Return the query with loans and customers only where the conditions name them.

    Every deadline has a loan, every loan a customer: the joins take nothing away.
    """
    return _joined(query) if _needs_loans(wanted) else query


def _joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        query.join_from(Deadline, Loan, Loan.id == Deadline.loan_id)
        .join(Customer, Customer.id == Loan.customer_id)
        .join(Branch, Branch.id == Deadline.branch_id)
    )


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        _joined(
            select(
                Deadline,
                Loan.loan_no,
                Loan.principal,
                Customer.name.label("debtor"),
                Branch.name.label("branch"),
                Case.case_no,
                Case.claim_amount,
                Document.title.label("proof"),
                Document.item_code,
                User.display_name.label("owner_name"),
            )
        )
        .outerjoin(Case, Case.id == Deadline.case_id)
        .outerjoin(Document, Document.id == Deadline.proof_document_id)
        .outerjoin(User, User.username == Deadline.owner)
    )


def _row(row: Any, uow: UnitOfWork) -> DeadlineRow:  # noqa: ANN401 - a row of SQLAlchemy
    one: Deadline = row.Deadline
    today = uow.clock.today()
    shown = row.item_code is not None and uow.actor.sees_category(row.item_code[:2])
    kind = Kind(one.kind)
    return DeadlineRow(
        id=one.id,
        key=one.key,
        kind=one.kind,
        kind_label=LABELS[kind],
        title=one.title,
        subject=one.subject,
        loan_id=one.loan_id,
        loan_no=row.loan_no,
        debtor=row.debtor,
        branch=row.branch,
        case_no=row.case_no or "",
        amount=row.claim_amount if row.claim_amount is not None else row.principal,
        nominal=one.nominal,
        legal=one.legal,
        safe=one.safe,
        at=one.at,
        provisional=one.provisional,
        source=one.source,
        computed_legal=one.computed_legal,
        trigger=one.trigger,
        trigger_on=one.trigger_on,
        proof_document_id=one.proof_document_id if shown else None,
        proof=row.proof if shown else "",
        basis=tuple(citation_of(stored) for stored in one.basis),
        steps=tuple(one.steps),
        edition=one.edition,
        calendar_edition=one.calendar_edition,
        reminders=tuple(one.reminders),
        escalate_on=one.escalate_on,
        owner=one.owner,
        owner_name=row.owner_name or one.owner,
        note=one.note,
        state=one.state,
        done_on=one.done_on,
        done_by=one.done_by,
        done_document_id=one.done_document_id,
        struck_by=one.struck_by,
        struck_reason=one.struck_reason,
        created_at=one.created_at,
        updated_at=one.updated_at,
        version=one.version,
        days_left=(one.safe - today).days,
        bucket=bucket_of(safe=one.safe, legal=one.legal, today=today)
        if one.state == State.OPEN
        else "",
        long_period=kind in LONG,
        cannot_be_repaired=kind in NOT_REPAIRABLE,
    )

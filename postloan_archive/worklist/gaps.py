"""What must not be forgotten (design §8): things that ought to be there and are not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

from sqlalchemy import ScalarSelect, Select, SQLColumnExpression, func, literal, select

from postloan_archive.cases.models import Case
from postloan_archive.collection.models import Contact, Promise
from postloan_archive.custody.models import Lending, Original
from postloan_archive.kernel.errors import _l
from postloan_archive.loans.models import Customer, LimitationEvent, Loan
from postloan_archive.loans.rules.limitation_state import KIND_LABELS, Interruption
from postloan_archive.notices.models import Notice
from postloan_archive.notices.rules.delivery import WITHOUT_RECEIPT_DAYS
from postloan_archive.uow import UnitOfWork
from postloan_archive.worklist import queries
from postloan_archive.worklist.filtering import (
    LIMITATION_UNPROVEN,
    RENEWAL_ESCALATED,
    RENEWAL_MISSING,
    DeadlineFilter,
)
from postloan_archive.worklist.models import Deadline
from postloan_archive.worklist.rules.computed import State

_Column: TypeAlias = SQLColumnExpression[Any]
_Query: TypeAlias = Select[*tuple[Any, ...]]

CASE_WITHOUT_DATE: Final = "case_without_date"
LETTER_UNANSWERED: Final = "letter_unanswered"
PROPOSAL_WAITING: Final = "proposal_waiting"
PROMISE_BROKEN: Final = "promise_broken"
LENDING_OVERDUE: Final = "lending_overdue"
LABELS: Final[dict[str, str]] = {  # in the order of the desk
    CASE_WITHOUT_DATE: _l("案件没有将来的日期"),
    RENEWAL_MISSING: _l("保全临期未申请续行"),
    RENEWAL_ESCALATED: _l("续行申请应报主管"),
    LIMITATION_UNPROVEN: _l("时效中断缺凭证"),
    LETTER_UNANSWERED: _l("函件寄出后无回执"),
    PROPOSAL_WAITING: _l("时效中断事由待确认"),
    PROMISE_BROKEN: _l("还款承诺未兑现未跟进"),
    LENDING_OVERDUE: _l("借出原件逾期未还"),
}
OF_DEADLINES: Final = frozenset({RENEWAL_MISSING, RENEWAL_ESCALATED, LIMITATION_UNPROVEN})
"""Shown as deadlines; the others have no deadline of their own and are listed apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRow:
    """One thing that lacks something.

    Attributes:
        title: what it is, Chinese.
        since: from when it is missing.
        days: from then to today.
        case_no: our number of a case, else empty.
        number: number of a letter or of a lending, else empty.
    """

    title: str
    loan_no: str
    debtor: str
    since: date
    days: int
    owner: str
    case_no: str = ""
    number: str = ""


def counts(uow: UnitOfWork) -> list[tuple[str, str, int]]:
    """Return key, label and number of each gap among what the actor sees; one query."""
    row = uow.session.execute(select(*(_counting(uow, gap).label(gap) for gap in LABELS))).one()
    return [(gap, label, getattr(row, gap)) for gap, label in LABELS.items()]


def count(uow: UnitOfWork, gap: str) -> int:
    """Return how many things a gap lists."""
    return uow.session.scalar(select(_counting(uow, gap))) or 0


def listing(
    uow: UnitOfWork, gap: str, *, limit: int | None = None, offset: int = 0
) -> list[GapRow]:
    """Return what a gap lists, the oldest first; only for gaps without deadlines."""
    today = uow.clock.today()
    query = _select(uow, gap).order_by("since", "id").offset(offset)
    if limit is not None:
        query = query.limit(limit)
    return [
        GapRow(
            title=_title(gap, row),
            loan_no=row.loan_no,
            debtor=row.debtor,
            since=row.since,
            days=(today - row.since).days,
            owner=row.owner or "",
            case_no=row.number if gap == CASE_WITHOUT_DATE else "",
            number=(row.number or "") if gap in {LETTER_UNANSWERED, LENDING_OVERDUE} else "",
        )
        for row in uow.session.execute(query)
    ]


def _counting(uow: UnitOfWork, gap: str) -> ScalarSelect[int]:
    if gap in OF_DEADLINES:
        return queries.counting(uow, DeadlineFilter(gap=gap))
    found = _select(uow, gap).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def _title(gap: str, row: Any) -> str:  # noqa: ANN401 - a row of SQLAlchemy
    if gap == PROPOSAL_WAITING:
        known = row.what in set(Interruption)
        return KIND_LABELS[Interruption(row.what)] if known else str(row.what)
    if gap == LETTER_UNANSWERED:
        return f"{row.number or row.what} 寄出后没有签收、拒收或退回的记录"
    if gap == PROMISE_BROKEN:
        return f"承诺还款 {row.what:,} 元"
    return f"{row.number} {row.what}"


def _select(uow: UnitOfWork, gap: str) -> _Query:
    query = _SELECTS[gap](uow.clock.today()).join(Customer, Customer.id == Loan.customer_id)
    mine = uow.actor.branch_ids
    if mine is None:
        return query
    # The sum keeps the index of branches out: what is missing is little, the loans are many.
    return query.where((Loan.branch_id + 0).in_(sorted(mine)))


def _cases(today: date) -> _Query:
    """Return the open cases without an open deadline from today on."""
    ahead = (
        select(Deadline.id)
        .where(
            Deadline.case_id == Case.id,
            Deadline.state == State.OPEN,
            Deadline.legal >= today,
        )
        .exists()
    )
    columns = _columns(
        Case.id, Case.opened_on, number=Case.case_no, what=Case.court, owner=Case.owner
    )
    query = select(*columns).join_from(Case, Loan, Loan.id == Case.loan_id)
    return query.where(Case.closed_on.is_(None), ~ahead)


def _letters(today: date) -> _Query:
    """Return the letters that were sent and of which nothing came back."""
    until = today - timedelta(days=WITHOUT_RECEIPT_DAYS)
    columns = _columns(
        Notice.id,
        Notice.dispatched_on,
        number=Notice.serial_no,
        what=Notice.kind,
        owner=Loan.manager,
    )
    query = select(*columns).join_from(Notice, Loan, Loan.id == Notice.loan_id)
    return query.where(
        Notice.state == "issued", Notice.dispatched_on <= until, Notice.outcome == ""
    )


def _proposals(_today: date) -> _Query:
    """Return the events of clocks that nobody has confirmed or struck."""
    columns = _columns(
        LimitationEvent.id,
        LimitationEvent.happened_on,
        number=LimitationEvent.level,
        what=LimitationEvent.kind,
        owner=Loan.manager,
    )
    query = select(*columns).join_from(
        LimitationEvent, Loan, Loan.id == LimitationEvent.loan_id
    )
    return query.where(
        LimitationEvent.confirmed_at.is_(None), LimitationEvent.struck_reason == ""
    )


def _promises(_today: date) -> _Query:
    """Return the broken promises after which nobody spoke to the debtor again."""
    later = (
        select(Contact.id)
        .where(Contact.loan_id == Promise.loan_id, Contact.at > Promise.judged_on)
        .exists()
    )
    columns = _columns(
        Promise.id,
        Promise.due_on,
        number=literal(""),
        what=Promise.amount,
        owner=Loan.manager,
    )
    query = select(*columns).join_from(Promise, Loan, Loan.id == Promise.loan_id)
    return query.where(Promise.state == "broken", ~later)


def _lendings(today: date) -> _Query:
    """Return the originals that are out and should be back."""
    columns = _columns(
        Lending.id,
        Lending.due_on,
        number=Lending.lending_no,
        what=Original.title,
        owner=Lending.borrower,
    )
    query = (
        select(*columns)
        .join_from(Lending, Original, Original.id == Lending.original_id)
        .join(Loan, Loan.id == Original.loan_id)
    )
    return query.where(Lending.state.in_(["out", "returning"]), Lending.due_on < today)


_SELECTS: Final[Mapping[str, Callable[[date], _Query]]] = {
    CASE_WITHOUT_DATE: _cases,
    LETTER_UNANSWERED: _letters,
    PROPOSAL_WAITING: _proposals,
    PROMISE_BROKEN: _promises,
    LENDING_OVERDUE: _lendings,
}


def _columns(key: _Column, since: _Column, **others: _Column) -> list[_Column]:
    return [
        key.label("id"),
        since.label("since"),
        Loan.loan_no.label("loan_no"),
        Customer.name.label("debtor"),
        *(column.label(name) for name, column in others.items()),
    ]

"""What the desk shows beside the deadlines: completeness, recent files, inbox, paper lent."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select

from postloan_archive.access.models import Branch
from postloan_archive.archive import inbox_list
from postloan_archive.archive.models import Document
from postloan_archive.audit import AuditRow
from postloan_archive.custody import queries as custody
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.errors import _l
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Customer, Loan, LoanPosition
from postloan_archive.uow import UnitOfWork

RECENT: Final = 8  # loan files
LOOKED_BACK: Final = 200  # audit lines of the person
OPENED: Final = ("loans.file_viewed", "worklist.timeline_viewed")
UNREADABLE: Final = ("encrypted", "damaged", "type_mismatch", "unsupported", "timed_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchPapers:
    """One line of the completeness table.

    Attributes:
        files: loan files whose papers were counted.
        need: required papers, all files together.
        have: how many of them are there.
        with_gaps: files that lack at least one.
    """

    branch_id: int
    branch: str
    files: int
    need: int
    have: int
    with_gaps: int

    @property
    def missing(self) -> int:
        """Return how many papers are not there."""
        return self.need - self.have

    @property
    def percent(self) -> str:
        """Return the share of papers that are there, one decimal, never rounded up to 100."""
        if not self.need:
            return "—"
        share = Decimal(self.have * 1000 // self.need) / 10
        return f"{share}%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """A loan file that the person opened."""

    loan_no: str
    customer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """What waits in the inbox: how many, since when, and how many of each state."""

    files: int
    oldest: date | None
    states: tuple[tuple[str, str, int], ...]  # key of the filter, label, number


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How far reading and recognition are, among the loans that the actor sees."""

    waiting: int  # documents not read yet
    ocr_pages: int  # pages that wait for recognition
    unreadable: int  # documents kept, of which nothing could be read


def completeness(uow: UnitOfWork) -> list[BranchPapers]:
    """Return how complete the loan files of each branch are; one query."""
    gap = LoanPosition.items_need > LoanPosition.items_have
    seen = uow.actor.branch_ids
    mine = () if seen is None else (LoanPosition.branch_id.in_(sorted(seen)),)
    rows = uow.session.execute(
        select(
            Branch.id,
            Branch.name,
            func.count().label("files"),
            func.sum(LoanPosition.items_need).label("need"),
            func.sum(LoanPosition.items_have).label("have"),
            func.count().filter(gap).label("with_gaps"),
        )
        .join_from(LoanPosition, Branch, Branch.id == LoanPosition.branch_id)
        .where(*mine, LoanPosition.items_need.is_not(None))
        .group_by(Branch.id, Branch.name)
        .order_by(Branch.id)
    )
    return [
        BranchPapers(
            branch_id=row.id,
            branch=row.name,
            files=row.files,
            need=row.need or 0,
            have=row.have or 0,
            with_gaps=row.with_gaps,
        )
        for row in rows
    ]


def recent_files(uow: UnitOfWork) -> list[Recent]:
    """Return the loan files that the person opened last, as the audit trail knows it."""
    lines = uow.session.execute(
        select(AuditRow.subject, AuditRow.at)
        .where(AuditRow.actor == uow.actor.name, AuditRow.event.in_(OPENED))
        .order_by(AuditRow.seq.desc())
        .limit(LOOKED_BACK)
    )
    opened: dict[int, datetime] = {}
    for subject, at in lines:
        table, _, number = subject.partition(":")
        if table == "loan" and number.isdecimal():
            opened.setdefault(int(number), at)
        if len(opened) == RECENT:
            break
    names = {
        row.id: row
        for row in uow.session.execute(
            select(Loan.id, Loan.loan_no, Customer.name)
            .join(Customer, Customer.id == Loan.customer_id)
            .where(Loan.id.in_(list(opened)), loans.may_see(uow))
            .order_by(Loan.id)
        )
    }
    return [
        Recent(loan_no=names[loan_id].loan_no, customer=names[loan_id].name, at=at)
        for loan_id, at in opened.items()
        if loan_id in names
    ]


def inbox(uow: UnitOfWork) -> Inbox:
    """Return what waits in the inbox for this person."""
    first = inbox_list.open_files(uow, limit=1)
    counts = inbox_list.counts(uow)
    return Inbox(
        files=inbox_list.count_files(uow),
        oldest=first[0].received_at.astimezone(CHINA).date() if first else None,
        states=tuple(
            (key, label, counts[key])
            for key, label in inbox_list.STATE_FILTERS.items()
            if counts.get(key)
        ),
    )


def paper(uow: UnitOfWork) -> tuple[tuple[str, str, int], ...]:
    """Return what is lent or waits to be: key of the list, label, number; one query."""
    counts = custody.lending_counts(uow)
    views = (("out", _l("借出未还")), ("late", _l("逾期未还")), ("decide", _l("待审批")))
    return tuple((key, label, counts[key]) for key, label in views)


def reading(uow: UnitOfWork) -> Reading:
    """Return what is not searchable yet, and what never will be."""
    row = uow.session.execute(
        select(
            func.count().filter(Document.read_at.is_(None)).label("waiting"),
            func.coalesce(func.sum(Document.ocr_pending), 0).label("ocr_pages"),
            func.count().filter(Document.state.in_(UNREADABLE)).label("unreadable"),
        ).where(loans.is_visible(uow, Document.loan_id))
    ).one()
    return Reading(waiting=row.waiting, ocr_pages=row.ocr_pages, unreadable=row.unreadable)

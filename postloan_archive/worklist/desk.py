"""What the desk shows beside the deadlines: ageing, completeness, recent files, the inbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select

from postloan_archive.access.models import Branch
from postloan_archive.archive import inbox_list
from postloan_archive.archive.models import Document
from postloan_archive.audit import AuditRow
from postloan_archive.kernel.clock import CHINA
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Customer, Loan, LoanPosition
from postloan_archive.loans.rules.ageing import BUCKET_NAMES
from postloan_archive.uow import UnitOfWork

LATE_BUCKETS: Final = BUCKET_NAMES[1:]  # M1 to M6+
RECENT: Final = 8  # loan files
LOOKED_BACK: Final = 200  # audit lines of the person
OPENED: Final = ("loans.file_viewed", "worklist.timeline_viewed")
UNREADABLE: Final = ("encrypted", "damaged", "type_mismatch", "unsupported", "timed_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """One column of the ageing table; `balance` is principal not repaid, yuan."""

    bucket: str
    count: int
    balance: Decimal


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


def ageing(uow: UnitOfWork) -> tuple[list[Age], date | None]:
    """Return count and balance of the overdue loans by bucket, and the oldest day of it."""
    rows = uow.session.execute(
        select(
            LoanPosition.bucket,
            func.count().label("loans"),
            func.sum(LoanPosition.balance).label("balance"),
            func.min(LoanPosition.as_of).label("as_of"),
        )
        .where(
            LoanPosition.loan_id.in_(loans.visible_ids(uow)),
            LoanPosition.bucket.in_(LATE_BUCKETS),
        )
        .group_by(LoanPosition.bucket)
        .order_by(LoanPosition.bucket)
    ).all()
    found = {row.bucket: row for row in rows}
    columns = [
        Age(
            bucket=bucket,
            count=found[bucket].loans if bucket in found else 0,
            balance=found[bucket].balance if bucket in found else Decimal(0),
        )
        for bucket in LATE_BUCKETS
    ]
    return columns, min((row.as_of for row in rows), default=None)


def total_of(ages: Iterable[Age]) -> Age:
    """Return the sum over the buckets."""
    every = list(ages)
    return Age(
        bucket="",
        count=sum(one.count for one in every),
        balance=sum((one.balance for one in every), Decimal(0)),
    )


def completeness(uow: UnitOfWork) -> list[BranchPapers]:
    """Return how complete the loan files of each branch are; one query."""
    gap = LoanPosition.items_need > LoanPosition.items_have
    rows = uow.session.execute(
        select(
            Branch.id,
            Branch.name,
            func.count().label("files"),
            func.sum(LoanPosition.items_need).label("need"),
            func.sum(LoanPosition.items_have).label("have"),
            func.count().filter(gap).label("with_gaps"),
        )
        .join_from(LoanPosition, Loan, Loan.id == LoanPosition.loan_id)
        .join(Branch, Branch.id == Loan.branch_id)
        .where(
            LoanPosition.loan_id.in_(loans.visible_ids(uow)),
            LoanPosition.items_need.is_not(None),
        )
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
            .where(Loan.id.in_(list(opened)), Loan.id.in_(loans.visible_ids(uow)))
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


def reading(uow: UnitOfWork) -> Reading:
    """Return what is not searchable yet, and what never will be."""
    row = uow.session.execute(
        select(
            func.count().filter(Document.read_at.is_(None)).label("waiting"),
            func.coalesce(func.sum(Document.ocr_pending), 0).label("ocr_pages"),
            func.count().filter(Document.state.in_(UNREADABLE)).label("unreadable"),
        ).where(Document.loan_id.in_(loans.visible_ids(uow)))
    ).one()
    return Reading(waiting=row.waiting, ocr_pages=row.ocr_pages, unreadable=row.unreadable)

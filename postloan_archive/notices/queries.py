"""SELECTs over runs and letters; only letters of loans that the actor may see."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import case, func, select

from postloan_archive.loans import queries as loans
from postloan_archive.notices.errors import NoticeRunNotFoundError
from postloan_archive.notices.models import Notice, NoticeRun
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One line of the list of runs; counts are of the letters that the actor may see."""

    id: int
    run_no: str
    kind: str
    as_of: date
    state: str
    letters: int
    issued: int
    blocked: int
    dispatched: int
    answered: int
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """One line of the check table, or one issued letter."""

    id: int
    position: int
    loan_no: str
    addressee: str
    address: str
    total: Decimal | None
    state: str
    serial_no: str | None
    barcode: str | None
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    derivation: tuple[str, ...]
    document_id: int | None


def get_run(uow: UnitOfWork, run_id: int) -> NoticeRun:
    """Return a run all of whose letters the actor may see.

    Raises:
        NoticeRunNotFoundError: no such run, or one with letters of another branch.
    """
    run = uow.session.get(NoticeRun, run_id)
    if run is None or not all(uow.actor.sees_branch(row.branch_id) for row in run.notices):
        raise NoticeRunNotFoundError(run_id=run_id)
    return run


def runs(uow: UnitOfWork, *, limit: int = 50, offset: int = 0) -> list[RunRow]:
    """Return the runs with letters that the actor may see, newest first."""

    def count(condition: object) -> object:
        return func.sum(case((condition, 1), else_=0))  # type: ignore[arg-type]  # a clause

    rows = uow.session.execute(
        select(
            NoticeRun,
            func.count(Notice.id).label("letters"),
            count(Notice.state == "issued").label("issued"),  # type: ignore[attr-defined]
            count(Notice.state == "blocked").label("blocked"),  # type: ignore[attr-defined]
            count(Notice.dispatched_on.is_not(None)).label("dispatched"),  # type: ignore[attr-defined]
            count(Notice.outcome != "").label("answered"),  # type: ignore[attr-defined]
        )
        .join(Notice, Notice.run_id == NoticeRun.id)
        .where(Notice.loan_id.in_(loans.visible_ids(uow)))
        .group_by(NoticeRun.id)
        .order_by(NoticeRun.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    return [
        RunRow(
            id=row.NoticeRun.id,
            run_no=row.NoticeRun.run_no,
            kind=row.NoticeRun.kind,
            as_of=row.NoticeRun.as_of,
            state=row.NoticeRun.state,
            letters=row.letters,
            issued=row.issued,
            blocked=row.blocked,
            dispatched=row.dispatched,
            answered=row.answered,
            created_by=row.NoticeRun.created_by,
            created_at=row.NoticeRun.created_at,
        )
        for row in rows
    ]


def letters_of(uow: UnitOfWork, run: NoticeRun) -> list[LetterRow]:
    """Return the letters of a run in delivery order."""
    numbers = loans.numbers_of(uow, {notice.loan_id for notice in run.notices})
    return [_letter(notice, numbers[notice.loan_id]) for notice in run.notices]


def get_letter(uow: UnitOfWork, run_id: int, notice_id: int) -> Notice:
    """Return one letter of a run.

    Raises:
        NoticeRunNotFoundError: no such run or letter for this actor.
    """
    run = get_run(uow, run_id)
    found = next((notice for notice in run.notices if notice.id == notice_id), None)
    if found is None:
        raise NoticeRunNotFoundError(run_id=run_id)
    return found


def letters_of_loan(uow: UnitOfWork, loan_id: int) -> list[LetterRow]:
    """Return the letters about one loan, newest first."""
    loan = loans.get_loan_by_id(uow, loan_id)
    rows = uow.session.scalars(
        select(Notice).where(Notice.loan_id == loan_id).order_by(Notice.id.desc())
    )
    return [_letter(notice, loan.loan_no) for notice in rows]


def _letter(notice: Notice, loan_no: str) -> LetterRow:
    def texts(severity: str) -> tuple[str, ...]:
        return tuple(row["text"] for row in notice.problems if row["severity"] == severity)

    return LetterRow(
        id=notice.id,
        position=notice.position,
        loan_no=loan_no,
        addressee=str(notice.snapshot.get("addressee", "")),
        address=str(notice.snapshot.get("service_address", "")),
        total=notice.total,
        state=notice.state,
        serial_no=notice.serial_no,
        barcode=notice.barcode,
        errors=texts("error"),
        warnings=texts("warning"),
        derivation=tuple(notice.derivation),
        document_id=notice.document_id,
    )

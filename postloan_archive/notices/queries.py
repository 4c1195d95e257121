"""SELECTs over runs and letters; only letters of loans that the actor may see."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, case, func, select

from postloan_archive.loans import queries as loans
from postloan_archive.notices.errors import (
    NoticeNotFoundError,
    NoticeRunNotFoundError,
    RunOfSeveralBranchesError,
)
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
class LetterClock:
    """The period that a letter concerns, as it stood on the day of the run."""

    label: str
    safe: date
    legal: date
    provisional: bool


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
    notes: tuple[str, ...]
    codes: tuple[str, ...]  # of errors and warnings that have a remedy
    removed: bool  # a person took it out of the run
    derivation: tuple[str, ...]
    document_id: int | None
    kind: str
    run_id: int
    contract_no: str
    principal: str
    interest: str
    issued_on: date | None
    dispatched_on: date | None
    channel: str
    tracking_no: str
    outcome: str
    outcome_on: date | None
    outcome_note: str
    signer: str
    outcome_document_id: int | None
    proof_level: str
    limitation_event_id: int | None
    addressee_id: int
    loan_id: int
    guarantee_id: int | None
    clock: LetterClock | None
    phone: str
    addresses: tuple[str, ...]  # where it is sent: the agreed one, then the registered one
    sender: str
    sender_contact: str
    run_no: str


def get_run(uow: UnitOfWork, run_id: int) -> NoticeRun:
    """Return a run of which the actor may see at least one letter.

    Raises:
        NoticeRunNotFoundError: no such run, or only letters of other branches.
    """
    run = uow.session.get(NoticeRun, run_id)
    seen = select(Notice.id).where(Notice.run_id == run_id, *_within(uow)).limit(1)
    if run is None or uow.session.scalar(seen) is None:
        raise NoticeRunNotFoundError(run_id=run_id)
    return run


def get_whole_run(uow: UnitOfWork, run_id: int) -> NoticeRun:
    """Return a run all of whose letters the actor may see: to act on it as a whole.

    Raises:
        NoticeRunNotFoundError: no such run for this actor.
        RunOfSeveralBranchesError: it also holds letters of branches outside the actor's.
    """
    run = get_run(uow, run_id)
    if not sees_whole(uow, run_id):
        raise RunOfSeveralBranchesError(run_no=run.run_no)
    return run


def sees_whole(uow: UnitOfWork, run_id: int) -> bool:
    """Return whether the actor may see every letter of a run."""
    if uow.actor.branch_ids is None:
        return True
    hidden = select(Notice.id).where(
        Notice.run_id == run_id, Notice.branch_id.not_in(sorted(uow.actor.branch_ids))
    )
    return uow.session.scalar(hidden.limit(1)) is None


def _within(uow: UnitOfWork) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that a letter is of a branch of the actor."""
    if uow.actor.branch_ids is None:
        return ()
    return (Notice.branch_id.in_(sorted(uow.actor.branch_ids)),)


def visible_notices(uow: UnitOfWork, run: NoticeRun) -> list[Notice]:
    """Return the letters of a run that the actor may see, in delivery order."""
    return [notice for notice in run.notices if uow.actor.sees_branch(notice.branch_id)]


def get_notice(uow: UnitOfWork, notice_id: int) -> Notice:
    """Return a letter about a loan that the actor may see.

    Raises:
        NoticeNotFoundError: there is none.
    """
    notice = uow.session.get(Notice, notice_id)
    if notice is None or not uow.actor.sees_branch(notice.branch_id):
        raise NoticeNotFoundError(notice_id=notice_id)
    return notice


def runs(uow: UnitOfWork, *, limit: int = 50, offset: int = 0) -> list[RunRow]:
    """Return the runs with letters that the actor may see, newest first."""

    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    rows = uow.session.execute(
        select(
            NoticeRun,
            func.count(Notice.id).label("letters"),
            count(Notice.state == "issued").label("issued"),
            count(Notice.state == "blocked").label("blocked"),
            count(Notice.dispatched_on.is_not(None)).label("dispatched"),
            count(Notice.outcome != "").label("answered"),
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


def count_runs(uow: UnitOfWork) -> int:
    """Return how many runs hold letters that the actor may see."""
    query = select(func.count(Notice.run_id.distinct())).where(
        Notice.loan_id.in_(loans.visible_ids(uow))
    )
    return uow.session.scalar(query) or 0


def waiting(
    uow: UnitOfWork, *, sent_until: date, limit: int | None = None, offset: int = 0
) -> list[LetterRow]:
    """Return the letters sent by that day of which nothing came back, oldest first."""
    rows = uow.session.scalars(
        select(Notice)
        .where(*_without_word(uow, sent_until))
        .order_by(Notice.dispatched_on, Notice.id)
        .limit(limit)
        .offset(offset)
    ).all()
    numbers = loans.numbers_of(uow, {notice.loan_id for notice in rows})
    return [letter_of(notice, numbers[notice.loan_id]) for notice in rows]


def days_before(day: date, days: int) -> date:
    """Return the day so many days earlier."""
    return day - timedelta(days=days)


def count_waiting(uow: UnitOfWork, *, sent_until: date) -> int:
    """Return how many letters sent on that day or before are without word."""
    query = select(func.count(Notice.id)).where(*_without_word(uow, sent_until))
    return uow.session.scalar(query) or 0


def count_unsent(uow: UnitOfWork) -> int:
    """Return how many issued letters were never recorded as sent."""
    query = select(func.count()).where(
        Notice.state == "issued",
        Notice.dispatched_on.is_(None),
        Notice.loan_id.in_(loans.visible_ids(uow)),
    )
    return uow.session.scalar(query) or 0


def _without_word(uow: UnitOfWork, sent_until: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Notice.state == "issued",
        Notice.dispatched_on <= sent_until,
        Notice.outcome == "",
        Notice.loan_id.in_(loans.visible_ids(uow)),
    )


def letter_row(uow: UnitOfWork, notice: Notice) -> LetterRow:
    """Return one letter as a row."""
    return letter_of(notice, loans.get_loan_by_id(uow, notice.loan_id).loan_no)


def letters_of(uow: UnitOfWork, run: NoticeRun) -> list[LetterRow]:
    """Return the letters of a run that the actor may see, in delivery order."""
    notices = visible_notices(uow, run)
    numbers = loans.numbers_of(uow, {notice.loan_id for notice in notices})
    return [letter_of(notice, numbers[notice.loan_id]) for notice in notices]


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
    return [letter_of(notice, loan.loan_no) for notice in rows]


def letter_of(notice: Notice, loan_no: str) -> LetterRow:
    """Return a letter as a row; the caller was allowed to see it."""

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
        notes=texts("note"),
        codes=tuple(
            row["code"]
            for row in notice.problems
            if row.get("code") and row["severity"] in {"error", "warning"}
        ),
        removed=any(row.get("code") == "removed" for row in notice.problems),
        derivation=tuple(notice.derivation),
        document_id=notice.document_id,
        kind=notice.kind,
        run_id=notice.run_id,
        contract_no=str(
            notice.snapshot.get("contract_no") or notice.snapshot.get("main_contract_no", "")
        ),
        principal=str(notice.snapshot.get("principal_due", "")),
        interest=_sum(notice, "interest_due", "penalty_and_compound"),
        issued_on=notice.issued_on,
        dispatched_on=notice.dispatched_on,
        channel=notice.dispatch_channel,
        tracking_no=notice.tracking_no,
        outcome=notice.outcome,
        outcome_on=notice.outcome_on,
        outcome_note=notice.outcome_note,
        signer=notice.signer,
        outcome_document_id=notice.outcome_document_id,
        proof_level=notice.proof_level,
        limitation_event_id=notice.limitation_event_id,
        addressee_id=notice.addressee_id,
        loan_id=notice.loan_id,
        guarantee_id=notice.guarantee_id,
        clock=_clock(notice.snapshot.get("clock")),
        phone=str(notice.snapshot.get("phone") or ""),
        addresses=_addresses(notice),
        sender=str(notice.snapshot.get("issuer") or ""),
        sender_contact=str(notice.snapshot.get("contact") or ""),
        run_no=notice.run.run_no,
    )


def _addresses(notice: Notice) -> tuple[str, ...]:
    """Return the addresses kept with the letter, each once, in the order of sending."""
    found = (
        notice.snapshot.get("service_address"),
        *notice.snapshot.get("other_addresses", ()),
    )
    return tuple(dict.fromkeys(str(one) for one in found if one))


def _clock(kept: object) -> LetterClock | None:
    if not isinstance(kept, dict) or not kept:
        return None
    return LetterClock(
        label=str(kept["label"]),
        safe=date.fromisoformat(str(kept["safe"])),
        legal=date.fromisoformat(str(kept["legal"])),
        provisional=bool(kept.get("provisional")),
    )


def _sum(notice: Notice, *names: str) -> str:
    amounts = [str(notice.snapshot.get(name) or "0").replace(",", "") for name in names]
    return f"{sum(map(Decimal, amounts), Decimal(0)):,.2f}"

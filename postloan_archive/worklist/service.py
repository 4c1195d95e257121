"""What a user does with deadlines: assign, note, finish, strike, take up again, enter one."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from postloan_archive.archive import queries as archive
from postloan_archive.archive.queries import ChangedMeanwhileError
from postloan_archive.cases import deciding
from postloan_archive.cases import queries as cases
from postloan_archive.cases.deciding import DecidePeriod
from postloan_archive.cases.errors import PeriodNotFoundError
from postloan_archive.cases.models import Case
from postloan_archive.kernel.law import Due
from postloan_archive.loans import queries as loans
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar
from postloan_archive.worklist.errors import (
    DeadlineClosedError,
    DeadlineNotFoundError,
    DeadlineOpenError,
    DoneInFutureError,
    ForeignProofError,
    ReasonMissingError,
)
from postloan_archive.worklist.models import Deadline
from postloan_archive.worklist.owners import checked_owner
from postloan_archive.worklist.recomputing import BY_HAND, steps_of_court_day
from postloan_archive.worklist.rules.computed import COURT_DOCUMENT, ENTERED, State
from postloan_archive.worklist.rules.kinds import Kind

LONGEST_NOTE: Final = 2000  # characters
COURT_PAPER: Final = "法院文书载明的日期。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """A deadline was met; the proof is a paper of the same loan file, where there is one."""

    deadline_id: int
    done_on: date
    document_id: int | None = None
    note: str = ""
    seen: int | None = None  # version shown to the person


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCourtDay:
    """The last day as a paper of the court states it; it wins over ours (R-001)."""

    deadline_id: int
    day: date
    document_id: int | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterDeadline:
    """A deadline that no source computes; `court_paper`: a paper of the court states it."""

    loan_no: str
    kind: Kind
    title: str
    day: date
    case_no: str = ""
    trigger: str = ""
    document_id: int | None = None
    court_paper: bool = False
    owner: str = ""
    note: str = ""


def get_deadline(uow: UnitOfWork, deadline_id: int) -> Deadline:
    """Return one deadline of a loan that the actor may see.

    Raises:
        DeadlineNotFoundError: no such deadline, or not for this actor.
    """
    row = uow.session.get(Deadline, deadline_id)
    if row is None or not uow.actor.sees_branch(row.branch_id):
        raise DeadlineNotFoundError(deadline_id=deadline_id)
    return row


def assign(
    uow: UnitOfWork, deadline_id: int, owner: str, *, seen: int | None = None
) -> Deadline:
    """Give a deadline to a user; an empty name takes it back.

    Raises:
        DeadlineNotFoundError: not for this actor.
        DeadlineClosedError: it is done or struck.
        OwnerUnknownError: the user may not look after deadlines of the branch.
    """
    row = _open(uow, deadline_id, seen)
    before, row.owner = row.owner, checked_owner(uow, owner, row.branch_id)
    _changed(uow, row, "worklist.deadline_assigned", before=before, owner=row.owner)
    return row


def note(uow: UnitOfWork, deadline_id: int, text: str, *, seen: int | None = None) -> Deadline:
    """Put a note beside a deadline, in place of the one before; the trail keeps both."""
    row = get_deadline(uow, deadline_id)
    _check_seen(row, seen)
    before, row.note = row.note, text.strip()[:LONGEST_NOTE]
    _changed(uow, row, "worklist.deadline_noted", before=before, note=row.note)
    return row


def finish(uow: UnitOfWork, cmd: Finish) -> Deadline:
    """Record that the deadline was met, with its proof.

    Raises:
        DeadlineNotFoundError, DocumentNotFoundError: not for this actor.
        DeadlineClosedError: it is done or struck already.
        ForeignProofError: the paper is in another loan file.
        DoneInFutureError: the day has not come.
    """
    row = _open(uow, cmd.deadline_id, cmd.seen)
    today = uow.clock.today()
    if cmd.done_on > today:
        raise DoneInFutureError(done_on=cmd.done_on, today=today)
    row.done_document_id = _proof(uow, row.loan_id, cmd.document_id)
    row.state, row.done_on, row.done_by = State.DONE, cmd.done_on, uow.actor.name
    row.note = cmd.note.strip()[:LONGEST_NOTE] or row.note
    _changed(
        uow,
        row,
        "worklist.deadline_done",
        done_on=cmd.done_on.isoformat(),
        document_id=row.done_document_id,
        late=cmd.done_on > row.legal,
    )
    return row


def strike(
    uow: UnitOfWork, deadline_id: int, reason: str, *, seen: int | None = None
) -> Deadline:
    """Strike a deadline that is none; it stays to be seen, with the reason.

    Raises:
        DeadlineNotFoundError: not for this actor.
        DeadlineClosedError: it is done or struck already.
        ReasonMissingError: no reason.
    """
    row = _open(uow, deadline_id, seen)
    row.struck_reason = _reason(reason)
    row.state, row.struck_by = State.STRUCK, uow.actor.name
    _changed(uow, row, "worklist.deadline_struck", reason=row.struck_reason)
    return row


def take_up(
    uow: UnitOfWork, deadline_id: int, reason: str, *, seen: int | None = None
) -> Deadline:
    """Open a deadline again that was done or struck by mistake.

    Raises:
        DeadlineNotFoundError: not for this actor.
        DeadlineOpenError: it is open.
        ReasonMissingError: no reason.
    """
    row = get_deadline(uow, deadline_id)
    _check_seen(row, seen)
    if row.state == State.OPEN:
        raise DeadlineOpenError(title=row.title)
    why, before = _reason(reason), row.state
    row.state, row.struck_reason, row.struck_by = State.OPEN, "", ""
    row.done_on, row.done_by, row.done_document_id = None, "", None
    _changed(uow, row, "worklist.deadline_taken_up", before=before, reason=why)
    uow.enqueue("recompute_deadlines", [row.loan_id])
    return row


def take_court_day(uow: UnitOfWork, cmd: TakeCourtDay) -> Deadline:
    """Take the last day from a paper of the court; the computed one stays beside it (R-001).

    Raises:
        DeadlineNotFoundError, DocumentNotFoundError: not for this actor.
        DeadlineClosedError: it is done or struck.
        ForeignProofError: the paper is in another loan file.
    """
    row = _open(uow, cmd.deadline_id, cmd.seen)
    ours = row.computed_legal or row.legal
    before = row.legal
    _set_day(uow, row, cmd.day)
    computed = Due(
        nominal=ours, legal=ours, safe=ours, provisional=False, basis=(), steps=_own_steps(row)
    )
    row.computed_legal = ours
    row.source, row.court_day_by, row.provisional = COURT_DOCUMENT, uow.actor.name, False
    row.steps = steps_of_court_day(cmd.day, computed)
    if cmd.document_id is not None:
        row.proof_document_id = _proof(uow, row.loan_id, cmd.document_id)
    _tell_docket(uow, row, cmd)
    _changed(
        uow,
        row,
        "worklist.court_day_taken",
        before=before.isoformat(),
        day=cmd.day.isoformat(),
        computed=ours.isoformat(),
        document_id=cmd.document_id,
    )
    return row


def enter(uow: UnitOfWork, cmd: EnterDeadline) -> Deadline:
    """Enter a deadline by hand; a recomputation leaves it alone.

    Raises:
        LoanNotFoundError, CaseNotFoundError, DocumentNotFoundError: not for this actor.
        ForeignProofError: the paper is in another loan file.
        OwnerUnknownError: the user may not look after deadlines of the branch.
    """
    loan = loans.get_loan(uow, cmd.loan_no)
    case = cases.get_case(uow, cmd.case_no) if cmd.case_no.strip() else None
    key = f"{BY_HAND}{secrets.token_hex(8)}"
    row = Deadline(
        key=key,
        kind=str(cmd.kind),
        loan_id=loan.id,
        branch_id=loan.branch_id,
        case_id=case.id if case is not None and loan.id in case.loan_ids else None,
        subject=f"case:{case.id}" if case is not None else f"loan:{loan.id}",
        title=cmd.title.strip(),
        source=COURT_DOCUMENT if cmd.court_paper else ENTERED,
        trigger=cmd.trigger.strip(),
        proof_document_id=_proof(uow, loan.id, cmd.document_id),
        owner=checked_owner(uow, cmd.owner, loan.branch_id),
        note=cmd.note.strip()[:LONGEST_NOTE],
        state=State.OPEN,
        steps=[f"由 {uow.actor.name} 登记：{cmd.day.isoformat()}。"],
        created_at=uow.clock.now(),
    )
    _set_day(uow, row, cmd.day)
    uow.session.add(row)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "worklist.deadline_entered",
        f"deadline:{row.id}",
        loan_no=loan.loan_no,
        kind=row.kind,
        day=cmd.day.isoformat(),
        source=row.source,
    )
    return row


def _open(uow: UnitOfWork, deadline_id: int, seen: int | None) -> Deadline:
    row = get_deadline(uow, deadline_id)
    _check_seen(row, seen)
    if row.state != State.OPEN:
        raise DeadlineClosedError(title=row.title)
    return row


def _check_seen(row: Deadline, seen: int | None) -> None:
    if seen is not None and row.version != seen:
        raise ChangedMeanwhileError(seen=seen, current=row.version)


def _changed(uow: UnitOfWork, row: Deadline, event: str, **facts: object) -> None:
    row.updated_at = uow.clock.now()
    loan = loans.get_loan_by_id(uow, row.loan_id)
    uow.record(event, f"deadline:{row.id}", loan_no=loan.loan_no, key=row.key, **facts)


def _tell_docket(uow: UnitOfWork, row: Deadline, cmd: TakeCourtDay) -> None:
    """Let the docket of the case say the same; a hearing has no period to decide on."""
    table, _, number = row.subject.partition(":")
    if row.case_id is None or table != "case_event" or row.kind == Kind.HEARING:
        return
    case = uow.session.get_one(Case, row.case_id)
    with suppress(PeriodNotFoundError):  # the rules no longer know it: the deadline does
        deciding.decide(
            uow,
            DecidePeriod(
                case_no=case.case_no,
                event_id=int(number),
                rule=row.rule,
                act=row.title,
                verdict="corrected",
                day=cmd.day,
                document_id=cmd.document_id,
                reason=COURT_PAPER,
            ),
        )


def _set_day(uow: UnitOfWork, row: Deadline, day: date) -> None:
    calendar = load_calendar(uow.session)
    row.nominal = row.legal = day
    row.safe = day if row.kind == Kind.HEARING else calendar.safe_day(day)
    row.calendar_edition = calendar.edition


def _own_steps(row: Deadline) -> tuple[str, ...]:
    """Return the derivation without the sentences that an earlier court day put around it."""
    return tuple(
        step for step in row.steps if "以文书为准" not in step and "与文书不一致" not in step
    )


def _reason(text: str) -> str:
    reason = text.strip()[:LONGEST_NOTE]
    if not reason:
        raise ReasonMissingError
    return reason


def _proof(uow: UnitOfWork, loan_id: int, document_id: int | None) -> int | None:
    if document_id is None:
        return None
    if archive.get_document(uow, document_id).loan_id != loan_id:
        raise ForeignProofError
    return document_id

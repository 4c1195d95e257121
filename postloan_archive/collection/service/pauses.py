"""Pauses of collection, and complaints with their day of answer."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from postloan_archive.collection import lists, queries
from postloan_archive.collection.errors import (
    AlreadyNotedError,
    AnsweredError,
    ExtensionError,
    HandlerUnknownError,
    InvolvedHandlerError,
    NotedAheadError,
    WordsMissingError,
)
from postloan_archive.collection.models import Complaint, Stop
from postloan_archive.collection.rules import StopReason, complaint_days
from postloan_archive.kernel.errors import _l
from postloan_archive.loans import queries as loans
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteComplaint:
    """A complaint about collection; the handler was not involved."""

    loan_no: str
    person: str
    channel: str
    received_on: date
    content: str
    handler: str
    is_complex: bool = False


def set_stop(uow: UnitOfWork, loan_no: str, reason: StopReason, note: str) -> Stop:
    """Pause collection for the debtor of a loan.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        AlreadyNotedError: the same stop is in force.
    """
    loan = loans.get_loan(uow, loan_no)
    for one in queries.stops_of(uow, loan.customer_id):
        if one.reason == str(reason) and one.note == note.strip() and one.loan_id == loan.id:
            raise AlreadyNotedError(what=_l("停催"))
    stop = Stop(
        customer_id=loan.customer_id,
        loan_id=loan.id,
        reason=str(reason),
        note=note.strip(),
        since=uow.clock.today(),
        set_by=uow.actor.name,
    )
    uow.session.add(stop)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "collection.stop_set",
        f"loan:{loan_no}",
        stop=stop.id,
        reason=stop.reason,
        note=stop.note,
    )
    return stop


def lift_stop(uow: UnitOfWork, stop_id: int, why: str) -> Stop:
    """Go on with collection.

    Raises:
        CollectionThingNotFoundError: no such stop in force for this actor.
        WordsMissingError: no reason.
    """
    stop = queries.get_stop(uow, stop_id)
    if not why.strip():
        raise WordsMissingError
    stop.lifted_on, stop.lifted_by = uow.clock.today(), uow.actor.name
    stop.lifted_why = why.strip()
    uow.record("collection.stop_lifted", f"stop:{stop.id}", why=stop.lifted_why)
    return stop


def note_complaint(uow: UnitOfWork, cmd: NoteComplaint) -> Complaint:
    """Register a complaint; collection pauses until it is answered (R-L10).

    Raises:
        LoanNotFoundError: no such loan for this actor.
        InvolvedHandlerError: the handler took part in the collection.
        HandlerUnknownError: the handler is nobody of the branch.
        WordsMissingError: no content.
        NotedAheadError, AlreadyNotedError: it lies in the future, or was sent twice.
    """
    loan = loans.get_loan(uow, cmd.loan_no)
    if not cmd.content.strip():
        raise WordsMissingError
    today = uow.clock.today()
    if cmd.received_on > today:
        raise NotedAheadError(
            name="received_on", words=_l("收到日"), day=cmd.received_on, today=today
        )
    if _noted(uow, loan.id, cmd):
        raise AlreadyNotedError(what=_l("投诉"))
    if cmd.handler in queries.collectors_of(uow, loan.id):
        raise InvolvedHandlerError(handler=cmd.handler)
    if cmd.handler not in dict(lists.handlers_in(uow, loan.branch_id)):
        raise HandlerUnknownError(handler=cmd.handler)
    stop = set_stop(uow, cmd.loan_no, StopReason.COMPLAINT, cmd.content[:80])
    number = (uow.session.scalar(select(func.max(Complaint.id))) or 0) + 1
    days = complaint_days(is_complex=cmd.is_complex).value
    complaint = Complaint(
        complaint_no=f"TS{cmd.received_on.year}-{number:05d}",
        loan_id=loan.id,
        branch_id=loan.branch_id,
        stop_id=stop.id,
        person=cmd.person.strip(),
        channel=cmd.channel.strip(),
        received_on=cmd.received_on,
        content=cmd.content.strip(),
        is_complex=cmd.is_complex,
        answer_by=cmd.received_on + timedelta(days=days),
        handler=cmd.handler,
        noted_by=uow.actor.name,
    )
    uow.session.add(complaint)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "collection.complaint_noted",
        f"loan:{cmd.loan_no}",
        complaint_no=complaint.complaint_no,
        answer_by=complaint.answer_by.isoformat(),
    )
    return complaint


def _noted(uow: UnitOfWork, loan_id: int, cmd: NoteComplaint) -> bool:
    same = select(Complaint.id).where(
        Complaint.loan_id == loan_id,
        Complaint.person == cmd.person.strip(),
        Complaint.received_on == cmd.received_on,
        Complaint.content == cmd.content.strip(),
    )
    return uow.session.scalar(same.limit(1)) is not None


def extend_complaint(uow: UnitOfWork, complaint_no: str, why: str) -> Complaint:
    """Give a complex complaint thirty days more, once; the complainant is told why (R-L10).

    Raises:
        CollectionThingNotFoundError: no such complaint for this actor.
        ExtensionError: it is simple, answered, or was extended.
        InvolvedHandlerError: the actor took part in the collection.
        WordsMissingError: no reason.
    """
    complaint = queries.get_complaint(uow, complaint_no)
    if complaint.answered_on is not None or complaint.extended or not complaint.is_complex:
        raise ExtensionError(complaint_no=complaint_no)
    if uow.actor.name in queries.collectors_of(uow, complaint.loan_id):
        raise InvolvedHandlerError(handler=uow.actor.name)
    if not why.strip():
        raise WordsMissingError
    days = complaint_days(is_complex=True, extended=True).value
    complaint.extended, complaint.extended_by = True, uow.actor.name
    complaint.extended_why = why.strip()
    complaint.answer_by = complaint.received_on + timedelta(days=days)
    uow.record(
        "collection.complaint_extended",
        f"complaint:{complaint.id}",
        complaint_no=complaint_no,
        answer_by=complaint.answer_by.isoformat(),
        why=complaint.extended_why,
    )
    return complaint


def answer_complaint(uow: UnitOfWork, complaint_no: str, outcome: str) -> Complaint:
    """Answer a complaint; the pause that it caused ends.

    Raises:
        CollectionThingNotFoundError: no such complaint for this actor.
        AnsweredError: it was answered before.
        InvolvedHandlerError: the actor took part in the collection.
        WordsMissingError: no outcome.
    """
    complaint = queries.get_complaint(uow, complaint_no)
    if complaint.answered_on is not None:
        raise AnsweredError(complaint_no=complaint_no)
    if uow.actor.name in queries.collectors_of(uow, complaint.loan_id):
        raise InvolvedHandlerError(handler=uow.actor.name)
    if not outcome.strip():
        raise WordsMissingError
    complaint.answered_on, complaint.outcome = uow.clock.today(), outcome.strip()
    stop = uow.session.get(Stop, complaint.stop_id) if complaint.stop_id else None
    if stop is not None and stop.lifted_on is None:
        lift_stop(uow, stop.id, f"投诉 {complaint_no} 已答复")
    uow.record(
        "collection.complaint_answered",
        f"complaint:{complaint.id}",
        complaint_no=complaint_no,
        late=complaint.answered_on > complaint.answer_by,
    )
    return complaint

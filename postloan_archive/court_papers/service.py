"""What a person does with a paper of the court: enter it into a docket, or set it aside."""

from dataclasses import replace

from postloan_archive.archive import queries as archive
from postloan_archive.cases import queries as cases
from postloan_archive.cases import service as docket
from postloan_archive.cases.models import CaseEvent
from postloan_archive.cases.service import AddEvent
from postloan_archive.court_papers import queries
from postloan_archive.court_papers.errors import (
    AlreadyDecidedError,
    NotDecidedError,
    OtherLoanFileError,
    ReasonMissingError,
)
from postloan_archive.court_papers.models import CourtPaperDecision
from postloan_archive.uow import UnitOfWork


def enter(uow: UnitOfWork, document_id: int, cmd: AddEvent) -> CaseEvent:
    """Enter into the docket what the person confirmed, with the paper as its proof.

    Raises:
        DocumentNotFoundError, CaseNotFoundError: none such for this actor.
        AlreadyDecidedError: another person was first.
        OtherLoanFileError: the paper lies in the file of another loan.
        RuleError: the docket cannot hold the event; see `cases.service.add_event`.
    """
    document = archive.get_document(uow, document_id)
    _refuse_decided(uow, document_id)
    case = cases.get_case(uow, cmd.case_no)
    if document.loan_id not in case.loan_ids:
        raise OtherLoanFileError(
            loan_no=archive.loan_no_of(uow, document), case_no=case.case_no
        )
    paper = queries.read_document(uow, document_id)
    event = docket.add_event(uow, replace(cmd, document_id=document_id))
    uow.session.add(
        CourtPaperDecision(
            document_id=document_id,
            outcome="entered",
            case_id=case.id,
            event_id=event.id,
            read={str(one.field): one.words for one in paper.found},
            decided_by=uow.actor.name,
            decided_at=uow.clock.now(),
        )
    )
    uow.record(
        "court_papers.entered",
        f"document:{document_id}",
        case_no=case.case_no,
        event_id=event.id,
        kind=cmd.kind,
        read=str(paper.kind or ""),
    )
    return event


def set_aside(uow: UnitOfWork, document_id: int, reason: str) -> None:
    """Take note that the paper needs no entry in a docket.

    Raises:
        DocumentNotFoundError: no such document for this actor.
        AlreadyDecidedError: another person was first.
        ReasonMissingError: without a reason.
    """
    archive.get_document(uow, document_id)
    _refuse_decided(uow, document_id)
    if not reason.strip():
        raise ReasonMissingError
    uow.session.add(
        CourtPaperDecision(
            document_id=document_id,
            outcome="set_aside",
            reason=reason.strip(),
            decided_by=uow.actor.name,
            decided_at=uow.clock.now(),
        )
    )
    uow.record("court_papers.set_aside", f"document:{document_id}", reason=reason.strip())


def take_back(uow: UnitOfWork, document_id: int) -> None:
    """Let a paper that was set aside wait again; an entry is struck in its docket instead.

    Raises:
        DocumentNotFoundError: no such document for this actor.
        NotDecidedError: it was not set aside.
    """
    archive.get_document(uow, document_id)
    decision = queries.decision_of(uow, document_id)
    if decision is None or decision.outcome != "set_aside":
        raise NotDecidedError(document_id=document_id)
    uow.session.delete(decision)
    uow.record("court_papers.taken_back", f"document:{document_id}", reason=decision.reason)


def _refuse_decided(uow: UnitOfWork, document_id: int) -> None:
    """Refuse a paper that was set aside or proves an event; a struck event frees it again."""
    if queries.get_paper(uow, document_id).outcome:
        raise AlreadyDecidedError(document_id=document_id)
    if (old := queries.decision_of(uow, document_id)) is not None:
        uow.session.delete(old)
        uow.session.flush()

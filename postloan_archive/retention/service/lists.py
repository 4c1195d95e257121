"""销毁清册: proposed by one person, approved by another, supervised, bound to a digest."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select

from postloan_archive.archive.models import Document, DocumentVersion
from postloan_archive.audit.line import canonical_json
from postloan_archive.kernel.errors import _l
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Loan
from postloan_archive.retention.errors import (
    AlreadyListedError,
    BlockedError,
    EmptyListError,
    ListChangedError,
    ListNotFoundError,
    ListStateError,
    ProgramsMayNotError,
    RetentionReasonError,
    SamePersonError,
)
from postloan_archive.retention.models import DisposalLine, DisposalList
from postloan_archive.retention.rules.periods import CLASS_WORDS
from postloan_archive.retention.standing import Standing, standing_of
from postloan_archive.uow import UnitOfWork

JOB: Final = "destroy_listed"
PROPOSED: Final = _l("造册")
APPROVED: Final = _l("审批")
SUPERVISED: Final = _l("监销")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeList:
    """Loan files to be destroyed, with the reason."""

    loan_nos: tuple[str, ...]
    reason: str


def propose(uow: UnitOfWork, cmd: ProposeList) -> DisposalList:
    """Draw the list up; nothing is destroyed.

    Raises:
        EmptyListError, RetentionReasonError: something is missing.
        LoanNotFoundError: one of the loans is none of this actor's.
        BlockedError: one of the files may not be destroyed.
        AlreadyListedError: one of them is on another open list.
    """
    numbers = tuple(dict.fromkeys(no.strip() for no in cmd.loan_nos if no.strip()))
    if not numbers:
        raise EmptyListError
    if not cmd.reason.strip():
        raise RetentionReasonError
    lines, branch_id = [], 0
    for at, loan_no in enumerate(numbers, start=1):
        standing = standing_of(uow, loans.get_loan(uow, loan_no))
        if standing.blocks:
            raise BlockedError(loan_no=loan_no, blocks=standing.blocks)
        if standing.list_no:
            raise AlreadyListedError(loan_no=loan_no, list_no=standing.list_no)
        branch_id = branch_id or standing.loan.branch_id
        lines.append(
            DisposalLine(no=at, loan_id=standing.loan.id, facts=facts_of(uow, standing))
        )
    number = (uow.session.scalar(select(func.max(DisposalList.id))) or 0) + 1
    row = DisposalList(
        list_no=f"XH{uow.clock.today().year}-{number:05d}",
        branch_id=branch_id,
        reason=cmd.reason.strip(),
        digest="",
        proposed_by=uow.actor.name,
        proposed_at=uow.clock.now(),
        lines=lines,
    )
    row.digest = digest_of(row.list_no, row.reason, [line.facts for line in lines])
    uow.session.add(row)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "retention.list_proposed",
        f"disposal_list:{row.id}",
        list_no=row.list_no,
        digest=row.digest,
        loans=list(numbers),
        reason=row.reason,
    )
    return row


def approve(uow: UnitOfWork, list_no: str, digest: str, *, agree: bool, note: str = "") -> None:
    """Agree to exactly the list with this digest as the second person, or turn it down.

    Raises:
        ProgramsMayNotError: no person.
        ListNotFoundError, ListStateError: not there, or not waiting.
        SamePersonError: the proposer approves.
        ListChangedError: the files or the list are no longer those of the digest.
        BlockedError: something stops the destruction meanwhile.
    """
    row = _in_state(uow, list_no, "proposed")
    _another_person(uow, (row.proposed_by, PROPOSED))
    if not agree:
        if not note.strip():
            raise RetentionReasonError
        row.state, row.note = "refused", note.strip()
        uow.record("retention.list_refused", f"disposal_list:{row.id}", note=row.note)
        return
    check_unchanged(uow, row, digest)
    row.state, row.approved_by, row.approved_at = "approved", uow.actor.name, uow.clock.now()
    uow.record(
        "retention.list_approved",
        f"disposal_list:{row.id}",
        list_no=row.list_no,
        digest=row.digest,
        proposed_by=row.proposed_by,
    )


def supervise(uow: UnitOfWork, list_no: str, digest: str) -> None:
    """Sign as the supervisor who is present when the list is carried out.

    Raises: as `approve`.
    """
    row = _in_state(uow, list_no, "approved")
    _another_person(uow, (row.proposed_by, PROPOSED))
    check_unchanged(uow, row, digest)
    row.state, row.supervised_by = "supervised", uow.actor.name
    row.supervised_at = uow.clock.now()
    uow.record(
        "retention.list_supervised",
        f"disposal_list:{row.id}",
        list_no=row.list_no,
        digest=row.digest,
    )


def start(uow: UnitOfWork, list_no: str, digest: str) -> DisposalList:
    """Let the list be carried out, by another person than the supervisor.

    Raises: as `approve`.
    """
    row = _in_state(uow, list_no, "supervised")
    _another_person(uow, (row.supervised_by, SUPERVISED), (row.approved_by, APPROVED))
    check_unchanged(uow, row, digest)
    row.state, row.executed_by, row.started_at = "running", uow.actor.name, uow.clock.now()
    uow.record(
        "retention.list_started",
        f"disposal_list:{row.id}",
        list_no=row.list_no,
        digest=row.digest,
        supervised_by=row.supervised_by,
    )
    row.job_id = uow.enqueue(JOB, row.id).id
    return row


def go_on(uow: UnitOfWork, list_no: str) -> DisposalList:
    """Let a run that stopped half way go on; what is done is not done again.

    Raises:
        ListNotFoundError, ListStateError: not there, or not running.
    """
    row = _in_state(uow, list_no, "running")
    row.job_id = uow.enqueue(JOB, row.id).id
    uow.record("retention.list_resumed", f"disposal_list:{row.id}", list_no=row.list_no)
    return row


def close(uow: UnitOfWork, list_no: str) -> None:
    """Sign the result as the supervisor; the list is closed and kept for ever.

    Raises:
        ProgramsMayNotError: no person.
        ListNotFoundError, ListStateError: not there, or not carried out.
        SamePersonError: another person than the supervisor.
    """
    row = _in_state(uow, list_no, "executed")
    if uow.actor.user_id is None or uow.actor.name != row.supervised_by:
        raise ProgramsMayNotError
    row.state, row.closed_at = "closed", uow.clock.now()
    uow.record(
        "retention.list_closed",
        f"disposal_list:{row.id}",
        list_no=row.list_no,
        digest=row.digest,
        result=row.result,
    )


def withdraw(uow: UnitOfWork, list_no: str, note: str) -> None:
    """Take a list back that has not been carried out.

    Raises:
        ListNotFoundError, ListStateError: not there, or begun.
        RetentionReasonError: no reason.
    """
    row = _in_state(uow, list_no, "proposed", "approved", "supervised")
    if not note.strip():
        raise RetentionReasonError
    row.state, row.note = "withdrawn", note.strip()
    uow.record("retention.list_withdrawn", f"disposal_list:{row.id}", note=row.note)


def get_list(uow: UnitOfWork, list_no: str) -> DisposalList:
    """Return a list all of whose loan files the actor may see.

    Raises:
        ListNotFoundError: no such list, or not for this actor.
    """
    row = uow.session.scalar(select(DisposalList).where(DisposalList.list_no == list_no))
    if row is None or not _sees(uow, row):
        raise ListNotFoundError(list_no=list_no)
    return row


def all_lists(uow: UnitOfWork) -> list[DisposalList]:
    """Return the lists that the actor may see, the newest first."""
    rows = uow.session.scalars(select(DisposalList).order_by(DisposalList.id.desc()))
    return [row for row in rows if _sees(uow, row)]


def facts_of(uow: UnitOfWork, standing: Standing) -> dict[str, Any]:
    """Return what the list says of a loan file: the papers with the digests of all versions."""
    loan, period = standing.loan, standing.period.value
    papers = papers_of(uow, loan.id)
    return {
        "archive_no": loan.archive_no,
        "loan_no": loan.loan_no,
        "customer": loan.customer.name,
        "contract_no": loan.contract.contract_no,
        "year": loan.disbursed_on.year,
        "classes": [str(CLASS_WORDS[one]) for one, _ in period.classes],
        "years": period.classes[0][1],
        "started_from": period.started_from.isoformat() if period.started_from else "",
        "ended_on": period.end.isoformat() if period.end else "",
        "appraisal": standing.appraisal.report_no if standing.appraisal else "",
        "pieces": len(papers),
        "pages": sum(paper["pages"] for paper in papers),
        "papers": papers,
    }


def papers_of(uow: UnitOfWork, loan_id: int) -> list[dict[str, Any]]:
    """Return the documents of a loan file that are not destroyed, withdrawn ones included."""
    digests: dict[int, list[str]] = {}
    for document_id, sha256 in uow.session.execute(
        select(DocumentVersion.document_id, DocumentVersion.sha256)
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(Document.loan_id == loan_id)
        .order_by(DocumentVersion.document_id, DocumentVersion.no)
    ):
        digests.setdefault(document_id, []).append(sha256)
    rows = uow.session.scalars(
        select(Document)
        .where(Document.loan_id == loan_id, Document.sha256 != "")
        .order_by(Document.piece_no, Document.id)
    )
    return [
        {
            "id": row.id,
            "piece": row.piece_no,
            "item": row.item_code,
            "title": row.title,
            "pages": row.page_count,
            "digests": digests.get(row.id, []),
            "withdrawn": row.withdrawn_at is not None,
        }
        for row in rows
    ]


def digest_of(list_no: str, reason: str, facts: list[Mapping[str, Any]]) -> str:
    """Return the SHA-256 that stands for the whole list."""
    whole = canonical_json({"list_no": list_no, "reason": reason, "lines": list(facts)})
    return hashlib.sha256(whole.encode()).hexdigest()


def check_unchanged(uow: UnitOfWork, row: DisposalList, digest: str) -> None:
    """Refuse unless the files are still those of the list and nothing stops any of them.

    Raises:
        ListChangedError, BlockedError.
    """
    stored = digest_of(row.list_no, row.reason, [line.facts for line in row.lines])
    if digest != row.digest or stored != row.digest:
        raise ListChangedError(list_no=row.list_no)
    for line in row.lines:
        check_line(uow, row, line)


def check_line(uow: UnitOfWork, row: DisposalList, line: DisposalLine) -> None:
    """Refuse one loan file that changed or that something stops meanwhile.

    Raises:
        ListChangedError, BlockedError.
    """
    if line.state != "listed":
        return
    standing = standing_of(uow, uow.session.get_one(Loan, line.loan_id))
    if standing.blocks:
        raise BlockedError(loan_no=standing.loan.loan_no, blocks=standing.blocks)
    if papers_of(uow, line.loan_id) != line.facts["papers"]:
        raise ListChangedError(list_no=row.list_no)


def _in_state(uow: UnitOfWork, list_no: str, *states: str) -> DisposalList:
    row = get_list(uow, list_no)
    if row.state not in states:
        raise ListStateError(list_no=list_no)
    return row


def _another_person(uow: UnitOfWork, *earlier: tuple[str, str]) -> None:
    if uow.actor.user_id is None:
        raise ProgramsMayNotError
    for name, done in earlier:
        if name == uow.actor.name:
            raise SamePersonError(done=done)


def _sees(uow: UnitOfWork, row: DisposalList) -> bool:
    if uow.actor.branch_ids is None:
        return True
    of = select(Loan.branch_id).join(DisposalLine, DisposalLine.loan_id == Loan.id)
    branch_ids = uow.session.scalars(of.where(DisposalLine.list_id == row.id).distinct())
    return all(uow.actor.sees_branch(one) for one in branch_ids)

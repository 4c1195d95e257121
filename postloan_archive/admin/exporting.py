"""导出案卷: asked for by one person, several files approved by another, written by a worker.

The approval names a digest over the files, their papers, the purpose and the recipient. A paper
that changes before the worker comes, or while it writes, stops the export.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select

from postloan_archive import jobs
from postloan_archive.access.roles import CATEGORIES
from postloan_archive.admin.export_errors import (
    ExportGoneError,
    ExportNotFoundError,
    ExportStateError,
    FilesChangedError,
    NoFileChosenError,
    NoPurposeError,
    NotEveryCategoryError,
    SameHandError,
)
from postloan_archive.admin.models import FileExport
from postloan_archive.archive.models import Document, DocumentVersion
from postloan_archive.audit.line import canonical_json
from postloan_archive.jobs import JobState, NoSuchJobError
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork

JOB: Final = "export_files"
FOLDER: Final = "exports"
MOST: Final = 500  # loan files of one export
NEWEST: Final = 200  # exports that a list shows


@dataclass(frozen=True, slots=True, kw_only=True)
class AskExport:
    """Loan files that are to leave, why and for whom."""

    loan_nos: tuple[str, ...]
    reason: str
    recipient: str


def ask(uow: UnitOfWork, cmd: AskExport) -> FileExport:
    """Ask for the export; one loan file is written at once, several wait for another person.

    Raises:
        NoFileChosenError, NoPurposeError: something is missing.
        NotEveryCategoryError: the actor may not see all of a file.
        LoanNotFoundError: one of the loans is none of this actor's.
    """
    numbers = tuple(dict.fromkeys(no.strip() for no in cmd.loan_nos if no.strip()))
    if not 1 <= len(numbers) <= MOST:
        raise NoFileChosenError(most=MOST)
    if not cmd.reason.strip() or not cmd.recipient.strip():
        raise NoPurposeError
    _check_categories(uow)
    lines = [_facts(uow, loans.get_loan(uow, loan_no)) for loan_no in numbers]
    last = uow.session.scalar(select(func.max(FileExport.id))) or 0
    row = FileExport(
        export_no=f"DC{uow.clock.today().year}-{last + 1:05d}",
        reason=cmd.reason.strip(),
        recipient=cmd.recipient.strip(),
        lines=lines,
        digest="",
        state="proposed",
        asked_by=uow.actor.name,
        asked_at=uow.clock.now(),
    )
    row.digest = digest_of(row)
    uow.session.add(row)
    uow.session.flush()  # the audit line and the job need the id
    uow.record(
        "archive.export_asked",
        f"file_export:{row.id}",
        export_no=row.export_no,
        loans=list(numbers),
        reason=row.reason,
        recipient=row.recipient,
        digest=row.digest,
    )
    if len(numbers) == 1:
        _start(uow, row)
    return row


def decide(uow: UnitOfWork, export_no: str, digest: str, *, agree: bool, note: str) -> None:
    """Approve exactly what the digest names as the second person, or turn it down.

    Raises:
        ExportNotFoundError, ExportStateError: not there, or not waiting.
        SameHandError: the same person, or a program.
        NoPurposeError: turned down without a reason.
        FilesChangedError: the papers are no longer those of the digest.
    """
    row = _in_state(uow, export_no, "proposed")
    if uow.actor.user_id is None or uow.actor.name == row.asked_by:
        raise SameHandError
    _check_categories(uow)
    if not agree and not note.strip():
        raise NoPurposeError
    row.decided_by, row.decided_at, row.note = uow.actor.name, uow.clock.now(), note.strip()
    if agree:
        if digest != row.digest:
            raise FilesChangedError(loan_no=str(row.lines[0]["loan_no"]))
        check_unchanged(uow, row)
        _start(uow, row)
    else:
        row.state = "refused"
    uow.record(
        "archive.export_approved" if agree else "archive.export_refused",
        f"file_export:{row.id}",
        export_no=row.export_no,
        digest=row.digest,
        asked_by=row.asked_by,
        note=row.note,
    )


def withdraw(uow: UnitOfWork, export_no: str) -> None:
    """Take back what waits for approval; the person who asked does it.

    Raises:
        ExportNotFoundError, ExportStateError: not there, not waiting, or somebody else's.
    """
    row = _in_state(uow, export_no, "proposed")
    if row.asked_by != uow.actor.name:
        raise ExportStateError(export_no=export_no)
    row.state = "withdrawn"
    uow.record("archive.export_withdrawn", f"file_export:{row.id}", export_no=row.export_no)


def again(uow: UnitOfWork, export_no: str) -> None:
    """Let a worker begin anew where it stopped.

    Raises:
        ExportNotFoundError, ExportStateError: not there, or a worker has it already.
    """
    row = _in_state(uow, export_no, "running")
    try:
        job = jobs.get_job(uow.session, row.job_id or 0)
    except NoSuchJobError:
        job = None
    if job is not None and job.state in (JobState.QUEUED, JobState.RUNNING):
        raise ExportStateError(export_no=export_no)
    row.job_id = uow.enqueue(JOB, row.id).id
    uow.record("archive.export_resumed", f"file_export:{row.id}", export_no=row.export_no)


def get_export(uow: UnitOfWork, export_no: str) -> FileExport:
    """Return an export all of whose loan files the actor may see.

    Raises:
        ExportNotFoundError: no such export, or not for this actor.
    """
    row = uow.session.scalar(select(FileExport).where(FileExport.export_no == export_no))
    if row is None or not _sees(uow, row):
        raise ExportNotFoundError(export_no=export_no)
    return row


def all_exports(uow: UnitOfWork, state: str = "") -> list[FileExport]:
    """Return the newest exports that the actor may see, the newest first."""
    query = select(FileExport).order_by(FileExport.id.desc()).limit(NEWEST)
    if state:
        query = query.where(FileExport.state == state)
    return [row for row in uow.session.scalars(query) if _sees(uow, row)]


def hand_out(uow: UnitOfWork, export_no: str) -> tuple[FileExport, Path]:
    """Return the zip for one of the two persons and record that it left.

    Raises:
        ExportNotFoundError: not there, or asked for by others.
        ExportGoneError: not yet written, or cleared away.
    """
    row = get_export(uow, export_no)
    if uow.actor.name not in (row.asked_by, row.decided_by):
        raise ExportNotFoundError(export_no=export_no)
    path = zip_of(uow.settings.data, row.id)
    if row.state != "done" or not path.is_file():
        raise ExportGoneError(export_no=export_no)
    row.taken += 1
    uow.record(
        "archive.export_taken",
        f"file_export:{row.id}",
        export_no=row.export_no,
        zip_sha256=row.zip_digest,
        recipient=row.recipient,
    )
    return row, path


def zip_of(data: Path, number: int) -> Path:
    """Return where the zip of an export lies while it is kept."""
    return data / FOLDER / f"{number}.zip"


def digest_of(row: FileExport) -> str:
    """Return the SHA-256 over what is approved: number, purpose, recipient, files, papers."""
    asked = ("loan_no", "archive_no", "customer", "papers", "size")
    whole = {
        "export_no": row.export_no,
        "reason": row.reason,
        "recipient": row.recipient,
        "lines": [{key: line[key] for key in asked} for line in row.lines],
    }
    return hashlib.sha256(canonical_json(whole).encode()).hexdigest()


def check_unchanged(uow: UnitOfWork, row: FileExport) -> None:
    """Refuse unless every loan file still has exactly the papers that were asked for.

    Raises:
        FilesChangedError: one has not, or the record itself was touched.
    """
    if digest_of(row) != row.digest:
        raise FilesChangedError(loan_no=str(row.lines[0]["loan_no"]))
    for line in row.lines:
        loan = uow.session.scalar(select(Loan).where(Loan.loan_no == line["loan_no"]))
        if loan is None or _facts(uow, loan)["papers"] != line["papers"]:
            raise FilesChangedError(loan_no=str(line["loan_no"]))


def _facts(uow: UnitOfWork, loan: Loan) -> dict[str, Any]:
    versions = uow.session.execute(
        select(DocumentVersion.sha256, DocumentVersion.size)
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(Document.loan_id == loan.id, DocumentVersion.sha256 != "")
        .order_by(Document.piece_no, Document.id, DocumentVersion.no)
    ).all()
    return {
        "loan_no": loan.loan_no,
        "archive_no": loan.archive_no,
        "customer": loan.customer.name,
        "papers": [sha256 for sha256, _size in versions],
        "size": sum(size for _sha256, size in versions),
    }


def _start(uow: UnitOfWork, row: FileExport) -> None:
    row.state = "running"
    row.job_id = uow.enqueue(JOB, row.id).id


def _check_categories(uow: UnitOfWork) -> None:
    if not all(uow.actor.sees_category(one) for one in CATEGORIES):
        raise NotEveryCategoryError


def _in_state(uow: UnitOfWork, export_no: str, state: str) -> FileExport:
    row = get_export(uow, export_no)
    if row.state != state:
        raise ExportStateError(export_no=export_no)
    return row


def _sees(uow: UnitOfWork, row: FileExport) -> bool:
    """Say whether all loan files of an export are in branches of the actor."""
    if uow.actor.branch_ids is None:
        return True
    wanted = {str(line["loan_no"]) for line in row.lines}
    visible = select(func.count(Loan.id)).where(
        Loan.loan_no.in_(wanted), Loan.branch_id.in_(sorted(uow.actor.branch_ids))
    )
    return uow.session.scalar(visible) == len(wanted)

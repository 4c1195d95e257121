"""The rows of what is filed: a document with its first version, and how it came in."""

from datetime import date
from typing import Final

from sqlalchemy import func, select

from postloan_archive.archive.models import Document, DocumentVersion, IntakeFile
from postloan_archive.archive.rules.filing import UNSORTED
from postloan_archive.archive.rules.names import shown_name
from postloan_archive.kernel.errors import _l
from postloan_archive.loans import positions
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork
from postloan_archive.vault import Stored

DUPLICATE: Final = _l(
    "内容与本案卷第 {piece_no} 件“{title}”完全相同，已关联到该件，未重复存放。"
)


def add_document(  # noqa: PLR0913 - the columns of one row
    uow: UnitOfWork,
    loan: Loan,
    stored: Stored,
    *,
    name: str,
    item_code: str,
    title: str,
    doc_date: date | None,
    form: str,
    source: str,
    doc_no: str = "",
    author: str = "",
) -> Document:
    """Add the row of stored bytes as the next piece of the loan file, with its audit line."""
    last = uow.session.scalar(
        select(func.max(Document.piece_no)).where(Document.loan_id == loan.id)
    )
    document = Document(
        loan_id=loan.id,
        piece_no=(last or 0) + 1,
        item_code=item_code,
        title=title,
        doc_no=doc_no,
        author=author,
        doc_date=doc_date,
        form=form,
        filename=name,
        sha256=stored.sha256,
        size=stored.size,
        source=source,
        current_version=1,
        added_at=uow.clock.now(),
        added_by=uow.actor.name,
    )
    document.versions.append(new_version(uow, document, stored))
    uow.session.add(document)
    uow.session.flush()  # the audit line and the job need the id
    uow.record(
        "archive.document_added",
        f"document:{document.id}",
        loan_no=loan.loan_no,
        name=name,
        item_code=item_code,
        sha256=stored.sha256,
        size=stored.size,
        **more_digests(stored),
    )
    positions.note_arrived(uow, loan.id, item_code)
    return document


def more_digests(stored: Stored) -> dict[str, str]:
    """Return the digest that the trail records beside SHA-256 where the site wants one."""
    return {"sm3": stored.sm3} if stored.sm3 is not None else {}


def new_version(uow: UnitOfWork, document: Document, stored: Stored) -> DocumentVersion:
    """Return the row that keeps the present bytes of the document for ever."""
    return DocumentVersion(
        no=document.current_version,
        sha256=stored.sha256,
        size=stored.size,
        filename=document.filename,
        added_at=uow.clock.now(),
        added_by=uow.actor.name,
    )


def twin_of(uow: UnitOfWork, loan_id: int, sha256: str) -> Document | None:
    """Return the document of the loan file that has these bytes."""
    return uow.session.scalar(
        select(Document)
        .where(
            Document.loan_id == loan_id,
            Document.sha256 == sha256,
            Document.withdrawn_at.is_(None),
        )
        .order_by(Document.id)
        .limit(1)
    )


def note_file(
    uow: UnitOfWork,
    *,
    batch_id: int,
    name: str,
    loan_no: str,
    state: str,
    message: str = "",
    stored: Stored | None = None,
    document: Document | None = None,
) -> IntakeFile:
    """Add the row that says how a file came in; a linked duplicate needs nobody any more."""
    row = IntakeFile(
        batch_id=batch_id,
        name=shown_name(name),
        sha256=stored.sha256 if stored else "",
        size=stored.size if stored else 0,
        state=state,
        message=message,
        loan_no=loan_no,
        document_id=document.id if document else None,
        received_at=uow.clock.now(),
    )
    if state == "duplicate":
        row.outcome, row.handled_at = "filed", row.received_at
    uow.session.add(row)
    uow.session.flush()  # the caller reports the id
    return row


def settle(uow: UnitOfWork, document: Document) -> None:
    """Take what became a readable document under an item out of the inbox."""
    if document.state != "stored" or document.item_code == UNSORTED or document.ocr_pending:
        return
    rows = uow.session.scalars(
        select(IntakeFile)
        .where(IntakeFile.document_id == document.id, IntakeFile.handled_at.is_(None))
        .order_by(IntakeFile.id)
    )
    for row in rows:
        row.outcome, row.handled_at = "filed", uow.clock.now()

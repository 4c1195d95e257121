"""收件箱: files that came without a loan or in an odd state, and what a person does with them.

Every step can be undone: what was filed by mistake is taken out of the loan file again, and
its row says so; nothing is deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Final

from sqlalchemy import select

from postloan_archive.access import branches
from postloan_archive.access.permissions import Permission
from postloan_archive.archive import holds, inbox_list, queries, service
from postloan_archive.archive.cutting import deciding, learning, sources
from postloan_archive.archive.cutting.deciding import Slips
from postloan_archive.archive.errors import (
    AlreadyHandledError,
    CategoryNotYoursError,
    DocumentUsedError,
    InLoanFileError,
    NoBytesError,
    NotHandledError,
    NotMadeError,
    NotYoursToChangeError,
    ReasonMissingError,
)
from postloan_archive.archive.filing import DUPLICATE, add_document, note_file, twin_of
from postloan_archive.archive.models import Document, IntakeBatch, IntakeFile
from postloan_archive.archive.pieces.suggesting import leaves_of
from postloan_archive.archive.queries import ChangedMeanwhileError
from postloan_archive.archive.rules.filing import check_item, guess_item, title_of
from postloan_archive.archive.rules.leaves import is_whole
from postloan_archive.archive.typed_numbers import loan_named
from postloan_archive.db import Model
from postloan_archive.loans import positions
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork
from postloan_archive.vault import Stored, TooLargeError

READ: Final = "read_waiting_file"  # the job that looks into a file without a loan
_OWN: Final = frozenset(
    {"pages", "document_versions", "document_sources", "intake_files", "documents"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileIt:
    """Where a waiting file belongs; `version` is the one the person saw."""

    file_id: int
    version: int
    loan_no: str
    item_code: str
    title: str = ""
    doc_date: date | None = None
    form: str = "scan"
    made: Stored | None = None  # of a piece: the bytes made of its pages


def receive_waiting(
    uow: UnitOfWork,
    *,
    batch_id: int,
    name: str,
    stream: BinaryIO,
    item_code: str = "",
    unmatched: str = "",
) -> IntakeFile:
    """Store a file for which no loan is known; a worker looks into it for suggestions.

    Args:
        uow: where to.
        batch_id: the delivery.
        name: as given.
        stream: read once.
        item_code: where the sender knows it.
        unmatched: why the name does not tell the loan file, where it should have.
    """
    try:
        stored = uow.vault.put(stream, limit=uow.settings.upload_max_mb * service.MEBIBYTE)
    except TooLargeError as error:
        row = note_file(
            uow, batch_id=batch_id, name=name, loan_no="", state="too_large", message=str(error)
        )
        row.branch_id = _home(uow)
        return row
    row = note_file(
        uow, batch_id=batch_id, name=name, loan_no="", state="stored", stored=stored
    )
    row.item_code = item_code or guess_item(row.name)
    row.branch_id = _home(uow)
    row.unmatched = unmatched
    uow.record(
        "archive.file_waits",
        f"intake_file:{row.id}",
        name=row.name,
        sha256=stored.sha256,
        branch_id=row.branch_id,
    )
    uow.enqueue(READ, row.id)
    return row


def file_it(uow: UnitOfWork, cmd: FileIt) -> Document:
    """Put a file into a loan file, or the document it became under another item or loan.

    Raises:
        IntakeFileNotFoundError: no such file for this actor.
        AlreadyHandledError, ChangedMeanwhileError: another person was first.
        LoanNotFoundError, UnknownItemError, CategoryNotYoursError: it cannot go there.
        NotYoursToChangeError: it is in a loan file and the actor may not edit documents.
        NoBytesError: the file could not be kept when it came.
        NotMadeError: it is a part of a file, and its own bytes were not made.
    """
    row = _open(uow, cmd.file_id, cmd.version)
    loan = loans.get_loan(uow, loan_named(uow, cmd.loan_no))
    item = check_item(cmd.item_code)
    if not uow.actor.sees_category(item[:2]):
        raise CategoryNotYoursError(item=item)
    document = (
        _file_new(uow, row, loan, item, cmd)
        if row.document_id is None
        else _move(uow, row, loan, item, cmd)
    )
    if row.before.get("created") and not row.decided_by:
        learning.note_choice(uow, row, loan, item)
    row.loan_no = loan.loan_no
    _close(uow, row, "filed")
    uow.record(
        "archive.intake_filed",
        f"intake_file:{row.id}",
        document_id=document.id,
        loan_no=loan.loan_no,
        item_code=document.item_code,
        state=row.state,
    )
    return document


def keep(uow: UnitOfWork, file_id: int, version: int) -> IntakeFile:
    """Take note of a file and leave it as it is.

    Raises:
        IntakeFileNotFoundError, AlreadyHandledError, ChangedMeanwhileError: see `file_it`.
    """
    row = _open(uow, file_id, version)
    _close(uow, row, "kept")
    uow.record("archive.intake_kept", f"intake_file:{row.id}", name=row.name)
    return row


def reject(uow: UnitOfWork, file_id: int, version: int, reason: str) -> IntakeFile:
    """Send a file back that belongs to no loan of ours; its bytes stay in the vault.

    Raises:
        ReasonMissingError: without a reason.
        InLoanFileError: it is in a loan file.
        IntakeFileNotFoundError, AlreadyHandledError, ChangedMeanwhileError: see `file_it`.
    """
    row = _open(uow, file_id, version)
    if row.document_id is not None:
        raise InLoanFileError(loan_no=row.loan_no)
    if not reason.strip():
        raise ReasonMissingError
    row.reason = reason.strip()
    _close(uow, row, "rejected")
    uow.record(
        "archive.intake_rejected", f"intake_file:{row.id}", name=row.name, reason=row.reason
    )
    return row


def read_again(uow: UnitOfWork, file_id: int) -> IntakeFile:
    """Let a worker look into the file once more.

    Raises:
        IntakeFileNotFoundError: no such file for this actor.
        NoBytesError: the file could not be kept when it came.
    """
    row = inbox_list.get_file(uow, file_id)
    if row.document_id is not None:
        service.read_again(uow, row.document_id)
        return row
    if not row.sha256:
        raise NoBytesError(name=row.name)
    row.read_at = None
    uow.record("archive.reading_repeated", f"intake_file:{row.id}", sha256=row.sha256)
    uow.enqueue(READ, row.id)
    return row


def undo(uow: UnitOfWork, file_id: int, slips: Sequence[Slips] = ()) -> IntakeFile:
    """Bring a file back into the inbox, as it was before it was handled.

    Args:
        uow: where.
        file_id: the file.
        slips: codes that may have decided about it.

    Raises:
        IntakeFileNotFoundError: no such file for this actor.
        NotHandledError: there is nothing to undo.
        NotYoursToChangeError: somebody else did it.
        DocumentUsedError: something else points to the document by now.
    """
    row = inbox_list.get_file(uow, file_id)
    if row.handled_at is None or not row.handled_by:
        raise NotHandledError(name=row.name)
    if row.handled_by != uow.actor.name and not uow.actor.may(Permission.DOCUMENT_EDIT):
        raise NotYoursToChangeError(name=row.name)
    was = row.before
    deciding.release(uow, row, slips)
    row.decided_by = ""
    if row.outcome == "filed" and row.document_id is not None:
        if "document" in was:
            _restore(uow, row.document_id, was["document"])
        else:
            if was.get("created"):
                _withdraw(uow, row.document_id)
                learning.forget(uow, row)
            row.document_id = None
            row.state, row.message = was["state"], was["message"]
        row.loan_no = was["loan_no"]
    uow.record(
        "archive.intake_undone", f"intake_file:{row.id}", name=row.name, outcome=row.outcome
    )
    row.outcome, row.reason, row.handled_at, row.handled_by = "", "", None, ""
    row.before = {}
    return row


def _open(uow: UnitOfWork, file_id: int, version: int) -> IntakeFile:
    row = inbox_list.get_file(uow, file_id)
    if row.handled_at is not None:
        raise AlreadyHandledError(name=row.name, by=row.handled_by or "—")
    if row.version != version:
        raise ChangedMeanwhileError(seen=version, current=row.version)
    return row


def _close(uow: UnitOfWork, row: IntakeFile, outcome: str) -> None:
    row.outcome, row.handled_at, row.handled_by = outcome, uow.clock.now(), uow.actor.name


def _file_new(uow: UnitOfWork, row: IntakeFile, loan: Loan, item: str, cmd: FileIt) -> Document:
    if not row.sha256:
        raise NoBytesError(name=row.name)
    leaves = leaves_of(row)
    whole = row.parent_id is None and is_whole(leaves, row.id, row.page_count)
    if not whole and cmd.made is None:
        raise NotMadeError(name=row.name)
    stored = cmd.made or Stored(sha256=row.sha256, size=row.size, new=False)
    row.before = {"loan_no": row.loan_no, "state": row.state, "message": row.message}
    twin = twin_of(uow, loan.id, stored.sha256)
    if twin is not None:
        row.document_id, row.state = twin.id, "duplicate"
        row.message = DUPLICATE.format(piece_no=twin.piece_no, title=twin.title)
        return twin
    document = add_document(
        uow,
        loan,
        stored,
        name=row.name if whole else sources.name_of_piece(row.name, leaves),
        item_code=item,
        title=cmd.title.strip() or title_of(row.name),
        doc_date=cmd.doc_date,
        form=cmd.form,
        source=uow.session.get_one(IntakeBatch, row.batch_id).source,
    )
    if not whole:
        sources.note(uow, document, leaves)
    row.before = row.before | {"created": True}
    row.document_id, row.state, row.message = document.id, "stored", ""
    uow.enqueue("read_documents", [document.id])
    return document


def _move(uow: UnitOfWork, row: IntakeFile, loan: Loan, item: str, cmd: FileIt) -> Document:
    assert row.document_id is not None
    if not uow.actor.may(Permission.DOCUMENT_EDIT):
        raise NotYoursToChangeError(name=row.name)
    document = queries.get_document(uow, row.document_id)
    holds.check_not_held(uow, document)
    row.before = {
        "loan_no": row.loan_no,
        "document": {
            "loan_id": document.loan_id,
            "piece_no": document.piece_no,
            "item_code": document.item_code,
            "title": document.title,
        },
    }
    touched = {document.loan_id, loan.id}
    if document.loan_id != loan.id:
        if _is_used(uow, document.id):
            raise DocumentUsedError(title=document.title)
        document.piece_no = queries.next_piece(uow, loan.id)
        document.loan_id = loan.id
    document.item_code = item
    document.title = cmd.title.strip() or document.title
    uow.session.flush()  # the index reads the loan of the row
    service.index_document(uow, document)
    positions.recount_papers(uow, sorted(touched))
    return document


def _restore(uow: UnitOfWork, document_id: int, was: dict[str, object]) -> None:
    document = uow.session.get_one(Document, document_id)
    holds.check_not_held(uow, document)
    touched = {document.loan_id, int(str(was["loan_id"]))}
    if len(touched) > 1 and _is_used(uow, document.id):
        raise DocumentUsedError(title=document.title)
    old_loan, old_piece = int(str(was["loan_id"])), int(str(was["piece_no"]))
    if document.loan_id != old_loan:
        free = queries.is_free_piece(uow, old_loan, old_piece)
        document.piece_no = old_piece if free else queries.next_piece(uow, old_loan)
        document.loan_id = old_loan
    document.item_code, document.title = str(was["item_code"]), str(was["title"])
    uow.session.flush()  # the index reads the loan of the row
    service.index_document(uow, document)
    positions.recount_papers(uow, sorted(touched))


def _withdraw(uow: UnitOfWork, document_id: int) -> None:
    document = uow.session.get_one(Document, document_id)
    holds.check_not_held(uow, document)
    if _is_used(uow, document.id):
        raise DocumentUsedError(title=document.title)
    document.withdrawn_at = uow.clock.now()
    service.index_document(uow, document)
    positions.recount_papers(uow, [document.loan_id])
    uow.record(
        "archive.document_withdrawn",
        f"document:{document.id}",
        title=document.title,
        sha256=document.sha256,
    )


def _is_used(uow: UnitOfWork, document_id: int) -> bool:
    """Return whether a row of another table points to the document."""
    for table in Model.metadata.sorted_tables:
        if table.name in _OWN:
            continue
        for key in table.foreign_keys:
            if key.column.table.name != "documents":
                continue
            found = select(key.parent).where(key.parent == document_id).limit(1)
            if uow.session.execute(found).first() is not None:
                return True
    return False


def _home(uow: UnitOfWork) -> int | None:
    """Return the branch in whose inbox a file of this actor waits: its topmost one."""
    rows = branches.tree(uow.session, only=uow.actor.branch_ids)
    return min(rows, key=lambda row: row.depth).id if rows else None

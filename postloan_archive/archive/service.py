"""What a user does with documents: receive, describe, renew, open. One function per step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO, Final

from sqlalchemy import func, select

from postloan_archive.archive import holds, queries
from postloan_archive.archive.errors import (
    CategoryNotYoursError,
    ChangedOriginalError,
    EmptyNameError,
)
from postloan_archive.archive.filing import (
    DUPLICATE,
    add_document,
    more_digests,
    new_version,
    note_file,
    twin_of,
)
from postloan_archive.archive.models import (
    Document,
    DocumentVersion,
    IntakeBatch,
    IntakeFile,
)
from postloan_archive.archive.rules.filing import check_item, guess_item, title_of
from postloan_archive.archive.rules.names import shown_name
from postloan_archive.kernel.errors import _l
from postloan_archive.loans import positions
from postloan_archive.loans import queries as loans
from postloan_archive.uow import UnitOfWork
from postloan_archive.vault import State as Fixity
from postloan_archive.vault import TooLargeError

MEBIBYTE: Final = 1_048_576
NO_SUCH_FILE: Final = _l("没有这个文件或文件夹；请核对路径。")
NOT_A_FILE: Final = _l("不是普通文件（管道、设备等），未收取。")
NOT_READABLE: Final = _l("来源文件无法读取（{reason}），未收取；请检查权限或介质后重新导入。")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBatch:
    """A delivery of files begins; `expected` is the count that the sender states, if any."""

    source: str
    expected: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveFile:
    """One file of a batch.

    `item_code` None: guessed from the name, 待归类 where nothing fits. `stream` is read once.
    """

    batch_id: int
    loan_no: str
    name: str
    stream: BinaryIO
    item_code: str | None = None
    title: str | None = None
    doc_date: date | None = None
    form: str = "scan"


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribeDocument:
    """New metadata of a document; `version` is the one the person saw."""

    document_id: int
    version: int
    title: str
    item_code: str
    doc_no: str = ""
    author: str = ""
    doc_date: date | None = None
    form: str = "scan"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMade:
    """A paper that the system itself made, to be filed: a letter, a complaint, a package.

    `read` False: the caller puts in one job that reads many of them.
    """

    loan_id: int
    item_code: str
    name: str
    title: str
    stream: BinaryIO
    doc_no: str = ""
    author: str = ""
    doc_date: date | None = None
    read: bool = True


def open_batch(uow: UnitOfWork, cmd: OpenBatch) -> IntakeBatch:
    """Open a batch; its files are received one by one."""
    batch = IntakeBatch(
        source=cmd.source,
        expected=cmd.expected,
        opened_by=uow.actor.name,
        opened_at=uow.clock.now(),
    )
    uow.session.add(batch)
    uow.session.flush()  # the audit line and the files need the id
    uow.record("archive.batch_opened", f"intake_batch:{batch.id}", source=cmd.source)
    return batch


def close_batch(uow: UnitOfWork, batch_id: int) -> dict[str, int]:
    """Close the batch and return its receipt: how many files reached which state."""
    batch = uow.session.get_one(IntakeBatch, batch_id)
    batch.closed_at = uow.clock.now()
    rows = uow.session.execute(
        select(IntakeFile.state, func.count())
        .where(IntakeFile.batch_id == batch_id)
        .group_by(IntakeFile.state)
        .order_by(IntakeFile.state)
    ).all()
    receipt = {str(state): int(count) for state, count in rows}
    uow.record("archive.batch_closed", f"intake_batch:{batch_id}", receipt=receipt)
    return receipt


def receive_file(uow: UnitOfWork, cmd: ReceiveFile) -> IntakeFile:
    """Store the bytes, then the row and the audit line; the caller enqueues the reading.

    A file with the bytes of another one in the same loan file is linked to it. A file over
    the size limit is the only one whose bytes are not kept.

    Raises:
        LoanNotFoundError: no such loan for this actor; nothing is stored.
        UnknownItemError: the item code is not in the catalogue; nothing is stored.
    """
    cmd = replace(cmd, name=shown_name(cmd.name))
    loan = loans.get_loan(uow, cmd.loan_no)
    item = check_item(cmd.item_code) if cmd.item_code else guess_item(cmd.name)
    limit = uow.settings.upload_max_mb * MEBIBYTE
    try:
        stored = uow.vault.put(cmd.stream, limit=limit)
    except TooLargeError as error:
        return note_file(
            uow,
            batch_id=cmd.batch_id,
            name=cmd.name,
            loan_no=loan.loan_no,
            state="too_large",
            message=str(error),
        )
    twin = twin_of(uow, loan.id, stored.sha256)
    if twin is not None:
        uow.record(
            "archive.duplicate_linked",
            f"document:{twin.id}",
            loan_no=loan.loan_no,
            name=cmd.name,
            sha256=stored.sha256,
        )
        message = DUPLICATE.format(piece_no=twin.piece_no, title=twin.title)
        return note_file(
            uow,
            batch_id=cmd.batch_id,
            name=cmd.name,
            loan_no=loan.loan_no,
            state="duplicate",
            message=message,
            stored=stored,
            document=twin,
        )
    document = add_document(
        uow,
        loan,
        stored,
        name=cmd.name,
        item_code=item,
        title=(cmd.title or title_of(cmd.name)).strip(),
        doc_date=cmd.doc_date,
        form=cmd.form,
        source=uow.session.get_one(IntakeBatch, cmd.batch_id).source,
    )
    return note_file(
        uow,
        batch_id=cmd.batch_id,
        name=cmd.name,
        loan_no=loan.loan_no,
        state="stored",
        stored=stored,
        document=document,
    )


def note_failed_member(
    uow: UnitOfWork, *, batch_id: int, loan_no: str, name: str, state: str, message: str
) -> IntakeFile:
    """Record a member of an archive that could not be had, with the reason."""
    return note_file(
        uow, batch_id=batch_id, name=name, loan_no=loan_no, state=state, message=message
    )


def file_made(uow: UnitOfWork, cmd: FileMade) -> Document:
    """File a paper that the system made itself; reading and indexing follow as a job."""
    loan = loans.get_loan_by_id(uow, cmd.loan_id)
    stored = uow.vault.put(cmd.stream)
    document = add_document(
        uow,
        loan,
        stored,
        name=cmd.name,
        item_code=check_item(cmd.item_code),
        title=cmd.title,
        doc_no=cmd.doc_no,
        author=cmd.author,
        doc_date=cmd.doc_date,
        form="original",
        source="system",
    )
    if cmd.read:
        uow.enqueue("read_documents", [document.id])
    return document


def describe_document(uow: UnitOfWork, cmd: DescribeDocument) -> Document:
    """Change title, item, number, author, date or form of a document.

    Raises:
        DocumentNotFoundError: no such document for this actor.
        UnknownItemError: the item code is not in the catalogue.
        CategoryNotYoursError: the new item is of a category that the actor may not see.
        HeldError: a hold stands on the document, its file or its person.
        ChangedMeanwhileError: another person changed it after `version` was shown.
    """
    document = queries.get_document(uow, cmd.document_id)
    queries.check_version(document, cmd.version)
    holds.check_not_held(uow, document)
    if not cmd.title.strip():
        raise EmptyNameError
    item = check_item(cmd.item_code)
    if not uow.actor.sees_category(item[:2]):
        raise CategoryNotYoursError(item=item)
    before = {"title": document.title, "item_code": document.item_code}
    document.title = cmd.title.strip()
    document.item_code = item
    document.doc_no = cmd.doc_no.strip()
    document.author = cmd.author.strip()
    document.doc_date = cmd.doc_date
    document.form = cmd.form
    index_document(uow, document)
    uow.record(
        "archive.document_described",
        f"document:{document.id}",
        before=before,
        after={"title": document.title, "item_code": document.item_code},
    )
    if document.item_code != before["item_code"]:
        positions.recount_papers(uow, [document.loan_id])
    return document


def add_version(uow: UnitOfWork, document_id: int, name: str, stream: BinaryIO) -> Document:
    """Put new bytes under an existing item; the old version stays for ever.

    Raises:
        DocumentNotFoundError: no such document for this actor.
    """
    document = queries.get_document(uow, document_id)
    stored = uow.vault.put(stream, limit=uow.settings.upload_max_mb * MEBIBYTE)
    document.current_version += 1
    document.sha256, document.size = stored.sha256, stored.size
    document.filename = shown_name(name)
    document.read_at = None
    document.versions.append(new_version(uow, document, stored))
    uow.record(
        "archive.version_added",
        f"document:{document.id}",
        no=document.current_version,
        sha256=stored.sha256,
        **more_digests(stored),
    )
    uow.enqueue("read_documents", [document.id])
    return document


def read_again(uow: UnitOfWork, document_id: int) -> Document:
    """Let a worker read the document once more, whatever came of it before.

    Raises:
        DocumentNotFoundError: no such document for this actor.
    """
    document = queries.get_document(uow, document_id)
    document.read_at = None
    uow.record(
        "archive.reading_repeated",
        f"document:{document.id}",
        state=document.state,
        sha256=document.sha256,
    )
    uow.enqueue("read_documents", [document.id])
    return document


def take_original(uow: UnitOfWork, document_id: int, no: int = 0) -> DocumentVersion:
    """Return the version to hand out and record the export; 0 is the current one.

    Raises:
        DocumentNotFoundError: no such document for this actor.
        NoSuchVersionError: the document has no version with this number.
        FixityError: the stored bytes are not what was stored.
    """
    document = queries.get_document(uow, document_id)
    version = queries.get_version(uow, document, no or document.current_version)
    found = uow.vault.verify(version.sha256)
    if found.state is not Fixity.GOOD:
        raise ChangedOriginalError(sha256=version.sha256, reason=found.message)
    uow.record(
        "archive.original_exported",
        f"document:{document.id}",
        no=version.no,
        name=version.filename,
        sha256=version.sha256,
    )
    return version


def index_document(uow: UnitOfWork, document: Document) -> None:
    """Bring the search index up to the pages and the metadata of the document."""
    index_documents(uow, (document,))


def index_documents(uow: UnitOfWork, documents: Sequence[Document]) -> None:
    """Bring the search index up to many documents at once, which is far quicker."""
    uow.index.remove_documents(uow.session, [document.id for document in documents])
    pages = [
        page
        for document in documents
        if document.withdrawn_at is None
        for page in queries.indexed_pages(uow, document)
    ]
    if pages:
        uow.index.add(uow.session, pages)

"""SELECTs over documents; every one looks only where the actor may look."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from postloan_archive.archive.errors import (
    DocumentNotFoundError,
    NoSuchPageError,
    NoSuchVersionError,
)
from postloan_archive.archive.models import Document, DocumentVersion, IntakeFile, Page
from postloan_archive.archive.rules.filing import item_title
from postloan_archive.kernel.errors import ConflictError, _l
from postloan_archive.loans import queries as loans
from postloan_archive.loans.errors import LoanNotFoundError
from postloan_archive.loans.models import Loan
from postloan_archive.search import IndexedPage, Scope
from postloan_archive.uow import UnitOfWork


class ChangedMeanwhileError(ConflictError):
    """Another person changed the row after this one saw it."""

    next_step = _l("请刷新页面，核对最新内容后再保存。")

    def __init__(self, *, seen: int, current: int) -> None:
        super().__init__(_l("内容已被他人修改。"), seen=seen, current=current)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One line of the list of a loan file."""

    id: int
    piece_no: int
    item_code: str
    title: str
    doc_no: str
    author: str
    doc_date: date | None
    form: str
    made_here: bool  # written by this system, not received
    state: str
    read: bool  # False: still waits to be read
    message: str
    page_count: int
    ocr_pending: int
    media_type: str
    filename: str
    size: int
    sha256: str
    flags: tuple[str, ...]
    current_version: int
    version: int
    added_at: datetime
    added_by: str


def check_version(document: Document, seen: int) -> None:
    """Refuse to overwrite what the person has not seen.

    Raises:
        ChangedMeanwhileError: the row has another version number than the one shown.
    """
    if document.version != seen:
        raise ChangedMeanwhileError(seen=seen, current=document.version)


def get_document(uow: UnitOfWork, document_id: int) -> Document:
    """Return a document of a loan and of a category that the actor may see.

    Raises:
        DocumentNotFoundError: no such document, or not for this actor: the same answer.
    """
    document = uow.session.get(Document, document_id)
    if (
        document is None
        or document.withdrawn_at is not None
        or not uow.actor.sees_category(document.item_code[:2])
    ):
        raise DocumentNotFoundError(document_id=document_id)
    try:
        loans.get_loan_by_id(uow, document.loan_id)
    except LoanNotFoundError:
        raise DocumentNotFoundError(document_id=document_id) from None
    return document


def get_page(uow: UnitOfWork, document: Document, no: int) -> Page:
    """Return one page of the document.

    Raises:
        NoSuchPageError: the document has no page with this number.
    """
    page = uow.session.scalar(
        select(Page).where(Page.document_id == document.id, Page.no == no)
    )
    if page is None:
        raise NoSuchPageError(page=no, pages=document.page_count)
    return page


def get_version(uow: UnitOfWork, document: Document, no: int) -> DocumentVersion:
    """Return one version of a document that the actor was allowed to see.

    Raises:
        NoSuchVersionError: the document has no version with this number.
    """
    version = uow.session.scalar(
        select(DocumentVersion).where(
            DocumentVersion.document_id == document.id, DocumentVersion.no == no
        )
    )
    if version is None:
        raise NoSuchVersionError(no=no)
    return version


def loan_no_of(uow: UnitOfWork, document: Document) -> str:
    """Return the number of the loan of a document that the actor was allowed to see."""
    return loans.get_loan_by_id(uow, document.loan_id).loan_no


def documents_of(uow: UnitOfWork, loan_id: int) -> list[DocumentRow]:
    """Return the documents of a loan file that the actor may see, by item and piece."""
    rows = uow.session.scalars(
        select(Document)
        .where(Document.loan_id == loan_id, Document.withdrawn_at.is_(None))
        .where(loans.is_visible(uow, Document.loan_id))
        .order_by(Document.item_code, Document.piece_no)
    )
    return [_row(row) for row in rows if uow.actor.sees_category(row.item_code[:2])]


def next_piece(uow: UnitOfWork, loan_id: int) -> int:
    """Return the number of the next piece of the loan file; none is used twice."""
    last = uow.session.scalar(
        select(func.max(Document.piece_no)).where(Document.loan_id == loan_id)
    )
    return (last or 0) + 1


def is_free_piece(uow: UnitOfWork, loan_id: int, piece_no: int) -> bool:
    """Return whether no document of the loan file has this number."""
    taken = select(Document.id).where(
        Document.loan_id == loan_id, Document.piece_no == piece_no
    )
    return uow.session.scalar(taken.limit(1)) is None


def present_items(uow: UnitOfWork, loan_id: int) -> frozenset[str]:
    """Return the item codes for which the loan file holds at least one document."""
    return frozenset(
        uow.session.scalars(
            select(Document.item_code)
            .where(Document.loan_id == loan_id, Document.withdrawn_at.is_(None))
            .distinct()
            .order_by(Document.item_code)
        )
    )


def present_items_of(uow: UnitOfWork, loan_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """Return the item codes that each of the loan files holds; one query."""
    found: dict[int, set[str]] = {}
    for loan_id, code in uow.session.execute(
        select(Document.loan_id, Document.item_code)
        .where(Document.loan_id.in_(loan_ids), Document.withdrawn_at.is_(None))
        .distinct()
        .order_by(Document.loan_id, Document.item_code)
    ):
        found.setdefault(loan_id, set()).add(code)
    return {loan_id: frozenset(codes) for loan_id, codes in found.items()}


def files_of_batch(uow: UnitOfWork, batch_id: int) -> list[IntakeFile]:
    """Return the files of a batch in the order of arrival."""
    return list(
        uow.session.scalars(
            select(IntakeFile).where(IntakeFile.batch_id == batch_id).order_by(IntakeFile.id)
        )
    )


def page_count(session: Session) -> int:
    """Return how many pages a complete index holds: those of documents not withdrawn."""
    pages = (
        select(func.count(Page.id))
        .join(Document, Page.document_id == Document.id)
        .where(Document.withdrawn_at.is_(None))
    )
    return session.scalar(pages) or 0


def scope(uow: UnitOfWork) -> Scope:
    """Return what of the index the actor may see."""
    return Scope(branch_ids=uow.actor.branch_ids, categories=uow.actor.categories)


def indexed_pages(uow: UnitOfWork, document: Document) -> Iterator[IndexedPage]:
    """Yield the pages of a document as the search index keeps them."""
    loan = loans.get_loan_by_id(uow, document.loan_id)
    facts = loans.search_fields(loan)
    pages = uow.session.execute(
        select(Page.id, Page.no, Page.text)
        .where(Page.document_id == document.id)
        .order_by(Page.no)
    )
    for page_id, no, text in pages:
        yield _indexed(document, loan, facts, page_id, no, text)


def indexed_pages_after(uow: UnitOfWork, after: int, limit: int) -> list[IndexedPage]:
    """Return at most `limit` pages with a higher id, as the search index keeps them."""
    rows = uow.session.execute(
        select(Page.id, Page.no, Page.text, Document)
        .join(Document, Page.document_id == Document.id)
        .where(Page.id > after, Document.withdrawn_at.is_(None))
        .order_by(Page.id)
        .limit(limit)
    ).all()
    of_loan = {
        loan_id: loans.get_loan_by_id(uow, loan_id)
        for loan_id in sorted({row.Document.loan_id for row in rows})
    }
    facts = {loan_id: loans.search_fields(loan) for loan_id, loan in of_loan.items()}
    return [
        _indexed(
            document, of_loan[document.loan_id], facts[document.loan_id], page_id, no, text
        )
        for page_id, no, text, document in rows
    ]


def _indexed(
    document: Document, loan: Loan, facts: dict[str, str], page_id: int, no: int, text: str
) -> IndexedPage:
    return IndexedPage(
        page_id=page_id,
        document_id=document.id,
        loan_no=loan.loan_no,
        branch_id=loan.branch_id,
        category=document.item_code[:2],
        item_code=document.item_code,
        page_no=no,
        title=document.title,
        text=text,
        doc_date=document.doc_date,
        fields=facts
        | {
            "doc_no": document.doc_no,
            "issuer": document.author,
            "filename": document.filename,
            "item_name": item_title(document.item_code),
            "media": document.form,
        },
    )


def _row(document: Document) -> DocumentRow:
    return DocumentRow(
        id=document.id,
        piece_no=document.piece_no,
        item_code=document.item_code,
        title=document.title,
        doc_no=document.doc_no,
        author=document.author,
        doc_date=document.doc_date,
        form=document.form,
        made_here=document.source == "system",
        state=document.state,
        read=document.read_at is not None,
        message=document.message,
        page_count=document.page_count,
        ocr_pending=document.ocr_pending,
        media_type=document.media_type,
        filename=document.filename,
        size=document.size,
        sha256=document.sha256,
        flags=tuple(document.flags),
        current_version=document.current_version,
        version=document.version,
        added_at=document.added_at,
        added_by=document.added_by,
    )

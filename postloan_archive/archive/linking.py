"""Papers that belong together: a contract and its supplement, a notice and its receipt."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from postloan_archive.archive import queries
from postloan_archive.archive.models import Document, DocumentLink
from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l
from postloan_archive.uow import UnitOfWork


class LinkError(RuleError):
    """A paper is linked to another one of the same loan file, with words on why."""

    field = "other"

    def __init__(self) -> None:
        super().__init__(_l("请选择本卷的另一件文件，并写明关系。"))


class LinkedError(ConflictError):
    """The two are linked already."""

    def __init__(self) -> None:
        super().__init__(_l("这两件文件已经关联。"))


class LinkNotFoundError(NotFoundError):
    """No such link."""

    def __init__(self) -> None:
        super().__init__(_l("没有这项关联。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """The other end of a link."""

    id: int
    document_id: int
    piece_no: int
    item_code: str
    title: str
    note: str


def link(uow: UnitOfWork, document_id: int, other_id: int, note: str) -> DocumentLink:
    """Link two papers of one loan file.

    Raises:
        DocumentNotFoundError: one of them is none of this actor's.
        LinkError: the same paper, another loan file, or no words.
        LinkedError: linked already.
    """
    one, other = queries.get_document(uow, document_id), queries.get_document(uow, other_id)
    if one.id == other.id or one.loan_id != other.loan_id or not note.strip():
        raise LinkError
    first, second = sorted((one.id, other.id))
    found = select(DocumentLink.id).where(
        DocumentLink.first_id == first, DocumentLink.second_id == second
    )
    if uow.session.scalar(found) is not None:
        raise LinkedError
    row = DocumentLink(
        first_id=first,
        second_id=second,
        note=note.strip(),
        linked_by=uow.actor.name,
        linked_at=uow.clock.now(),
    )
    uow.session.add(row)
    uow.record("archive.documents_linked", f"document:{one.id}", other=other.id, note=row.note)
    return row


def unlink(uow: UnitOfWork, document_id: int, link_id: int) -> None:
    """Take a link away; the trail keeps that it was there.

    Raises:
        DocumentNotFoundError, LinkNotFoundError: not there, or not for this actor.
    """
    document = queries.get_document(uow, document_id)
    row = uow.session.get(DocumentLink, link_id)
    if row is None or document.id not in {row.first_id, row.second_id}:
        raise LinkNotFoundError
    other = row.first_id + row.second_id - document.id
    uow.record(
        "archive.documents_unlinked", f"document:{document.id}", other=other, note=row.note
    )
    uow.session.delete(row)


def links_of(uow: UnitOfWork, document: Document) -> list[Linked]:
    """Return the papers that a document is linked to and that the actor may see."""
    rows = uow.session.execute(
        select(DocumentLink, Document)
        .join(
            Document,
            or_(
                (Document.id == DocumentLink.first_id)
                & (DocumentLink.second_id == document.id),
                (Document.id == DocumentLink.second_id)
                & (DocumentLink.first_id == document.id),
            ),
        )
        .where(Document.withdrawn_at.is_(None))
        .order_by(Document.piece_no)
    )
    return [
        Linked(
            id=row.id,
            document_id=other.id,
            piece_no=other.piece_no,
            item_code=other.item_code,
            title=other.title,
            note=row.note,
        )
        for row, other in rows
        if uow.actor.sees_category(other.item_code[:2])
    ]

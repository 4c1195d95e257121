"""Papers as rows of the archive, read and indexed, without files and readers."""

from collections.abc import Callable, Sequence
from datetime import date

from postloan_archive.archive import service
from postloan_archive.archive.models import Document, Page
from postloan_archive.uow import UnitOfWork
from tests.builders import a_loan


def file_pages(
    new_uow: Callable[..., UnitOfWork], texts: Sequence[str], *, pages_each: int = 5
) -> int:
    """File documents of `pages_each` pages in a new loan file; return the number of pages."""
    with new_uow() as uow:
        loan_id = a_loan(uow).id
        for first in range(0, len(texts), pages_each):
            document = Document(
                loan_id=loan_id,
                piece_no=first + 1,
                item_code="YJ01",
                title=f"第{first}件",
                doc_date=date(2025, 1, 1),
                filename="made.txt",
                sha256=f"{first:064x}",
                size=1,
                added_at=uow.clock.now(),
                added_by="test",
                read_at=uow.clock.now(),
            )
            uow.session.add(document)
            uow.session.flush()  # the pages need the id
            uow.session.add_all(
                Page(document_id=document.id, no=number, text=text)
                for number, text in enumerate(texts[first : first + pages_each], start=1)
            )
            uow.session.flush()  # the index needs the ids of the pages
            service.index_document(uow, document)
    return len(texts)

"""Pages and words of what waits in the inbox; every view leaves its line."""

from dataclasses import replace

from postloan_archive.archive import inbox_list, queries
from postloan_archive.archive.errors import NoSuchPageError
from postloan_archive.archive.models import IntakeFile
from postloan_archive.archive.page_images import PageSource, Size, source_of
from postloan_archive.archive.pieces.suggesting import leaves_of
from postloan_archive.archive.rules.leaves import WHOLE, Leaf
from postloan_archive.uow import UnitOfWork


def view_page(uow: UnitOfWork, file_id: int, no: int, size: Size) -> PageSource:
    """Return what to draw of a file without a document and record the view.

    Raises:
        IntakeFileNotFoundError: no such file for this actor.
        NoSuchPageError: it has no page with this number.
    """
    row = inbox_list.get_file(uow, file_id)
    if row.document_id is not None or not row.sha256 or not 1 <= no <= row.page_count:
        raise NoSuchPageError(page=no, pages=row.page_count)
    if size is not Size.THUMB:
        uow.record("archive.page_viewed", f"intake_file:{row.id}", page=no, sha256=row.sha256)
    return source_of(uow, row.sha256, row.media_type, no, size)


def view_leaf(uow: UnitOfWork, file_id: int, leaf: Leaf, size: Size) -> PageSource:
    """Return what to draw of a page of a piece, or of its file, and record the view.

    Raises:
        IntakeFileNotFoundError: no such piece for this actor.
        NoSuchPageError: neither the piece nor its file has the page.
    """
    row = inbox_list.get_file(uow, file_id)
    root = uow.session.get_one(IntakeFile, row.parent_id or row.id)
    own = {one.key for one in leaves_of(row)}
    if leaf.key not in own and not (leaf.file == root.id and 1 <= leaf.page <= root.page_count):
        raise NoSuchPageError(page=leaf.page, pages=row.page_count)
    source = uow.session.get_one(IntakeFile, leaf.file)
    if size is not Size.THUMB:
        uow.record(
            "archive.page_viewed",
            f"intake_file:{row.id}",
            page=leaf.page,
            sha256=source.sha256,
        )
    found = source_of(uow, source.sha256, source.media_type, leaf.page, size)
    return replace(found, turn=leaf.turn % WHOLE)


def excerpt_of(uow: UnitOfWork, file_id: int) -> str:
    """Return the first words of a file without page images and record the view.

    Raises:
        IntakeFileNotFoundError: no such file for this actor.
        DocumentNotFoundError: it became a document that the actor may not see.
    """
    row = inbox_list.get_file(uow, file_id)
    words = row.excerpt
    if row.document_id is not None:
        document = queries.get_document(uow, row.document_id)
        words = queries.get_page(uow, document, 1).text if document.page_count else ""
    if words:
        uow.record("archive.page_viewed", f"intake_file:{row.id}", page=1, sha256=row.sha256)
    return words

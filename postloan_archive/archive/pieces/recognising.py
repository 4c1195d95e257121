"""Reading scans that wait: the first page of a piece at once, the others page by page."""

from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from postloan_archive.archive.models import IntakeFile
from postloan_archive.archive.pieces.models import WaitingPage
from postloan_archive.archive.pieces.page_facts import KEPT_TEXT, PageFacts
from postloan_archive.archive.pieces.suggesting import clues_of, leaves_of, suggest
from postloan_archive.jobs import JobContext
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import _l
from postloan_archive.reading import NoPageError, UnreadableError, ocr_available, ocr_page
from postloan_archive.uow import System

REST: Final = "recognise_waiting"  # the job that reads the pages after the first
MOST_AHEAD: Final = 60  # pages of one file; the rest is recognised when it is filed
JOB: Final = Actor.program("job")


def recognise_piece(system: System, context: JobContext) -> None:
    """Recognise the first page of a piece where it has no text; suggest anew."""
    (file_id,) = context.args
    assert isinstance(file_id, int)
    with system.unit_of_work(JOB) as uow:
        row = uow.session.get_one(IntakeFile, file_id)
        leaves = leaves_of(row)
        if row.handled_at is not None or row.document_id is not None or not leaves:
            return
        first = leaves[0]
        source = uow.session.get_one(IntakeFile, first.file)
        path, media_type = uow.vault.path(source.sha256), source.media_type
        known = _page(uow.session, first.file, first.page)
        words = known.text if known is not None else ""
    if not words.strip() and ocr_available() is None:
        try:
            words = ocr_page(path, media_type, first.page).text[:KEPT_TEXT]
        except (UnreadableError, NoPageError):
            return
    with system.unit_of_work(JOB) as uow:
        row = uow.session.get_one(IntakeFile, file_id)
        page = _page(uow.session, first.file, first.page)
        if page is None or row.handled_at is not None:
            return
        page.text = words
        uow.session.flush()  # suggestions read the rows of the pages
        suggest(uow, row, clues_of(uow, row.branch_id))


def is_left(page: PageFacts | WaitingPage) -> bool:
    """Return whether a page shows something of which no word is known."""
    return not page.blank and not page.text.strip()


def recognise_rest(system: System, context: JobContext) -> None:
    """Recognise the pages without words of a file that waits; each is kept as it is done.

    Pieces that nothing led to a loan file are looked at anew at the end. A file that was filed
    meanwhile stops the work: its document is recognised by a job of its own.
    """
    (file_id,) = context.args
    assert isinstance(file_id, int)
    if ocr_available() is not None:
        return
    with system.look(JOB) as uow:
        row = uow.session.get_one(IntakeFile, file_id)
        path, media_type = uow.vault.path(row.sha256), row.media_type
        pages = uow.session.scalars(
            select(WaitingPage).where(WaitingPage.file_id == file_id).order_by(WaitingPage.no)
        )
        numbers = [page.no for page in pages if is_left(page)][:MOST_AHEAD]
    for done, no in enumerate(numbers):
        context.progress(done, len(numbers), _l("正在识别待归档的页面"))
        with system.look(JOB) as uow:
            if not _open(uow.session, file_id):
                return
        try:
            words = ocr_page(path, media_type, no).text[:KEPT_TEXT]
        except (UnreadableError, NoPageError):
            continue
        with system.unit_of_work(JOB) as uow:
            page = _page(uow.session, file_id, no)
            if page is not None:
                page.text = words
    with system.unit_of_work(JOB) as uow:
        for row in _open(uow.session, file_id):
            if not row.candidates:
                suggest(uow, row, clues_of(uow, row.branch_id))
        uow.record("archive.waiting_recognised", f"intake_file:{file_id}", pages=len(numbers))


def _open(session: Session, file_id: int) -> list[IntakeFile]:
    """Return the pieces of a file that nobody has filed or sent back."""
    return list(
        session.scalars(
            select(IntakeFile)
            .where(
                or_(IntakeFile.id == file_id, IntakeFile.parent_id == file_id),
                IntakeFile.handled_at.is_(None),
                IntakeFile.document_id.is_(None),
            )
            .order_by(IntakeFile.id)
        )
    )


def _page(session: Session, file_id: int, no: int) -> WaitingPage | None:
    return session.scalar(
        select(WaitingPage).where(WaitingPage.file_id == file_id, WaitingPage.no == no)
    )

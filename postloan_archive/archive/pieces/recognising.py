"""Reading the first page of a new piece of a scan, so that it speaks for itself."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from postloan_archive.archive.models import IntakeFile
from postloan_archive.archive.pieces.models import WaitingPage
from postloan_archive.archive.pieces.page_facts import KEPT_TEXT
from postloan_archive.archive.pieces.suggesting import clues_of, leaves_of, suggest
from postloan_archive.jobs import JobContext
from postloan_archive.kernel.actor import Actor
from postloan_archive.reading import NoPageError, UnreadableError, ocr_available, ocr_page
from postloan_archive.uow import System

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


def _page(session: Session, file_id: int, no: int) -> WaitingPage | None:
    return session.scalar(
        select(WaitingPage).where(WaitingPage.file_id == file_id, WaitingPage.no == no)
    )

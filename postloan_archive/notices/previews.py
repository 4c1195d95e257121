"""A letter as text at once, and as pictures of its pages as soon as a worker has drawn them.

Starting LibreOffice takes seconds, so no request waits for it. What is drawn lies in the cache
by the digest of the .docx, can be deleted at any moment and is drawn again when asked for.
"""

import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import uuid4

from postloan_archive.jobs import JobContext, JobState, list_jobs
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import _l
from postloan_archive.notices import queries, service
from postloan_archive.notices.models import Notice
from postloan_archive.uow import System, UnitOfWork
from postloan_archive.wordgen import (
    OfficeMissingError,
    docx_reading_text,
    docx_to_pdf,
    pdf_pictures,
    soffice_path,
)

DRAW: Final = "draw_letter"  # the kind of the job
WIDTH: Final = 900  # pixels of a page
KEPT: Final = 500  # letters in the cache, about 100 KB each
TIMEOUT_S: Final = 60
ACTIVE: Final = (JobState.QUEUED, JobState.RUNNING)
DRAWING: Final = _l("版面图正在生成，先看文字。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a letter looks like.

    Attributes:
        digest: of the .docx.
        pages: how many pictures are drawn, 0 while there are none.
        text: what the letter says, where there are no pictures yet.
        reason: why there are none, Chinese.
        drawing: a worker is at it or will be.
    """

    digest: str
    pages: int = 0
    text: str = ""
    reason: str = ""
    drawing: bool = False


def preview_of(uow: UnitOfWork, notice: Notice, *, draw: bool = False) -> Preview:
    """Return the letter as it is, or as it would be issued today.

    Args:
        uow: the unit of work.
        notice: the letter.
        draw: let a worker draw the pages where they are not drawn.

    Raises:
        PlaceholderLeftError: a blank is not filled in.
        LetterError: the template cannot be filled.
    """
    return shown(uow, service.preview(uow, notice), DRAW, (notice.id,), draw=draw)


def shown(
    uow: UnitOfWork, docx: bytes, job: str, args: tuple[int | str, ...], *, draw: bool
) -> Preview:
    """Return a paper as far as it is drawn.

    Args:
        uow: the unit of work.
        docx: the paper.
        job: the kind of the job that draws it.
        args: what that job is given.
        draw: let a worker draw the pages where they are not drawn.
    """
    digest = sha256(docx).hexdigest()
    drawn = _folder(uow.settings.data, digest)
    if drawn.is_dir():
        return Preview(digest=digest, pages=len(list(drawn.glob("*.png"))))
    if soffice_path(uow.settings.soffice) is None:
        return Preview(
            digest=digest, text=docx_reading_text(docx), reason=str(OfficeMissingError())
        )
    newest = next(
        (one for one in list_jobs(uow.session, kind=job).jobs if one.args == args),
        None,
    )
    active = newest is not None and newest.state in ACTIVE
    if draw and not active:
        uow.enqueue(job, *args)
        active = True
    reason = DRAWING if active else (newest.reason if newest else "")
    return Preview(digest=digest, text=docx_reading_text(docx), reason=reason, drawing=active)


def picture_of(uow: UnitOfWork, notice: Notice, page: int) -> bytes | None:
    """Return one drawn page of a letter, None where there is no such picture.

    Raises:
        PlaceholderLeftError: a blank is not filled in.
        LetterError: the template cannot be filled.
    """
    return drawn_page(uow, service.preview(uow, notice), page)


def drawn_page(uow: UnitOfWork, docx: bytes, page: int) -> bytes | None:
    """Return one drawn page of a paper, None where there is no such picture."""
    digest = sha256(docx).hexdigest()
    try:
        return _picture(_folder(uow.settings.data, digest), page).read_bytes()
    except OSError:
        return None


def draw_letter(system: System, context: JobContext) -> None:
    """Draw the pages of one letter; drawing it again gives the same pictures."""
    (notice_id,) = context.args
    assert isinstance(notice_id, int)
    with system.look(Actor.program("job")) as uow:
        docx = service.preview(uow, queries.get_notice(uow, notice_id))
    draw_pages(system, docx)


def draw_pages(system: System, docx: bytes) -> None:
    """Put the pictures of a paper into the cache, unless they are there."""
    folder = _folder(system.settings.data, sha256(docx).hexdigest())
    if folder.is_dir():
        return
    (pdf,) = docx_to_pdf(
        [docx], soffice=soffice_path(system.settings.soffice), timeout_s=TIMEOUT_S
    )
    half = folder.with_name(f".{uuid4().hex}")
    half.mkdir(parents=True)
    for page, picture in enumerate(pdf_pictures(pdf, width=WIDTH), 1):
        _picture(half, page).write_bytes(picture)
    try:
        half.rename(folder)  # whole or not at all
    except OSError:
        shutil.rmtree(half)  # another worker was faster
    _forget_oldest(folder.parent)


def _folder(data: Path, digest: str) -> Path:
    return data / "cache" / "letters" / digest


def _picture(folder: Path, page: int) -> Path:
    return folder / f"{page:03d}.png"


def _forget_oldest(cache: Path) -> None:
    drawn = sorted(cache.iterdir(), key=lambda one: one.stat().st_mtime)
    for old in drawn[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)

"""遮盖副本: a derived copy of a paper as flat pictures, with parts blacked out for good.

The original is not touched. What is under a box is not in the copy: each page is drawn, the
boxes are painted into the picture, and the picture alone becomes the page.
"""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final

from PIL import Image, ImageDraw
from sqlalchemy import select

from postloan_archive.archive import queries
from postloan_archive.archive.errors import DocumentNotFoundError
from postloan_archive.archive.models import Document, Page, Redaction
from postloan_archive.kernel.errors import NotFoundError, RuleError, _l
from postloan_archive.reading import Limits, has_page_image, render_page
from postloan_archive.uow import System, UnitOfWork
from postloan_archive.web.bounds import whole_number

DPI: Final = 150
POINTS: Final = 72
MOST_PAGES: Final = 300
MOST_BOXES: Final = 500
QUALITY: Final = 85
NUMBERS: Final = 5  # of a box in an address
WHOLE: Final = 10_000
PERCENT: Final = 100  # ten-thousandths
USUAL_WIDTH: Final = 595.0  # points of A4, where the page says nothing


class RedactionError(RuleError):
    """The copy cannot be made of this; `field` says what is wrong."""

    field = "boxes"

    def __init__(self, *, why: str) -> None:
        super().__init__(_l("{why}"), why=why)


class RedactionReasonError(RuleError):
    """A redacted copy says what it is for."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("请写明用途。"))


class RedactionNotFoundError(NotFoundError):
    """No such copy, or none of this actor's."""

    def __init__(self) -> None:
        super().__init__(_l("没有这份遮盖副本。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A part of a page in ten-thousandths of its width and height, from the upper left."""

    page: int
    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def words(self) -> str:
        """Return the box as an address carries it."""
        return f"{self.page},{self.x0},{self.y0},{self.x1},{self.y1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to draw, taken from the rows so that drawing needs no transaction."""

    document_id: int
    path: Path
    media_type: str
    version_no: int
    widths: tuple[float, ...]  # of the pages, points
    boxes: tuple[Box, ...]
    reason: str
    sha256: str


def read_boxes(texts: Iterable[str]) -> tuple[Box, ...]:
    """Return the boxes of an address; a text that is none is left out."""
    found = []
    for text in list(texts)[:MOST_BOXES]:
        numbers = [whole_number(part) for part in text.split(",")]
        if len(numbers) != NUMBERS or None in numbers:
            continue
        page, *sides = (number or 0 for number in numbers)
        sides = [min(WHOLE, side) for side in sides]
        (x0, x1), (y0, y1) = sorted(sides[::2]), sorted(sides[1::2])
        if page >= 1 and x0 < x1 and y0 < y1:
            found.append(Box(page=page, x0=x0, y0=y0, x1=x1, y1=y1))
    return tuple(found)


def box_of_percents(page: int, sides: Sequence[str]) -> Box | None:
    """Return the box of left, top, width and height in percent; None where they are none."""
    try:
        left, top, width, height = (int(Decimal(side.strip()) * PERCENT) for side in sides)
    except (ArithmeticError, ValueError):
        return None
    corners = (left, top, left + width, top + height)
    boxes = read_boxes([",".join(map(str, (page, *(max(0, side) for side in corners))))])
    return boxes[0] if boxes else None


def prepare(uow: UnitOfWork, document_id: int, boxes: Sequence[Box], reason: str) -> Job:
    """Check what is asked for.

    Raises:
        DocumentNotFoundError: no such document for this actor.
        RedactionError: no box, too many pages, no page images, a box beyond the last page.
        RedactionReasonError: no reason.
    """
    document = queries.get_document(uow, document_id)
    if not has_page_image(document.media_type) or not document.page_count:
        raise RedactionError(why=_l("这种文件没有页面图像，不能制作遮盖副本。"))
    if document.page_count > MOST_PAGES:
        raise RedactionError(why=_l("页数过多，请先拆分文件。"))
    if not boxes:
        raise RedactionError(why=_l("请至少画一处遮盖。"))
    if any(box.page > document.page_count for box in boxes):
        raise RedactionError(why=_l("遮盖的页码超出本件页数。"))
    if not reason.strip():
        raise RedactionReasonError
    widths = uow.session.scalars(
        select(Page.width).where(Page.document_id == document.id).order_by(Page.no)
    )
    return Job(
        document_id=document.id,
        path=uow.vault.path(document.sha256),
        media_type=document.media_type,
        version_no=document.current_version,
        widths=tuple(width or USUAL_WIDTH for width in widths),
        boxes=tuple(boxes),
        reason=reason.strip(),
        sha256=document.sha256,
    )


def make(system: System, uow_of: Callable[[], UnitOfWork], job: Job) -> int:
    """Draw the copy, store it and return its id; drawing is outside any transaction.

    Raises:
        NotRenderableError, UnreadableError: a page cannot be drawn.
    """
    limits = Limits(
        wall_s=system.settings.reading_timeout_s, memory_mb=system.settings.reading_memory_mb
    )
    with TemporaryDirectory() as folder:
        target = Path(folder) / "copy.pdf"
        for no, width in enumerate(job.widths, start=1):
            pixels = max(1, round(width * DPI / POINTS))
            data = render_page(job.path, job.media_type, no, width=pixels, limits=limits)
            _append(target, data, [box for box in job.boxes if box.page == no], width)
        with target.open("rb") as stream, uow_of() as uow:
            return _keep(uow, job, stream)


def get_redaction(uow: UnitOfWork, redaction_id: int) -> tuple[Redaction, Document]:
    """Return a copy with the document that it was made of.

    Raises:
        RedactionNotFoundError: no such copy, or not for this actor: the same answer.
    """
    row = uow.session.get(Redaction, redaction_id)
    if row is None or not row.sha256:
        raise RedactionNotFoundError
    try:
        return row, queries.get_document(uow, row.document_id)
    except DocumentNotFoundError as error:
        raise RedactionNotFoundError from error


def take(uow: UnitOfWork, redaction_id: int) -> tuple[Redaction, str]:
    """Return a copy to hand out with its file name, and record the export.

    Raises:
        RedactionNotFoundError: not there, or not for this actor.
    """
    row, document = get_redaction(uow, redaction_id)
    uow.record(
        "archive.redaction_exported",
        f"document:{document.id}",
        redaction=row.id,
        sha256=row.sha256,
    )
    return row, f"{document.title}_遮盖副本{row.id}.pdf"


def copies_of(uow: UnitOfWork, document_id: int) -> list[Redaction]:
    """Return the copies of a document that the actor may see, the newest first."""
    return list(
        uow.session.scalars(
            select(Redaction)
            .where(Redaction.document_id == document_id)
            .order_by(Redaction.id.desc())
        )
    )


def _append(target: Path, data: bytes, boxes: Sequence[Box], width: float) -> None:
    with Image.open(io.BytesIO(data)) as opened:
        page = opened.convert("RGB")
    painter = ImageDraw.Draw(page)
    for box in boxes:
        painter.rectangle(
            (
                box.x0 * page.width // WHOLE,
                box.y0 * page.height // WHOLE,
                -(-box.x1 * page.width // WHOLE),
                -(-box.y1 * page.height // WHOLE),
            ),
            fill="black",
        )
    resolution = page.width * POINTS / width
    page.save(target, "PDF", resolution=resolution, quality=QUALITY, append=target.exists())


def _keep(uow: UnitOfWork, job: Job, stream: BinaryIO) -> int:
    document = queries.get_document(uow, job.document_id)
    stored = uow.vault.put(stream)
    row = Redaction(
        document_id=document.id,
        version_no=job.version_no,
        boxes=[[box.page, box.x0, box.y0, box.x1, box.y1] for box in job.boxes],
        reason=job.reason,
        pages=len(job.widths),
        sha256=stored.sha256,
        size=stored.size,
        made_by=uow.actor.name,
        made_at=uow.clock.now(),
    )
    uow.session.add(row)
    uow.session.flush()  # the caller goes to its page
    uow.record(
        "archive.redaction_made",
        f"document:{document.id}",
        redaction=row.id,
        of_sha256=job.sha256,
        sha256=row.sha256,
        boxes=len(job.boxes),
        reason=job.reason,
    )
    return row.id

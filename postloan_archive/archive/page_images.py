"""Page images for people: drawn once, kept on disk, marked with who looks at them and when.

What is kept is derived and holds no mark; it may be deleted at any moment. Every image that
leaves the machine carries the name of the viewer and the time, except the thumbnails, on which
nothing can be read.
"""

import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFont

from postloan_archive.archive import finding, queries
from postloan_archive.archive.finding import Find
from postloan_archive.archive.straightening import straightened
from postloan_archive.bundle.faults import NoChineseTypefaceError
from postloan_archive.bundle.typefaces import load_typefaces
from postloan_archive.kernel.clock import CHINA
from postloan_archive.reading import Limits, Place, render_page, word_places
from postloan_archive.uow import UnitOfWork

KEPT: Final = 64  # images in each of the 256 folders of the cache, about 2 GB in all
_QUALITY: Final = 80
_YELLOW: Final = (255, 216, 77)  # as the marks of recognised pages
_SLANT: Final = 24  # degrees
_STRENGTH: Final = 34  # of 255: readable on a photograph, no hindrance on a contract


class Size(IntEnum):
    """Widths in pixels that a page may ask for."""

    THUMB = 160
    PAGE = 1000
    LARGE = 1800


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSource:
    """A page that somebody may see, and the words to mark it with."""

    path: Path
    sha256: str
    media_type: str
    no: int
    size: Size
    words: str
    found: tuple[str, ...] = ()  # to be marked where they stand
    turn: int = 0  # degrees clockwise
    straight: bool = False  # drawn level where it lies askew; the marks of words are left out


def view_page(
    uow: UnitOfWork, document_id: int, no: int, size: Size, cmd: Find | None = None
) -> PageSource:
    """Return what to draw and record the view; a thumbnail is no view.

    Args:
        uow: where to look and for whom.
        document_id: the document.
        no: the page, from 1.
        size: how wide.
        cmd: a search whose words are to be marked where they stand in the text layer.

    Raises:
        DocumentNotFoundError: no such document for this actor.
        NoSuchPageError: the document has no page with this number.
    """
    document = queries.get_document(uow, document_id)
    page = queries.get_page(uow, document, no)
    found: tuple[str, ...] = ()
    if cmd is not None and not page.boxes:  # the words of a recognised page have their boxes
        hits = finding.of_document(uow, cmd, document.id)
        marks = next((hit.page_marks for hit in hits if hit.page_no == no), ())
        found = tuple(dict.fromkeys(page.text[start:end] for start, end in marks))
    if size is not Size.THUMB:
        uow.record(
            "archive.page_viewed", f"document:{document.id}", page=no, sha256=document.sha256
        )
    source = source_of(uow, document.sha256, document.media_type, no, size)
    return replace(source, found=found)


def source_of(uow: UnitOfWork, sha256: str, media_type: str, no: int, size: Size) -> PageSource:
    """Return what to draw of stored bytes that the actor was allowed to see."""
    now = uow.clock.now().astimezone(CHINA)
    who = " ".join(filter(None, (uow.actor.display_name, uow.actor.name)))
    return PageSource(
        path=uow.vault.path(sha256),
        sha256=sha256,
        media_type=media_type,
        no=no,
        size=size,
        words=f"{who} {now:%Y-%m-%d %H:%M}",
    )


def draw(cache: Path, page: PageSource, *, limits: Limits, font: str = "") -> bytes:
    """Return the JPEG of the page; outside any transaction, for drawing may take seconds.

    Args:
        cache: the folder of kept images.
        page: from `view_page`.
        limits: what drawing may cost.
        font: path of the operator's own Chinese font, or empty.

    Raises:
        NotRenderableError: the type has no page image.
        UnreadableError: the page cannot be drawn.
    """
    folder = cache / page.sha256[:2]
    kept = folder / f"{page.sha256}-{page.no}-{int(page.size)}.jpg"
    try:
        image = kept.read_bytes()
    except FileNotFoundError:
        image = render_page(
            page.path, page.media_type, page.no, width=int(page.size), limits=limits
        )
        _keep(kept, image)
    if page.straight:
        image = straightened(image)
    if page.turn:
        image = turned(image, page.turn)
    if page.size is Size.THUMB:
        return image
    places: Sequence[Place] = ()
    if page.found and not page.straight:
        places = word_places(page.path, page.media_type, page.no, page.found, limits=limits)
    return marked(image, page.words, font, places)


def turned(image: bytes, degrees: int) -> bytes:
    """Return the JPEG turned clockwise by 90, 180 or 270 degrees."""
    with Image.open(io.BytesIO(image)) as opened:
        page = opened.convert("RGB").rotate(-degrees, expand=True)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def marked(image: bytes, words: str, font: str = "", places: Sequence[Place] = ()) -> bytes:
    """Return the JPEG with the words all over it, slanted and pale, and the places yellow."""
    with Image.open(io.BytesIO(image)) as opened:
        page = opened.convert("RGB")
    for x0, y0, x1, y1 in places:
        box = (
            max(0, int(x0 * page.width) - 1),
            max(0, int(y0 * page.height) - 1),
            min(page.width, int(x1 * page.width) + 2),
            min(page.height, int(y1 * page.height) + 2),
        )
        if box[0] < box[2] and box[1] < box[3]:
            part = page.crop(box)
            page.paste(ImageChops.multiply(part, Image.new("RGB", part.size, _YELLOW)), box)
    stamp = _stamp(words, max(14, page.width // 48), font)
    step_x, step_y = stamp.width + page.width // 20, stamp.height + page.height // 16
    for row, y in enumerate(range(-stamp.height // 2, page.height, step_y)):
        for x in range(-stamp.width // 3 * (row % 2), page.width, step_x):
            page.paste((90, 90, 90), (x, y), stamp)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


@lru_cache(maxsize=32)
def _stamp(words: str, height: int, font: str) -> Image.Image:
    """Return the words as a mask."""
    face = _face(height, font)
    left, top, right, bottom = face.getbbox(words)
    mask = Image.new("L", (int(right - left) + 8, int(bottom - top) + 8), 0)
    ImageDraw.Draw(mask).text((4 - left, 4 - top), words, fill=_STRENGTH, font=face)
    return mask.rotate(_SLANT, expand=True, resample=Image.Resampling.BILINEAR)


def _face(height: int, font: str) -> "ImageFont.FreeTypeFont | ImageFont.ImageFont":
    try:
        faces = load_typefaces(font)
    except NoChineseTypefaceError:
        return ImageFont.load_default(height)  # the user name and the time can be read
    return ImageFont.truetype(str(faces.faces[faces.hei].path), height)


def _keep(path: Path, image: bytes) -> None:
    """Put the image into its folder; the ones kept longest make room."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = sorted(path.parent.glob("*.jpg"), key=lambda one: one.stat().st_mtime)
    for old in kept[: max(0, len(kept) - KEPT + 1)]:
        old.unlink(missing_ok=True)
    part = path.with_name(f"{uuid.uuid4().hex}.part")
    part.write_bytes(image)
    part.replace(path)

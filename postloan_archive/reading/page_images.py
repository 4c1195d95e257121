"""Page images for the viewer, drawn in a worker."""

from pathlib import Path
from typing import Final

from postloan_archive.reading.kind_table import KINDS, PICTURES
from postloan_archive.reading.limits import DEFAULT_LIMITS, Limits
from postloan_archive.reading.replies import lost, raise_refusal
from postloan_archive.reading.workers import READERS, WorkerLostError

_PICTURE_TYPES: Final = frozenset(KINDS[key].media_type for key in PICTURES)


def render_page(
    path: Path,
    media_type: str,
    page_no: int,
    *,
    width: int,
    limits: Limits = DEFAULT_LIMITS,
) -> bytes:
    """Return the image of a page as a JPEG.

    Args:
        path: the file.
        media_type: as `read_file` found it.
        page_no: from 1.
        width: pixels; the height follows. Pictures are never enlarged.
        limits: what the page may cost.

    Raises:
        NotRenderableError: the type has no page image (text, Word, mail …).
        NoPageError: no such page.
        UnreadableError: the page could not be drawn; its kinds say why.
    """
    request = {
        "path": str(path.absolute()),
        "media_type": media_type,
        "page_no": page_no,
        "width": width,
    }
    image = b""
    try:
        for message, blob in READERS.ask("render", request, limits):
            raise_refusal(message, limits)
            image = image or blob
    except WorkerLostError as error:
        raise lost(error, limits) from error
    return image


def has_page_image(media_type: str) -> bool:
    """Return whether files of the type have page images at all."""
    return media_type == "application/pdf" or media_type in _PICTURE_TYPES

"""Where words stand on a page with a text layer, found in a worker."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from postloan_archive.reading.limits import DEFAULT_LIMITS, Limits
from postloan_archive.reading.replies import raise_refusal
from postloan_archive.reading.workers import READERS, WorkerLostError

WORDS: Final = 50  # different words that are looked for
_WITH_LAYER: Final = "application/pdf"

Place = tuple[float, float, float, float]
"""Left, upper, right and lower edge as fractions of the page, from its upper left corner."""


def word_places(
    path: Path,
    media_type: str,
    page_no: int,
    words: Sequence[str],
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[Place, ...]:
    """Return where the words stand; a word over two lines has two places.

    Marks are a help and no proof: what cannot be found, for whatever reason, has no place.

    Args:
        path: the file.
        media_type: as `read_file` found it; only a PDF has places.
        page_no: from 1.
        words: as they stand in the text of the page; blanks do not matter.
        limits: what the page may cost.

    Raises:
        UnreadableError: the worker had to give the page up.
    """
    if media_type != _WITH_LAYER or not words:
        return ()
    request = {
        "path": str(path.absolute()),
        "page_no": page_no,
        "words": list(dict.fromkeys(words))[:WORDS],
    }
    found: tuple[Place, ...] = ()
    try:
        for message, _ in READERS.ask("places", request, limits):
            raise_refusal(message, limits)
            if "places" in message:
                found = tuple((x0, y0, x1, y1) for x0, y0, x1, y1 in message["places"])
    except WorkerLostError:
        return ()
    return found

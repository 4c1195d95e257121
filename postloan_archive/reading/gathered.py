"""New PDFs of pages of others, made in a worker: what a piece of a scanned pile becomes."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from postloan_archive.reading.limits import DEFAULT_LIMITS, Limits
from postloan_archive.reading.replies import lost, raise_refusal
from postloan_archive.reading.workers import READERS, WorkerLostError


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One page to take.

    Attributes:
        path: of the PDF or picture.
        media_type: as `read_file` found it.
        page_no: from 1.
        turn: degrees clockwise, on top of how the page lies.
    """

    path: Path
    media_type: str
    page_no: int
    turn: int = 0


@contextmanager
def gathered(
    parts: Sequence[Part], *, limits: Limits = DEFAULT_LIMITS, room: Path | None = None
) -> Iterator[Path]:
    """Yield a new PDF of the pages; it goes with the block.

    Args:
        parts: in the order of the new pages.
        limits: what it may cost.
        room: the folder to work in; that of temporary files unless given.

    Raises:
        UnreadableError: a page cannot be taken; its kinds say why.
        NoPageError: no such page.
    """
    with tempfile.TemporaryDirectory(prefix="postloan-gather-", dir=room) as name:
        folder = Path(name).resolve()
        request = {
            "folder": str(folder),
            "parts": [
                [str(part.path.absolute()), part.media_type, part.page_no, part.turn]
                for part in parts
            ],
        }
        made = None
        try:
            for message, _ in READERS.ask("gather", request, limits):
                raise_refusal(message, limits)
                if "file" in message:
                    made = folder / Path(str(message["file"])).name
        except WorkerLostError as error:
            raise lost(error, limits) from error
        assert made is not None  # a worker that refuses nothing has made it
        yield made

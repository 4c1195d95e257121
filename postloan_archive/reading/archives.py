"""Unpacking a zip in a worker, into a folder that lives as long as the loop."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from postloan_archive.reading.limits import DEFAULT_LIMITS, Limits
from postloan_archive.reading.refusals import UnreadableError
from postloan_archive.reading.replies import lost, raise_refusal
from postloan_archive.reading.results import Member, State
from postloan_archive.reading.workers import READERS, WorkerLostError

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")


def is_archive(path: Path, name: str, *, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Return whether the file is a zip to unpack, and not a document that happens to be one.

    A Word, Excel or OFD file is a zip, too, even where somebody has named it `.zip`.

    Raises:
        OSError: there is no such file.
    """
    if not name.lower().endswith(".zip"):
        return False
    with path.open("rb") as file:
        if not file.read(4).startswith(_ZIP):
            return False
    request = {"path": str(path.absolute()), "name": name}
    try:
        kinds = [
            message["kind"]
            for message, _ in READERS.ask("kind", request, limits)
            if "kind" in message
        ]
    except WorkerLostError:
        return True  # unpacking it will say what is wrong
    return not kinds or kinds[0][0] == "application/zip"


def unpack(
    path: Path, *, limits: Limits = DEFAULT_LIMITS, room: Path | None = None
) -> Iterator[Member]:
    """Yield the files of a zip, those of zips within it included.

    Folders and what operating systems leave behind (`__MACOSX/`, `Thumbs.db`) are passed over.
    Where the whole is refused (a bomb, broken, too slow), the last member carries the reason
    under an empty name.

    Args:
        path: the zip.
        limits: `unpacked_bytes`, `ratio`, `entries` and `nesting` count for the whole.
        room: the folder to unpack in; that of temporary files unless given.

    Yields:
        Members; their paths are valid until the next step of the loop ends, so copy or store
        the bytes at once. The folder goes when the loop ends, however it ends.
    """
    with tempfile.TemporaryDirectory(prefix="postloan-unpack-", dir=room) as name:
        folder = Path(name).resolve()
        request = {"path": str(path.absolute()), "folder": str(folder)}
        try:
            for message, _ in READERS.ask("unpack", request, limits):
                raise_refusal(message, limits)
                if "name" not in message:
                    continue
                yield _member(message, folder)
        except (UnreadableError, WorkerLostError) as error:
            refusal = lost(error, limits) if isinstance(error, WorkerLostError) else error
            yield Member(name="", path=None, state=refusal.state, error=refusal.message)


def _member(message: dict[str, object], folder: Path) -> Member:
    name = str(message["name"])
    if "error" in message:
        return Member(
            name=name,
            path=None,
            state=State(str(message["member_state"])),
            error=str(message["error"]),
        )
    size = message["size"]
    assert isinstance(size, int)
    return Member(name=name, path=folder / Path(str(message["file"])).name, size=size)

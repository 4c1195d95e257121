"""What lies in the watched folder: files in order, folders that do not show themselves."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote_from_bytes

TAKEN: Final = "已收取"  # folders of ours inside the watched one
FAILED: Final = "未能收取"
OURS: Final = frozenset({TAKEN, FAILED})
UNFINISHED: Final = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".download")


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it lies there; `size` in bytes."""

    path: Path
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Blind:
    """A folder that cannot be listed: what lies in it is neither there nor gone."""

    path: Path
    reason: str


def files_of(folder: Path) -> Iterator[Seen | Blind]:
    """Yield the files below the folder that are meant to be taken, in order of their names.

    Passed over: what is hidden or bears the name of an unfinished copy, until it is renamed,
    and the two folders of ours. A folder within that cannot be listed is yielded as blind.

    Raises:
        OSError: the watched folder itself cannot be listed.
    """
    yield from _within(_entries(folder))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return sorted(found, key=lambda entry: os.fsencode(entry.name))


def _within(entries: list[os.DirEntry[str]]) -> Iterator[Seen | Blind]:
    for entry in entries:
        if entry.name.startswith((".", "~$")) or entry.name.lower().endswith(UNFINISHED):
            continue
        try:
            facts = entry.stat(follow_symlinks=False)
        except OSError:  # gone meanwhile, or not ours to see: the next look sees it again
            continue
        path = Path(entry.path)
        if stat.S_ISDIR(facts.st_mode):
            if entry.name not in OURS:
                yield from _below(path)
            continue
        yield Seen(
            path, facts.st_size, facts.st_mtime_ns
        )  # links and pipes are refused by name


def _below(folder: Path) -> Iterator[Seen | Blind]:
    try:
        entries = _entries(folder)
    except FileNotFoundError:  # gone meanwhile
        return
    except OSError as error:
        yield Blind(folder, error.strerror or type(error).__name__)
        return
    yield from _within(entries)


def place_of(path: Path, folder: Path) -> str:
    """Return where a file lies below the folder, as a text that keeps every byte of it."""
    return quote_from_bytes(os.fsencode(path.relative_to(folder)), safe="/")


def path_of(folder: Path, place: str) -> Path:
    """Return the file of a place; the opposite of `place_of`."""
    return folder / os.fsdecode(_unquoted(place))


def _unquoted(place: str) -> bytes:
    head, *rest = place.encode("ascii").split(b"%")
    return head + b"".join(bytes([int(part[:2], 16)]) + part[2:] for part in rest)

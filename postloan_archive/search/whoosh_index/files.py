"""The folder of an index: which generation serves, what it holds, the lock of the writers."""

import json
import os
import pickle
import shutil
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

from whoosh.index import IndexError as WhooshError
from whoosh.util.filelock import FileLock, try_for

_POINTER: Final = "serving.json"
_BUILDING: Final = "building.json"
_STATE: Final = "state.json"
_LOCK: Final = "lock"
_PREFIX: Final = "generation-"
DAMAGE: Final = (  # what Whoosh raises on files that are not what they were
    OSError,
    EOFError,
    ValueError,
    LookupError,
    AssertionError,
    AttributeError,
    TypeError,
    MemoryError,
    struct.error,
    zlib.error,
    pickle.UnpicklingError,
    WhooshError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is known of a generation beside Whoosh's own files.

    Written after each commit of Whoosh, so it may be one commit behind after a crash; that is
    safe, because what it has not noted is applied again.

    Attributes:
        applied: changes up to this number are in the index.
        cursor: pages up to this id are in a generation that is being built.
        files: size and CRC-32 of each file.
    """

    version: str
    applied: int = 0
    cursor: int = 0
    files: dict[str, tuple[int, int]] = field(default_factory=dict)


class Folder:
    """The files of one installation's index."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def serving(self) -> int | None:
        """Return the number of the generation that answers."""
        return self._number(_POINTER)

    def building(self) -> int | None:
        """Return the number of the generation that is being built."""
        return self._number(_BUILDING)

    def serve(self, number: int) -> None:
        """Let a generation answer from now on; it is no longer being built."""
        write_synced(self.path / _POINTER, {"generation": number})
        (self.path / _BUILDING).unlink(missing_ok=True)

    def build(self, number: int) -> None:
        """Note which generation is being built, so that it can be gone on with."""
        write_synced(self.path / _BUILDING, {"generation": number})

    def place(self, number: int) -> Path:
        """Return the folder of a generation."""
        return self.path / f"{_PREFIX}{number}"

    def next_number(self) -> int:
        """Return a number that no generation has."""
        return max((0, self.serving() or 0, *self._numbers())) + 1

    def drop_others(self) -> None:
        """Delete the generations that neither answer nor are being built."""
        kept = {self.serving(), self.building()}
        for number in self._numbers():
            if number not in kept:
                shutil.rmtree(self.place(number), ignore_errors=True)

    @contextmanager
    def locked(self, *, wait_s: float) -> Iterator[bool]:
        """Hold the lock of the writers of all processes; yields whether it was to be had."""
        self.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(self.path / _LOCK))
        held = bool(try_for(lock.acquire, timeout=wait_s, delay=0.02))
        try:
            yield held
        finally:
            if held:
                lock.release()

    def _numbers(self) -> list[int]:
        names = (path.name for path in self.path.glob(f"{_PREFIX}*"))
        tails = (name.removeprefix(_PREFIX) for name in names)
        return sorted(int(tail) for tail in tails if tail.isdecimal())

    def _number(self, name: str) -> int | None:
        try:
            return int(json.loads((self.path / name).read_text())["generation"])
        except (OSError, ValueError, KeyError, TypeError):  # none, or not readable: none
            return None


def read_state(place: Path) -> State | None:
    """Return the state of a generation, None if there is none that can be read."""
    try:
        values = json.loads((place / _STATE).read_text())
        values["files"] = {name: tuple(known) for name, known in values["files"].items()}
        return State(**values)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_state(place: Path, state: State) -> None:
    """Sync the files of a generation, then note them and the state."""
    known = {}
    for path in sorted(place.iterdir()):
        if path.is_file() and path.suffix in {".seg", ".toc"}:
            known[path.name] = state.files.get(path.name) or _synced(path)
    _sync_folder(place)
    write_synced(place / _STATE, asdict(replace(state, files=known)))


def faults(place: Path, state: State, *, deep: bool) -> list[str]:
    """Return the names of files that are gone or not what they were; `deep` reads them all."""
    bad = []
    for name, (size, check) in state.files.items():
        path = place / name
        if (
            not path.is_file()
            or path.stat().st_size != size
            or (deep and zlib.crc32(path.read_bytes()) != check)
        ):
            bad.append(name)
    return bad


def write_synced(path: Path, values: dict[str, object]) -> None:
    """Put JSON in place of a file, so that a power cut leaves the old or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    with temporary.open("w") as stream:
        json.dump(values, stream)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
    _sync_folder(path.parent)


def _synced(path: Path) -> tuple[int, int]:
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())
        content = stream.read()
    return len(content), zlib.crc32(content)


def _sync_folder(path: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

"""Unpacking inside the worker: every member under a neutral name, or a reason."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from postloan_archive.kernel.errors import _l
from postloan_archive.reading.limits import Limits
from postloan_archive.reading.refusals import (
    DamagedError,
    TooLargeError,
    UnreadableError,
    UnsupportedError,
)
from postloan_archive.reading.zips import Budget, Container, Entry

_CHUNK: Final = 1 << 20
_SKIPPED: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def unpack(request: dict[str, Any], limits: Limits) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield one message for each member as soon as it is unpacked.

    The request names the zip and the empty folder that receives the members.
    """
    path = Path(request["path"])
    with path.open("rb") as file:
        unpacking = _Unpacking(Path(request["folder"]), Budget(limits, path.stat().st_size))
        for message in unpacking.container(file, "", 1):
            yield message, b""


class _Unpacking:
    """Counts members and bytes over all levels of one zip."""

    def __init__(self, folder: Path, budget: Budget) -> None:
        self._folder, self._budget = folder, budget
        self._count = 0

    def container(self, file: BinaryIO, before: str, depth: int) -> Iterator[dict[str, Any]]:
        """Yield the members; `before` is put before their names."""
        container = Container(file, self._budget)
        for entry in container.entries:
            if entry.folder or _is_litter(entry.name):
                continue
            self._count += 1
            if self._count > self._budget.limits.entries:
                raise TooLargeError(
                    _l("压缩包成员超过 {limit} 个，已拒绝展开。"),
                    limit=self._budget.limits.entries,
                )
            yield from self._member(container, entry, before + entry.name, depth)

    def _member(
        self, container: Container, entry: Entry, name: str, depth: int
    ) -> Iterator[dict[str, Any]]:
        place = self._folder / f"{self._count:06d}"
        try:
            if entry.link:
                raise UnsupportedError(_l("是符号链接，未展开。"))
            size = self._write(container, entry, place)
            if size != entry.size:
                raise DamagedError(_l("实际大小与记录不符。"))
        except TooLargeError:
            raise  # the budget is spent for the rest as well
        except UnreadableError as error:
            yield {"name": name, "error": error.message, "member_state": error.state.value}
            return
        if entry.name.lower().endswith(".zip") and _is_zip(place):
            yield from self._inner(place, name, depth)
        else:
            yield {"name": name, "file": place.name, "size": size}

    def _write(self, container: Container, entry: Entry, place: Path) -> int:
        size = 0
        with container.open(entry) as stream, io.FileIO(str(place), "w") as out:
            while chunk := stream.read(_CHUNK):
                out.write(chunk)
                size += len(chunk)
        return size

    def _inner(self, place: Path, name: str, depth: int) -> Iterator[dict[str, Any]]:
        if depth >= self._budget.limits.nesting:
            error = TooLargeError(
                _l("压缩包嵌套超过 {limit} 层，未继续展开。"), limit=self._budget.limits.nesting
            )
            yield {"name": name, "error": error.message, "member_state": error.state.value}
            return
        try:
            with place.open("rb") as file:
                yield from self.container(file, f"{name}/", depth + 1)
        except DamagedError:  # kept as it is; reading it will say what is wrong
            yield {"name": name, "file": place.name, "size": place.stat().st_size}


def _is_zip(place: Path) -> bool:
    with place.open("rb") as file:
        return file.read(2) == b"PK"


def _is_litter(name: str) -> bool:
    """Return whether an operating system has left the member behind."""
    return name.startswith(_SKIPPED[0]) or name.rpartition("/")[2] in _SKIPPED[1:]

"""Binding in a process of its own, with limits: a hostile scan stops that process, not ours."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from postloan_archive.bundle import (
    BundleResult,
    BundleSpec,
    NoChineseTypefaceError,
    PageCountError,
    PageRangeError,
    PlacedExhibit,
    VolumeLimitError,
)
from postloan_archive.kernel.errors import PostloanError, RuleError, _l
from postloan_archive.litigation.binder_child import PLACES, VOLUME
from postloan_archive.litigation.binder_wire import as_json, on_disk, results_of

_ROOT: Final = str(Path(__file__).resolve().parents[2])
_BOOT: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from postloan_archive.litigation.binder_child import main; main()"
)
_REFUSALS: Final[Mapping[str, type[PostloanError]]] = {
    one.__name__: one
    for one in (NoChineseTypefaceError, PageCountError, PageRangeError, VolumeLimitError)
}
MEBIBYTE: Final = 1 << 20
LOOK_AGAIN: Final = 0.01  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class BinderLimits:
    """What one bundle may cost; memory and time grow with what goes in.

    Attributes:
        memory_mb: address space before any input, MiB.
        memory_to_input: MiB for each MiB of input.
        wall_s: seconds before any input.
        seconds_a_mb: seconds for each MiB of input.
        written: bytes of the largest file written.
    """

    memory_mb: int = 1_536
    memory_to_input: int = 4
    wall_s: int = 180
    seconds_a_mb: int = 2
    written: int = 4_096 * MEBIBYTE


STANDARD: Final = BinderLimits()


class BinderLostError(RuleError):
    """The binding process came to no end; the exhibits at fault are named."""

    field = "exhibits"
    next_step = _l("请把所列文件另存为 PDF（打印为 PDF）后替换，或移出材料包。")

    def __init__(self, *, names: str, reason: str) -> None:
        super().__init__(
            _l("合订未完成（{reason}）。使合订中断的文件：{names}。"),
            names=names,
            reason=reason,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundVolumes:
    """The files as bound, in order, and what each holds."""

    paths: tuple[Path, ...]
    results: tuple[BundleResult, ...]


def announced(folder: Path, running: Future[BoundVolumes]) -> tuple[PlacedExhibit, ...]:
    """Wait until the child says where the exhibits will stand; nothing where it fell over.

    What the result says in the end counts; this only lets other work begin meanwhile.
    """
    path = folder / PLACES
    while not running.done():
        with suppress(OSError, ValueError):  # not there yet, or half written
            found = json.loads(path.read_text(encoding="utf-8"))
            return tuple(PlacedExhibit(**row) for row in found)
        time.sleep(LOOK_AGAIN)
    return ()


def bind_confined(
    spec: BundleSpec,
    folder: Path,
    *,
    volume_bytes: int | None = None,
    limits: BinderLimits = STANDARD,
) -> BoundVolumes:
    """Bind in a child process; the files lie in the folder.

    Args:
        spec: what to bind.
        folder: an empty folder; the only place the child may write to.
        volume_bytes: the largest size of one file, None for one file.
        limits: what it may cost.

    Raises:
        PageRangeError, NoChineseTypefaceError, PageCountError, VolumeLimitError: as `bundle`.
        BinderLostError: the process ran out of time or memory, or fell over; it names the
            exhibits that do so alone.
    """
    spec = on_disk(spec, folder)
    answer, lost = _run(spec, folder, volume_bytes, limits)
    if answer is None:
        raise BinderLostError(names=_culprits(spec, folder, limits), reason=lost)
    results = tuple(results_of(answer))
    paths = tuple(folder / VOLUME.format(no=no) for no in range(1, len(results) + 1))
    return BoundVolumes(paths=paths, results=results)


def _run(
    spec: BundleSpec, folder: Path, volume_bytes: int | None, limits: BinderLimits
) -> tuple[list[Any] | None, str]:
    sources = [one.source.data for one in spec.pleadings]
    sources += [one.source.data for one in spec.exhibits]
    size = sum(path.stat().st_size for path in sources if isinstance(path, Path)) // MEBIBYTE
    wall = limits.wall_s + limits.seconds_a_mb * size
    request = {
        "spec": as_json(spec),
        "folder": str(folder),
        "volume_bytes": volume_bytes,
        "memory_mb": limits.memory_mb + limits.memory_to_input * size,
        "cpu_s": wall,
        "written": limits.written,
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, constant arguments
            [sys.executable, "-I", "-X", "utf8", "-c", _BOOT, _ROOT],
            input=json.dumps(request).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"OMP_NUM_THREADS": "1"},
            cwd="/",
            timeout=wall,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, _l("超出时间限制")
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        return None, _l("处理程序中断")
    if "refused" in answer:
        raise _REFUSALS[answer["refused"]](**answer["facts"])
    if "lost" in answer:
        return None, _l("超出内存限制")
    return list(answer["results"]), ""


def _culprits(spec: BundleSpec, folder: Path, limits: BinderLimits) -> str:
    """Return the exhibits that cannot be bound even alone, by label and file."""
    found = []
    for one in spec.exhibits:
        answer, _lost = _run(replace(spec, pleadings=[], exhibits=[one]), folder, None, limits)
        if answer is None:
            found.append(f"{one.label}“{one.source.name}”")
    return "、".join(found) or _l("单独处理均无异常，合计超出限制")

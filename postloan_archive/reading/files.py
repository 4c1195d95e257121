"""The door of the package: one file in, one result out, whatever the file is."""

from collections.abc import Mapping
from pathlib import Path
from stat import S_ISREG
from typing import Any, Final

from postloan_archive.kernel.errors import _l
from postloan_archive.reading.limits import DEFAULT_LIMITS, MEBIBYTE, Limits
from postloan_archive.reading.refusals import DamagedError, TooLargeError, UnreadableError
from postloan_archive.reading.replies import CrashedError, lost, raise_refusal
from postloan_archive.reading.results import (
    Flag,
    PageText,
    ReadResult,
    Signature,
    State,
    Verdict,
)
from postloan_archive.reading.workers import READERS, WorkerLostError

_UNKNOWN: Final = ("application/octet-stream", "")
_CRASHED: Final = "crashed"


def read_file(path: Path, name: str, *, limits: Limits = DEFAULT_LIMITS) -> ReadResult:
    """Return what the file says, and how far reading got.

    Args:
        path: where the bytes are; read, never changed.
        name: as the user knows it; only its extension is used.
        limits: what the file may cost.

    Raises:
        OSError: there is no such file, or it may not be opened; all else becomes a state.
    """
    refused = _refused_unopened(path, limits)
    if refused is not None:
        return _without_text(refused, _UNKNOWN)
    request = {"path": str(path.absolute()), "name": name}
    result = _read(request, limits)
    if result.reader == _CRASHED:
        result = _read({**request, "careful": True}, limits)  # with the second readers only
    return result


def _refused_unopened(path: Path, limits: Limits) -> UnreadableError | None:
    status = path.stat()
    if not S_ISREG(status.st_mode):
        return DamagedError(_l("不是普通文件。"))
    if status.st_size == 0:
        return DamagedError(_l("文件是空的（0 字节），没有内容可读。"))
    if status.st_size > limits.file_bytes:
        return TooLargeError(
            _l("文件有 {size} MB，超过上限 {limit} MB。"),
            size=status.st_size // MEBIBYTE,
            limit=limits.file_bytes // MEBIBYTE,
        )
    return None


def _read(request: Mapping[str, object], limits: Limits) -> ReadResult:
    """Return the result; a reader that came to an end is told by `reader` being `crashed`."""
    kind = _UNKNOWN
    result = None
    try:
        for message, _ in READERS.ask("read", request, limits):
            if "kind" in message:
                kind = (message["kind"][0], message["kind"][1])
            elif "pages" in message:
                result = _result(message)
            else:
                raise_refusal(message, limits)
    except WorkerLostError as error:
        return _without_text(lost(error, limits), kind)
    except UnreadableError as error:
        return _without_text(error, kind)
    assert result is not None  # a worker that refuses nothing has sent it
    return result


def _result(message: Mapping[str, Any]) -> ReadResult:
    return ReadResult(
        state=State(message["state"]),
        media_type=message["media_type"],
        extension=message["extension"],
        pages=tuple(
            PageText(no=no, text=text, width=width, height=height, needs_ocr=needs_ocr)
            for no, text, width, height, needs_ocr in message["pages"]
        ),
        message=message["message"],
        properties=message["properties"],
        flags=tuple(Flag(flag) for flag in message["flags"]),
        reader=message["reader"],
        signatures=tuple(
            Signature(**one | {"verdict": Verdict(one["verdict"])})
            for one in message["signatures"]
        ),
    )


def _without_text(refusal: UnreadableError, kind: tuple[str, str]) -> ReadResult:
    return ReadResult(
        state=refusal.state,
        media_type=kind[0],
        extension=kind[1],
        message=refusal.message,
        reader=_CRASHED if isinstance(refusal, CrashedError) else "",
    )

"""Frames between this process and a worker: JSON, then bytes, both with a length."""

import json
import os
import select
import struct
import time
from collections.abc import Mapping
from typing import Any, Final

_HEAD: Final = struct.Struct("!II")  # length of the JSON, length of the bytes
_CHUNK: Final = 1 << 20


class FrameError(Exception):
    """The other side closed the pipe or sent what is not a frame."""


class FrameTooLongError(FrameError):
    """The announced frame is longer than allowed; nothing of it was read."""


class FrameLateError(FrameError):
    """No whole frame came in time."""


def pack(message: Mapping[str, object], blob: bytes = b"") -> bytes:
    """Return the frame; characters that cannot travel (lone surrogates) become U+FFFD."""
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    body = text.encode("utf-8", "replace")
    return b"".join((_HEAD.pack(len(body), len(blob)), body, blob))


def send(fd: int, frame: bytes) -> None:
    """Write the whole frame.

    Raises:
        OSError: the other side is gone.
    """
    view = memoryview(frame)
    while view:
        view = view[os.write(fd, view) :]


class Frames:
    """Reads frames from a pipe within a time and a length."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._poll = select.poll()
        self._poll.register(fd, select.POLLIN | select.POLLHUP)

    def next(self, *, deadline: float | None, limit: int) -> tuple[dict[str, Any], bytes]:
        """Return the next message and its bytes.

        Args:
            deadline: on the scale of `time.monotonic`; None waits for ever.
            limit: bytes of JSON and blob together.

        Raises:
            FrameError: see its kinds.
        """
        json_length, blob_length = _HEAD.unpack(self._take(_HEAD.size, deadline))
        if json_length + blob_length > limit:
            raise FrameTooLongError
        body = self._take(json_length, deadline)
        blob = self._take(blob_length, deadline) if blob_length else b""
        try:
            message = json.loads(body)
        except ValueError as error:
            raise FrameError from error
        if not isinstance(message, dict):
            raise FrameError
        return message, blob

    def _take(self, length: int, deadline: float | None) -> bytes:
        parts: list[bytes] = []
        while length:
            if deadline is not None:
                left = deadline - time.monotonic()
                if left <= 0 or not self._poll.poll(left * 1000):
                    raise FrameLateError
            part = os.read(self._fd, min(length, _CHUNK))
            if not part:
                raise FrameError
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

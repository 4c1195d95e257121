"""What a worker gives up before it touches a file: network, memory, other programs, writing.

The first line is the kernel: a network namespace without devices where that is permitted, and
resource limits. The second is an audit hook, which Python code cannot take off again.
"""

import contextlib
import ctypes
import os
import resource
import sys
from typing import Any, Final

_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_PR_SET_NO_NEW_PRIVS: Final = 38
_FORBIDDEN: Final = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "pty.spawn",
    "ftplib.",
    "http.client.",
    "urllib.",
    "smtplib.",
    "webbrowser.",
    "os.kill",
    "os.putenv",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.chmod",
    "os.link",
    "os.symlink",
)
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class ForbiddenError(PermissionError):
    """Something in the worker reached for what it gave up."""


def give_up_network() -> bool:
    """Leave the network; return whether the kernel has confirmed it."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        unshare = libc.unshare
    except (OSError, AttributeError):  # not Linux: the audit hook alone must do
        return False
    return 0 in (unshare(flags) for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))


def limit_memory(megabytes: int) -> None:
    """Bound the address space, MiB, and forbid core dumps."""
    size = megabytes << 20
    with contextlib.suppress(ValueError, OSError):  # macOS knows no RLIMIT_AS
        resource.setrlimit(
            resource.RLIMIT_AS, (size, resource.getrlimit(resource.RLIMIT_AS)[1])
        )
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_step(*, cpu_s: int, written: int) -> None:
    """Bound the next step: processor seconds from now on, bytes of any one file written."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (used + cpu_s + 1, hard))
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, hard))


class Fence:
    """The audit hook: no sockets, no programs, no writing outside one folder."""

    def __init__(self) -> None:
        self.folder: str | None = None  # the only folder that may be written to

    def close(self) -> None:
        """Put the fence up, for good."""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            self._hear_open(args)
        elif event.startswith(_FORBIDDEN):
            raise ForbiddenError(event)

    def _hear_open(self, args: tuple[Any, ...]) -> None:
        path, mode, flags = args
        if not (isinstance(flags, int) and flags & _WRITING):
            return
        if self.folder is not None and self.folder in {str(path), os.path.dirname(str(path))}:  # noqa: PTH120 - runs at every open
            return  # the folder itself: a nameless temporary file in it
        raise ForbiddenError(mode)

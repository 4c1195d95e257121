"""Working copies of papers: one folder for each process, gone with it, also after a kill.

Whatever is unpacked, bound, drawn or converted lies in temporary files for a moment. They are
kept beside the vault, on the volume of the papers, and not in the `/tmp` of all programs.
"""

import atexit
import contextlib
import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import structlog

FOLDER: Final = "working"
LOCK: Final = ".lock"
log = structlog.get_logger(__name__)


def keep_working_copies(data: Path) -> None:
    """Put the temporary files of this process into a folder of its own until it ends."""
    stack = contextlib.ExitStack()
    stack.enter_context(working_copies(data))
    atexit.register(stack.close)


@contextlib.contextmanager
def working_copies(data: Path) -> Iterator[None]:
    """Put the temporary files of this process into a folder of its own meanwhile.

    What processes that were killed have left is removed first. Where the volume refuses the
    folder, temporary files stay where the system has them: reading must go on.

    Args:
        data: the data folder.
    """
    sweep_working_copies(data)
    before = tempfile.tempdir
    try:
        folder, lock = _own(data.resolve())  # temporary files are told to other programs
    except OSError as error:
        log.warning("no_folder_for_working_copies", reason=str(error))
        yield
        return
    owner = os.getpid()
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
        if os.getpid() == owner:  # not a process that was forked off
            shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def sweep_working_copies(data: Path) -> int:
    """Remove the folders of processes that are no more; return how many."""
    count = 0
    with contextlib.suppress(OSError):
        for folder in sorted((data / FOLDER).iterdir()):
            count += _is_left(folder) and _removed(folder)
    return count


def _own(data: Path) -> tuple[Path, int]:
    """Create a folder and hold its lock, which goes with the process."""
    (data / FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
    # Under a name that no sweep looks at, until the lock is held.
    name = f"{os.getpid()}-{secrets.token_hex(4)}"
    making = data / FOLDER / f".{name}"
    making.mkdir(mode=0o700)
    lock = os.open(making / LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return making.rename(data / FOLDER / name), lock


def _is_left(folder: Path) -> bool:
    """Return whether nobody holds the lock of the folder."""
    if folder.name.startswith("."):  # being made, empty
        return False
    try:
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return True  # a sweep was stopped here
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(lock)
    return True


def _removed(folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()

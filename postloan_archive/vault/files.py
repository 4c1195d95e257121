"""The file operations of the vault, one thin layer: tests record, replay and break them."""

import errno
import fcntl
import os
import stat
from io import BufferedReader
from pathlib import Path
from typing import Final, Protocol

READ_ONLY: Final = 0o440
# Only macOS has it: there a plain fsync stops at the cache of the drive.
FULL_SYNC: Final[int | None] = getattr(fcntl, "F_FULLFSYNC", None)


class Files(Protocol):
    """What the vault does to a volume; every method may raise `OSError`."""

    def create(self, path: Path) -> int:
        """Create a new file, never through a link, and return its descriptor."""
        ...

    def write(self, descriptor: int, data: bytes) -> None:
        """Append all of `data`."""
        ...

    def seal(self, descriptor: int) -> None:
        """Make the file read-only."""
        ...

    def sync(self, descriptor: int) -> None:
        """Return when the bytes and the length are on the medium."""
        ...

    def close(self, descriptor: int) -> None:
        """Close the descriptor."""
        ...

    def make_folder(self, path: Path) -> bool:
        """Create the folder; return whether it was new."""
        ...

    def rename(self, source: Path, target: Path) -> None:
        """Give the file its name, replacing a file of that name, in one step."""
        ...

    def sync_folder(self, path: Path) -> None:
        """Return when the names in the folder are on the medium."""
        ...

    def remove(self, path: Path) -> None:
        """Remove the name."""
        ...

    def touch(self, path: Path) -> None:
        """Set the time of the last change to now."""
        ...

    def open(self, path: Path) -> BufferedReader:
        """Open an ordinary file for reading, never through a link."""
        ...

    def space(self, path: Path) -> tuple[int, int]:
        """Return the free bytes for us and the size of the volume in bytes."""
        ...


class RealFiles:
    """The operations as the operating system does them."""

    def create(self, path: Path) -> int:
        """Create a new file, never through a link, and return its descriptor."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)

    def write(self, descriptor: int, data: bytes) -> None:
        """Append all of `data`."""
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]

    def seal(self, descriptor: int) -> None:
        """Make the file read-only."""
        os.fchmod(descriptor, READ_ONLY)

    def sync(self, descriptor: int) -> None:
        """Return when the bytes and the length are on the medium."""
        if FULL_SYNC is None:
            os.fsync(descriptor)
        else:
            fcntl.fcntl(descriptor, FULL_SYNC)

    def close(self, descriptor: int) -> None:
        """Close the descriptor."""
        os.close(descriptor)

    def make_folder(self, path: Path) -> bool:
        """Create the folder; return whether it was new."""
        try:
            path.mkdir(mode=0o750)
        except FileExistsError:
            return False
        return True

    def rename(self, source: Path, target: Path) -> None:
        """Give the file its name, replacing a file of that name, in one step."""
        source.replace(target)

    def sync_folder(self, path: Path) -> None:
        """Return when the names in the folder are on the medium."""
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def remove(self, path: Path) -> None:
        """Remove the name."""
        path.unlink()

    def touch(self, path: Path) -> None:
        """Set the time of the last change to now."""
        os.utime(path, follow_symlinks=False)

    def open(self, path: Path) -> BufferedReader:
        """Open an ordinary file for reading, never through a link."""
        # O_NONBLOCK: a pipe that somebody put there must not make us wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), path.name)
        return os.fdopen(descriptor, "rb")

    def space(self, path: Path) -> tuple[int, int]:
        """Return the free bytes for us and the size of the volume in bytes."""
        volume = os.statvfs(path)
        return volume.f_bavail * volume.f_frsize, volume.f_blocks * volume.f_frsize

"""The vault: files by SHA-256, written so that an answer means stored."""

import contextlib
import errno
import hashlib
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.hazmat.primitives import hashes

from postloan_archive.kernel.clock import SystemClock
from postloan_archive.kernel.errors import _l
from postloan_archive.vault.errors import (
    ChangedBlobError,
    MissingBlobError,
    NotStoredError,
    OutOfSpaceError,
    TooLargeError,
    UnreadableBlobError,
)
from postloan_archive.vault.files import Files, RealFiles
from postloan_archive.vault.fixity import Fixity, State
from postloan_archive.vault.layout import (
    PART,
    QUARANTINE,
    SWEPT,
    TEMPORARY,
    blob_path,
    entries,
    is_digest,
    is_plain_folder,
)

CHUNK: Final = 1024 * 1024  # bytes read at a time
RESERVE: Final = 1024**3  # bytes kept free on a large volume, so that the audit can be written
RESERVE_SHARE: Final = 20  # a twentieth, 5 %, of a small volume
SPACE_CHECK: Final = 8 * 1024 * 1024  # bytes written between two looks at the free space
TEMPORARY_AGE: Final = timedelta(hours=1)

CHANGED: Final = _l("内容已改变，与入库时的摘要不符。")
EMPTIED: Final = _l("文件已被清空。")
MISSING: Final = _l("文件不在档案库中。")
UNREADABLE: Final = _l("文件无法读取，未能核对。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The acknowledgement of `put`: the bytes are on the medium under this digest.

    Attributes:
        sha256: lower-case hex.
        size: bytes.
        new: False where a good copy was there already.
        sm3: the SM3 digest (GB/T 32905) where the vault was asked to compute it.
    """

    sha256: str
    size: int
    new: bool
    sm3: str | None = None


class Vault:
    """A folder of read-only files, each under its own digest.

    Safe for any number of threads and processes: names are given by one atomic rename, and
    two writers of the same bytes write the same file.

    `create=False` opens a vault for reading only: nothing is made in the folder.
    """

    def __init__(
        self,
        root: Path,
        *,
        files: Files | None = None,
        with_sm3: bool = False,
        create: bool = True,
    ) -> None:
        self.root: Final = root
        self.files: Final[Files] = files if files is not None else RealFiles()
        self._with_sm3 = with_sm3
        self._durable: set[Path] = set()  # folders whose own names this process has synced
        for folder in (root, root / TEMPORARY, root / QUARANTINE) if create else ():
            folder.mkdir(mode=0o750, parents=True, exist_ok=True)

    def put(self, stream: BinaryIO, *, limit: int | None = None) -> Stored:
        """Store all bytes of the stream and return when they are on the medium.

        Order: temporary file, sync, rename, sync of the folders, digest read again.

        Args:
            stream: read to its end, never sought; its own errors pass through.
            limit: most bytes allowed, None for no limit.

        Raises:
            TooLargeError: the stream is longer; nothing is left.
            OutOfSpaceError: the volume is at its reserve or full; nothing is left.
            NotStoredError: the volume refused a write or a sync, or changed the bytes.
        """
        self._check_space()
        temporary = self.root / TEMPORARY / f"{uuid.uuid4().hex}{PART}"
        with self._named():
            descriptor = self.files.create(temporary)
        try:
            try:
                sha256, sm3, size = self._fill(descriptor, stream, limit)
                new = not self._have(sha256)
                if new:
                    with self._named():
                        self.files.seal(descriptor)
                        self.files.sync(descriptor)
            finally:
                with self._named():
                    self.files.close(descriptor)
            if new:
                self._name(temporary, sha256)
        finally:
            # What cannot be removed now is removed by the sweep.
            with contextlib.suppress(OSError):
                self.files.remove(temporary)
        return Stored(sha256=sha256, size=size, new=new, sm3=sm3)

    def path(self, sha256: str) -> Path:
        """Return where the file is.

        Raises:
            MissingBlobError: it is not there, or a link stands in its place.
        """
        path = self._place(sha256)
        if not path.is_file() or path.is_symlink():
            raise MissingBlobError(sha256=sha256)
        return path

    def open(self, sha256: str) -> BufferedReader:
        """Open the file for streaming; the digest is not checked, `verify` does that.

        Raises:
            MissingBlobError, UnreadableBlobError: the bytes cannot be had.
        """
        path = self._place(sha256)
        try:
            return self.files.open(path)
        except FileNotFoundError:
            raise MissingBlobError(sha256=sha256) from None
        except OSError as error:
            raise UnreadableBlobError(
                sha256=sha256, reason=str(error.strerror or error)
            ) from error

    def open_checked(self, sha256: str) -> BufferedReader:
        """Open the file for streaming after its digest was checked; read it from the start.

        Raises:
            MissingBlobError, UnreadableBlobError: the bytes cannot be had.
            ChangedBlobError: they are not what was stored.
        """
        stream = self.open(sha256)
        try:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
            stream.seek(0)
        except OSError as error:
            stream.close()
            reason = str(error.strerror or error)
            raise UnreadableBlobError(sha256=sha256, reason=reason) from error
        if found != sha256:
            stream.close()
            raise ChangedBlobError(sha256=sha256, found=found)
        return stream

    def read(self, sha256: str) -> bytes:
        """Return the bytes, checked against the digest.

        Raises:
            MissingBlobError, UnreadableBlobError: the bytes cannot be had.
            ChangedBlobError: they are not what was stored.
        """
        with self.open(sha256) as stream:
            try:
                data = stream.read()
            except OSError as error:
                raise UnreadableBlobError(
                    sha256=sha256, reason=str(error.strerror or error)
                ) from error
        found = hashlib.sha256(data).hexdigest()
        if found != sha256:
            raise ChangedBlobError(sha256=sha256, found=found)
        return data

    def verify(self, sha256: str) -> Fixity:
        """Read the file and compare its digest; never raises for what it finds."""
        try:
            with self.open(sha256) as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
                size = stream.tell()
        except MissingBlobError:
            return Fixity(name=sha256, state=State.MISSING, message=MISSING)
        except (UnreadableBlobError, OSError):
            return Fixity(name=sha256, state=State.UNREADABLE, message=UNREADABLE)
        if found != sha256:
            message = CHANGED if size else EMPTIED
            return Fixity(name=sha256, state=State.CHANGED, size=size, message=message)
        return Fixity(name=sha256, state=State.GOOD, size=size)

    def sm3(self, sha256: str) -> str:
        """Return the SM3 digest (GB/T 32905) of a stored file, in hex; reads the whole file."""
        digest = hashes.Hash(hashes.SM3())
        with self.open(sha256) as stream:
            while data := stream.read(CHUNK):
                digest.update(data)
        return digest.finalize().hex()

    def digests(self) -> Iterator[str]:
        """Yield the digests of all stored files in ascending order."""
        return (sha256 for _, sha256 in entries(self.root) if sha256 is not None)

    def sweep(self, keep: Callable[[str], bool], *, older_than: datetime) -> list[str]:
        """Remove old temporary files and the files that no row points to.

        Args:
            keep: says whether a committed row points to the digest.
            older_than: a file stored, or stored again, at this moment or later stays, because
                its row may be on its way; aware.

        Returns:
            The digests removed, ascending.
        """
        limit = older_than.timestamp()
        self._sweep_temporary(keep, limit)
        removed = []
        for sha256 in self.digests():
            path = blob_path(self.root, sha256)
            if _changed_at(path) >= limit or keep(sha256):
                continue
            # A writer of the same bytes may find this file good just now and rely on it. It
            # touches the file first, so: take the name away, look at the time again, decide.
            aside = self.root / TEMPORARY / f"{sha256}{SWEPT}"
            with contextlib.suppress(FileNotFoundError):
                self.files.rename(path, aside)
                if self._decide(aside, sha256, keep, limit):
                    removed.append(sha256)
        return removed

    def probe(self) -> None:
        """Write and sync a temporary file and remove it: can the vault take files now?

        Raises:
            OutOfSpaceError: the volume is at its reserve or full.
            NotStoredError: the volume refused a step.
        """
        self._check_space()
        temporary = self.root / TEMPORARY / f"{uuid.uuid4().hex}{PART}"
        with self._named():
            descriptor = self.files.create(temporary)
            try:
                self.files.write(descriptor, b"probe")
                self.files.sync(descriptor)
            finally:
                self.files.close(descriptor)
                self.files.remove(temporary)

    @staticmethod
    def reserve(total: int) -> int:
        """Return the bytes kept free on a volume of `total` bytes."""
        return min(RESERVE, total // RESERVE_SHARE)

    def quarantine(self, sha256: str) -> Path:
        """Take a bad file out of service, keep it as evidence and return where it is.

        Raises:
            MissingBlobError: it is not there.
        """
        at = SystemClock().now().astimezone(UTC)
        aside = self.root / QUARANTINE / f"{sha256}.{at:%Y%m%dT%H%M%S%fZ}"
        try:
            self.files.rename(self._place(sha256), aside)
        except FileNotFoundError:
            raise MissingBlobError(sha256=sha256) from None
        self.files.sync_folder(aside.parent)
        return aside

    def _fill(
        self, descriptor: int, stream: BinaryIO, limit: int | None
    ) -> tuple[str, str | None, int]:
        sha256, size, checked = hashlib.sha256(), 0, 0
        sm3 = hashes.Hash(hashes.SM3()) if self._with_sm3 else None
        while data := stream.read(CHUNK):
            size += len(data)
            if limit is not None and size > limit:
                raise TooLargeError(limit=limit)
            if size - checked > SPACE_CHECK:
                self._check_space()
                checked = size
            with self._named():
                self.files.write(descriptor, data)
            sha256.update(data)
            if sm3 is not None:
                sm3.update(data)
        return sha256.hexdigest(), sm3.finalize().hex() if sm3 is not None else None, size

    def _have(self, sha256: str) -> bool:
        """Return whether a good, durable copy is there; a bad one will be replaced."""
        path = self._place(sha256)
        try:
            self.files.touch(path)  # before the look: see `sweep`
            good = self._digest(path) == sha256
        except OSError:
            return False
        if good:
            with self._named():
                # The writer of that copy may not have come to this yet.
                self._sync_folders(path.parent)
        return good

    def _name(self, temporary: Path, sha256: str) -> None:
        path = self._place(sha256)
        with self._named():
            for folder in (path.parent.parent, path.parent):
                if self.files.make_folder(folder):
                    self._durable.discard(path.parent)
                elif not is_plain_folder(folder):
                    raise NotStoredError(reason=f"{folder.name}: {os.strerror(errno.ELOOP)}")
            self.files.rename(temporary, path)
            self._sync_folders(path.parent)
            found = self._digest(path)
        if found != sha256:
            self.quarantine(sha256)
            raise NotStoredError(reason=f"{sha256} ≠ {found}")

    def _sync_folders(self, folder: Path) -> None:
        self.files.sync_folder(folder)
        if folder not in self._durable:
            self.files.sync_folder(folder.parent)
            self.files.sync_folder(self.root)
            self._durable.add(folder)

    def _digest(self, path: Path) -> str:
        with self.files.open(path) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def _place(self, sha256: str) -> Path:
        if not is_digest(sha256):
            raise MissingBlobError(sha256=sha256)
        path = blob_path(self.root, sha256)
        for folder in (path.parent.parent, path.parent):
            if folder.is_symlink():
                raise UnreadableBlobError(
                    sha256=sha256, reason=f"{folder.name}: {os.strerror(errno.ELOOP)}"
                )
        return path

    def _sweep_temporary(self, keep: Callable[[str], bool], limit: float) -> None:
        oldest = (SystemClock().now() - TEMPORARY_AGE).timestamp()
        for path in sorted((self.root / TEMPORARY).iterdir()):
            with contextlib.suppress(FileNotFoundError):
                sha256 = path.name.removesuffix(SWEPT)
                if path.name.endswith(SWEPT) and is_digest(sha256):
                    self._decide(path, sha256, keep, limit)  # a sweep was killed here
                elif _changed_at(path) < oldest and not is_plain_folder(path):
                    self.files.remove(path)

    def _decide(
        self, aside: Path, sha256: str, keep: Callable[[str], bool], limit: float
    ) -> bool:
        """Remove a file set aside, or give it its name back; return whether it is gone."""
        if _changed_at(aside) >= limit or keep(sha256):
            self.files.rename(aside, blob_path(self.root, sha256))
            return False
        self.files.remove(aside)
        return True

    def _check_space(self) -> None:
        with self._named():
            free, total = self.files.space(self.root)
        reserve = self.reserve(total)
        if free <= reserve:
            raise OutOfSpaceError(free=free, reserve=reserve)

    @contextlib.contextmanager
    def _named(self) -> Iterator[None]:
        """Turn what the volume answers into our errors."""
        try:
            yield
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise OutOfSpaceError(free=0, reserve=0) from error
            raise NotStoredError(reason=str(error.strerror or error)) from error


def _changed_at(path: Path) -> float:
    return path.lstat().st_mtime

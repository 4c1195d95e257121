"""Making a backup while people work: the database first, then the files its rows point to."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from postloan_archive.backup.errors import NotSqliteError
from postloan_archive.backup.manifest import (
    BLOBS,
    DATABASE,
    FOLDERS,
    FORMAT,
    POOL,
    Manifest,
    copy_durably,
    part_of,
    stamp_of,
    sync_folder,
    write_durably,
    write_manifest,
)
from postloan_archive.kernel.errors import FixityError
from postloan_archive.uow import System
from postloan_archive.vault import Vault

STEP: Final = 64  # files between two reports

Progress = Callable[[int, int], None]
"""Told files done and files in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupReport:
    """What a backup did.

    Attributes:
        folder: the folder of this backup.
        blobs: files that belong to it.
        copied: files that were not in the pool.
        bad: digests of files that the vault itself could not give unchanged; they are not in
            the backup, and if a good copy is in the pool already, `repair` can use it.
        audit_lines: lines of the trail.
        audit_head: hash of the last one.
    """

    folder: Path
    blobs: int
    copied: int
    bad: tuple[str, ...]
    audit_lines: int
    audit_head: str


def backup(system: System, target: Path, *, progress: Progress | None = None) -> BackupReport:
    """Write a backup into `target`, which may hold earlier ones.

    Everything acknowledged before the start is in it. Files that an earlier backup brought into
    the pool are read and compared, not copied again. Files are never linked to those of the
    installation: what spoils one copy must not spoil the other.

    The backup holds the keys of the installation; guard it like them.

    Raises:
        NotSqliteError: the database is not SQLite.
        OutOfSpaceError, NotStoredError: the target is full or refuses a write.
    """
    dialect = system.engine.dialect.name
    if dialect != "sqlite":
        raise NotSqliteError(dialect=dialect)
    at = system.clock.now()
    folder = _new_folder(target, stamp_of(at))
    _copy_database(system, folder / DATABASE)
    lines, head = _trail_of(folder / DATABASE)
    # After the database: each file was in the vault before its row was committed.
    pool, copied, good, bad = Vault(target / POOL), 0, [], []
    digests = sorted(system.vault.digests())
    for done, sha256 in enumerate(digests, start=1):
        if not pool.verify(sha256).good:
            try:
                _copy(system.vault, pool, sha256)
            except FixityError:
                bad.append(sha256)
                continue
            copied += 1
        good.append((sha256, pool.path(sha256).stat().st_size))
        if progress is not None and (done % STEP == 0 or done == len(digests)):
            progress(done, len(digests))
    listing = "".join(f"{sha256}  {size}\n" for sha256, size in good)
    write_durably(folder / BLOBS, listing.encode())
    for name in FOLDERS:
        _copy_folder(system.settings.data / name, folder / name)
    parts = [part_of(folder, path) for path in sorted(folder.rglob("*")) if path.is_file()]
    write_manifest(
        folder,
        Manifest(
            format=FORMAT,
            made_at=at.isoformat(),
            parts=tuple(parts),
            blobs=len(good),
            blob_bytes=sum(size for _, size in good),
            audit_lines=lines,
            audit_head=head,
        ),
    )
    return BackupReport(
        folder=folder,
        blobs=len(good),
        copied=copied,
        bad=tuple(bad),
        audit_lines=lines,
        audit_head=head,
    )


def _new_folder(target: Path, name: str) -> Path:
    """Create the folder of this backup; two in one moment get different names."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in range(1_000):
        folder = target / (name if number == 0 else f"{name}-{number:03}")
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        return folder
    raise FileExistsError(name)


def _copy_database(system: System, target: Path) -> None:
    """Take one consistent copy through SQLite's online backup; writers go on."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    source = system.engine.raw_connection()
    try:
        connection = source.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        with closing(sqlite3.connect(target)) as copy:
            connection.backup(copy)  # all pages in one step, from one snapshot
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, no log beside it
    finally:
        source.close()
    with target.open("rb") as stream:
        os.fsync(stream.fileno())
    sync_folder(target.parent)


def _trail_of(database: Path) -> tuple[int, str]:
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        row = copy.execute(
            "SELECT seq, hash FROM audit_lines ORDER BY seq DESC LIMIT 1"
        ).fetchone()
    return row or (0, "")


def _copy(source: Vault, pool: Vault, sha256: str) -> None:
    """Copy one file.

    Raises:
        FixityError: the source does not give the bytes it should.
    """
    if not source.verify(sha256).good:
        source.read(sha256)  # says what is wrong
    with source.open(sha256) as stream:
        pool.put(stream)


def _copy_folder(source: Path, target: Path) -> None:
    """Copy the ordinary files of a folder without subfolders; links are left out."""
    if not source.is_dir():
        return
    target.mkdir(mode=0o700)
    for path in sorted(source.iterdir()):
        if path.is_file() and not path.is_symlink():
            copy_durably(path, target / path.name)
    sync_folder(target)

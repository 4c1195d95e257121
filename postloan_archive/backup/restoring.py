"""Checking a backup whole, and making an installation from it."""

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from postloan_archive import audit
from postloan_archive.audit import AuditReport, NoKeyError
from postloan_archive.backup.errors import BackupDamagedError, NotEmptyError
from postloan_archive.backup.making import STEP, Progress
from postloan_archive.backup.manifest import (
    BLOBS,
    DATABASE,
    FOLDERS,
    MANIFEST,
    POOL,
    SEAL,
    Manifest,
    copy_durably,
    find_backup,
    part_of,
    read_manifest,
    sync_folder,
    write_durably,
)
from postloan_archive.kernel.clock import SystemClock
from postloan_archive.vault import Vault
from postloan_archive.vault.errors import MissingBlobError

RESTORING: Final = ".restoring"
RESTORED: Final = "restored.json"  # says that holds set after the backup may be missing


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupCheck:
    """What reading a whole backup says.

    Attributes:
        folder: the folder of the backup.
        made_at: when it was made.
        blobs: files compared.
        bad: the damaged, missing or strange parts, by path; empty for a good backup.
        audit: the trail in its database; None where the database is damaged.
    """

    folder: Path
    made_at: str
    blobs: int
    bad: tuple[str, ...]
    audit: AuditReport | None

    @property
    def ok(self) -> bool:
        """Return whether every byte is as written and the trail holds."""
        return not self.bad and self.audit is not None and self.audit.ok


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreReport:
    """What a restore did.

    Attributes:
        data: the data folder of the new installation.
        made_at: when the backup was made.
        blobs: files restored.
        audit: the trail in the restored database; None if `verify` was off.
    """

    data: Path
    made_at: str
    blobs: int
    audit: AuditReport | None


def verify_backup(source: Path, *, progress: Progress | None = None) -> BackupCheck:
    """Read every byte of a backup and its audit trail; nothing is written.

    Args:
        source: the folder given to `backup`, for the newest one in it, or that of one backup.
        progress: told files done and files in all.

    Raises:
        NoBackupError: there is no complete backup.
        BackupDamagedError: the manifest itself is damaged.
    """
    folder = find_backup(source)
    manifest = read_manifest(folder)
    bad = _bad_parts(folder, manifest)
    blobs = [] if BLOBS in bad else _blobs_of(folder)
    bad += _bad_blobs(folder, blobs, progress)
    trail = None if DATABASE in bad else _trail_of(folder, folder / DATABASE)
    return BackupCheck(
        folder=folder,
        made_at=manifest.made_at,
        blobs=len(blobs),
        bad=tuple(bad),
        audit=trail,
    )


def restore(
    source: Path, data: Path, *, verify: bool = True, progress: Progress | None = None
) -> RestoreReport:
    """Make a data folder from a backup; it appears whole or not at all.

    The search index of the Whoosh adapter is not in it and has to be rebuilt.

    Args:
        source: as for `verify_backup`.
        data: must be empty or not exist.
        verify: read the whole backup and its trail before anything is written. Without it each
            file is still compared with its digest while it is copied.
        progress: told files done and files in all.

    Raises:
        NoBackupError: there is no complete backup.
        BackupDamagedError: a part is damaged; nothing is left.
        NotEmptyError: `data` holds something.
        OutOfSpaceError, NotStoredError: the volume is full or refuses a write.
    """
    # Inside an existing folder, because that may be a volume of its own.
    building = data / RESTORING if data.exists() else data.with_name(f"{data.name}{RESTORING}")
    if data.exists() and (not data.is_dir() or set(data.iterdir()) - {building}):
        raise NotEmptyError(path=str(data))
    folder = find_backup(source)
    manifest = read_manifest(folder)
    trail = None
    if verify:
        check = verify_backup(folder, progress=progress)
        if check.bad:
            raise BackupDamagedError(parts=check.bad)
        trail = check.audit
    data.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(building, ignore_errors=True)  # of a restore that was killed
    building.mkdir(mode=0o700)
    try:
        count = _fill(building, folder, manifest, progress)
        stamp = {
            "made_at": manifest.made_at,
            "restored_at": SystemClock().now().isoformat(timespec="seconds"),
        }
        write_durably(building / RESTORED, json.dumps(stamp).encode())
        _give_place(building, data)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return RestoreReport(data=data, made_at=manifest.made_at, blobs=count, audit=trail)


def _give_place(building: Path, data: Path) -> None:
    """Move what was built to where it belongs, the database last: without it nothing starts."""
    if building.parent == data:
        for path in sorted(building.iterdir(), key=lambda one: one.name == DATABASE):
            path.rename(data / path.name)
        building.rmdir()
        sync_folder(data)
    else:
        building.rename(data)
    sync_folder(data.parent)


def _fill(building: Path, folder: Path, manifest: Manifest, progress: Progress | None) -> int:
    for part in manifest.parts:
        target = building / part.path
        if part.path == BLOBS:
            continue
        target.parent.mkdir(mode=0o700, exist_ok=True)
        if part.path == DATABASE:
            shutil.copyfile(folder / part.path, target)
            target.chmod(0o600)
            with target.open("rb") as stream:
                os.fsync(stream.fileno())
        else:
            copy_durably(folder / part.path, target)
        if part_of(building, target) != part:
            raise BackupDamagedError(parts=[part.path])
    blobs_part = next((one for one in manifest.parts if one.path == BLOBS), None)
    if blobs_part is None or part_of(folder, folder / BLOBS) != blobs_part:
        raise BackupDamagedError(parts=[BLOBS])
    blobs = _blobs_of(folder)
    pool, vault = Vault(folder.parent / POOL, create=False), Vault(building / POOL)
    for done, (sha256, _size) in enumerate(blobs, start=1):
        try:
            stream = pool.open(sha256)
        except MissingBlobError:
            raise BackupDamagedError(parts=[f"{POOL}/{sha256}"]) from None
        with stream:
            if vault.put(stream).sha256 != sha256:
                raise BackupDamagedError(parts=[f"{POOL}/{sha256}"])
        _tell(progress, done, len(blobs))
    for path in (building, *(building / name for name in FOLDERS)):
        with suppress(FileNotFoundError):  # an installation may lack one of the folders
            sync_folder(path)
    return len(blobs)


def _bad_parts(folder: Path, manifest: Manifest) -> list[str]:
    bad = []
    for part in manifest.parts:
        try:
            found = part_of(folder, folder / part.path)
        except OSError:
            found = None
        if found != part:
            bad.append(part.path)
    listed = {part.path for part in manifest.parts} | {MANIFEST, SEAL}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if (path.is_symlink() or not path.is_dir()) and name not in listed:
            bad.append(name)
    return bad


def _bad_blobs(
    folder: Path, blobs: list[tuple[str, int]], progress: Progress | None
) -> list[str]:
    pool, bad = Vault(folder.parent / POOL, create=False), []
    for done, (sha256, _size) in enumerate(blobs, start=1):
        if not pool.verify(sha256).good:
            bad.append(f"{POOL}/{sha256}")
        _tell(progress, done, len(blobs))
    return bad


def _blobs_of(folder: Path) -> list[tuple[str, int]]:
    lines = (folder / BLOBS).read_text(encoding="ascii").splitlines()
    return [(sha256, int(size)) for sha256, _, size in (line.partition("  ") for line in lines)]


def _trail_of(folder: Path, database: Path) -> AuditReport:
    """Verify the trail in the copy without writing to it."""
    outside = audit.read_checkpoints(folder / "checkpoints")
    trusted = None
    with suppress(NoKeyError):  # a backup of an installation without key: any key is accepted
        trusted = {audit.load_key(folder).public_key}
    address = f"{database.absolute().as_uri()}?immutable=1&uri=true"
    engine = create_engine(f"sqlite:///{address}")
    try:
        with Session(engine) as session:
            return audit.verify(session, outside, trusted=trusted)
    finally:
        engine.dispose()


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None and (done % STEP == 0 or done == total):
        progress(done, total)

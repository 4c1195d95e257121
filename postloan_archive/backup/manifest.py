"""The list of everything in one backup, with digests; written last, so it means complete.

A backup folder holds a pool of files shared by all backups, `vault/`, and one folder for each
backup, named by its moment: `postloan.db`, the small folders of the installation,
`blobs.txt`, `manifest.json` and `manifest.json.sha256`.
"""

import hashlib
import json
import os
import stat
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from postloan_archive.backup.errors import BackupDamagedError, NoBackupError

FORMAT: Final = 1
POOL: Final = "vault"
DATABASE: Final = "postloan.db"
BLOBS: Final = "blobs.txt"
MANIFEST: Final = "manifest.json"
SEAL: Final = "manifest.json.sha256"
FOLDERS: Final = ("keys", "checkpoints")  # of the data folder; the index is built anew
STAMP: Final = "%Y%m%dT%H%M%S%fZ"  # the name of the folder of one backup, UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of the backup outside of the pool.

    Attributes:
        path: below the folder of the backup, with slashes.
        sha256: hex.
        size: bytes.
    """

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What one backup consists of.

    Attributes:
        format: version of this layout.
        made_at: when the copy of the database was taken, UTC text.
        parts: every file in the folder but manifest and seal.
        blobs: how many files of the pool belong to it; `blobs.txt` names them.
        blob_bytes: their size.
        audit_lines: lines of the trail in the database.
        audit_head: hash of the last one.
    """

    format: int
    made_at: str
    parts: tuple[Part, ...]
    blobs: int
    blob_bytes: int
    audit_lines: int
    audit_head: str


def part_of(folder: Path, path: Path) -> Part:
    """Return the entry of a file below `folder`."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        size = stream.tell()
    return Part(path=path.relative_to(folder).as_posix(), sha256=digest, size=size)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write seal and manifest, the manifest last and in one step."""
    data = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
    write_durably(folder / SEAL, f"{hashlib.sha256(data).hexdigest()}  {MANIFEST}\n".encode())
    write_durably(folder / f"{MANIFEST}.part", data)
    (folder / f"{MANIFEST}.part").rename(folder / MANIFEST)
    sync_folder(folder)
    sync_folder(folder.parent)


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup.

    Raises:
        NoBackupError: there is none.
        BackupDamagedError: it does not fit its seal.
    """
    try:
        data = (folder / MANIFEST).read_bytes()
    except OSError:
        raise NoBackupError(path=str(folder)) from None
    try:
        seal = (folder / SEAL).read_bytes()
    except OSError:
        raise BackupDamagedError(parts=[SEAL]) from None
    if seal != f"{hashlib.sha256(data).hexdigest()}  {MANIFEST}\n".encode():
        raise BackupDamagedError(parts=[MANIFEST])
    value: dict[str, Any] = json.loads(data)
    if value["format"] != FORMAT:
        raise NoBackupError(path=str(folder))
    parts = tuple(Part(**part) for part in value["parts"])
    strange = [part.path for part in parts if not _has_a_place(part.path)]
    if strange:
        raise BackupDamagedError(parts=strange)
    return Manifest(**{**value, "parts": parts})


def _has_a_place(path: str) -> bool:
    """Return whether a path is one that we write: nothing leads out of the folder."""
    folder, _, name = path.rpartition("/")
    if not folder:
        return name in {DATABASE, BLOBS}
    return folder in FOLDERS and name not in {"", ".", ".."}


def find_backup(source: Path) -> Path:
    """Return the folder of one backup: `source` itself, or the newest complete one in it.

    Raises:
        NoBackupError: there is none.
    """
    if (source / MANIFEST).is_file():
        return source
    complete = [path.parent for path in source.glob(f"*/{MANIFEST}")]
    if not complete:
        raise NoBackupError(path=str(source))
    return max(complete, key=lambda path: path.name)


def stamp_of(at: datetime) -> str:
    """Return the folder name of a backup made at the moment, which is in UTC."""
    return at.strftime(STAMP)


def write_durably(path: Path, data: bytes) -> None:
    """Write a file that only its owner reads and sync it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(descriptor)


def copy_durably(source: Path, target: Path) -> None:
    """Copy an ordinary file with its mode and sync it; small files only."""
    write_durably(target, source.read_bytes())
    target.chmod(stat.S_IMODE(source.stat().st_mode))


def sync_folder(path: Path) -> None:
    """Return when the names in the folder are on the medium."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

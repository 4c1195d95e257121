"""Putting a good copy from a backup in the place of a bad file."""

from pathlib import Path

from postloan_archive.vault.errors import NoCopyError
from postloan_archive.vault.fixity import State
from postloan_archive.vault.layout import blob_path, is_digest
from postloan_archive.vault.store import Stored, Vault


def repair(vault: Vault, sha256: str, backup_root: Path) -> Stored:
    """Replace a bad or missing file by the copy in a backup.

    The bad file goes to the quarantine. A good file is left alone.

    Args:
        vault: the vault to repair.
        sha256: the file.
        backup_root: a folder made by `postloan backup`, or the vault folder of another machine.

    Raises:
        NoCopyError: there is no copy, or the copy is bad too.
        NotStoredError, OutOfSpaceError: the copy cannot be written.
    """
    if not is_digest(sha256):
        raise NoCopyError(sha256=sha256)
    for root in (backup_root / "vault", backup_root):
        if not blob_path(root, sha256).is_file():
            continue
        source = Vault(root, create=False)
        if source.verify(sha256).state is not State.GOOD:
            continue
        if vault.verify(sha256).state in {State.CHANGED, State.UNREADABLE}:
            vault.quarantine(sha256)
        with source.open(sha256) as stream:
            return vault.put(stream)
    raise NoCopyError(sha256=sha256)

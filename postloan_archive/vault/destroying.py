"""Removing a file for good: the last step of a destruction that two persons decided."""

import contextlib
from collections.abc import Callable

from postloan_archive.kernel.clock import SystemClock
from postloan_archive.vault.layout import QUARANTINE, SWEPT, TEMPORARY, blob_path
from postloan_archive.vault.store import Vault


def destroy(vault: Vault, sha256: str, keep: Callable[[str], bool]) -> bool:
    """Remove a file and its bad copies; return whether none is left.

    As in a sweep, a writer of the same bytes touches the file first: what was stored again
    after this began stays, and so does what a committed row names.

    Args:
        vault: where.
        sha256: the file; that it is not there is no fault, for a killed run comes again.
        keep: says whether a committed row points to the digest.
    """
    started = SystemClock().now().timestamp()
    path = blob_path(vault.root, sha256)
    temporary, quarantine = vault.root / TEMPORARY, vault.root / QUARANTINE
    aside = temporary / f"{sha256}{SWEPT}"
    with contextlib.suppress(FileNotFoundError):
        vault.files.rename(path, aside)
    with contextlib.suppress(FileNotFoundError):
        if aside.lstat().st_mtime >= started or keep(sha256):
            vault.files.rename(aside, path)
            return False
        vault.files.remove(aside)
    for bad in sorted(quarantine.glob(f"{sha256}.*")):
        vault.files.remove(bad)
    for folder in (path.parent, temporary, quarantine):
        with contextlib.suppress(FileNotFoundError):
            vault.files.sync_folder(folder)
    return not path.exists()

"""Files by SHA-256: put, open, verify, sweep, repair."""

from postloan_archive.vault.check import share, verify_all
from postloan_archive.vault.destroying import destroy
from postloan_archive.vault.errors import (
    ChangedBlobError,
    MissingBlobError,
    NoCopyError,
    NotStoredError,
    OutOfSpaceError,
    TooLargeError,
    UnreadableBlobError,
)
from postloan_archive.vault.files import Files, RealFiles
from postloan_archive.vault.fixity import Fixity, State
from postloan_archive.vault.repair import repair
from postloan_archive.vault.store import Stored, Vault

__all__ = [
    "ChangedBlobError",
    "Files",
    "Fixity",
    "MissingBlobError",
    "NoCopyError",
    "NotStoredError",
    "OutOfSpaceError",
    "RealFiles",
    "State",
    "Stored",
    "TooLargeError",
    "UnreadableBlobError",
    "Vault",
    "destroy",
    "repair",
    "share",
    "verify_all",
]

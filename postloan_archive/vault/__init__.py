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
from postloan_archive.vault.working_copies import (
    keep_working_copies,
    sweep_working_copies,
    working_copies,
)

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
    "keep_working_copies",
    "repair",
    "share",
    "sweep_working_copies",
    "verify_all",
    "working_copies",
]

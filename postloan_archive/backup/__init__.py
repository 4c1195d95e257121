"""Backups: database, files, keys and checkpoints; made while people work, restored whole."""

from postloan_archive.backup.errors import (
    BackupDamagedError,
    NoBackupError,
    NotEmptyError,
    NotSqliteError,
)
from postloan_archive.backup.making import BackupReport, Progress, backup
from postloan_archive.backup.restoring import (
    BackupCheck,
    RestoreReport,
    restore,
    verify_backup,
)

__all__ = [
    "BackupCheck",
    "BackupDamagedError",
    "BackupReport",
    "NoBackupError",
    "NotEmptyError",
    "NotSqliteError",
    "Progress",
    "RestoreReport",
    "backup",
    "restore",
    "verify_backup",
]

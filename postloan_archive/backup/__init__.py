"""Backups: database, files, keys and checkpoints; made while people work, restored whole."""

from postloan_archive.backup.errors import (
    BackupDamagedError,
    NoBackupError,
    NotEmptyError,
    NotSqliteError,
)
from postloan_archive.backup.making import BackupReport, Progress, backup
from postloan_archive.backup.restoring import (
    RESTORED,
    BackupCheck,
    RestoreReport,
    restore,
    verify_backup,
)

__all__ = [
    "RESTORED",
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

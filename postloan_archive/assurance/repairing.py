"""Putting a good copy from the backup folder in the place of one bad stored file."""

from pathlib import Path

from sqlalchemy import select

from postloan_archive.admin import rechecking
from postloan_archive.admin.models import VaultCheck
from postloan_archive.kernel.errors import NotFoundError, RuleError, _l
from postloan_archive.uow import System, UnitOfWork
from postloan_archive.vault import State, Vault, repair


class NoBackupFolderError(RuleError):
    """The site has not said where its backups are."""

    next_step = _l("请由运维设置 POSTLOAN_BACKUP_FOLDER。")

    def __init__(self) -> None:
        super().__init__(_l("没有设置备份目录，不能在页面上修复。"))


class NotBadError(NotFoundError):
    """No stored file with this digest was found bad."""

    def __init__(self) -> None:
        super().__init__(_l("没有这个待修复的文件。"))


def has_copy(system: System, sha256: str) -> bool | None:
    """Return whether the backup folder holds a good copy; None where none is set."""
    if not system.settings.backup_folder:
        return None
    root = Path(system.settings.backup_folder)
    return any(
        Vault(one, create=False).verify(sha256).state is State.GOOD
        for one in (root / "vault", root)
        if one.is_dir()
    )


def repair_one(uow: UnitOfWork, sha256: str) -> None:
    """Repair one file that the checks found bad; the bad one goes to the quarantine.

    Raises:
        NoBackupFolderError: no backup folder is set.
        NotBadError: the checks did not find this file bad.
        NoCopyError: the backup has no good copy.
    """
    if not uow.settings.backup_folder:
        raise NoBackupFolderError
    was = uow.session.scalar(select(VaultCheck.state).where(VaultCheck.sha256 == sha256))
    if was is None or was in {State.GOOD, rechecking.WAITING}:
        raise NotBadError
    repair(uow.vault, sha256, Path(uow.settings.backup_folder))
    rechecking.note(uow.session, {sha256: uow.vault.verify(sha256).state}, at=uow.clock.now())
    uow.record("vault.file_repaired", f"vault:{sha256}", was=was)

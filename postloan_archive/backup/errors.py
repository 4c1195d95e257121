"""What a backup or a restore refuses."""

from collections.abc import Sequence
from typing import Final

from postloan_archive.kernel.errors import (
    ConflictError,
    FixityError,
    NotFoundError,
    RuleError,
    _l,
)

MOST_NAMES: Final = 20


class NoBackupError(NotFoundError):
    """The folder holds no complete backup."""

    next_step = _l("请检查路径；中断的备份没有清单，不能用于恢复。")

    def __init__(self, *, path: str) -> None:
        super().__init__(_l("{path} 中没有完整的备份。"), path=path)


class BackupDamagedError(FixityError):
    """Parts of the backup are not what was written; nothing was restored."""

    next_step = _l("请换用另一份备份；未写入任何数据。")

    def __init__(self, *, parts: Sequence[str]) -> None:
        named = "、".join(parts[:MOST_NAMES])
        super().__init__(
            _l("备份已损坏，拒绝恢复：共 {count} 处，{named}。"), count=len(parts), named=named
        )
        self.parts = tuple(parts)


class NotEmptyError(ConflictError):
    """The folder to restore into holds something already."""

    next_step = _l("请恢复到一个空的或不存在的文件夹。")

    def __init__(self, *, path: str) -> None:
        super().__init__(_l("{path} 不是空文件夹，拒绝恢复。"), path=path)


class NotSqliteError(RuleError):
    """The database of this installation is backed up with its own tools."""

    next_step = _l("请用 pg_dump 备份数据库，再备份 vault、keys 与 checkpoints 文件夹。")

    def __init__(self, *, dialect: str) -> None:
        super().__init__(
            _l("数据库是 {dialect}，postloan backup 只备份 SQLite。"), dialect=dialect
        )

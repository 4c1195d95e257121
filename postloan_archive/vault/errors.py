"""What the vault says when bytes cannot be stored, found or trusted."""

from postloan_archive.kernel.errors import FixityError, RuleError, _l

MEBIBYTE = 1024 * 1024


class TooLargeError(RuleError):
    """The stream is longer than the caller allows; nothing of it was kept."""

    field = "file"
    next_step = _l("请拆分文件，或请系统管理员调整单个文件的上限。")

    def __init__(self, *, limit: int) -> None:
        super().__init__(
            _l("文件超过单个文件上限 {limit_mb} MB，未保存。"),
            limit_mb=f"{limit / MEBIBYTE:.10g}",
        )
        self.limit = limit  # bytes


class OutOfSpaceError(RuleError):
    """The volume is full, or has no more than the reserve that keeps the audit writable."""

    next_step = _l("请系统管理员清理或扩容存储卷；空间恢复后可直接重试，无需其他操作。")

    def __init__(self, *, free: int, reserve: int) -> None:
        super().__init__(
            _l("存储空间不足：剩余 {free_mb} MB，须保留 {reserve_mb} MB，文件未保存。"),
            free_mb=free // MEBIBYTE,
            reserve_mb=reserve // MEBIBYTE,
        )
        self.free, self.reserve = free, reserve  # bytes


class NotStoredError(FixityError):
    """The volume refused a write or a sync, or gave back other bytes: not acknowledged."""

    next_step = _l("文件未保存。请系统管理员检查存储卷，然后重新提交。")

    def __init__(self, *, reason: str) -> None:
        super().__init__(_l("文件写入存储卷失败（{reason}）。"), reason=reason)


class MissingBlobError(FixityError):
    """No file of that digest is in the vault."""

    next_step = _l("请系统管理员用备份修复：postloan vault verify --repair-from 备份目录。")

    def __init__(self, *, sha256: str) -> None:
        super().__init__(_l("档案库中没有摘要为 {sha256} 的文件。"), sha256=sha256)
        self.sha256 = sha256


class ChangedBlobError(FixityError):
    """The stored bytes no longer have the digest they were stored under."""

    next_step = _l(
        "请勿使用该文件；请系统管理员用备份修复：postloan vault verify --repair-from 备份目录。"
    )

    def __init__(self, *, sha256: str, found: str) -> None:
        super().__init__(
            _l("档案库文件 {sha256} 的内容已改变（现摘要 {found}）。"),
            sha256=sha256,
            found=found,
        )
        self.sha256, self.found = sha256, found


class UnreadableBlobError(FixityError):
    """The file is there but the volume does not give its bytes."""

    next_step = _l("请系统管理员检查存储卷与文件权限。")

    def __init__(self, *, sha256: str, reason: str) -> None:
        super().__init__(
            _l("档案库文件 {sha256} 无法读取（{reason}）。"), sha256=sha256, reason=reason
        )
        self.sha256 = sha256


class NoCopyError(FixityError):
    """The backup holds no good copy to repair from."""

    next_step = _l("请换用另一份备份。")

    def __init__(self, *, sha256: str) -> None:
        super().__init__(_l("备份中没有摘要为 {sha256} 的完好副本。"), sha256=sha256)
        self.sha256 = sha256

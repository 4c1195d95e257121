"""What the audit trail refuses."""

from postloan_archive.kernel.errors import ConflictError, FixityError, NotFoundError, _l


class NoSuchLineError(NotFoundError):
    """The trail has no line of that number."""

    def __init__(self, *, seq: int) -> None:
        super().__init__(_l("审计记录中没有第 {seq} 条。"), seq=seq)
        self.seq = seq


class NotCoveredError(ConflictError):
    """No signed checkpoint covers the line yet, and no key was given to make one."""

    next_step = _l("请先执行 postloan audit checkpoint。")

    def __init__(self, *, seq: int, covered: int) -> None:
        super().__init__(
            _l("第 {seq} 条审计记录尚未被签名检查点覆盖（已覆盖至第 {covered} 条）。"),
            seq=seq,
            covered=covered,
        )
        self.seq, self.covered = seq, covered


class HistoryChangedError(FixityError):
    """The lines no longer give the root of the last checkpoint; none is signed over them."""

    next_step = _l("请勿继续使用数据库；请审计管理员执行 postloan audit verify 并保全现场。")

    def __init__(self, *, tree_size: int) -> None:
        super().__init__(
            _l("审计记录与前 {tree_size} 条的检查点不一致，拒绝签发新的检查点。"),
            tree_size=tree_size,
        )
        self.tree_size = tree_size


class NoKeyError(NotFoundError):
    """The signing key of the trail is not where it should be."""

    next_step = _l("请执行 postloan init，或从备份恢复密钥文件。")

    def __init__(self, *, path: str) -> None:
        super().__init__(_l("找不到审计签名密钥 {path}。"), path=path)


class KeyExistsError(ConflictError):
    """A key is there already; it is never overwritten."""

    def __init__(self, *, path: str) -> None:
        super().__init__(_l("审计签名密钥 {path} 已存在，不会覆盖。"), path=path)

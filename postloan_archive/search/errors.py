"""Why the index can give no answer; what a person typed is never the reason."""

from postloan_archive.kernel.errors import ConflictError, _l


class SearchUnavailableError(ConflictError):
    """The index is missing or damaged; everything else works, and a rebuild brings it back."""

    next_step = _l("索引重建后即可检索（postloan search rebuild）；浏览和录入不受影响。")

    def __init__(self) -> None:
        super().__init__(_l("检索暂不可用：索引缺失或已损坏，需要重建。"))


class IndexBusyError(ConflictError):
    """Another process holds the lock of the index for longer than is usual."""

    next_step = _l("请稍后再试；若一直如此，检查是否有停住的进程。")

    def __init__(self) -> None:
        super().__init__(_l("索引正被另一进程写入。"))

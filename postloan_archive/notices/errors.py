"""The refusals of the letters."""

from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l


class UnknownNoticeKindError(RuleError):
    """No letter of this kind is made yet."""

    field = "kind"

    def __init__(self, *, kind: str, known: str) -> None:
        super().__init__(_l("没有“{kind}”这种函件；可用的有 {known}。"), kind=kind, known=known)


class NoticeRunNotFoundError(NotFoundError):
    """No such run, or none with letters that the actor may see."""

    def __init__(self, *, run_id: int) -> None:
        super().__init__(_l("没有找到编号为 {run_id} 的函件批次。"), run_id=run_id)


class NothingToSendError(RuleError):
    """No loan calls for a letter of this kind on that day."""

    field = "loans"
    next_step = _l("请检查日期和种类，或者直接指定借据号。")

    def __init__(self, *, kind: str, as_of: object) -> None:
        super().__init__(
            _l("截至 {as_of} 没有需要发送 {kind} 的贷款。"), kind=kind, as_of=as_of
        )


class RunNotDraftError(ConflictError):
    """The run was generated before; its letters are frozen."""

    next_step = _l("已生成的批次不可更改；如需重发，请新建批次。")

    def __init__(self, *, run_no: str) -> None:
        super().__init__(_l("批次 {run_no} 已经生成。"), run_no=run_no)

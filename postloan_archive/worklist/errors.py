"""The refusals of deadlines."""

from datetime import date

from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l


class DeadlineNotFoundError(NotFoundError):
    """No such deadline for this actor."""

    field = "deadline_id"

    def __init__(self, *, deadline_id: int) -> None:
        super().__init__(_l("没有找到编号为 {deadline_id} 的期限。"), deadline_id=deadline_id)


class DeadlineClosedError(ConflictError):
    """The deadline is done or struck; it must be taken up again first."""

    next_step = _l("如需更改，请先恢复该期限并说明理由。")

    def __init__(self, *, title: str) -> None:
        super().__init__(_l("“{title}”已办结或划销。"), title=title)


class DeadlineOpenError(ConflictError):
    """The deadline is open: there is nothing to take up again."""

    def __init__(self, *, title: str) -> None:
        super().__init__(_l("“{title}”尚未办结，无须恢复。"), title=title)


class ReasonMissingError(RuleError):
    """What is struck or taken up again needs a reason."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("请说明理由。"))


class ForeignProofError(RuleError):
    """The paper is in another loan file."""

    field = "document_id"

    def __init__(self) -> None:
        super().__init__(_l("凭证不在该笔贷款的案卷中，请从本案卷选择文件。"))


class DoneInFutureError(RuleError):
    """Nothing is done on a day that has not come."""

    field = "done_on"

    def __init__(self, *, done_on: date, today: date) -> None:
        super().__init__(
            _l("办理日 {done_on} 晚于今天 {today}。"), done_on=done_on, today=today
        )


class OwnerUnknownError(RuleError):
    """The user does not exist, or may not look after deadlines of the branch."""

    field = "owner"
    next_step = _l("请选择在该机构有期限权限的用户。")

    def __init__(self, *, owner: str) -> None:
        super().__init__(_l("用户“{owner}”不能承办该机构的期限。"), owner=owner)


class FeedNotFoundError(NotFoundError):
    """No calendar has this address, or no longer."""

    def __init__(self) -> None:
        super().__init__(_l("没有这个日历地址，它可能已被停用。"))

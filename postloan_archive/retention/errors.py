"""The refusals of retention, each with the facts a person needs."""

from collections.abc import Iterable

from postloan_archive.kernel.errors import (
    ConflictError,
    NotAllowedError,
    NotFoundError,
    RuleError,
    _l,
)
from postloan_archive.retention.rules.periods import CLASSES, Block, sentence_of


class ListNotFoundError(NotFoundError):
    """No such destruction list, or not for this actor."""

    def __init__(self, *, list_no: str) -> None:
        super().__init__(_l("没有销毁清册 {list_no}。"), list_no=list_no)


class EmptyListError(RuleError):
    """A destruction list names at least one loan file."""

    field = "loans"

    def __init__(self) -> None:
        super().__init__(_l("请至少选一个案卷。"))


class RetentionReasonError(RuleError):
    """The step says why."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("请写明理由。"))


class BlockedError(ConflictError):
    """Something stops the destruction of a loan file."""

    next_step = _l("请将该案卷移出清册，或待事由消除后重新造册。")

    def __init__(self, *, loan_no: str, blocks: Iterable[tuple[Block, str]]) -> None:
        blocks = tuple(blocks)
        super().__init__(
            _l("案卷 {loan_no} 不得销毁：{why}。"), loan_no=loan_no, why=sentence_of(blocks)
        )
        self.blocks = blocks


class AlreadyListedError(ConflictError):
    """The loan file stands on another open list."""

    def __init__(self, *, loan_no: str, list_no: str) -> None:
        super().__init__(
            _l("案卷 {loan_no} 已在清册 {list_no} 中。"), loan_no=loan_no, list_no=list_no
        )


class ListChangedError(ConflictError):
    """The loan files are no longer what was listed, or what the person saw."""

    next_step = _l("请撤回后重新造册并重新审批。")

    def __init__(self, *, list_no: str) -> None:
        super().__init__(_l("清册 {list_no} 的内容与其摘要不符，未予办理。"), list_no=list_no)


class ListStateError(ConflictError):
    """The list is not in the state that the step needs."""

    next_step = _l("请刷新后查看清册状态。")

    def __init__(self, *, list_no: str) -> None:
        super().__init__(_l("清册 {list_no} 当前不能办理此步骤。"), list_no=list_no)


class SamePersonError(NotAllowedError):
    """Two steps that need two persons were done by one."""

    next_step = _l("请由另一人办理。")

    def __init__(self, *, done: str) -> None:
        super().__init__(_l("您已办理本清册的“{done}”，此步骤须由另一人办理。"), done=done)


class ProgramsMayNotError(NotAllowedError):
    """Approval and supervision are for persons who have shown their password."""

    next_step = _l("请登录后在“鉴定销毁”页办理。")

    def __init__(self) -> None:
        super().__init__(_l("审批、监销和执行只能由本人登录办理。"))


class AppraisalError(RuleError):
    """The appraisal lacks something; `field` says what."""

    def __init__(self, *, field: str, reason: str) -> None:
        super().__init__(_l("{reason}"), basis=CLASSES, reason=reason)
        self.field = field  # type: ignore[misc]  # each is a field of one form


class TableUnchangedError(RuleError):
    """The table of periods is what it was."""

    def __init__(self) -> None:
        super().__init__(_l("保管期限表没有改变。"))


class TableRaceError(ConflictError):
    """Somebody else changed the table meanwhile."""

    next_step = _l("请刷新后重试。")

    def __init__(self, *, found: int) -> None:
        super().__init__(_l("保管期限表已有第 {found} 版。"), found=found)

"""The refusals of the letters."""

from collections.abc import Sequence
from typing import Final

from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l

MOST_NAMED: Final = 20  # loans or rows that one sentence names


class UnknownNoticeKindError(RuleError):
    """No letter of this kind is made yet."""

    field = "kind"

    def __init__(self, *, kind: str, known: str) -> None:
        super().__init__(_l("没有“{kind}”这种函件；可用的有 {known}。"), kind=kind, known=known)


class NoticeRunNotFoundError(NotFoundError):
    """No such run, or none with letters that the actor may see."""

    def __init__(self, *, run_id: int) -> None:
        super().__init__(_l("没有找到编号为 {run_id} 的函件批次。"), run_id=run_id)


class RunOfSeveralBranchesError(RuleError):
    """A run over several branches is changed only by somebody who sees all of them."""

    next_step = _l("请由建立批次的机构办理；本机构的函件可单独下载、寄送和登记。")

    def __init__(self, *, run_no: str) -> None:
        super().__init__(_l("批次 {run_no} 含其他机构的函件。"), run_no=run_no)


class NothingToSendError(RuleError):
    """No loan calls for a letter of this kind on that day."""

    field = "loans"
    next_step = _l("请检查日期和种类，或者直接指定借据号。")

    def __init__(
        self, *, kind: str, as_of: object, reasons: Sequence[tuple[str, str]] = ()
    ) -> None:
        named = "；".join(f"{what}：{reason}" for what, reason in reasons[:MOST_NAMED])
        if len(reasons) > MOST_NAMED:
            named += "；……"
        super().__init__(
            _l("截至 {as_of} 没有需要发送 {kind} 的贷款。{named}"),
            kind=kind,
            as_of=as_of,
            named=named,
        )


class FutureCutoffError(RuleError):
    """Amounts are those of a day that has come: later payments are not known yet."""

    field = "as_of"
    next_step = _l("请填写今天或更早的日期。")

    def __init__(self, *, as_of: object, today: object) -> None:
        super().__init__(
            _l("数据截至日 {as_of} 晚于今天 {today}：尚未发生的还款不能计入。"),
            as_of=as_of,
            today=today,
        )


class RunNotDraftError(ConflictError):
    """The run was generated before; its letters are frozen."""

    next_step = _l("已生成的批次不可更改；如需重发，请新建批次。")

    def __init__(self, *, run_no: str) -> None:
        super().__init__(_l("批次 {run_no} 已经生成。"), run_no=run_no)


class NoticeNotFoundError(NotFoundError):
    """No such letter, or one of a loan that the actor may not see."""

    def __init__(self, *, notice_id: object) -> None:
        super().__init__(_l("没有找到函件“{notice_id}”。"), notice_id=notice_id)


class NotIssuedError(RuleError):
    """Only a numbered letter can be sent, arrive or be printed."""

    def __init__(self, *, addressee: str) -> None:
        super().__init__(_l("致 {addressee} 的函件尚未生成。"), addressee=addressee)


class NotSentError(RuleError):
    """A letter that was never sent cannot have arrived."""

    next_step = _l("请先登记寄送方式和日期。")

    def __init__(self, *, serial_no: str) -> None:
        super().__init__(_l("{serial_no} 尚未登记寄送。"), serial_no=serial_no)


class EffectConfirmedError(ConflictError):
    """The outcome moved a clock; it is corrected by striking that event first."""

    next_step = _l("如登记有误，请先撤销其时效效果，再重新登记。")

    def __init__(self, *, serial_no: str) -> None:
        super().__init__(_l("{serial_no} 的送达结果已确认时效效果。"), serial_no=serial_no)


class NoEffectError(RuleError):
    """Nothing was proposed for this letter."""

    def __init__(self) -> None:
        super().__init__(_l("这封函件没有待确认的时效效果。"))


class UnknownLoanNumbersError(RuleError):
    """Some of the given numbers are no loans of this person; all are named."""

    field = "numbers"
    next_step = _l("请核对后重新提交；其余借据号都已识别。")

    def __init__(self, *, numbers: str) -> None:
        super().__init__(_l("没有这些借据号：{numbers}。"), numbers=numbers)


class NoNumbersError(RuleError):
    """Neither text nor sheet holds a loan number."""

    field = "numbers"

    def __init__(self) -> None:
        super().__init__(_l("没有读到借据号。"))


class SheetUnreadableError(RuleError):
    """The uploaded sheet is no xlsx or is too large."""

    field = "sheet"

    def __init__(self) -> None:
        super().__init__(_l("表格无法读取：须为 10 MB 以内的 .xlsx。"))


class ReasonForWarningsError(RuleError):
    """Letters with warnings are sent only with a reason on record."""

    field = "reason"

    def __init__(self, *, count: int) -> None:
        super().__init__(_l("有 {count} 封带提醒；仍要发送的，请填写理由。"), count=count)


class NothingToIssueError(RuleError):
    """Every letter of the run is held back."""

    def __init__(self) -> None:
        super().__init__(_l("没有可以生成的函件：全部须先处理或已移除。"))


class PlaceholderLeftError(RuleError):
    """A blank still holds XX, 待补 or template braces (R-H07): such a letter is not issued."""

    def __init__(self, *, name: str, text: str) -> None:
        super().__init__(
            _l("要素“{name}”仍有未填写的内容“{text}”，不得印出。"), name=name, text=text
        )


class AddresseeGoneError(RuleError):
    """The file no longer gives a letter that its run had planned."""

    next_step = _l("请移除这一封，或者另建批次。")

    def __init__(self, *, addressee: str) -> None:
        super().__init__(
            _l("案卷中已没有致 {addressee} 的这封函件的依据。"), addressee=addressee
        )


class LetterChangedError(ConflictError):
    """The letter is not in the state that this step needs."""

    next_step = _l("请刷新页面。")

    def __init__(self, *, addressee: str) -> None:
        super().__init__(
            _l("致 {addressee} 的函件已生成，不能再移除或恢复。"), addressee=addressee
        )

"""Why the export of loan files says no."""

from postloan_archive.kernel.errors import (
    ConflictError,
    NotAllowedError,
    NotFoundError,
    RuleError,
    _l,
)


class ExportNotFoundError(NotFoundError):
    """No such export, or one of its loan files is none of this actor's."""

    def __init__(self, *, export_no: str) -> None:
        super().__init__(_l("没有导出单 {export_no}。"), export_no=export_no)


class NoFileChosenError(RuleError):
    """No loan file is named, or far too many."""

    field = "loan_nos"

    def __init__(self, *, most: int) -> None:
        super().__init__(_l("请填写 1 到 {most} 个借据号，每行一个。"), most=most)


class NoPurposeError(RuleError):
    """The reason, or who is to get the files, is missing."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("请写明导出事由和接收方。"))


class NotEveryCategoryError(NotAllowedError):
    """A whole file leaves only by the hand of somebody who may see all of it."""

    def __init__(self) -> None:
        super().__init__(_l("整卷导出含全部类别的文件，您的岗位不能查看其中一些类别。"))


class ExportStateError(ConflictError):
    """The export is at another step."""

    next_step = _l("请刷新页面查看当前状态。")

    def __init__(self, *, export_no: str) -> None:
        super().__init__(_l("导出单 {export_no} 已不在这一步。"), export_no=export_no)


class SameHandError(NotAllowedError):
    """One person is to ask and to approve."""

    next_step = _l("请由另一位有审批权的人员办理。")

    def __init__(self) -> None:
        super().__init__(_l("多卷导出须由另一人审批，申请人不能审批自己的申请。"))


class FilesChangedError(ConflictError):
    """The files are not those that were asked for and approved."""

    next_step = _l("请核对后重新申请。")

    def __init__(self, *, loan_no: str) -> None:
        super().__init__(_l("申请之后案卷 {loan_no} 的文件有变化，未导出。"), loan_no=loan_no)


class ExportGoneError(NotFoundError):
    """The zip is no longer kept."""

    next_step = _l("如仍需要，请重新申请导出。")

    def __init__(self, *, export_no: str) -> None:
        super().__init__(_l("导出单 {export_no} 的文件已过保留期清除。"), export_no=export_no)

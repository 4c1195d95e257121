"""The refusals of the template centre."""

from collections.abc import Sequence

from postloan_archive.kernel.errors import (
    ConflictError,
    NotAllowedError,
    NotFoundError,
    RuleError,
    _l,
)


class NoSuchLetterError(NotFoundError):
    """No letter has this code."""

    def __init__(self, *, code: str) -> None:
        super().__init__(_l("没有“{code}”这种函件。"), code=code)


class TemplateVersionNotFoundError(NotFoundError):
    """No such version, or one of a branch that the actor does not see."""

    def __init__(self, *, version: object) -> None:
        super().__init__(_l("没有找到模板版本“{version}”。"), version=version)


class TemplateFaultyError(RuleError):
    """A template with faults is neither submitted nor published; all are named."""

    field = "file"
    next_step = _l("请下载带批注的副本，逐处改好后重新上传。")

    def __init__(self, *, count: int, first: Sequence[str]) -> None:
        super().__init__(
            _l("模板有 {count} 处错误：{first}"), count=count, first="；".join(first[:5])
        )


class TemplateUnchangedError(RuleError):
    """The file is byte for byte the version in use."""

    field = "file"

    def __init__(self, *, number: int) -> None:
        super().__init__(_l("文件与现行第 {number} 版完全相同。"), number=number)


class NotYourPlaceError(NotAllowedError):
    """A template for the whole house is changed by somebody who sees the whole house."""

    next_step = _l("请选择本机构的变体，或者由总部人员办理。")

    def __init__(self) -> None:
        super().__init__(_l("您不能变更这个机构的模板。"))


class SamePublisherError(NotAllowedError):
    """Who uploaded or submitted a version does not publish it."""

    next_step = _l("请由另一位有发布权限的人员办理。")

    def __init__(self) -> None:
        super().__init__(_l("上传人、提交人不能发布自己的模板。"))


class TemplateStateError(ConflictError):
    """The version is not in the state that this step needs."""

    next_step = _l("请刷新页面。")

    def __init__(self, *, number: int, state: str) -> None:
        super().__init__(
            _l("第 {number} 版现为“{state}”，不能办理。"), number=number, state=state
        )


class NeverPublishedError(RuleError):
    """Only a version that two people had agreed to is taken back into use."""

    def __init__(self, *, number: int) -> None:
        super().__init__(_l("第 {number} 版没有发布过，不能退回。"), number=number)


class ReasonNeededError(RuleError):
    """The step says why."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("请写明理由。"))


class NothingToFillError(RuleError):
    """The loan has no addressee for a letter of this kind."""

    field = "loan"

    def __init__(self, *, loan_no: str) -> None:
        super().__init__(_l("借据 {loan_no} 没有这种函件的收件人。"), loan_no=loan_no)

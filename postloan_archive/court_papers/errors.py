"""What can be wrong with a step on a paper of the court."""

from postloan_archive.kernel.errors import ConflictError, RuleError, _l


class AlreadyDecidedError(ConflictError):
    """Another person entered the paper or set it aside."""

    next_step = _l("请回到法院文书列表查看处理结果；需要改动的，先撤回。")

    def __init__(self, *, document_id: int) -> None:
        super().__init__(_l("这份文书已经处理过。"), document_id=document_id)


class NotDecidedError(ConflictError):
    """There is nothing to undo."""

    next_step = _l("请回到法院文书列表刷新。")

    def __init__(self, *, document_id: int) -> None:
        super().__init__(_l("这份文书还没有处理，无可撤回。"), document_id=document_id)


class ReasonMissingError(RuleError):
    """A paper is set aside only with a reason."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("请写明为什么不必登记。"))


class OtherLoanFileError(RuleError):
    """The paper lies in the file of another loan than the case."""

    field = "case_no"
    next_step = _l("请先在收件箱或卷内文件中把文书移到该案的案卷，再登记。")

    def __init__(self, *, loan_no: str, case_no: str) -> None:
        super().__init__(
            _l("文书在借据 {loan_no} 的案卷里，不属于案件 {case_no} 的案卷。"),
            loan_no=loan_no,
            case_no=case_no,
        )

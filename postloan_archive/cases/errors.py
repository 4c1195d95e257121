"""The refusals of court cases."""

from datetime import date

from postloan_archive.cases.rules.joining import JOINT_SUIT
from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l


class CaseNotFoundError(NotFoundError):
    """No case with this number among the branches of the actor."""

    field = "case_no"
    next_step = _l("请在“案件”列表中核对编号，或先为该笔贷款建立案件。")

    def __init__(self, *, case_no: str) -> None:
        super().__init__(_l("没有找到编号为“{case_no}”的案件。"), case_no=case_no)


class CourtUnknownError(RuleError):
    """Neither the person nor the contract names a court."""

    field = "court"
    next_step = _l("请填写受理法院全称。")

    def __init__(self, *, loan_no: str) -> None:
        super().__init__(
            _l("借据 {loan_no} 的合同没有约定法院，须指明受理法院。"), loan_no=loan_no
        )


class ArbitrationAgreedError(RuleError):
    """The contract sends disputes to arbitration: a court will not take the case."""

    field = "loan_no"
    next_step = _l("请申请仲裁；如另有管辖协议，请先更正合同信息。")

    def __init__(self, *, contract_no: str) -> None:
        super().__init__(
            _l("合同 {contract_no} 约定仲裁，不能向法院起诉。"), contract_no=contract_no
        )


class CaseOpenError(ConflictError):
    """The loan has a case that is not closed."""

    field = "loan_no"

    def __init__(self, *, loan_no: str, case_no: str) -> None:
        super().__init__(
            _l("借据 {loan_no} 已有未结案件 {case_no}。"), loan_no=loan_no, case_no=case_no
        )


class UnknownEventError(RuleError):
    """No such kind of event."""

    field = "kind"

    def __init__(self, *, kind: str) -> None:
        super().__init__(_l("没有“{kind}”这种案件事项。"), kind=kind)


class UnknownProcedureError(RuleError):
    """No such kind of procedure."""

    field = "procedure"

    def __init__(self, *, kind: str) -> None:
        super().__init__(_l("没有“{kind}”这种程序。"), kind=kind)


class UnknownServiceModeError(RuleError):
    """No such way of serving a paper."""

    field = "mode"

    def __init__(self, *, mode: str) -> None:
        super().__init__(_l("没有“{mode}”这种送达方式。"), mode=mode)


class CourtNumberTakenError(ConflictError):
    """The number of the court belongs to another case."""

    field = "court_case_no"

    def __init__(self, *, court_case_no: str) -> None:
        super().__init__(
            _l("案号{court_case_no}已登记在其他案件。"), court_case_no=court_case_no
        )


class PartyNotFoundError(NotFoundError):
    """No such party in this case."""

    field = "party_id"

    def __init__(self, *, party_id: int) -> None:
        super().__init__(_l("案件没有编号为 {party_id} 的当事人。"), party_id=party_id)


class EventNotFoundError(NotFoundError):
    """No such event in this case, or it is struck."""

    field = "event_id"

    def __init__(self, *, event_id: int) -> None:
        super().__init__(_l("案件没有编号为 {event_id} 的事项，或已删划。"), event_id=event_id)


class ProcedureNotFoundError(NotFoundError):
    """No such procedure in this case."""

    field = "procedure_id"

    def __init__(self, *, procedure_id: int) -> None:
        super().__init__(
            _l("案件没有编号为 {procedure_id} 的程序。"), procedure_id=procedure_id
        )


class PeriodNotFoundError(NotFoundError):
    """Nothing of that kind follows from the event."""

    def __init__(self, *, rule: str) -> None:
        super().__init__(_l("该事项没有依据 {rule} 的期限。"), rule=rule)


class ReasonMissingError(RuleError):
    """A correction or a refusal says why."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("请写明理由。"))


class DayMissingError(RuleError):
    """A correction says the right day."""

    field = "day"

    def __init__(self) -> None:
        super().__init__(_l("请填写正确的日期。"))


class NothingChangedError(RuleError):
    """The correction is what stands there already."""

    field = "happened_on"

    def __init__(self) -> None:
        super().__init__(_l("与原登记相同，没有更正。"))


class PartyNameError(RuleError):
    """A party that is no customer of the loan needs a name."""

    field = "name"

    def __init__(self) -> None:
        super().__init__(_l("请填写当事人名称。"))


class PaperElsewhereError(RuleError):
    """The paper that shall prove an event is in the file of another loan."""

    field = "document_id"
    next_step = _l("请先把文书收进本案借据的案卷，再选它作证明文件。")

    def __init__(self, *, title: str, case_no: str) -> None:
        super().__init__(
            _l("“{title}”不在案件 {case_no} 的案卷中，不能作证明文件。"),
            title=title,
            case_no=case_no,
        )


class ProcedureDaysError(RuleError):
    """A procedure is closed after it was opened, and both have happened."""

    field = "closed_on"

    def __init__(self, *, opened_on: date | None, closed_on: date | None) -> None:
        super().__init__(
            _l("立案日 {opened_on} 与结案日 {closed_on} 前后颠倒，或晚于今天。"),
            opened_on=opened_on or "—",
            closed_on=closed_on or "—",
        )


class LoanNotJoinableError(RuleError):
    """The loan cannot be sued for together with those of the case."""

    field = "loan_no"
    next_step = _l("请为该笔贷款另行建立案件，或者先处理上述情形。")

    def __init__(self, *, loan_no: str, reasons: tuple[str, ...]) -> None:
        super().__init__(
            _l("借据 {loan_no} 不能并入本案：{reasons}。"),
            basis=JOINT_SUIT,
            loan_no=loan_no,
            reasons="；".join(reasons),
        )
        self.reasons = reasons


class LoanNotJoinedError(NotFoundError):
    """The case does not sue for the loan."""

    field = "loan_no"

    def __init__(self, *, loan_no: str, case_no: str) -> None:
        super().__init__(
            _l("借据 {loan_no} 不在案件 {case_no} 中。"), loan_no=loan_no, case_no=case_no
        )


class LeadingLoanError(RuleError):
    """The loan for which the case was opened stays in it."""

    field = "loan_no"
    next_step = _l("请结束本案，再从其他借据建立案件。")

    def __init__(self, *, loan_no: str, case_no: str) -> None:
        super().__init__(
            _l("案件 {case_no} 因借据 {loan_no} 建立，不能移出。"),
            loan_no=loan_no,
            case_no=case_no,
        )


class LoansFixedError(RuleError):
    """The suit is filed: its loans are those of the complaint."""

    next_step = _l("增加或变更诉讼请求请制作《变更诉讼请求申请书》；其他借据另行建立案件。")

    def __init__(self, *, case_no: str, stage: str) -> None:
        super().__init__(
            _l("案件 {case_no} {stage}，不能再增减借据。"), case_no=case_no, stage=stage
        )

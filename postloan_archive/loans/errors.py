"""The refusals of the ledger."""

from datetime import date

from postloan_archive.kernel.errors import (
    ConflictError,
    NotAllowedError,
    NotFoundError,
    RuleError,
    _l,
)


class LoanNotFoundError(NotFoundError):
    """No loan with this number among the branches of the actor."""

    field = "loan_no"
    next_step = _l("请核对借据号，或先在贷款台账中导入该笔贷款。")

    def __init__(self, *, loan_no: str) -> None:
        super().__init__(_l("没有找到借据号为“{loan_no}”的案卷。"), loan_no=loan_no)
        self.loan_no = loan_no


class LoanExistsError(ConflictError):
    """The number of the loan is taken."""

    field = "loan_no"

    def __init__(self, *, loan_no: str) -> None:
        super().__init__(_l("借据号“{loan_no}”已经登记。"), loan_no=loan_no)


class PaymentBeforeDisbursementError(RuleError):
    """Money cannot come back before it went out."""

    field = "paid_on"

    def __init__(self, *, paid_on: date, disbursed_on: date) -> None:
        super().__init__(
            _l("还款日 {paid_on} 早于放款日 {disbursed_on}。"),
            paid_on=paid_on,
            disbursed_on=disbursed_on,
        )


class ScheduleDoesNotAddUpError(RuleError):
    """The principal of the schedule is not the principal of the loan."""

    field = "schedule"

    def __init__(self, *, scheduled: object, principal: object) -> None:
        super().__init__(
            _l("还款计划本金合计 {scheduled} 元，与贷款本金 {principal} 元不符。"),
            scheduled=scheduled,
            principal=principal,
        )


class ReceiptBookedError(ConflictError):
    """A receipt number was booked for this loan before."""

    field = "receipt_no"

    def __init__(self, *, receipt_no: str, reversed_on: date | None = None) -> None:
        super().__init__(
            _l("凭证号“{receipt_no}”已经入账，未重复登记。")
            if reversed_on is None
            else _l("凭证号“{receipt_no}”已于 {reversed_on} 冲正，请用新的凭证号登记。"),
            receipt_no=receipt_no,
            reversed_on=reversed_on,
        )


class BranchNotYoursError(NotAllowedError):
    """The branch is outside what the actor may change."""

    field = "branch"

    def __init__(self) -> None:
        super().__init__(_l("您不能在该机构登记业务。"))

"""Why disposal says no."""

from datetime import date
from decimal import Decimal

from postloan_archive.disposal.rules import STATE_WORDS, TWO_PERSONS, State
from postloan_archive.kernel.errors import (
    ConflictError,
    NotAllowedError,
    NotFoundError,
    RuleError,
    _l,
)


class DisposalNotFoundError(NotFoundError):
    """No such proposal, or none that this actor may see."""

    def __init__(self, *, disposal_no: str) -> None:
        super().__init__(_l("没有找到处置 {disposal_no}。"), disposal_no=disposal_no)


class AssetNotFoundError(NotFoundError):
    """No such asset, or none that this actor may see."""

    def __init__(self, *, asset_id: int) -> None:
        super().__init__(_l("没有找到编号为 {asset_id} 的抵债资产。"), asset_id=asset_id)


class OwnProposalError(NotAllowedError):
    """Nobody approves what he himself proposed."""

    next_step = _l("请由另一人审批。")

    def __init__(self) -> None:
        super().__init__(_l("不能审批自己提出的处置。"), basis=TWO_PERSONS)


class StepNotAllowedError(ConflictError):
    """The proposal does not stand where this step begins."""

    next_step = _l("请刷新页面，按当前状态办理。")

    def __init__(self, *, disposal_no: str, state: State) -> None:
        super().__init__(
            _l("处置 {disposal_no} 现为“{state}”，不能这样办理。"),
            disposal_no=disposal_no,
            state=STATE_WORDS[state],
        )


class InOtherDisposalError(ConflictError):
    """The loan is in another proposal that is not finished."""

    field = "loan_nos"
    next_step = _l("请先办结或撤回该项处置。")

    def __init__(self, *, loan_no: str, disposal_no: str) -> None:
        super().__init__(
            _l("借据 {loan_no} 已在未办结的处置 {disposal_no} 中。"),
            loan_no=loan_no,
            disposal_no=disposal_no,
        )


class LoansMissingError(RuleError):
    """A proposal names its loans."""

    field = "loan_nos"

    def __init__(self) -> None:
        super().__init__(_l("请填写借据号。"))


class OneLoanError(RuleError):
    """This kind is decided loan by loan."""

    field = "loan_nos"

    def __init__(self, *, kind: str) -> None:
        super().__init__(_l("{kind}须逐笔办理，请只填一个借据号。"), kind=kind)


class SeveralBranchesError(RuleError):
    """One proposal is decided by one branch."""

    field = "loan_nos"

    def __init__(self) -> None:
        super().__init__(_l("所选贷款属于不同机构，请分别办理。"))


class TermMissingError(RuleError):
    """A term without which the proposal cannot be decided."""

    def __init__(self, *, name: str, words: str) -> None:
        super().__init__(_l("请填写{words}。"), words=words)
        self.field = name  # type: ignore[misc]  # one class for all terms


class ReasonMissingError(RuleError):
    """A step says why."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("请写明理由。"))


class TooMuchReliefError(RuleError):
    """More is remitted than is owed."""

    field = "to_principal"

    def __init__(self, *, classes: tuple[str, ...]) -> None:
        super().__init__(_l("减免超过欠款：{classes}。"), classes="、".join(classes))


class NothingRemittedError(RuleError):
    """A relief remits something."""

    field = "to_interest"

    def __init__(self) -> None:
        super().__init__(_l("减免金额合计为零。"))


class ConditionNotMetError(RuleError):
    """The relief depends on a payment that did not come."""

    next_step = _l("款项到账登记后再执行；逾期未付的，请撤回本项减免。")

    def __init__(self, *, asked: Decimal, until: date, paid: Decimal) -> None:
        super().__init__(
            _l("减免条件未成就：{until} 前应还 {asked} 元，批准后实收 {paid} 元。"),
            asked=f"{asked:,}",
            until=until,
            paid=f"{paid:,}",
        )


class ProofMissingError(RuleError):
    """The paper without which it is not carried out."""

    field = "document_id"
    next_step = _l("请先将文件归入案卷，再在此选定。")

    def __init__(self, *, paper: str) -> None:
        super().__init__(_l("请选定{paper}。"), paper=paper)


class ForeignPaperError(RuleError):
    """The paper is of another loan file."""

    field = "document_id"

    def __init__(self) -> None:
        super().__init__(_l("所选文件不在本项处置的案卷内。"))


class ExecutedDayError(RuleError):
    """The day of execution lies between the approval and today."""

    field = "executed_on"

    def __init__(self, *, on: date, approved_on: date, today: date) -> None:
        super().__init__(
            _l("执行日 {on} 应在批准日 {approved_on} 与今天 {today} 之间。"),
            on=on,
            approved_on=approved_on,
            today=today,
        )


class DaysInOrderError(RuleError):
    """Two days of the terms are the wrong way round."""

    def __init__(self, *, name: str, later: str, earlier: str) -> None:
        super().__init__(_l("{later}不能早于{earlier}。"), later=later, earlier=earlier)
        self.field = name  # type: ignore[misc]  # one class for all terms


class SoldError(ConflictError):
    """The asset was sold before."""

    def __init__(self, *, asset: str) -> None:
        super().__init__(_l("抵债资产“{asset}”已经处置。"), asset=asset)


class BookedAheadError(RuleError):
    """Money is booked once it is there."""

    field = "paid_on"

    def __init__(self, *, paid_on: date, today: date) -> None:
        super().__init__(
            _l("到账日 {paid_on} 晚于今天 {today}。"), paid_on=paid_on, today=today
        )


class ConfirmedAheadError(RuleError):
    """A claim is confirmed once it is in the list."""

    field = "confirmed_on"

    def __init__(self, *, on: date, today: date) -> None:
        super().__init__(_l("确认日 {on} 晚于今天 {today}。"), on=on, today=today)


class MoreThanClaimedError(RuleError):
    """No more is confirmed than was filed."""

    field = "amount"
    next_step = _l("补充申报的，请先另行登记；填错的请改正。")

    def __init__(self, *, claimed: Decimal, confirmed: Decimal) -> None:
        super().__init__(
            _l("确认金额 {confirmed} 元大于申报金额 {claimed} 元。"),
            confirmed=f"{confirmed:,}",
            claimed=f"{claimed:,}",
        )


class ChannelUnknownError(RuleError):
    """Money comes in by one of the channels that are counted."""

    field = "channel"
    next_step = _l("减免和以物抵债请作为处置办理。")

    def __init__(self, *, channel: str) -> None:
        super().__init__(_l("没有“{channel}”这一回款渠道。"), channel=channel[:20])


class ReceiptMissingError(RuleError):
    """Money is booked with its receipt."""

    field = "receipt_no"

    def __init__(self) -> None:
        super().__init__(_l("请填写入账凭证号。"))


class NothingBookedError(RuleError):
    """Money that came in is more than nothing."""

    field = "amount"

    def __init__(self) -> None:
        super().__init__(_l("金额须大于零。"))


class NoLetterError(RuleError):
    """The disposal does not call for this letter where it stands."""

    def __init__(self, *, disposal_no: str) -> None:
        super().__init__(_l("处置 {disposal_no} 现在不需要这种函件。"), disposal_no=disposal_no)


class LettersPlannedError(ConflictError):
    """The run of letters exists."""

    next_step = _l("请在催收函批次中继续办理。")

    def __init__(self, *, run_no: str) -> None:
        super().__init__(_l("函件批次 {run_no} 已经建立。"), run_no=run_no)


class ClaimNoticeError(RuleError):
    """A paper of this kind is made for another kind of disposal only."""

    def __init__(self, *, needs: str) -> None:
        super().__init__(_l("只有{needs}才生成这种文件。"), needs=needs)

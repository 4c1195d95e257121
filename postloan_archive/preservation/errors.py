"""The refusals of preservation measures."""

from datetime import date

from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l
from postloan_archive.preservation.rules.kinds import EXPIRY, RENEWAL, SECURITY, WAITING


class MeasureNotFoundError(NotFoundError):
    """No such measure for this actor."""

    field = "measure_id"

    def __init__(self, *, measure_id: int) -> None:
        super().__init__(_l("没有找到编号为 {measure_id} 的保全措施。"), measure_id=measure_id)


class MeasureOverError(ConflictError):
    """The measure was released, or a renewal has taken its place."""

    next_step = _l("请在续行链上最后一项措施办理。")

    def __init__(self, *, measure_id: int) -> None:
        super().__init__(
            _l("措施 {measure_id} 已解除或已有续行，不能再变动。"), measure_id=measure_id
        )


class FutureDayError(RuleError):
    """What has happened cannot lie in the future."""

    def __init__(self, *, field: str, day: date, today: date) -> None:
        super().__init__(
            _l("{day} 晚于今天 {today}，不能登记尚未发生的事项。"), day=day, today=today
        )
        self.field = field  # type: ignore[misc]  # the step decides which input it is


class BeforeMeasureError(RuleError):
    """Nothing can be asked or decided about a measure before it took effect."""

    def __init__(self, *, field: str, day: date, effective_on: date) -> None:
        super().__init__(
            _l("{day} 早于措施生效日 {effective_on}。"), day=day, effective_on=effective_on
        )
        self.field = field  # type: ignore[misc]  # the step decides which input it is


class LapsedMeasureError(RuleError):
    """The measure was dead when the renewal was asked for, or before the renewal began."""

    next_step = _l("措施届满即失效，请申请新的保全并按新措施登记。")

    def __init__(self, *, field: str, day: date, expiry: date) -> None:
        super().__init__(
            _l("措施已于 {expiry} 届满失效，{day} 不能续行。"),
            basis=RENEWAL,
            day=day,
            expiry=expiry,
        )
        self.field = field  # type: ignore[misc]  # the step decides which input it is


class WaitingMeasureError(RuleError):
    """A waiting seizure has no term and nothing to renew."""

    def __init__(self) -> None:
        super().__init__(_l("轮候措施尚未生效，没有期限可续。"), basis=WAITING)


class NotWaitingError(ConflictError):
    """The measure is in force already."""

    def __init__(self) -> None:
        super().__init__(_l("该措施不是轮候，已经生效。"))


class UnknownPhaseError(RuleError):
    """No such phase of a measure."""

    field = "phase"

    def __init__(self, *, phase: str) -> None:
        super().__init__(_l("没有“{phase}”这种保全阶段。"), phase=phase)


class OtherLoanError(RuleError):
    """The case is about another loan."""

    field = "case_no"

    def __init__(self, *, case_no: str, loan_no: str) -> None:
        super().__init__(
            _l("案件 {case_no} 不是借据 {loan_no} 的案件。"), case_no=case_no, loan_no=loan_no
        )


class PaperElsewhereError(RuleError):
    """The paper is in the file of another loan."""

    field = "document_id"
    next_step = _l("请先把文书收进本借据的案卷，再选它作证明文件。")

    def __init__(self, *, title: str) -> None:
        super().__init__(_l("“{title}”不在本借据的案卷中，不能作证明文件。"), title=title)


class KnownMeasureError(ConflictError):
    """The same ruling on the same asset is registered already."""

    field = "ruling_no"
    next_step = _l("续行、更正和解除请在已登记的措施上办理；轮候另有顺位的，请写明财产的区别。")

    def __init__(self, *, ruling_no: str, asset: str) -> None:
        super().__init__(
            _l("裁定 {ruling_no} 对“{asset}”的措施已经登记。"), ruling_no=ruling_no, asset=asset
        )


class FarExpiryError(RuleError):
    """The end on the paper is a slip of the year."""

    field = "court_expiry"
    next_step = _l("请核对年份。")

    def __init__(self, *, effective_on: date, expiry: date) -> None:
        super().__init__(
            _l("届满日 {expiry} 距生效日 {effective_on} 超过十年，最长期限为三年。"),
            basis=EXPIRY,
            effective_on=effective_on,
            expiry=expiry,
        )


class SecurityOverError(RuleError):
    """The security was over before the measure took effect."""

    field = "security_expires_on"

    def __init__(self, *, effective_on: date, expires_on: date) -> None:
        super().__init__(
            _l("担保到期日 {expires_on} 早于措施生效日 {effective_on}。"),
            basis=SECURITY,
            effective_on=effective_on,
            expires_on=expires_on,
        )


class ReceiptOrderError(RuleError):
    """The court has received nothing before it was sent."""

    field = "receipt_on"

    def __init__(self, *, requested_on: date, receipt_on: date) -> None:
        super().__init__(
            _l("法院收件日 {receipt_on} 早于提交日 {requested_on}。"),
            requested_on=requested_on,
            receipt_on=receipt_on,
        )

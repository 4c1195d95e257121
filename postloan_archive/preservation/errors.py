"""The refusals of preservation measures."""

from datetime import date

from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l
from postloan_archive.preservation.rules.kinds import RENEWAL, WAITING


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

"""What can be wrong with costs, awards and their accounts."""

from datetime import date
from decimal import Decimal

from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l


class CostNotFoundError(NotFoundError):
    """No such cost in this case."""

    def __init__(self, *, cost_id: int) -> None:
        super().__init__(_l("没有这笔费用。"), cost_id=cost_id)


class UnknownCostKindError(RuleError):
    """The kind of cost is not one of ours."""

    field = "kind"

    def __init__(self, *, kind: str) -> None:
        super().__init__(_l("没有“{kind}”这种费用。"), kind=kind)


class UnknownBearerError(RuleError):
    """Nobody of that name bears costs."""

    field = "borne_by"

    def __init__(self, *, bearer: str) -> None:
        super().__init__(
            _l("费用负担只能是 open、debtor 或 lender，而不是“{bearer}”。"), bearer=bearer
        )


class NoAmountError(RuleError):
    """A cost or refund of nothing."""

    field = "amount"

    def __init__(self) -> None:
        super().__init__(_l("金额须大于 0。"))


class DayBasisError(RuleError):
    """A year of a judgment has 360 or 365 days."""

    field = "day_basis"

    def __init__(self, *, days: int) -> None:
        super().__init__(_l("年天数只能是 360 或 365，而不是 {days}。"), days=days)


class FutureDayError(RuleError):
    """What has not happened yet cannot be recorded."""

    def __init__(self, *, on: date, today: date) -> None:
        super().__init__(_l("日期 {on} 晚于今天 {today}。"), on=on, today=today)


class RefundTooLargeError(RuleError):
    """More would come back than was paid."""

    field = "refund_due"

    def __init__(self, *, refund: Decimal, amount: Decimal) -> None:
        super().__init__(
            _l("应退 {refund} 元超过已交 {amount} 元。"), refund=refund, amount=amount
        )


class CostStruckError(ConflictError):
    """The cost was struck."""

    next_step = _l("请刷新页面查看；需要的话重新登记。")

    def __init__(self, *, cost_id: int) -> None:
        super().__init__(_l("这笔费用已删划。"), cost_id=cost_id)


class ReasonMissingError(RuleError):
    """A cost is struck only with a reason."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("请写明删划理由。"))


class AwardEmptyError(RuleError):
    """An award of nothing."""

    field = "principal"

    def __init__(self) -> None:
        super().__init__(_l("判决确定的本金、利息、费用不能都是零。"))


class RateTooHighError(RuleError):
    """No paper of a court awards this rate."""

    field = "rate_pct"

    def __init__(self, *, rate: Decimal) -> None:
        super().__init__(_l("年利率 {rate}% 超出 0 至 36，请核对。"), rate=rate)

"""Why inspection and classification say no."""

from datetime import date

from postloan_archive.inspection.rules import OTHER_FLOORS
from postloan_archive.kernel.errors import (
    ConflictError,
    NotAllowedError,
    NotFoundError,
    RuleError,
    _l,
)


class InspectionThingNotFoundError(NotFoundError):
    """No such inspection, signal or decision for this actor."""

    def __init__(self, *, what: str, number: object) -> None:
        super().__init__(_l("没有找到{what} {number}。"), what=what, number=number)


class InspectedInFutureError(RuleError):
    """An inspection is noted after it was made."""

    field = "made_on"

    def __init__(self, *, made_on: date, today: date) -> None:
        super().__init__(
            _l("检查日 {made_on} 晚于今天 {today}。"), made_on=made_on, today=today
        )


class UnansweredError(RuleError):
    """A question has no answer."""

    def __init__(self, *, questions: str) -> None:
        super().__init__(_l("请回答：{questions}。"), questions=questions)


class RiskFactError(RuleError):
    """The fact is none that counts, or its share is none."""

    field = "value"

    def __init__(self) -> None:
        super().__init__(
            _l("请选择风险事实；占比写 0 到 100 之间的百分数。"), basis=OTHER_FLOORS
        )


class SignalWordsError(RuleError):
    """A signal is closed with its measure and reason."""

    field = "why"

    def __init__(self) -> None:
        super().__init__(_l("请写明采取的措施和关闭理由。"))


class ClassUnknownError(RuleError):
    """There are five classes."""

    field = "class"
    next_step = _l("请从五级分类中选择。")

    def __init__(self, *, word: str) -> None:
        super().__init__(_l("没有“{word}”这一分类。"), word=word[:20])


class InspectionNotedError(ConflictError):
    """The same inspection was noted before: a form that was sent twice."""

    next_step = _l("没有重复登记，报告已在案卷中。")

    def __init__(self, *, kind: str, made_on: date) -> None:
        super().__init__(
            _l("{made_on} 的{kind}已经登记，内容相同。"), kind=kind, made_on=made_on
        )


class SignalNotedError(ConflictError):
    """The same signal is open."""

    next_step = _l("没有重复登记，请在未关闭的信号上登记措施。")

    def __init__(self, *, kind: str) -> None:
        super().__init__(_l("同样的{kind}风险信号尚未关闭。"), kind=kind)


class BelowFloorError(RuleError):
    """A class better than the rules allow needs its reason, and another person's approval."""

    field = "why"
    next_step = _l("请写明理由并提交，由另一人审批后生效。")

    def __init__(self, *, floor: str, wanted: str) -> None:
        super().__init__(
            _l("依规则至少应归为{floor}，拟定为{wanted}须写明理由。"),
            basis=OTHER_FLOORS,
            floor=floor,
            wanted=wanted,
        )


class ProposedAnewError(ConflictError):
    """The rules proposed anew since the page was shown."""

    next_step = _l("请核对新的下限和理由后再认定。")

    def __init__(self, *, floor: str) -> None:
        super().__init__(_l("规则已重新提出建议，下限现为{floor}。"), floor=floor)


class OwnDecisionError(NotAllowedError):
    """Nobody approves his own decision."""

    next_step = _l("请由另一人审批。")

    def __init__(self) -> None:
        super().__init__(_l("不能审批自己拟定的分类。"))


class OwnFactError(NotAllowedError):
    """A technical reason is approved by another person than the one who noted it."""

    next_step = _l("请由另一人批准。")

    def __init__(self) -> None:
        super().__init__(_l("不能批准自己登记的技术原因。"))


class DecidedError(ConflictError):
    """The class of the month was decided before."""

    def __init__(self, *, loan_no: str, month: str) -> None:
        super().__init__(
            _l("借据 {loan_no} 在 {month} 的分类已经确定。"), loan_no=loan_no, month=month
        )

"""Why collection says no."""

from datetime import date, datetime

from postloan_archive.collection.rules import (
    AGENCY_FIELDS,
    COMPLAINT,
    HARDSHIP_MOST,
    SENTENCES,
    STOP,
    TIME_WINDOW,
    URGENT,
    Obstacle,
)
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.errors import (
    ConflictError,
    NotAllowedError,
    NotFoundError,
    RuleError,
    _l,
)
from postloan_archive.kernel.statutes import HOUSE_RULE


class CollectionThingNotFoundError(NotFoundError):
    """No such stop, complaint, survey or placement for this actor."""

    def __init__(self, *, what: str, number: object) -> None:
        super().__init__(_l("没有找到{what} {number}。"), what=what, number=number)


class ConductError(RuleError):
    """The contact is not allowed now, or with this person."""

    next_step = _l("请在允许的时间、次数和对象范围内联系；已经发生的，勾选“已经发生”如实登记。")

    def __init__(self, *, reasons: tuple[Obstacle, ...]) -> None:
        words = "；".join(SENTENCES[reason] for reason in reasons)
        super().__init__(_l("不能这样联系：{words}。"), basis=TIME_WINDOW, words=words)
        self.reasons = reasons


class StoppedError(RuleError):
    """Collection pauses for this debtor."""

    next_step = _l("请先处理停催事由；解除后再联系。")

    def __init__(self, *, reasons: tuple[str, ...]) -> None:
        super().__init__(
            _l("该债务人已停催：{reasons}。"), basis=STOP, reasons="、".join(reasons)
        )


class FutureContactError(RuleError):
    """A contact is noted after it took place."""

    field = "at"

    def __init__(self) -> None:
        super().__init__(_l("联系时间晚于现在，尚未发生的联系不能登记。"))


class ContactNotedError(ConflictError):
    """The same contact was noted before: a form that was sent twice."""

    field = "at"
    next_step = _l("没有重复登记。确为另一次联系的，请改写联系时间。")

    def __init__(self, *, at: datetime) -> None:
        super().__init__(
            _l("{at} 的这次联系已经登记。"), at=f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"
        )


class NotedAheadError(RuleError):
    """What happened is noted afterwards."""

    def __init__(self, *, name: str, words: str, day: date, today: date) -> None:
        super().__init__(
            _l("{words} {day} 晚于今天 {today}。"), words=words, day=day, today=today
        )
        self.field = name  # type: ignore[misc]  # one class for several days


class AlreadyNotedError(ConflictError):
    """The same thing was noted before: a form that was sent twice."""

    next_step = _l("没有重复登记。请在本笔贷款的催收记录中查看。")

    def __init__(self, *, what: str) -> None:
        super().__init__(_l("同样的{what}已经登记。"), what=what)


class HandlerUnknownError(RuleError):
    """A complaint is handled by somebody of the branch."""

    field = "handler"
    next_step = _l("请从名单中选择处理人。")

    def __init__(self, *, handler: str) -> None:
        super().__init__(_l("“{handler}”不能处理这笔投诉。"), handler=handler)


class PromiseDayError(RuleError):
    """A promise lies in the future and has an amount."""

    field = "promised_for"

    def __init__(self, *, on: date) -> None:
        super().__init__(_l("承诺还款日 {on} 应不早于联系当日，且须有金额。"), on=on)


class InvolvedHandlerError(NotAllowedError):
    """A complaint is handled by somebody who was not involved."""

    next_step = _l("请指定没有参与该笔催收的人员处理。")

    def __init__(self, *, handler: str) -> None:
        super().__init__(
            _l("{handler} 参与过该笔催收，不能处理对它的投诉。"),
            basis=COMPLAINT,
            handler=handler,
        )


class AnsweredError(ConflictError):
    """The complaint was answered before."""

    def __init__(self, *, complaint_no: str) -> None:
        super().__init__(_l("投诉 {complaint_no} 已经答复。"), complaint_no=complaint_no)


class FieldNotForAgencyError(RuleError):
    """An agency is given no more than it needs."""

    field = "data_given"

    def __init__(self, *, fields: tuple[str, ...]) -> None:
        super().__init__(
            _l("不能提供给外部机构：{fields}；可提供 {allowed}。"),
            basis=HOUSE_RULE.at("委外数据范围", rule="R-L06"),
            fields="、".join(fields),
            allowed="、".join(AGENCY_FIELDS),
        )


class UrgentUnknownError(RuleError):
    """Urgent answers are those of the form."""

    field = "urgent"

    def __init__(self, *, keys: tuple[str, ...]) -> None:
        super().__init__(
            _l("没有这些紧急情况：{keys}；可选 {allowed}。"),
            keys="、".join(keys),
            allowed="、".join(URGENT),
        )


class PlacedError(ConflictError):
    """The loan is with an agency."""

    def __init__(self, *, loan_no: str, agency: str) -> None:
        super().__init__(
            _l("借据 {loan_no} 已委托 {agency}，请先收回。"), loan_no=loan_no, agency=agency
        )


class CollectorUnknownError(RuleError):
    """Loans are given to people who may collect them."""

    field = "collector"
    next_step = _l("请从名单中选择有催收权限的人员。")

    def __init__(self, *, collector: str) -> None:
        super().__init__(_l("“{collector}”不能办理这里的催收。"), collector=collector)


class OwnPlanError(NotAllowedError):
    """Nobody approves the plan that he proposed."""

    next_step = _l("请由另一人审批。")

    def __init__(self) -> None:
        super().__init__(_l("不能审批自己提出的困难帮扶方案。"))


class PlanDaysError(RuleError):
    """The payments of a plan lie ahead, one after the other, each with an amount."""

    field = "rates"

    def __init__(self) -> None:
        super().__init__(
            _l("还款安排每行一期，先日期后金额；日期在今天之后依次排列，最多 {most} 期。"),
            most=HARDSHIP_MOST,
        )


class PlanRunsError(ConflictError):
    """The loan has a plan that waits or runs."""

    def __init__(self, *, loan_no: str) -> None:
        super().__init__(_l("借据 {loan_no} 已有待审批或执行中的方案。"), loan_no=loan_no)


class PlanDecidedError(ConflictError):
    """The plan was decided before."""

    def __init__(self) -> None:
        super().__init__(_l("该方案已经审批，请刷新页面。"))


class ExtensionError(RuleError):
    """Only a complex complaint is extended, once, before it is answered."""

    def __init__(self, *, complaint_no: str) -> None:
        super().__init__(
            _l("投诉 {complaint_no} 不能延长：只有情况复杂、尚未答复的投诉可以延长一次。"),
            basis=COMPLAINT,
            complaint_no=complaint_no,
        )


class WordsMissingError(RuleError):
    """A step needs its reason or content."""

    def __init__(self) -> None:
        super().__init__(_l("请写明内容和理由。"))

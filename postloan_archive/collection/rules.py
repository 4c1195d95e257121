"""Conduct of collection (group L): when, how often and with whom one may speak; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.law import Confidence, Derived
from postloan_archive.kernel.money import ZERO
from postloan_archive.kernel.statutes import Statute

COLLECTION_STANDARD: Final = Statute(
    name="个人网络消费信贷 贷后催收风控指引",
    edition="GB/T 45251-2025",
    in_force_from=date(2025, 2, 28),
)
ASSOCIATION_GUIDE: Final = Statute(
    name="金融机构个人消费类贷款催收工作指引（试行）",
    edition="中国银行业协会2026年1月30日",
    in_force_from=date(2026, 1, 30),
)
PERSONAL_DATA_LAW: Final = Statute(
    name="个人信息保护法", edition="2021", in_force_from=date(2021, 11, 1)
)
TIME_WINDOW: Final = COLLECTION_STANDARD.at(
    "催收时间", rule="R-L01", confidence=Confidence.SECONDARY
)
DAILY_LIMIT: Final = COLLECTION_STANDARD.at(
    "催收频次", rule="R-L02", confidence=Confidence.SECONDARY
)
THIRD_PARTY: Final = ASSOCIATION_GUIDE.at(
    "联系第三人", rule="R-L03", confidence=Confidence.SECONDARY
)
NECESSITY: Final = PERSONAL_DATA_LAW.at("第五条、第六条", rule="R-L03")

OPENS: Final = time(8)  # included
CLOSES: Final = time(22)  # not included
CALLS_A_DAY: Final = 3
DEBTORS: Final = frozenset({"debtor", "guarantor"})


class Channel(StrEnum):
    """How a person is contacted; stored by value."""

    CALL = "call"
    VISIT = "visit"
    LETTER = "letter"
    MESSAGE = "message"


class Target(StrEnum):
    """Who is contacted; stored by value."""

    DEBTOR = "debtor"
    GUARANTOR = "guarantor"
    THIRD_PARTY = "third_party"


class Purpose(StrEnum):
    """Why a person is contacted."""

    COLLECT = "collect"
    RESTORE_CONTACT = "restore_contact"


class Obstacle(StrEnum):
    """Why a contact is not allowed."""

    TIME_WINDOW = "time_window"
    DAILY_LIMIT = "daily_limit"
    THIRD_PARTY = "third_party"
    STOP_REQUESTED = "stop_requested"


SENTENCES: Final = {
    Obstacle.TIME_WINDOW: "22:00 至次日 08:00 不得催收，除非债务人同意其他时间",
    Obstacle.DAILY_LIMIT: "当日拨打次数已达到上限",
    Obstacle.THIRD_PARTY: "不得向第三人催收；仅可为恢复联系而联系已留存的联系人",
    Obstacle.STOP_REQUESTED: "该第三人已要求停止联系",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCheck:
    """Whether the contact may be made, and every obstacle."""

    allowed: bool
    reasons: tuple[Obstacle, ...]


def contact_allowed(
    *,
    at: time,
    calls_already_today: int,
    target: str,
    agreed_other_time: bool,
    purpose: Purpose,
    contact_on_file: bool = False,
    stop_requested: bool = False,
    calls_a_day: int = CALLS_A_DAY,
) -> Derived[ContactCheck]:
    """Return whether a call, visit or message may go out (R-L01 to R-L03).

    Args:
        at: local time in China; allowed from 08:00:00 to before 22:00:00.
        calls_already_today: dialled before this one, answered or not, on all numbers.
        target: `debtor`, `guarantor` or any other word for a third party.
        agreed_other_time: lifts the time window only.
        purpose: a third party may only be asked to restore contact.
        contact_on_file: the third party is a stored contact.
        stop_requested: the third party asked to be left alone.
        calls_a_day: the bank's limit; the stricter norm is the default.
    """
    reasons: list[Obstacle] = []
    if not agreed_other_time and not OPENS <= at < CLOSES:
        reasons.append(Obstacle.TIME_WINDOW)
    if calls_already_today >= calls_a_day:
        reasons.append(Obstacle.DAILY_LIMIT)
    if target not in DEBTORS:
        if purpose is not Purpose.RESTORE_CONTACT or not contact_on_file:
            reasons.append(Obstacle.THIRD_PARTY)
        if stop_requested:
            reasons.append(Obstacle.STOP_REQUESTED)
    said = {**SENTENCES, Obstacle.DAILY_LIMIT: f"当日已拨打达到 {calls_a_day} 次"}
    steps = tuple(said[reason] for reason in reasons) or ("没有禁止事由，可以联系",)
    return Derived(
        value=ContactCheck(allowed=not reasons, reasons=tuple(reasons)),
        basis=(TIME_WINDOW, DAILY_LIMIT, THIRD_PARTY, NECESSITY),
        steps=steps,
    )


class StopReason(StrEnum):
    """Why collection pauses altogether (R-L08, R-L10)."""

    DISPUTE = "争议待核"
    DEBT_RELIEF = "减免协议"
    BANKRUPTCY = "破产受理"
    DEATH = "债务人死亡"
    VULNERABLE = "特殊群体"
    COMPLAINT = "投诉处理中"


STOP: Final = ASSOCIATION_GUIDE.at("停止催收", rule="R-L08", confidence=Confidence.MEMORY)


def collection_paused(stops: Sequence[StopReason]) -> Derived[bool]:
    """Return whether any stop is in force for the debtor (R-L08, R-L10)."""
    return Derived(
        value=bool(stops),
        basis=(STOP,),
        steps=tuple(f"停催事由：{stop}" for stop in stops) or ("没有停催事由",),
    )


COMPLAINT_MEASURES: Final = Statute(
    name="银行业保险业消费投诉处理管理办法", edition="2020", in_force_from=date(2020, 3, 1)
)
COMPLAINT: Final = COMPLAINT_MEASURES.at(
    "处理时限", rule="R-L10", confidence=Confidence.SECONDARY
)
COMPLAINT_SIMPLE_DAYS: Final = 15
COMPLAINT_COMPLEX_DAYS: Final = 30
COMPLAINT_EXTENSION_DAYS: Final = 30


def complaint_days(*, is_complex: bool = False, extended: bool = False) -> Derived[int]:
    """Return the calendar days in which a complaint is answered (R-L10).

    An extension needs the approval of the higher level and applies to complex ones.
    """
    days = COMPLAINT_COMPLEX_DAYS if is_complex else COMPLAINT_SIMPLE_DAYS
    if is_complex and extended:
        days += COMPLAINT_EXTENSION_DAYS
    return Derived(value=days, basis=(COMPLAINT,), steps=(f"投诉应在 {days} 日内答复",))


CREDIT_REGULATION: Final = Statute(
    name="征信业管理条例", edition="2013", in_force_from=date(2013, 3, 15)
)
PRIOR_NOTICE: Final = CREDIT_REGULATION.at("第十五条、第二十九条第二款", rule="R-L05")
OBJECTION: Final = CREDIT_REGULATION.at("第二十五条", rule="R-L05")
OBJECTION_DAYS: Final = 20


class Result(StrEnum):
    """What came of a contact."""

    PROMISED = "承诺还款"
    PAID = "已还款"
    REACHED = "已告知"
    DISPUTES = "提出异议"
    REFUSES = "拒绝还款"
    HARDSHIP = "确有困难"
    NOT_REACHED = "无人接听"
    WRONG_NUMBER = "号码错误"
    THIRD_PARTY_TOLD = "第三人转告联系方式"
    THIRD_PARTY_STOPS = "第三人要求停止联系"


class Stage(StrEnum):
    """The worklists by how late a loan is; days overdue, both ends included."""

    BEFORE_DUE = "到期前"
    M1 = "M1"
    M2_M3 = "M2–M3"
    OVER = "M3+"


STAGE_DAYS: Final = {
    Stage.M1: (1, 30),
    Stage.M2_M3: (31, 90),
    Stage.OVER: (91, None),
}
LOOK_AHEAD_DAYS: Final = 10  # before the due day

URGENT: Final = {  # answers of a survey that call for securing assets first
    "disappeared": "下落不明",
    "died": "已死亡",
    "assets_moving": "正在转移财产",
    "closing": "停业或关闭",
    "seized_by_others": "财产被他人查封",
}
AGENCY_FIELDS: Final = (  # what an agency may be given; nothing else leaves (R-L06)
    "姓名",
    "联系电话",
    "送达地址",
    "合同号",
    "逾期金额",
    "逾期天数",
)


def may_be_given(fields: Sequence[str]) -> tuple[str, ...]:
    """Return the fields that an agency may not be given."""
    return tuple(field for field in fields if field not in AGENCY_FIELDS)


HARDSHIP_MOST: Final = 36  # payments of one plan; a limit of the house


def plan_kept(
    rates: Sequence[tuple[date, Decimal]], paid: Sequence[tuple[date, Decimal]], day: date
) -> bool | None:
    """Return whether a plan is kept: by each day that has passed enough came in, yuan.

    Args:
        rates: days and amounts that were agreed, rising.
        paid: what came in since the plan began.
        day: the day to judge on; a payment is due until the end of its own day.

    Returns:
        False once a payment was missed, True once all days have passed, None meanwhile.
    """
    owed = ZERO
    for due, amount in rates:
        if due >= day:
            return None
        owed += amount
        if sum((part for on, part in paid if on <= due), ZERO) < owed:
            return False
    return True


def next_in_turn(collectors: Sequence[str], held: Mapping[str, int]) -> str:
    """Return who has the fewest loans; the first in the list where several have."""
    return min(collectors, key=lambda name: (held.get(name, 0), collectors.index(name)))


def is_kept(promised: Decimal, paid: Decimal) -> bool:
    """Return whether enough came in for a promise, yuan."""
    return paid >= promised

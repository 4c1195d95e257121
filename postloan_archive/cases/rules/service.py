"""When a paper counts as served: each mode, its day and its proof (R-A10, R-A17, R-A18).

Service is a fact with a proof, never an inference from sending (R-007).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from postloan_archive.cases.rules.deadlines import governing
from postloan_archive.cases.rules.events import Event, Fact
from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.days import Unit, deadline
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Citation, Due
from postloan_archive.kernel.statutes import (
    CIVIL_PROCEDURE_INTERPRETATION,
    CIVIL_PROCEDURE_LAW,
    COURT_MAIL_PROVISIONS,
    HONG_KONG_SERVICE_PROVISIONS,
    ONLINE_LITIGATION_RULES,
)

law = CIVIL_PROCEDURE_LAW.at
interpretation = CIVIL_PROCEDURE_INTERPRETATION.at
MONTHS_OF_FOREIGN_MAIL: Final = 3


class ServiceMode(StrEnum):
    """How a paper of the court reached a party."""

    DIRECT = "direct"
    LEFT = "left"
    REFUSED_AT_COURT = "refused_at_court"
    MAIL = "mail"
    MAIL_RETURNED = "mail_returned"
    ELECTRONIC = "electronic"
    PUBLIC_NOTICE = "public_notice"
    PRONOUNCED_REFUSED = "pronounced_refused"
    MEDIATION_PAPER = "mediation_paper"
    FORWARDED = "forwarded"
    MAIL_ABROAD = "mail_abroad"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRule:
    """What the day of service is in one mode, and which paper proves it; Chinese."""

    label: str
    day: str
    proof: str
    basis: tuple[Citation, ...]


SERVICE: Final[dict[ServiceMode, ServiceRule]] = {
    ServiceMode.DIRECT: ServiceRule(
        label="直接送达",
        day="送达回证上的签收日期",
        proof="送达回证",
        basis=(
            law("第八十七条、第八十八条", rule="R-A10"),
            interpretation("第一百三十条至第一百三十二条", rule="R-A10"),
        ),
    ),
    ServiceMode.LEFT: ServiceRule(
        label="留置送达",
        day="留置之日",
        proof="见证或拍照、录像记录",
        basis=(law(89, rule="R-A10"),),
    ),
    ServiceMode.REFUSED_AT_COURT: ServiceRule(
        label="到院领取拒签",
        day="法院记明拒签之日",
        proof="送达回证上的记明",
        basis=(interpretation(131, rule="R-A10"),),
    ),
    ServiceMode.MAIL: ServiceRule(
        label="邮寄送达",
        day="回执上的收件日期",
        proof="邮件回执",
        basis=(law(91, rule="R-A10"),),
    ),
    ServiceMode.MAIL_RETURNED: ServiceRule(
        label="邮寄退回（受送达人自身原因）",
        day="文书退回之日",
        proof="退回的邮件及地址确认书",
        basis=(COURT_MAIL_PROVISIONS.at(11, rule="R-A10"),),
    ),
    ServiceMode.ELECTRONIC: ServiceRule(
        label="电子送达",
        day="信息到达特定系统之日；多种方式的以最先送达为准",
        proof="系统“发送成功”记录及同意电子送达的依据",
        basis=(
            law(90, rule="R-A10"),
            interpretation(135, rule="R-A10"),
            ONLINE_LITIGATION_RULES.at("第二十九条至第三十一条", rule="R-A10"),
        ),
    ),
    ServiceMode.PUBLIC_NOTICE: ServiceRule(
        label="公告送达",
        day="公告期满之日",
        proof="公告版面或张贴照片",
        basis=(law(95, rule="R-A10"), interpretation(138, rule="R-A10")),
    ),
    ServiceMode.PRONOUNCED_REFUSED: ServiceRule(
        label="定期宣判拒签",
        day="宣判之日",
        proof="宣判笔录",
        basis=(interpretation(141, rule="R-A10"),),
    ),
    ServiceMode.MEDIATION_PAPER: ServiceRule(
        label="调解书送达（不得留置）",
        day="当事人本人或其指定代收人签收之日",
        proof="送达回证",
        basis=(interpretation(133, rule="R-A10"),),
    ),
    ServiceMode.FORWARDED: ServiceRule(
        label="转交送达",
        day="受送达人在送达回证上签收之日",
        proof="送达回证",
        basis=(law("第九十二条至第九十四条", rule="R-A10"),),
    ),
    ServiceMode.MAIL_ABROAD: ServiceRule(
        label="境外及港澳邮寄未退回回执",
        day="自邮寄之日起满三个月，且足以认定已送达的，期满之日",
        proof="邮寄凭证及足以认定送达的情况",
        basis=(
            law("第二百八十三条第一款第八项", rule="R-A10"),
            HONG_KONG_SERVICE_PROVISIONS.at(7, rule="R-A10"),
        ),
    ),
}
SIMPLIFIED_EXCLUDES: Final = interpretation("第一百四十条、第二百五十七条第一项", rule="R-A18")


class SimplifiedNoticeError(RuleError):
    """A case in the simplified procedure cannot be served by public notice."""

    field = "mode"
    next_step = _l("请转为普通程序，并补交案件受理费差额。")

    def __init__(self) -> None:
        super().__init__(_l("简易程序案件不得公告送达。"), basis=SIMPLIFIED_EXCLUDES)


def served_on(
    mode: ServiceMode, on: date, facts: Iterable[Fact] = (), *, calendar: WorkCalendar
) -> Due:
    """Return the day one party counts as served; it is the trigger of that party's periods.

    Args:
        mode: how it was served.
        on: the day the mode names; for a notice its last publication, for mail abroad the
            posting.
        facts: what is known of the case and the party.
        calendar: the working days known.

    Raises:
        SimplifiedNoticeError: public notice in a simplified or small-claims case (R-A18).
    """
    known = frozenset(facts)
    rule = SERVICE[mode]
    if mode is ServiceMode.PUBLIC_NOTICE:
        if known & {Fact.SIMPLIFIED, Fact.SMALL_CLAIMS}:
            raise SimplifiedNoticeError
        (period,) = governing(Event.PUBLIC_NOTICE, on, known)
        due = period.due(on, calendar=calendar)
        assert due is not None  # every edition of the notice has a length
        return due
    if mode is ServiceMode.MAIL_ABROAD:
        return deadline(
            on,
            MONTHS_OF_FOREIGN_MAIL,
            Unit.MONTH,
            calendar=calendar,
            extends=False,
            basis=rule.basis,
        )
    return Due(
        nominal=on,
        legal=on,
        safe=on,
        provisional=False,
        basis=rule.basis,
        steps=(f"{rule.label}：{rule.day}，即 {on.isoformat()}。",),
        calendar_edition=calendar.edition,
    )

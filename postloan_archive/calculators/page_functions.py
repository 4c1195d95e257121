"""Calculators that only pages have: what follows from an event, limitation, guarantee period.

They rest on the same rules as the functions of section P and have the same form.
"""

from collections.abc import Mapping
from typing import Final

from postloan_archive.calculators.fields import (
    DATE,
    MONEY,
    TEXT,
    choice,
    choice_of,
    flag,
    may,
    maybe,
    need,
    plain,
)
from postloan_archive.calculators.functions import Form, Function, Outcome
from postloan_archive.calculators.kinds import Given, ListKind, NullKind, ObjectKind
from postloan_archive.calculators.limitation import ActOfCreditorKind
from postloan_archive.cases.rules.deadlines import next_deadlines
from postloan_archive.cases.rules.events import LABELS, Event, Fact
from postloan_archive.kernel.law import Due
from postloan_archive.kernel.policy import STANDARD_POLICY
from postloan_archive.loans.rules.guarantee import GuaranteeKind, guarantee_period
from postloan_archive.loans.rules.guarantee_state import GuaranteeFacts, guarantee_state
from postloan_archive.loans.rules.limitation_state import (
    KIND_LABELS,
    Clock,
    InterruptingEvent,
    Interruption,
    limitation_state,
)
from postloan_archive.loans.rules.proof import Level
from postloan_archive.preservation.rules.checks import Application, application_findings
from postloan_archive.preservation.rules.kinds import AssetKind
from postloan_archive.workdays.seed import published_calendar

FACTS: Final[Mapping[str, Fact]] = {
    "abroad": Fact.ABROAD,
    "simplified": Fact.SIMPLIFIED,
    "small_claims": Fact.SMALL_CLAIMS,
    "second_instance": Fact.SECOND_INSTANCE,
}
ASSETS: Final = ("银行存款", "动产", "不动产", "其他财产权")
NO_DAY: Final = "以文书为准"
PENDING: Final = "程序未结束，不计算"


def _event_deadlines(given: Given) -> Outcome:
    calendar = given.get("calendar") or published_calendar()
    facts = {fact for name, fact in FACTS.items() if given[name]}
    found = next_deadlines(
        given["event"],
        given["on"],
        facts,
        calendar=calendar,
        policy=given.get("policy", STANDARD_POLICY),
    )
    rows = [
        {
            "act": one.period.act,
            "who": one.period.bound.value,
            "day": one.due.legal.isoformat() if one.due else NO_DAY,
            "safe": one.due.safe.isoformat() if one.due else "—",
            "basis": "、".join(map(str, one.period.basis)),
            "rule": one.period.edition,
        }
        for one in found
    ]
    steps = [
        f"{one.period.act}：{''.join(one.due.steps)}" for one in found if one.due is not None
    ]
    basis = tuple(dict.fromkeys(cited for one in found for cited in one.period.basis))
    return Outcome(
        values={"rows": rows, "count": len(rows)},
        basis=basis,
        steps=tuple(steps) or ("没有随之而来的期限。",),
    )


def _ends(clock: Clock) -> str:
    return clock.due.legal.isoformat() if clock.due else PENDING


def _limitation(given: Given) -> Outcome:
    state = limitation_state(
        given["installments"],
        given["events"] or (),
        as_of=given["as_of"],
        calendar=given.get("calendar") or published_calendar(),
        accelerated=given["accelerated"],
        policy=given.get("policy", STANDARD_POLICY),
    )
    careful: Due | None = state.conservative.due
    rows = [
        {
            "event": KIND_LABELS[one.event.kind],
            "on": one.event.on.isoformat(),
            "verdict": one.verdict.value,
        }
        for one in state.legal.events
    ]
    return Outcome(
        values={
            "status": state.status.value,
            "legal_end": _ends(state.legal),
            "conservative_end": _ends(state.conservative),
            "safe": careful.safe.isoformat() if careful else PENDING,
            "cap": state.cap.legal.isoformat(),
            **({"rows": rows} if rows else {}),
        },
        basis=state.basis,
        steps=state.steps,
    )


def _guarantee(given: Given) -> Outcome:
    period = guarantee_period(
        given["main_due"], clause_end=given["clause_end"], clause=given["clause"]
    )
    state = guarantee_state(
        GuaranteeFacts(kind=given["kind"], period=period, main_due=given["main_due"]),
        given["acts"] or (),
        as_of=given["as_of"],
        calendar=given.get("calendar") or published_calendar(),
        policy=given.get("policy", STANDARD_POLICY),
    )
    return Outcome(
        values={
            "status": state.status.value,
            "last_day": state.due.legal,
            "safe": state.due.safe,
            "needs_review": period.needs_review,
            "limitation": state.limitation.legal if state.limitation else None,
        },
        basis=(*period.basis, *state.due.basis),
        steps=(*state.steps, *state.due.steps),
        edition=period.edition,
    )


def _checks(given: Given) -> Outcome:
    found = application_findings(Application(**given))
    rows = [
        {
            "verdict": "须先解决" if one.blocks else "提示",
            "act": one.text,
            "basis": str(one.basis),
        }
        for one in found
    ]
    blocks = sum(one.blocks for one in found)
    return Outcome(
        values={
            "ready": blocks == 0,
            "count": len(found),
            **({"rows": rows} if rows else {}),
        },
        basis=tuple(dict.fromkeys(one.basis for one in found)),
        steps=tuple(one.text for one in found) or ("没有须先解决的事项。",),
    )


_AS_OF: Final = need("as_of", "从哪一天看", DATE)
_INTERRUPTION: Final = ObjectKind(
    fields=(
        need(
            "kind",
            "事由",
            choice(
                {str(kind): label for kind, label in KIND_LABELS.items()}, make=Interruption
            ),
        ),
        need("on", "到达、提起或付款日", DATE),
        need("level", "证据等级", choice_of(Level)),
        may("ended_on", "程序终结日", DATE),
    ),
    make=lambda given: InterruptingEvent(**given),
)

PAGE_FUNCTIONS: Final[Mapping[str, Function]] = {
    function.name: function
    for function in (
        Function(
            name="event_deadlines",
            label="某事发生后的期限",
            rules=("R-B01", "R-B65"),
            forms=(
                Form(
                    fields=(
                        need(
                            "event",
                            "事项",
                            choice({str(one): LABELS[one] for one in Event}, make=Event),
                        ),
                        need("on", "发生日（不计入）", DATE),
                        flag("abroad", "当事人在境内没有住所"),
                        flag("simplified", "简易程序"),
                        flag("small_claims", "小额诉讼"),
                        flag("second_instance", "二审"),
                    )
                ),
            ),
            results=(plain("count", "期限数"), plain("rows", "期限")),
            run=_event_deadlines,
            takes_policy=True,
            takes_calendar=True,
        ),
        Function(
            name="preservation_checks",
            label="申请保全前的检查",
            rules=("R-C13", "R-C14", "R-C20"),
            forms=(
                Form(
                    fields=(
                        need("amount", "请求保全数额（元）", NullKind(kind=MONEY)),
                        need("claim_total", "债权计算书总额（元）", NullKind(kind=MONEY)),
                        need("asset_kind", "财产种类", choice_of(AssetKind, *ASSETS)),
                        may("asset_value", "财产估值（元）", MONEY),
                        flag("divisible", "财产可分", default=True),
                        flag("respondent_is_general_guarantor", "被保全人是一般保证人"),
                        flag("debtor_assets_asked_first", "已先申请保全债务人财产"),
                        flag("in_arbitration", "争议在仲裁中"),
                        flag("on_appeal", "案件在上诉中"),
                        flag("seized_by_other_court", "已被其他法院首封"),
                    )
                ),
            ),
            results=(
                plain("ready", "可以提交"),
                plain("count", "事项数"),
                plain("rows", "事项", optional=True),
            ),
            run=_checks,
        ),
        Function(
            name="limitation_end",
            label="诉讼时效届满日",
            rules=("R-D01", "R-D02", "R-D04", "R-D05"),
            forms=(
                Form(
                    fields=(
                        need("installments", "未清偿的到期日", ListKind(kind=DATE, least=1)),
                        may("accelerated", "宣布提前到期日", DATE),
                        maybe("events", "中断事由", ListKind(kind=_INTERRUPTION)),
                        _AS_OF,
                    )
                ),
            ),
            results=(
                plain("status", "状态"),
                plain("legal_end", "法定届满日"),
                plain("conservative_end", "保守届满日"),
                plain("safe", "安全日"),
                plain("cap", "最长保护期届满日"),
                plain("rows", "中断事由", optional=True),
            ),
            run=_limitation,
            takes_policy=True,
            takes_calendar=True,
        ),
        Function(
            name="guarantee_end",
            label="保证期间届满日",
            rules=("R-D14", "R-D15", "R-D16"),
            forms=(
                Form(
                    fields=(
                        need(
                            "kind",
                            "保证方式",
                            choice_of(GuaranteeKind, "一般保证", "连带责任保证", "未约定"),
                        ),
                        need("main_due", "主债务到期日", DATE),
                        may("clause_end", "约定的届满日", DATE),
                        may("clause", "条款文字", TEXT),
                        maybe("acts", "期间内的行为", ListKind(kind=ActOfCreditorKind())),
                        _AS_OF,
                    )
                ),
            ),
            results=(
                plain("status", "状态"),
                plain("last_day", "保证期间届满日"),
                plain("safe", "安全日"),
                plain("needs_review", "条款须法务审阅"),
                plain("limitation", "保证债务时效届满日"),
            ),
            run=_guarantee,
            takes_policy=True,
            takes_calendar=True,
        ),
    )
}

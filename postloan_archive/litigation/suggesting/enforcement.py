"""Blanks of the papers of enforcement X01 to X13."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.cases.rules.events import Event
from postloan_archive.kernel.entries import read_amount, read_date
from postloan_archive.kernel.errors import RuleError
from postloan_archive.kernel.money import ZERO
from postloan_archive.litigation.claims import Claim, Sued, claim_of, joint
from postloan_archive.litigation.matter import Matter
from postloan_archive.litigation.suggesting import story
from postloan_archive.loans.rules.delay import delay_interest
from postloan_archive.notices.rules.conventions import date_in_body

Value = str | date | Decimal | tuple[str, ...] | None
DOUBLED: Final = (
    "自{start}起至实际清偿之日止，以尚未清偿的生效法律文书确定的除一般债务利息之外的金钱债务"
    "{base}为基数，按日万分之一点七五计算加倍部分债务利息"
)


def judged(matter: Matter, name: str) -> Decimal | None:
    """Return what the judgment awarded, as a person has entered it, yuan."""
    text = matter.source.fact(f"judged_{name}")
    with suppress(RuleError):
        return read_amount(text) if text else None
    return None


def _day(matter: Matter, key: str, else_day: date | None) -> date | None:
    text = matter.source.fact(key)
    with suppress(RuleError):
        return read_date(text) if text else else_day
    return else_day


def _principal(matter: Matter) -> tuple[str, ...]:
    amount = judged(matter, "principal")
    return (f"1. 被执行人偿还本金{story.money(amount)}。",) if amount else ()


def _interest(matter: Matter) -> tuple[str, ...]:
    amount, formula = judged(matter, "interest"), matter.source.fact("judged_interest_formula")
    if amount is None and not formula:
        return ()
    sum_ = f"利息{story.money(amount)}" if amount else "利息"
    rest = f"；{formula.rstrip('。')}" if formula else ""
    return (f"2. 被执行人支付生效法律文书确定的{sum_}{rest}。",)


def _doubled(matter: Matter) -> tuple[str, ...]:
    principal, costs = judged(matter, "principal"), judged(matter, "costs") or ZERO
    last = _day(matter, "performance_last_day", matter.days.get(Event.PERFORMANCE_PERIOD_OVER))
    if principal is None or last is None:
        return ()
    base, today = principal + costs, matter.source.day
    text = "3. " + DOUBLED.format(start=f"{date_in_body(last)}的次日", base=f"{base:,.2f}元")
    if today > last:
        with suppress(RuleError):
            so_far = delay_interest(base, last, today).value
            text += (
                f"；暂计至{date_in_body(today)}共{so_far.days}天，{so_far.doubled_part:,.2f}元"
            )
    return (text + "。",)


def _costs(matter: Matter) -> tuple[str, ...]:
    amount = judged(matter, "costs")
    paid = f"支付{story.money(amount)}" if amount else "负担生效法律文书确定的诉讼费用"
    return (f"4. 被执行人{paid}，并负担本案执行费用。",)


def _refused(matter: Matter) -> tuple[str, ...]:
    title = matter.court("second", "first").case_no or "上列法律文书"
    day = matter.effective_on
    effective = f"已于{date_in_body(day)}发生法律效力" if day else "已经发生法律效力"
    return (f"{title}法律文书{effective}，被执行人在履行期限内未履行，特申请强制执行。",)


def _cannot_pay(matter: Matter) -> tuple[str, ...]:
    name = matter.source.borrowers
    return (
        f"被执行人{name}的财产不能清偿所有债权，申请人的债权尚未受偿。{story.debt(matter)}",
    )


def _preferred(matter: Matter) -> str:
    held = dict.fromkeys(
        f"{item.description}（登记证明编号：{item.registration_no}）"
        for item in matter.source.collateral
        if item.registration_no
    )
    return f"对{'、'.join(held)}享有优先受偿权" if held else "无"


def _title_or_priority(matter: Matter) -> str:
    return matter.court("second", "first").case_no


def _limits(matter: Matter) -> tuple[str, ...]:
    names = "、".join(row.name for row in matter.source.parties if row.role == "defendant")
    return (
        f"1. 请求对被执行人{names}采取限制消费措施；",
        f"2. 请求将被执行人{names}纳入失信被执行人名单。",
    )


def _evasion(matter: Matter) -> tuple[str, ...]:
    """Return the facts of means where the file knows some; else a person must write them."""
    held = [one.split("；")[1] for one in story.assets(matter)]
    if not held:
        return ()
    return (f"被执行人未履行生效法律文书确定的义务，其名下有财产：{'、'.join(held)}。",)


def _first_asset(matter: Matter) -> str:
    return next((one.split("；")[1] for one in story.assets(matter)), "")


def _seizure(matter: Matter) -> str:
    return matter.source.measures[0].ruling_no if matter.source.measures else ""


def bankruptcy_claim(matter: Matter) -> Claim | None:
    """Return the claim on the day the petition was accepted; interest stops there."""
    day = _day(matter, "X12.acceptance_date", None)
    if day is None:
        return None
    return joint([Sued(loan=loan, claim=claim_of(loan, day)) for loan in matter.source.loans])


def _at_acceptance(pick: Callable[[Claim], Decimal]) -> Callable[[Matter], Decimal | None]:
    def value(matter: Matter) -> Decimal | None:
        claim = bankruptcy_claim(matter)
        return None if claim is None else pick(claim)

    return value


def _secured_by(matter: Matter) -> str:
    held = dict.fromkeys(item.description for item in matter.source.collateral)
    return f"有财产担保：{'、'.join(held)}" if held else "无财产担保"


def _nature(matter: Matter) -> str:
    kind = "有财产担保的债权" if matter.source.collateral else "普通债权"
    return f"借款本金及利息（{kind}）"


def _joint(matter: Matter) -> str:
    names = dict.fromkeys(row.guarantor.name for row in matter.source.guarantees)
    return "、".join(names) or "无"


SUGGEST: Final[Mapping[tuple[str, str], Callable[[Matter], Value]]] = {
    ("X01", "request_principal"): _principal,
    ("X01", "request_general_interest"): _interest,
    ("X01", "request_doubled_interest"): _doubled,
    ("X01", "request_costs"): _costs,
    ("X01", "facts"): _refused,
    ("X01", "attachments"): lambda _m: (
        "1. 生效法律文书及生效证明", "2. 申请人主体资格材料", "3. 授权委托书（含执行权限）",
        "4. 债权计算表", "5. 财产线索",
    ),
    ("X02", "balance"): lambda m: m.source.claim.total or None,
    ("X03", "claim_amount"): lambda m: m.source.claim.total or None,
    ("X03", "priority"): _preferred,
    ("X03", "title_no_or_priority"): _title_or_priority,
    ("X03", "facts"): _cannot_pay,
    ("X06", "asset"): _first_asset,
    ("X06", "seizure_ruling"): _seizure,
    ("X07", "asset"): _first_asset,
    ("X08", "heading"): lambda _m: "限制消费、纳入失信被执行人名单申请书",
    ("X08", "measure"): _limits,
    ("X08", "facts"): _evasion,
    ("X09", "heading"): lambda _m: "执行异议书",
    ("X09", "service_address"): lambda m: m.source.lender.domicile,
    ("X10", "signatures"): lambda m: tuple(
        f"{row.name}（签章）：＿＿＿＿＿＿＿＿" for row in m.source.parties
    ),
    ("X11", "served_on"): lambda m: m.days.get(Event.OUTSIDER_RULING_SERVED),
    ("X11", "asset"): _first_asset,
    ("X12", "claim_principal"): _at_acceptance(lambda claim: claim.principal),
    ("X12", "claim_interest"): _at_acceptance(lambda claim: claim.interest_total),
    ("X12", "claim_total"): _at_acceptance(lambda claim: claim.total),
    ("X12", "nature"): _nature,
    ("X12", "security"): _secured_by,
    ("X12", "joint_debtors"): _joint,
    ("X13", "heading"): lambda _m: "分配方案异议书",
    ("X13", "received_on"): lambda m: m.days.get(Event.PLAN_SERVED),
}  # fmt: skip

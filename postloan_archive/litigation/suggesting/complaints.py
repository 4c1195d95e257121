"""Blanks of the complaints in a credit-card dispute and against guarantors alone."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.litigation.claims import joint
from postloan_archive.litigation.matter import Matter
from postloan_archive.litigation.suggesting import pleadings, story
from postloan_archive.notices.rules.conventions import date_in_body, days_in_body

Value = str | date | Decimal | tuple[str, ...] | None
CARD_BASIS: Final = (
    "《中华人民共和国民法典》第五百七十七条、第六百七十五条、第六百七十六条；",
    "《最高人民法院关于审理银行卡民事纠纷案件若干问题的规定》（法释〔2021〕10号）第二条。",
)


def _agent(matter: Matter) -> tuple[str, ...]:
    name = matter.source.fact("agent_name")
    if not name:
        return ("无",)
    unit = matter.source.fact("agent_unit", matter.source.lender.name)
    post, phone = matter.source.fact("agent_post"), matter.source.fact("agent_phone")
    return (f"姓名：{name}　单位：{unit}　职务：{post}　联系电话：{phone}　代理权限：特别授权",)


def _charges(matter: Matter) -> Decimal:
    return matter.source.claim.interest_total


def _method(matter: Matter) -> tuple[str, ...]:
    return (f"此后{days_in_body(matter.source.claim.position.until_paid)}。",)


def _items(matter: Matter) -> tuple[str, ...]:
    claim = matter.source.claim
    owed = claim.position
    return (
        (
            f"截至{date_in_body(owed.as_of)}：透支本金{claim.principal:,.2f}元，利息{claim.in_term:,.2f}"
            f"元，罚息{owed.penalty:,.2f}元，复利{owed.compound:,.2f}元。"
        ),
    )


def _paid(matter: Matter) -> tuple[str, ...]:
    owed = matter.source.claim.position
    if owed.overdue_since is None:
        return ()
    paid = sum(
        (
            row.amount
            for loan in matter.source.loans
            for row in loan.payments
            if row.paid_on >= owed.overdue_since
        ),
        Decimal(0),
    )
    return (f"自{date_in_body(owed.overdue_since)}违约之日起已还{paid:,.2f}元。",)


def _secured(matter: Matter) -> str:
    return "是" if matter.source.guarantees or matter.source.collateral else "否"


def _before_suit(matter: Matter) -> tuple[str, ...]:
    return tuple(
        f"{row.court}，{date_in_body(row.effective_on)}，{row.ruling_no}"
        for row in matter.source.measures
        if row.phase == "pre_litigation"
    )


def _costs(matter: Matter) -> tuple[str, ...]:
    text = matter.source.fact("claims.costs.detail")
    return (text,) if text else ()


def _clause(matter: Matter) -> tuple[str, ...]:
    text = pleadings.clause(matter)
    return (text,) if text else ()


def _guarantee_claims(matter: Matter) -> tuple[str, ...]:
    guaranteed = [
        one
        for one in matter.source.sued
        if any(row.kind == "joint" for row in one.loan.guarantees)
    ] or list(matter.source.sued)
    claim = joint(guaranteed)
    name = "、".join(dict.fromkeys(one.loan.customer.name for one in guaranteed))
    return (
        (
            f"1. 判令被告对{name}所欠本金{claim.principal:,.2f}元及截至"
            f"{date_in_body(claim.position.as_of)}的利息、罚息、复利{claim.interest_total:,.2f}元，"
            f"合计{story.money(claim.total)}，承担连带清偿责任；"
        ),
        f"2. 此后{days_in_body(claim.position.until_paid)}，由被告一并承担连带清偿责任；",
        "3. 本案诉讼费用由被告负担。",
    )


def _why(matter: Matter) -> tuple[str, ...]:
    names = "、".join(
        dict.fromkeys(
            row.guarantor.name for row in matter.source.guarantees if row.kind == "joint"
        )
    )
    if not names:
        return ()  # a general guarantor is sued after the debtor (R-D15)
    return (
        (
            f"{names}系连带责任保证人，债务人不履行到期债务时，债权人可以请求其在保证范围内承担保证"
            "责任。依照《中华人民共和国民法典》第六百八十八条、第六百九十一条的规定，提起诉讼。"
        ),
    )


SUGGEST: Final[Mapping[tuple[str, str], Callable[[Matter], Value]]] = {
    ("P01K", "agents"): _agent,
    ("P01K", "overdraft_principal"): lambda m: m.source.claim.principal or None,
    ("P01K", "overdraft_charges"): _charges,
    ("P01K", "until_paid"): lambda _m: "是",
    ("P01K", "interest_method"): _method,
    ("P01K", "security_claimed"): _secured,
    ("P01K", "security_content"): lambda m: tuple(story.security(m)),
    ("P01K", "costs_claimed"): lambda m: "是" if _costs(m) else "否",
    ("P01K", "costs_detail"): _costs,
    ("P01K", "court_fees_claimed"): lambda _m: "是",
    ("P01K", "total_amount"): lambda m: m.source.claim.total or None,
    ("P01K", "jurisdiction_agreed"): lambda m: "有" if _clause(m) else "无",
    ("P01K", "jurisdiction_clause"): _clause,
    ("P01K", "preservation_done"): lambda m: "是" if _before_suit(m) else "否",
    ("P01K", "preservation_detail"): _before_suit,
    ("P01K", "card_holder"): lambda m: m.source.borrowers,
    ("P01K", "card_bank"): lambda m: m.source.lender.name,
    ("P01K", "paid_since_default"): _paid,
    ("P01K", "amounts_detail"): _items,
    ("P01K", "demand_made"): lambda m: "是" if pleadings.attempts(m) else "否",
    ("P01K", "demand_detail"): pleadings.attempts,
    ("P01K", "guarantee_detail"): lambda m: tuple(story.security(m)),
    ("P01K", "basis"): lambda _m: CARD_BASIS,
    ("P01B", "claims"): _guarantee_claims,
    ("P01B", "facts"): lambda m: (*story.lending(m), *story.security(m)),
    ("P01B", "reason"): _why,
    ("P01B", "attachments"): lambda _m: ("1. 证据目录及证据材料", "2. 起诉状副本"),
}

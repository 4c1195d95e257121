"""Blanks of the pleadings P02 to P20."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.litigation.claims import Sued
from postloan_archive.litigation.matter import Matter
from postloan_archive.litigation.suggesting import story
from postloan_archive.loans.models import Customer
from postloan_archive.notices.rules.conventions import date_in_body, days_in_body
from postloan_archive.preservation.rules.applicant import applicant_of
from postloan_archive.preservation.rules.security import Phase, preservation_security

Value = str | date | Decimal | tuple[str, ...] | None
PHASES: Final = {
    "诉前": Phase.PRE_LITIGATION,
    "诉讼中": Phase.IN_LITIGATION,
    "执行前": Phase.PRE_ENFORCEMENT,
}
WAYS: Final = {"ems": "邮政特快专递", "visit": "直接送达", "fax": "传真", "email": "电子邮件"}


def _facts(matter: Matter) -> tuple[str, ...]:
    return tuple(story.lending(matter))


def _all_facts(matter: Matter) -> tuple[str, ...]:
    return (*story.lending(matter), *story.security(matter))


def _phase(matter: Matter) -> str:
    if matter.effective_on and "enforcement" not in matter.courts:
        return "执行前"
    return "诉讼中"


def _chosen_phase(matter: Matter) -> str:
    return matter.source.fact("P03.phase") or _phase(matter)


def _preserve(matter: Matter) -> tuple[str, ...]:
    amount = story.money(matter.source.claim.total)
    names = "、".join(row.name for row in matter.source.parties if row.role == "defendant")
    return (
        f"请求查封、扣押、冻结被申请人{names}名下价值{amount}的财产。",
        "保全申请费由被申请人负担。",
    )


def _why_preserve(matter: Matter) -> tuple[str, ...]:
    return (
        *_all_facts(matter),
        (
            "被申请人至今未履行义务。为防止被申请人转移、隐匿、变卖财产，避免将来生效法律文书难以"
            "执行，特申请财产保全。"
        ),
    )


def _security(matter: Matter) -> tuple[str, ...]:
    total = matter.source.claim.total
    if not total:
        return ()
    demand = preservation_security(
        PHASES[_chosen_phase(matter)],
        total,
        applicant_of(matter.source.lender.name),
        policy=matter.policy,
    )
    if demand.may_be_waived and _chosen_phase(matter) == "诉讼中":
        return (
            (
                f"申请人{matter.source.lender.name}系经金融监管部门批准设立的金融机构，具有独立偿付"
                "能力，依照《最高人民法院关于人民法院办理财产保全案件若干问题的规定》第九条的规定，"
                "申请免予提供担保。"
            ),
        )
    if demand.may_be_waived:
        return ("法律文书已经生效，尚未进入执行程序，请求准许不提供担保。",)
    amount = demand.min_required or demand.max_required
    return (
        (f"申请人愿意按照人民法院的要求提供担保，数额{story.money(amount)}。",)
        if amount
        else ()
    )


def _addresses(matter: Matter) -> tuple[str, ...]:
    lender = matter.source.lender
    found = [f"申请人{lender.name}：{lender.domicile}，电话{lender.phone}"]
    found += [
        f"被申请人{row.name}：{_address(row.customer)}"
        for row in matter.source.parties
        if row.role == "defendant" and row.customer is not None
    ]
    return tuple(found)


def _address(customer: Customer) -> str:
    address = customer.service_address or customer.domicile or customer.residence
    source = f"（{customer.service_address_source}）" if customer.service_address_source else ""
    phone = f"，电话{customer.phone}" if customer.phone else ""
    return f"{address or '地址不详'}{source if customer.service_address else ''}{phone}"


def _secured(matter: Matter) -> Decimal | None:
    amounts = [_secured_of(one) for one in matter.source.sued if one.loan.collateral]
    return sum(amounts, Decimal(0)) if amounts else None


def _secured_of(one: Sued) -> Decimal:
    limits = [row.secured_amount for row in one.loan.collateral if row.secured_amount]
    return min(one.claim.total, sum(limits, Decimal(0))) if limits else one.claim.total


def _realise(matter: Matter) -> tuple[str, ...]:
    return tuple(
        f"请求裁定拍卖、变卖被申请人{item.provider.name}提供的{item.description}，申请人对所得"
        f"价款在{story.money(_secured_of(one))}的范围内优先受偿。"
        for one in matter.source.sued
        for item in one.loan.collateral
    )


def _due_status(matter: Matter) -> tuple[str, ...]:
    return tuple(
        (story.of_loan(one.loan) if matter.source.joins else "") + text
        for one in matter.source.sued
        for text in _due(one)
    )


def _due(one: Sued) -> Iterator[str]:
    loan, owed = one.loan, one.claim.position
    if loan.due_on <= owed.as_of:
        yield f"主债务已于{date_in_body(loan.due_on)}届满，债务人未履行。"
    elif one.claim.accelerated and owed.overdue_since:
        yield f"债务人自{date_in_body(owed.overdue_since)}起违约，申请人依约宣布贷款提前到期。"
    elif one.claim.accelerated:
        yield "申请人依约宣布贷款提前到期。"


def _due_date(matter: Matter) -> date:
    """Return the day on which the last of the loans fell due."""
    return max(loan.accelerated_on or loan.due_on for loan in matter.source.loans)


def clause(matter: Matter) -> str:
    """Return what was agreed about the court, empty if nothing."""
    contract = matter.source.loan.contract
    kept = matter.source.fact("jurisdiction.clause", contract.dispute_clause)
    return kept or (f"合同约定由{contract.court}管辖" if contract.court else "")


def _place(matter: Matter) -> tuple[str, ...]:
    lender = matter.source.lender
    signed = dict.fromkeys(loan.contract.signed_at for loan in matter.source.loans)
    found = [f"合同签订地：{place}" for place in signed if place]
    if lender.domicile:
        found.append(f"接收货币一方（贷款人）所在地：{lender.domicile}")
    found += [
        f"被告{row.name}住所地：{row.customer.domicile}"
        for row in matter.source.parties
        if row.role == "defendant" and row.customer is not None and row.customer.domicile
    ]
    return tuple(found)


def _opinion(matter: Matter) -> tuple[str, ...]:
    agreed = clause(matter) or "当事人没有约定管辖法院"
    court = matter.court("first").court
    return (f"{agreed}。{court}对本案有管辖权，请求依法驳回管辖权异议。",)


def attempts(matter: Matter) -> tuple[str, ...]:
    """Return each demand that was sent, with its result."""
    return tuple(_sent(matter))


def _sent(matter: Matter) -> Iterator[str]:
    for row in matter.letters:
        if row.dispatched_on is None:
            continue
        way = WAYS.get(row.channel, row.channel)
        result = row.outcome_note or {"returned": "退回", "refused": "拒收"}.get(
            row.outcome, "签收" if row.outcome else "无回执"
        )
        yield (
            f"{date_in_body(row.dispatched_on)}，向{row.addressee}（{row.address}）以{way}"
            f"{row.tracking_no}寄送，结果：{result}。"
        )


def _claims(matter: Matter) -> tuple[str, ...]:
    claim = matter.source.claim
    return (
        (
            f"判令被告偿还本金{claim.principal:,.2f}元及截至{date_in_body(claim.position.as_of)}的"
            f"利息、罚息、复利{claim.interest_total:,.2f}元，合计{story.money(claim.total)}；"
        ),
        f"此后{days_in_body(claim.position.until_paid)}。",
    )


def _fee_paid(matter: Matter) -> Decimal | None:
    return matter.amounts.get("fee_notice")


def _licence_ground(matter: Matter) -> tuple[str, ...]:
    return (
        (
            f"{matter.source.lender.name}系依法设立的金融机构，属于《最高人民法院关于人民法院办理财产"
            "保全案件若干问题的规定》第九条规定的可以不要求提供担保的情形。"
        ),
    )


SUGGEST: Final[Mapping[tuple[str, str], Callable[[Matter], Value]]] = {
    ("P02", "amount"): lambda m: m.source.claim.total or None,
    ("P02", "due_date"): _due_date,
    ("P02", "facts"): _facts,
    ("P03", "phase"): _phase,
    ("P03", "request"): _preserve,
    ("P03", "amount_or_object"): lambda m: story.money(m.source.claim.total),
    ("P03", "facts"): _why_preserve,
    ("P03", "security_or_reason"): _security,
    ("P03", "service_addresses"): _addresses,
    ("P03", "attachments"): lambda _m: ("1. 证据材料", "2. 被保全财产清单"),
    ("P06", "request"): _realise,
    ("P06", "secured_amount"): _secured,
    ("P06", "facts"): _all_facts,
    ("P06", "main_contract"): lambda m: story.contracts(m.source)[0],
    ("P06", "security_contract"): lambda m: story.contracts(m.source)[1],
    ("P06", "registration_no"): lambda m: story.contracts(m.source)[2],
    ("P06", "due_status"): _due_status,
    ("P06", "attachments"): lambda _m: (
        "1. 主合同、担保合同", "2. 登记证明", "3. 实现担保物权条件成就的证明",
        "4. 担保财产现状说明",
    ),
    ("P09", "clause"): clause,
    ("P09", "connection_evidence"): _place,
    ("P09", "opinion"): _opinion,
    ("P12", "addressee"): lambda _m: "",
    ("P12", "attempts"): attempts,
    ("P13", "heading"): lambda _m: "变更诉讼请求申请书",
    ("P13", "old_claims"): _claims,
    ("P15", "heading"): lambda _m: "关于免予提供担保的说明",
    ("P15", "exemption_ground"): _licence_ground,
    ("P19", "amount"): _fee_paid,
    ("P20", "effective_on"): lambda _m: None,
    ("P20", "request"): lambda _m: ("请求人民法院确认上列调解协议有效。",),
}  # fmt: skip

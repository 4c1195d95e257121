"""From the form and the claim to the blanks of the court papers, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.words import rmb_upper
from postloan_archive.litigation.form import Source, agent, complaint_form
from postloan_archive.litigation.papers import (
    CalculationRow,
    ClaimCalculation,
    Complaint,
    IdentityCertificate,
    PartyBlock,
    PowerOfAttorney,
)
from postloan_archive.litigation.rules.attorney import Stage
from postloan_archive.litigation.rules.complaint_form import (
    CONSIDERS,
    EMPTY,
    ENTITY_TYPES,
    HAS_NOT,
    OWNERSHIPS,
    REPAYMENT_METHODS,
    SEXES,
    TICKED,
    UNDERSTANDS,
    YES_NO,
    FormFault,
    value_at,
)
from postloan_archive.litigation.together import faults_of, joint_calculation, joint_complaint
from postloan_archive.notices.rules.conventions import date_in_body, days_in_body

NOTHING: Final = "无"
BLANK: Final = "＿＿＿＿＿＿"  # to be filled by hand; the fault names it
POWERS: Final = (
    "1. 代为提起诉讼，代为承认、放弃、变更诉讼请求；",
    "2. 代为和解，参加调解，签收调解书；",
    "3. 代为提起反诉、提起上诉，撤回起诉、上诉；",
    "4. 代为申请财产保全、续行保全和解除保全；",
    "5. 代为申请强制执行，进行执行和解，参加执行分配；",
    "6. 代为领取执行款、案款及退还的诉讼费用（汇入委托人账户）；",
    "7. 代为签收各类诉讼、执行文书，查阅、复制案卷材料。",
)
ASKED: Final[Mapping[str, str]] = {  # what a case may be asked for, by key of `case.facts`
    "claim.cut_off": _l("债权计算截止日（留空为当日）"),
    "agent_name": _l("委托诉讼代理人姓名"),
    "agent_unit": _l("委托诉讼代理人单位"),
    "agent_post": _l("委托诉讼代理人职务"),
    "agent_phone": _l("委托诉讼代理人电话"),
    "plaintiff_entity_type": _l("原告类型（如股份有限公司）"),
    "plaintiff_ownership": _l("原告所有制性质（国有控股、国有参股、民营、其他）"),
    "plaintiff_registered_place": _l("原告注册地"),
    "facts.contract.place": _l("合同签订地点"),
    "jurisdiction.clause": _l("管辖约定的条款和内容"),
    "claims.costs.detail": _l("实现债权的费用明细"),
    "claims.other": _l("其他诉讼请求"),
    "facts.other_facts": _l("其他需要说明的内容"),
    "mediation.known": _l("是否了解调解及先行调解的好处（了解、不了解；留空由手工勾选）"),
    "mediation.considered": _l(
        "是否考虑先行调解（是、否、暂不确定，想要了解更多内容；留空由手工勾选）"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """The papers of one case before the evidence list, which waits for the page numbers.

    Attributes:
        calculations: the sheet of each loan alone.
        missing: Chinese sentences; what they name stays blank on paper.
        differences: Chinese sentences; a lawyer may go on in spite of them.
    """

    complaint: Complaint
    calculation: ClaimCalculation
    calculations: tuple[ClaimCalculation, ...]
    power: PowerOfAttorney | None
    identity: IdentityCertificate
    missing: tuple[str, ...]
    differences: tuple[str, ...]


def draft_papers(source: Source) -> Drafts:
    """Return every paper of the complaint with what is missing for it."""
    has_agent = agent(source)["has_agent"] == "有"
    each = source.each()
    forms = [complaint_form(one) for one in each]
    faults = [
        fault
        for one, form in zip(each, forms, strict=True)
        for fault in faults_of(one, form, has_agent=has_agent, joins=source.joins)
    ]
    complaints = [_complaint(one, form) for one, form in zip(each, forms, strict=True)]
    sheets = tuple(_calculation(one) for one in each)
    return Drafts(
        complaint=joint_complaint(source, complaints) if source.joins else complaints[0],
        calculation=joint_calculation(source, sheets) if source.joins else sheets[0],
        calculations=sheets,
        power=_power(source) if has_agent else None,
        identity=_identity(source),
        missing=(
            *dict.fromkeys(_named(fault) for fault in faults if not fault.may_override),
            *_lender_gaps(source, has_agent=has_agent),
        ),
        differences=tuple(
            dict.fromkeys(fault.reason for fault in faults if fault.may_override)
        ),
    )


def _named(fault: FormFault) -> str:
    return _l("起诉状 {at}：{reason}").format(at=fault.at, reason=fault.reason)


def _lender_gaps(source: Source, *, has_agent: bool) -> list[str]:
    lender = source.lender
    needed = (
        (lender.uscc, _l("原告统一社会信用代码（机构资料）")),
        (lender.domicile, _l("原告住所地（机构资料）")),
        (lender.legal_rep, _l("法定代表人姓名（机构资料）")),
        (lender.legal_rep_post, _l("法定代表人职务（机构资料）")),
        (lender.legal_rep_id_no, _l("法定代表人身份证号码（机构资料）")),
        ("yes" if has_agent else "", _l("委托诉讼代理人姓名（没有则不出具授权委托书）")),
    )
    return [_l("缺少：{field}").format(field=label) for value, label in needed if not value]


def ticks(words: tuple[str, ...], chosen: object) -> str:
    """Return the boxes as printed: the chosen one ☑, the others □."""
    return "　".join(f"{word}{TICKED if word == chosen else EMPTY}" for word in words)


def shown(value: object) -> str:
    """Return a value as the form prints it."""
    if value is None or value in ("", []):
        return BLANK
    if isinstance(value, Decimal):
        return f"{value:,}"
    if isinstance(value, date):
        return date_in_body(value)
    return str(value)


def _block(heading: str, entry: Mapping[str, object]) -> PartyBlock:
    if "id_no" in entry:
        lines = (
            f"姓名：{shown(entry['name'])}",
            f"性别：{ticks(SEXES, entry['sex'])}",
            f"出生日期：{_or_none(entry['birth_date'])}　民族：{_or_none(entry['ethnicity'])}",
            (
                f"工作单位：{_or_none(entry['employer'])}　职务：{_or_none(entry['post'])}　"
                f"联系电话：{_or_none(entry['phone'])}"
            ),
            f"住所地（户籍所在地）：{_or_none(entry['domicile'])}",
            f"经常居住地：{_or_none(entry['habitual_residence'])}",
            f"证件类型：{_or_none(entry['id_type'])}",
            f"证件号码：{shown(entry['id_no'])}",
        )
        return PartyBlock(heading=f"{heading}（自然人）", lines=lines)
    return PartyBlock(heading=f"{heading}（法人、非法人组织）", lines=_organisation(entry))


def _organisation(entry: Mapping[str, object]) -> tuple[str, ...]:
    ownership = entry["ownership"]
    state = "国有" if str(ownership or "").startswith("国有") else ownership
    return (
        f"名称：{shown(entry['name'])}",
        f"住所地（主要办事机构所在地）：{_or_none(entry['domicile'])}",
        f"注册地/登记地：{_or_none(entry['registered_place'])}",
        (
            f"法定代表人/负责人：{_or_none(entry['legal_rep'])}　"
            f"职务：{_or_none(entry['legal_rep_post'])}　联系电话：{_or_none(entry['phone'])}"
        ),
        f"统一社会信用代码：{shown(entry['uscc'])}",
        f"类型：{ticks(ENTITY_TYPES, entry['entity_type'])}",
        (
            f"所有制性质：国有{TICKED if state == '国有' else EMPTY}"
            f"（控股{TICKED if ownership == OWNERSHIPS[0] else EMPTY}　"
            f"参股{TICKED if ownership == OWNERSHIPS[1] else EMPTY}）　"
            f"{ticks(OWNERSHIPS[2:], ownership)}"
        ),
    )


def _or_none(value: object) -> str:
    return NOTHING if value in (None, "") else shown(value)


def _blocks(heading: str, entries: object) -> tuple[PartyBlock, ...]:
    found = entries if isinstance(entries, list) else []
    if not found:
        return (PartyBlock(heading=heading, lines=(NOTHING,)),)
    return tuple(_block(heading, entry) for entry in found)


def _agents(entry: Mapping[str, object]) -> tuple[str, ...]:
    if entry["has_agent"] != "有":
        return (ticks(HAS_NOT, "无"),)
    return (
        ticks(HAS_NOT, "有"),
        f"姓名：{entry['name']}　单位：{entry['unit']}",
        f"职务：{_or_none(entry['post'])}　联系电话：{_or_none(entry['phone'])}",
        (
            f"代理权限：{ticks(('一般授权', '特别授权'), entry['authority'])}"
            f"（{entry['authority_text']}）"
        ),
    )


def _complaint(source: Source, form: Mapping[str, object]) -> Complaint:
    loan = source.loan

    def at(path: str) -> object:
        return value_at(form, path)

    def text(path: str) -> str:
        return shown(at(path))

    total = at("claims.total_amount")
    assert isinstance(total, Decimal)
    late = at("facts.overdue") == "是"
    method = at("facts.repayment_method")
    return Complaint(
        plaintiffs=_blocks("原告", form["plaintiffs"]),
        agents=_agents(agent(source)),
        defendants=_blocks("被告", form["defendants"]),
        third_parties=_blocks("第三人", form["third_parties"]),
        principal_as_of=text("claims.principal.as_of"),
        principal_amount=text("claims.principal.amount"),
        interest_as_of=text("claims.interest.as_of"),
        interest_total=text("claims.interest.total"),
        interest_in_term=text("claims.interest.in_term"),
        interest_compound=text("claims.interest.compound"),
        interest_penalty=text("claims.interest.penalty"),
        until_paid_boxes=ticks(YES_NO, at("claims.interest.until_paid")),
        interest_method=text("claims.interest.method"),
        acceleration_boxes=ticks(YES_NO, at("claims.acceleration.asked")),
        acceleration_kind_boxes=ticks(
            ("提前还款（加速到期）", "解除合同"), at("claims.acceleration.kind")
        ),
        security_claimed_boxes=ticks(YES_NO, at("claims.security.claimed")),
        security_content=text("claims.security.content"),
        costs_boxes=ticks(YES_NO, at("claims.costs.claimed")),
        costs_detail=text("claims.costs.detail"),
        court_fees_boxes=ticks(YES_NO, at("claims.court_fees.claimed")),
        other_claims=text("claims.other"),
        total_amount=f"{total:,}",
        total_words=rmb_upper(total).canonical if total else "零元整",
        jurisdiction_boxes=ticks(HAS_NOT, at("jurisdiction.agreed")),
        jurisdiction_clause=text("jurisdiction.clause"),
        preservation_boxes=ticks(YES_NO, at("preservation.done")),
        preservation_court=_or_none(at("preservation.court")),
        preservation_date=_or_none(at("preservation.date")),
        preservation_case_no=_or_none(at("preservation.case_no")),
        contract_name=text("facts.contract.name"),
        contract_no=text("facts.contract.no"),
        contract_date=text("facts.contract.date"),
        contract_place=text("facts.contract.place"),
        lender=text("facts.lender"),
        borrower=text("facts.borrower"),
        amount_agreed=text("facts.amount_agreed"),
        amount_paid_out=text("facts.amount_paid_out"),
        due_boxes=ticks(YES_NO, at("facts.due")),
        term_from=text("facts.term_from"),
        term_to=text("facts.term_to"),
        rates=tuple(map(str, _list(at("facts.rates")))),
        drawdowns=(f"{shown(loan.disbursed_on)}，发放{loan.principal:,}元",),
        repayment_boxes=tuple(
            f"{word}{TICKED if word == method else EMPTY}"
            + (f"（{at('facts.repayment_method_text')}）" if word == method == "其他" else "")
            for word in REPAYMENT_METHODS
        ),
        paid_principal=text("facts.paid_principal"),
        paid_interest=text("facts.paid_interest"),
        interest_paid_to=text("facts.interest_paid_to"),
        overdue_boxes=ticks(YES_NO, at("facts.overdue")),
        overdue_since=text("facts.overdue_since") if late else NOTHING,
        overdue_days=text("facts.overdue_days"),
        real_security_boxes=ticks(YES_NO, at("facts.real_security")),
        real_security=tuple(
            f"签订时间：{shown(row.signed_on)}（合同编号{row.contract_no}）"
            for row in loan.collateral
        ),
        security_objects=tuple(
            f"担保人：{row.provider.name}　担保物：{row.description}" for row in loan.collateral
        )
        or (NOTHING,),
        maximum_boxes=ticks(YES_NO, at("facts.maximum_amount")),
        maximum=(),
        registered_boxes=ticks(YES_NO, at("facts.registered")),
        registration_boxes=ticks(("正式登记", "预告登记"), at("facts.registration_kind")),
        guarantee_boxes=ticks(YES_NO, at("facts.guarantee")),
        guarantees=tuple(
            f"签订时间：{shown(row.signed_on)}　保证人：{row.guarantor.name}　"
            f"主要内容：{row.scope_clause or '为主合同项下全部债务提供保证'}"
            f"（合同编号{row.contract_no}）"
            for row in loan.guarantees
        ),
        guarantee_kind_boxes=ticks(("一般保证", "连带责任保证"), at("facts.guarantee_kind")),
        other_security_boxes=ticks(YES_NO, at("facts.other_security")),
        basis_contract=text("facts.basis_contract"),
        basis_law=text("facts.basis_law"),
        other_facts=text("facts.other_facts"),
        mediation_known=ticks(UNDERSTANDS, source.fact("mediation.known").strip()),
        mediation_considered=ticks(CONSIDERS, source.fact("mediation.considered").strip()),
        court=source.case.court,
        signatory=text("signature.signatory"),
        date=text("signature.date"),
    )


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _calculation(source: Source) -> ClaimCalculation:
    loan, claim, owed = source.loan, source.claim, source.claim.position
    deducted = (
        f"各行罚息、复利合计中已扣除截止日前已付的罚息、复利 {claim.deducted:,} 元。"
        if claim.deducted
        else "各项合计等于上表各行之和。"
    )
    return ClaimCalculation(
        borrower=loan.customer.name,
        contract_no=loan.contract.contract_no,
        loan_no=loan.loan_no,
        cut_off_date=shown(owed.as_of),
        rows=tuple(
            CalculationRow(
                kind=str(row.kind),
                base=f"{row.base:,}",
                rate=f"{row.rate_pct.normalize():f}%",
                start=row.start.isoformat(),
                end=row.end.isoformat(),
                days=str(row.days),
                amount=f"{row.amount:,}",
                note=row.note,
            )
            for row in claim.rows
        ),
        principal=f"{claim.principal:,}",
        interest=f"{claim.in_term:,}",
        penalty=f"{owed.penalty:,}",
        compound=f"{owed.compound:,}",
        deducted=deducted,
        total=f"{claim.total:,}",
        total_words=rmb_upper(claim.total).canonical if claim.total else "零元整",
        day_basis=f"一年按 {loan.day_basis} 天",
        rate_clauses=f"《{loan.contract.name}》"
        + "、".join(dict.fromkeys(loan.contract.clauses.values())),
        until_payment_sentence=days_in_body(owed.until_paid),
        unit=source.lender.name,
        date=shown(source.day),
    )


def _power(source: Source) -> PowerOfAttorney:
    lender, entry = source.lender, agent(source)
    stages = (Stage.FIRST, Stage.SECOND, Stage.ENFORCEMENT)
    return PowerOfAttorney(
        grantor=lender.name,
        uscc=shown(lender.uscc),
        domicile=shown(lender.domicile),
        legal_representative=shown(lender.legal_rep),
        legal_representative_post=shown(lender.legal_rep_post),
        agents=(
            (
                f"{entry['name']}，{entry['unit']}{entry['post']}，"
                f"联系电话：{_or_none(entry['phone'])}"
            ),
        ),
        matter=f"与{source.loan.customer.name}等{source.case.cause}一案",
        stages="、".join(str(stage) for stage in stages),
        powers=POWERS,
        date=shown(source.day),
    )


def _identity(source: Source) -> IdentityCertificate:
    lender = source.lender
    return IdentityCertificate(
        name=shown(lender.legal_rep),
        post=shown(lender.legal_rep_post),
        unit=lender.name,
        uscc=shown(lender.uscc),
        id_no=shown(lender.legal_rep_id_no),
        court=source.case.court,
        date=shown(source.day),
    )

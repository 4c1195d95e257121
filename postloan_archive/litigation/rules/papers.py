"""What each pleading and annex must contain (R-H02a) and in how many copies (R-H03)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Citation, Confidence, Derived
from postloan_archive.kernel.statutes import (
    CIVIL_PROCEDURE_INTERPRETATION,
    CIVIL_PROCEDURE_LAW,
    DOCKETING_PROVISIONS,
    HOUSE_RULE,
    SUPERVISION_RULES,
)
from postloan_archive.notices.rules.fields import PaperFields

SIGNED: Final = ("signatory", "date")  # ends every paper except those that sign otherwise
EVIDENCE_COLUMNS: Final = (
    "序号", "证据名称", "证据来源", "证明目的", "页码", "份数", "原件或复印件",
    "提交人签章", "提交日期",
)  # fmt: skip


def _signed(code: str, title: str, keys: str, conditional: str = "") -> PaperFields:
    return PaperFields(
        code=code,
        title=title,
        keys=(*keys.split(), *SIGNED),
        conditional=tuple(conditional.split()),
    )


def _as_listed(code: str, title: str, keys: tuple[str, ...]) -> PaperFields:
    return PaperFields(code=code, title=title, keys=keys)


PAPERS: Final[Mapping[str, PaperFields]] = {
    paper.code: paper
    for paper in (
        _signed(
            "P01",
            "民事起诉状",
            "court plaintiffs defendants claims jurisdiction preservation facts"
            " evidence_list mediation",
        ),
        _signed(
            "P02",
            "支付令申请书",
            "court applicant respondent amount currency due_date facts evidence_list"
            " no_other_dispute no_counter_obligation debtor_reachable",
        ),
        _signed(
            "P03",
            "财产保全申请书",
            "court applicant respondent service_addresses phase request amount_or_object"
            " facts assets_or_leads security_or_reason",
            "effective_document",
        ),
        _signed(
            "P04",
            "续行保全申请书",
            "court applicant respondent case_no ruling_no asset measure expiry_date"
            " new_period reason",
        ),
        _signed(
            "P05",
            "解除保全申请书",
            "court applicant respondent case_no ruling_no asset scope reason",
        ),
        _signed(
            "P06",
            "实现担保物权申请书",
            "court applicant respondent request secured_amount facts main_contract"
            " security_contract registration_no due_status asset_state",
        ),
        _signed(
            "P07",
            "民事上诉状",
            "court original_court case_no cause appellant appellees requests reasons",
        ),
        _signed("P08", "撤诉申请书", "court case_no plaintiff reason"),
        _signed(
            "P09", "管辖权异议答辩", "court case_no party clause connection_evidence opinion"
        ),
        _signed(
            "P10",
            "延期举证申请书",
            "court case_no applicant evidence_items evidence_period_end reason new_date",
        ),
        _signed(
            "P11",
            "调查取证申请书",
            "court case_no applicant holder holder_address evidence_items reason"
            " fact_to_prove clear_leads",
        ),
        _signed(
            "P12",
            "公告送达申请书",
            "court case_no applicant addressee attempts missing_proof",
        ),
        _signed(
            "P13",
            "变更诉讼请求申请书",
            "court case_no plaintiff old_claims new_claims new_total reason",
        ),
        _signed(
            "P14", "追加当事人申请书", "court case_no applicant added_party role reason"
        ),
        _signed(
            "P15",
            "保全担保书",
            "court applicant respondent guarantor form scope asset_and_value liability",
            "applicant_licence exemption_ground",
        ),
        _signed(
            "P16", "复议申请书", "court ruling_no served_on applicant request reasons"
        ),
        _signed(
            "P17",
            "民事监督申请书",
            "procuratorate applicant other_parties case_nos request statutory_ground facts",
        ),
        _signed(
            "P18",
            "再审申请书",
            "court applicant respondents other_parties original_court case_no request"
            " statutory_ground facts",
        ),
        _signed("P19", "退费申请书", "court case_no payer amount receipt_no account"),
        _signed(
            "P20",
            "司法确认申请书",
            "court applicants mediation_body agreement effective_on request",
        ),
        _signed(
            "X01",
            "强制执行申请书",
            "court applicant respondents title_no title_court effective_on"
            " performance_last_day request_principal request_general_interest"
            " request_doubled_interest request_costs facts known_assets receiving_account",
        ),
        _signed(
            "X02",
            "恢复执行申请书",
            "court applicant respondents title_no previous_enforcement_no reason assets"
            " balance",
        ),
        _signed(
            "X03",
            "参与分配申请书",
            "court enforcement_no applicant debtor title_no_or_priority claim_amount"
            " priority facts",
        ),
        _signed(
            "X04",
            "变更、追加被执行人申请书",
            "court enforcement_no applicant added_party ground_article facts evidence_list",
        ),
        _signed("X05", "财产线索申请书", "court enforcement_no applicant debtor assets"),
        _signed(
            "X06",
            "评估拍卖申请书",
            "court enforcement_no applicant asset seizure_ruling valuation_way"
            " reserve_opinion",
        ),
        _signed(
            "X07",
            "以物抵债申请书",
            "court enforcement_no applicant asset price set_off_amount internal_approval",
        ),
        _signed(
            "X08",
            "限制消费、纳入失信申请书",
            "court enforcement_no applicant debtor measure facts",
        ),
        _signed(
            "X09",
            "执行异议书",
            "court enforcement_no objector act_objected request facts service_address"
            " evidence_list",
            "ruling_no served_on",
        ),
        _as_listed(
            "X10",
            "执行和解协议",
            (
                "parties", "title_no", "enforcement_no", "amount", "schedule", "security",
                "default_consequence", "signatures", "date",
            ),
        ),
        _signed(
            "X11",
            "执行异议之诉起诉状",
            "court plaintiff defendants ruling_no served_on asset request facts"
            " evidence_list",
        ),
        _signed(
            "X12",
            "债权申报书",
            "administrator debtor acceptance_date claim_principal claim_interest"
            " claim_total nature security joint_debtors evidence_list receiving_account",
        ),
        _signed(
            "X13",
            "分配方案异议书",
            "court enforcement_no party plan received_on item correct_share reasons",
        ),
        _as_listed("A01", "证据目录", EVIDENCE_COLUMNS),
        _as_listed(
            "A02",
            "授权委托书",
            (
                "grantor", "legal_representative", "agents", "matter", "stages", "powers",
                "grantor_seal", "date",
            ),
        ),
        _as_listed(
            "A03",
            "法定代表人（负责人）身份证明书",
            ("name", "post", "unit", "id_no", "seal", "date"),
        ),
        _as_listed(
            "A04",
            "律师事务所函",
            ("law_firm", "client", "case", "lawyers", "licence_nos", "seal", "date"),
        ),
        _signed(
            "A05",
            "送达地址确认书",
            "party case_no_or_cause post_code address recipient phone e_service_consent",
            "e_channel e_address",
        ),
        _as_listed(
            "A06",
            "债权计算表",
            (
                "cut_off_date", "rows", "totals", "day_basis", "rate_clauses",
                "until_payment_sentence", "prepared_by", "checked_by",
            ),
        ),
        PaperFields(
            code="A08",
            title="被保全财产清单",
            keys=("rows",),
            line_keys=("type", "identifier", "location", "holder", "value"),
        ),
        _as_listed(
            "A09",
            "收款账户确认书",
            ("payee", "account", "bank", "case_no", "purpose", "seal", "date"),
        ),
        _as_listed(
            "A10",
            "劳动（人事）关系证明",
            ("employee", "id_no", "post", "employed_since", "unit", "seal", "date"),
        ),
        _signed("A11", "生效证明申请书", "court case_no applicant title_no service_dates"),
    )
}  # fmt: skip


VARIANTS: Final[Mapping[str, PaperFields]] = {  # of the complaint, beside the loan dispute
    paper.code: paper
    for paper in (
        _signed(
            "P01K",
            "民事起诉状（信用卡纠纷）",
            "court plaintiffs agents defendants overdraft_principal overdraft_charges"
            " until_paid interest_method security_claimed security_content costs_claimed"
            " costs_detail court_fees_claimed other_claims total_amount jurisdiction_agreed"
            " jurisdiction_clause preservation_done preservation_detail card_no card_holder"
            " card_opened_on card_bank terms_overdraft terms_standards terms_liability"
            " terms_termination terms_pointed_out terms_pointed_detail paid_since_default"
            " amounts_detail demand_made demand_detail guarantee_detail basis other_facts"
            " evidence_list",
        ),
        _signed(
            "P01B",
            "民事起诉状（保证合同纠纷）",
            "court plaintiffs defendants claims facts reason evidence_list",
        ),
    )
}
ALL_PAPERS: Final[Mapping[str, PaperFields]] = {**PAPERS, **VARIANTS}
CLASS_ONE: Final = frozenset(
    ["P01", "P02", "P06", "P07", "P09", "P13", "P14", "P17", "P18", "X04", "X09", "X11", "X13"]
)
CLASS_TWO: Final = frozenset(
    [
        "P03",
        "P04",
        "P05",
        "P08",
        "P10",
        "P11",
        "P12",
        "P15",
        "P16",
        "P19",
        "X01",
        "X02",
        "X03",
        "X05",
        "X06",
        "X07",
        "X08",
        "X12",
        "A11",
    ]
)
OTHER_CLASSES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("P20", "X10"), "第 3 类：每方当事人一份，另交法院或调解组织一份"),
    **dict.fromkeys(("A01", "A06", "A08"), "第 4 类：随所附文书逐套提交"),
    **dict.fromkeys(("A02", "A03", "A04", "A05", "A10"), "第 5 类：每个审级各一份原件"),
    **dict.fromkeys(
        (f"N{number:02}" for number in range(1, 17)), "第 6 类：每个收件人两份（收件人、存档）"
    ),
    **dict.fromkeys(("A07", "A09"), "附件，不按份数规则计算"),
}

COPIES_OF_COMPLAINT: Final = CIVIL_PROCEDURE_LAW.at("第一百二十三条", rule="R-H03")
COPIES_OF_APPEAL: Final = CIVIL_PROCEDURE_LAW.at("第一百七十三条", rule="R-H03")
COPIES_AT_DOCKETING: Final = DOCKETING_PROVISIONS.at("第六条第四项", rule="R-H03")
COPIES_OF_RETRIAL: Final = CIVIL_PROCEDURE_INTERPRETATION.at(
    "第三百七十五条第一款第一项", rule="R-H03"
)
COPIES_OF_SUPERVISION: Final = SUPERVISION_RULES.at("第二十二条第二款", rule="R-H03")
COPIES_USUAL: Final = HOUSE_RULE.at("文书份数分类", rule="R-H03", confidence=Confidence.MEMORY)
BASIS_OF: Final[Mapping[str, tuple[Citation, ...]]] = {
    "P01": (COPIES_OF_COMPLAINT, COPIES_AT_DOCKETING),
    "P07": (COPIES_OF_APPEAL,),
    "P17": (COPIES_OF_SUPERVISION,),
    "P18": (COPIES_OF_RETRIAL,),
}


class NoCopyRuleError(RuleError):
    """The number of copies of this paper is not counted by parties."""

    field = "doc"

    def __init__(self, *, doc: str, reason: str) -> None:
        super().__init__(
            _l("{doc} 不适用按当事人计算份数的规则：{reason}。"),
            basis=COPIES_USUAL,
            doc=doc,
            reason=reason,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """Signed papers, copies for the other parties, sets of evidence; our own is on top."""

    original: int
    copies: int
    evidence_sets: int


def copies(doc: str, *, defendants: int, third_parties: int) -> Derived[Copies]:
    """Return how many papers are handed in (R-H03).

    Args:
        doc: a code of class 1 or 2.
        defendants: opposing parties (respondents, appellees).
        third_parties: other parties.

    Raises:
        NoCopyRuleError: the paper belongs to another class.
    """
    if doc in CLASS_ONE:
        others = defendants + third_parties
        value = Copies(original=1, copies=others, evidence_sets=others + 1)
        why = f"第 1 类：对方及其他当事人 {others} 人，每人一份副本，证据另加法院一套"
    elif doc in CLASS_TWO:
        value = Copies(original=1, copies=0, evidence_sets=1)
        why = "第 2 类：原件一份，证据一套，法院可要求增加"
    else:
        raise NoCopyRuleError(doc=doc, reason=OTHER_CLASSES.get(doc, "没有这种文书"))
    return Derived(value=value, basis=(*BASIS_OF.get(doc, ()), COPIES_USUAL), steps=(why,))

"""What each blank of a court paper is called, how it is asked, where the answer is kept.

The keys are those of R-H02a. A shared blank is asked once for the case and used by every paper
that has it; the others belong to their paper.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.litigation.rules.papers import ALL_PAPERS


class BlankKind(StrEnum):
    """How a blank is asked for and printed."""

    PARTY = "party"  # the blocks of the parties, from the file
    LINE = "line"
    TEXT = "text"  # several paragraphs
    DAY = "day"
    AMOUNT = "amount"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """One blank.

    Attributes:
        key: of R-H02a.
        label: Chinese.
        kind: how it is asked for.
        shared: one answer for all papers of the case.
        options: of a choice, as printed.
        hint: what belongs here.
        boxed: printed as boxes, the chosen one ticked.
    """

    key: str
    label: str
    kind: BlankKind = BlankKind.LINE
    shared: bool = False
    options: tuple[str, ...] = ()
    hint: str = ""
    boxed: bool = False


def _blank(key: str, label: str, kind: BlankKind = BlankKind.LINE, **more: object) -> Blank:
    return Blank(key=key, label=label, kind=kind, **more)  # type: ignore[arg-type]  # named above


PARTY, TEXT, DAY, AMOUNT, CHOICE = (
    BlankKind.PARTY, BlankKind.TEXT, BlankKind.DAY, BlankKind.AMOUNT, BlankKind.CHOICE,
)  # fmt: skip
ASSET_HINT: Final = _l("每行一项：种类；名称、编号；所在地；权利人；价值")
LEAD_HINT: Final = _l(
    "来自案卷的押品和保全措施；每行一项：种类；名称、编号；所在地；权利人；价值"
)

BLANKS: Final[Mapping[str, Blank]] = {
    one.key: one
    for one in (
        _blank("court", _l("法院")),
        _blank("applicant", _l("申请人"), PARTY),
        _blank("respondent", _l("被申请人"), PARTY),
        _blank("respondents", _l("对方当事人"), PARTY),
        _blank("plaintiff", _l("原告"), PARTY),
        _blank("defendants", _l("被告"), PARTY),
        _blank("appellant", _l("上诉人"), PARTY),
        _blank("appellees", _l("被上诉人"), PARTY),
        _blank("party", _l("当事人"), PARTY),
        _blank("parties", _l("当事人"), PARTY),
        _blank("applicants", _l("申请人"), PARTY),
        _blank("other_parties", _l("其他当事人"), PARTY),
        _blank("objector", _l("异议人"), PARTY),
        _blank("debtor", _l("被执行人（债务人）"), PARTY),
        _blank("payer", _l("缴费人"), PARTY),
        _blank("amount", _l("数额"), AMOUNT),
        _blank("currency", _l("币种")),
        _blank("due_date", _l("到期日"), DAY),
        _blank("facts", _l("事实与理由"), TEXT),
        _blank("evidence_list", _l("证据"), TEXT),
        _blank("no_other_dispute", _l("与债务人之间有无其他债务纠纷"), CHOICE,
               options=("没有", "有")),
        _blank("no_counter_obligation", _l("我方有无对待给付义务"), CHOICE,
               options=("没有", "负有")),
        _blank("debtor_reachable", _l("债务人能否送达"), CHOICE,
               options=("在我国境内且支付令能够送达", "下落不明或者支付令不能送达")),
        _blank("service_addresses", _l("送达地址"), TEXT),
        _blank("phase", _l("保全阶段"), CHOICE, options=("诉前", "诉讼中", "执行前")),
        _blank("request", _l("请求事项"), TEXT),
        _blank("requests", _l("请求事项"), TEXT),
        _blank("amount_or_object", _l("保全数额或者争议标的")),
        _blank("assets_or_leads", _l("财产信息或者线索"), TEXT, hint=LEAD_HINT),
        _blank("security_or_reason", _l("担保，或者不提供担保的理由"), TEXT),
        _blank("effective_document", _l("生效法律文书（作出机关、文号、主要内容）"), TEXT),
        _blank("secured_amount", _l("担保债权数额"), AMOUNT),
        _blank("main_contract", _l("主合同")),
        _blank("security_contract", _l("担保合同")),
        _blank("registration_no", _l("登记证明编号")),
        _blank("due_status", _l("债务到期情况"), TEXT),
        _blank("asset_state", _l("担保财产现状"), TEXT, shared=True,
               hint=_l("占有、使用、出租、查封和其他担保权利的情况。")),
        _blank("original_court", _l("原审法院")),
        _blank("case_no", _l("案号")),
        _blank("case_nos", _l("案号（全部裁判文书）")),
        _blank("cause", _l("案由")),
        _blank("reasons", _l("理由"), TEXT),
        _blank("reason", _l("事实与理由"), TEXT),
        _blank("clause", _l("管辖条款")),
        _blank("connection_evidence", _l("证明连结点的证据"), TEXT),
        _blank("opinion", _l("管辖意见"), TEXT),
        _blank("evidence_items", _l("证据名称"), TEXT),
        _blank("evidence_period_end", _l("举证期限届满日"), DAY, shared=True),
        _blank("new_date", _l("申请延长至"), DAY),
        _blank("holder", _l("证据持有人")),
        _blank("holder_address", _l("持有人住所")),
        _blank("fact_to_prove", _l("待证事实"), TEXT),
        _blank("clear_leads", _l("明确的线索"), TEXT),
        _blank("addressee", _l("受送达人")),
        _blank("attempts", _l("已采取的送达方式、日期、地址和结果"), TEXT),
        _blank("missing_proof", _l("下落不明的证明"), TEXT),
        _blank("old_claims", _l("原诉讼请求"), TEXT),
        _blank("new_claims", _l("变更后的诉讼请求"), TEXT),
        _blank("new_total", _l("变更后标的总额"), AMOUNT),
        _blank("added_party", _l("被追加人（姓名或名称、证件号码、住所地）"), TEXT),
        _blank("role", _l("追加为"), CHOICE, options=("共同被告", "第三人")),
        _blank("guarantor", _l("担保人"), shared=True),
        _blank("form", _l("担保方式"), CHOICE, shared=True,
               options=("保证", "保函", "诉讼财产保全责任保险", "抵押", "质押")),
        _blank("scope", _l("担保范围"), TEXT),
        _blank("asset_and_value", _l("担保财产及价值"), shared=True),
        _blank("liability", _l("担保责任"), TEXT),
        _blank("applicant_licence", _l("申请人金融许可证编号"), shared=True),
        _blank("exemption_ground", _l("免予担保的理由"), TEXT),
        _blank("ruling_no", _l("裁定文号")),
        _blank("served_on", _l("送达日"), DAY),
        _blank("procuratorate", _l("人民检察院")),
        _blank("statutory_ground", _l("法定事由（条、项）")),
        _blank("receipt_no", _l("缴费凭证号"), shared=True),
        _blank("account", _l("收款账户")),
        _blank("mediation_body", _l("调解组织"), shared=True),
        _blank("agreement", _l("调解协议内容"), TEXT, shared=True),
        _blank("effective_on", _l("生效日"), DAY),
        _blank("title_no", _l("执行依据文号"), shared=True),
        _blank("title_court", _l("作出执行依据的机关"), shared=True),
        _blank("performance_last_day", _l("履行期限届满日"), DAY, shared=True),
        _blank("request_principal", _l("请求：本金"), TEXT),
        _blank("request_general_interest", _l("请求：一般债务利息"), TEXT),
        _blank("request_doubled_interest", _l("请求：加倍部分债务利息"), TEXT),
        _blank("request_costs", _l("请求：费用"), TEXT),
        _blank("known_assets", _l("已知财产"), TEXT, hint=LEAD_HINT),
        _blank("receiving_account", _l("收款账户")),
        _blank("previous_enforcement_no", _l("原执行案号"), shared=True),
        _blank("assets", _l("财产线索"), TEXT, hint=LEAD_HINT),
        _blank("balance", _l("尚未履行数额"), AMOUNT),
        _blank("enforcement_no", _l("执行案号"), shared=True),
        _blank("title_no_or_priority", _l("执行依据或者优先权依据")),
        _blank("claim_amount", _l("债权数额"), AMOUNT),
        _blank("priority", _l("优先受偿权")),
        _blank("ground_article", _l("变更追加规定的条款（如第十四条）")),
        _blank("asset", _l("财产")),
        _blank("seizure_ruling", _l("查封裁定")),
        _blank("valuation_way", _l("确定参考价的方式"), CHOICE,
               options=("当事人议价", "定向询价", "网络询价", "委托评估")),
        _blank("reserve_opinion", _l("对参考价、保留价的意见"), TEXT),
        _blank("price", _l("抵债价格"), AMOUNT),
        _blank("set_off_amount", _l("抵销债权数额"), AMOUNT),
        _blank("internal_approval", _l("内部审批文号")),
        _blank("measure", _l("请求采取的措施"), TEXT),
        _blank("act_objected", _l("异议的执行行为"), TEXT),
        _blank("service_address", _l("送达地址")),
        _blank("schedule", _l("履行金额、期限和方式"), TEXT),
        _blank("security", _l("担保")),
        _blank("default_consequence", _l("不履行的后果"), TEXT),
        _blank("signatures", _l("签章"), TEXT),
        _blank("administrator", _l("管理人")),
        _blank("acceptance_date", _l("破产申请受理日"), DAY),
        _blank("claim_principal", _l("本金"), AMOUNT),
        _blank("claim_interest", _l("利息"), AMOUNT),
        _blank("claim_total", _l("申报总额"), AMOUNT),
        _blank("nature", _l("债权性质")),
        _blank("joint_debtors", _l("连带债务人")),
        _blank("plan", _l("分配方案")),
        _blank("received_on", _l("收到日"), DAY),
        _blank("item", _l("异议项目")),
        _blank("correct_share", _l("应分配数额")),
        _blank("law_firm", _l("律师事务所"), shared=True),
        _blank("client", _l("委托人")),
        _blank("case", _l("案由")),
        _blank("lawyers", _l("律师姓名"), shared=True),
        _blank("licence_nos", _l("执业证号"), shared=True),
        _blank("seal", _l("盖章单位")),
        _blank("case_no_or_cause", _l("案号或案由")),
        _blank("post_code", _l("邮政编码"), shared=True),
        _blank("address", _l("送达地址"), shared=True),
        _blank("recipient", _l("收件人"), shared=True),
        _blank("phone", _l("联系电话"), shared=True),
        _blank("e_service_consent", _l("是否同意电子送达"), CHOICE, shared=True,
               options=("同意", "不同意")),
        _blank("e_channel", _l("电子送达方式"), shared=True),
        _blank("e_address", _l("电子送达地址"), shared=True),
        _blank("payee", _l("户名")),
        _blank("bank", _l("开户行")),
        _blank("purpose", _l("款项用途"), CHOICE, options=("执行款", "退还的诉讼费用")),
        _blank("employee", _l("员工姓名")),
        _blank("id_no", _l("居民身份证号码"), shared=True),
        _blank("post", _l("职务")),
        _blank("employed_since", _l("入职日期"), DAY, shared=True),
        _blank("unit", _l("单位")),
        _blank("service_dates", _l("各方送达情况"), TEXT),
        _blank("plaintiffs", _l("原告"), PARTY),
        _blank("agents", _l("委托诉讼代理人"), TEXT),
        _blank("claims", _l("诉讼请求"), TEXT),
        _blank("overdraft_principal", _l("透支本金"), AMOUNT),
        _blank("overdraft_charges", _l("利息、罚息、复利、滞纳金、违约金、手续费合计"), AMOUNT),
        _blank("until_paid", _l("是否请求支付至实际清偿之日止"), CHOICE, options=("是", "否"),
               boxed=True),
        _blank("interest_method", _l("计算方式"), TEXT),
        _blank("security_claimed", _l("是否主张担保权利"), CHOICE, options=("是", "否"),
               boxed=True),
        _blank("security_content", _l("担保权利的内容"), TEXT),
        _blank("costs_claimed", _l("是否主张实现债权的费用"), CHOICE, options=("是", "否"),
               boxed=True),
        _blank("costs_detail", _l("费用明细"), TEXT),
        _blank("court_fees_claimed", _l("是否主张诉讼费用"), CHOICE, options=("是", "否"),
               boxed=True),
        _blank("other_claims", _l("其他请求"), TEXT),
        _blank("total_amount", _l("标的总额"), AMOUNT),
        _blank("jurisdiction_agreed", _l("有无仲裁、法院管辖约定"), CHOICE,
               options=("有", "无"), boxed=True),
        _blank("jurisdiction_clause", _l("管辖条款及内容"), TEXT),
        _blank("preservation_done", _l("是否已经诉前保全"), CHOICE, options=("是", "否"),
               boxed=True),
        _blank("preservation_detail", _l("保全法院、时间、案号"), TEXT),
        _blank("card_no", _l("信用卡卡号"), shared=True),
        _blank("card_holder", _l("持卡人")),
        _blank("card_opened_on", _l("领卡（开户）日期"), DAY, shared=True),
        _blank("card_bank", _l("发卡行")),
        _blank("terms_overdraft", _l("合约：透支金额、额度"), TEXT, shared=True),
        _blank("terms_standards", _l("合约：利息、罚息、复利、违约金、手续费的计算标准"), TEXT,
               shared=True),
        _blank("terms_liability", _l("合约：违约责任"), TEXT, shared=True),
        _blank("terms_termination", _l("合约：解除条件"), TEXT, shared=True),
        _blank("terms_pointed_out", _l("是否对主要条款进行提示注意、说明"), CHOICE,
               options=("是", "否"), boxed=True, shared=True),
        _blank("terms_pointed_detail", _l("提示说明的方式、时间、地点"), TEXT, shared=True),
        _blank("paid_since_default", _l("逾期后已还数额"), TEXT),
        _blank("amounts_detail", _l("各项欠款明细"), TEXT),
        _blank("demand_made", _l("是否通知和催收"), CHOICE, options=("是", "否"), boxed=True),
        _blank("demand_detail", _l("催收的情况"), TEXT),
        _blank("guarantee_detail", _l("担保情况"), TEXT),
        _blank("basis", _l("请求承担责任的依据"), TEXT),
        _blank("other_facts", _l("其他需要说明的内容"), TEXT),
        _blank("signatory", _l("署名")),
        _blank("date", _l("日期"), DAY),
        _blank("heading", _l("文书名称")),
        _blank("attachments", _l("附件"), TEXT),
    )
}  # fmt: skip
OWN: Final[Mapping[tuple[str, str], Blank]] = {  # where a paper means something else by a key
    ("X10", "security"): _blank("security", _l("履行的担保"), TEXT),
    ("A05", "party"): _blank("party", _l("当事人")),
    ("X04", "evidence_list"): _blank("evidence_list", _l("证明变更、追加事由的证据"), TEXT),
    ("P13", "heading"): _blank("heading", _l("文书名称"), CHOICE,
        options=("变更诉讼请求申请书", "增加诉讼请求申请书")),
    ("P15", "heading"): _blank("heading", _l("文书名称"), CHOICE,
        options=("关于免予提供担保的说明", "保全担保书", "保函")),
    ("X08", "heading"): _blank("heading", _l("文书名称"), CHOICE,
        options=("限制消费申请书", "纳入失信被执行人名单申请书",
                 "限制消费、纳入失信被执行人名单申请书")),
    ("X09", "heading"): _blank("heading", _l("文书名称"), CHOICE,
        options=("执行异议书", "复议申请书")),
    ("X13", "heading"): _blank("heading", _l("文书名称"), CHOICE,
        options=("分配方案异议书", "对异议的反对意见", "民事起诉状（分配方案异议之诉）")),
    ("X01", "effective_on"): _blank("effective_on", _l("执行依据生效日"), DAY),
    ("X11", "served_on"): _blank("served_on", _l("中止执行裁定送达日"), DAY),
    ("A10", "post"): _blank("post", _l("员工职务")),
}  # fmt: skip
SAME_FACT: Final[Mapping[str, str]] = {  # different words on paper for one fact of the case
    "assets_or_leads": "assets",
    "known_assets": "assets",
    "assets": "assets",
}
JUDGED: Final = (
    _blank("judged_principal", _l("判决确定的本金"), AMOUNT, shared=True),
    _blank("judged_interest", _l("判决确定的利息（已计明部分）"), AMOUNT, shared=True),
    _blank("judged_interest_formula", _l("判决确定的利息计算方式"), TEXT, shared=True,
           hint=_l("照判决主文抄录。")),
    _blank("judged_costs", _l("判决确定的费用（诉讼费、保全费、律师费等）"), AMOUNT,
           shared=True),
)  # fmt: skip
BESIDES: Final[Mapping[str, tuple[Blank, ...]]] = {"X01": JUDGED}
HEADED: Final = frozenset({"P13", "P15", "X08", "X09", "X13"})  # one paper under several names
TO_A_COURT: Final = frozenset({"A04", "A05", "A09", "A10"})  # the court is on the paper as well
WITHOUT_ATTACHMENTS: Final = frozenset({"X10", "P01K"})
EXEMPTION: Final = "关于免予提供担保的说明"
GIVEN_SECURITY: Final = ("guarantor", "form", "scope", "asset_and_value", "liability")
EXEMPTED: Final = ("applicant_licence", "exemption_ground")

DETAILS: Final[Mapping[str, str]] = {  # a ticked box asks for its text
    "security_claimed": "security_content",
    "costs_claimed": "costs_detail",
    "jurisdiction_agreed": "jurisdiction_clause",
    "preservation_done": "preservation_detail",
    "terms_pointed_out": "terms_pointed_detail",
    "demand_made": "demand_detail",
}
NOT_ALWAYS: Final = frozenset(
    {*DETAILS.values(), "agents", "other_claims", "guarantee_detail", "other_facts"}
)


def blank_of(code: str, key: str) -> Blank:
    """Return a blank of a paper."""
    return OWN.get((code, key)) or BLANKS[key]


def blanks_of(code: str) -> Iterator[Blank]:
    """Yield the blanks of a paper in the order of R-H02a, those of a stated case at the end."""
    paper = ALL_PAPERS[code]
    if code in HEADED:
        yield blank_of(code, "heading")
    if "court" not in paper.keys and code in TO_A_COURT:
        yield blank_of(code, "court")
    for key in (*paper.keys, *paper.conditional):
        yield blank_of(code, key)
    if _ends_with_signature(code) and code not in WITHOUT_ATTACHMENTS:
        yield blank_of(code, "attachments")


def required_of(code: str, values: Mapping[str, object]) -> tuple[str, ...]:
    """Return the keys that must be filled, given what the paper says (R-H02a)."""
    paper = ALL_PAPERS[code]
    keys = [key for key in paper.keys if key != "attachments"]
    if code == "P03" and values.get("phase") == "执行前":
        keys.append("effective_document")
    if code == "P15" and values.get("heading") == EXEMPTION:
        keys = [key for key in keys if key not in GIVEN_SECURITY] + list(EXEMPTED)
    if code == "X09" and values.get("heading") == "复议申请书":
        keys += ["ruling_no", "served_on"]
    if code == "P01K":
        keys = [key for key in keys if key not in NOT_ALWAYS]
        keys += [detail for box, detail in DETAILS.items() if values.get(box) in {"是", "有"}]
    if code == "A05" and values.get("e_service_consent") == "同意":
        keys += ["e_channel", "e_address"]
    return tuple(keys)


def fact_key(code: str, blank: Blank) -> str:
    """Return the name under which the answer is kept with the case."""
    if blank.key in SAME_FACT:
        return SAME_FACT[blank.key]
    return blank.key if blank.shared else f"{code}.{blank.key}"


def asked_besides(code: str) -> tuple[Blank, ...]:
    """Return what a paper is written from although it has no blank of that name."""
    return BESIDES.get(code, ())


def _ends_with_signature(code: str) -> bool:
    return "signatory" in ALL_PAPERS[code].keys and code != "A05"

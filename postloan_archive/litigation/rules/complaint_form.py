"""The element-based complaint of a loan dispute (R-H08): blocks, fields, boxes, required ones.

Field structure in our own words after the table form of 法〔2025〕82号, as seen in two public
transcriptions; compare once with the official PDF before use. Order and labels of the blocks
are fixed; rows may grow; a field that does not apply says 无 or stays empty.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from postloan_archive.kernel.law import Confidence
from postloan_archive.kernel.statutes import Statute
from postloan_archive.notices.rules.fields import is_present

MODEL_FORMS: Final = Statute(
    name="关于印发《民事起诉状、答辩状示范文本》的通知",
    edition="法〔2025〕82号",
)
COMPLAINT: Final = MODEL_FORMS.at(
    "金融借款合同纠纷起诉状", rule="R-H08", confidence=Confidence.SECONDARY
)
TICKED: Final = "☑"
EMPTY: Final = "□"

YES_NO: Final = ("是", "否")
HAS_NOT: Final = ("有", "无")
SEXES: Final = ("男", "女")
ENTITY_TYPES: Final = (
    "有限责任公司", "股份有限公司", "上市公司", "其他企业法人", "事业单位", "社会团体",
    "基金会", "社会服务机构", "机关法人", "农村集体经济组织法人",
    "城镇农村的合作经济组织法人", "基层群众性自治组织法人", "个人独资企业", "合伙企业",
    "不具有法人资格的专业服务机构",
)  # fmt: skip
OWNERSHIPS: Final = ("国有控股", "国有参股", "民营", "其他")
REPAYMENT_METHODS: Final = (
    "等额本息", "等额本金", "到期一次性还本付息", "按月计息、到期一次性还本",
    "按季计息、到期一次性还本", "按年计息、到期一次性还本", "其他",
)  # fmt: skip
UNDERSTANDS: Final = ("了解", "不了解")
CONSIDERS: Final = ("是", "否", "暂不确定，想要了解更多内容")
BENEFITS: Final = 5  # printed statements on mediation, each with its own boxes


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field of the form.

    Attributes:
        key: path below its block, such as `principal.amount`.
        label: as printed.
        boxes: exactly one of these is ticked; empty for free text, dates and amounts.
        required: must be filled in every case.
        needs: (key of a box, word) that makes the field required.
    """

    key: str
    label: str
    boxes: tuple[str, ...] = ()
    required: bool = False
    needs: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormBlock:
    """One block; `repeated` blocks are lists with one entry per party."""

    no: str
    key: str
    label: str
    fields: tuple[FormField, ...]
    repeated: bool = False
    required: bool = False


def _free(key: str, label: str) -> FormField:
    return FormField(key=key, label=label)


def _must(key: str, label: str, boxes: tuple[str, ...] = ()) -> FormField:
    return FormField(key=key, label=label, boxes=boxes, required=True)


def _box(key: str, label: str, boxes: tuple[str, ...] = YES_NO) -> FormField:
    return FormField(key=key, label=label, boxes=boxes)


def _if(
    key: str, label: str, box: str, word: str = "是", boxes: tuple[str, ...] = ()
) -> FormField:
    return FormField(key=key, label=label, boxes=boxes, needs=(box, word))


NATURAL_PERSON: Final = (
    _must("name", "姓名"),
    _box("sex", "性别", SEXES),
    _free("birth_date", "出生日期"),
    _free("ethnicity", "民族"),
    _free("employer", "工作单位"),
    _free("post", "职务"),
    _free("phone", "联系电话"),
    _free("domicile", "住所地（户籍所在地）"),
    _free("habitual_residence", "经常居住地"),
    _free("id_type", "证件类型"),
    _free("id_no", "证件号码"),
)
ORGANISATION: Final = (
    _must("name", "名称"),
    _free("domicile", "住所地（主要办事机构所在地）"),
    _free("registered_place", "注册地/登记地"),
    _free("legal_rep", "法定代表人/负责人"),
    _free("legal_rep_post", "职务"),
    _free("phone", "联系电话"),
    _free("uscc", "统一社会信用代码"),
    _box("entity_type", "类型", ENTITY_TYPES),
    _box("ownership", "所有制性质", OWNERSHIPS),
    _if("ownership_text", "其他所有制", "ownership", "其他"),
)
AGENT: Final = (
    _box("has_agent", "有委托诉讼代理人", HAS_NOT),
    _if("name", "姓名", "has_agent", "有"),
    _if("unit", "单位", "has_agent", "有"),
    _free("post", "职务"),
    _free("phone", "联系电话"),
    _if("authority", "代理权限", "has_agent", "有", ("一般授权", "特别授权")),
    _if("authority_text", "特别授权内容", "authority", "特别授权"),
)
CLAIMS: Final = (
    _free("full_text", "诉讼请求（自由陈述）"),
    _must("principal.as_of", "1. 本金截至"),
    _must("principal.amount", "1. 本金尚欠（元）"),
    _free("principal.currency", "1. 外币币种"),
    _must("interest.as_of", "2. 利息截至"),
    _must("interest.total", "2. 欠利息、复利、罚息（违约金）合计（元）"),
    _must("interest.in_term", "2. 期内利息（元）"),
    _must("interest.compound", "2. 复利（元）"),
    _must("interest.penalty", "2. 罚息/违约金（元）"),
    _must("interest.until_paid", "2. 请求计算至实际清偿之日", YES_NO),
    _if("interest.method", "2. 计算方式", "interest.until_paid"),
    _box("acceleration.asked", "3. 是否提前还款或解除合同"),
    _if(
        "acceleration.kind",
        "3. 提前还款或解除",
        "acceleration.asked",
        boxes=("提前还款（加速到期）", "解除合同"),
    ),
    _box("security.claimed", "4. 是否主张担保权利"),
    _if("security.content", "4. 担保权利内容", "security.claimed"),
    _box("costs.claimed", "5. 是否主张实现债权的费用"),
    _if("costs.detail", "5. 费用明细", "costs.claimed"),
    _free("costs.amount", "5. 费用金额（元）"),
    _must("court_fees.claimed", "6. 是否主张诉讼费用", YES_NO),
    _free("other", "7. 其他请求"),
    _must("total_amount", "8. 标的总额（元）"),
)
JURISDICTION: Final = (
    _must("agreed", "1. 有无仲裁、法院管辖约定", HAS_NOT),
    _if("clause", "1. 约定内容", "agreed", "有"),
)
PRESERVATION: Final = (
    _must("done", "2. 是否已诉前保全", YES_NO),
    _if("court", "2. 保全法院", "done"),
    _if("date", "2. 保全时间", "done"),
    _if("case_no", "2. 保全案号", "done"),
)
FACTS: Final = (
    _free("full_text", "事实与理由（自由陈述）"),
    _must("contract.name", "1. 合同名称"),
    _must("contract.no", "1. 合同编号"),
    _must("contract.date", "1. 签订时间"),
    _must("contract.place", "1. 签订地点"),
    _must("lender", "2. 贷款人"),
    _must("borrower", "2. 借款人"),
    _must("amount_agreed", "3. 约定借款金额（元）"),
    _must("amount_paid_out", "3. 实际发放金额（元）"),
    _must("due", "4. 是否到期", YES_NO),
    _must("term_from", "4. 借款期限自"),
    _must("term_to", "4. 借款期限至"),
    _must("rate", "5. 借款利率"),
    _free("overdue_uplift", "5. 逾期上浮"),
    _free("compound", "5. 复利约定"),
    _free("penalty", "5. 罚息（违约金）约定"),
    _must("drawdowns", "6. 借款发放时间与金额"),
    _must("repayment_method", "7. 还款方式", REPAYMENT_METHODS),
    _if("repayment_method_text", "7. 其他还款方式", "repayment_method", "其他"),
    _must("paid_principal", "8. 已还本金（元）"),
    _must("paid_interest", "8. 已还利息（元）"),
    _must("interest_paid_to", "8. 还息至"),
    _must("overdue", "9. 是否逾期还款", YES_NO),
    _if("overdue_since", "9. 逾期时间", "overdue"),
    _if("overdue_days", "9. 逾期天数", "overdue"),
    _box("real_security", "10. 是否签订物的担保合同"),
    _if("real_security_date", "10. 签订时间", "real_security"),
    _if("security_provider", "11. 担保人", "real_security"),
    _if("security_object", "11. 担保物", "real_security"),
    _if("maximum_amount", "12. 是否最高额担保", "real_security", boxes=YES_NO),
    _if("fixing_date", "12. 债权确定时间", "maximum_amount"),
    _if("limit", "12. 担保额度（元）", "maximum_amount"),
    _if("registered", "13. 是否办理登记", "real_security", boxes=YES_NO),
    _if("registration_kind", "13. 登记种类", "registered", boxes=("正式登记", "预告登记")),
    _box("guarantee", "14. 是否签订保证合同或保函"),
    _if("guarantee_date", "14. 签订时间", "guarantee"),
    _if("guarantor", "14. 保证人", "guarantee"),
    _if("guarantee_content", "14. 主要内容", "guarantee"),
    _if("guarantee_kind", "15. 保证方式", "guarantee", boxes=("一般保证", "连带责任保证")),
    _box("other_security", "16. 是否有其他担保方式"),
    _if("other_security_form", "16. 形式", "other_security"),
    _if("other_security_date", "16. 签订时间", "other_security"),
    _must("basis_contract", "17. 合同依据"),
    _must("basis_law", "17. 法律依据"),
    _free("other_facts", "18. 其他说明"),
    _must("evidence_list", "19. 证据清单"),
)
MEDIATION: Final = (  # never ticked by the system: a person chooses
    _must("understands", "是否了解调解", UNDERSTANDS),
    *(
        _must(f"benefits.{number}", f"是否了解调解的第 {number} 项好处", UNDERSTANDS)
        for number in range(1, BENEFITS + 1)
    ),
    _must("consider", "是否考虑先行调解", CONSIDERS),
)
SIGNATURE: Final = (
    _must("signatory", "具状人（签字、盖章）"),
    _must("date", "日期"),
)

BLOCKS: Final = (
    FormBlock(no="1", key="plaintiffs", label="原告", fields=ORGANISATION, repeated=True,
              required=True),
    FormBlock(no="2", key="agents", label="委托诉讼代理人", fields=AGENT, repeated=True),
    FormBlock(no="3", key="defendants", label="被告", fields=ORGANISATION, repeated=True,
              required=True),
    FormBlock(no="4", key="third_parties", label="第三人", fields=ORGANISATION, repeated=True),
    FormBlock(no="5", key="claims", label="诉讼请求和依据", fields=CLAIMS, required=True),
    FormBlock(no="6", key="jurisdiction", label="约定管辖", fields=JURISDICTION,
              required=True),
    FormBlock(no="6", key="preservation", label="诉前保全", fields=PRESERVATION,
              required=True),
    FormBlock(no="7", key="facts", label="事实和理由", fields=FACTS, required=True),
    FormBlock(no="8", key="mediation", label="对纠纷解决方式的意愿", fields=MEDIATION,
              required=True),
    FormBlock(no="9", key="signature", label="具状人签章", fields=SIGNATURE, required=True),
)  # fmt: skip
PERSON_MARKS: Final = frozenset({"sex", "birth_date", "ethnicity", "id_type", "id_no"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFault:
    """One thing that keeps the complaint from being exported.

    Attributes:
        at: path of the field, such as `claims.principal.amount` or `defendants[0].name`.
        reason: Chinese sentence.
        may_override: a lawyer may go on with a written reason, which is logged.
    """

    at: str
    reason: str
    may_override: bool = False


def value_at(form: Mapping[str, object], path: str) -> object:
    """Return what stands at a dotted path, None where a part of it is absent."""
    value: object = form
    for part in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def fields_of(block: FormBlock, entry: Mapping[str, object]) -> tuple[FormField, ...]:
    """Return the fields of an entry: parties are natural persons or organisations."""
    if block.fields is ORGANISATION and PERSON_MARKS & entry.keys():
        return NATURAL_PERSON
    return block.fields


def _entry_faults(
    fields: Sequence[FormField], entry: Mapping[str, object], at: str
) -> Iterator[FormFault]:
    for field in fields:
        value = value_at(entry, field.key)
        where = f"{at}.{field.key}"
        needed = field.required or (
            field.needs is not None and value_at(entry, field.needs[0]) == field.needs[1]
        )
        if not is_present(value):
            if needed:
                yield FormFault(at=where, reason=f"“{field.label}”未填写。")
        elif field.boxes and value not in field.boxes:
            boxes = "、".join(field.boxes)
            yield FormFault(at=where, reason=f"“{field.label}”只能勾选其中一项：{boxes}。")


def form_faults(form: Mapping[str, object]) -> tuple[FormFault, ...]:
    """Return every field that is missing or wrongly ticked, in the order of the form."""
    faults: list[FormFault] = []
    for block in BLOCKS:
        given = form.get(block.key)
        if not is_present(given):
            if block.required:
                faults.append(FormFault(at=block.key, reason=f"“{block.label}”未填写。"))
            continue
        entries = given if isinstance(given, (list, tuple)) else (given,)
        for number, entry in enumerate(entries):
            at = f"{block.key}[{number}]" if block.repeated else block.key
            if isinstance(entry, Mapping):
                faults.extend(_entry_faults(fields_of(block, entry), entry, at))
            else:
                faults.append(FormFault(at=at, reason=f"“{block.label}”应为一组字段。"))
    return tuple(faults)


def boxes(field: FormField, value: object) -> str:
    """Return the boxes of a field as printed: the chosen one ☑, the others □."""
    return "  ".join(f"{word}{TICKED if word == value else EMPTY}" for word in field.boxes)

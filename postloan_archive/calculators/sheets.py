"""The calculators that people use most: one form each, several rules answered at once."""

from dataclasses import dataclass, field, replace
from typing import Final

from postloan_archive.calculators.functions import Form, Function
from postloan_archive.calculators.kinds import ChoiceKind, Field, Kind
from postloan_archive.calculators.page_functions import PAGE_FUNCTIONS
from postloan_archive.calculators.registry import FUNCTIONS
from postloan_archive.kernel.errors import _l
from postloan_archive.preservation.rules.kinds import ASSET_LABELS

EVERY_FUNCTION: Final = {**FUNCTIONS, **PAGE_FUNCTIONS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One calculator page.

    Attributes:
        name: in the address.
        label: title.
        lead: what it answers, one sentence.
        functions: names of the rules it asks, in the order of the answers.
        also: names of functions that are asked only when all their required fields are filled.
        defaults: what a fresh form shows, by field.
        hints: what stands below a field, by field.
        kinds: how a field is entered where that differs from how the rule reads it.
        private: what is typed is kept out of the address (identity and card numbers).
    """

    name: str
    label: str
    lead: str
    functions: tuple[str, ...]
    also: frozenset[str] = frozenset()
    defaults: dict[str, str] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    private: bool = False

    @property
    def asked(self) -> tuple[Function, ...]:
        """Return the rules behind the page."""
        return tuple(EVERY_FUNCTION[name] for name in self.functions)

    def fields(self, form: Form | None = None) -> tuple[Field, ...]:
        """Return every field once, in the order of the functions.

        Args:
            form: the chosen form of a single function with several.
        """
        if form is not None:
            return form.fields
        found: dict[str, Field] = {}
        for function in self.asked:
            for one in function.forms[0].fields:
                kind = self.kinds.get(one.name, one.kind)
                found.setdefault(one.name, replace(one, kind=kind))
        return tuple(found.values())

    def needed(self) -> frozenset[str]:
        """Return the names that must be filled for the page to answer at all."""
        return frozenset(
            one.name
            for function in self.asked
            if function.name not in self.also
            for one in function.forms[0].fields
            if one.required
        )


BASIS_HINT: Final = _l("合同通常约定 360；未约定的按 365。")
ROUNDING: Final = _l("可写 100万、1,000,000 或全角数字。")
DAY_HINT: Final = _l("可写 2026-03-05、2026.3.5 或 2026年3月5日。")
ASSET: Final = ChoiceKind(
    choices={
        **{str(kind): label for kind, label in ASSET_LABELS.items()},
        "其他": _l("其他（备付金、电子钱包、公积金、保单等）"),
    }
)
SHEETS: Final[tuple[Sheet, ...]] = (
    Sheet(
        name="court-fees",
        label=_l("诉讼费、保全费、执行费"),
        lead=_l("按请求金额算案件受理费、减半、支付令、保全与执行申请费。"),
        functions=("fees", "half_once", "preservation_fee", "payment_order_to_suit"),
        hints={"amount": ROUNDING},
    ),
    Sheet(
        name="appeal-fees",
        label=_l("上诉费与变更请求"),
        lead=_l("上诉按不服部分交纳；变更请求的补交或退费。"),
        functions=("appeal_fee", "claim_change"),
        also=frozenset({"appeal_fee", "claim_change"}),
        hints={"appealed_amount": ROUNDING, "new": ROUNDING},
    ),
    Sheet(
        name="interest-due",
        label=_l("利息"),
        lead=_l("一段期间的利息：按实际天数，并列整年整月另加零头天数的算法。"),
        functions=("interest", "interest_ymd"),
        defaults={"basis": "360"},
        hints={"principal": ROUNDING, "start": DAY_HINT, "basis": BASIS_HINT},
    ),
    Sheet(
        name="penalty-interest",
        label=_l("罚息与复利"),
        lead=_l("逾期或挪用的罚息；未付期内利息的复利。"),
        functions=("penalty", "compound"),
        also=frozenset({"compound"}),
        defaults={"basis": "360", "uplift_pct": "50"},
        hints={
            "uplift_pct": _l("逾期 30–50，挪用 50–100，以合同为准。"),
            "unpaid_interest": _l("只填未付的期内利息；填了才算复利。"),
            "rate_pct": _l("复利的年利率。"),
        },
    ),
    Sheet(
        name="claim",
        label=_l("债权计算表"),
        lead=_l("一次还本、按期付息的贷款：本金、利息、罚息、复利到截止日的合计，逐行列出。"),
        functions=("loan_claim",),
        defaults={"basis": "360", "penalty_multiplier": "1.5"},
        hints={
            "interest_due": _l("每行一日，或用顿号、逗号隔开。"),
            "penalty_multiplier": _l("逾期上浮百分之五十即 1.5。"),
        },
    ),
    Sheet(
        name="delayed-performance",
        label=_l("迟延履行利息"),
        lead=_l("加倍部分债务利息，日万分之一点七五；分次付款逐次抵充。"),
        functions=("delay_interest_partial",),
        hints={"performance_last_day": _l("判决指定履行期间的最后一日。")},
    ),
    Sheet(
        name="period",
        label=_l("期间与顺延"),
        lead=_l("次日起算、末日逢休假日顺延；并给出可以放心办理的安全日。"),
        functions=("deadline",),
        defaults={"unit": "day", "extend": "yes"},
        hints={
            "trigger_date": DAY_HINT,
            "calendar_loaded_until": _l("只在复核旧结果时填写。"),
        },
    ),
    Sheet(
        name="judgment",
        label=_l("判决生效与履行期"),
        lead=_l("各方分别计算上诉期，取最晚者的次日为生效日。"),
        functions=("judgment_effective",),
    ),
    Sheet(
        name="measure",
        label=_l("保全期限、费用与担保"),
        lead=_l("届满日、续行申请的最后日与安全日、保全申请费、应提供的担保。"),
        functions=("preservation", "preservation_fee", "preservation_security"),
        also=frozenset({"preservation_fee", "preservation_security"}),
        kinds={"asset_kind": ASSET},
        hints={
            "asset_kind": _l("其他财产以法院文书载明的届满日为准。"),
            "amount": _l("填了才算费用和担保。"),
        },
    ),
    Sheet(
        name="steps",
        label=_l("诉讼与执行节点"),
        lead=_l("某事发生后，谁要在哪天以前办什么；全部规则表。"),
        functions=("event_deadlines",),
        hints={"on": DAY_HINT, "abroad": _l("受送达的当事人在境内没有住所。")},
    ),
    Sheet(
        name="before-preservation",
        label=_l("申请保全前的检查"),
        lead=_l("数额、债权计算书、超标的、一般保证人、仲裁和上诉中的申请去向。"),
        functions=("preservation_checks",),
        hints={"amount": _l("特定财产没有数额的不填。"), "claim_total": ROUNDING},
    ),
    Sheet(
        name="limitation",
        label=_l("诉讼时效"),
        lead=_l("从未清偿的到期日和有证据的中断事由，推算届满日：法定与保守两种起算。"),
        functions=("limitation_end",),
        hints={"installments": _l("每行一日。")},
    ),
    Sheet(
        name="guarantee",
        label=_l("保证期间"),
        lead=_l("保证期间条款如何理解、何时届满，期间内的行为是否算数。"),
        functions=("guarantee_end",),
        defaults={"kind": "joint"},
        hints={"clause": _l("把合同里的保证期间条款照抄在此；与届满日只填一项。")},
    ),
    Sheet(
        name="amount-in-words",
        label=_l("大写金额"),
        lead=_l("人民币大写，按票据的规范写法。"),
        functions=("rmb_upper",),
        hints={"amount": ROUNDING},
    ),
    Sheet(
        name="numbers",
        label=_l("证件号、卡号、案号校验"),
        lead=_l("身份证、统一社会信用代码、银行卡、手机号、案号一并校验；号码不进入地址栏。"),
        functions=("id_card", "uscc", "bank_card", "mobile", "case_no"),
        private=True,
    ),
    Sheet(
        name="file-completeness",
        label=_l("档案完整性"),
        lead=_l("按借款人、担保和阶段列出应有而缺的文件。"),
        functions=("completeness",),
        hints={"married": _l("自然人必填。")},
    ),
)
SHEET_BY_NAME: Final = {sheet.name: sheet for sheet in SHEETS}
PRIVATE: Final = frozenset({"id_card", "uscc", "bank_card", "mobile", "mask"})


def sheet_of(name: str) -> Sheet | None:
    """Return the page with this name: one of the sheets, or any single function."""
    if name in SHEET_BY_NAME:
        return SHEET_BY_NAME[name]
    function = EVERY_FUNCTION.get(name)
    if function is None:
        return None
    return Sheet(
        name=name,
        label=function.label,
        lead=_l("规则") + " " + "、".join(function.rules),
        functions=(name,),
        defaults={"basis": "360"},
        private=name in PRIVATE,
    )

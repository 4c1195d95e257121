"""Calculators of letters, court papers and the loan file (groups H and I)."""

from collections.abc import Mapping
from typing import Final

from postloan_archive.archive.rules import completeness, items, retention
from postloan_archive.calculators.faults import bad_value, missing_field, unknown_field
from postloan_archive.calculators.fields import (
    ANY_INT,
    BOOL,
    COUNT,
    DATE,
    TEXT,
    WORDS,
    choice,
    choice_of,
    flag,
    may,
    maybe,
    need,
    plain,
)
from postloan_archive.calculators.functions import Form, Function, Outcome, outcome
from postloan_archive.calculators.kinds import (
    ChoiceKind,
    Given,
    ListKind,
    NullKind,
    ObjectKind,
)
from postloan_archive.litigation.rules import attorney, evidence, papers, payment_order
from postloan_archive.notices.rules import fields as notice_fields
from postloan_archive.notices.rules import triggers

PAPERS: Final = {**notice_fields.NOTICES, **papers.PAPERS}
_ALL_DOCS: Final = {
    **{code: paper.title for code, paper in PAPERS.items()},
    "A07": "主体资格材料",
}
_DOC: Final = need("doc", "文书代码", choice(_ALL_DOCS))

_GUARANTEE: Final = may(
    "guarantee",
    "担保",
    choice_of(triggers.GuaranteeKind, "连带责任保证", "一般保证", "第三人担保物"),
)
_EVENT_LABELS: Final = (
    "诉前保全已采取", "保全将于若干日内到期", "保全后已清偿", "已结清",
    "诉讼时效将于若干日内届满", "保证期间将于若干日内届满", "决定提前收回",
    "检查发现缺陷", "债务人下落不明", "债权已转让", "拟报送不良信息", "利率重定价",
    "拟展期或变更", "最高额担保债权确定", "移交诉讼", "收到判决",
    "履行期满未履行", "终本后发现新财产", "其他债权人申请执行", "案外人异议成立",
    "收到分配方案", "债务人破产受理",
)  # fmt: skip
_FORMS: Final = {
    "days_to_due": Form(
        label="到期前",
        fields=(
            need("days_to_due", "距到期天数", COUNT),
            need("loan", "贷款状态", choice({"performing": "正常"})),
            _GUARANTEE,
        ),
    ),
    "days_overdue": Form(
        label="逾期后", fields=(need("days_overdue", "逾期天数", ANY_INT), _GUARANTEE)
    ),
    "event": Form(
        label="发生事件",
        fields=(
            need("event", "事件", choice_of(triggers.Event, *_EVENT_LABELS)),
            maybe("days", "剩余天数", ANY_INT),
            _GUARANTEE,
        ),
    ),
}


def _choose(given: Mapping[str, object]) -> Form:
    """Return the one of the three forms that the input is."""
    known = {field.name for form in _FORMS.values() for field in form.fields}
    for name in given:
        if name not in known:
            raise unknown_field(name, sorted(known))
    chosen = [name for name in _FORMS if name in given]
    if not chosen:
        raise missing_field("event", "须给出 days_to_due、days_overdue、event 之一")
    if len(chosen) > 1:
        raise bad_value(chosen[1], f"{'、'.join(chosen)} 只能给出其中之一。")
    return _FORMS[chosen[0]]


def _doc_for_event(given: Given) -> Outcome:
    if "days_to_due" in given:
        return outcome(triggers.docs_before_due(given["days_to_due"]))
    if "days_overdue" in given:
        return outcome(triggers.docs_when_overdue(given["days_overdue"], given["guarantee"]))
    event = given["event"]
    if event in triggers.WITHIN_DAYS and given["days"] is None:
        raise missing_field("days", "剩余天数")
    return outcome(
        triggers.docs_for_event(event, guarantee=given["guarantee"], days=given["days"])
    )


def _required(given: Given) -> Outcome:
    paper = PAPERS.get(given["doc"])
    if paper is None:
        raise bad_value("doc", "A07 是材料清单，没有文书要素可检查。")
    return outcome(notice_fields.required_fields(paper, given["present"]))


def _completeness(given: Given) -> Outcome:
    borrower = given["borrower"]
    if borrower is completeness.Holder.PERSON and given["married"] is None:
        raise missing_field("married", "是否已婚")
    for number, security in enumerate(given["guarantees"]):
        if security.third_party and security.owner is None:
            raise missing_field(f"guarantees[{number}].owner", "提供人")
    facts = completeness.FileFacts(
        borrower=borrower,
        married=given["married"],
        signed=given["signed"],
        guarantees=given["guarantees"],
        stages=frozenset(given["stage"]),
    )
    return outcome(completeness.completeness(facts, given["present"]), "missing")


_HOLDER: Final = choice_of(completeness.Holder, "自然人", "企业")
_SECURITY: Final = ObjectKind(
    fields=(
        need(
            "kind",
            "担保种类",
            choice_of(
                completeness.SecurityKind,
                "自然人保证",
                "企业保证",
                "不动产抵押",
                "动产抵押",
                "车辆抵押",
                "存单质押",
                "票据质押",
                "应收账款质押",
                "股权质押",
            ),
        ),
        flag("third_party", "第三人提供"),
        maybe("owner", "提供人", _HOLDER),
    ),
    make=lambda given: completeness.Security(**given),
)
_ITEM: Final = ChoiceKind(choices={code: item.title for code, item in items.ITEMS.items()})

PAPER_FUNCTIONS: Final = (
    Function(
        name="copies",
        label="文书份数",
        rules=("R-H03",),
        forms=(
            Form(
                fields=(
                    _DOC,
                    need("defendants", "对方当事人人数", COUNT),
                    need("third_parties", "其他当事人人数", COUNT),
                )
            ),
        ),
        results=(
            plain("original", "原件"),
            plain("copies", "副本"),
            plain("evidence_sets", "证据套数"),
        ),
        run=lambda given: outcome(papers.copies(**given)),
    ),
    Function(
        name="poa_scope",
        label="授权委托书权限",
        rules=("R-H05", "R-H05a"),
        forms=(
            Form(
                fields=(
                    need("text", "委托书文字", TEXT),
                    need("act", "代理行为", WORDS),
                    may("stage", "阶段", choice_of(attorney.Stage), attorney.Stage.FIRST),
                )
            ),
        ),
        results=(plain("authorized", "有权限"), plain("review", "须人工复核")),
        run=lambda given: outcome(attorney.poa_scope(**given)),
    ),
    Function(
        name="poa_agents",
        label="代理人人数",
        rules=("R-H05a",),
        forms=(Form(fields=(need("count", "人数", COUNT),)),),
        results=(plain("valid", "符合规定"), plain("max", "最多人数")),
        run=lambda given: outcome(attorney.poa_agents(**given)),
    ),
    Function(
        name="doc_for_event",
        label="应出具的文书",
        rules=("R-H01",),
        forms=tuple(_FORMS.values()),
        choose=_choose,
        results=(
            plain("docs", "文书"),
            plain("docs_required_next", "随后必须的文书"),
            plain("deadline_rule", "期限规则"),
        ),
        run=_doc_for_event,
    ),
    Function(
        name="required_fields",
        label="文书必备要素检查",
        rules=("R-H02", "R-H02a"),
        forms=(Form(fields=(_DOC, need("present", "已有要素", ListKind(kind=TEXT)))),),
        results=(plain("missing", "缺少的要素"), plain("unknown", "不认识的名称")),
        run=_required,
    ),
    Function(
        name="evidence_catalog_columns",
        label="证据目录栏目检查",
        rules=("R-H04",),
        forms=(Form(fields=(need("columns", "已有栏目", ListKind(kind=TEXT)),)),),
        results=(plain("missing", "缺少的栏目"),),
        run=lambda given: outcome(evidence.evidence_catalog_columns(**given), "missing"),
    ),
    Function(
        name="payment_order_admissible",
        label="能否申请支付令",
        rules=("R-H06",),
        forms=(
            Form(
                fields=(
                    need("amount_fixed", "金额确定", BOOL),
                    need("due", "已到期", BOOL),
                    need("debtor_missing", "债务人下落不明", BOOL),
                    need("pre_litigation_preservation", "已申请诉前保全", BOOL),
                    flag("counter_obligation", "负有对待给付义务"),
                    flag("other_dispute", "有其他债务纠纷"),
                    flag("debtor_in_china", "债务人在我国境内", default=True),
                    flag("deliverable", "支付令能够送达", default=True),
                )
            ),
        ),
        results=(plain("admissible", "可以申请"), plain("reasons", "不予受理的事由")),
        run=lambda given: outcome(payment_order.payment_order_admissible(**given)),
    ),
)

_YEARS: Final = need("years", "保管年限（空为永久）", NullKind(kind=COUNT))
ARCHIVE: Final = (
    Function(
        name="completeness",
        label="档案完整性检查",
        rules=("R-I05",),
        forms=(
            Form(
                fields=(
                    need("borrower", "借款人", _HOLDER),
                    maybe("married", "是否已婚（自然人必填）", BOOL),
                    need("signed", "合同签订日", DATE),
                    need("guarantees", "担保", ListKind(kind=_SECURITY)),
                    need(
                        "stage",
                        "阶段",
                        ListKind(
                            kind=choice_of(
                                completeness.FileStage,
                                "首检到期",
                                "逾期",
                                "诉讼",
                                "保全",
                                "裁判",
                                "生效",
                                "执行",
                            )
                        ),
                    ),
                    need("present", "已有项目代码", ListKind(kind=_ITEM)),
                )
            ),
        ),
        results=(plain("missing", "缺少的项目"),),
        run=_completeness,
    ),
    Function(
        name="retention",
        label="保管期限",
        rules=("R-I07",),
        forms=(Form(fields=(need("settled", "结清日", DATE), _YEARS)),),
        results=(plain("end", "届满日（空为永久）"),),
        run=lambda given: outcome(retention.retention(**given), "end"),
    ),
    Function(
        name="destroy_allowed",
        label="能否销毁",
        rules=("R-I08",),
        forms=(
            Form(
                fields=(
                    need("today", "当天", DATE),
                    need("settled", "结清日", DATE),
                    _YEARS,
                    need("legal_hold", "有保留事由", BOOL),
                    need("appraised", "已鉴定", BOOL),
                )
            ),
        ),
        results=(
            plain("allowed", "可以销毁"),
            plain("end", "届满日（空为永久）"),
            plain("reasons", "不得销毁的事由"),
        ),
        run=lambda given: outcome(retention.destroy_allowed(**given)),
    ),
)

"""P01 in a credit-card dispute (table form, R-H08) and against guarantors alone (narrative)."""

from pathlib import Path

from tools.word_templates.application import Application, application
from tools.word_templates.litigation import COURT, FormTable
from tools.word_templates.paper import BIAOSONG, CENTER, RIGHT, SONG, PaperBuilder

GUARANTEE = Application(
    stem="guarantee_complaint",
    title="民事起诉状",
    opening=("plaintiffs", "defendants"),
    rows=(("案由", "保证合同纠纷"),),
    sections=(
        ("诉讼请求", ("*claims",)),
        ("事实与理由", ("*facts", "*reason")),
        ("证据", ("*evidence_list",)),
    ),
    basis="",
    signer="具状人",
)


def card_complaint() -> PaperBuilder:
    """P01 for 信用卡纠纷."""
    paper = PaperBuilder(margins=COURT, size=10.5, line=17.0, font=SONG)
    paper.title("民事起诉状", after=2)
    paper.text("（信用卡纠纷）", align=CENTER, font=BIAOSONG, size=18, after=8, line=26)
    form = FormTable(paper)
    form.row(
        "说明：",
        "为便于诉讼，请按实际情况填写；无此项内容的，填写“无”或者留空；有选项的，"
        "在所选项后标注☑。",
    )
    form.heading("当事人信息")
    form.listed("原告", "plaintiffs")
    form.listed("委托诉讼代理人", "agents")
    form.listed("被告", "defendants")
    form.heading("诉讼请求和依据")
    form.row("1. 透支本金", "{{ overdraft_principal }}")
    form.listed(
        "2. 利息、罚息、复利、滞纳金、违约金、手续费等",
        "interest_method",
        "合计{{ overdraft_charges }}",
        "是否请求支付至实际清偿之日止：{{ until_paid }}",
    )
    form.listed("3. 是否主张担保权利", "security_content", "{{ security_claimed }}")
    form.listed("4. 是否主张实现债权的费用", "costs_detail", "{{ costs_claimed }}")
    form.row("5. 是否主张诉讼费用", "{{ court_fees_claimed }}")
    form.listed("6. 其他请求", "other_claims", "")
    form.row("7. 标的总额", "{{ total_amount }}")
    form.heading("约定管辖和诉讼保全")
    form.listed("1. 有无仲裁、法院管辖约定", "jurisdiction_clause", "{{ jurisdiction_agreed }}")
    form.listed("2. 是否已经诉前保全", "preservation_detail", "{{ preservation_done }}")
    form.heading("事实和理由")
    form.row(
        "1. 信用卡办理情况",
        "卡号：{{ card_no }}　持卡人：{{ card_holder }}",
        "领卡日期：{{ card_opened_on }}　发卡行：{{ card_bank }}",
    )
    form.listed("2. 合约主要约定：透支金额", "terms_overdraft")
    form.listed("　　计算标准", "terms_standards")
    form.listed("　　违约责任", "terms_liability")
    form.listed("　　解除条件", "terms_termination")
    form.listed(
        "3. 是否对主要条款进行提示注意、说明", "terms_pointed_detail", "{{ terms_pointed_out }}"
    )
    form.listed("4. 被告已还款情况", "paid_since_default")
    form.listed("5. 逾期未还款情况", "amounts_detail")
    form.listed("6. 是否向被告进行通知和催收", "demand_detail", "{{ demand_made }}")
    form.listed("7. 担保情况", "guarantee_detail", "")
    form.listed("8. 请求承担责任的依据", "basis")
    form.listed("9. 其他需要说明的内容", "other_facts", "")
    form.listed("10. 证据清单", "evidence_list")
    form.heading("对纠纷解决方式的意愿")
    form.row("是否了解调解作为非诉讼纠纷解决方式", "了解□　不了解□")
    form.row("是否考虑先行调解", "是□　否□　暂不确定，想要了解更多内容□")
    paper.text("此致", size=14, indent=2, before=10, line=24, keep=True)
    paper.text("{{ court }}", size=14, line=24, keep=True)
    paper.text(
        "具状人（签字、盖章）：{{ signatory }}", size=14, align=RIGHT, before=14, line=24,
        keep=True,
    )  # fmt: skip
    paper.text("日期：{{ date }}", size=14, align=RIGHT, line=24)
    return paper


def make(folder: Path) -> None:
    """Write both papers."""
    card_complaint().save(folder / "card_complaint.docx")
    application(GUARANTEE).save(folder / "guarantee_complaint.docx")

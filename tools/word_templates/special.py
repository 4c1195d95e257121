"""N06 to N09, N11, N12 and N14 to N16 (R-H02, R-H07)."""

from pathlib import Path

from tools.word_templates.notices import ADDRESSEE, ANNEX, _annex, _close, _head, _slip
from tools.word_templates.paper import CENTER, HEI, KAI, LEFT, RIGHT, PaperBuilder

PARTIES = (
    "贵方与我行于{{ signed_on }}签订《{{ contract_name }}》（合同编号{{ contract_no }}，"
    "借据号{{ loan_no }}），借款本金人民币{{ principal }}元"
)


def make(folder: Path) -> None:
    """Write the letters."""
    for name, build in BUILDERS.items():
        build().save(folder / f"{name}.docx")


def _listed(paper: PaperBuilder, name: str, line: str = "{{ line }}"):
    """Add one paragraph for each line of a field."""
    paper.text("{%p for line in " + name + " %}")
    paper.body(line)
    paper.text("{%p endfor %}")


def _looped(paper: PaperBuilder, head, body, name, widths, align, size=10.5, line=16) -> None:
    blank = [""] * (len(widths) - 1)
    table = paper.table(
        [
            head,
            ("{%tr for row in " + name + " %}", *blank),
            body,
            ("{%tr endfor %}", *blank),
        ],
        widths=widths,
        align=align,
        size=size,
        line=line,
    )
    paper.repeat_heading(table)


def lawyer_letter() -> PaperBuilder:
    """N06: the head is that of the law firm, which signs it."""
    paper = PaperBuilder(margins=(28, 25, 28, 26), size=14, line=20.5).footer_close()
    paper.text("{{ issuer }}", align=CENTER, font=HEI, size=20, line=28)
    paper.rule(before=0, after=3)
    paper.text('{{ lawyer_letter_no|default("") }}', align=RIGHT, font=KAI, size=12, line=18)
    paper.title("律师函", after=6)
    paper.text("{{ addressee }}：")
    paper.text("送达地址：{{ service_address }}", font=KAI, size=10.5, after=4, line=17)
    paper.body(
        "{{ issuer }}依据{{ client }}的委托（{{ client_authorisation }}），指派{{ lawyer }}律师，"
        "就贵方与委托人之间的《{{ contract_name }}》（借据号{{ loan_no }}）纠纷，致函如下："
    )
    paper.text("一、基本事实", font=HEI, size=14, indent=2, keep=True)
    _listed(paper, "facts")
    paper.body(
        "委托人提供的资料显示，截至{{ as_of_date }}，贵方尚欠到期款项如下：", after=4, keep=True
    )
    paper.amounts(
        [
            ("逾期本金", "{{ principal_due }}"),
            ("逾期利息", "{{ interest_due }}"),
            ("罚息和复利", "{{ penalty_and_compound }}"),
            ("合　计", "{{ total }}"),
        ]
    )
    paper.text("合计大写：{{ total_words }}", font=KAI, size=12, before=3, after=3, line=18)
    paper.text("二、依据", font=HEI, size=14, indent=2, keep=True)
    paper.body("{{ legal_basis }}")
    paper.text("三、要求", font=HEI, size=14, indent=2, keep=True)
    whole = paper.body("{{ demand }}{{ consequence }}", keep=True)
    whole.paragraph_format.keep_together = True  # not one line of it above the seal
    paper.body(
        "如对上述事实或者金额有异议，请在{{ deadline }}前书面提出并附证据。联系方式：{{ contact }}。",
        keep=True,
    )
    paper.text(f"附件：{ANNEX}", size=12, before=3, line=18, keep=True)
    paper.text("{{ issuer_seal }}（盖章）", align=RIGHT, before=8, keep=True)
    paper.text("律师：{{ lawyer }}　签名：＿＿＿＿＿＿＿＿", align=RIGHT, keep=True)
    paper.text("执业证号：{{ lawyer_licence_no }}", align=RIGHT, keep=True)
    paper.text("{{ issue_date }}", align=RIGHT)
    paper.text("委托人编号：{{ serial_no }}", font=KAI, size=10.5, before=6, line=17)
    _annex(paper, ANNEX)
    return paper


def transfer_notice() -> PaperBuilder:
    """N07: both sides of the transfer seal it."""
    title = "债权转让通知书"
    paper = _head(
        title,
        "{{ addressee }}（{{ addressee_role }}）：",
        "证件号码：{{ addressee_id }}　　送达地址：{{ service_address }}",
    )
    paper.line = 19.0  # with both seals on one sheet
    paper.body(
        "{{ transferor }}与{{ transferee }}于{{ agreement_date }}签订{{ transfer_agreement }}，"
        "{{ transferor }}已将其依照《{{ contract_name }}》（合同编号{{ contract_no }}，借据号{{ loan_no }}，"
        "{{ signed_on }}签订）对{{ borrower }}享有的债权以及从权利转让给{{ transferee }}。"
        "依照{{ legal_basis }}的规定，现通知贵方。"
    )
    paper.body("截至{{ cutoff_date }}（该日不计息），转让的债权如下：", after=4, keep=True)
    paper.amounts(
        [
            ("本金余额", "{{ balance_at_cutoff }}"),
            ("利息、罚息和复利", "{{ interest_at_cutoff }}"),
            ("合　计", "{{ total_at_cutoff }}"),
        ]
    )
    paper.text("合计大写：{{ total_words }}", font=KAI, size=12, before=3, after=3, line=18)
    paper.body("此后的利息、罚息和复利依照合同的约定计算。随债权一并转让的从权利：")
    _listed(paper, "accessory_rights", "{{ loop.index }}．{{ line }}")
    paper.body("{{ request_sentence }}收款账户：{{ new_pay_account }}。")
    paper.body(
        "转让人联系人及电话：{{ contact }}。受让人联系方式：{{ transferee_contact }}。",
        keep=True,
    )
    paper.seals(
        (
            ("{{ issuer_seal }}（盖章）", "{{ transferee }}（盖章）"),
            ("{{ issue_date }}", "　　　　年　　月　　日"),
        ),
        widths=(80, 76),
    )
    _slip(
        paper,
        title,
        ("收件人", "{{ addressee }}（{{ addressee_role }}）"),
        "贵行{{ serial_no }}《债权转让通知书》（合同编号{{ contract_no }}，借据号{{ loan_no }}，"
        "受让人{{ transferee }}）已收到，内容知悉。",
    )
    return paper


def joint_announcement() -> PaperBuilder:
    """N08: one sheet across, set as a newspaper takes it."""
    paper = PaperBuilder(margins=(22, 20, 20, 20), size=12, line=20.0)
    paper.landscape()
    paper.footer_close()
    paper.title("债权转让通知暨债务催收联合公告", after=6)
    paper.body(
        "{{ transferor }}与{{ transferee }}于{{ agreement_date }}签订{{ transfer_agreement }}，"
        "{{ transferor }}已将下列{{ debt_count }}笔债权以及从权利转让给{{ transferee }}，"
        "特公告通知各债务人、担保人以及其他相关各方。"
    )
    paper.body("{{ demand_sentence }}", after=4)
    paper.text(
        "截至{{ cutoff_date }}（该日不计息）　单位：人民币元",
        align=RIGHT,
        font=KAI,
        size=10.5,
        line=17,
        keep=True,
    )
    _looped(
        paper,
        ("序号", "债务人", "合同编号", "本金余额", "利息罚息复利", "保证人", "抵（质）押物"),
        ("{{ loop.index }}", "{{ row.debtor }}", "{{ row.contract_no }}", "{{ row.principal }}",
         "{{ row.interest }}", "{{ row.guarantor }}", "{{ row.collateral }}"),
        "debts",
        (12, 46, 50, 32, 32, 38, 47),
        (CENTER, LEFT, LEFT, RIGHT, RIGHT, LEFT, LEFT),
    )  # fmt: skip
    paper.text("合计人民币{{ total_at_cutoff }}元。", size=12, before=4, line=20)
    paper.body(
        "注：1．本公告列示截至{{ cutoff_date }}的债权余额，此后的利息、罚息和复利依照合同的约定计算。"
        "2．债务人、担保人因改制、歇业、注销等原因丧失主体资格的，请其承继人或者清算义务人代为履行。"
    )
    paper.body(
        "转让人联系方式：{{ contact }}。受让人联系方式：{{ transferee_contact }}。", keep=True
    )
    paper.seals(
        (("{{ issuer_seal }}", "{{ transferee }}"), ("{{ issue_date }}", "{{ issue_date }}")),
        widths=(128, 128),
    )
    paper.text("编号：{{ serial_no }}", font=KAI, size=9, before=4, line=14)
    return paper


def demand_announcement() -> PaperBuilder:
    """N09: for a newspaper; name, contract and amounts only (R-L07)."""
    paper = _head("催收公告", "{{ borrower }}：", "")
    paper.body(
        PARTIES.replace("，借款本金人民币{{ principal }}元", "")
        + "，到期日{{ due_date }}。截至{{ as_of_date }}，贵方未按约定还款，尚欠我行下列到期款项：",
        after=4,
    )
    paper.amounts(
        [
            ("逾期本金", "{{ principal_due }}"),
            ("逾期利息", "{{ interest_due }}"),
            ("罚息和复利", "{{ penalty_and_compound }}"),
            ("合　计", "{{ total }}"),
        ]
    )
    paper.text("合计大写：{{ total_words }}", font=KAI, size=12, before=3, after=3, line=18)
    paper.body(
        "上述利息、罚息和复利依照{{ clause }}的约定计至{{ as_of_date }}（该日不计）。"
        "此后的罚息，{{ until_paid }}，复利依约另计。"
    )
    paper.body(
        "{{ demand_sentence }}最迟于{{ deadline }}（含当日）将上述款项及此后产生的罚息、复利足额存入"
        "还款账户（账号{{ pay_account }}）。{{ legal_consequence }}"
    )
    paper.body("联系人及电话：{{ contact }}。", keep=True)
    _close(paper)
    return paper


def debt_confirmation() -> PaperBuilder:
    """N11: signed by the debtor; each provider of security signs apart."""
    paper = PaperBuilder(margins=(25, 22, 28, 26), size=14, line=20.5).footer_close()
    paper.text("{{ barcode }}", align=RIGHT, line=40)
    paper.text("{{ barcode_text }}", align=RIGHT, size=9, after=2, line=14)
    paper.title("债务确认书", after=4)
    paper.text("{{ serial_no }}", align=CENTER, font=KAI, size=12, after=4, line=18)
    paper.text("{{ issuer }}：")
    paper.body(
        "{{ borrower }}（证件号码：{{ borrower_id }}）与贵行于{{ signed_on }}签订《{{ contract_name }}》"
        "（合同编号{{ contract_no }}，借据号{{ loan_no }}），借款本金人民币{{ principal }}元，"
        "到期日{{ due_date }}。截至{{ as_of_date }}（该日不计息），到期未还的款项如下：",
        after=4,
    )
    table = paper.table(
        [
            ("项　目", "金额（人民币元）"),
            ("{%tr for row in debt_breakdown %}", ""),
            ("{{ row.name }}", "{{ row.amount }}"),
            ("{%tr endfor %}", ""),
            ("合　计", "{{ total }}"),
        ],
        widths=(78, 78),
        align=(LEFT, RIGHT),
        line=18.0,
    )
    paper.strengthen(table.rows[-1])
    paper.text("合计大写：{{ total_words }}", font=KAI, size=12, before=3, after=3, line=18)
    paper.text("还款计划", font=HEI, size=14, indent=2, keep=True)
    _listed(paper, "repayment_plan")
    paper.body(
        "还款账户：{{ pay_account }}。送达地址：{{ service_address }}。贷款人联系人及电话：{{ contact }}。"
    )
    paper.body("{{ confirmation_sentence }}", keep=True)
    paper.text("借款人：{{ borrower }}{{ debtor_signature }}", before=10, keep=True, line=26)
    paper.text("签署日期：　　　　年　　月　　日", keep=True, line=26)
    paper.text("贷款人：{{ issuer_seal }}（盖章）", before=6, keep=True, line=26)
    paper.text("{{ issue_date }}")
    paper.text("{%p for one in guarantors %}", keep=True)
    paper.text("担保人确认", font=HEI, size=14, before=14, line=24, keep=True)
    paper.body("{{ guarantor_sentence }}", keep=True)
    paper.text(
        "{{ one.role }}：{{ one.name }}（担保合同编号{{ one.contract_no }}）",
        keep=True,
        line=26,
    )
    paper.text("签字或盖章：＿＿＿＿＿＿＿＿　日期：　　　年　　月　　日", line=26)
    paper.text("{%p endfor %}")
    return paper


def credit_report_notice() -> PaperBuilder:
    """N12: natural persons only (征信业管理条例15)."""
    paper = _head("不良信息报送事先告知书", "{{ borrower }}：", ADDRESSEE)
    paper.body(f"{PARTIES}。")
    paper.body(
        "贵方在该笔借款项下{{ overdue_item }}。上述情况属于不良信息。依照《征信业管理条例》第十五条的规定，"
        "现事先告知：我行拟于{{ report_date }}向金融信用信息基础数据库报送该项信息。"
    )
    paper.body(
        "依照该条例第十六条，征信机构对个人不良信息的保存期限，自不良行为或者事件终止之日起为五年。"
        "贵方在报送日前还清上述逾期款项的，请及时与我行联系核对。"
    )
    paper.body(
        "贵方认为上述信息存在错误、遗漏的，可以提出异议，异议渠道：{{ objection_channel }}。"
        "依照该条例第二十五条，我行在收到异议之日起二十日内核查并书面答复。"
    )
    paper.body("联系人及电话：{{ contact }}。", keep=True)
    _close(paper)
    return paper


def guarantor_consent() -> PaperBuilder:
    """N14: the provider of security writes to the bank."""
    paper = PaperBuilder(margins=(28, 25, 28, 26), size=14, line=22.0).footer_close()
    paper.text("{{ barcode }}", align=RIGHT, line=40)
    paper.text("{{ barcode_text }}", align=RIGHT, size=9, after=4, line=14)
    paper.title("担保人同意书", after=4)
    paper.text("{{ serial_no }}", align=CENTER, font=KAI, size=12, after=6, line=18)
    paper.text("{{ issuer }}：")
    paper.body(
        "{{ guarantor }}（证件号码：{{ guarantor_id }}，{{ guarantor_role }}）与贵行于{{ guarantee_signed_on }}签订"
        "《{{ guarantee_contract_name }}》（合同编号{{ guarantee_contract_no }}），为{{ borrower }}在"
        "《{{ contract_name }}》（合同编号{{ main_contract_no }}，借据号{{ loan_no }}，{{ signed_on }}签订，"
        "借款本金人民币{{ principal }}元，到期日{{ due_date }}）项下的债务提供担保。"
    )
    paper.body("本人（本单位）知悉贵行与借款人拟对上述主合同作如下变更：")
    _listed(paper, "change_content")
    paper.body("变更后的到期日：{{ new_due_date }}。")
    paper.body(
        "依照《中华人民共和国民法典》第六百九十五条和担保合同的约定，本人（本单位）{{ consent_sentence }}"
    )
    paper.body(
        "本同意书在主合同变更之前签署，与担保合同具有同等效力；担保合同的其他约定不变。",
        keep=True,
    )
    paper.text("{{ attachments }}", size=12, before=3, line=20, keep=True)
    paper.text(
        "担保人：{{ guarantor }}{{ guarantor_signature }}", before=18, keep=True, line=28
    )
    paper.text("＿＿＿＿＿＿＿＿＿＿＿＿", keep=True, line=28)
    paper.text("签署日期：{{ signed_date }}", keep=True, line=28)
    paper.text(
        "贷款人联系人及电话：{{ contact }}。制表：{{ issuer_seal }}，{{ issue_date }}。",
        font=KAI, size=10.5, before=16, line=17,
    )  # fmt: skip
    paper.text(
        "送达地址：{{ service_address }}。右上角条码供档案系统识别，请勿遮盖。",
        font=KAI, size=10.5, line=17,
    )  # fmt: skip
    return paper


def risk_warning() -> PaperBuilder:
    """N15: a step before N03, not a demand for money."""
    title = "风险提示（限期整改）通知书"
    paper = _head(title, "{{ borrower }}：", ADDRESSEE)
    paper.body(f"{PARTIES}，截至{{{{ as_of_date }}}}本金余额人民币{{{{ balance }}}}元。")
    paper.body("我行在贷后检查中发现下列情形：")
    _listed(paper, "finding", "{{ loop.index }}．{{ line }}")
    paper.body(
        "上述情形不符合{{ contract_clause }}的约定。请贵方最迟于{{ deadline }}（含当日）完成下列整改，并书面回复我行："
    )
    _listed(paper, "required_action", "{{ loop.index }}．{{ line }}")
    paper.body("{{ consequence }}")
    paper.body(
        "本通知书不是还款催收，不影响合同约定的还款义务。联系人及电话：{{ contact }}。",
        keep=True,
    )
    _close(paper)
    _slip(
        paper,
        title,
        ("借款人", "{{ borrower }}"),
        "贵行{{ serial_no }}《风险提示（限期整改）通知书》（合同编号{{ contract_no }}，借据号{{ loan_no }}，"
        "整改期限{{ deadline }}）已收到，内容知悉。",
    )
    return paper


def maximum_fixed() -> PaperBuilder:
    """N16: the claims under one maximum security, fixed on a day."""
    paper = _head(
        "最高额担保债权确定通知书",
        "{{ security_provider }}：",
        "证件号码：{{ provider_id }}　　送达地址：{{ service_address }}",
    )
    paper.body(
        "贵方与我行于{{ security_signed_on }}签订《{{ security_contract_name }}》"
        "（合同编号{{ security_contract_no }}，最高额{{ currency }}{{ maximum_amount }}元）。"
        "因{{ fixing_event }}，依照{{ legal_basis }}，上述合同担保的债权自{{ fixing_date }}起确定。"
    )
    paper.body(
        "截至{{ fixing_date }}（该日不计息），担保范围内的主债权如下：", after=4, keep=True
    )
    _looped(
        paper,
        ("序号", "债务人", "合同编号", "借据号", "本金余额", "利息罚息复利"),
        ("{{ loop.index }}", "{{ row.debtor }}", "{{ row.contract_no }}", "{{ row.loan_no }}",
         "{{ row.principal }}", "{{ row.interest }}"),
        "debts",
        (12, 34, 38, 24, 24, 24),
        (CENTER, LEFT, LEFT, LEFT, RIGHT, RIGHT),
        size=9,
        line=14,
    )  # fmt: skip
    paper.body(
        "主债权合计{{ currency }}{{ claims_total }}元；在最高额限度内确定的担保债权为"
        "{{ currency }}{{ secured_amount }}元（大写：{{ secured_words }}）。"
        "此后产生的利息、罚息和复利依照合同的约定计算，是否计入最高额以担保合同的约定为准。",
        before=4,
    )
    paper.body("如有异议，请尽快与我行联系。联系人及电话：{{ contact }}。", keep=True)
    _close(paper)
    return paper


BUILDERS = {
    "lawyer_letter": lawyer_letter,
    "transfer_notice": transfer_notice,
    "joint_announcement": joint_announcement,
    "demand_announcement": demand_announcement,
    "debt_confirmation": debt_confirmation,
    "credit_report_notice": credit_report_notice,
    "guarantor_consent": guarantor_consent,
    "risk_warning": risk_warning,
    "maximum_fixed": maximum_fixed,
}

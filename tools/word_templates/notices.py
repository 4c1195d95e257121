"""N01 to N05, N10 and N13 with their return slips; the sheet of labels (R-H02, R-H07)."""

from pathlib import Path

from docx.shared import Mm

from tools.word_templates.labels import address_labels
from tools.word_templates.paper import CENTER, HEI, KAI, LEFT, RIGHT, PaperBuilder

# R-H07 names 37 and 35 mm; a little less keeps a letter with its seal on one sheet.
MARGINS = (28, 25, 28, 26)


def make(folder: Path) -> None:
    """Write the letters and the labels."""
    due_notice().save(folder / "due_notice.docx")
    demand_letter().save(folder / "demand_letter.docx")
    acceleration_notice().save(folder / "acceleration_notice.docx")
    firm_demand().save(folder / "firm_demand.docx")
    guarantor_notice().save(folder / "guarantor_notice.docx")
    rate_notice().save(folder / "rate_notice.docx")
    settlement_certificate().save(folder / "settlement_certificate.docx")
    address_labels().save(folder / "address_labels.docx")


def _head(title: str, addressee: str, identity: str) -> PaperBuilder:
    paper = PaperBuilder(margins=MARGINS, size=14, line=20.5)
    paper.document.sections[0].footer_distance = Mm(13)
    paper.text("{{ issuer }}", align=CENTER, font=HEI, size=18, line=24)
    paper.rule(before=0, after=3)
    paper.text("{{ serial_no }}", align=RIGHT, font=KAI, size=12, line=18)
    paper.title(title, after=6)
    if addressee:
        paper.text(addressee)
    if identity:
        paper.text(identity, font=KAI, size=10.5, after=4, line=17)
    return paper


def _amounts(paper: PaperBuilder, rows: list[tuple[str, str]]) -> None:
    paper.amounts(rows)
    paper.text("合计大写：{{ total_words }}", font=KAI, size=12, before=3, after=3, line=18)


def _close(paper: PaperBuilder, annex: str = "") -> None:
    if annex:
        paper.text(f"附件：{annex}", size=12, before=3, line=18, keep=True)
    paper.text("{{ issuer_seal }}（盖章）", align=RIGHT, before=8, keep=True)
    paper.text("{{ issue_date }}", align=RIGHT)


def _annex(paper: PaperBuilder, title: str) -> None:
    """Add a page that shows how the amounts came about, line by line."""
    first = paper.text("附件", font=HEI, size=12, line=18)
    first.paragraph_format.page_break_before = True
    paper.title(title, size=18, after=8)
    paper.text("{%p for line in derivation %}")
    paper.text("{{ loop.index }}．{{ line }}", size=11, line=18, after=3)
    paper.text("{%p endfor %}")
    paper.text(
        "说明：各期利息、罚息、复利自起始日（含）计至终止日（不含），逐笔四舍五入到分。",
        font=KAI, size=10.5, before=6, line=17,
    )  # fmt: skip


def _slip(
    paper: PaperBuilder,
    title: str,
    who: tuple[str, str],
    statement: str,
    acknowledgement: str = "",
) -> None:
    first = paper.text("{{ barcode }}", align=RIGHT, line=40)
    first.paragraph_format.page_break_before = True
    paper.text("{{ barcode_text }}", align=RIGHT, size=9, after=4, line=14)
    paper.title(f"《{title}》回执", size=18, after=6)
    paper.text("{{ issuer }}：")
    paper.body(statement, after=6)
    label, name = who
    paper.table(
        [
            (label, name),
            ("签收人（签字或盖章）", ""),
            ("签收人证件号码", ""),
            (f"与{label}的关系", "□本人（本单位）　□同住成年亲属　□法定代表人"),
            ("（勾选一项）", "□收发部门　□被授权代收人　□其他＿＿＿＿＿"),
            ("签收日期", "　　　　年　　月　　日"),
        ],
        widths=(46, 110),
        size=11,
        header=False,
        line=22,
        bold_first=True,
    )
    if acknowledgement:
        paper.text("债务确认", font=HEI, size=14, before=10, line=22, keep=True)
        paper.body(acknowledgement, after=6, keep=True)
        paper.table(
            [
                (f"{label}（本人签字或单位盖章）", ""),
                ("确认日期", "　　　　年　　月　　日"),
            ],
            widths=(62, 94),
            size=11,
            header=False,
            line=22,
            bold_first=True,
        )
    paper.text(
        "请自收到之日起三日内将本回执签字或盖章后交回。右上角条码供档案系统识别，请勿遮盖。",
        font=KAI, size=10.5, before=8, line=17,
    )  # fmt: skip
    paper.rule(dashed=True, before=6)
    paper.text(
        "以下由贷款人填写　送达方式：□当面　□特快专递　□公证　邮件号：＿＿＿＿＿＿＿＿",
        size=10.5, line=18,
    )  # fmt: skip
    paper.text("经办人：＿＿＿＿＿＿＿　登记日期：＿＿＿＿＿＿＿", size=10.5, line=18)


BORROWER = ("借款人", "{{ borrower }}")
ADDRESSEE = "证件号码：{{ borrower_id }}　　送达地址：{{ service_address }}"
OWED = [
    ("逾期本金", "{{ principal_due }}"),
    ("逾期利息", "{{ interest_due }}"),
    ("罚息和复利", "{{ penalty_and_compound }}"),
]
ANNEX = "欠款计算说明"
RESERVED = "本通知不影响我行另行主张其他权利。"
RECEIVED = (
    "贵行{{ serial_no }}《%s》（合同编号{{ contract_no }}，借据号{{ loan_no }}，"
    "截至{{ as_of_date }}合计人民币{{ total }}元）已收到。"
)
ACKNOWLEDGED = (
    "本人（本单位）确认：截至{{ as_of_date }}尚欠贵行到期款项合计人民币{{ total }}元"
    "（其中本金{{ principal_due }}元），对上述债务没有异议，并同意履行。"
)


def due_notice() -> PaperBuilder:
    """N01."""
    title = "贷款到期通知书"
    paper = _head(title, "{{ borrower }}：", ADDRESSEE)
    paper.body(
        "贵方与我行于{{ signed_on }}签订《{{ contract_name }}》（合同编号{{ contract_no }}，"
        "借据号{{ loan_no }}，借款本金人民币{{ principal }}元）。该笔借款将于{{ due_date }}到期，"
        "届时应还款项如下（利息计至到期日，到期日不计）：",
        after=4,
    )
    _amounts(
        paper,
        [
            ("到期本金", "{{ principal_due }}"),
            ("到期利息", "{{ interest_due }}"),
            ("合　计", "{{ total }}"),
        ],
    )
    paper.body(
        "请贵方依照{{ clause }}的约定，最迟于{{ due_date }}（含当日）将上述款项足额存入还款账户"
        "（户名{{ borrower }}，账号{{ pay_account }}）。逾期未还的，我行将依约计收罚息和复利。"
    )
    paper.body(
        "如对上述金额有疑问，或者还款存在困难，请在到期日前与我行联系。"
        "联系人及电话：{{ contact }}。"
    )
    _close(paper)
    _slip(
        paper,
        title,
        BORROWER,
        "贵行{{ serial_no }}《贷款到期通知书》（合同编号{{ contract_no }}，借据号{{ loan_no }}，"
        "{{ due_date }}到期应还合计人民币{{ total }}元）已收到，内容知悉。",
    )
    return paper


def demand_letter() -> PaperBuilder:
    """N02."""
    title = "贷款逾期催收通知书"
    paper = _head(title, "{{ borrower }}：", ADDRESSEE)
    paper.body(
        "贵方与我行于{{ signed_on }}签订《{{ contract_name }}》（合同编号{{ contract_no }}，借据号{{ loan_no }}），"
        "借款本金人民币{{ principal }}元，到期日{{ due_date }}。截至{{ as_of_date }}，贵方未按约定还款，"
        "已逾期{{ overdue_days }}天，尚欠我行下列到期款项：",
        after=4,
    )
    _amounts(paper, [*OWED, ("合　计", "{{ total }}")])
    paper.body(
        "上述利息、罚息和复利依照{{ clause }}的约定计至{{ as_of_date }}（该日不计），计算过程见附件。"
        "此后的罚息，{{ until_paid }}，复利依约另计。"
    )
    paper.body(
        "请贵方最迟于{{ deadline }}（含当日）将上述款项及此后产生的罚息、复利足额存入还款账户"
        "（户名{{ borrower }}，账号{{ pay_account }}）。{{ legal_consequence }}"
    )
    paper.body(
        f"{RESERVED}如有异议，请尽快与我行联系。联系人及电话：{{{{ contact }}}}。", keep=True
    )
    _close(paper, ANNEX)
    _annex(paper, ANNEX)
    _slip(paper, title, BORROWER, RECEIVED % title, ACKNOWLEDGED)
    return paper


def firm_demand() -> PaperBuilder:
    """N05: firmer, never a threat (R-L03)."""
    title = "催款函"
    paper = _head(title, "{{ borrower }}：", ADDRESSEE)
    paper.body(
        "贵方与我行于{{ signed_on }}签订《{{ contract_name }}》（合同编号{{ contract_no }}，借据号{{ loan_no }}），"
        "借款本金人民币{{ principal }}元，到期日{{ due_date }}。借款逾期后，我行{{ previous_notices }}。"
        "截至{{ as_of_date }}，贵方仍未清偿，已逾期{{ overdue_days }}天，尚欠下列到期款项：",
        after=4,
    )
    _amounts(paper, [*OWED, ("合　计", "{{ total }}")])
    paper.body(
        "上述利息、罚息和复利依照{{ clause }}的约定计至{{ as_of_date }}（该日不计），计算过程见附件。"
        "此后的罚息，{{ until_paid }}，复利依约另计。"
    )
    paper.body(
        "现再次要求贵方最迟于{{ deadline }}（含当日）将上述款项及此后产生的罚息、复利足额存入还款账户"
        "（户名{{ borrower }}，账号{{ pay_account }}）。{{ legal_consequence }}"
        "贵方如愿协商还款，请在上述期限内提出书面还款方案。"
    )
    paper.body("联系人及电话：{{ contact }}。", keep=True)
    _close(paper, ANNEX)
    _annex(paper, ANNEX)
    _slip(paper, title, BORROWER, RECEIVED % title, ACKNOWLEDGED)
    return paper


def acceleration_notice() -> PaperBuilder:
    """N03."""
    title = "宣布贷款提前到期通知书"
    paper = _head(title, "{{ borrower }}：", ADDRESSEE)
    paper.line = 19.0  # the longest of the letters; with its seal on one sheet
    paper.body(
        "贵方与我行于{{ signed_on }}签订《{{ contract_name }}》（合同编号{{ contract_no }}，借据号{{ loan_no }}），"
        "借款本金人民币{{ principal }}元，约定到期日{{ due_date }}。现贵方存在下列违约情形：{{ breach_fact }}。"
    )
    paper.body(
        "依照{{ contract_clause }}的约定，我行宣布上述借款自{{ acceleration_date }}起提前到期；"
        "本通知书晚于该日到达的，自到达之日起提前到期。截至{{ as_of_date }}，贵方应还款项如下：",
        after=4,
    )
    _amounts(
        paper,
        [
            ("全部未还本金", "{{ principal_due }}"),
            ("利息", "{{ interest_due }}"),
            ("罚息和复利", "{{ penalty_and_compound }}"),
            ("合　计", "{{ total_due }}"),
        ],
    )
    paper.body(
        "上述利息、罚息和复利依照{{ clause }}的约定计至{{ as_of_date }}（该日不计），计算过程见附件。"
        "此后的罚息，{{ until_paid }}，复利依约另计。"
    )
    paper.body(
        "请贵方最迟于{{ deadline }}（含当日）将上述款项及此后产生的罚息、复利足额存入还款账户"
        "（户名{{ borrower }}，账号{{ pay_account }}）。{{ legal_consequence }}"
        "联系人及电话：{{ contact }}。",
        keep=True,
    )
    _close(paper, ANNEX)
    _annex(paper, ANNEX)
    _slip(
        paper,
        title,
        BORROWER,
        (RECEIVED % title).replace("{{ total }}", "{{ total_due }}"),
        ACKNOWLEDGED.replace("{{ total }}", "{{ total_due }}"),
    )
    return paper


def guarantor_notice() -> PaperBuilder:
    """N04; its slip confirms receipt only (R-D19)."""
    title = "担保人履行担保责任通知书"
    paper = _head(
        title,
        "{{ guarantor }}：",
        "证件号码：{{ guarantor_id }}　　送达地址：{{ service_address }}",
    )
    paper.body(
        "{{ borrower }}与我行签订《{{ contract_name }}》（合同编号{{ main_contract_no }}，借据号{{ loan_no }}），"
        "主债务履行期限于{{ main_due_date }}届满。贵方与我行于{{ guarantee_signed_on }}签订《{{ guarantee_contract_name }}》"
        "（合同编号{{ guarantee_contract_no }}），为上述债务提供{{ guarantee_type }}，{{ guarantee_period }}。"
    )
    paper.body("截至{{ as_of_date }}，债务人未履行到期债务，尚欠下列款项：", after=4)
    _amounts(paper, [*OWED, ("请求承担的金额", "{{ claimed_amount }}")])
    paper.body("此后的罚息，{{ until_paid }}，复利依约另计。利息、罚息和复利的计算过程见附件。")
    paper.body(
        "依照《中华人民共和国民法典》第六百八十八条和上述保证合同的约定，我行要求贵方承担保证责任，"
        "最迟于{{ deadline }}（含当日）将上述款项及此后产生的罚息、复利存入账户"
        "（户名{{ borrower }}，账号{{ pay_account }}）。{{ legal_consequence }}"
    )
    paper.body("联系人及电话：{{ contact }}。", keep=True)
    _close(paper, ANNEX)
    _annex(paper, ANNEX)
    _slip(
        paper,
        title,
        ("担保人", "{{ guarantor }}"),
        "贵行{{ serial_no }}《担保人履行担保责任通知书》（担保合同编号{{ guarantee_contract_no }}，"
        "主合同编号{{ main_contract_no }}，请求承担人民币{{ claimed_amount }}元）已收到，内容知悉。",
    )
    return paper


def rate_notice() -> PaperBuilder:
    """N10."""
    paper = _head("利率调整通知书", "{{ borrower }}：", ADDRESSEE)
    paper.body(
        "贵方与我行于{{ signed_on }}签订《{{ contract_name }}》（合同编号{{ contract_no }}，借据号{{ loan_no }}），"
        "借款本金人民币{{ principal }}元，截至{{ as_of_date }}本金余额人民币{{ balance }}元。"
        "依照{{ basis }}，该笔借款的年利率（单利）自{{ effective_date }}起调整如下："
    )
    paper.table(
        [
            ("项　目", "年利率"),
            ("调整前", "{{ old_rate }}"),
            ("调整后", "{{ new_rate }}"),
        ],
        widths=(78, 78),
        align=(LEFT, RIGHT),
        line=18.0,
    )
    paper.body(
        "{{ effective_date }}（含当日）以后的利息按调整后的利率计算，此前的利息不变；"
        "合同其他约定不变。逾期贷款的罚息利率以调整后的利率为基础依约上浮。",
        before=4,
    )
    paper.body("如有疑问，请与我行联系。联系人及电话：{{ contact }}。")
    _close(paper)
    return paper


def settlement_certificate() -> PaperBuilder:
    """N13."""
    paper = _head("贷款结清证明", "", "")
    paper.body(
        "{{ borrower }}（证件号码：{{ borrower_id }}）与我行于{{ signed_on }}签订《{{ contract_name }}》"
        "（合同编号{{ contract_no }}，借据号{{ loan_no }}），借款本金人民币{{ principal }}元"
        "（大写：{{ principal_words }}）。"
    )
    paper.body(
        "上述借款的本金、利息、罚息和复利已于{{ settled_date }}全部结清，该笔借款项下的债权债务终结。"
    )
    paper.body("{{ security_sentence }}")
    paper.body("特此证明。")
    _close(paper)
    paper.text("核实电话：{{ contact }}", font=KAI, size=10.5, before=12, line=17)
    return paper

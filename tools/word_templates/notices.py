"""N01, N02 and N04 with their return slips (R-H02, R-H07)."""

from pathlib import Path

from tools.word_templates.paper import CENTER, HEI, KAI, LEFT, RIGHT, PaperBuilder


def make(folder: Path) -> None:
    """Write the three notices."""
    due_notice().save(folder / "due_notice.docx")
    demand_letter().save(folder / "demand_letter.docx")
    guarantor_notice().save(folder / "guarantor_notice.docx")


def _head(title: str, addressee: str, identity: str) -> PaperBuilder:
    paper = PaperBuilder(margins=(24, 24, 28, 26), size=14, line=21.0)
    paper.text("{{ issuer }}", align=CENTER, font=HEI, size=18, line=28)
    paper.rule()
    paper.text("{{ serial_no }}", align=RIGHT, font=KAI, size=12, after=2)
    paper.title(title, after=10)
    paper.text(addressee, after=0)
    paper.text(identity, font=KAI, size=10.5, after=4, line=17)
    return paper


def _amounts(paper: PaperBuilder, rows: list[tuple[str, str]]) -> None:
    paper.table(
        [("项　目", "金额（人民币元）"), *rows],
        widths=(78, 78),
        align=(LEFT, RIGHT),
    )
    paper.text("合计大写：{{ total_words }}", font=KAI, size=12, before=4, after=4)


def _close(paper: PaperBuilder) -> None:
    paper.text("{{ issuer_seal }}（盖章）", align=RIGHT, before=10, keep=True)
    paper.text("{{ issue_date }}", align=RIGHT)


def _slip(paper: PaperBuilder, title: str, who: str, statement: str) -> None:
    paper.page_break()
    paper.text("{{ barcode }}", align=RIGHT, line=48)
    paper.text("{{ barcode_text }}", align=RIGHT, size=9, after=6)
    paper.title(f"《{title}》回执", size=18, after=8)
    paper.text("{{ issuer }}：")
    paper.body(statement)
    paper.table(
        [
            (who, ""),
            ("签收人（签字或盖章）", ""),
            ("与受送达人的关系及证件号码", ""),
            ("签收日期", "　　　　年　　月　　日"),
        ],
        widths=(58, 98),
        header=False,
        line=26,
        bold_first=True,
    )
    paper.text(
        "请于收到通知书之日起三日内将本回执签字或盖章后交回贷款人。"
        "回执右上角条码供档案系统识别，请勿遮盖。",
        font=KAI,
        size=10.5,
        before=8,
        line=17,
    )
    paper.rule(dashed=True, before=10)
    paper.text(
        "贷款人填写：送达方式 □当面　□邮政特快专递　□公证　邮件号：＿＿＿＿＿＿＿＿　经办人：＿＿＿＿＿＿",
        size=10.5,
        line=18,
    )


def due_notice() -> PaperBuilder:
    """N01."""
    paper = _head(
        "贷款到期通知书",
        "{{ borrower }}：",
        "证件号码 {{ borrower_id }}　送达地址 {{ service_address }}",
    )
    paper.body(
        "贵方与我行于{{ signed_on }}签订的《{{ contract_name }}》（合同编号{{ contract_no }}，"
        "借据号{{ loan_no }}，借款本金人民币{{ principal }}元）将于{{ due_date }}到期。"
        "现将到期应还款项通知如下（利息计算至到期日，算头不算尾）："
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
        "请贵方依照{{ clause }}的约定，于{{ due_date }}前将上述款项足额存入还款账户"
        "（户名{{ borrower }}，账号{{ pay_account }}）。逾期未还的，我行将依约计收罚息和复利。"
    )
    paper.body("如对上述金额有疑问或者还款存在困难，请在到期日前与我行联系：{{ contact }}。")
    _close(paper)
    _slip(
        paper,
        "贷款到期通知书",
        "借款人",
        "贵行{{ serial_no }}《贷款到期通知书》（合同编号{{ contract_no }}，借据号{{ loan_no }}）已收到，内容知悉。",
    )
    return paper


def demand_letter() -> PaperBuilder:
    """N02."""
    paper = _head(
        "贷款逾期催收通知书",
        "{{ borrower }}：",
        "证件号码 {{ borrower_id }}　送达地址 {{ service_address }}",
    )
    paper.body(
        "贵方与我行于{{ signed_on }}签订《{{ contract_name }}》（合同编号{{ contract_no }}，借据号{{ loan_no }}），"
        "借款本金人民币{{ principal }}元，到期日{{ due_date }}。截至{{ as_of_date }}，贵方已逾期{{ overdue_days }}天，"
        "尚欠我行下列到期款项："
    )
    _amounts(
        paper,
        [
            ("逾期本金", "{{ principal_due }}"),
            ("逾期利息", "{{ interest_due }}"),
            ("罚息和复利", "{{ penalty_and_compound }}"),
            ("合　计", "{{ total }}"),
        ],
    )
    paper.body(
        "上述款项依照{{ clause }}的约定计算（利息计至{{ as_of_date }}，该日不计）。此后{{ until_paid }}。"
    )
    paper.body(
        "请贵方于{{ deadline }}前将上述款项足额存入还款账户（户名{{ borrower }}，账号{{ pay_account }}）。"
        "{{ legal_consequence }}"
    )
    paper.body("联系人及电话：{{ contact }}。")
    _close(paper)
    _slip(
        paper,
        "贷款逾期催收通知书",
        "借款人",
        "贵行{{ serial_no }}《贷款逾期催收通知书》（合同编号{{ contract_no }}，借据号{{ loan_no }}，"
        "截至{{ as_of_date }}合计人民币{{ total }}元）已收到。本人（本单位）确认上述债务，并同意继续履行还款义务。",
    )
    return paper


def guarantor_notice() -> PaperBuilder:
    """N04."""
    paper = _head(
        "担保人履行担保责任通知书",
        "{{ guarantor }}：",
        "证件号码 {{ guarantor_id }}　送达地址 {{ service_address }}",
    )
    paper.body(
        "{{ borrower }}与我行签订的《{{ contract_name }}》（合同编号{{ main_contract_no }}，借据号{{ loan_no }}）项下借款，"
        "履行期限于{{ main_due_date }}届满。贵方与我行签订《{{ guarantee_contract_name }}》（合同编号{{ guarantee_contract_no }}），"
        "为上述债务提供{{ guarantee_type }}，{{ guarantee_period }}。"
    )
    paper.body("截至{{ as_of_date }}，债务人尚欠下列到期款项，请贵方承担担保责任：")
    _amounts(
        paper,
        [
            ("逾期本金", "{{ principal_due }}"),
            ("逾期利息", "{{ interest_due }}"),
            ("罚息和复利", "{{ penalty_and_compound }}"),
            ("请求承担的金额", "{{ claimed_amount }}"),
        ],
    )
    paper.body("此后{{ until_paid }}。")
    paper.body(
        "请贵方于{{ deadline }}前履行担保责任，将款项存入账户（户名{{ borrower }}，账号{{ pay_account }}）。"
        "{{ legal_consequence }}"
    )
    paper.body("联系人及电话：{{ contact }}。")
    _close(paper)
    _slip(
        paper,
        "担保人履行担保责任通知书",
        "担保人",
        "贵行{{ serial_no }}《担保人履行担保责任通知书》（担保合同编号{{ guarantee_contract_no }}，主合同编号{{ main_contract_no }}）"
        "已收到，贵行要求本担保人承担担保责任的内容知悉。",
    )
    return paper

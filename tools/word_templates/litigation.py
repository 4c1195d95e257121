"""P01, A01, A02, A03 and A06 (R-H02a, R-H04, R-H07, R-H08)."""

from pathlib import Path

from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.shared import Mm

from tools.word_templates.paper import (
    BIAOSONG,
    CENTER,
    HEI,
    KAI,
    LEFT,
    RIGHT,
    SONG,
    PaperBuilder,
)

COURT = (25.4, 25.4, 31.8, 31.8)
FORM_WIDTHS = (38, 108)


def make(folder: Path) -> None:
    """Write the five papers."""
    complaint().save(folder / "complaint.docx")
    evidence_list().save(folder / "evidence_list.docx")
    claim_calculation().save(folder / "claim_calculation.docx")
    power_of_attorney().save(folder / "power_of_attorney.docx")
    identity_certificate().save(folder / "identity_certificate.docx")


def _set_grid(table, widths) -> None:
    """Write the column widths where LibreOffice looks for them."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)


class FormTable:
    """The table of an element-based form: block headings, label and content columns."""

    def __init__(self, paper: PaperBuilder) -> None:
        self.paper = paper
        self.table = paper.table([], widths=FORM_WIDTHS, size=10.5)
        _set_grid(self.table, FORM_WIDTHS)

    def _cells(self):
        row = self.table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        cells = row.cells
        for cell, width in zip(cells, FORM_WIDTHS, strict=True):
            cell.width = Mm(width)
        return cells

    def _lines(self, cell, lines, *, font=SONG, size=10.5, align=LEFT):
        for number, text in enumerate(lines):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            self.paper._shape(paragraph, align, size, 0, 1, 1, 17)
            self.paper._run(paragraph, text, font, size, False)

    def heading(self, text: str) -> None:
        """Add a block heading over both columns."""
        cells = self._cells()
        merged = cells[0].merge(cells[1])
        self._lines(merged, [text], font=HEI, size=15, align=CENTER)
        merged.paragraphs[0].paragraph_format.line_spacing = Mm(9)
        merged.paragraphs[0].paragraph_format.keep_with_next = True

    def row(self, label: str, *lines: str) -> None:
        """Add a labelled row; each string is a paragraph."""
        cells = self._cells()
        self._lines(cells[0], [label])
        self._lines(cells[1], lines)

    def tag(self, text: str) -> None:
        """Add a row that holds only a loop tag; the engine takes it away."""
        cells = self._cells()
        self._lines(cells[0], [text])

    def parties(self, name: str) -> None:
        """Add one row a party."""
        self.tag("{%tr for p in " + name + " %}")
        self.row("{{ p.heading }}", "{%p for line in p.lines %}", "{{ line }}", "{%p endfor %}")
        self.tag("{%tr endfor %}")

    def listed(self, label: str, name: str, *more: str) -> None:
        """Add a row with a paragraph for each item."""
        self.row(label, *more, "{%p for line in " + name + " %}", "{{ line }}", "{%p endfor %}")


def complaint() -> PaperBuilder:  # noqa: PLR0915 - one statement a row of the form
    """P01."""
    paper = PaperBuilder(margins=COURT, size=10.5, line=17.0, font=SONG)
    paper.title("民事起诉状", after=2)
    paper.text("（金融借款合同纠纷）", align=CENTER, font=BIAOSONG, size=18, after=8, line=26)
    form = FormTable(paper)
    form.row(
        "说明：",
        "为便于诉讼，请按实际情况填写；无此项内容的，填写“无”或者留空；有选项的，"
        "在所选项后标注☑。",
    )
    form.heading("当事人信息")
    form.parties("plaintiffs")
    form.listed("委托诉讼代理人", "agents")
    form.parties("defendants")
    form.parties("third_parties")
    form.heading("诉讼请求和依据")
    form.row(
        "1. 本金",
        "截至{{ principal_as_of }}止，尚欠本金{{ principal_amount }}元（人民币，下同）。",
    )
    form.row(
        "2. 利息（复利、罚息）",
        "截至{{ interest_as_of }}止，欠利息、复利、罚息（违约金）共计{{ interest_total }}元。",
        "其中期内利息{{ interest_in_term }}元，复利{{ interest_compound }}元，"
        "罚息（违约金）{{ interest_penalty }}元。",
        "是否请求支付至实际清偿之日止：{{ until_paid_boxes }}",
        "计算方式：{{ interest_method }}",
    )
    form.row(
        "3. 是否要求提前还款或者解除合同",
        "{{ acceleration_boxes }}",
        "{{ acceleration_kind_boxes }}",
    )
    form.row(
        "4. 是否主张担保权利",
        "{{ security_claimed_boxes }}",
        "内容：{{ security_content }}",
    )
    form.row("5. 是否主张实现债权的费用", "{{ costs_boxes }}", "费用明细：{{ costs_detail }}")
    form.row("6. 是否主张诉讼费用", "{{ court_fees_boxes }}")
    form.row("7. 其他请求", "{{ other_claims }}")
    form.row("8. 标的总额", "{{ total_amount }}元（大写：{{ total_words }}）")
    form.heading("约定管辖和诉讼保全")
    form.row(
        "1. 有无仲裁、法院管辖约定",
        "{{ jurisdiction_boxes }}",
        "合同条款及内容：{{ jurisdiction_clause }}",
    )
    form.row(
        "2. 是否已经诉前保全",
        "{{ preservation_boxes }}",
        "保全法院：{{ preservation_court }}　保全时间：{{ preservation_date }}",
        "保全案号：{{ preservation_case_no }}",
    )
    form.heading("事实和理由")
    form.row(
        "1. 合同签订情况",
        "合同名称：{{ contract_name }}",
        "合同编号：{{ contract_no }}",
        "签订时间：{{ contract_date }}　签订地点：{{ contract_place }}",
    )
    form.row("2. 签订主体", "贷款人：{{ lender }}", "借款人：{{ borrower }}")
    form.row(
        "3. 借款金额",
        "约定：{{ amount_agreed }}元",
        "实际发放：{{ amount_paid_out }}元",
    )
    form.row(
        "4. 借款期限",
        "是否到期：{{ due_boxes }}",
        "约定期限：{{ term_from }}起至{{ term_to }}止",
    )
    form.listed("5. 借款利率", "rates")
    form.listed("6. 借款发放时间与金额", "drawdowns")
    form.listed("7. 还款方式", "repayment_boxes")
    form.row(
        "8. 还款情况",
        "已还本金：{{ paid_principal }}元　已还利息：{{ paid_interest }}元",
        "还息至{{ interest_paid_to }}",
    )
    form.row(
        "9. 是否存在逾期还款",
        "{{ overdue_boxes }}",
        "逾期时间：自{{ overdue_since }}起，至今已逾期{{ overdue_days }}天",
    )
    form.listed(
        "10. 是否签订物的担保（抵押、质押）合同",
        "real_security",
        "{{ real_security_boxes }}",
    )
    form.listed("11. 担保人、担保物", "security_objects")
    form.listed("12. 是否最高额担保（抵押、质押）", "maximum", "{{ maximum_boxes }}")
    form.row("13. 是否办理抵押、质押登记", "{{ registered_boxes }}", "{{ registration_boxes }}")
    form.listed("14. 是否签订保证合同或者保函", "guarantees", "{{ guarantee_boxes }}")
    form.row("15. 保证方式", "{{ guarantee_kind_boxes }}")
    form.row("16. 其他担保方式", "{{ other_security_boxes }}")
    form.row(
        "17. 请求承担责任的依据",
        "合同约定：{{ basis_contract }}",
        "法律规定：{{ basis_law }}",
    )
    form.row("18. 其他需要说明的内容", "{{ other_facts }}")
    form.row("19. 证据清单", "附证据目录")
    form.heading("对纠纷解决方式的意愿")
    form.row(
        "是否了解调解作为非诉讼纠纷解决方式，能及时、高效、低成本、不伤和气地解决纠纷",
        "{{ mediation_known }}",
    )
    form.row(
        "是否了解先行调解的好处",
        "1. 可以不交或者少交诉讼费用：{{ mediation_known }}",
        "2. 程序简便，用时较短：{{ mediation_known }}",
        "3. 调解过程和内容不公开：{{ mediation_known }}",
        "4. 调解协议经司法确认可以申请强制执行：{{ mediation_known }}",
        "5. 调解不成的，依法及时登记立案，不影响诉讼权利：{{ mediation_known }}",
    )
    form.row("是否考虑先行调解", "{{ mediation_considered }}")
    paper.text("此致", size=14, indent=2, before=10, line=24, keep=True)
    paper.text("{{ court }}", size=14, line=24, keep=True)
    paper.text(
        "具状人（签字、盖章）：{{ signatory }}", size=14, align=RIGHT, before=14, line=24,
        keep=True,
    )  # fmt: skip
    paper.text("日期：{{ date }}", size=14, align=RIGHT, line=24)
    return paper


def _landscape(paper: PaperBuilder) -> None:
    section = paper.document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)


def _looped(paper: PaperBuilder, head, body, widths, name, align=None, size=10.5) -> None:
    blank = [""] * (len(widths) - 1)
    table = paper.table(
        [
            head,
            ("{%tr for row in " + name + " %}", *blank),
            body,
            ("{%tr endfor %}", *blank),
        ],
        widths=widths,
        size=size,
        align=align,
        line=16,
    )
    _set_grid(table, widths)
    paper.repeat_heading(table)


def evidence_list() -> PaperBuilder:
    """A01: nine columns."""
    paper = PaperBuilder(margins=(22, 20, 20, 20), size=10.5, line=17.0, font=SONG)
    _landscape(paper)
    paper.title("证据目录", after=4)
    paper.text("案由：{{ case }}", size=12, line=20)
    paper.text("提交人：{{ submitter }}", size=12, line=20, after=6)
    _looped(
        paper,
        ("序号", "证据名称", "证据来源", "证明目的", "页码", "份数", "原件或复印件",
         "提交人签章", "提交日期"),
        ("{{ row.no }}", "{{ row.name }}", "{{ row.source }}", "{{ row.purpose }}",
         "{{ row.pages }}", "{{ row.copies }}", "{{ row.form }}", "", "{{ submitted_on }}"),
        (12, 50, 24, 66, 18, 12, 20, 24, 30),
        "rows",
        (CENTER, LEFT, LEFT, LEFT, CENTER, CENTER, CENTER, CENTER, CENTER),
    )  # fmt: skip
    paper.text("提交人（签章）：{{ submitter }}", size=12, align=RIGHT, before=14, line=22)
    paper.text("{{ submitted_on }}", size=12, align=RIGHT, line=22)
    return paper


def claim_calculation() -> PaperBuilder:
    """A06."""
    paper = PaperBuilder(margins=(22, 20, 20, 20), size=10.5, line=17.0, font=SONG)
    _landscape(paper)
    paper.title("债权计算表", after=4)
    paper.text(
        "借款人：{{ borrower }}　合同编号：{{ contract_no }}　借据号：{{ loan_no }}",
        size=12, line=20,
    )  # fmt: skip
    paper.text(
        "计算截止日：{{ cut_off_date }}（起始日计入，终止日不计入）　计息基础：{{ day_basis }}",
        size=12, line=20, after=6,
    )  # fmt: skip
    _looped(
        paper,
        ("项目", "计算基数（元）", "年利率", "起始日（含）", "终止日（不含）", "天数",
         "金额（元）", "说明"),
        ("{{ row.kind }}", "{{ row.base }}", "{{ row.rate }}", "{{ row.start }}",
         "{{ row.end }}", "{{ row.days }}", "{{ row.amount }}", '{{ row.note|default("—") }}'),
        (24, 36, 22, 30, 30, 16, 34, 62),
        "rows",
        (CENTER, RIGHT, RIGHT, CENTER, CENTER, RIGHT, RIGHT, LEFT),
    )  # fmt: skip
    paper.text("", size=6, line=8)
    paper.table(
        [
            ("本金", "期内利息", "罚息", "复利", "合计"),
            ("{{ principal }}", "{{ interest }}", "{{ penalty }}", "{{ compound }}",
             "{{ total }}"),
        ],
        widths=(50, 50, 50, 50, 54),
        align=(RIGHT, RIGHT, RIGHT, RIGHT, RIGHT),
    )  # fmt: skip
    paper.text("合计大写：{{ total_words }}", font=KAI, size=12, before=4, line=20)
    paper.text("{{ deducted }}", size=10.5, line=17)
    paper.text("计算依据：{{ rate_clauses }}。", size=10.5, line=17)
    paper.text("此后{{ until_payment_sentence }}。", size=10.5, line=17)
    paper.text(
        "制表：＿＿＿＿＿＿＿　复核：＿＿＿＿＿＿＿　　{{ unit }}（盖章）　{{ date }}",
        size=12, align=RIGHT, before=12, line=22,
    )  # fmt: skip
    return paper


def power_of_attorney() -> PaperBuilder:
    """A02."""
    paper = PaperBuilder(margins=COURT, size=14, line=25.0)
    paper.title("授权委托书")
    paper.text("委托人：{{ grantor }}")
    paper.text("统一社会信用代码：{{ uscc }}")
    paper.text("住所地：{{ domicile }}")
    paper.text(
        "法定代表人（负责人）：{{ legal_representative }}，{{ legal_representative_post }}"
    )
    paper.text("{%p for line in agents %}")
    paper.text("受委托人：{{ line }}")
    paper.text("{%p endfor %}")
    paper.body("委托人就{{ matter }}，委托上列受委托人作为代理人。", before=6)
    paper.body("代理阶段：{{ stages }}。")
    paper.body("代理权限：特别授权，具体如下：")
    paper.text("{%p for line in powers %}")
    paper.body("{{ line }}")
    paper.text("{%p endfor %}")
    paper.body("委托期限：自本委托书签署之日起至上列代理阶段终结之日止。")
    paper.text("委托人（盖章）：{{ grantor }}", align=RIGHT, before=18, keep=True)
    paper.text("法定代表人（负责人）签字：＿＿＿＿＿＿＿＿", align=RIGHT, keep=True)
    paper.text("{{ date }}", align=RIGHT)
    return paper


def identity_certificate() -> PaperBuilder:
    """A03."""
    paper = PaperBuilder(margins=COURT, size=16, line=30.0)
    paper.title("法定代表人（负责人）身份证明书")
    paper.text("{{ court }}：")
    paper.body(
        "{{ name }}同志（居民身份证号码：{{ id_no }}）现任我单位{{ post }}，"
        "为我单位的法定代表人（负责人）。"
    )
    paper.body("特此证明。")
    paper.text("单位：{{ unit }}（盖章）", align=RIGHT, before=40, keep=True)
    paper.text("统一社会信用代码：{{ uscc }}", align=RIGHT, keep=True)
    paper.text("{{ date }}", align=RIGHT)
    paper.text("附：法定代表人（负责人）居民身份证复印件一份", font=KAI, size=12, before=40)
    return paper

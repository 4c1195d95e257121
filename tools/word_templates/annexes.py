"""A04, A05, A08 to A11: what goes beside the pleadings (R-H02a, R-H07)."""

from pathlib import Path

from tools.word_templates.application import COURT, Application, application, facts
from tools.word_templates.paper import CENTER, KAI, LEFT, RIGHT, SONG, PaperBuilder
from tools.word_templates.pleadings import ASK, CPL

EFFECTIVENESS = Application(
    stem="effectiveness_certificate",
    title="出具生效证明申请书",
    opening=("applicant",),
    rows=(("案号", "{{ case_no }}"), ("法律文书", "{{ title_no }}")),
    sections=(
        ("请求事项", ("请求就{{ title_no }}法律文书出具生效证明。",)),
        ("各方当事人送达情况", ("*service_dates",)),
        ("事实与理由", ("各方当事人在法定期限内均未提起上诉，上述法律文书已经发生法律效力。",)),
    ),
    basis=f"依照{CPL}第一百五十八条的规定，{ASK}",
)


def firm_letter() -> PaperBuilder:
    """A04."""
    paper = PaperBuilder(margins=COURT, size=16, line=30.0)
    paper.title("{{ law_firm }}函")
    paper.text("{{ court }}：")
    paper.body(
        "贵院受理的{{ client }}{{ case }}一案，我所接受{{ client }}的委托，指派下列律师担任其"
        "诉讼代理人："
    )
    paper.body("律师：{{ lawyers }}")
    paper.body("执业证号：{{ licence_nos }}")
    paper.body("特此函告。")
    paper.text("{{ seal }}（盖章）", align=RIGHT, before=40, keep=True)
    paper.text("{{ date }}", align=RIGHT)
    paper.text("附：律师执业证复印件、授权委托书", font=KAI, size=12, before=40)
    return paper


def service_address() -> PaperBuilder:
    """A05."""
    paper = PaperBuilder(margins=COURT, size=14, line=24.0)
    paper.title("送达地址确认书")
    facts(
        paper,
        (
            ("案号或案由", "{{ case_no_or_cause }}"),
            ("受理法院", "{{ court }}"),
            ("当事人", "{{ party }}"),
            ("邮政编码", "{{ post_code }}"),
            ("送达地址", "{{ address }}"),
            ("收件人", "{{ recipient }}"),
            ("联系电话", "{{ phone }}"),
            ("是否同意电子送达", "{{ e_service_consent }}"),
            ("电子送达方式", "{{ e_channel }}"),
            ("电子送达地址", "{{ e_address }}"),
        ),
        widths=(42, 104),
    )
    paper.text("告知事项", bold=True, before=8, keep=True)
    for text in (
        "1. 当事人在第一审、第二审和执行终结前变更送达地址的，应当以书面方式告知人民法院。",
        (
            "2. 因当事人提供或者确认的送达地址不准确、拒不提供送达地址、送达地址变更未及时告知，"
            "导致诉讼文书未能被实际接收的，依法产生相应的送达后果。"
        ),
        "3. 同意电子送达的，诉讼文书可以通过上列电子地址送达。",
    ):
        paper.body(text, size=12, line=20)
    paper.text("确认", bold=True, before=8, keep=True)
    paper.body(
        "我已阅读（已听明白）本确认书的告知事项，提供了上列送达地址，并确认其准确、有效，"
        "适用于第一审、第二审和执行程序。"
    )
    paper.text("当事人或者代理人（签章）：{{ signatory }}", align=RIGHT, before=18, keep=True)
    paper.text("{{ date }}", align=RIGHT)
    return paper


def asset_list() -> PaperBuilder:
    """A08."""
    paper = PaperBuilder(margins=COURT, size=12, line=20.0, font=SONG)
    paper.title("被保全财产清单")
    paper.text("申请人：{{ applicant_name }}")
    paper.text("案由：{{ cause }}", after=6)
    blank = ["", "", "", "", ""]
    paper.table(
        [
            ("序号", "财产种类", "财产名称、编号", "所在地", "权利人", "价值（元）"),
            ("{%tr for row in rows %}", *blank),
            (
                "{{ row.no }}", "{{ row.type }}", "{{ row.identifier }}", "{{ row.location }}",
                "{{ row.holder }}", "{{ row.value }}",
            ),
            ("{%tr endfor %}", *blank),
        ],
        widths=(12, 22, 42, 28, 24, 26),
        size=10.5,
        line=17,
        align=(CENTER, LEFT, LEFT, LEFT, LEFT, RIGHT),
    )  # fmt: skip
    paper.text("申请人（盖章）：{{ applicant_name }}", align=RIGHT, before=18, keep=True)
    paper.text("{{ date }}", align=RIGHT)
    return paper


def receiving_account() -> PaperBuilder:
    """A09."""
    paper = PaperBuilder(margins=COURT, size=16, line=30.0)
    paper.title("收款账户确认书")
    paper.text("{{ court }}：")
    paper.body("就{{ case_no }}案件，请将应付我单位的{{ purpose }}汇入下列账户：")
    facts(
        paper,
        (("户名", "{{ payee }}"), ("账号", "{{ account }}"), ("开户行", "{{ bank }}"),
         ("款项用途", "{{ purpose }}")),
    )  # fmt: skip
    paper.body("上列账户信息准确无误，因账户信息错误产生的后果由我单位承担。", before=8)
    paper.text("{{ seal }}（盖章）", align=RIGHT, before=36, keep=True)
    paper.text("{{ date }}", align=RIGHT)
    return paper


def employment_certificate() -> PaperBuilder:
    """A10."""
    paper = PaperBuilder(margins=COURT, size=16, line=30.0)
    paper.title("劳动（人事）关系证明")
    paper.text("{{ court }}：")
    paper.body(
        "兹证明{{ employee }}（居民身份证号码：{{ id_no }}）自{{ employed_since }}起与{{ unit }}"
        "存在合法劳动（人事）关系，现任{{ post }}。"
    )
    paper.body("特此证明。")
    paper.text("单位：{{ seal }}（盖章）", align=RIGHT, before=40, keep=True)
    paper.text("{{ date }}", align=RIGHT)
    paper.text("附：劳动合同或者社会保险缴纳证明、身份证复印件", font=KAI, size=12, before=40)
    return paper


def make(folder: Path) -> None:
    """Write the papers."""
    application(EFFECTIVENESS).save(folder / "effectiveness_certificate.docx")
    firm_letter().save(folder / "firm_letter.docx")
    service_address().save(folder / "service_address.docx")
    asset_list().save(folder / "asset_list.docx")
    receiving_account().save(folder / "receiving_account.docx")
    employment_certificate().save(folder / "employment_certificate.docx")

"""X01 to X13: the papers of enforcement and bankruptcy (R-H02a, R-H07)."""

from pathlib import Path

from tools.word_templates.application import COURT, Application, application, facts, lines
from tools.word_templates.paper import RIGHT, PaperBuilder
from tools.word_templates.pleadings import ASK, CPI, CPL

WORK = "《最高人民法院关于人民法院执行工作若干问题的规定（试行）》"
NUMBER = ("执行案号", "{{ enforcement_no }}")

SPECS = (
    Application(
        stem="enforcement_application",
        title="强制执行申请书",
        opening=("applicant", "respondents"),
        rows=(
            ("执行依据", "{{ title_no }}"),
            ("作出机关", "{{ title_court }}"),
            ("生效日", "{{ effective_on }}"),
            ("履行期限届满日", "{{ performance_last_day }}"),
        ),
        sections=(
            (
                "请求事项",
                (
                    "*request_principal",
                    "*request_general_interest",
                    "*request_doubled_interest",
                    "*request_costs",
                ),
            ),
            ("事实与理由", ("*facts",)),
            ("被执行人的财产状况（线索）", ("*known_assets",)),
            ("收款账户", ("{{ receiving_account }}",)),
        ),
        basis=f"依照{WORK}第十八条、第二十条的规定，{ASK}",
        signer="申请执行人",
    ),
    Application(
        stem="enforcement_resumption",
        title="恢复执行申请书",
        opening=("applicant", "respondents"),
        rows=(
            ("执行依据", "{{ title_no }}"),
            ("原执行案号", "{{ previous_enforcement_no }}"),
            ("尚未履行数额", "{{ balance }}"),
        ),
        sections=(
            ("请求事项", ("请求恢复对{{ title_no }}法律文书的执行。",)),
            ("事实与理由", ("*reason",)),
            ("财产状况（线索）", ("*assets",)),
        ),
        basis=f"依照{CPI}第四百六十六条、第五百一十七条的规定，{ASK}",
        signer="申请执行人",
    ),
    Application(
        stem="distribution_application",
        title="参与分配申请书",
        opening=("applicant", "debtor"),
        rows=(
            NUMBER,
            ("执行依据或优先权", "{{ title_no_or_priority }}"),
            ("债权数额", "{{ claim_amount }}"),
            ("优先受偿权", "{{ priority }}"),
        ),
        sections=(
            (
                "请求事项",
                ("请求参与对被执行人财产执行所得的分配，受偿数额{{ claim_amount }}。",),
            ),
            ("被执行人不能清偿所有债权的事实与理由", ("*facts",)),
        ),
        basis=f"依照{CPI}第五百零六条、第五百零七条的规定，{ASK}",
    ),
    Application(
        stem="enforced_party_change",
        title="变更、追加被执行人申请书",
        opening=("applicant",),
        rows=(NUMBER, ("法定依据", "{{ ground_article }}")),
        sections=(
            ("被变更、追加人", ("*added_party",)),
            ("请求事项", ("请求变更、追加上列被变更、追加人为本案被执行人。",)),
            ("事实与理由", ("*facts",)),
            ("证据", ("*evidence_list",)),
        ),
        basis=(
            "依照《最高人民法院关于民事执行中变更、追加当事人若干问题的规定》第二十八条及上列"
            f"规定，{ASK}"
        ),
        signer="申请执行人",
    ),
    Application(
        stem="asset_leads",
        title="财产线索（查控）申请书",
        opening=("applicant", "debtor"),
        rows=(NUMBER,),
        sections=(
            ("请求事项", ("请求对被执行人的下列财产予以查询、查封、扣押、冻结。",)),
            ("财产线索", ("*assets",)),
        ),
        basis=f"依照{WORK}第十八条第一项的规定，{ASK}",
        signer="申请执行人",
    ),
    Application(
        stem="valuation_auction",
        title="评估、拍卖（变卖）申请书",
        opening=("applicant",),
        rows=(
            NUMBER,
            ("财产", "{{ asset }}"),
            ("查封裁定", "{{ seizure_ruling }}"),
            ("确定参考价方式", "{{ valuation_way }}"),
        ),
        sections=(
            (
                "请求事项",
                ("请求对上列财产以{{ valuation_way }}方式确定参考价，并依法拍卖、变卖。",),
            ),
            ("对参考价、保留价的意见", ("*reserve_opinion",)),
        ),
        basis=(
            "依照《最高人民法院关于人民法院确定财产处置参考价若干问题的规定》、"
            f"《最高人民法院关于人民法院网络司法拍卖若干问题的规定》，{ASK}"
        ),
        signer="申请执行人",
    ),
    Application(
        stem="debt_asset",
        title="以物抵债申请书",
        opening=("applicant",),
        rows=(
            NUMBER,
            ("抵债财产", "{{ asset }}"),
            ("抵债价格", "{{ price }}"),
            ("抵销债权数额", "{{ set_off_amount }}"),
            ("内部审批", "{{ internal_approval }}"),
        ),
        sections=(
            (
                "请求事项",
                (
                    (
                        "请求将上列财产作价{{ price }}抵偿被执行人所欠债务{{ set_off_amount }}；"
                        "剩余债务继续执行。"
                    ),
                ),
            ),
            ("声明", ("本次以物抵债不损害其他债权人合法权益和社会公共利益。",)),
        ),
        basis=f"依照{CPI}第四百八十九条、第四百九十条的规定，{ASK}",
        signer="申请执行人",
    ),
    Application(
        stem="consumption_limits",
        title="{{ heading }}",
        opening=("applicant", "debtor"),
        rows=(NUMBER,),
        sections=(
            ("请求事项", ("*measure",)),
            ("事实与理由", ("*facts",)),
        ),
        basis=(
            "依照《最高人民法院关于公布失信被执行人名单信息的若干规定》第一条、第五条及限制"
            f"消费的有关规定，{ASK}"
        ),
        signer="申请执行人",
    ),
    Application(
        stem="enforcement_objection",
        title="{{ heading }}",
        opening=("objector",),
        rows=(NUMBER, ("裁定文号", "{{ ruling_no }}"), ("送达日", "{{ served_on }}")),
        sections=(
            ("异议的执行行为", ("*act_objected",)),
            ("请求事项", ("*request",)),
            ("事实与理由", ("*facts",)),
            ("证据", ("*evidence_list",)),
            ("送达地址", ("{{ service_address }}",)),
        ),
        basis=(
            "依照《最高人民法院关于人民法院办理执行异议和复议案件若干问题的规定》第一条的规定，"
            f"{ASK}"
        ),
        signer="异议人",
    ),
    Application(
        stem="outsider_suit",
        title="民事起诉状（执行异议之诉）",
        opening=("plaintiff", "defendants"),
        rows=(
            ("中止执行裁定", "{{ ruling_no }}"),
            ("送达日", "{{ served_on }}"),
            ("执行标的", "{{ asset }}"),
        ),
        sections=(
            ("诉讼请求", ("*request",)),
            ("事实与理由", ("*facts",)),
            ("证据", ("*evidence_list",)),
        ),
        basis=(
            f"依照{CPL}第二百三十八条、{CPI}第三百零四条、第三百零六条的规定，自裁定送达之日起"
            "十五日内提起诉讼。"
        ),
        signer="原告（申请执行人）",
    ),
    Application(
        stem="bankruptcy_claim",
        title="债权申报书",
        opening=("debtor",),
        rows=(
            ("破产申请受理日", "{{ acceptance_date }}"),
            ("本金", "{{ claim_principal }}"),
            ("利息（计至受理日）", "{{ claim_interest }}"),
            ("申报总额", "{{ claim_total }}"),
            ("债权性质", "{{ nature }}"),
            ("财产担保", "{{ security }}"),
            ("连带债务人", "{{ joint_debtors }}"),
            ("收款账户", "{{ receiving_account }}"),
        ),
        sections=(
            (
                "申报事项",
                (
                    (
                        "申报人就上列债权向管理人申报。附利息的债权自破产申请受理时起停止计息，"
                        "利息计至{{ acceptance_date }}。"
                    ),
                ),
            ),
            ("证据", ("*evidence_list",)),
        ),
        basis="依照《中华人民共和国企业破产法》第四十六条、第四十八条、第四十九条的规定申报。",
        signer="申报人",
        addressee="{{ administrator }}",
    ),
    Application(
        stem="plan_objection",
        title="{{ heading }}",
        opening=("party",),
        rows=(
            NUMBER,
            ("分配方案", "{{ plan }}"),
            ("收到日", "{{ received_on }}"),
            ("异议项目", "{{ item }}"),
            ("应分配数额", "{{ correct_share }}"),
        ),
        sections=(("事实与理由", ("*reasons",)),),
        basis=f"依照{CPI}第五百零九条、第五百一十条的规定提出。",
        signer="申请人",
    ),
)


def settlement_agreement() -> PaperBuilder:
    """X10."""
    paper = PaperBuilder(margins=COURT, size=14, line=24.0)
    paper.title("执行和解协议")
    lines(paper, "parties", indent=False)
    facts(paper, (("执行依据", "{{ title_no }}"), NUMBER, ("和解数额", "{{ amount }}")))
    paper.body("各方当事人就上列案件的履行，自愿达成如下协议：", before=6)
    for heading, name in (
        ("一、履行金额、期限和方式", "schedule"),
        ("二、担保", "security"),
        ("三、不履行的后果", "default_consequence"),
    ):
        paper.text(heading, bold=True, before=6, keep=True)
        lines(paper, name)
    paper.text("四、其他", bold=True, before=6, keep=True)
    paper.body(
        "本协议依照《最高人民法院关于执行和解若干问题的规定》第一条、第四条订立，各方签章后"
        "生效，一式数份，各方各执一份，报执行法院一份。"
    )
    lines(paper, "signatures", indent=False, before=14)
    paper.text("{{ date }}", align=RIGHT, before=10)
    return paper


def make(folder: Path) -> None:
    """Write the papers."""
    for spec in SPECS:
        application(spec).save(folder / f"{spec.stem}.docx")
    settlement_agreement().save(folder / "settlement_agreement.docx")

"""What each paper says: written for this project, filled with the facts of `demo.loans`."""

from datetime import date, timedelta

from postloan_archive.demo.loans import COURT, DemoCollateral, DemoGuarantee, DemoLoan
from postloan_archive.demo.people import PARTIES, DemoCompany, DemoPerson
from tools.demo_papers.blocks import Block, cn, head, p, right, table, title

BANK = "示范农村商业银行股份有限公司"
BRANCH = {"0201": "城关支行", "0202": "开发区支行", "0203": "临江支行"}


def lender(loan: DemoLoan) -> str:
    return BANK + BRANCH[loan.branch]


def who(key: str) -> DemoPerson | DemoCompany:
    return PARTIES[key]


def money(value: object) -> str:
    return f"{value:,.2f}"


def identity(key: str) -> str:
    party = who(key)
    if isinstance(party, DemoPerson):
        return f"{party.name}，{party.sex}，汉族，{cn(party.born)}出生，身份证号码{party.id_no}，住{party.domicile}，联系电话{party.phone}"
    return f"{party.name}，统一社会信用代码{party.id_no}，住所地{party.domicile}，法定代表人{party.legal_rep}，联系电话{party.phone}"


METHOD = {
    "equal_payment": "等额本息，按月还款，每月对应放款日的日期为还款日",
    "equal_principal": "等额本金，按月还款，每月对应放款日的日期为还款日",
    "interest_monthly": "按月结息，每月20日为结息日、次日为付息日，到期一次性还本",
    "interest_quarterly": "按季结息，每季末月20日为结息日、次日为付息日，到期一次性还本",
    "bullet": "到期一次性还本付息",
}


def contract(loan: DemoLoan) -> tuple[Block, ...]:
    security = "、".join(
        [f"《保证合同》（{g.contract_no}）" for g in loan.guarantees]
        + [f"《抵押合同》（{c.contract_no}）" for c in loan.collateral]
    )
    return (
        title(loan.contract_name),
        right(f"合同编号：{loan.contract_no}"),
        p(f"贷款人：{lender(loan)}"),
        p(f"借款人：{identity(loan.borrower)}"),
        p("借款人因资金需要向贷款人申请借款，双方经平等协商，就借款事项订立本合同，共同遵守。"),
        head("第一条 借款金额与用途"),
        p(f"1.1 贷款人同意向借款人发放贷款人民币{money(loan.principal)}元。"),
        p(
            f"1.2 借款用途为{loan.purpose}。未经贷款人书面同意，借款人不得改变用途，不得将借款用于股票、期货、购房或者其他法律禁止的领域。"
        ),
        head("第二条 借款期限"),
        p(
            f"2.1 借款期限自{cn(loan.disbursed_on)}起至{cn(loan.due_on)}止。实际放款日与约定不一致的，以借据记载的日期为准。"
        ),
        head("第三条 利率与计息"),
        p(f"3.1 借款利率为年利率{loan.rate}%，执行固定利率。日利率等于年利率除以360。"),
        p("3.2 利息自放款日起按实际用款天数计算，算头不算尾。"),
        p(f"3.3 还款方式：{METHOD[loan.method]}。"),
        head("第四条 罚息与复利"),
        p(
            f"4.1 借款逾期的，自逾期之日起，贷款人对逾期本金按本合同约定利率上浮{loan.uplift}%计收罚息，直至清偿之日。"
        ),
        p(
            "4.2 借款人未按合同约定用途使用借款的，自违约使用之日起，对违约使用部分按本合同约定利率上浮100%计收罚息。"
        ),
        p(
            "4.3 对借款人不能按时支付的利息，贷款人在借款期内按合同利率、逾期后按罚息利率计收复利。"
        ),
        head("第五条 担保"),
        p(
            f"5.1 本合同项下债务由{security}提供担保。"
            if security
            else "5.1 本合同项下债务以借款人信用担保。"
        ),
        head("第六条 提前到期"),
        p(
            "6.1 借款人连续两期或者累计三期未按时足额还本付息的，改变借款用途的，提供虚假资料的，或者发生其他足以影响偿债能力的情形的，贷款人有权宣布借款提前到期，要求借款人立即清偿全部借款本息。"
        ),
        head("第七条 费用承担"),
        p(
            "7.1 贷款人为实现债权支出的诉讼费、保全费、公告费、律师代理费、评估费、拍卖费等费用由借款人承担。"
        ),
        head("第八条 送达"),
        p(
            f"8.1 借款人确认，{who(loan.borrower).domicile}为各类通知、催收文书以及诉讼、执行文书的送达地址，电话{who(loan.borrower).phone}为接收短信的号码。地址变更应当在三日内书面通知贷款人，否则按原地址送达视为有效送达。"
        ),
        p("8.2 借款人同意人民法院以电子方式送达诉讼文书。"),
        head("第九条 争议解决"),
        p(f"9.1 因本合同发生的争议，由贷款人所在地的{COURT}管辖。"),
        head("第十条 其他"),
        p("10.1 本合同自双方签字或者盖章之日起生效，一式三份，各份具有同等效力。"),
        right(f"贷款人（盖章）：{lender(loan)}"),
        right(f"借款人（签字或盖章）：{who(loan.borrower).name}"),
        right(f"签订日期：{cn(loan.signed_on)}　签订地点：示范省示范县"),
    )


def iou(loan: DemoLoan) -> tuple[Block, ...]:
    return (
        title("借款借据"),
        right(f"借据编号：{loan.loan_no}"),
        table(
            ("项目", "内容"),
            ("借款人", who(loan.borrower).name),
            ("证件号码", who(loan.borrower).id_no),
            ("借款合同编号", loan.contract_no),
            ("借款金额（元）", money(loan.principal)),
            ("年利率", f"{loan.rate}%"),
            ("放款日", cn(loan.disbursed_on)),
            ("到期日", cn(loan.due_on)),
            ("用途", loan.purpose),
            ("还款方式", METHOD[loan.method]),
        ),
        p("借款人确认已收到上述借款，款项已转入借款人指定账户。本借据为借款合同的组成部分。"),
        right(f"借款人：{who(loan.borrower).name}"),
        right(cn(loan.disbursed_on)),
    )


def guarantee(loan: DemoLoan, item: DemoGuarantee) -> tuple[Block, ...]:
    kind = "连带责任保证" if item.kind == "joint" else "一般保证"
    return (
        title("保证合同"),
        right(f"合同编号：{item.contract_no}"),
        p(f"债权人：{lender(loan)}"),
        p(f"保证人：{identity(item.party)}"),
        p(
            f"为确保债务人{who(loan.borrower).name}与债权人签订的《{loan.contract_name}》（编号{loan.contract_no}，以下称主合同）的履行，保证人自愿提供保证。"
        ),
        head("第一条 被担保的主债权"),
        p(
            f"主债权为主合同项下借款本金人民币{money(loan.principal)}元，履行期限自{cn(loan.disbursed_on)}起至{cn(loan.due_on)}止。"
        ),
        head("第二条 保证方式与范围"),
        p(f"2.1 保证方式为{kind}。"),
        p("2.2 保证范围包括主债权本金、利息、罚息、复利、违约金以及实现债权的费用。"),
        head("第三条 保证期间"),
        p(f"3.1 {item.period_clause}"),
        p("3.2 主债务提前到期的，保证期间自提前到期之日起计算。"),
        head("第四条 送达"),
        p(f"4.1 保证人确认{who(item.party).domicile}为送达地址。"),
        right(f"债权人（盖章）：{lender(loan)}"),
        right(f"保证人（签字或盖章）：{who(item.party).name}"),
        right(f"签订日期：{cn(loan.signed_on)}"),
    )


def mortgage(loan: DemoLoan, item: DemoCollateral) -> tuple[Block, ...]:
    return (
        title("抵押合同"),
        right(f"合同编号：{item.contract_no}"),
        p(f"抵押权人：{lender(loan)}"),
        p(f"抵押人：{identity(item.party)}"),
        p(
            f"抵押人自愿以其所有的财产为{who(loan.borrower).name}在《{loan.contract_name}》（编号{loan.contract_no}）项下的债务提供抵押担保。"
        ),
        head("第一条 抵押财产"),
        table(
            ("名称", "坐落或存放地", "权属证号", "评估价值（元）"),
            (item.description, item.location, item.certificate_no, money(item.value)),
        ),
        head("第二条 担保范围"),
        p(
            "担保范围包括主债权本金、利息、罚息、复利、违约金、保管费以及实现债权和抵押权的费用。"
        ),
        head("第三条 抵押登记"),
        p("抵押人应当在本合同签订后五日内协助抵押权人办理抵押登记，登记证明由抵押权人保管。"),
        head("第四条 抵押权的实现"),
        p(
            "债务人不履行到期债务或者发生约定情形的，抵押权人有权依法以抵押财产折价，或者以拍卖、变卖所得价款优先受偿。"
        ),
        right(f"抵押权人（盖章）：{lender(loan)}"),
        right(f"抵押人（签字或盖章）：{who(item.party).name}"),
        right(f"签订日期：{cn(loan.signed_on)}"),
    )


def registration(loan: DemoLoan, item: DemoCollateral) -> tuple[Block, ...]:
    return (
        title("不动产登记证明" if item.kind == "mortgage_real_estate" else "抵押登记证明"),
        right(item.registration_no),
        table(
            ("登记事项", "内容"),
            ("证明权利或事项", "抵押权（一般抵押）"),
            ("权利人", lender(loan)),
            ("义务人", who(item.party).name),
            ("坐落", item.location),
            ("权属证号", item.certificate_no),
            ("被担保主债权数额（元）", money(loan.principal)),
            ("债务履行期限", f"{cn(loan.disbursed_on)}起至{cn(loan.due_on)}止"),
            ("登记时间", cn(item.registered_on)),
        ),
        right(
            "示范县不动产登记中心"
            if item.kind == "mortgage_real_estate"
            else "示范县车辆管理所"
        ),
        right(cn(item.registered_on)),
    )


def identity_paper(loan: DemoLoan, key: str) -> tuple[Block, ...]:
    party = who(key)
    if isinstance(party, DemoPerson):
        return (
            title("居民身份证复印件"),
            table(
                ("项目", "内容"),
                ("姓名", party.name),
                ("性别", party.sex),
                ("民族", "汉"),
                ("出生", cn(party.born)),
                ("住址", party.domicile),
                ("公民身份号码", party.id_no),
            ),
            p("与原件核对无异，仅用于办理贷款业务。"),
            right(f"核对人：{lender(loan)}"),
            right(cn(loan.signed_on)),
        )
    return (
        title("营业执照副本复印件"),
        table(
            ("项目", "内容"),
            ("统一社会信用代码", party.id_no),
            ("名称", party.name),
            ("类型", party.entity_type),
            ("住所", party.domicile),
            ("法定代表人", party.legal_rep),
            ("成立日期", "2012年6月18日"),
            ("营业期限", "长期"),
        ),
        p("与原件核对无异，仅用于办理贷款业务。"),
        right(f"核对人：{lender(loan)}"),
        right(cn(loan.signed_on)),
    )


def credit_consent(loan: DemoLoan) -> tuple[Block, ...]:
    return (
        title("征信查询授权书"),
        p(f"{lender(loan)}："),
        p(
            f"本人（本单位）{who(loan.borrower).name}，证件号码{who(loan.borrower).id_no}，同意并授权贵行在贷款审批、贷后管理和不良清收期间，通过金融信用信息基础数据库查询、打印、保存本人（本单位）的信用报告，并报送信用信息。"
        ),
        p("授权期限自签署之日起至全部债务清偿之日止。"),
        right(f"授权人：{who(loan.borrower).name}"),
        right(cn(loan.signed_on - timedelta(days=9))),
    )


def service_address(loan: DemoLoan) -> tuple[Block, ...]:
    party = who(loan.borrower)
    return (
        title("送达地址确认书"),
        table(
            ("项目", "内容"),
            ("确认人", party.name),
            ("证件号码", party.id_no),
            ("送达地址", party.domicile),
            ("收件人", party.name),
            ("联系电话", party.phone),
            ("邮政编码", "000000"),
            ("是否同意电子送达", "同意，接收短信号码同上"),
        ),
        p(
            "确认人保证上述送达地址准确、有效。因地址不准确、变更后未及时告知或者拒绝签收导致文书未能实际接收的，文书退回之日视为送达之日。本确认书适用于催收、调解、诉讼各审级和执行程序。"
        ),
        right(f"确认人：{party.name}"),
        right(cn(loan.signed_on)),
    )


def application(loan: DemoLoan) -> tuple[Block, ...]:
    return (
        title("贷款申请书"),
        p(f"{lender(loan)}："),
        p(
            f"申请人{identity(loan.borrower)}，因{loan.purpose}需要资金，特向贵行申请贷款人民币{money(loan.principal)}元，期限自{cn(loan.disbursed_on)}至{cn(loan.due_on)}。"
        ),
        p("申请人承诺所提供的资料真实、合法、完整，贷款资金专款专用，按期足额归还本息。"),
        p(
            f"还款来源为{'主营业务收入' if who(loan.borrower).kind == 'company' else '家庭及经营收入'}。"
        ),
        right(f"申请人：{who(loan.borrower).name}"),
        right(cn(loan.signed_on - timedelta(days=15))),
    )


def investigation(loan: DemoLoan) -> tuple[Block, ...]:
    party = who(loan.borrower)
    return (
        title("贷款调查报告"),
        p(f"客户名称：{party.name}　产品：{loan.product}　申请金额：{money(loan.principal)}元"),
        head("一、借款人基本情况"),
        p(identity(loan.borrower) + "。"),
        head("二、借款用途调查"),
        p(f"借款用途为{loan.purpose}，经核查购销资料，用途真实，金额与需求相匹配。"),
        head("三、还款能力分析"),
        p(
            "经查阅银行流水和征信报告，借款人近十二个月收入稳定，现有负债率处于合理水平，第一还款来源能够覆盖本息。"
        ),
        head("四、担保分析"),
        p(
            "；".join(
                [f"保证人{who(g.party).name}具备代偿能力" for g in loan.guarantees]
                + [
                    f"抵押物为{c.description}，评估价值{money(c.value)}元"
                    for c in loan.collateral
                ]
            )
            + "。"
            if loan.guarantees or loan.collateral
            else "本笔贷款采用信用方式。"
        ),
        head("五、风险与对策"),
        p("主要风险为市场波动引起的经营性现金流不足，建议按季开展贷后检查，持续关注资金流向。"),
        head("六、调查结论"),
        p("经双人实地调查，建议予以发放。"),
        right(f"主办：{loan.manager}　协办：信贷员"),
        right(cn(loan.signed_on - timedelta(days=8))),
    )


def approval(loan: DemoLoan) -> tuple[Block, ...]:
    return (
        title("贷款审查审批表"),
        table(
            ("项目", "内容"),
            ("申请人", who(loan.borrower).name),
            ("产品", loan.product),
            ("审批金额（元）", money(loan.principal)),
            ("利率", f"年利率{loan.rate}%"),
            ("期限", f"{cn(loan.disbursed_on)}至{cn(loan.due_on)}"),
            ("还款方式", METHOD[loan.method]),
            ("审查意见", "资料齐全，手续合规，同意上报。"),
            ("审批意见", "同意发放，落实担保后放款。"),
        ),
        right("审批人：贷款审查委员会"),
        right(cn(loan.signed_on - timedelta(days=4))),
    )


def income(loan: DemoLoan) -> tuple[Block, ...]:
    if who(loan.borrower).kind == "company":
        rows = [("科目", "2023年（元）", "2024年（元）", "2025年（元）")]
        base = int(loan.principal)
        for name, factor in (
            ("营业收入", 4.2),
            ("营业成本", 3.3),
            ("净利润", 0.31),
            ("资产总计", 3.9),
            ("负债合计", 1.8),
            ("应收账款", 0.9),
        ):
            rows.append(
                (name, *(money(base * factor * growth) for growth in (0.94, 1.0, 0.87)))
            )
        return (p(f"{who(loan.borrower).name} 财务报表摘要"), table(*rows))
    months = [("月份", "收入（元）", "支出（元）", "结余（元）")]
    base = float(loan.principal) / 18
    for month in range(1, 13):
        inflow, outflow = base * (1 + month % 4 * 0.06), base * (0.55 + month % 3 * 0.05)
        months.append(
            (
                f"{loan.signed_on.year - 1}-{month:02d}",
                money(inflow),
                money(outflow),
                money(inflow - outflow),
            )
        )
    return (p(f"{who(loan.borrower).name} 收入流水汇总"), table(*months))


def inspection(loan: DemoLoan, on: date, first: bool) -> tuple[Block, ...]:
    late = on > loan.paid_until
    return (
        title("贷后首次检查报告" if first else "贷后检查报告"),
        p(f"检查日期：{cn(on)}　检查对象：{who(loan.borrower).name}　借据号：{loan.loan_no}"),
        head("一、资金用途"),
        p(f"经核对受托支付凭证和购销合同，贷款资金用于{loan.purpose}，未发现挪用。"),
        head("二、经营与家庭情况"),
        p(
            "现场走访发现库存积压，客流减少，回款周期拉长。"
            if late
            else "现场走访情况正常，设备运转良好，人员稳定。"
        ),
        head("三、担保情况"),
        p(
            "担保物状态完好，保证人联系正常。"
            if loan.guarantees or loan.collateral
            else "本笔为信用贷款。"
        ),
        head("四、检查结论"),
        p(
            "出现逾期，建议下发催收通知，密切关注资产变动，必要时采取保全措施。"
            if late
            else "未发现影响还款的重大风险，维持现有分类。"
        ),
        right(f"检查人：{loan.manager}、协查员"),
        right(cn(on)),
    )


def statement(loan: DemoLoan) -> tuple[Block, ...]:
    rows = [("日期", "摘要", "收回本金（元）", "收回利息（元）", "余额（元）")]
    rows.append((loan.disbursed_on.isoformat(), "放款", "", "", money(loan.principal)))
    quarter = loan.disbursed_on
    while (quarter := quarter + timedelta(days=91)) <= min(loan.paid_until, loan.due_on):
        rows.append(
            (
                quarter.isoformat(),
                "结息扣款",
                "0.00",
                money(loan.principal * loan.rate * 91 / 36000),
                money(loan.principal),
            )
        )
    return (p(f"借据号 {loan.loan_no} 对账单（摘录）"), table(*rows))


def use_proof(loan: DemoLoan) -> tuple[Block, ...]:
    return (
        title("购销合同及付款凭证"),
        p(f"买方：{who(loan.borrower).name}"),
        p("卖方：示范县大众商贸行"),
        p(
            f"标的：{loan.purpose}所需物资一批，总价人民币{money(loan.principal)}元，货到验收合格后付款。"
        ),
        p(f"付款方式：由{lender(loan)}受托支付至卖方账户。"),
        right(f"买方：{who(loan.borrower).name}"),
        right(cn(loan.disbursed_on)),
    )


def demand_receipt(loan: DemoLoan, on: date) -> tuple[Block, ...]:
    return (
        title("贷款逾期催收通知书（回执）"),
        p(f"{lender(loan)}："),
        p(
            f"贵行发出的关于《{loan.contract_name}》（编号{loan.contract_no}，借据号{loan.loan_no}）的逾期催收通知书已于{cn(on)}收到。本人（本单位）对所欠借款本金及利息无异议，同意尽快归还。"
        ),
        right(f"签收人：{who(loan.borrower).name}"),
        right(f"签收日期：{cn(on)}"),
    )


def guarantor_receipt(loan: DemoLoan, item: DemoGuarantee, on: date) -> tuple[Block, ...]:
    return (
        title("担保人履行担保责任通知书（回执）"),
        p(f"{lender(loan)}："),
        p(
            f"贵行要求本保证人就{who(loan.borrower).name}所欠《{loan.contract_name}》（编号{loan.contract_no}）项下债务承担保证责任的通知书，已于{cn(on)}收到。"
        ),
        right(f"保证人：{who(item.party).name}"),
        right(f"签收日期：{cn(on)}"),
    )


def ems(loan: DemoLoan, on: date) -> tuple[Block, ...]:
    return (
        title("邮政特快专递回执联"),
        table(
            ("项目", "内容"),
            ("寄件人", lender(loan)),
            ("收件人", who(loan.borrower).name),
            ("收件地址", who(loan.borrower).domicile),
            ("内件品名", f"《贷款逾期催收通知书》（合同号{loan.contract_no}）"),
            ("邮件号", f"EM{on:%y%m%d}{loan.loan_no[-4:]}CN"),
            ("收寄日期", cn(on - timedelta(days=3))),
            ("投递结果", "本人签收"),
        ),
        right(cn(on)),
    )


def letter_mail(loan: DemoLoan, on: date) -> tuple[Block, ...]:
    return (
        p(f"{who(loan.borrower).name}，您好："),
        p(
            f"您在我行的贷款（借据号 {loan.loan_no}，合同号 {loan.contract_no}）还款日临近或已经逾期，请及时将足额款项存入还款账户。"
        ),
        p("如暂时存在困难，请与我行客户经理联系，协商还款安排。"),
        p(f"{lender(loan)}　{cn(on)}"),
    )


def note(loan: DemoLoan, on: date) -> tuple[Block, ...]:
    return (
        p(f"电话催收记录　{cn(on)}"),
        p(f"借据号：{loan.loan_no}　客户：{who(loan.borrower).name}"),
        p("通话情况：本人接听，表示货款尚未收回，承诺月底前先归还利息，本金分两次归还。"),
        p(f"记录人：{loan.manager}"),
    )


def invoice(loan: DemoLoan) -> tuple[Block, ...]:
    return (
        p("电子收费票据"),
        p(f"付款人：{lender(loan)}"),
        p("项目：抵押物评估费"),
        p("金额：人民币叁仟元整（3,000.00元）"),
        p(f"关联借据：{loan.loan_no}"),
        p("备注：演示用票据，不作报销凭证"),
    )


def ruling(loan: DemoLoan, on: date, case_no: str, until: date) -> tuple[Block, ...]:
    return (
        title(COURT),
        title("民事裁定书"),
        right(case_no),
        p(f"申请人：{lender(loan)}。"),
        p(f"被申请人：{identity(loan.borrower)}。"),
        p(
            f"申请人于{cn(on - timedelta(days=2))}向本院申请财产保全，请求冻结被申请人的银行存款人民币{money(loan.principal)}元或者查封、扣押其他等值财产。"
        ),
        p(
            "本院经审查认为，申请人的申请符合法律规定。依照《中华人民共和国民事诉讼法》第一百零三条、第一百零五条、第一百零六条规定，裁定如下："
        ),
        p(
            f"冻结被申请人{who(loan.borrower).name}的银行存款人民币{money(loan.principal)}元，期限为一年，自{cn(on)}起至{cn(until)}止。"
        ),
        p("申请人应当在冻结期限届满七日前向本院提出续行冻结的书面申请。"),
        p("本裁定立即开始执行。如不服本裁定，可以自收到裁定书之日起五日内向本院申请复议一次。"),
        right("审判员 甲某"),
        right(cn(on)),
        right("书记员 乙某"),
    )


def acceptance(loan: DemoLoan, on: date, case_no: str) -> tuple[Block, ...]:
    return (
        title(COURT),
        title("受理案件通知书"),
        right(case_no),
        p(f"{lender(loan)}："),
        p(
            f"你单位诉{who(loan.borrower).name}等金融借款合同纠纷一案的起诉状收到。经审查，起诉符合法定受理条件，本院于{cn(on)}登记立案。"
        ),
        p("请在接到交纳诉讼费用通知后七日内预交案件受理费，逾期不交的按撤回起诉处理。"),
        right(cn(on)),
    )


def summons(loan: DemoLoan, on: date, case_no: str, hearing: date) -> tuple[Block, ...]:
    return (
        title(COURT),
        title("传票"),
        table(
            ("项目", "内容"),
            ("案号", case_no),
            ("案由", "金融借款合同纠纷"),
            ("被传唤人", lender(loan)),
            ("传唤事由", "开庭"),
            ("应到时间", f"{cn(hearing)}9时30分"),
            ("应到处所", "第三审判庭"),
        ),
        right(cn(on)),
    )


def judgment(loan: DemoLoan, on: date, case_no: str) -> tuple[Block, ...]:
    return (
        title(COURT),
        title("民事判决书"),
        right(case_no),
        p(f"原告：{lender(loan)}。"),
        p(f"被告：{identity(loan.borrower)}。"),
        *(p(f"被告：{identity(g.party)}。") for g in loan.guarantees),
        p(
            "原告与被告金融借款合同纠纷一案，本院立案后依法适用普通程序公开开庭进行了审理，现已审理终结。"
        ),
        p(
            f"经审理查明：{cn(loan.signed_on)}，原告与被告{who(loan.borrower).name}签订《{loan.contract_name}》（编号{loan.contract_no}），约定借款人民币{money(loan.principal)}元，年利率{loan.rate}%，逾期上浮{loan.uplift}%计收罚息。原告依约放款后，被告未按期偿还。"
        ),
        p(
            "本院认为，案涉合同系当事人真实意思表示，合法有效。依照《中华人民共和国民法典》第六百七十五条、第六百七十六条规定，判决如下："
        ),
        p(
            f"一、被告{who(loan.borrower).name}于本判决生效之日起十日内偿还原告借款本金人民币{money(loan.principal)}元及相应利息、罚息、复利；"
        ),
        p(
            "二、保证人在债务人财产依法强制执行仍不能履行债务时承担一般保证责任。"
            if any(g.kind == "general" for g in loan.guarantees)
            else "二、保证人承担连带清偿责任。"
        ),
        p("如未按本判决指定的期间履行给付金钱义务，应当加倍支付迟延履行期间的债务利息。"),
        p("如不服本判决，可以在判决书送达之日起十五日内向本院递交上诉状。"),
        right("审判长 丙某"),
        right(cn(on)),
    )


def settlement(loan: DemoLoan) -> tuple[Block, ...]:
    assert loan.settled_on
    return (
        title("贷款结清证明"),
        p(f"{who(loan.borrower).name}："),
        p(
            f"你方在我行的贷款（借据号{loan.loan_no}，合同号{loan.contract_no}，金额人民币{money(loan.principal)}元）已于{cn(loan.settled_on)}全部结清。"
        ),
        right(lender(loan)),
        right(cn(loan.settled_on)),
    )


def board_resolution(loan: DemoLoan, key: str) -> tuple[Block, ...]:
    party = who(key)
    what = (
        f"向{lender(loan)}申请借款人民币{money(loan.principal)}元"
        if key == loan.borrower
        else f"为{who(loan.borrower).name}的借款人民币{money(loan.principal)}元提供担保"
    )
    return (
        title("股东会决议"),
        p(
            f"{party.name}股东会于{cn(loan.signed_on - timedelta(days=6))}召开会议，全体股东出席，一致同意{what}，并授权法定代表人签署有关合同。"
        ),
        right(party.name),
        right(cn(loan.signed_on - timedelta(days=6))),
    )


def valuation(item: DemoCollateral) -> tuple[Block, ...]:
    return (
        title("押品评估报告（摘要）"),
        p(f"评估对象：{item.description}，权属证号{item.certificate_no}。"),
        p(f"价值时点：{cn(item.valued_on)}。评估方法：比较法、收益法。"),
        p(f"评估结论：评估价值人民币{money(item.value)}元。"),
        right("示范房地产资产评估有限公司"),
        right(cn(item.valued_on)),
    )

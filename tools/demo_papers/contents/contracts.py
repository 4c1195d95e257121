"""The contracts and what secures them."""

from datetime import timedelta

from postloan_archive.demo.loan_facts import COURT, DemoCollateral, DemoGuarantee, DemoLoan
from tools.demo_papers.blocks import Block, cn, head, p, right, table, title
from tools.demo_papers.contents.parties import METHOD, identity, lender, money, who


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

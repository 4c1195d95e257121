"""Papers after disbursement: inspections, demands, proof of delivery, settlement."""

from datetime import date, timedelta

from postloan_archive.demo.loan_facts import DemoGuarantee, DemoLoan
from postloan_archive.demo.people import USERS
from tools.demo_papers.blocks import Block, cn, head, p, right, table, title
from tools.demo_papers.contents.parties import lender, money, who

MANAGERS = {name: shown for name, shown, *_ in USERS}


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
        p(f"记录人：{MANAGERS[loan.manager]}"),
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

"""Papers from the application to the money paid out."""

from datetime import timedelta

from postloan_archive.demo.loan_facts import DemoLoan
from postloan_archive.demo.people import DemoPerson
from tools.demo_papers.blocks import Block, cn, head, p, right, table, title
from tools.demo_papers.contents.parties import METHOD, identity, lender, money, who


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


def invoice(loan: DemoLoan) -> tuple[Block, ...]:
    return (
        p("电子收费票据"),
        p(f"付款人：{lender(loan)}"),
        p("项目：抵押物评估费"),
        p("金额：人民币叁仟元整（3,000.00元）"),
        p(f"关联借据：{loan.loan_no}"),
        p("备注：演示用票据，不作报销凭证"),
    )

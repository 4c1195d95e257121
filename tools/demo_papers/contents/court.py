"""Papers of the court."""

from datetime import date, timedelta

from postloan_archive.demo.loan_facts import COURT, DemoLoan
from tools.demo_papers.blocks import Block, cn, p, right, table, title
from tools.demo_papers.contents.parties import identity, lender, money, who


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


def enforcement_acceptance(loan: DemoLoan, on: date, case_no: str) -> tuple[Block, ...]:
    return (
        title(COURT),
        title("执行案件受理通知书"),
        right(case_no),
        p(f"{lender(loan)}："),
        p(
            f"你单位申请执行{who(loan.borrower).name}等金融借款合同纠纷一案的申请书收到。经审查，申请符合法定受理条件，本院于{cn(on)}立案执行。"
        ),
        p("请如实提供被执行人的财产线索，并确认收款账户和送达地址。"),
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

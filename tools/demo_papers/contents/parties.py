"""Who lends and who borrows, and how their facts are written."""

from postloan_archive.demo.loan_facts import DemoLoan
from postloan_archive.demo.people import PARTIES, DemoCompany, DemoPerson
from tools.demo_papers.blocks import cn

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

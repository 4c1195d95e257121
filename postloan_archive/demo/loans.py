"""The twelve fictional loans, one in each stage, as of the demonstration day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

DEMO_DAY: Final = date(2026, 11, 24)
COURT: Final = "示范县人民法院"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoGuarantee:
    """A guarantor of a loan; `period_clause` is printed in the contract as it stands."""

    party: str
    contract_no: str
    kind: str  # general, joint
    period_clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCollateral:
    """Property that secures a loan."""

    party: str
    contract_no: str
    kind: str
    description: str
    location: str
    certificate_no: str
    registration_no: str
    registered_on: date
    value: Decimal
    valued_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLoan:
    """One loan. Every instalment due on or before `paid_until` was paid on its day."""

    loan_no: str
    borrower: str
    branch: str
    manager: str
    product: str
    contract_no: str
    contract_name: str
    signed_on: date
    principal: Decimal
    rate: Decimal  # percent a year
    uplift: Decimal  # percent of the contract rate
    method: str
    disbursed_on: date
    due_on: date
    paid_until: date
    purpose: str
    story: str  # the stage that the loan stands for
    risk_class: str = "正常"
    guarantees: tuple[DemoGuarantee, ...] = ()
    collateral: tuple[DemoCollateral, ...] = ()
    demands: tuple[tuple[date, str], ...] = ()  # letters that arrived: day, evidence level
    settled_on: date | None = None


_TWO_YEARS: Final = "保证期间为主债务履行期限届满之日起二年。"
_SIX_MONTHS: Final = "保证期间为主债务履行期限届满之日起六个月。"

LOANS: Final = (
    DemoLoan(
        loan_no="JJ2025-0101",
        borrower="chen",
        branch="0201",
        manager="kehu1",
        product="个人住房装修贷款",
        contract_no="示农商借字2025第0101号",
        contract_name="个人借款合同",
        signed_on=date(2025, 3, 12),
        principal=Decimal("180000.00"),
        rate=Decimal("4.35"),
        uplift=Decimal(50),
        method="equal_payment",
        disbursed_on=date(2025, 3, 15),
        due_on=date(2028, 3, 15),
        paid_until=DEMO_DAY,
        purpose="住房装修",
        story="正常还款",
        collateral=(
            DemoCollateral(
                party="chen",
                contract_no="示农商抵字2025第0101号",
                kind="mortgage_real_estate",
                description="城关镇文昌路18号3幢502室住宅，建筑面积98.60平方米",
                location="示范省示范县城关镇文昌路18号3幢502室",
                certificate_no="示（2019）示范县不动产权第0001821号",
                registration_no="示（2025）示范县不动产证明第0000412号",
                registered_on=date(2025, 3, 14),
                value=Decimal("690000.00"),
                valued_on=date(2025, 3, 5),
            ),
        ),
    ),
    DemoLoan(
        loan_no="JJ2025-0212",
        borrower="zhou",
        branch="0202",
        manager="kehu2",
        product="个人经营性贷款",
        contract_no="示农商借字2025第0212号",
        contract_name="个人经营性借款合同",
        signed_on=date(2025, 12, 10),
        principal=Decimal("300000.00"),
        rate=Decimal("5.20"),
        uplift=Decimal(50),
        method="interest_monthly",
        disbursed_on=date(2025, 12, 15),
        due_on=date(2026, 12, 15),
        paid_until=DEMO_DAY,
        purpose="采购五金配件",
        story="即将到期",
        guarantees=(
            DemoGuarantee(
                party="qian",
                contract_no="示农商保字2025第0212号",
                kind="joint",
                period_clause=_TWO_YEARS,
            ),
        ),
    ),
    DemoLoan(
        loan_no="JJ2025-0318",
        borrower="lin",
        branch="0201",
        manager="kehu1",
        product="个人经营性贷款",
        contract_no="示农商借字2025第0318号",
        contract_name="个人经营性借款合同",
        signed_on=date(2025, 11, 3),
        principal=Decimal("150000.00"),
        rate=Decimal("5.60"),
        uplift=Decimal(50),
        method="interest_monthly",
        disbursed_on=date(2025, 11, 6),
        due_on=date(2026, 11, 6),
        paid_until=date(2026, 10, 25),
        purpose="收购果蔬",
        story="逾期 M1",
        risk_class="关注",
        guarantees=(
            DemoGuarantee(
                party="wu",
                contract_no="示农商保字2025第0318号",
                kind="joint",
                period_clause=_TWO_YEARS,
            ),
        ),
    ),
    DemoLoan(
        loan_no="JJ2025-0407",
        borrower="zhiyuan",
        branch="0202",
        manager="kehu2",
        product="流动资金贷款",
        contract_no="示农商流借字2025第0407号",
        contract_name="流动资金借款合同",
        signed_on=date(2025, 9, 28),
        principal=Decimal("2000000.00"),
        rate=Decimal("4.85"),
        uplift=Decimal(50),
        method="interest_quarterly",
        disbursed_on=date(2025, 10, 10),
        due_on=date(2026, 10, 10),
        paid_until=date(2026, 9, 25),
        purpose="采购钢材",
        story="逾期 M2",
        risk_class="关注",
        guarantees=(
            DemoGuarantee(
                party="guodong",
                contract_no="示农商保字2025第0407-1号",
                kind="joint",
                period_clause=_TWO_YEARS,
            ),
            DemoGuarantee(
                party="qian",
                contract_no="示农商保字2025第0407-2号",
                kind="joint",
                period_clause=_TWO_YEARS,
            ),
        ),
        demands=((date(2026, 10, 16), "A"),),
    ),
    DemoLoan(
        loan_no="JJ2024-0533",
        borrower="he",
        branch="0203",
        manager="kehu3",
        product="个人消费贷款",
        contract_no="示农商借字2024第0533号",
        contract_name="个人消费借款合同",
        signed_on=date(2024, 9, 5),
        principal=Decimal("80000.00"),
        rate=Decimal("6.00"),
        uplift=Decimal(50),
        method="equal_payment",
        disbursed_on=date(2024, 9, 10),
        due_on=date(2027, 9, 10),
        paid_until=date(2026, 8, 15),
        purpose="购买家电家具",
        story="逾期 M3",
        risk_class="关注",
        demands=((date(2026, 9, 18), "B"),),
    ),
    DemoLoan(
        loan_no="JJ2024-0620",
        borrower="ma",
        branch="0201",
        manager="kehu1",
        product="个人经营性贷款",
        contract_no="示农商借字2024第0620号",
        contract_name="个人经营性借款合同",
        signed_on=date(2024, 8, 6),
        principal=Decimal("260000.00"),
        rate=Decimal("5.80"),
        uplift=Decimal(50),
        method="interest_quarterly",
        disbursed_on=date(2024, 8, 11),
        due_on=date(2026, 8, 11),
        paid_until=date(2026, 7, 1),
        purpose="门店进货",
        story="逾期 M4",
        risk_class="次级",
        collateral=(
            DemoCollateral(
                party="ma",
                contract_no="示农商抵字2024第0620号",
                kind="mortgage_real_estate",
                description="城关镇北街43号商铺，建筑面积41.20平方米",
                location="示范省示范县城关镇北街43号",
                certificate_no="示（2016）示范县不动产权第0000377号",
                registration_no="示（2024）示范县不动产证明第0001590号",
                registered_on=date(2024, 8, 9),
                value=Decimal("520000.00"),
                valued_on=date(2024, 7, 28),
            ),
        ),
        demands=((date(2026, 8, 20), "A"), (date(2026, 10, 12), "B")),
    ),
    DemoLoan(
        loan_no="JJ2025-0715",
        borrower="luo",
        branch="0203",
        manager="kehu3",
        product="个人车辆贷款",
        contract_no="示农商借字2025第0715号",
        contract_name="个人汽车借款合同",
        signed_on=date(2025, 7, 1),
        principal=Decimal("220000.00"),
        rate=Decimal("5.50"),
        uplift=Decimal(50),
        method="equal_principal",
        disbursed_on=date(2025, 7, 11),
        due_on=date(2028, 7, 11),
        paid_until=date(2026, 6, 20),
        purpose="购置载货汽车",
        story="逾期 M5",
        risk_class="次级",
        collateral=(
            DemoCollateral(
                party="luo",
                contract_no="示农商抵字2025第0715号",
                kind="mortgage_vehicle",
                description="重型厢式货车，车牌示·T00715，车架号LDEMO000000000715",
                location="示范省示范县临江镇江湾路77号",
                certificate_no="机动车登记证书第990000715号",
                registration_no="示车抵2025第0715号",
                registered_on=date(2025, 7, 10),
                value=Decimal("310000.00"),
                valued_on=date(2025, 7, 1),
            ),
        ),
        demands=((date(2026, 8, 3), "A"),),
    ),
    DemoLoan(
        loan_no="JJ2025-0806",
        borrower="hengtai",
        branch="0201",
        manager="kehu1",
        product="流动资金贷款",
        contract_no="示农商流借字2025第0806号",
        contract_name="流动资金借款合同",
        signed_on=date(2025, 5, 10),
        principal=Decimal("1500000.00"),
        rate=Decimal("4.90"),
        uplift=Decimal(50),
        method="interest_quarterly",
        disbursed_on=date(2025, 5, 14),
        due_on=date(2026, 5, 14),
        paid_until=date(2026, 3, 25),
        purpose="采购棉纱",
        story="逾期 M6+，保证期间将届满，准备起诉",
        risk_class="可疑",
        guarantees=(
            DemoGuarantee(
                party="anxin",
                contract_no="示农商保字2025第0806-1号",
                kind="joint",
                period_clause="保证期间为主债务履行期限届满之日起七个月。",
            ),
            DemoGuarantee(
                party="wu",
                contract_no="示农商保字2025第0806-2号",
                kind="joint",
                period_clause=_TWO_YEARS,
            ),
        ),
        collateral=(
            DemoCollateral(
                party="hengtai",
                contract_no="示农商抵字2025第0806号",
                kind="mortgage_real_estate",
                description="城关镇纺织路60号厂房，建筑面积1860.00平方米",
                location="示范省示范县城关镇纺织路60号",
                certificate_no="示（2015）示范县不动产权第0000092号",
                registration_no="示（2025）示范县不动产证明第0000806号",
                registered_on=date(2025, 5, 13),
                value=Decimal("2380000.00"),
                valued_on=date(2025, 4, 29),
            ),
        ),
        demands=((date(2026, 5, 22), "A"), (date(2026, 8, 14), "A")),
    ),
    DemoLoan(
        loan_no="JJ2024-0909",
        borrower="guodong",
        branch="0202",
        manager="kehu2",
        product="流动资金贷款",
        contract_no="示农商流借字2024第0909号",
        contract_name="流动资金借款合同",
        signed_on=date(2024, 9, 1),
        principal=Decimal("1200000.00"),
        rate=Decimal("5.05"),
        uplift=Decimal(50),
        method="interest_quarterly",
        disbursed_on=date(2024, 9, 9),
        due_on=date(2025, 9, 9),
        paid_until=date(2025, 6, 25),
        purpose="采购水泥砂石",
        story="已保全，冻结即将到期",
        risk_class="可疑",
        guarantees=(
            DemoGuarantee(
                party="feng",
                contract_no="示农商保字2024第0909号",
                kind="joint",
                period_clause=_TWO_YEARS,
            ),
        ),
        demands=((date(2025, 9, 19), "A"), (date(2025, 11, 3), "A")),
    ),
    DemoLoan(
        loan_no="JJ2023-1018",
        borrower="sun",
        branch="0203",
        manager="kehu3",
        product="个人经营性贷款",
        contract_no="示农商借字2023第1018号",
        contract_name="个人经营性借款合同",
        signed_on=date(2023, 10, 12),
        principal=Decimal("500000.00"),
        rate=Decimal("5.70"),
        uplift=Decimal(50),
        method="interest_quarterly",
        disbursed_on=date(2023, 10, 18),
        due_on=date(2025, 10, 18),
        paid_until=date(2025, 6, 25),
        purpose="扩建养殖池塘",
        story="已起诉，等待开庭",
        risk_class="可疑",
        guarantees=(
            DemoGuarantee(
                party="zhao",
                contract_no="示农商保字2023第1018号",
                kind="joint",
                period_clause=_TWO_YEARS,
            ),
        ),
        demands=((date(2025, 10, 29), "A"), (date(2026, 3, 16), "B")),
    ),
    DemoLoan(
        loan_no="JJ2022-1103",
        borrower="lvye",
        branch="0203",
        manager="kehu3",
        product="流动资金贷款",
        contract_no="示农商流借字2022第1103号",
        contract_name="流动资金借款合同",
        signed_on=date(2022, 11, 1),
        principal=Decimal("900000.00"),
        rate=Decimal("5.35"),
        uplift=Decimal(50),
        method="interest_quarterly",
        disbursed_on=date(2022, 11, 3),
        due_on=date(2023, 11, 3),
        paid_until=date(2023, 6, 25),
        purpose="收购稻谷",
        story="已判决，执行中",
        risk_class="损失",
        guarantees=(
            DemoGuarantee(
                party="anxin",
                contract_no="示农商保字2022第1103号",
                kind="general",
                period_clause=_SIX_MONTHS,
            ),
        ),
        demands=((date(2023, 11, 13), "A"), (date(2024, 2, 26), "A")),
    ),
    DemoLoan(
        loan_no="JJ2023-1201",
        borrower="jinshui",
        branch="0201",
        manager="kehu1",
        product="流动资金贷款",
        contract_no="示农商流借字2023第1201号",
        contract_name="流动资金借款合同",
        signed_on=date(2023, 9, 20),
        principal=Decimal("600000.00"),
        rate=Decimal("4.95"),
        uplift=Decimal(50),
        method="interest_quarterly",
        disbursed_on=date(2023, 9, 28),
        due_on=date(2026, 9, 28),
        paid_until=DEMO_DAY,
        purpose="门店装修",
        story="已结清",
        settled_on=date(2026, 9, 28),
    ),
)

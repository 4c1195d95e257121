"""A second loan of 示范县志远机械有限公司: both are sued for in one suit."""

from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.demo.loan_facts import DemoGuarantee, DemoLoan

SECOND_LOAN: Final = DemoLoan(
    loan_no="JJ2025-0408",
    borrower="zhiyuan",
    branch="0202",
    manager="kehu2",
    product="流动资金贷款",
    contract_no="示农商流借字2025第0408号",
    contract_name="流动资金借款合同",
    signed_on=date(2025, 8, 20),
    principal=Decimal("600000.00"),
    rate=Decimal("5.10"),
    uplift=Decimal(50),
    method="interest_quarterly",
    disbursed_on=date(2025, 8, 28),
    due_on=date(2026, 8, 28),
    paid_until=date(2026, 8, 10),
    purpose="支付加工费",
    story="与另一笔借据同案起诉",
    risk_class="关注",
    guarantees=(
        DemoGuarantee(
            party="qian",
            contract_no="示农商保字2025第0408号",
            kind="joint",
            period_clause="保证期间为主债务履行期限届满之日起二年。",
        ),
    ),
    demands=((date(2026, 9, 18), "A"),),
)

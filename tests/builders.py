"""Honest defaults for tests: one branch tree, one borrower, one loan; change what matters."""

from datetime import date
from decimal import Decimal

from postloan_archive.access import branches
from postloan_archive.loans import service
from postloan_archive.loans.models import Loan
from postloan_archive.loans.service import RegisterCustomer, RegisterLoan, Scheduled
from postloan_archive.uow import UnitOfWork

PERSON_ID = "100101199001010070"  # checksum right, region held by nobody


def a_branch(uow: UnitOfWork, code: str = "0201", parent: str | None = None) -> int:
    """A branch, created once."""
    return branches.ensure(uow, code=code, name=f"示范支行{code}", parent_code=parent)


def a_customer(uow: UnitOfWork, *, branch: str = "0201", **changes) -> int:
    """A person in branch 0201."""
    a_branch(uow, branch)
    values = {"kind": "person", "name": "张三", "id_no": PERSON_ID, "facts": {}} | changes
    return service.register_customer(uow, RegisterCustomer(branch_code=branch, **values)).id


def a_loan(uow: UnitOfWork, *, branch: str = "0201", **changes) -> Loan:
    """A bullet loan of 100,000 yuan at 6 %, paid out 2025-11-24, due 2026-11-24."""
    customer_id = changes.pop("customer_id", None) or a_customer(uow, branch=branch)
    values = {
        "loan_no": "JJ2025-0001",
        "customer_id": customer_id,
        "branch_code": branch,
        "contract_no": "示农商借字2025第0001号",
        "contract_name": "个人借款合同",
        "signed_on": date(2025, 11, 20),
        "contract_amount": Decimal(100_000),
        "principal": Decimal(100_000),
        "annual_rate": Decimal(6),
        "penalty_uplift": Decimal(50),
        "day_basis": 360,
        "repayment_method": "bullet",
        "disbursed_on": date(2025, 11, 24),
        "due_on": date(2026, 11, 24),
        "schedule": (
            Scheduled(
                due_on=date(2026, 11, 24),
                principal=Decimal(100_000),
                interest=Decimal("6083.33"),
            ),
        ),
    }
    return service.register_loan(uow, RegisterLoan(**(values | changes)))


def in_four_instalments(uow: UnitOfWork, **changes) -> Loan:
    """40,000 yuan in four instalments; on 24 November 2026 two or three of them are due."""
    rows = tuple(
        Scheduled(
            due_on=date(2026, month, 20), principal=Decimal(10_000), interest=Decimal(600)
        )
        for month in range(9, 13)
    )
    return a_loan(
        uow,
        principal=Decimal(40_000),
        disbursed_on=date(2026, 8, 20),
        due_on=date(2026, 12, 20),
        signed_on=date(2026, 8, 20),
        repayment_method="equal_principal",
        annual_rate=Decimal(6),
        schedule=rows,
        **changes,
    )

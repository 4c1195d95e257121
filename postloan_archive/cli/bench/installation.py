"""An installation with one loan file, for benches that measure services as a whole."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from postloan_archive import audit
from postloan_archive.access import branches
from postloan_archive.config import Settings
from postloan_archive.db.schema import migrate
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import FrozenClock
from postloan_archive.loans import lenders
from postloan_archive.loans import service as ledger
from postloan_archive.loans.lenders import Lender
from postloan_archive.loans.service import RegisterCustomer, RegisterLoan, Scheduled
from postloan_archive.uow import System, UnitOfWork, open_system

NOON: Final = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
DUE: Final = date(2026, 5, 24)
CLI: Final = Actor.program("cli")
BRANCH: Final = "0201"
LOAN: Final = "JJ2025-0001"


def new_installation(folder: Path, *, office: str = "") -> System:
    """Create an installation in a new folder, on a stopped clock."""
    folder.mkdir()
    system = open_system(Settings(data=folder, soffice=office), clock=FrozenClock(NOON))
    migrate(system.engine)
    audit.create_key(folder)
    with system.unit_of_work(CLI) as uow:
        uow.index.create(uow.session)
    return system


def register_loan(uow: UnitOfWork) -> None:
    """Register the loan `LOAN` with its lender, customer and contract."""
    branches.ensure(uow, code=BRANCH, name="示范支行", parent_code=None)
    lenders.describe_lender(
        uow,
        BRANCH,
        Lender(
            name="示范农商银行",
            uscc="91100101MA1000001A",
            domicile="示范县金融街1号",
            phone="12000000001",
            legal_rep="钟守诚",
            legal_rep_post="董事长",
            legal_rep_id_no="100101196901010058",
        ),
    )
    customer = ledger.register_customer(
        uow,
        RegisterCustomer(
            kind="person",
            name="张三",
            id_no="100101199001010070",
            branch_code=BRANCH,
            facts={"domicile": "示范县1号", "sex": "男"},
        ),
    )
    ledger.register_loan(
        uow,
        RegisterLoan(
            loan_no=LOAN,
            customer_id=customer.id,
            branch_code=BRANCH,
            contract_no="示农商借字2025第0001号",
            contract_name="个人借款合同",
            signed_on=date(2025, 11, 20),
            contract_amount=Decimal(100_000),
            principal=Decimal(100_000),
            annual_rate=Decimal(6),
            penalty_uplift=Decimal(50),
            day_basis=360,
            repayment_method="bullet",
            disbursed_on=date(2025, 11, 24),
            due_on=DUE,
            schedule=(
                Scheduled(due_on=DUE, principal=Decimal(100_000), interest=Decimal("3016.67")),
            ),
        ),
    )

"""A whole litigation package: eight papers, exhibits of 240 pages, one PDF, proof, zip.

What is measured is what `postloan package build` does, from the facts in the database to the
frozen version in the vault. Once without LibreOffice, once with it; the first conversion of the
run warms the caches of the machine and is not counted.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from postloan_archive import audit
from postloan_archive.access import branches
from postloan_archive.archive import service as archive
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.cases import service as cases
from postloan_archive.cases.service import OpenCase
from postloan_archive.cli.bench.bundle import sources
from postloan_archive.config import Settings
from postloan_archive.db.schema import migrate
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import FrozenClock
from postloan_archive.litigation import freezing, service
from postloan_archive.loans import lenders
from postloan_archive.loans import service as ledger
from postloan_archive.loans.lenders import Lender
from postloan_archive.loans.service import RegisterCustomer, RegisterLoan, Scheduled
from postloan_archive.uow import System, UnitOfWork, open_system
from postloan_archive.wordgen import soffice_path

Report = Callable[[dict[str, object]], None]

NOON: Final = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
DUE: Final = date(2026, 5, 24)
CLI: Final = Actor.program("cli")
BRANCH: Final = "0201"
LOAN: Final = "JJ2025-0001"
PAPERS: Final = ("P01", "A06", "A03", "A02", "P03", "A08", "A05")  # and the evidence list
ITEMS: Final = ("YJ01", "YJ02", "YJ06", "GL11", "BQ01", "YJ13")
FACTS: Final = {
    "agent_name": "苏明哲",
    "agent_post": "法律事务专员",
    "plaintiff_entity_type": "股份有限公司",
    "plaintiff_ownership": "国有参股",
    "facts.contract.place": "示范县",
    "post_code": "000000",
    "e_service_consent": "不同意",
    "assets": "不动产；北街43号商铺；示范县；借款人；400000.00",
}


def run(report: Report, *, quick: bool) -> None:
    """Measure freezing one package.

    Args:
        report: takes one line for each measurement.
        quick: fewer rounds; the package is the same.
    """
    rounds = 2 if quick else 5
    for name, office in (("without_office", "/nonexistent"), ("eight_papers_240_pages", "")):
        if not office and soffice_path("") is None:
            report({"bench": "package", "name": name, "skipped": "no LibreOffice"})
            continue
        with tempfile.TemporaryDirectory(prefix="postloan-bench-") as place:
            system = _installation(Path(place) / "data", office)
            try:
                with system.unit_of_work(CLI) as uow:
                    case_no = _fill(uow, Path(place))
                pages = freezing.freeze(system, CLI, case_no).pages
                spans = []
                for _ in range(rounds):
                    start = time.perf_counter()
                    freezing.freeze(system, CLI, case_no)
                    spans.append(time.perf_counter() - start)
            finally:
                system.engine.dispose()
        report(
            {
                "bench": "package",
                "name": name,
                "per_s": round(1 / statistics.median(spans), 2),
                "median_ms": round(statistics.median(spans) * 1000),
                "p95_ms": round(max(spans) * 1000),
                "pages": pages,
            }
        )


def _installation(folder: Path, office: str) -> System:
    folder.mkdir()
    system = open_system(Settings(data=folder, soffice=office), clock=FrozenClock(NOON))
    migrate(system.engine)
    audit.create_key(folder)
    with system.unit_of_work(CLI) as uow:
        uow.index.create(uow.session)
    return system


def _fill(uow: UnitOfWork, folder: Path) -> str:
    """Register loan, case and exhibits of 240 pages, 160 of them scans; return the case."""
    branches.ensure(uow, code=BRANCH, name="示范支行", parent_code=None)
    lenders.describe_lender(
        uow,
        BRANCH,
        Lender(
            name="示范农商银行",
            uscc="91100101MA1000001R",
            domicile="示范县金融街1号",
            phone="12000000001",
            legal_rep="钟守诚",
            legal_rep_post="董事长",
            legal_rep_id_no="100101196901010054",
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
    batch = archive.open_batch(uow, OpenBatch(source="cli"))
    for number, path in enumerate(sources(folder, 16, 8)):
        with path.open("rb") as stream:
            archive.receive_file(
                uow,
                ReceiveFile(
                    batch_id=batch.id,
                    loan_no=LOAN,
                    item_code=ITEMS[number % len(ITEMS)],
                    name=path.name,
                    title=f"材料{number + 1}",
                    stream=stream,
                ),
            )
    case = cases.open_case(uow, OpenCase(loan_no=LOAN, court="示范县人民法院"))
    cases.fill_in(uow, case.case_no, FACTS)
    service.open_package(uow, case.case_no)
    service.arrange(uow, case.case_no, volume_mb=None, papers=PAPERS)
    return case.case_no

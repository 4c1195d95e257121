"""One loan file with everything in it, and the words that only its branch may see."""

import io
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from postloan_archive.access import branches
from postloan_archive.archive import service as archive
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.cases import service as cases
from postloan_archive.cases.service import AddEvent, OpenCase
from postloan_archive.cli.handlers import all_handlers
from postloan_archive.custody.rules.lending import Way
from postloan_archive.custody.service import counting, lending, store, transfers
from postloan_archive.custody.service.lending import AskFor
from postloan_archive.custody.service.store import AddBox, AddRoom, RegisterOriginal
from postloan_archive.custody.service.transfers import DraftTransfer
from postloan_archive.enforcement import service as enforcement
from postloan_archive.enforcement.service import AddCost
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from postloan_archive.litigation import binding, freezing
from postloan_archive.litigation import service as packages
from postloan_archive.loans import lenders
from postloan_archive.loans.lenders import Lender
from postloan_archive.notices import service as notices
from postloan_archive.notices.service import PlanRun
from postloan_archive.preservation import service as measures
from postloan_archive.preservation.commands import RegisterMeasure
from postloan_archive.reports import service as reports
from postloan_archive.reports.wanted import Wanted
from postloan_archive.uow import System, UnitOfWork
from postloan_archive.worklist.models import Deadline
from postloan_archive.worklist.recomputing import recompute_loans
from tests.acceptance.whole_management import a_ledger, the_management
from tests.acceptance.whole_rows import the_rows
from tests.notices.conftest import an_overdue_loan
from tests.reading.made_files import pdf

CLI = Actor.program("cli")
TODAY = date(2026, 11, 24)
SECRET = "金蝉脱壳"  # in the text, in a title, in a name: nobody else may read it


@dataclass(frozen=True, kw_only=True)
class WholeFile:
    """The ids of everything that hangs on the loan file, by the name URLs give them."""

    loan_id: int
    ids: dict[str, object]


@pytest.fixture
def whole_file(system, monkeypatch) -> WholeFile:
    """Loan, documents, case, frozen package, measure, letters, all of branch 0201."""
    monkeypatch.setattr(binding, "soffice_path", lambda _configured: None)
    return build(system)


def build(system: System) -> WholeFile:
    """Put everything in through the services, do the jobs, freeze a package."""
    runner = JobRunner(system.engine, all_handlers(system), clock=system.clock)
    with system.unit_of_work(CLI) as uow:
        loan = an_overdue_loan(uow)
        lenders.describe_lender(
            uow,
            "0201",
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
        batch = archive.open_batch(uow, OpenBatch(source="cli"))
        ids = []
        for item in ("YJ01", "YJ02", "BQ01"):
            received = archive.receive_file(
                uow,
                ReceiveFile(
                    batch_id=batch.id,
                    loan_no=loan.loan_no,
                    item_code=item,
                    name=f"{item}-{SECRET}.pdf",
                    title=f"{item} {SECRET}",
                    stream=io.BytesIO(pdf([f"{item} 内容为{SECRET}之计。"])),
                ),
            )
            ids.append(received.document_id)
        uow.enqueue("read_documents", ids)
        case = cases.open_case(uow, OpenCase(loan_no=loan.loan_no, court="示范县人民法院"))
        case_no = case.case_no
        event = cases.add_event(
            uow,
            AddEvent(
                case_no=case_no,
                kind="docketed",
                happened_on=date(2026, 10, 12),
                procedure="first",
            ),
        )
        cases.fill_in(uow, case_no, {"agent_name": "苏明哲", "facts.contract.place": "示范县"})
        measure = measures.register_measure(
            uow,
            RegisterMeasure(
                loan_no=loan.loan_no,
                respondent=f"张三{SECRET}",
                asset_kind="bank_deposit",
                asset="存款",
                court="示范县人民法院",
                ruling_no="（2025）示9999财保1号",
                effective_on=date(2025, 12, 10),
            ),
        )
        cost = enforcement.add_cost(
            uow,
            AddCost(
                case_no=case_no,
                kind="acceptance_fee",
                amount=Decimal(13_800),
                paid_on=TODAY,
                note=SECRET,
            ),
        )
        run = notices.plan_run(uow, PlanRun(kind="N02", as_of=TODAY, loan_nos=None))
        notices.start_run(uow, run.id)
        package = packages.open_package(uow, case_no)
        facts = {
            "loan_no": loan.loan_no,
            "document_id": ids[0],
            "batch_id": batch.id,
            "file_id": received.id,
            "case_no": case_no,
            "event_id": event.id,
            "party_id": case.parties[0].id,
            "procedure_id": case.procedures[0].id,
            "measure_id": measure.id,
            "cost_id": cost.id,
            **the_paper(uow, loan.loan_no),
            "run_id": run.id,
            "notice_id": run.notices[0].id,
            "item_id": package.items[0].id,
            "no": 1,
        }
        loan_id = loan.id
    runner.run_until_empty()
    freezing.freeze(system, CLI, case_no)
    with system.unit_of_work(CLI) as uow:
        recompute_loans(uow, [loan_id], as_of=TODAY)
        facts["deadline_id"] = uow.session.scalars(select(Deadline.id)).first()
        of_branch = replace(CLI, branch_ids=frozenset({branches.id_of(uow, "0201")}))
    with system.unit_of_work(of_branch) as uow:
        period = Wanted(since=TODAY.replace(day=1), until=TODAY)
        facts |= the_management(uow, str(facts["loan_no"]), SECRET)
        facts |= the_rows(uow, facts, SECRET)
        facts["report_id"] = reports.freeze(uow, "ageing", period).id
    facts |= a_ledger(system.unit_of_work, SECRET)
    return WholeFile(loan_id=loan_id, ids=facts)


def the_paper(uow: UnitOfWork, loan_no: str) -> dict[str, object]:
    """A room with a box, two originals in it, one asked for, one to be transferred."""
    branch = branches.id_of(uow, "0201")
    room = store.add_room(uow, AddRoom(branch_id=branch, code="A", name=f"一号库{SECRET}")).id
    box_no = store.add_box(uow, AddBox(room_id=room, shelf="A-03-2")).box_no
    contract, report = (
        store.register_original(
            uow,
            RegisterOriginal(
                loan_no=loan_no, item_code=item, title=f"{item}{SECRET}", pages=3, box_no=box_no
            ),
        ).barcode
        for item in ("YJ01", "GL08")
    )
    asked = lending.ask_for(uow, AskFor(barcode=contract, way=Way.OUT, purpose="核对"))
    moved = transfers.draft(
        uow, DraftTransfer(barcodes=(report,), from_unit="信贷部", to_unit="档案室")
    )
    return {
        "box_no": box_no,
        "lending_no": asked.lending_no,
        "transfer_no": moved.transfer_no,
        "counting_id": counting.start(uow, room).id,
    }

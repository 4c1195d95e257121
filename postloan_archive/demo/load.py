"""Loading the demonstration into an empty installation, step by step, with a report."""

from collections.abc import Callable, Iterator

from postloan_archive.archive.intake import Source, Taken, take_in_sources
from postloan_archive.demo.ledger import enter_branches, enter_loan
from postloan_archive.demo.loans import LOANS
from postloan_archive.demo.papers import DemoPaper, papers
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans import lenders
from postloan_archive.loans.lenders import Lender
from postloan_archive.uow import System

BANK = Lender(
    name="示范农村商业银行股份有限公司",
    uscc="91100101MA1000001A",
    domicile="示范省示范县城关镇金融街1号",
    phone="12000000001",
    legal_rep="钟守诚",
    legal_rep_post="董事长",
    legal_rep_id_no="100101196901010058",
    account="0000 0200 0000 0001",
    bank="示范农村商业银行股份有限公司营业部",
)


def load_ledger(system: System, actor: Actor) -> int:
    """Enter branches, lender and loans; return the number of loans."""
    with system.unit_of_work(actor) as uow:
        enter_branches(uow)
        lenders.describe_lender(uow, "0200", BANK)
        for code, name in (("0201", "城关支行"), ("0202", "开发区支行"), ("0203", "临江支行")):
            lenders.describe_lender(uow, code, Lender(name=BANK.name + name))
        for demo in LOANS:
            enter_loan(uow, demo)
    return len(LOANS)


def load_papers(
    system: System, actor: Actor, runner: JobRunner, report: Callable[[Taken], None]
) -> dict[str, int]:
    """Take in every paper of the demonstration; return the receipt."""
    return take_in_sources(system, actor, _sources(papers()), runner, report, channel="folder")


def _sources(found: Iterator[DemoPaper]) -> Iterator[Source]:
    for paper in found:
        yield Source(
            name=paper.path.name,
            path=paper.path,
            loan_no=paper.loan_no,
            item_code=paper.item,
            title=paper.title,
            doc_date=paper.dated,
        )

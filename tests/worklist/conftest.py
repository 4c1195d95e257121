"""The fixtures of pages, and a follower that puts recomputations in."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.archive import reading_jobs
from postloan_archive.archive import service as archive
from postloan_archive.archive.service import FileMade
from postloan_archive.cases import service as cases
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.service import AddEvent, OpenCase
from postloan_archive.jobs import JobRunner
from postloan_archive.loans import service as loans
from postloan_archive.loans.models import Guarantee, Loan
from postloan_archive.loans.positions import refresh_batch
from postloan_archive.loans.service import NewGuarantee, NoteLimitationEvent, Scheduled
from postloan_archive.preservation import service as preservation
from postloan_archive.preservation.commands import RegisterMeasure
from postloan_archive.worklist import jobs
from postloan_archive.worklist.models import Deadline
from postloan_archive.worklist.recomputing import recompute_loans
from tests.builders import a_customer, a_loan
from tests.web.people import *  # noqa: F403 - fixtures shared by several folders

TODAY = date(2026, 11, 24)


@pytest.fixture
def recompute(new_uow):
    """Recompute every loan as of a day and return what was done."""

    def done(as_of: date = TODAY):
        with new_uow() as uow:
            ids = [loan.id for loan in uow.session.query(Loan)]
            return recompute_loans(uow, ids, as_of=as_of)

    return done


@pytest.fixture
def row(new_uow):
    """Return a detached deadline by the end of its key."""

    def found(ending: str) -> Deadline | None:
        with new_uow() as uow:
            rows = [one for one in uow.session.query(Deadline) if one.key.endswith(ending)]
            assert len(rows) < 2, [one.key for one in rows]
            uow.session.expunge_all()
        return rows[0] if rows else None

    return found


@pytest.fixture
def runner(system):
    """Run the jobs that wait."""
    return JobRunner(system.engine, {**jobs.handlers(system), **reading_jobs.handlers(system)})


def overdue_loan(uow, **changes) -> Loan:
    """A bullet loan of branch 0201 that fell due on 2026-03-02 and was not paid."""
    return a_loan(
        uow,
        **{
            "disbursed_on": date(2025, 3, 2),
            "due_on": date(2026, 3, 2),
            "schedule": (
                Scheduled(
                    due_on=date(2026, 3, 2),
                    principal=Decimal(100_000),
                    interest=Decimal("6083.33"),
                ),
            ),
        }
        | changes,
    )


def guaranteed_loan(uow, clause: str = "", **changes) -> Guarantee:
    """The same with one joint guarantor."""
    guarantor = a_customer(uow, name="李四", id_no="100101199001010097")
    loan = overdue_loan(
        uow,
        guarantees=(
            NewGuarantee(
                guarantor_id=guarantor,
                contract_no="保字1号",
                kind="joint",
                signed_on=date(2025, 3, 1),
                facts={"period_clause": clause},
            ),
        ),
        **changes,
    )
    return loan.guarantees[0]


def a_measure(uow, loan: Loan, **changes) -> int:
    """A freeze of a deposit from 2025-12-10 for a year, on the paper until 2026-12-09."""
    values = {
        "loan_no": loan.loan_no,
        "respondent": "张三",
        "asset_kind": "bank_deposit",
        "asset": "存款",
        "court": "示范县人民法院",
        "ruling_no": "（2025）示9999财保1号",
        "effective_on": date(2025, 12, 10),
    }
    return preservation.register_measure(uow, RegisterMeasure(**(values | changes))).id


def a_demand(uow, loan: Loan, on: date, **changes) -> int:
    """A demand letter that arrived, evidence level A."""
    values = {"loan_no": loan.loan_no, "kind": "demand", "happened_on": on, "level": "A"}
    return loans.note_limitation_event(uow, NoteLimitationEvent(**(values | changes))).id


def a_paper(uow, loan: Loan) -> int:
    """A paper of the court in the loan file."""
    return archive.file_made(
        uow,
        FileMade(
            loan_id=loan.id,
            item_code="BQ08",
            name="通知书.pdf",
            title="法院文书",
            stream=io.BytesIO(b"%PDF-1.4"),
        ),
    ).id


def a_case(uow, loan: Loan, *events: tuple[Event, date], proven: bool = False) -> str:
    """A case of the loan with these events, with a paper or not; returns our number."""
    paper = a_paper(uow, loan) if proven else None
    case = cases.open_case(uow, OpenCase(loan_no=loan.loan_no, court="示范县人民法院"))
    for kind, on in events:
        cases.add_event(
            uow,
            AddEvent(case_no=case.case_no, kind=kind, happened_on=on, document_id=paper),
        )
    return case.case_no


@pytest.fixture
def filled(new_uow, recompute, people):
    """Four overdue loans of branch 0201 with everything that a list can show."""
    del people
    with new_uow() as uow:
        first = uow.session.get(Loan, guaranteed_loan(uow).loan_id)
        a_measure(uow, first)
        a_demand(uow, first, date(2026, 9, 1))
        for number in range(2, 5):
            loan = overdue_loan(uow, loan_no=f"JJ2025-000{number}", contract_no=f"合{number}")
            a_measure(uow, loan, effective_on=date(2025, 11, number * 7), asset=f"车{number}")
        case = cases.open_case(uow, OpenCase(loan_no=first.loan_no, court="示范县人民法院"))
        for kind, on in ((Event.FEE_NOTICE, 20), (Event.JUDGMENT_SERVED, 22)):
            event = AddEvent(
                case_no=case.case_no, kind=kind, happened_on=date(2026, 11, on), note="第一庭"
            )
            cases.add_event(uow, event)
        cases.open_case(uow, OpenCase(loan_no="JJ2025-0002", court="示范县人民法院"))
    recompute()
    with new_uow() as uow:
        refresh_batch(uow)


@pytest.fixture
def legal(browser, filled):
    del filled
    return browser("legal")


def text_of(reply) -> str:
    assert reply.status_code == 200, reply.status_code
    return reply.get_data(as_text=True)


def total_of(page: str) -> int:
    """Return how many rows the list says it has."""
    return int(re.search(r"共 ([\d,]+) [项笔卷]", page)[1].replace(",", ""))

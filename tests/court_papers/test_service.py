"""Papers delivered to a loan file: read, suggested, confirmed, set aside."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from postloan_archive.archive import reading_jobs
from postloan_archive.archive.intake import Delivery, take_in
from postloan_archive.archive.models import Document
from postloan_archive.cases import recording
from postloan_archive.cases import service as docket
from postloan_archive.cases.models import CaseEvent
from postloan_archive.cases.recording import StrikeEvent
from postloan_archive.cases.rules.docket import FutureEventError
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.service import AddEvent, OpenCase
from postloan_archive.court_papers import queries, service
from postloan_archive.court_papers.errors import (
    AlreadyDecidedError,
    NotDecidedError,
    OtherLoanFileError,
    ReasonMissingError,
)
from postloan_archive.court_papers.models import CourtPaperDecision
from postloan_archive.court_papers.rules.kinds import PaperKind
from postloan_archive.court_papers.rules.reading import Field
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from tests.builders import a_loan
from tests.court_papers.test_reading import ACCEPTANCE, FEE_NOTICE
from tests.web.people import *  # noqa: F403 - fixtures shared by some folders

NUMBER = "（2026）苏0102民初1203号"


@pytest.fixture
def case_no(new_uow, people) -> str:
    """A case of the loan JJ2025-0001 that has been filed and knows its number."""
    del people
    with new_uow() as uow:
        loan = a_loan(uow)
        number = docket.open_case(
            uow, OpenCase(loan_no=loan.loan_no, court="江苏省南京市玄武区人民法院")
        ).case_no
        docket.add_event(
            uow,
            AddEvent(
                case_no=number,
                kind=Event.COMPLAINT_RECEIVED,
                happened_on=date(2026, 2, 25),
                procedure="first",
                court_case_no=NUMBER,
            ),
        )
    return number


@pytest.fixture
def deliver(system, tmp_path, case_no):
    """Return a function that files a text under an item and returns the document's id."""
    del case_no
    runner = JobRunner(system.engine, reading_jobs.handlers(system), clock=system.clock)

    def delivered(text: str, name: str, *, loan_no: str = "JJ2025-0001") -> int:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        delivery = Delivery(paths=(path,), loan_no=loan_no)
        take_in(system, Actor.program("cli"), delivery, runner, lambda _one: None)
        with system.unit_of_work(Actor.program("cli")) as uow:
            return uow.session.scalar(select(func.max(Document.id)))

    return delivered


@pytest.fixture
def notice(deliver) -> int:
    return deliver(FEE_NOTICE, "BQ08 交纳诉讼费用通知书.txt")


def fee(case_no, **changes) -> AddEvent:
    values = {
        "kind": Event.FEE_NOTICE,
        "happened_on": date(2026, 3, 9),
        "procedure": "first",
        "court_case_no": NUMBER,
        "amount": Decimal(13_800),
    }
    return AddEvent(case_no=case_no, **{**values, **changes})


def test_a_paper_waits_with_its_case(new_uow, case_no, notice):
    with new_uow() as uow:
        (row,), total = queries.papers(uow)
    assert (row.document_id, total) == (notice, 1)
    assert row.paper.kind is PaperKind.FEE_NOTICE
    assert row.paper.first(Field.FEE).value == Decimal("13800.00")
    assert (row.best.case_no, row.best.reasons[0]) == (case_no, "案号相同")


def test_what_was_confirmed_stands_in_the_docket_with_its_proof(new_uow, case_no, notice):
    with new_uow() as uow:
        event_id = service.enter(uow, notice, fee(case_no)).id
    with new_uow() as uow:
        event = uow.session.get_one(CaseEvent, event_id)
        assert (event.document_id, event.amount) == (notice, Decimal("13800.00"))
        assert event.date_source == "court_document"
        decision = uow.session.scalar(select(CourtPaperDecision))
        assert decision.read["number"] == "（2026）苏0102民初1203号"
        assert queries.numbers(uow) == queries.Numbers(waiting=0, entered=1, set_aside=0)
        (row,), _total = queries.papers(uow, state="entered")
        assert row.case_no == case_no


def test_two_persons_cannot_enter_one_paper_twice(new_uow, case_no, notice):
    with new_uow() as uow:
        service.enter(uow, notice, fee(case_no))
    with new_uow() as uow, pytest.raises(AlreadyDecidedError):
        service.enter(uow, notice, fee(case_no))
    with new_uow() as uow, pytest.raises(AlreadyDecidedError):
        service.set_aside(uow, notice, "重复")


def test_a_struck_entry_lets_the_paper_wait_again(new_uow, case_no, notice):
    with new_uow() as uow:
        event_id = service.enter(uow, notice, fee(case_no)).id
    with new_uow() as uow:
        recording.strike_event(
            uow, StrikeEvent(case_no=case_no, event_id=event_id, reason="登记错了")
        )
    with new_uow() as uow:
        assert queries.numbers(uow).waiting == 1
        service.enter(uow, notice, fee(case_no, happened_on=date(2026, 3, 10)))
        assert queries.numbers(uow).entered == 1


def test_a_refused_event_decides_nothing(new_uow, case_no, notice):
    with new_uow() as uow, pytest.raises(FutureEventError):
        service.enter(uow, notice, fee(case_no, happened_on=date(2027, 3, 9)))
    with new_uow() as uow:
        assert queries.numbers(uow).waiting == 1


def test_a_paper_of_another_file_is_refused(new_uow, case_no, deliver):
    with new_uow() as uow:
        a_loan(uow, loan_no="JJ2025-0002", contract_no="另一合同第2号")
    other = deliver(ACCEPTANCE, "BQ08 受理案件通知书.txt", loan_no="JJ2025-0002")
    with new_uow() as uow, pytest.raises(OtherLoanFileError):
        service.enter(uow, other, fee(case_no, kind=Event.DOCKETED))


def test_setting_aside_needs_a_reason_and_can_be_taken_back(new_uow, notice):
    with new_uow() as uow, pytest.raises(ReasonMissingError):
        service.set_aside(uow, notice, "  ")
    with new_uow() as uow:
        service.set_aside(uow, notice, "副本，原件已登记")
    with new_uow() as uow:
        assert queries.numbers(uow).set_aside == 1
        service.take_back(uow, notice)
    with new_uow() as uow:
        assert queries.numbers(uow).waiting == 1
    with new_uow() as uow, pytest.raises(NotDecidedError):
        service.take_back(uow, notice)


def test_the_page_proposes_and_enters(browser, case_no, notice):
    one = browser("legal")
    text = one.get("/court-papers").get_data(as_text=True)
    assert "交纳诉讼费用通知书" in text
    assert case_no in text
    page = one.get(f"/court-papers/{notice}?at=0").get_data(as_text=True)
    assert 'value="13,800.00"' in page
    assert "请照送达回证或签收记录填写发生日" in page
    assert "<mark" in page
    refused = one.post(f"/court-papers/{notice}", {"case": case_no, "kind": "fee_notice"})
    assert refused.status_code == 422
    values = {
        "case": case_no,
        "kind": "fee_notice",
        "happened_on": "2026.3.9",
        "stage": "auto",
        "procedure": "first",
        "court_case_no": NUMBER,
        "amount": "13,800",
        "document_id": str(notice),
    }
    reply = one.post(f"/court-papers/{notice}", values)
    assert reply.status_code == 302, reply.get_data(as_text=True)
    assert f"/cases/{case_no}#event-" in reply.headers["Location"]
    assert "已登记到案件" in one.get(f"/court-papers/{notice}").get_data(as_text=True)


@pytest.mark.parametrize("query", ["at=99", "at=²", "page=0", "page=99", "case=AJ0000-0000"])
def test_odd_addresses_are_no_fault(browser, notice, query):
    assert browser("legal").get(f"/court-papers/{notice}?{query}").status_code == 200

"""Post-loan reports on a customer: facts with their records, filed for good, seen by right."""

from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.archive import queries as archive
from postloan_archive.loans import queries as loans
from postloan_archive.loans.service import BookPayment, book_payment
from postloan_archive.reports import customer_reports
from postloan_archive.reports.customer_facts import CustomerNotFoundError
from postloan_archive.reports.customer_reports import (
    CustomerReportChangedError,
    CustomerReportNotFoundError,
    FileReport,
    OpinionMissingError,
    PeriodOpenError,
)
from postloan_archive.reports.periods import PeriodNameError, offered, period_of, quarter_of
from postloan_archive.wordgen import docx_text
from tests.collection.conftest import acting

__all__ = ["acting"]
pytestmark = pytest.mark.usefixtures("ledger")
Q4 = period_of("2026Q4")


@pytest.mark.parametrize(
    ("name", "since", "until"),
    [
        ("2026Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026Y", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_has_its_first_and_last_day(name, since, until):
    found = period_of(name)
    assert (found.since, found.until) == (since, until)


@pytest.mark.parametrize("name", ["", "2026", "2026Q5", "²026Q1", "2026Y1", "3026Q1"])
def test_what_names_no_period_is_refused(name):
    with pytest.raises(PeriodNameError):
        period_of(name)


def test_periods_offered_begin_with_the_present_quarter():
    found = offered(date(2026, 2, 1))
    assert [one.name for one in found] == [
        "2026Q1", "2025Q4", "2025Q3", "2025Q2", "2025Q1", "2026H1", "2025H2", "2026Y", "2025Y",
    ]  # fmt: skip
    assert quarter_of(date(2026, 3, 31)).name == "2026Q1"


@pytest.fixture
def paid(new_uow):
    """500 on JJ2 in the quarter; the id of the customer."""
    with new_uow() as uow:
        book_payment(
            uow,
            BookPayment(
                loan_no="JJ2",
                paid_on=date(2026, 11, 20),
                amount=Decimal(500),
                to_interest=Decimal(500),
                receipt_no="R1",
            ),
        )
        return loans.get_loan(uow, "JJ2").customer_id


def test_every_fact_leads_to_its_record(acting, paid):
    with acting("account_manager") as uow:
        customer, sections = customer_reports.look(uow, paid, Q4)
        assert customer.name == "张三"
        text = {fact.label: fact for part in sections for fact in part.facts}
        assert text["JJ2 期内实还"].text.startswith("1 笔，合计 500.00 元")
        assert text["JJ2 期内实还"].href == "/loans/JJ2/repayment"
        assert "逾期 200 天" in text["JJ4 个人借款合同"].text
        assert "9010" not in text["居民身份证"].text  # masked
        assert all(fact.href.startswith("/") and fact.source for fact in text.values())


def test_a_report_is_filed_into_every_loan_file_and_stays(acting, paid, new_uow):
    cmd = FileReport(customer_id=paid, period=Q4, opinion="还款能力下降", measures="每周联系")
    with pytest.raises(OpinionMissingError), acting("account_manager") as uow:
        customer_reports.file_report(uow, FileReport(customer_id=paid, period=Q4, opinion=" "))
    with acting("account_manager") as uow:
        row = customer_reports.file_report(uow, cmd)
        number, filed = row.id, row.document_ids
        assert row.until == date(2026, 11, 24)  # never a day to come
        assert len(filed) == len(row.loan_ids) == 4
    with new_uow() as uow:  # a later payment changes nothing that was filed
        book_payment(
            uow,
            BookPayment(
                loan_no="JJ2",
                paid_on=date(2026, 11, 21),
                amount=Decimal(700),
                to_interest=Decimal(700),
                receipt_no="R2",
            ),
        )
    with acting("legal") as uow:
        row, sections = customer_reports.get_report(uow, number)
        facts = {fact.label: fact.text for part in sections for fact in part.facts}
        assert facts["JJ2 期内实还"].startswith("1 笔，合计 500.00 元")
        words = docx_text(customer_reports.paper(uow, row))
        for part in (
            "贷后管理报告",
            "还款能力下降",
            "每周联系",
            "人员account_manager",
            row.digest,
        ):
            assert part in words
        assert archive.get_document(uow, filed[0]).item_code == "GL09"


def test_changed_facts_are_noticed(acting, paid, new_uow):
    with acting("account_manager") as uow:
        cmd = FileReport(customer_id=paid, period=Q4, opinion="正常")
        number = customer_reports.file_report(uow, cmd).id
    with new_uow() as uow:
        row, _sections = customer_reports.get_report(uow, number)
        row.content = {"sections": []}
    with pytest.raises(CustomerReportChangedError), new_uow() as uow:
        customer_reports.get_report(uow, number)


def test_another_branch_sees_neither_customer_nor_report(acting, paid):
    with acting("account_manager") as uow:
        cmd = FileReport(customer_id=paid, period=Q4, opinion="正常")
        number = customer_reports.file_report(uow, cmd).id
    with acting("other_branch") as uow:
        with pytest.raises(CustomerReportNotFoundError):
            customer_reports.get_report(uow, number)
        with pytest.raises(CustomerNotFoundError):
            customer_reports.look(uow, paid, Q4)


def test_a_period_to_come_has_no_report(acting, paid):
    with pytest.raises(PeriodOpenError), acting("account_manager") as uow:
        customer_reports.look(uow, paid, period_of("2027Q1"))


def test_the_list_says_who_has_none(acting, paid):
    with acting("account_manager") as uow:
        assert customer_reports.how_many(uow, Q4, "", missing=True) == 1
        ((row),) = customer_reports.customers(uow, Q4, "张", missing=False)
        assert (row.report_id, row.loans) == (None, 4)
        customer_reports.file_report(
            uow, FileReport(customer_id=paid, period=Q4, opinion="正常")
        )
        assert customer_reports.how_many(uow, Q4, "", missing=True) == 0
        assert customer_reports.customers(uow, Q4, "", missing=False)[0].report_id


def test_the_pages(browser, paid):
    manager = browser("account_manager")
    assert "缺" in manager.get("/customer-reports").get_data(as_text=True)
    here = f"/customer-reports/customers/{paid}?period=2026Q4"
    assert "JJ2 期内实还" in manager.get(here).get_data(as_text=True)
    refused = manager.post(here, {"period": "2026Q4", "opinion": " "})
    assert refused.status_code == 422
    made = manager.post(here, {"period": "2026Q4", "opinion": "正常"})
    filed = made.headers["Location"]
    assert "正常" in manager.get(filed).get_data(as_text=True)
    assert manager.get(f"{filed}/report.docx").data[:2] == b"PK"
    for path, status in (
        ("/customer-reports?period=²", 422),
        ("/customer-reports/99999", 404),
        ("/customer-reports/customers/99999", 404),
        ("/customer-reports/customers/1?period=2027Q1", 422),
    ):
        assert manager.get(path).status_code == status, path

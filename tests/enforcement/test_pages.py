"""Costs, awards and statements as persons enter and read them."""

import io
from datetime import date
from decimal import Decimal

import docx
import openpyxl
import pytest
from sqlalchemy import select

from postloan_archive.audit import AuditRow
from postloan_archive.cases import queries as cases
from postloan_archive.cases import service as docket
from postloan_archive.cases.service import OpenCase
from postloan_archive.enforcement import service
from postloan_archive.enforcement.errors import (
    AwardEmptyError,
    CostStruckError,
    FutureDayError,
    RateTooHighError,
    RefundTooLargeError,
)
from postloan_archive.enforcement.rules.account import Award
from postloan_archive.enforcement.service import AddCost, KeepAward
from postloan_archive.loans.service import BookPayment, book_payment
from tests.builders import a_loan
from tests.web.people import *  # noqa: F403 - fixtures shared by some folders

AWARD = {
    "principal": "100,000",
    "interest": "2000",
    "costs": "1300",
    "rate_pct": "７.2",
    "day_basis": "360",
    "interest_from": "2026年6月1日",
    "performance_last_day": "2026.7.1",
}


@pytest.fixture
def case_no(new_uow, people) -> str:
    del people
    with new_uow() as uow:
        loan = a_loan(uow)
        return docket.open_case(uow, OpenCase(loan_no=loan.loan_no, court="某法院")).case_no


def terms(**changes) -> Award:
    values = {
        "principal": Decimal(100_000),
        "interest": Decimal(0),
        "costs": Decimal(0),
        "rate_pct": Decimal(0),
        "day_basis": 360,
        "interest_from": date(2026, 6, 1),
        "performance_last_day": date(2026, 7, 1),
    }
    return Award(**{**values, **changes})


def pay(new_uow, day, amount, receipt):
    with new_uow() as uow:
        book_payment(
            uow,
            BookPayment(
                loan_no="JJ2025-0001",
                paid_on=day,
                amount=Decimal(amount),
                receipt_no=receipt,
                to_principal=Decimal(amount),
            ),
        )


def test_the_account_of_a_case_from_award_to_statement(browser, new_uow, case_no):
    one = browser("legal")
    assert "还没有登记判决确定的债务" in one.get(f"/cases/{case_no}/account").get_data(
        as_text=True
    )
    reply = one.post(f"/cases/{case_no}/award", AWARD)
    assert reply.status_code == 302, reply.get_data(as_text=True)
    pay(new_uow, date(2026, 5, 20), 700, "HD0")  # before the interest runs: in the judgment
    pay(new_uow, date(2026, 7, 31), 53_300, "HD1")
    page = one.get(f"/cases/{case_no}/account?day=2026-09-29").get_data(as_text=True)
    # to 07-31: 60 days × 20 = 1200; doubled 30 days on 101 300: 531.83 (531.825)
    # paid 53 300: costs 1300, interest 3200, principal 48 800; left 51 200 and 531.83
    # to 09-29: 60 days: interest 614.40, doubled 537.60
    for figure in ("1,200.00", "531.83", "48,800.00", "614.40", "537.60", "52,883.83"):
        assert figure in page, figure
    assert "700.00" not in page
    book = one.get(f"/cases/{case_no}/account.xlsx?day=2026-09-29")
    sheet = openpyxl.load_workbook(io.BytesIO(book.data)).active
    assert 52883.83 in [cell.value for row in sheet.iter_rows() for cell in row]
    paper = docx.Document(
        io.BytesIO(one.get(f"/cases/{case_no}/account.docx?day=2026-09-29").data)
    )
    words = [cell.text for row in paper.tables[0].rows for cell in row.cells]
    assert "52,883.83" in words
    with new_uow() as uow:
        events = list(uow.session.scalars(select(AuditRow.event)))
    assert events.count("enforcement.statement_exported") == 2


def test_costs_are_entered_refunded_and_struck(browser, case_no):
    one = browser("legal")
    base = f"/cases/{case_no}"
    cost = {"kind": "acceptance_fee", "amount": "1.38万", "paid_on": "2026.3.9"}
    assert one.post(f"{base}/costs/new", cost | {"refund_due": "6900"}).status_code == 302
    page = one.get(f"{base}/account").get_data(as_text=True)
    assert "已交 13,800.00" in page
    assert "待退 6,900.00" in page
    assert (
        one.post(f"{base}/costs/1/refund", {"amount": "6,900", "on": "2026.5.1"}).status_code
        == 302
    )
    assert "已退 6,900.00" in one.get(f"{base}/account").get_data(as_text=True)
    assert one.post(f"{base}/costs/1/strike", {"reason": " "}).status_code == 422
    assert one.post(f"{base}/costs/1/strike", {"reason": "重复登记"}).status_code == 302
    page = one.get(f"{base}/account").get_data(as_text=True)
    assert "已交 0.00" in page
    assert "重复登记" in page
    assert one.post(f"{base}/costs/1/strike", {"reason": "再删"}).status_code in {409, 422}


@pytest.mark.parametrize(
    "changes",
    [
        {"principal": ""},
        {"principal": "-5"},
        {"rate_pct": "abc"},
        {"rate_pct": "²"},
        {"rate_pct": "99"},
        {"rate_pct": "1e5"},
        {"interest_from": "2026.13.1"},
        {"principal": "0", "interest": "0", "costs": "0"},
    ],
)
def test_nonsense_is_refused_in_its_field(browser, case_no, changes):
    assert browser("legal").post(f"/cases/{case_no}/award", AWARD | changes).status_code == 422


def test_what_cannot_be_is_refused(new_uow, case_no):
    cost = {"case_no": case_no, "kind": "other", "paid_on": date(2026, 3, 9)}
    for error, act in (
        (FutureDayError, lambda uow: service.add_cost(
            uow, AddCost(**cost | {"paid_on": date(2030, 1, 1)}, amount=Decimal(1)))),
        (RefundTooLargeError, lambda uow: service.add_cost(
            uow, AddCost(**cost, amount=Decimal(1), refund_due=Decimal(2)))),
        (AwardEmptyError, lambda uow: service.keep_award(
            uow, KeepAward(case_no=case_no, award=terms(principal=Decimal(0))))),
        (RateTooHighError, lambda uow: service.keep_award(
            uow, KeepAward(case_no=case_no, award=terms(rate_pct=Decimal("36.01"))))),
    ):  # fmt: skip
        with new_uow() as uow, pytest.raises(error):
            act(uow)


def test_a_struck_cost_takes_no_refund(new_uow, case_no):
    with new_uow() as uow:
        cost = AddCost(
            case_no=case_no, kind="other", amount=Decimal(5), paid_on=date(2026, 3, 9)
        )
        cost_id = service.add_cost(uow, cost).id
        service.strike_cost(uow, case_no, cost_id, "误记")
    with new_uow() as uow, pytest.raises(CostStruckError):
        service.refund(uow, case_no, cost_id, Decimal(1), date(2026, 4, 1))


def test_the_newest_award_counts_and_the_old_one_stays(new_uow, case_no):
    with new_uow() as uow:
        service.keep_award(uow, KeepAward(case_no=case_no, award=terms()))
        service.keep_award(
            uow, KeepAward(case_no=case_no, award=terms(principal=Decimal(90_000)))
        )
    with new_uow() as uow:
        case = cases.get_case(uow, case_no)
        assert service.award_of(uow, case).principal == Decimal(90_000)
        account = service.account_of(uow, case, date(2026, 7, 11)).value
    assert account.owed.total == Decimal("90157.50")  # 90 000 × 0.0175 % × 10 days

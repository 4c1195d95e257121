"""The tabs of the ledger: overview, repayment on any day, security, measures and cases."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from postloan_archive.audit import AuditRow
from postloan_archive.cases import service as cases
from postloan_archive.cases.service import OpenCase
from postloan_archive.loans import service
from postloan_archive.loans.models import Collateral, Loan
from postloan_archive.loans.registering import collateral_row
from postloan_archive.loans.rules.position import PaidRow, ScheduledRow
from postloan_archive.loans.rules.settled import open_days, settle
from postloan_archive.loans.service import BookPayment, NewCollateral
from postloan_archive.preservation import service as measures
from postloan_archive.preservation.commands import RegisterMeasure
from tests.builders import PERSON_ID
from tests.loans.test_positions import late_loan


@pytest.fixture
def loan_no(people, new_uow):
    """A late loan with guarantor, house, freeze and case; half the interest paid late."""
    del people
    with new_uow() as uow:
        loan = late_loan(uow)
        service.book_payment(
            uow,
            BookPayment(
                loan_no=loan.loan_no,
                paid_on=date(2026, 9, 2),
                amount=Decimal("3000.00"),
                to_interest=Decimal("3000.00"),
                receipt_no="SK1",
            ),
        )
        measures.register_measure(
            uow,
            RegisterMeasure(
                loan_no=loan.loan_no,
                respondent="张三",
                asset_kind="bank_deposit",
                asset="存款",
                court="示范县人民法院",
                ruling_no="（2025）示9999财保1号",
                effective_on=date(2025, 12, 10),
            ),
        )
        cases.open_case(uow, OpenCase(loan_no=loan.loan_no, court="示范县人民法院"))
        return loan.loan_no


def text_of(reply) -> str:
    assert reply.status_code == 200
    return reply.get_data(as_text=True)


def test_the_overview_says_that_the_class_is_too_good(loan_no, browser):
    text = text_of(browser("legal").get(f"/loans/{loan_no}"))
    assert "分类至少应为次级，现为正常" in text


def test_a_look_at_the_file_is_in_the_trail(loan_no, browser, new_uow):
    browser("auditor").get(f"/loans/{loan_no}")
    with new_uow() as uow:
        line = uow.session.scalars(
            select(AuditRow).where(AuditRow.event == "loans.file_viewed")
        ).one()
        assert line.actor == "auditor"


def test_whole_numbers_need_a_reason_and_leave_a_line(loan_no, browser, new_uow):
    who = browser("legal")
    refused = who.post(f"/loans/{loan_no}/unmask", {"reason": " "})
    assert refused.status_code == 422
    assert PERSON_ID not in refused.get_data(as_text=True)

    shown = text_of(who.post(f"/loans/{loan_no}/unmask", {"reason": "核对起诉状"}))

    assert PERSON_ID in shown
    assert "卫南乔" in shown
    assert PERSON_ID not in text_of(who.get(f"/loans/{loan_no}"))
    with new_uow() as uow:
        line = uow.session.scalars(
            select(AuditRow).where(AuditRow.event == "loans.numbers_unmasked")
        ).one()
        assert "核对起诉状" in line.facts
    clerk = browser("archive_clerk").post(f"/loans/{loan_no}/unmask", {"reason": "x"})
    assert clerk.status_code == 403


def test_what_is_owed_follows_the_day(loan_no, browser):
    who = browser("legal")
    today = text_of(who.get(f"/loans/{loan_no}/repayment"))
    assert "逾期 93 天" in today
    assert "3,083.33" in today  # interest still open
    assert "逐步推导" in today

    due_day = text_of(who.get(f"/loans/{loan_no}/repayment?as_of=2026-08-23"))
    assert "今日到期" in due_day
    assert "另有 1 笔在计算日之后" in due_day

    before = text_of(who.get(f"/loans/{loan_no}/repayment?as_of=2026.8.1"))
    assert "未到期" in before


def test_a_day_that_is_none_is_named(loan_no, browser):
    text = text_of(browser("legal").get(f"/loans/{loan_no}/repayment?as_of=昨天"))
    assert "不是可识别的日期" in text


def test_security_shows_periods_and_collateral(loan_no, browser, new_uow):
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan)).one()
        row = NewCollateral(
            provider_id=loan.guarantees[0].guarantor_id,
            kind="mortgage_real_estate",
            contract_no="D1",
            signed_on=date(2025, 8, 20),
            description="文昌路住宅",
            value=Decimal(200_000),
            facts={"insured_until": date(2026, 11, 1), "valued_on": date(2025, 8, 1)},
        )
        loan.collateral.append(Collateral(**collateral_row(row)))

    text = text_of(browser("legal").get(f"/loans/{loan_no}/security"))

    assert "保证期间至 2027-02-23" in text
    assert "文昌路住宅" in text
    assert "第三人" in text
    assert "满一年应重估" in text
    assert "已过 23 天" in text  # the insurance
    assert "余额为其 50.0 %" in text
    assert "抵押权应在 2029-08-23" in text


def test_the_court_tab_shows_measures_and_cases(loan_no, browser):
    text = text_of(browser("legal").get(f"/preservation/of-loan/{loan_no}"))
    assert "（2025）示9999财保1号" in text
    assert "AJ2026-0001" in text
    assert "续封申请" in text


@pytest.mark.parametrize("tab", ["/loans/{}/repayment", "/loans/{}/security"])
def test_no_tab_is_found_by_another_branch(loan_no, browser, tab):
    assert browser("other_branch").get(tab.format(loan_no)).status_code == 404


def day(text: str) -> date:
    return date.fromisoformat(text)


SCHEDULE = (
    ScheduledRow(due_on=day("2026-01-21"), principal=Decimal(0), interest=Decimal(100)),
    ScheduledRow(due_on=day("2026-02-21"), principal=Decimal(500), interest=Decimal(90)),
    ScheduledRow(due_on=day("2026-03-21"), principal=Decimal(500), interest=Decimal(45)),
)


def test_payments_fill_the_oldest_row_first():
    paid = [
        PaidRow(paid_on=day("2026-02-25"), to_interest=Decimal(90), to_principal=Decimal(300)),
        PaidRow(paid_on=day("2026-01-22"), to_interest=Decimal(60)),
    ]

    first, second, third = settle(SCHEDULE, paid)

    assert (first.left, first.settled_on) == (0, day("2026-02-25"))
    assert (second.principal_paid, second.interest_paid) == (300, 50)
    assert (second.left, second.settled_on) == (240, None)
    assert (third.left, third.settled_on) == (545, None)
    assert open_days(SCHEDULE, paid) == [day("2026-02-21"), day("2026-03-21")]


def test_nothing_paid_and_everything_paid():
    assert [row.left for row in settle(SCHEDULE, [])] == [100, 590, 545]
    whole = PaidRow(
        paid_on=day("2026-01-10"), to_principal=Decimal(1000), to_interest=Decimal(240)
    )
    assert {row.settled_on for row in settle(SCHEDULE, [whole])} == {day("2026-01-10")}
    assert open_days(SCHEDULE, [whole]) == []

"""The loan-file page: header facts, clocks with their derivation, gaps, who may see it."""

from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.loans import service
from postloan_archive.loans.models import Guarantee
from postloan_archive.loans.service import NewGuarantee, NoteLimitationEvent, Scheduled
from postloan_archive.preservation import service as measures
from postloan_archive.preservation.commands import RegisterMeasure
from tests.builders import PERSON_ID, a_customer, a_loan

LOAN = "JJ2025-0001"


@pytest.fixture
def overdue_loan(people, new_uow):
    """A loan overdue for 93 days with a joint guarantor and a frozen account, branch 0201."""
    del people
    with new_uow() as uow:
        guarantor = a_customer(uow, name="卫南乔", id_no="100101198501010053")
        loan = a_loan(
            uow,
            disbursed_on=date(2025, 8, 23),
            due_on=date(2026, 8, 23),
            schedule=(
                Scheduled(
                    due_on=date(2026, 8, 23),
                    principal=Decimal(100_000),
                    interest=Decimal("6083.33"),
                ),
            ),
            guarantees=(
                NewGuarantee(
                    guarantor_id=guarantor,
                    contract_no="示农商保字2025第0001号",
                    kind="joint",
                    signed_on=date(2025, 8, 20),
                    facts={"period_clause": "主债务履行期限届满之日起六个月"},
                ),
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
        return loan.loan_no


def page(who, path: str) -> str:
    reply = who.get(path)
    assert reply.status_code == 200
    return reply.get_data(as_text=True)


def test_the_header_says_what_is_owed_and_how_late(overdue_loan, browser):
    text = page(browser("legal"), f"/loans/{overdue_loan}")

    assert "张三" in text
    assert "100101********0070" in text
    assert PERSON_ID not in text
    assert "93 天" in text
    assert "M4" in text
    assert "100,000.00" in text


def test_every_clock_opens_its_derivation(overdue_loan, browser):
    who = browser("legal")
    text = page(who, f"/loans/{overdue_loan}")
    assert "2026-12-09" in text  # the freeze ends
    assert "保证期间至" not in text  # not before it is asked for

    opened = page(who, f"/loans/{overdue_loan}?clock=limitation")
    assert "第一百八十八条第一款" in opened
    assert "2029-08-23" in opened

    guarantee = page(who, f"/loans/{overdue_loan}?clock=guarantee-1")
    assert "保证期间至 2027-02-23" in guarantee
    assert "第六百九十二条" in guarantee

    freeze = page(who, f"/loans/{overdue_loan}?clock=measure-1")
    assert "2026-12-09" in freeze


def test_a_claim_inside_the_period_stops_the_guarantee_clock(overdue_loan, browser, new_uow):
    with new_uow() as uow:
        service.note_limitation_event(
            uow,
            NoteLimitationEvent(
                loan_no=overdue_loan,
                kind="demand",
                happened_on=date(2026, 10, 1),
                level="A",
                guarantee_id=1,
            ),
        )

    text = page(browser("legal"), f"/loans/{overdue_loan}?clock=guarantee-debt-1")

    assert "期间内已主张" in text
    assert "2029-10-01" in text  # the limitation of the guarantee debt runs now


def test_the_missing_papers_are_named(overdue_loan, browser):
    text = page(browser("legal"), f"/loans/{overdue_loan}?gaps=1")

    assert "待补信息" in text  # a person whose marriage is not registered


def test_another_branch_does_not_find_the_file(overdue_loan, browser):
    assert browser("other_branch").get(f"/loans/{overdue_loan}").status_code == 404


def test_the_next_steps_follow_from_the_state(overdue_loan, browser, new_uow, app):
    text = page(browser("legal"), f"/loans/{overdue_loan}")
    assert "续封申请" in text  # the freeze ends in 15 days
    if "notices.create" in app.view_functions:
        assert "发担保人履责通知" not in text  # 91 days are left
        with new_uow() as uow:
            guarantee = uow.session.get(Guarantee, 1)
            guarantee.period_clause = ""
            guarantee.period_end = date(2026, 12, 31)
        text = page(browser("legal"), f"/loans/{overdue_loan}")
        assert "发担保人履责通知" in text
        assert "kind=N04" in text
    auditor = page(browser("auditor"), f"/loans/{overdue_loan}")
    assert "发担保人履责通知" not in auditor  # who may not write letters is not offered one
    with new_uow() as uow:
        measures.note_renewal(uow, 1, date(2026, 11, 24))
    assert ">续封申请<" not in page(browser("legal"), f"/loans/{overdue_loan}").split("tabs")[0]

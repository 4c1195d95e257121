"""A case in a browser: from the freeze before the suit to the enforcement, three parties."""

import re
from datetime import date

import pytest

from postloan_archive.cases import queries, recording, service
from postloan_archive.cases.recording import KeepParty
from postloan_archive.cases.service import OpenCase
from postloan_archive.preservation import service as measures
from postloan_archive.preservation.commands import RegisterMeasure
from tests.browser.site import CLI
from tests.builders import a_customer, a_loan
from tests.preservation.test_service import FREEZE

NUMBER = "（2026）苏0102民初2203号"
ENFORCED = "（2026）苏0102执802号"


@pytest.fixture
def case(site) -> tuple[str, dict[str, str]]:
    """A case of its own with two defendants, one abroad; its number, the parties by name."""
    with site.system.unit_of_work(CLI) as uow:
        borrower = a_customer(uow, name="陶知远", id_no="100101198502020036")
        loan = a_loan(
            uow,
            loan_no="JJ2025-7001",
            contract_no="示农商借字2025第7001号",
            customer_id=borrower,
        )
        number = service.open_case(
            uow,
            OpenCase(loan_no=loan.loan_no, court="某法院", opened_on=date(2026, 5, 20)),
        ).case_no
        recording.keep_party(
            uow, KeepParty(case_no=number, role="defendant", name="卫南乔", abroad=True)
        )
        frozen = {**FREEZE, "phase": "pre_litigation", "effective_on": date(2026, 6, 1)}
        measures.register_measure(
            uow, RegisterMeasure(loan_no=loan.loan_no, case_no=number, **frozen)
        )
        rows = queries.parties_of(uow, queries.get_case(uow, number))
        return number, {row.name or "bank": str(row.id) for row in rows}


def test_a_case_from_the_freeze_to_the_enforcement(open_page, case):
    case_no, parties = case
    bank = next(value for name, value in parties.items() if name not in {"陶知远", "卫南乔"})
    page = open_page("legal")

    def add(kind, day, *, party="", stage="", procedure="first", number=NUMBER, **more):
        page.goto(f"/cases/{case_no}")
        page.get_by_role("link", name="登记事件").click()
        page.locator("#kind").select_option(kind)
        page.locator("#happened_on").fill(day)
        page.locator("#party_id").select_option(party)
        page.locator("#procedure").select_option(procedure)
        page.locator("#court_case_no").fill(number)
        page.locator("#stage").select_option(stage)
        for name, value in more.items():
            field = page.locator(f"#{name}")
            field.select_option(value) if name == "mode" else field.fill(value)
        page.get_by_role("button", name="登记事件").click()
        page.wait_for_url(re.compile(r"#event-\d+$"))
        return page.locator("main").inner_text()

    text = add("prelitigation_measure", "2026.6.1", procedure="preservation", number="")
    assert "2026-07-01" in text
    assert "第一百零四条第三款" in text
    add("complaint_received", "2026年6月10日", stage="filed")
    text = add("fee_notice", "2026-06-12", court_date="2026-06-18")
    assert "以文书为准" in text
    add("docketed", "2026-06-22", stage="docketed")
    add("complaint_served", "2026-07-01", party=parties["陶知远"])
    text = add("complaint_served", "2026-07-03", party=parties["卫南乔"])
    assert "2026-07-16" in text
    assert "2026-08-03" in text
    add("hearing", "2026-09-08", stage="trial", hour="９:30")
    add("judgment_served", "2026-09-18", party=bank, stage="judged")
    add("judgment_served", "2026-09-20", party=parties["陶知远"])
    text = add("judgment_served", "2026-09-20", party=parties["卫南乔"])
    for words in ("2026-10-08", "2026-10-20", "2026-10-21", "第一百七十一条", "第二百八十六条"):
        assert words in text
    page.get_by_role("button", name="采纳", exact=True).first.click()
    page.get_by_text("已采纳 1 项期限").wait_for()
    add("effective", "2026-10-21", stage="effective")
    text = add("performance_period_over", "2026-10-31")
    assert "2028-10-31" in text
    add("enforcement_applied", "2026-11-03", procedure="enforcement", number="")
    text = add(
        "enforcement_docketed",
        "2026-11-05",
        procedure="enforcement",
        number=ENFORCED,
        stage="enforcement",
    )
    assert ENFORCED in text
    assert "执行中" in text

    correct_the_newest(page)
    every_day_names_its_provision(page)


def correct_the_newest(page):
    page.get_by_role("link", name="更正", exact=True).first.click()
    page.locator("#happened_on").fill("2026-11-06")
    page.locator("#reason").fill("通知书日期看错")
    page.get_by_role("button", name="预览变动").click()
    page.get_by_role("button", name="确认更正").click()
    page.get_by_text("已更正；原登记删划保留。").wait_for()
    assert page.locator(".struck").count() == 1


def every_day_names_its_provision(page):
    page.get_by_role("link", name="打印时间线").click()
    rows = page.locator("main tbody tr")
    for row in rows.all_inner_texts():
        if "期限：" in row:
            assert "《" in row, row  # each date names its provision
    assert rows.count() > 20

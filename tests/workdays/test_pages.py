"""The pages of the working-day table and of the settings: read, preview, confirm, audit."""

import io
from datetime import date

import openpyxl
import pytest

from postloan_archive.kernel.calendar import DayKind
from postloan_archive.policy import queries as policy
from postloan_archive.preservation import service as measures
from postloan_archive.preservation.commands import RegisterMeasure
from postloan_archive.workdays.service import load_calendar, seed_years
from postloan_archive.worklist import moves
from postloan_archive.worklist.recomputing import recompute_loans
from tests.builders import a_loan
from tests.preservation.test_service import FREEZE
from tests.web.people import *  # noqa: F403 - fixtures shared by four folders

NOTICE_2027 = """一、元旦：2027年1月1日（周五）至3日（周日）放假调休，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。2月13日（周六）上班。"""


def page(reply) -> str:
    return reply.get_data(as_text=True)


@pytest.fixture
def deadline(new_uow, people) -> None:
    """A freeze whose renewal must be asked for on Wednesday, 2 December 2026."""
    del people
    with new_uow() as uow:
        loan = a_loan(uow)
        measures.register_measure(uow, RegisterMeasure(loan_no=loan.loan_no, **FREEZE))
        recompute_loans(uow, [loan.id], as_of=uow.clock.today())


def test_a_year_shows_its_days_source_and_editions(browser, new_uow):
    with new_uow() as uow:
        seed_years(uow)
    text = page(browser("system_admin").get("/admin/workdays?year=2026"))
    assert "chinesecalendar" in text
    assert text.count("<small>休</small>") == 33
    assert text.count("<small>班</small>") == 6
    assert "下一年的放假通知" in text  # it is November


def test_a_year_without_a_notice_is_provisional(browser):
    text = page(browser("legal").get("/admin/workdays?year=2027"))
    assert "暂定：未公布" in text
    assert "可能放假" in text
    assert browser("legal").get("/admin/workdays?year=2099").status_code == 404


def test_a_day_is_corrected_in_two_steps_that_show_what_moves(browser, new_uow, deadline):
    del deadline
    one = browser("legal")
    form = {"day": "2026.12.2", "kind": "休", "name": "临时", "source": "测试通知"}
    text = page(one.post("/admin/workdays/day", form))
    assert "2026-12-02 → <b>2026-12-01</b>" in text
    with new_uow() as uow:
        assert load_calendar(uow.session).kind(date(2026, 12, 2)) is DayKind.WORK
    assert one.post("/admin/workdays/day", {**form, "confirm": "yes"}).status_code == 302
    with new_uow() as uow:
        assert load_calendar(uow.session).kind(date(2026, 12, 2)) is DayKind.REST
    text = page(one.get("/admin/workdays?year=2026"))
    assert "测试通知" in text


def test_an_administrator_without_case_rights_sees_no_deadline(browser, deadline):
    del deadline
    text = page(
        browser("system_admin").post(
            "/admin/workdays/day", {"day": "2026-12-02", "kind": "休", "source": "x"}
        )
    )
    assert "JJ2025-0001" not in text
    assert "您无权查看期限" in text


def test_the_notice_of_the_next_year_is_read_looked_at_and_stored(browser, new_uow):
    one = browser("legal")
    form = {"year": "2027", "source": "国办发明电〔2026〕9号", "text": NOTICE_2027}
    text = page(one.post("/admin/workdays/import", form))
    assert "2027-02-13 周六" in text
    assert "没有期限因此变动" in text
    assert "没有读到劳动节、国庆节、清明、端午、中秋的放假安排" in text
    assert "（R-K03 《全国年节及纪念日放假办法》第二条）" in text
    with new_uow() as uow:
        assert load_calendar(uow.session).loaded_until == date(2026, 12, 31)
    reply = one.post("/admin/workdays/import", {**form, "confirm": "yes"})
    assert reply.status_code == 302
    with new_uow() as uow:
        calendar = load_calendar(uow.session)
    assert calendar.loaded_until == date(2027, 12, 31)
    assert calendar.kind(date(2027, 2, 13)) is DayKind.WORK


def test_a_notice_of_another_year_is_refused_with_the_reason(browser):
    form = {
        "year": "2027",
        "source": "x",
        "text": NOTICE_2027.replace("周五）至3", "周四）至3"),
    }
    reply = browser("legal").post("/admin/workdays/import", form)
    assert reply.status_code == 422
    assert "不是通知所写的星期四" in page(reply)


def test_a_table_is_read_and_comes_back_as_text_to_confirm(browser):
    book = openpyxl.Workbook()
    for row in (("日期", "休班", "名称"), (date(2027, 1, 1), "休", "元旦")):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    reply = browser("legal").post(
        "/admin/workdays/import",
        {"year": "2027", "source": "x", "text": "", "file": (stream, "2027.xlsx")},
        content_type="multipart/form-data",
    )
    assert "2027-01-01,休,元旦" in page(reply)


def settings(**changes) -> dict:
    values = {
        "plan_from_nominal": "yes",
        "expiry_counts_first_day": "yes",
        "renewal_reminders": "60、45、30、20、15",
        "renewal_escalation": "5",
        "proof_signers": ["debtor", "legal_rep"],
        "resetting_levels": ["A", "B"],
        "limitation_warning": "180",
        "guarantee_warning": "90",
        "asset_check_months": "6",
        "calls_a_day": "3",
        "inspect_first_days": "15",
        "inspect_company_months": "3",
        "inspect_company_watched_months": "1",
        "inspect_personal_months": "6",
        "inspect_personal_watched_months": "3",
        "inspect_consumer_months": "1",
        "revalue_real_estate_months": "12",
        "revalue_other_months": "3",
        "reason": "法务部审定",
        "seen": "0",
    }
    return {**values, **changes}


def test_settings_change_in_two_steps_and_move_the_deadlines(browser, new_uow, deadline):
    del deadline
    one = browser("legal")
    text = page(one.get("/admin/policy"))
    assert "没有更改过" in text
    form = settings()
    del form["expiry_counts_first_day"]
    text = page(one.post("/admin/policy/change", form))
    assert "保全届满日含首日：是 → <b>否</b>" in text
    assert "2026-12-02 → <b>2026-12-03</b>" in text
    with new_uow() as uow:
        assert policy.load_policy(uow).expiry_counts_first_day
    assert one.post("/admin/policy/change", {**form, "confirm": "yes"}).status_code == 302
    with new_uow() as uow:
        used = policy.load_policy(uow)
    assert not used.expiry_counts_first_day
    assert used.proof_signers == {"debtor", "legal_rep"}
    text = page(one.get("/admin/policy"))
    assert "法务部审定" in text
    assert "2026-12-10" in page(one.get("/preservation/1"))
    calculated = page(
        one.get("/calculators/preservation?effective_date=2025-12-10&asset_kind=bank_deposit")
    )
    assert "2026-12-10" in calculated


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"renewal_escalation": "0"}, "应在 1 至 30 之间"),
        ({"renewal_escalation": "五"}, "应为整数"),
        ({"resetting_levels": []}, "至少选一项"),
        ({"resetting_levels": ["D"]}, "至少选一项"),
        ({"renewal_reminders": ""}, "至少一项"),
    ],
)
def test_a_setting_outside_its_limits_is_refused(browser, changes, words):
    reply = browser("legal").post("/admin/policy/change", settings(**changes))
    assert reply.status_code == 422
    assert words in page(reply)


def test_a_change_without_reason_or_on_an_old_page_is_refused(browser, new_uow):
    one = browser("legal")
    form = settings(asset_check_months="3", confirm="yes")
    assert "请写明理由" in page(one.post("/admin/policy/change", {**form, "reason": ""}))
    assert one.post("/admin/policy/change", form).status_code == 302
    assert "设置已有第 1 版" in page(one.post("/admin/policy/change", form))
    with new_uow() as uow:
        assert len(policy.editions(uow)) == 1
    assert "设置没有改变" in page(one.post("/admin/policy/change", {**form, "seen": "1"}))


def test_only_the_legal_department_changes_settings(browser):
    assert browser("auditor").get("/admin/policy").status_code == 200
    assert browser("auditor").get("/admin/policy/change").status_code == 403


def test_a_comparison_of_some_loans_says_so_and_takes_the_nearest(
    browser, new_uow, deadline, monkeypatch
):
    del deadline
    with new_uow() as uow:
        later = a_loan(uow, loan_no="JJ-LATER", contract_no="HT-LATER")
        cmd = RegisterMeasure(
            loan_no=later.loan_no, **{**FREEZE, "effective_on": date(2025, 12, 20)}
        )
        measures.register_measure(uow, cmd)
        recompute_loans(uow, [later.id], as_of=uow.clock.today())
    one = browser("legal")
    form = {"day": "2026.12.2", "kind": "休", "name": "临时", "source": "测试通知"}
    assert "下面不是全部变动" not in page(one.post("/admin/workdays/day", form))
    monkeypatch.setattr(moves, "MOST_LOANS", 1)
    text = page(one.post("/admin/workdays/day", form))
    assert "可能受影响的贷款有 2 笔，这里只比对了期限最近的 1 笔" in text
    assert "其余 1 笔在保存后由后台任务重算" in text
    assert "2026-12-02 → <b>2026-12-01</b>" in text  # the nearest is among them


@pytest.mark.parametrize(
    "form",
    [
        {"day": "²", "kind": "休", "source": "x"},
        {"day": "2026-02-30", "kind": "休", "source": "x"},
        {"day": "2026-12-02", "kind": "²", "source": "x"},
        {"day": "", "kind": "休", "source": "x"},
        {"day": "9999-12-31", "kind": "休", "source": "x"},
        {"day": "0001-01-01", "kind": "休", "source": "x"},
        {"day": "2026-12-02", "kind": "休", "source": ""},
    ],
)
def test_a_day_that_cannot_be_is_refused(browser, people, form):
    del people
    assert browser("legal").post("/admin/workdays/day", form).status_code == 422


@pytest.mark.parametrize("day", ["2026-12-2", "2026.12.2", "2026年12月2日", "２０２６/１２/２"])
def test_a_day_is_read_as_people_write_it(browser, people, day):
    del people
    form = {"day": day, "kind": "休", "source": "测试通知"}
    reply = browser("legal").post("/admin/workdays/day", form)
    assert reply.status_code == 200
    assert "期限变动" in page(reply)


@pytest.mark.parametrize(
    "values",
    [
        {"year": "²"},
        {"year": "1"},
        {"year": "99999"},
        {"text": "2027-02-30,休,春节"},
        {"text": "２月３０日放假"},
        {"text": ""},
        {"published_on": "2026.13.1"},
        {"source": ""},
    ],
)
def test_a_notice_that_cannot_be_is_refused(browser, people, values):
    del people
    form = {"year": "2027", "source": "通知", "text": NOTICE_2027, **values}
    assert browser("legal").post("/admin/workdays/import", form).status_code == 422

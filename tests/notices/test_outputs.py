"""What a run gives out: print file byte for byte, order sheet, posting register, tracking."""

import io

import openpyxl
import pytest
from sqlalchemy import update

from postloan_archive.loans.models import Customer
from postloan_archive.notices import delivery, pausing, printing, queries, run_letters, service
from postloan_archive.notices.run_letters import Group
from postloan_archive.notices.service import PlanRun
from postloan_archive.wordgen import docx_reading_text
from tests.notices.conftest import ADDRESS, TODAY, an_overdue_loan


@pytest.fixture
def run_id(new_uow, issued):
    """A run of two issued letters."""
    with new_uow() as uow:
        an_overdue_loan(uow, loan_no="JJ2025-0002", number=2)
    ids = issued()
    with new_uow() as uow:
        return queries.get_notice(uow, ids[0]).run_id


def values(answer):
    return list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)


def test_a_run_is_printed_again_byte_for_byte_whatever_changed_since(new_uow, run_id):
    with new_uow() as uow:
        before = printing.print_file(uow, queries.get_run(uow, run_id))
        labels = printing.label_sheet(uow, queries.get_run(uow, run_id))
        letters = [service.render(uow, one) for one in queries.get_run(uow, run_id).notices]
    with new_uow() as uow:
        uow.session.execute(update(Customer).values(name="改名", service_address="别处1号"))
    with new_uow() as uow:
        run = queries.get_run(uow, run_id)
        assert printing.print_file(uow, run) == before
        assert printing.label_sheet(uow, run) == labels
        assert [service.render(uow, one) for one in run.notices] == letters


def test_the_order_sheet_has_a_line_for_each_address(browser, people, run_id):
    del people
    rows = values(browser("legal").get(f"/notices/runs/{run_id}/ems.xlsx"))
    assert len(rows) == 1 + 2 * 2
    assert [row[3] for row in rows[1:3]] == [ADDRESS["service_address"], ADDRESS["domicile"]]
    assert [row[4] for row in rows[1:3]] == ["约定地址", "登记地址"]
    assert rows[1][5].startswith("《贷款逾期催收通知书》（合同号示农商借字2025第0001号")


def test_the_posting_register_has_room_for_the_stamp(browser, people, run_id):
    del people
    rows = values(browser("legal").get(f"/notices/runs/{run_id}/posting.xlsx"))
    said = "".join(str(cell) for row in rows for cell in row if cell)
    assert "共 4 件" in said
    assert "收寄局（日戳）" in said


def test_the_order_sheet_of_the_post_comes_back_with_numbers(browser, people, run_id, new_uow):
    del people
    desk = browser("legal")
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"/notices/runs/{run_id}/ems.xlsx").data))
    for line, number in enumerate(("1100000000011", "1100000000012", "1100000000021"), 2):
        book.active.cell(line, 10).value = number
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    answer = desk.post(f"/notices/runs/{run_id}/tracking", {"sheet": (out, "ems.xlsx")})
    assert answer.status_code == 302
    with new_uow() as uow:
        rows = run_letters.rows(uow, queries.get_run(uow, run_id), Group.ALL)
    assert [row.tracking_no for row in rows] == [
        "1100000000011、1100000000012",
        "1100000000021",
    ]
    assert {row.channel for row in rows} == {"ems"}
    with new_uow() as uow:
        for number in ("1100000000011", "1100000000012"):
            assert delivery.find_by_number(uow, number).barcode == rows[0].barcode


def test_a_tracking_number_in_scientific_form_is_named(browser, people, run_id):
    del people
    desk = browser("legal")
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"/notices/runs/{run_id}/ems.xlsx").data))
    book.active.cell(2, 10).value = "1.1E+12"
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    answer = desk.post(f"/notices/runs/{run_id}/tracking", {"sheet": (out, "ems.xlsx")})
    page = desk.get(answer.headers["Location"]).get_data(as_text=True)
    assert "科学计数" in page


def test_a_run_is_held_and_taken_up_again_without_a_gap(new_uow, runner):
    with new_uow() as uow:
        for number in range(1, 4):
            an_overdue_loan(uow, loan_no=f"JJ2025-000{number}", number=number)
        run = service.plan_run(uow, PlanRun(kind="N02", as_of=TODAY))
        with pytest.raises(pausing.NotGeneratingError):
            pausing.pause_run(uow, run.id)
        service.start_run(uow, run.id)
        run_id = run.id
        pausing.pause_run(uow, run_id)
    runner.run_until_empty()
    with new_uow() as uow:
        run = queries.get_run(uow, run_id)
        assert run_letters.counts(uow, run)[Group.READY] == 3
        assert (run.state, run.paused) == ("generating", True)
        pausing.resume_run(uow, run_id)
    runner.run_until_empty()
    with new_uow() as uow:
        run = queries.get_run(uow, run_id)
        assert run.state == "done"
        assert [one.serial_no for one in run.notices] == [
            f"〔2026〕催字第000{number}号" for number in (1, 2, 3)
        ]


def test_a_row_of_a_table_is_read_as_one_line(new_uow, run_id):
    with new_uow() as uow:
        notice = queries.get_run(uow, run_id).notices[0]
        text = docx_reading_text(service.render(uow, notice))
    assert "逾期本金　　100,000.00" in text.splitlines()

"""A whole run of letters as people do it, from a sheet to a clock, at both widths."""

import re

import openpyxl
import pytest
from sqlalchemy import select

from postloan_archive.loans.models import LimitationEvent
from postloan_archive.notices.models import Notice
from tests.browser.site import CLI
from tests.browser.test_main_job import wait_until
from tests.notices.conftest import ADDRESS, an_overdue_loan
from tests.notices.test_slips import as_pdf
from tests.notices.test_slips import page as slip_page

NUMBERS = {"desk": (71, 72), "phone": (81, 82)}


@pytest.fixture
def loans(site, request):
    """Two overdue loans, one of them without an address for service; their numbers."""
    width = request.getfixturevalue("width")
    with site.system.unit_of_work(CLI) as uow:
        for number, facts in zip(NUMBERS[width], ({}, ADDRESS), strict=True):
            an_overdue_loan(
                uow, loan_no=f"JJ2025-00{number}", number=number, facts=facts, guaranteed=False
            )
    return [f"JJ2025-00{number}" for number in NUMBERS[width]]


def letters(site, loan_nos):
    with site.system.unit_of_work(CLI) as uow:
        rows = uow.session.scalars(select(Notice).order_by(Notice.position)).all()
        return [
            (row.id, row.barcode, row.tracking_no, row.outcome)
            for row in rows
            if row.snapshot.get("loan_no") in loan_nos
        ]


def kept(page, selector, path):
    with page.expect_download() as waiting:
        page.locator(selector).first.click()
    waiting.value.save_as(path)
    return path


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_a_run_from_the_sheet_to_the_clock(  # noqa: PLR0915 - one walk, step by step
    open_page, site, loans, tmp_path, width
):
    page = open_page("legal", width=width)
    asked = openpyxl.Workbook()
    for row in ("借据编号", *loans, "JJ404"):
        asked.active.append([row])
    asked.save(tmp_path / "清单.xlsx")

    # Choose.
    page.goto("/notices/new")
    page.get_by_label("函件种类").select_option("N02")
    page.get_by_label("数据截至").fill("2026年11月24日")
    page.get_by_label("上传表格").check()
    page.get_by_label("表格（.xlsx）").set_input_files(tmp_path / "清单.xlsx")
    page.get_by_role("button", name="检查", exact=True).click()
    page.wait_for_url("**/notices/runs/*")
    run = page.url
    said = page.locator("main").inner_text()
    assert "1 项没有进入本批次" in said
    assert "缺少：送达地址" in said

    # Put right in the row, then look at the letter.
    page.get_by_placeholder("送达地址").fill("示范县北街71号")
    page.get_by_placeholder("依据，如合同第九条").fill("合同第九条")
    page.get_by_role("button", name="填入").click()
    page.wait_for_load_state()
    assert "缺少：送达地址" not in page.locator("main").inner_text()
    page.get_by_role("link", name=f"借款人{NUMBERS[width][0]}").first.click()
    page.wait_for_url("**/notices/letters/*")
    assert "示范县北街71号" in page.locator("main").inner_text()

    # Generate.
    page.goto(run)
    page.get_by_role("button", name="生成 2 封").click()
    page.locator("dialog[open] button.go").click()

    def issued():
        page.goto(run)
        return page.get_by_text("已生成", exact=True).count() >= 2

    wait_until(page, issued)
    found = letters(site, loans)
    assert len(found) == 2

    # Print.
    for ending in ("print.docx", "labels", "posting.xlsx"):
        selector = f"a[href*='{ending}'], form[action*='{ending}'] button"
        assert kept(page, selector, tmp_path / "out").read_bytes().startswith(b"PK")
    order = kept(page, "a[href$='ems.xlsx']", tmp_path / "ems.xlsx")

    # The post gives its numbers back.
    book = openpyxl.load_workbook(order)
    for line in range(2, book.active.max_row + 1):
        book.active.cell(line, 10).value = f"11000000{width[0] == 'd':d}{line:04d}"
    book.save(order)
    page.locator("input[type=file][name=sheet]").set_input_files(order)
    with page.expect_navigation():
        page.get_by_role("button", name="上传").click()
    wait_until(page, lambda: all(row[2] for row in letters(site, loans)))

    # The slips come back in one pile.
    pile = tmp_path / "回执.pdf"
    pile.write_bytes(as_pdf(*(slip_page(row[1]) for row in found)))
    page.goto("/notices/receipts")
    page.locator("input[type=file]").set_input_files(pile)
    with page.expect_navigation():
        page.get_by_role("button", name="上传").click()

    def filed():
        page.goto("/notices/receipts")
        return "认出 2 封" in page.locator("main").inner_text()

    wait_until(page, filed)
    row = page.locator("tbody tr", has_text=f"借款人{NUMBERS[width][0]}").first
    row.locator("input[name=on]").fill("2026-11-24")
    row.locator("select[name=signer]").select_option("debtor")
    row.get_by_role("button", name="登记").click()
    page.wait_for_url(re.compile(r"/notices/letters/\d+"))

    # A person confirms, and the clock moves.
    effect = page.locator("#effect")
    assert "待确认" in effect.inner_text()
    before, after = re.findall(
        r"20\d\d-\d\d-\d\d", effect.locator("p b").first.locator("..").inner_text()
    )
    assert after > before
    page.get_by_role("button", name="确认，更新期限").click()
    page.wait_for_load_state()
    assert "已确认" in page.locator("#effect").inner_text()
    with site.system.unit_of_work(CLI) as uow:
        notice = uow.session.get(Notice, found[0][0])
        event = uow.session.get(LimitationEvent, notice.limitation_event_id)
        assert (notice.proof_level, event.confirmed_by) == ("A", "legal")

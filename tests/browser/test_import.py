"""A ledger by browser: sent with errors, put right, entered, taken back; on desk and phone."""

import pytest
from sqlalchemy import func, select

from postloan_archive.loans.models import Loan
from tests.browser.site import CLI
from tests.loans.importing.books import LOAN_HEAD, loan_row, loans

GOOD = loan_row("DR-1", contract="DC-1")
BAD = loan_row("DR-2", contract="DC-2", id_no="1.00101E+17")


def send(page, content: bytes, name: str) -> None:
    page.goto("/loans/import")
    page.locator("#file").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_url("**/loans/import/*")


def there(site) -> set[str]:
    with site.system.look(CLI) as uow:
        return set(
            uow.session.scalars(select(Loan.loan_no).where(Loan.loan_no.startswith("DR-")))
        )


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_a_ledger_with_errors_comes_in_and_goes_again(site, open_page, width):
    page = open_page("archive_clerk", width=width)
    send(page, loans(GOOD, BAD), "日报.xlsx")

    page.get_by_text("只导入没有错误的 1 笔").wait_for()  # the worker has checked it
    assert page.get_by_text("科学计数").first.is_visible()
    assert page.get_by_text("1.00101E+17").first.is_visible()
    with page.expect_download() as kept:
        page.get_by_role("link", name="下载标出错误的文件").click()
    assert kept.value.suggested_filename.endswith(".xlsx")

    page.get_by_role("button", name="只导入没有错误的 1 笔").click()
    page.get_by_text("已导入：").first.wait_for()
    assert there(site) == {"DR-1"}

    page.get_by_role("link", name="撤销这次导入").click()
    page.get_by_role("button", name="撤销这次导入").click()
    page.get_by_text("已撤销").first.wait_for()
    assert there(site) == set()


def test_strange_headings_are_told_and_kept(site, open_page):
    page = open_page("archive_clerk")
    head = list(LOAN_HEAD)
    head[5] = "金额一"
    send(page, loans(loan_row("DR-3", contract="DC-3"), head=tuple(head)), "别的系统.xlsx")
    page.get_by_text("工作表缺少必填列").first.wait_for()
    page.get_by_role("link", name="对应列").first.click()
    page.get_by_label("“金额一”读成").select_option("principal")
    page.get_by_label("保存为来源").fill("别的系统")
    page.get_by_role("button", name="按此重新检查").click()
    page.get_by_text("检查通过").first.wait_for()
    page.goto("/loans/import/mappings")
    assert page.get_by_text("金额一 → 贷款金额").is_visible()
    with site.system.look(CLI) as uow:
        assert (
            uow.session.scalar(
                select(func.count()).select_from(Loan).where(Loan.loan_no == "DR-3")
            )
            == 0
        )  # only checked

"""A transfer of claims in a browser: proposed, approved by another, told, carried out."""

import io
import re
import zipfile
from datetime import date

import pytest

from postloan_archive.archive import service as archive
from postloan_archive.archive.service import FileMade
from postloan_archive.loans.service import NewGuarantee
from tests.browser.site import CLI
from tests.builders import a_customer
from tests.reports.conftest import late

LOAN = "JJ2025-7101"


@pytest.fixture
def claim(site) -> str:
    """A loan 200 days late with a guarantor and the signed agreement in its file."""
    with site.system.unit_of_work(CLI) as uow:
        debtor = a_customer(uow, name="郑向晚", id_no="100101198601010057")
        surety = a_customer(uow, name="冯砚秋", id_no="100101198001010078")
        loan = late(
            uow,
            LOAN,
            200,
            customer_id=debtor,
            contract_no="示农商借字2025第7101号",
            guarantees=(
                NewGuarantee(
                    guarantor_id=surety,
                    contract_no="示农商保字2025第7101号",
                    kind="joint",
                    signed_on=date(2025, 5, 2),
                    facts={"period_clause": "主债务履行期限届满之日起三年"},
                ),
            ),
        )
        archive.file_made(
            uow,
            FileMade(
                loan_id=loan.id,
                item_code="BQ17",
                name="债权转让协议.docx",
                title="债权转让协议（签署）",
                stream=io.BytesIO(b"signed"),
            ),
        )
    return LOAN


def test_a_transfer_of_claims(open_page, claim, tmp_path):
    page = open_page("legal")
    page.goto(f"/loans/{claim}/disposals")
    page.get_by_role("link", name="提出处置").click()
    page.get_by_role("link", name="债权转让", exact=True).click()
    assert page.locator("#loan_nos").input_value() == claim
    for name, value in {
        "transferee": "示范资产管理有限公司",
        "transferee_contact": "王经理，0000-12345",
        "agreement_no": "转让〔2026〕第8号",
        "agreement_on": "2026年11月22日",
        "cutoff_on": "2026.11.20",
        "price": "六万",
        "new_pay_account": "示范银行 0000 1111 2222",
        "reason": "多次催收无果，处置回收优于继续持有",
    }.items():
        page.locator(f"#{name}").fill(value)
    page.get_by_role("button", name="提交审批").click()
    page.get_by_text("不是可识别的金额").wait_for()
    open_page.faults.clear()  # a refused form is a 422, which the console calls an error
    page.locator("#price").fill("6万")
    page.get_by_role("button", name="提交审批").click()
    page.wait_for_url(re.compile(r"/disposals/CZ2026-\d+$"))
    number = page.url.rsplit("/", 1)[1]
    assert page.get_by_text("须由另一人审批").count() == 1
    assert page.get_by_role("button", name="批准", exact=True).count() == 0

    chief = open_page("branch_manager", width="phone")
    chief.goto(f"/disposals/{number}")
    chief.get_by_label("审批意见").fill("同意，按程序办理")
    chief.get_by_role("button", name="批准", exact=True).click()
    chief.get_by_text("已批准。").wait_for()

    page.reload()
    page.get_by_role("button", name="通知债务人和各担保人（N07）").click()
    page.wait_for_url(re.compile(r"/notices/runs/\d+$"))
    text = page.locator("main").inner_text()
    assert "郑向晚" in text
    assert "冯砚秋" in text

    page.goto(f"/disposals/{number}")
    page.locator("#document_id").select_option(label="BQ17 债权转让协议（签署）")
    page.get_by_role("button", name="执行债权转让").click()
    page.get_by_text("已执行，台账和期限已更新。").wait_for()
    assert "由 示范资产管理有限公司 享有" in page.locator("main").inner_text()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="生成资料包").click()
    package = tmp_path / "package.zip"
    waiting.value.save_as(package)
    with zipfile.ZipFile(package) as opened:
        assert any(name.startswith(f"{claim}/BQ17-") for name in opened.namelist())

    page.goto(f"/loans/{claim}/disposals")
    assert "债权已于 2026-11-24 转让" in page.locator("main").inner_text()

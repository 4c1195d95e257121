"""A collection day, an inspection by phone, a classification month, each in a browser."""

import io
import re
from datetime import datetime, timedelta

import pytest
from PIL import Image

from postloan_archive.collection.service import contacts
from postloan_archive.inspection.service import inspections
from postloan_archive.kernel.clock import CHINA
from postloan_archive.loans import queries as loans
from tests.browser.site import CLI
from tests.builders import a_customer
from tests.reports.conftest import late

LATE, CALM = "JJ2025-7201", "JJ2025-7202"


@pytest.fixture(scope="module")
def loans_of_a_day(site) -> None:
    """One loan 20 days late and one that is not due, of two people of branch 0201."""
    with site.system.unit_of_work(CLI) as uow:
        debtor = a_customer(uow, name="许知晚", id_no="100101198701010036")
        other = a_customer(uow, name="邵清和", id_no="100101198801010050")
        late(
            uow, LATE, 20, customer_id=debtor, contract_no="示农商借字2025第7201号",
        )  # fmt: skip
        calm = late(
            uow, CALM, -100, customer_id=other, contract_no="示农商借字2025第7202号",
        )  # fmt: skip
        inspections.replan(uow, calm)


def office_hours(site) -> str:
    """A moment at which one may call: today at nine, else yesterday."""
    now = site.system.clock.now().astimezone(CHINA)
    at = now.replace(hour=9, minute=0)
    at = at if at < now - timedelta(minutes=1) else at - timedelta(days=1)
    return datetime.strftime(at, "%Y-%m-%dT%H:%M")


@pytest.mark.usefixtures("loans_of_a_day")
def test_a_collection_day(open_page, site):
    lead = open_page("legal")
    lead.goto("/collection?stage=M1&q=许知晚")
    lead.get_by_label(f"选 {LATE}").check()
    lead.locator("#collector").select_option("account_manager")
    lead.get_by_role("button", name="分派选中").click()
    lead.get_by_text("已分派 1 笔。").wait_for()

    page = open_page("account_manager")
    page.goto("/collection?stage=M1&mine=1")
    page.get_by_role("link", name="许知晚").click()
    page.wait_for_url(re.compile(rf"/loans/{LATE}/collection$"))
    at = office_hours(site)
    page.locator("#at").fill(at[:11] + "06:00")
    page.locator("#result").select_option("已告知")
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_text("22:00 至次日 08:00 不得催收").first.wait_for()
    open_page.faults.clear()  # a refused form is a 422, which the console calls an error
    page.locator("#at").fill(at)
    page.locator("#result").select_option("承诺还款")
    page.locator("#promised_for").fill(at[:10])
    page.locator("#promised_amount").fill("2万")
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_text("已登记联系记录。").wait_for()
    assert "20,000.00" in page.locator("main").inner_text()

    page.get_by_role("link", name="债务人调查").click()
    page.locator("#made_on").fill("2026-11-24")
    page.locator("#reason_for_default").fill("经营失败")
    page.locator("#found").select_option("失联")
    page.get_by_label("财产 1", exact=True).fill("某路 8 号 301 室")
    page.get_by_label("权利状态 1").select_option("正在转让")
    page.locator("#urgent").select_option(["disappeared", "assets_moving"])
    page.get_by_role("button", name="债务人调查").click()
    page.get_by_text("请先申请财产保全").wait_for()
    assert "某路 8 号 301 室" in page.locator("main").inner_text()

    lead.goto("/collection")
    urgent = lead.locator(".say.bad", has_text=LATE)
    urgent.get_by_role("link", name="登记保全措施").click()
    lead.wait_for_url(re.compile(r"/preservation/new"))
    with site.system.unit_of_work(CLI) as uow:
        contacts.judge_promises(uow, datetime.fromisoformat(at).date() + timedelta(days=1))
    lead.goto("/collection/promises?view=broken")
    assert LATE in lead.locator("main").inner_text()


def shot(name: str, size: tuple[int, int]) -> dict[str, object]:
    """A photo as a phone sends it."""
    out = io.BytesIO()
    Image.new("RGB", size, "steelblue").save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.usefixtures("loans_of_a_day")
def test_an_inspection_by_phone(open_page, site):
    page = open_page("account_manager", width="phone")
    page.goto(f"/loans/{CALM}/inspections/new?kind=日常检查")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    for field in page.locator("select[name^=q-]").all():
        field.select_option(index=1)
    for field in page.locator("input[name^=q-]").all():
        field.fill("现场核对，与台账一致")
    page.locator("#place").fill("示范县建设路 5 号")
    page.locator("#photos").set_input_files(
        [shot("门头.jpg", (800, 600)), shot("车间.jpg", (600, 800))]
    )
    page.locator("#conclusion").select_option("正常")
    page.get_by_role("button", name="登记并生成报告").click()
    page.get_by_text("报告已归入案卷").wait_for()
    assert page.get_by_role("link", name="照片 2").count() == 1
    with site.system.unit_of_work(CLI) as uow:
        loan = loans.get_loan(uow, CALM)
        assert loan.loan_no == CALM
    page.get_by_role("link", name="打开", exact=True).first.click()
    page.wait_for_url(re.compile(r"/items\?document=\d+"))
    assert "日常检查报告" in page.locator("main").inner_text()


@pytest.mark.usefixtures("loans_of_a_day")
def test_a_classification_month(open_page):
    page = open_page("legal")
    page.goto(f"/loans/{LATE}/inspections")
    page.locator("#rf").select_option("credit_impaired")
    page.locator("#rn").fill("减值测试 2026-11")
    page.get_by_role("button", name="登记事实").click()
    page.get_by_text("风险事实已登记").wait_for()

    page.goto("/classification")
    page.get_by_role("button", name="提出本月建议").click()
    page.get_by_text("笔分类建议").wait_for()
    row = page.locator("tr", has_text=LATE)
    assert "已发生信用减值：至少归为次级" in row.inner_text()
    row.get_by_label("认定").select_option("关注")
    row.get_by_label("理由").fill("已提供足额新押品")
    row.get_by_role("button", name="认定").click()
    page.get_by_text("优于规则下限，已提交另一人审批。").wait_for()
    assert page.locator("tr", has_text=LATE).get_by_role("button", name="同意").count() == 0

    chief = open_page("branch_manager")
    chief.goto("/classification?state=waiting")
    chief.locator("tr", has_text=LATE).get_by_role("button", name="不同意").click()
    chief.get_by_text("已处理。").wait_for()
    page.goto("/classification?state=proposed")
    page.get_by_role("button", name="全部按建议认定").click()
    page.get_by_text("已按建议认定").wait_for()
    page.goto(f"/loans/{LATE}/inspections")
    history = page.locator("section.card", has_text="分类历史").inner_text()
    assert "次级" in history
    page.goto("/reports/migration")
    assert page.locator("h1").inner_text() == "五级分类迁徙矩阵"

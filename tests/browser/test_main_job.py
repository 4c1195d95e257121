"""The main job as people do it: sign in, file, find, write, bind, and see it in the trail."""

import re

import pytest
from sqlalchemy import select

from postloan_archive import audit
from postloan_archive.archive.models import Document
from postloan_archive.audit import TrailFilter
from postloan_archive.bundle import verify_package
from tests.browser.site import CLI, PASSWORD
from tests.reading.made_files import pdf

LOAN = "JJ2025-0001"
WORDS = "示范县柳树乡签收人画押为凭"


def sign_in(page, name):
    page.goto("/sign-in")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(re.compile(r"^(?!.*/sign-in).*$"))


def events(site, event):
    with site.system.unit_of_work(CLI) as uow:
        return audit.read(uow.session, TrailFilter(event=event), limit=50).lines


@pytest.fixture
def receipt(tmp_path):
    """A receipt of two pages, as a scanner with a text layer makes it."""
    path = tmp_path / "BQ18-送达回证.pdf"
    path.write_bytes(pdf([f"送达回证：{WORDS}。", "附页。"]))
    return path


def test_a_wrong_password_is_refused_without_saying_what_was_wrong(open_page):
    page = open_page()
    page.goto("/sign-in")
    said = set()
    for name in ("legal", "nobody_at_all"):
        page.get_by_label("用户名").fill(name)
        page.get_by_label("密码", exact=True).fill("falsch falsch falsch")
        page.get_by_role("button", name="登录").click()
        page.wait_for_load_state()
        said.add(page.locator("main").inner_text().replace(name, ""))
    assert len(said) == 1
    assert "/sign-in" in page.url
    open_page.faults[:] = [one for one in open_page.faults if "status of 4" not in one]


def test_a_paper_is_filed_read_and_found_by_its_words(open_page, site, receipt):
    page = open_page()
    sign_in(page, "archive_clerk")
    page.goto(f"/loans/{LOAN}/items")
    page.locator("#upload > summary").click()
    page.get_by_label("文件或压缩包").set_input_files(receipt)
    with page.expect_navigation():
        page.get_by_role("button", name="上传").click()
    assert "送达回证" in page.locator("main").inner_text()

    def read():
        with site.system.unit_of_work(CLI) as uow:
            found = uow.session.scalar(
                select(Document).where(Document.filename == receipt.name)
            )
            return found is not None and found.read_at is not None

    wait_until(page, read)
    page.goto("/loans")
    page.keyboard.press("/")
    page.keyboard.type(WORDS[4:9])
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    mark = page.locator("main mark").first
    mark.wait_for()
    assert mark.inner_text() == WORDS[4:9]
    assert page.locator("main").inner_text().count("送达回证") > 0
    assert events(site, "archive.document_added")[0].actor == "archive_clerk"
    assert events(site, "archive.searched")[0].actor == "archive_clerk"


def wait_until(page, condition, seconds=30):
    for _ in range(seconds * 5):
        if condition():
            return
        page.wait_for_timeout(200)
    pytest.fail("it did not happen")


def test_letters_are_checked_issued_and_handed_out(open_page, site, tmp_path):
    page = open_page()
    sign_in(page, "legal")
    page.goto("/notices/new")
    page.get_by_label("函件种类").select_option("N04")
    page.get_by_role("button", name="检查", exact=True).click()
    page.wait_for_url("**/notices/runs/*")
    assert "保证人1" in page.locator("main").inner_text()
    page.get_by_role("button", name=re.compile("^生成")).first.click()
    confirm = page.locator("dialog[open] button.go, dialog[open] button[value=yes]")
    if confirm.count():
        confirm.first.click()

    def issued():
        page.goto(page.url)
        return "已生成" in page.locator("main").inner_text()

    wait_until(page, issued)
    page.get_by_role("link", name="保证人1").first.click()
    page.wait_for_url("**/notices/letters/*")
    with page.expect_download() as waiting:
        page.locator("a[href$='file.docx']").first.click()
    target = tmp_path / "letter.docx"
    waiting.value.save_as(target)
    assert target.read_bytes().startswith(b"PK")
    assert waiting.value.suggested_filename.endswith(".docx")
    assert re.search("[\u4e00-\u9fff]", waiting.value.suggested_filename)
    assert events(site, "notices.run_planned")[0].actor == "legal"


def test_a_package_is_frozen_verified_and_taken_along(open_page, site, tmp_path):
    page = open_page()
    sign_in(page, "legal")
    page.goto(f"/packages/{site.ids['case_no']}")
    page.get_by_role("button", name=re.compile("^冻结为")).first.click()
    page.locator("dialog[open]").get_by_role("button", name="冻结", exact=True).click()
    page.wait_for_load_state()

    def frozen():
        page.goto(f"/packages/{site.ids['case_no']}")
        return page.get_by_text("v2", exact=True).count() > 0

    wait_until(page, frozen, seconds=90)
    row = page.locator("tr").filter(has=page.get_by_text("v2", exact=True))
    with page.expect_download() as waiting:
        row.get_by_role("link", name="下载").click()
    target = tmp_path / "package.zip"
    waiting.value.save_as(target)
    report = verify_package(target)
    assert report.is_intact, report.sentences
    assert report.proved >= 1
    row.get_by_role("button", name="校验").click()
    page.get_by_text(re.compile("核验通过|完整|无误")).first.wait_for()
    assert events(site, "litigation.package_exported")[0].actor == "legal"


def test_everything_that_was_done_is_in_an_unbroken_trail(site):
    with site.system.unit_of_work(CLI) as uow:
        report = audit.verify(uow.session)
    assert report.fault_count == 0
    assert report.lines > 50


def test_signing_out_ends_it(open_page):
    page = open_page()
    sign_in(page, "auditor")
    page.goto("/account")
    page.locator("form[action='/sign-out'] button").first.click()
    page.wait_for_load_state()
    page.goto("/account")
    assert "/sign-in" in page.url
    page.go_back()
    assert "auditor" not in page.locator("main").inner_text()

"""The inbox in a browser: a pile cut, filed and taken back by keyboard; uploads that go on."""

import re

import pytest
from sqlalchemy import select

from postloan_archive.access import branches
from postloan_archive.archive.incoming import sending
from postloan_archive.archive.models import Document, IntakeFile
from postloan_archive.archive.uploads import Sent, take_upload
from postloan_archive.cli.session import runner_of
from tests.browser.site import CLI
from tests.reading.made_files import pdf


@pytest.fixture
def pile(site, tmp_path):
    """A scan of three papers in the inbox of everybody."""
    path = tmp_path / "扫描7.pdf"
    path.write_bytes(pdf(["借款合同 甲方", "合同第二页", "逾期催收通知书", "送达回证"]))
    with path.open("rb") as stream:
        batch_id = take_upload(site.system, CLI, [Sent(name="扫描7.pdf", stream=stream)])
    runner_of(site.system).run_until_empty()
    with site.system.unit_of_work(CLI) as uow:
        row = uow.session.scalars(
            select(IntakeFile).where(IntakeFile.batch_id == batch_id)
        ).one()
        row.branch_id = branches.id_of(uow, "0201")  # where the clerk works
        return row.id


def press(page, key):
    page.wait_for_load_state("load")  # the keys come with the scripts
    page.keyboard.press(key)


def rows(site, pile):
    with site.system.unit_of_work(CLI) as uow:
        found = uow.session.scalars(
            select(IntakeFile)
            .where((IntakeFile.id == pile) | (IntakeFile.parent_id == pile))
            .order_by(IntakeFile.id)
        ).all()
        return [([leaf[1] for leaf in row.leaves], row.outcome) for row in found]


def test_a_pile_is_cut_filed_and_taken_back_by_keyboard(site, open_page, pile):
    page = open_page("archive_clerk")
    page.goto(f"/inbox?file={pile}")
    press(page, "n")
    page.wait_for_url(re.compile("sheet=2"))
    press(page, "n")
    page.wait_for_url(re.compile("sheet=3"))
    press(page, "s")
    page.wait_for_url(re.compile("sheet=1"))
    page.get_by_text("本堆分 2 件").wait_for()
    assert rows(site, pile) == [([1, 2], ""), ([3, 4], "")]
    press(page, "r")
    page.get_by_text("↻90°").wait_for()
    press(page, "u")
    page.get_by_text("已撤销上一步").wait_for()

    press(page, "3")
    value = page.locator("[name=item_code]").input_value()
    assert value == page.locator("[data-key='3']").get_attribute("data-value")
    page.fill("[name=loan_no]", str(site.ids["loan_no"]))
    page.locator("main").focus()
    press(page, "Enter")
    page.get_by_text("已归入").wait_for()
    assert rows(site, pile)[1][1] == "filed"
    with site.system.unit_of_work(CLI) as uow:
        document = uow.session.scalars(
            select(Document).where(Document.filename.contains("扫描7"))
        ).one()
        assert document.item_code == value
    page.locator("body").click(position={"x": 5, "y": 5})
    press(page, "u")
    page.get_by_text("已撤销办理").wait_for()
    assert rows(site, pile)[1][1] == ""


def test_keys_are_silent_in_fields(site, open_page, pile):
    page = open_page("archive_clerk")
    page.goto(f"/inbox?file={pile}")
    page.locator("[name=title]").focus()
    page.keyboard.type("smru")
    page.wait_for_timeout(300)
    assert rows(site, pile) == [([], "")]


def test_an_upload_goes_on_after_a_reload(site, open_page, tmp_path):
    big = tmp_path / "很大的扫描件.bin"
    big.write_bytes(b"0123456789abcdef" * (20 * 1024 * 1024 // 16))  # three parts
    page = open_page("archive_clerk")
    page.goto("/inbox")
    if not page.locator("#up-files").is_visible():
        page.locator("#upload summary").click()
    sent = []

    def once(route):
        if sent:
            return  # the line is dead: no answer ever comes
        sent.append(route.request.headers["upload-offset"])
        route.continue_()

    page.route(
        re.compile("/uploads/[A-Za-z0-9_-]{20,}"),
        lambda r: once(r) if r.request.method == "PATCH" else r.continue_(),
    )
    page.set_input_files("#up-files", big)
    page.locator("#upload button.go").click()
    page.get_by_text("40%").wait_for()  # the first of three parts is there
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    page.get_by_text("上次没有传完").wait_for(state="attached")

    offsets = []
    page.on(
        "request",
        lambda r: r.method == "PATCH" and offsets.append(int(r.headers["upload-offset"])),
    )
    if not page.locator("#up-files").is_visible():
        page.locator("#upload summary").click()
    page.set_input_files("#up-files", big)
    page.locator("#upload button.go").click()
    page.wait_for_url(re.compile("/intake/"), timeout=60_000)
    assert offsets[0] in {8 * 1024 * 1024, 16 * 1024 * 1024}  # not from the beginning
    page.get_by_text("其中 1 件在收件箱").wait_for(timeout=60_000)  # stored and looked into
    with site.system.unit_of_work(CLI) as uow:
        row = uow.session.scalars(select(IntakeFile).where(IntakeFile.name == big.name)).one()
        assert uow.vault.read(row.sha256) == big.read_bytes()
    assert not list((site.system.settings.data / "incoming" / sending.FOLDER).iterdir())

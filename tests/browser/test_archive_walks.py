"""The archive in a browser: lending, destruction, the audit chain, a redacted copy."""

import io
import re
from datetime import date

import pypdfium2 as pdfium
import pytest
from sqlalchemy import select

from postloan_archive.access import branches
from postloan_archive.archive import service
from postloan_archive.archive.models import Document, Redaction
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.custody.service import store
from postloan_archive.custody.service.store import AddBox, AddRoom, RegisterOriginal
from postloan_archive.loans.models import Loan
from postloan_archive.retention.models import Tombstone
from tests.browser.site import CLI, PASSWORD
from tests.builders import a_customer
from tests.bundle.samples import pdf
from tests.retention.conftest import old_loan

SECRET = "100101199001010070"


def loan_of(uow, loan_no: str, id_no: str):
    """A loan of its own person, settled in 2005."""
    borrower = a_customer(uow, name="陶知远", id_no=id_no)
    return old_loan(uow, loan_no=loan_no, customer_id=borrower)


def file(uow, loan_no: str, name: str, data: bytes) -> int:
    batch = service.open_batch(uow, OpenBatch(source="cli")).id
    command = ReceiveFile(
        batch_id=batch, loan_no=loan_no, name=name, stream=io.BytesIO(data), item_code="YJ01"
    )
    number = service.receive_file(uow, command).document_id
    uow.enqueue("read_documents", [number])
    return number


@pytest.fixture
def original(site) -> str:
    """The barcode of a contract in a box of branch 0201."""
    with site.system.unit_of_work(CLI) as uow:
        loan = loan_of(uow, "JJ2000-7101", "100101198502020036")
        branch = branches.id_of(uow, "0201")
        room = store.add_room(uow, AddRoom(branch_id=branch, code="Z", name="走查库")).id
        box = store.add_box(uow, AddBox(room_id=room, shelf="A-01-1")).box_no
        command = RegisterOriginal(
            loan_no=loan.loan_no, item_code="YJ01", title="借款合同", pages=12, box_no=box
        )
        return store.register_original(uow, command).barcode


def test_an_original_goes_out_and_comes_back(open_page, original):
    lawyer, boss, clerk = (
        open_page(name) for name in ("legal", "branch_manager", "archive_clerk")
    )
    lawyer.goto(f"/store/lendings/new?code={original}")
    lawyer.locator("#barcode").fill(original)
    lawyer.locator("#way").select_option("out")
    lawyer.locator("#purpose").fill("核对印章")
    lawyer.locator("main form button.go").click()
    lawyer.wait_for_url(re.compile(r"/store/lendings/(?!new)"))
    slip = lawyer.url
    assert lawyer.get_by_role("button", name="同意").count() == 0  # not by the borrower
    boss.goto(slip)
    boss.get_by_role("button", name="同意", exact=True).click()
    clerk.goto(slip)
    clerk.get_by_role("button", name="出库").click()
    clerk.goto(slip)
    if clerk.get_by_role("button", name="复核签字").count():
        boss.goto(slip)
        boss.get_by_role("button", name="复核签字").click()
        clerk.goto(slip)
    clerk.get_by_role("link", name="归还").click()
    clerk.locator("#barcode").fill(original)
    clerk.locator("#pages_back").fill("12")
    clerk.locator("main form button.go").click()
    boss.goto(slip)
    if boss.get_by_role("button", name="复核签字").count():
        boss.get_by_role("button", name="复核签字").click()
    clerk.goto(slip)
    assert "已归还" in clerk.locator("main").inner_text()


def test_a_loan_file_is_destroyed_by_four_hands(open_page, site):
    with site.system.unit_of_work(CLI) as uow:
        loan_no = loan_of(uow, "JJ2000-7102", "100101198502020052").loan_no
        number = file(uow, loan_no, "合同.txt", "借款合同走查销毁".encode())
    clerk, boss, lawyer = (
        open_page(name) for name in ("archive_clerk", "branch_manager", "legal")
    )
    clerk.goto(f"/loans/{loan_no}/retention")
    assert "2020-12-31" in clerk.locator("main").inner_text()
    clerk.goto("/retention")
    clerk.locator(f"input[name=loan][value='{loan_no}']").check()
    clerk.get_by_label("销毁", exact=True).check()
    clerk.locator("#members").fill("甲、乙、丙")
    clerk.locator("#opinion").fill("期满，无保存价值")
    clerk.get_by_role("button", name="登记鉴定结论").click()
    for box in clerk.locator("input[name=loan]").all():
        box.set_checked(box.get_attribute("value") == loan_no)
    clerk.get_by_role("button", name="提出销毁清册").click()
    clerk.wait_for_url(re.compile(r"/retention/lists/XH"))
    where = clerk.url
    assert "造册" in clerk.locator("main").inner_text()
    for page, act in ((boss, "批准销毁"), (lawyer, "我在场监销"), (clerk, "执行销毁")):
        page.goto(where)
        page.locator("input[type=password]").fill(PASSWORD)
        page.get_by_role("button", name=act, exact=True).click()
        page.locator(".toast, .say").first.wait_for()
    for _try in range(60):
        lawyer.goto(where)
        if lawyer.get_by_role("button", name="确认销毁完毕").count():
            break
        lawyer.wait_for_timeout(500)
    lawyer.locator("input[type=password]").fill(PASSWORD)
    lawyer.get_by_role("button", name="确认销毁完毕").click()
    lawyer.goto(f"/loans/{loan_no}/retention")
    assert "销毁记录" in lawyer.locator("main").inner_text()
    with site.system.unit_of_work(CLI) as uow:
        stone = uow.session.scalars(
            select(Tombstone).where(Tombstone.document_id == number)
        ).one()
        assert stone.supervised_by == "legal"
        assert not any(uow.vault.verify(one).good for one in stone.digests)


def test_the_auditor_follows_a_claim_to_the_signed_chain(open_page, site):
    with site.system.unit_of_work(CLI) as uow:
        loan_no = uow.session.scalars(select(Loan).order_by(Loan.id)).first().loan_no
    page = open_page("auditor")
    page.goto(f"/loans/{loan_no}/trail")
    page.get_by_role("link", name="证据链").click()
    assert "相符" in page.locator("main").inner_text()
    page.locator("td.num a[href^='/audit/lines/']").first.click()
    page.wait_for_url(re.compile(r"/audit/lines/\d+"))
    assert "archive.document_added" in page.content()
    page.goto("/audit/samples")
    page.locator("#title").fill("走查抽样")
    page.locator("#wanted").fill("2")
    page.locator("#seed").fill("seed-1")
    page.get_by_role("button", name="抽取样本").click()
    page.wait_for_url(re.compile(r"/audit/samples/\d+"))
    assert "seed-1" in page.locator("main").inner_text()


def test_a_box_is_drawn_with_the_mouse_and_blackens_the_copy(open_page, site):
    with site.system.unit_of_work(CLI) as uow:
        loan = loan_of(uow, "JJ2000-7103", "100101198502020079")
        loan.settled_on = None
        loan.due_on = date(2027, 1, 1)
        content = f"BT /F1 24 Tf 100 600 Td ({SECRET}) Tj ET".encode()
        number = file(uow, loan.loan_no, "合同.pdf", pdf(1, content=content))
    page = open_page("archive_clerk")
    sheet = page.locator("svg[data-redact]")
    for _try in range(60):
        page.goto(f"/documents/{number}/redaction")
        if sheet.count():
            break
        page.wait_for_timeout(500)
    frame = sheet.bounding_box()
    page.mouse.move(frame["x"] + 0.1 * frame["width"], frame["y"] + 0.2 * frame["height"])
    page.mouse.down()
    page.mouse.move(
        frame["x"] + 0.7 * frame["width"], frame["y"] + 0.35 * frame["height"], steps=5
    )
    page.mouse.up()
    page.wait_for_url(re.compile(r"box="))
    page.locator("#reason").fill("对外提供")
    page.get_by_role("button", name="制作遮盖副本").click()
    page.wait_for_url(re.compile(r"/items"))
    with site.system.unit_of_work(CLI) as uow:
        row = uow.session.scalars(
            select(Redaction).where(Redaction.document_id == number)
        ).one()
        copy = pdfium.PdfDocument(uow.vault.read(row.sha256))
        assert copy[0].get_textpage().get_text_range() == ""
        assert uow.session.get(Document, number).current_version == 1

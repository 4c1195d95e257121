"""From “sue this loan” to a verified package; its index and bookmarks are followed."""

import io
import re
import zipfile
from datetime import date

import pytest
from pypdf import PdfReader

from postloan_archive.archive import service as archive
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.bundle import verify_package
from tests.browser.site import CLI
from tests.browser.test_main_job import events, sign_in, wait_until
from tests.builders import a_customer, a_loan
from tests.litigation.test_packages import LATE
from tests.reading.made_files import pdf

LOAN = "JJ2025-0777"
PAPERS = {
    "YJ01": ("借款合同", 3),
    "YJ02": ("借款借据", 1),
    "YJ06": ("身份证", 1),
    "GL11": ("还款流水", 2),
    "BQ01": ("催收通知书回执", 1),
}


@pytest.fixture
def loan(site) -> str:
    """A loan that is late, with the papers that a court wants."""
    with site.system.unit_of_work(CLI) as uow:
        customer = a_customer(
            uow, name="欠款人甲", id_no="100101197001010077", facts={"domicile": "示范县9号"}
        )
        a_loan(
            uow,
            loan_no=LOAN,
            contract_no="示农商借字2025第0777号",
            customer_id=customer,
            **LATE,
        )
        batch = archive.open_batch(uow, OpenBatch(source="cli"))
        for code, (title, pages) in PAPERS.items():
            data = pdf([f"{title}第{no}页" for no in range(1, pages + 1)])
            received = archive.receive_file(
                uow,
                ReceiveFile(
                    batch_id=batch.id,
                    loan_no=LOAN,
                    item_code=code,
                    name=f"{title}.pdf",
                    title=title,
                    stream=io.BytesIO(data),
                    doc_date=date(2025, 11, 24),
                ),
            )
            uow.enqueue("read_documents", [received.document_id])
    return LOAN


def test_from_the_loan_page_to_a_verified_package(open_page, site, loan, tmp_path):
    page = open_page()
    sign_in(page, "legal")
    page.goto(f"/loans/{loan}")
    page.get_by_role("link", name="起诉准备").click()
    page.wait_for_url(f"**/packages/setup/{loan}")
    main = page.locator("main")
    assert "程序选择" in main.inner_text()
    assert "欠款人甲" in main.inner_text()
    page.get_by_label("受理法院").fill("示范县人民法院")
    page.get_by_role("button", name="建立案件并提出证据").click()
    page.wait_for_url(re.compile(r"/packages/AJ\d{4}-\d{4}$"))
    case_no = page.url.rsplit("/", 1)[-1]
    for title, _pages in PAPERS.values():
        assert title in main.inner_text()

    page.get_by_role("link", name="诉讼文书").click()
    page.get_by_role("link", name="财产保全申请书").click()
    page.get_by_label("事实与理由").fill("被申请人正在转移财产。")
    page.get_by_role("button", name=re.compile("^生成")).click()
    page.wait_for_load_state()
    with page.expect_download() as waiting:
        page.get_by_role("link", name=".docx").first.click()
    word = tmp_path / "paper.docx"
    waiting.value.save_as(word)
    with zipfile.ZipFile(word) as made:
        assert "正在转移财产" in made.read("word/document.xml").decode()

    page.goto(f"/packages/{case_no}")
    page.get_by_role("button", name="按日期排").click()
    page.wait_for_load_state()
    page.get_by_role("button", name=re.compile("^冻结为")).first.click()
    page.locator("dialog[open]").get_by_role("button", name="冻结", exact=True).click()

    def frozen():
        page.goto(f"/packages/{case_no}")
        return page.get_by_role("link", name="下载").count() > 0

    wait_until(page, frozen, seconds=120)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载").first.click()
    target = tmp_path / "package.zip"
    waiting.value.save_as(target)
    report = verify_package(target)
    assert report.is_intact, report.sentences
    assert report.proved >= 1
    with zipfile.ZipFile(target) as bag:
        name = next(one for one in bag.namelist() if one.endswith("证据材料.pdf"))
        follow_every_link_and_bookmark(bag.read(name))
    assert {one.event for one in events(site, "litigation.paper_made")}


def follow_every_link_and_bookmark(data: bytes) -> None:
    """Each link of the index and each bookmark leads to the page that bears its label."""
    reader = PdfReader(io.BytesIO(data))
    texts = [re.sub(r"\s", "", page.extract_text()) for page in reader.pages]
    numbers = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages)}
    targets = [
        numbers[mark.get_object()["/Dest"][0].indirect_reference.idnum]
        for page in reader.pages
        for mark in page.get("/Annots", ())
    ]
    assert len(targets) >= len(PAPERS)
    for number in range(1, len(PAPERS) + 1):
        assert any(f"证据{number}" in texts[place] for place in targets)
    marks = list(flat(reader.outline))
    exhibits = [mark for mark in marks if re.match(r"证据\d", mark.title)]
    assert len(exhibits) == len(PAPERS)
    for mark in exhibits:
        place = reader.get_destination_page_number(mark)
        assert mark.title.split()[0] in texts[place], mark.title


def flat(marks):
    """Every bookmark, however deep."""
    for mark in marks:
        if isinstance(mark, list):
            yield from flat(mark)
        else:
            yield mark

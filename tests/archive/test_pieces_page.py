"""Piles in the inbox: cut, joined, turned, thinned out, filed piece by piece, taken back."""

import io

import pypdfium2 as pdfium
import pytest
from PIL import Image
from sqlalchemy import select

from postloan_archive import audit
from postloan_archive.archive import batches
from postloan_archive.archive.models import Document
from postloan_archive.archive.pieces.models import DocumentSource, FilingRule
from tests.archive.page_fixtures import OURS
from tests.archive.test_inbox_page import drop, form, row, text_of
from tests.reading import made_files

__all__ = ["drop"]

PILE = made_files.pdf(
    ["借款合同 示农商借字2025第0001号", "合同第二页", "", "催收通知书 张三", "催收通知书第二页"]
)


@pytest.fixture
def pile(drop) -> int:
    return drop("扫描0001.pdf", PILE)


@pytest.fixture
def step(browser, new_uow):
    """Press a button of the strip; return the id of the piece that is open afterwards."""

    def pressed(file_id: int, do: str, sheet: int = 1, who: str = "legal"):
        version = row(new_uow, file_id).version
        reply = browser(who).post(
            f"/inbox/{file_id}/pieces?sheet={sheet}", {"do": do, "version": str(version)}
        )
        assert reply.status_code == 302, text_of(reply)
        there = reply.headers["Location"]
        return int(there.partition("file=")[2].partition("&")[0])

    return pressed


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 900), "grey").save(out, "PNG")
    return out.getvalue()


def leaves(new_uow, file_id):
    return [leaf[1] for leaf in row(new_uow, file_id).leaves]


def test_the_strip_shows_the_pages_and_what_is_blank(browser, pile):
    page = text_of(browser("legal").get(f"/inbox?file={pile}"))
    assert page.count('class="thumb') == 5
    assert "空白" in page
    assert "去除空白 1 页" in page
    image = browser("legal").get(f"/inbox/{pile}/pages/4.jpg?of={pile}&turn=90&size=page")
    assert image.mimetype == "image/jpeg"
    assert browser("legal").get(f"/inbox/{pile}/pages/9.jpg?of={pile}").status_code == 404
    assert browser("legal").get(f"/inbox/{pile}/pages/1.jpg?of=99").status_code == 404
    assert (
        browser("other_branch").get(f"/inbox/{pile}/pages/1.jpg?of={pile}").status_code == 404
    )


def test_a_pile_is_cut_and_each_piece_is_filed_by_itself(browser, pile, step, new_uow, work):
    step(pile, "blanks")
    second = step(pile, "split:3", sheet=3)
    assert second != pile
    assert (leaves(new_uow, pile), leaves(new_uow, second)) == ([1, 2], [4, 5])
    assert row(new_uow, second).item_code == "BQ01"
    page = text_of(browser("legal").get(f"/inbox?file={second}"))
    assert "本堆分 2 件" in page
    assert "标题含“催收”（第 1 页）" in page

    reply = browser("legal").post(
        f"/inbox/{second}/file", form(new_uow, second, item_code="BQ01", title="催收通知书")
    )
    assert reply.status_code == 302, text_of(reply)
    work()
    whole = row(new_uow, pile)
    with new_uow() as uow:
        document = uow.session.scalars(select(Document)).one()
        assert (document.item_code, document.page_count) == ("BQ01", 2)
        assert [page.text for page in document.pages] == ["催收通知书 张三", "催收通知书第二页"]
        assert document.filename == "扫描0001_第4–5页.pdf"
        origin = uow.session.scalars(select(DocumentSource)).one()
        assert origin.sha256 == whole.sha256
        assert origin.pages == [[4, 0], [5, 0]]
        assert uow.vault.read(origin.sha256) == PILE  # the file itself is untouched
        receipt = batches.receipt_of(uow, whole.batch_id)
        assert receipt.received == 1  # one came in, however many pieces it became
        assert audit.verify(uow.session).fault_count == 0
    shown = text_of(browser("legal").get(f"/loans/{OURS}/items?document={document.id}"))
    assert "扫描0001.pdf" in shown
    assert "第 4–5 页" in shown

    browser("legal").post(f"/inbox/{second}/undo")
    assert row(new_uow, second).document_id is None
    assert leaves(new_uow, second) == [4, 5]


def test_pieces_are_joined_again_turned_moved_and_put_back(pile, step, new_uow):
    second = step(pile, "split:4", sheet=4)
    step(second, "turn:1")
    step(second, "move:1:1", sheet=1)
    assert row(new_uow, second).leaves == [[pile, 5, 0], [pile, 4, 90]]
    step(pile, "drop:3", sheet=3)
    step(pile, f"restore:3:{pile}")
    assert leaves(new_uow, pile) == [1, 2, 3]
    assert step(pile, "merge") == pile
    assert leaves(new_uow, pile) == [1, 2, 3, 5, 4]
    assert row(new_uow, second).outcome == "merged"


def test_two_files_of_a_delivery_are_joined(browser, loans, work, new_uow, step):
    del loans
    clerk = browser("legal")
    clerk.post(
        "/inbox",
        {
            "files": [
                (io.BytesIO(made_files.pdf(["借款合同"])), "a.pdf"),
                (io.BytesIO(photo()), "b.png"),
            ]
        },
        content_type="multipart/form-data",
    )
    work()
    step(1, "merge")
    assert row(new_uow, 1).leaves == [[1, 1, 0], [2, 1, 0]]
    reply = clerk.post("/inbox/1/file", form(new_uow, 1))
    assert reply.status_code == 302, text_of(reply)
    with new_uow() as uow:
        document = uow.session.scalars(select(Document)).one()
        made = pdfium.PdfDocument(uow.vault.path(document.sha256))
        assert len(made) == 2
        made.close()


def test_each_step_has_a_way_back(browser, pile, step, new_uow):
    second = step(pile, "split:4", sheet=4)
    step(pile, "drop:1")
    clerk = browser("legal")
    assert "撤销上一步" in text_of(clerk.get(f"/inbox?file={pile}"))
    assert clerk.post("/inbox/steps/1/undo").status_code in {409, 422}  # not the last one
    assert clerk.post("/inbox/steps/2/undo").status_code == 302
    assert leaves(new_uow, pile) == [1, 2, 3]
    assert clerk.post("/inbox/steps/1/undo").status_code == 302
    assert row(new_uow, pile).leaves == []
    assert row(new_uow, second).outcome == "merged"
    assert clerk.post("/inbox/steps/1/undo").status_code == 409
    assert browser("archive_clerk").post("/inbox/steps/2/undo").status_code == 409


def test_what_cannot_be_done_is_said(browser, pile, drop, new_uow):
    clerk = browser("legal")

    def said(file_id, do):
        version = str(row(new_uow, file_id).version)
        clerk.post(f"/inbox/{file_id}/pieces", {"do": do, "version": version})
        return text_of(clerk.get(f"/inbox?file={file_id}"))

    assert "第一页之前不能分件" in said(pile, "split:1")
    assert "没有第 9 页" in said(pile, "turn:9")
    assert "没有可以合并的件" in said(pile, "merge")
    word = drop("a.docx", made_files.docx(made_files.paragraph("借款合同")))
    assert "没有页面图像" in said(word, "split:1")
    said(pile, "nonsense:²:x")
    stale = clerk.post(f"/inbox/{pile}/pieces", {"do": "turn:1", "version": "999"})
    assert stale.status_code == 302
    assert "已被他人修改" in text_of(clerk.get(f"/inbox?file={pile}"))
    assert row(new_uow, pile).leaves == []


def test_a_correction_becomes_a_rule_that_can_be_switched_off(browser, drop, new_uow):
    first = drop("扫描1.pdf", made_files.pdf(["张三抵押物价值确认书\n一、抵押物"]))
    browser("legal").post(f"/inbox/{first}/file", form(new_uow, first, item_code="GL13"))
    with new_uow() as uow:
        rule = uow.session.scalars(select(FilingRule)).one()
        assert (rule.words, rule.item_code) == ("抵押物价值确认书", "GL13")
    second = drop("扫描2.pdf", made_files.pdf(["李四抵押物价值确认书\n二、抵押物"]))
    assert row(new_uow, second).item_code == "GL13"
    page = text_of(browser("legal").get(f"/inbox?file={second}"))
    assert "归档规则：标题含“抵押物价值确认书”" in page
    shown = text_of(browser("legal").get("/inbox/rules"))
    assert "抵押物价值确认书" in shown

    off = {"version": "1", "active": "0"}
    assert browser("account_manager").post("/inbox/rules/1", off).status_code == 403
    assert browser("legal").post("/inbox/rules/1", off).status_code == 302
    third = drop("扫描3.pdf", made_files.pdf(["王五抵押物价值确认书\n三、抵押物"]))
    assert row(new_uow, third).item_code == "ZH00"
    added = browser("legal").post("/inbox/rules", {"words": "用印审批单", "item_code": "GL07"})
    assert added.status_code == 302
    short = browser("legal").post("/inbox/rules", {"words": "字", "item_code": "GL07"})
    assert short.status_code == 422


def test_another_branch_cuts_nothing(browser, pile):
    stranger = browser("other_branch")
    reply = stranger.post(f"/inbox/{pile}/pieces", {"do": "turn:1", "version": "1"})
    assert "没有编号" in text_of(stranger.get("/inbox")) or reply.status_code == 404

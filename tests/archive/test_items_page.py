"""卷内文件: the tree, the pages, the card, versions, originals – and who gets none of it."""

import io

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from postloan_archive.archive.models import Document
from postloan_archive.audit import AuditRow
from postloan_archive.cases import service as cases
from postloan_archive.cases.service import OpenCase
from postloan_archive.litigation import service as packages
from tests.archive.page_fixtures import OURS, THEIRS, encrypted
from tests.reading import made_files


def text_of(reply) -> str:
    return reply.get_data(as_text=True)


def events(new_uow, event: str) -> list[AuditRow]:
    with new_uow() as uow:
        return list(
            uow.session.scalars(
                select(AuditRow).where(AuditRow.event == event).order_by(AuditRow.seq)
            )
        )


def test_the_tree_shows_what_is_there_and_what_is_missing(browser, filed):
    filed()
    page = text_of(browser("legal").get(f"/loans/{OURS}/items"))
    assert "借款合同" in page
    assert 'class="gap"' in page or "待补信息" in page
    assert "要件类" in page


@pytest.mark.parametrize("size", ["thumb", "page", "large", "9999"])
def test_a_page_image_is_drawn_and_kept_without_the_mark(browser, filed, settings, size):
    document_id = filed()
    path = f"/documents/{document_id}/pages/1.jpg?size={size}"
    first = browser("legal").get(path)
    assert first.mimetype == "image/jpeg"
    assert Image.open(io.BytesIO(first.data)).width in {160, 1000, 1800}
    kept = list((settings.data / "cache" / "pages").rglob("*.jpg"))
    assert len(kept) == 1
    second = browser("legal").get(path)
    assert second.data == first.data  # the clock stands still
    if size != "thumb":
        assert kept[0].read_bytes() != first.data


def test_the_mark_tells_one_viewer_from_another(browser, filed):
    document_id = filed()
    path = f"/documents/{document_id}/pages/1.jpg"
    assert browser("legal").get(path).data != browser("auditor").get(path).data


def yellow(data: bytes) -> int:
    """How many pixels are as yellow as a mark."""
    pixels = Image.open(io.BytesIO(data)).convert("RGB").tobytes()
    return sum(
        1 for red, blue in zip(pixels[::3], pixels[2::3], strict=True) if red - blue > 120
    )


def test_the_words_of_a_search_are_marked_where_they_stand(browser, filed):
    document_id = filed()
    legal = browser("legal")
    path = f"/documents/{document_id}/pages/1.jpg"
    assert yellow(legal.get(path).data) == 0
    assert yellow(legal.get(f"{path}?q=送达地址").data) > 500
    assert yellow(legal.get(f"{path}?q=别的词").data) == 0
    page = text_of(legal.get(f"/loans/{OURS}/items?document={document_id}&q=送达地址"))
    assert f"{path}?size=page&amp;q=" in page


def test_looking_at_a_page_is_recorded_once_a_view(browser, filed, new_uow):
    document_id = filed()
    browser("legal").get(f"/documents/{document_id}/pages/2.jpg")
    browser("legal").get(f"/documents/{document_id}/pages/2.jpg?size=thumb")
    seen = events(new_uow, "archive.page_viewed")
    assert [(row.actor, row.subject) for row in seen] == [("legal", f"document:{document_id}")]


@pytest.mark.parametrize(
    "path",
    [
        "/documents/{id}/pages/1.jpg",
        "/documents/{id}/pages/1.jpg?size=thumb",
        "/documents/{id}/original",
        "/loans/JJ2025-0002/items",
        "/loans/JJ2025-0002/items?document={id}",
        "/loans/JJ2025-0001/items?document={id}",
    ],
)
def test_another_branch_gets_the_same_answer_as_for_nothing(browser, filed, path):
    document_id = filed(loan_no=THEIRS)
    mine = browser("legal").get(path.format(id=document_id))
    nothing = browser("legal").get(path.format(id=999_999).replace("0002", "9999"))
    assert mine.status_code == nothing.status_code == 404


def test_a_hidden_category_is_hidden_everywhere(browser, filed):
    document_id = filed("BQ10 判决书.pdf", ("判决书正文",))
    manager = browser("account_manager")
    assert manager.get(f"/documents/{document_id}/pages/1.jpg").status_code == 404
    page = text_of(manager.get(f"/loans/{OURS}/items"))
    assert "判决书" not in page
    assert "无权查看的类别" in page
    assert manager.get(f"/loans/{OURS}/items?document={document_id}").status_code == 404


def test_a_page_beyond_the_last_is_not_found_and_the_viewer_stays_inside(browser, filed):
    document_id = filed()
    assert browser("legal").get(f"/documents/{document_id}/pages/3.jpg").status_code == 404
    page = text_of(browser("legal").get(f"/loans/{OURS}/items?document={document_id}&page=99"))
    assert "第 2 页" in page


def test_a_file_without_pages_says_why_and_what_to_do(browser, filed):
    filed("YJ01 加密.pdf", data=encrypted())
    page = text_of(browser("legal").get(f"/loans/{OURS}/items"))
    assert "已加密" in page
    assert "密码" in page
    assert "重新读取" in page


def test_text_is_shown_and_never_run(browser, filed):
    document_id = filed(
        "YJ02 说明.html", data=b"<script>alert(1)</script><b>\xe6\xad\xa3\xe6\x96\x87</b>"
    )
    page = text_of(browser("legal").get(f"/loans/{OURS}/items?document={document_id}"))
    assert "<script>alert" not in page
    reply = browser("legal").get(f"/documents/{document_id}/original")
    assert reply.data.startswith(b"<script>")
    assert reply.mimetype == "application/octet-stream"
    assert reply.headers["Content-Disposition"].startswith("attachment;")
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in reply.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("借款 合同.pdf", "%E5%80%9F%E6%AC%BE%20%E5%90%88%E5%90%8C.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a_Set-Cookie_"),
        ("发票\u202efdp.exe", "%E5%8F%91%E7%A5%A8_fdp.exe"),
        ('x"; filename=evil.html', "x_%3B%20filename%3Devil.html"),
    ],
)
def test_the_original_keeps_its_name_and_no_trick_of_it(browser, filed, name, shown):
    document_id = filed(name, item_code="YJ01")
    reply = browser("legal").get(f"/documents/{document_id}/original")
    assert reply.status_code == 200
    value = reply.headers["Content-Disposition"]
    assert shown in value
    assert "\n" not in value
    assert "Set-Cookie" not in reply.headers or "x=1" not in reply.headers["Set-Cookie"]


def test_the_original_is_byte_for_byte_and_recorded(browser, filed, new_uow):
    data = made_files.pdf(["原件"])
    document_id = filed(data=data)
    assert browser("auditor").get(f"/documents/{document_id}/original").data == data
    (line,) = events(new_uow, "archive.original_exported")
    assert line.actor == "auditor"
    assert (
        browser("account_manager").get(f"/documents/{document_id}/original").status_code == 403
    )


def test_a_changed_original_is_not_handed_out(browser, filed, system, new_uow):
    document_id = filed()
    with new_uow() as uow:
        path = system.vault.path(uow.session.get_one(Document, document_id).sha256)
    path.chmod(0o600)
    path.write_bytes(b"forged")
    reply = browser("legal").get(f"/documents/{document_id}/original")
    assert reply.status_code == 500
    assert "未通过校验" in text_of(reply)
    assert not events(new_uow, "archive.original_exported")


def card(document, **changes) -> dict[str, str]:
    return {
        "version": str(document.version),
        "title": "新的题名",
        "item_code": "YJ02",
        "doc_no": "示〔2026〕1号",
        "author": "示范支行",
        "doc_date": "2026-11-01",
        "form": "original",
    } | changes


def test_the_card_is_edited_and_found_by_its_new_words(browser, filed, new_uow):
    document_id = filed()
    with new_uow() as uow:
        form = card(uow.session.get_one(Document, document_id))
    legal = browser("legal")
    assert "edit=1" in text_of(legal.get(f"/loans/{OURS}/items?document={document_id}"))
    assert legal.post(f"/documents/{document_id}", form).status_code == 302
    page = text_of(legal.get("/search?q=责任者:示范支行 新的题名"))
    assert "YJ02 新的题名" in page
    assert "原件" in page


def test_two_people_do_not_overwrite_each_other(browser, filed, new_uow):
    document_id = filed()
    with new_uow() as uow:
        form = card(uow.session.get_one(Document, document_id))
    assert browser("legal").post(f"/documents/{document_id}", form).status_code == 302
    late = browser("archive_clerk").post(
        f"/documents/{document_id}", form | {"title": "迟到的题名"}
    )
    assert late.status_code == 422
    assert "已被他人修改" in text_of(late)
    assert "迟到的题名" in text_of(late)  # what was typed is kept
    with new_uow() as uow:
        assert uow.session.get_one(Document, document_id).title == "新的题名"


def test_a_row_changed_in_between_is_a_conflict_and_no_fault(browser, filed, monkeypatch):
    document_id = filed()

    def late(*_words):
        raise StaleDataError

    monkeypatch.setattr("postloan_archive.archive.service.read_again", late)
    reply = browser("legal").post(f"/documents/{document_id}/reading")
    assert reply.status_code == 409
    assert "没有保存" in text_of(reply)


def test_an_empty_title_is_refused_beside_its_field(browser, filed, new_uow):
    document_id = filed()
    with new_uow() as uow:
        form = card(uow.session.get_one(Document, document_id), title=" ")
    reply = browser("legal").post(f"/documents/{document_id}", form)
    assert reply.status_code == 422
    assert 'aria-invalid="true"' in text_of(reply)


def test_a_new_version_keeps_the_old_one(browser, filed, work):
    document_id = filed()
    legal = browser("legal")
    fresh = made_files.pdf(["第二版的文字"])
    reply = legal.post(
        f"/documents/{document_id}/versions",
        {"version": (io.BytesIO(fresh), "新版.pdf")},
        content_type="multipart/form-data",
    )
    assert reply.status_code == 302
    work()
    assert legal.get(f"/documents/{document_id}/original").data == fresh
    assert legal.get(f"/documents/{document_id}/original?version=1").data != fresh
    assert legal.get(f"/documents/{document_id}/original?version=3").status_code == 404
    assert "第二版的文字" in text_of(
        legal.get(f"/loans/{OURS}/items?document={document_id}&view=text")
    )


def test_reading_again_brings_the_document_back(browser, filed, work, new_uow):
    document_id = filed()
    with new_uow() as uow:
        uow.session.get_one(Document, document_id).state = "timed_out"
    assert browser("legal").post(f"/documents/{document_id}/reading").status_code == 302
    work()
    with new_uow() as uow:
        assert uow.session.get_one(Document, document_id).state == "stored"
    assert browser("other_branch").post(f"/documents/{document_id}/reading").status_code == 404


def test_the_keys_for_the_neighbours_are_on_the_page(browser, filed):
    first = filed("YJ01 甲.pdf", ("甲",))
    second = filed("YJ02 乙.pdf", ("乙",))
    page = text_of(browser("legal").get(f"/loans/{OURS}/items?document={first}"))
    assert f'href="/loans/{OURS}/items?document={second}" data-key="]"' in page


def test_words_of_the_address_are_marked_in_the_text(browser, filed):
    document_id = filed("YJ01 说明.txt", data="甲方的送达地址".encode())
    page = text_of(
        browser("legal").get(f"/loans/{OURS}/items?document={document_id}&q=送达地址")
    )
    assert "<mark>送达地址</mark>" in page


def test_the_card_names_what_uses_the_document(browser, filed, new_uow):
    document_id = filed("YJ01 合同.pdf")
    with new_uow() as uow:
        case = cases.open_case(uow, OpenCase(loan_no=OURS, court="示范县人民法院"))
        packages.open_package(uow, case.case_no)
        case_no = case.case_no
    address = f"/loans/{OURS}/items?document={document_id}"
    page = text_of(browser("legal").get(address))
    assert f"材料包 {case_no}" in page
    assert "证据 1" in page
    assert "材料包" not in text_of(browser("account_manager").get(address))


def test_a_document_joins_the_package_of_its_loan_from_card_and_search(browser, filed, new_uow):
    filed("YJ01 合同.pdf")
    with new_uow() as uow:
        case_no = cases.open_case(uow, OpenCase(loan_no=OURS, court="示范县人民法院")).case_no
        packages.open_package(uow, case_no)
    document_id = filed("GL05 收入.txt", data="收入独一份".encode())
    legal = browser("legal")
    address = f"/loans/{OURS}/items?document={document_id}"
    step = f"加入材料包 {case_no}"
    assert step in text_of(legal.get(address))
    assert step in text_of(legal.get("/search?q=收入独一份"))
    assert step not in text_of(browser("archive_clerk").get(address))
    legal.post(f"/packages/{case_no}/exhibits", {"document": str(document_id)})
    page = text_of(legal.get(address))
    assert step not in page
    assert "证据 2" in page

"""收件箱: what waits and why, where it may belong, filing, keeping, sending back, undoing."""

import io

import pytest
from sqlalchemy import select

from postloan_archive.archive import inbox, service
from postloan_archive.archive.models import Document, IntakeFile
from postloan_archive.archive.rules.clues import Known, candidates, strength
from postloan_archive.audit import AuditRow
from postloan_archive.cases import service as cases
from postloan_archive.cases.models import Procedure
from postloan_archive.cases.service import AddEvent, OpenCase
from tests.archive.page_fixtures import OURS, THEIRS, encrypted
from tests.builders import PERSON_ID
from tests.reading import made_files


def text_of(reply) -> str:
    return reply.get_data(as_text=True)


@pytest.fixture
def drop(browser, loans, work):
    """Send a file without a loan; returns the id of its row."""
    del loans

    def dropped(name: str, data: bytes, who: str = "legal") -> int:
        reply = browser(who).post(
            "/inbox",
            {"files": (io.BytesIO(data), name)},
            content_type="multipart/form-data",
        )
        assert reply.status_code == 302, text_of(reply)
        work()
        return int(reply.headers["Location"].rsplit("/", 1)[-1])  # one file a batch here

    return dropped


def row(new_uow, file_id: int) -> IntakeFile:
    with new_uow() as uow:
        return uow.session.get_one(IntakeFile, file_id)


def form(new_uow, file_id: int, **changes) -> dict[str, str]:
    return {
        "version": str(row(new_uow, file_id).version),
        "offer": "",
        "loan_no": OURS,
        "item_code": "YJ01",
        "title": "借款合同",
        "doc_date": "",
        "form": "original",
    } | changes


def test_a_file_without_a_loan_waits_and_offers_its_loan(browser, drop, new_uow):
    file_id = drop("扫描0001.pdf", made_files.pdf(["合同编号 示农商借字2025第0001号 借款合同"]))
    page = text_of(browser("legal").get("/inbox"))
    assert "扫描0001.pdf" in page
    assert "待办理 1 件" in page
    assert f'value="{OURS}" checked' in page
    assert "合同号（第 1 页）" in page
    assert "把握大" in page
    assert f"/inbox/{file_id}/pages/1.jpg" in page
    assert row(new_uow, file_id).item_code == "YJ01"  # read in its heading


def test_the_receipt_says_that_it_waits(browser, drop):
    file_id = drop("a.pdf", made_files.pdf(["甲"]))
    page = text_of(browser("legal").get(f"/intake/{file_id}"))
    assert "等待归入案卷" in page
    assert f"/inbox?file={file_id}" in page
    assert browser("other_branch").get(f"/intake/{file_id}").status_code == 404


def test_a_person_files_it_and_finds_it(browser, drop, work, new_uow):
    file_id = drop("扫描.pdf", made_files.pdf(["独一无二的正文"]))
    legal = browser("legal")
    reply = legal.post(f"/inbox/{file_id}/file", form(new_uow, file_id))
    assert reply.status_code == 302
    work()
    page = text_of(legal.get(reply.headers["Location"]))
    assert "待办理 0 件" in page
    assert "撤销" in page
    assert "YJ01 借款合同" in text_of(legal.get("/search?q=独一无二"))
    with new_uow() as uow:
        document = uow.session.scalars(select(Document)).one()
        assert (document.form, document.source, document.piece_no) == ("original", "upload", 1)
        assert uow.vault.read(document.sha256) == made_files.pdf(["独一无二的正文"])


def test_undoing_takes_it_out_again_and_deletes_nothing(browser, drop, work, new_uow):
    file_id = drop("扫描.pdf", made_files.pdf(["独一无二的正文"]))
    legal = browser("legal")
    legal.post(f"/inbox/{file_id}/file", form(new_uow, file_id))
    work()
    document_id = row(new_uow, file_id).document_id
    assert legal.post(f"/inbox/{file_id}/undo").status_code == 302
    assert "待办理 1 件" in text_of(legal.get("/inbox"))
    assert "没有找到含有这些字的页" in text_of(legal.get("/search?q=独一无二"))
    assert legal.get(f"/documents/{document_id}/pages/1.jpg").status_code == 404
    assert f"document={document_id}" not in text_of(legal.get(f"/loans/{OURS}/items"))
    with new_uow() as uow:
        assert uow.session.get_one(Document, document_id).withdrawn_at is not None
        names = uow.session.scalars(select(AuditRow.event)).all()
        assert {"archive.document_withdrawn", "archive.intake_undone"} <= set(names)
    again = legal.post(f"/inbox/{file_id}/file", form(new_uow, file_id))
    assert again.status_code == 302
    with new_uow() as uow:
        pieces = uow.session.scalars(select(Document.piece_no).order_by(Document.id)).all()
        assert pieces == [1, 2]  # a number is never used again


def test_what_others_point_to_is_not_taken_out(browser, drop, work, new_uow):
    file_id = drop("起诉状.pdf", made_files.pdf(["起诉状"]))
    legal = browser("legal")
    legal.post(f"/inbox/{file_id}/file", form(new_uow, file_id, item_code="BQ06"))
    work()
    with new_uow() as uow:
        case = cases.open_case(uow, OpenCase(loan_no=OURS, court="示范县人民法院"))
        uow.session.flush()
        event = case.events[0] if case.events else None
        document_id = uow.session.get_one(IntakeFile, file_id).document_id
        if event is None:
            cases.add_event(
                uow,
                AddEvent(
                    case_no=case.case_no,
                    kind="note",
                    happened_on=uow.clock.today(),
                    document_id=document_id,
                ),
            )
        else:
            event.document_id = document_id
    reply = legal.post(f"/inbox/{file_id}/undo")
    assert reply.status_code == 409
    assert "已被其他事项引用" in text_of(reply)
    assert row(new_uow, file_id).outcome == "filed"


def test_two_people_do_not_file_the_same_file_twice(browser, drop, new_uow):
    file_id = drop("a.pdf", made_files.pdf(["甲"]))
    seen = form(new_uow, file_id)
    assert browser("legal").post(f"/inbox/{file_id}/file", seen).status_code == 302
    late = browser("archive_clerk").post(f"/inbox/{file_id}/file", seen)
    assert late.status_code == 422
    assert "已由 legal 办理" in text_of(late)
    with new_uow() as uow:
        assert len(uow.session.scalars(select(Document)).all()) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"loan_no": "没有这笔"}, "没有找到借据号"),
        ({"loan_no": THEIRS}, "没有找到借据号"),
        ({"item_code": "XX99"}, "Not a valid choice"),
    ],
)
def test_a_wrong_place_is_refused_beside_its_field(browser, drop, new_uow, change, words):
    file_id = drop("a.pdf", made_files.pdf(["甲"]))
    reply = browser("legal").post(f"/inbox/{file_id}/file", form(new_uow, file_id, **change))
    assert reply.status_code == 422
    if words.isascii():
        assert 'aria-invalid="true"' in text_of(reply)
    else:
        assert words in text_of(reply)
    assert row(new_uow, file_id).handled_at is None


def test_sending_back_needs_a_reason_and_can_be_undone(browser, drop, new_uow):
    file_id = drop("广告.pdf", made_files.pdf(["推销"]))
    legal = browser("legal")
    version = str(row(new_uow, file_id).version)
    bare = legal.post(f"/inbox/{file_id}/reject", {"version": version, "reason": " "})
    assert bare.status_code == 422
    assert "请填写退回理由" in text_of(bare)
    reply = legal.post(f"/inbox/{file_id}/reject", {"version": version, "reason": "与贷款无关"})
    assert reply.status_code == 302
    assert (row(new_uow, file_id).outcome, row(new_uow, file_id).reason) == (
        "rejected",
        "与贷款无关",
    )
    assert "待办理 0 件" in text_of(legal.get("/inbox"))
    legal.post(f"/inbox/{file_id}/undo")
    assert "待办理 1 件" in text_of(legal.get("/inbox"))
    with new_uow() as uow:
        assert uow.vault.path(row(new_uow, file_id).sha256).is_file()


def test_odd_documents_wait_for_eyes_and_unsorted_ones_for_an_item(browser, filed, new_uow):
    filed("YJ01 加密.pdf", data=encrypted())
    filed("说不清的东西.txt", data="正文".encode())
    filed("YJ02 好的.txt", data="好的正文".encode())
    legal = browser("legal")
    page = text_of(legal.get("/inbox"))
    assert "待办理 2 件" in page
    assert "YJ02 好的" not in page
    assert "加密" in text_of(legal.get("/inbox?state=encrypted"))
    assert "说不清的东西" not in text_of(legal.get("/inbox?state=encrypted"))
    only = text_of(legal.get("/inbox?state=no_item"))
    assert "说不清的东西" in only
    with new_uow() as uow:
        settled = uow.session.scalars(
            select(IntakeFile).where(IntakeFile.name == "YJ02 好的.txt")
        ).one()
        assert settled.outcome == "filed"


def test_an_odd_document_is_kept_or_given_its_item(browser, filed, new_uow):
    filed("YJ01 加密.pdf", data=encrypted())
    filed("说不清.txt", data="正文".encode())
    legal = browser("legal")
    keep = {"version": str(row(new_uow, 1).version)}
    assert legal.post("/inbox/1/keep", keep).status_code == 302
    reply = legal.post("/inbox/2/file", form(new_uow, 2, item_code="GL05", title="收入证明"))
    assert reply.status_code == 302
    assert "待办理 0 件" in text_of(legal.get("/inbox"))
    assert "GL05 收入证明" in text_of(legal.get("/search?q=正文"))
    legal.post("/inbox/2/undo")
    with new_uow() as uow:
        document = uow.session.get_one(Document, row(new_uow, 2).document_id)
        assert (document.item_code, document.title) == ("ZH00", "说不清")
        assert document.withdrawn_at is None
    assert legal.post("/inbox/2/reject", {"version": "9", "reason": "x"}).status_code == 422


def test_another_branch_sees_and_touches_nothing(browser, drop, new_uow):
    file_id = drop("a.pdf", made_files.pdf(["甲"]))
    other = browser("other_branch")
    assert "a.pdf" not in text_of(other.get("/inbox"))
    data = form(new_uow, file_id)
    for path in ("file", "keep", "reject", "read", "undo"):
        assert other.post(f"/inbox/{file_id}/{path}", data).status_code == 404, path
    assert other.get(f"/inbox/{file_id}/pages/1.jpg").status_code == 404
    assert other.get(f"/inbox?file={file_id}").status_code == 404
    assert other.get(f"/inbox?file={file_id}").data.count(b"a.pdf") == 0


def test_categories_hold_in_the_inbox_but_not_against_the_sender(browser, drop):
    secret = drop("BQ10 判决书.pdf", made_files.pdf(["判决书"]))
    own = drop("BQ01 催收回执.pdf", made_files.pdf(["催收"]), who="account_manager")
    manager = browser("account_manager")
    page = text_of(manager.get("/inbox"))
    assert "判决书" not in page
    assert "BQ01 催收回执.pdf" in page
    assert manager.get(f"/inbox/{secret}/pages/1.jpg").status_code == 404
    assert manager.get(f"/inbox/{own}/pages/1.jpg").status_code == 200


def test_an_account_manager_files_but_does_not_rearrange(browser, drop, filed, new_uow):
    file_id = drop("a.pdf", made_files.pdf(["甲"]), who="account_manager")
    manager = browser("account_manager")
    assert manager.post(f"/inbox/{file_id}/file", form(new_uow, file_id)).status_code == 302
    filed("说不清.txt", data="正文".encode())
    reply = manager.post("/inbox/2/file", form(new_uow, 2, item_code="GL05"))
    assert reply.status_code == 422
    assert "无权改动" in text_of(reply)


def test_the_same_bytes_in_the_loan_file_are_linked(browser, drop, filed, new_uow):
    data = made_files.pdf(["同一份"])
    document_id = filed("YJ01 合同.pdf", data=data)
    file_id = drop("又来一份.pdf", data)
    legal = browser("legal")
    legal.post(f"/inbox/{file_id}/file", form(new_uow, file_id))
    assert row(new_uow, file_id).document_id == document_id
    assert row(new_uow, file_id).state == "duplicate"
    legal.post(f"/inbox/{file_id}/undo")
    with new_uow() as uow:
        assert uow.session.get_one(Document, document_id).withdrawn_at is None
    assert row(new_uow, file_id).document_id is None


def test_names_and_text_are_never_markup(browser, drop):
    drop("<script>alert(1)</script>.txt", b"<img src=x onerror=alert(2)>")
    page = text_of(browser("legal").get("/inbox"))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(2)&gt;" in page


def test_reading_is_repeated_on_demand(browser, drop, work, new_uow):
    file_id = drop("a.pdf", made_files.pdf(["甲"]))
    with new_uow() as uow:
        uow.session.get_one(IntakeFile, file_id).state = "timed_out"
    assert browser("legal").post(f"/inbox/{file_id}/read").status_code == 302
    work()
    assert row(new_uow, file_id).state == "stored"


def test_the_number_beside_the_word_counts_what_one_may_see(browser, drop):
    drop("a.pdf", made_files.pdf(["甲"]))
    page = text_of(browser("legal").get("/search"))
    assert '收件箱<span class="n">1</span>' in page
    assert '收件箱<span class="n">' not in text_of(browser("other_branch").get("/search"))


ONE = Known("JJ2025-0001", "示农商借字2025第0001号", "XD-2025-1", PERSON_ID, "张三")
TWO = Known("JJ2025-0002", "示农商借字2025第0002号", "XD-2025-2", PERSON_ID, "张三")


@pytest.mark.parametrize(
    ("name", "text", "best", "word"),
    [
        ("JJ2025-0002.pdf", "", ["JJ2025-0002"], "把握大"),
        ("扫描.pdf", "合同编号：示农商借字 2025 第 0001 号", ["JJ2025-0001"], "把握大"),
        ("扫描.pdf", f"身份证 {PERSON_ID}", ["JJ2025-0001", "JJ2025-0002"], "有线索"),
        ("张三.jpg", "", ["JJ2025-0001", "JJ2025-0002"], "仅姓名"),
        ("李四.jpg", "与谁都无关", [], None),
    ],
)
def test_clues_lead_to_the_loans_they_name(name, text, best, word):
    found = candidates(name, text, [TWO, ONE])
    assert [one.loan_no for one in found] == best
    if word:
        assert strength(found[0].score) == word


def test_the_courts_number_leads_to_the_loan_file(browser, drop, work, new_uow):
    with new_uow() as uow:
        case = cases.open_case(uow, OpenCase(loan_no=OURS, court="示范市示范区人民法院")).id
        uow.session.add(
            Procedure(
                case_id=case,
                kind="first",
                court="示范区人民法院",
                court_case_no="（2026）示0101民初321号",
            )
        )
    file_id = drop("扫描0001.pdf", made_files.pdf(["传票 (2026)示0101民初321号 定于"]))
    work()
    with new_uow() as uow:
        best = uow.session.get_one(IntakeFile, file_id).candidates[0]
    assert best[0] == OURS
    assert best[2] == ["法院案号（第 1 页）"]
    assert "法院案号" in text_of(browser("legal").get(f"/inbox?file={file_id}"))


def test_nothing_is_filed_where_nothing_could_be_kept(new_uow, loans):
    del loans
    with new_uow() as uow:
        batch = service.open_batch(uow, service.OpenBatch(source="cli"))
        file_id = service.note_failed_member(
            uow, batch_id=batch.id, loan_no="", name="坏.zip/a", state="damaged", message="坏"
        ).id
    with pytest.raises(inbox.NoBytesError), new_uow() as uow:
        inbox.file_it(
            uow, inbox.FileIt(file_id=file_id, version=1, loan_no=OURS, item_code="YJ01")
        )

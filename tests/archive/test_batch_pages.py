"""收件批次: the list, the receipt of many files, what the names left open, fixed in place."""

import io

import pytest
from sqlalchemy import select

from postloan_archive.archive.incoming import folder
from postloan_archive.archive.incoming.folder import Watch
from postloan_archive.archive.models import Document, IntakeFile
from postloan_archive.kernel.actor import Actor
from tests.archive.page_fixtures import OURS


@pytest.fixture
def batch_id(system, loans, tmp_path) -> int:
    """Sixty papers of one loan file, one that names no loan file, one link."""
    del loans
    inbound = tmp_path / "scanner"
    inbound.mkdir()
    for number in range(60):
        (inbound / f"{OURS}_GL11 {number:02}.txt").write_text(f"对账单 {number}")
    (inbound / "0201").mkdir()  # whose inbox it is
    (inbound / "0201" / "JJ1999-0001_GL09 检查.txt").write_text("检查报告")
    (inbound / "0201" / "link.txt").symlink_to(inbound / "x")
    looked = folder.look(system, Actor.program("folder"), Watch(folder=inbound, quiet_s=0))
    return looked.batch_id


def text_of(reply) -> str:
    return reply.get_data(as_text=True)


def test_the_receipt_adds_up_and_pages(browser, batch_id, work):
    work()
    clerk = browser("archive_clerk")
    page = text_of(clerk.get(f"/intake/{batch_id}"))
    assert "收到 62 = 已存放 61 + 重复已关联 0 + 列明原因 1" in page
    assert "第 1–20" in page
    assert "监视文件夹" in text_of(clerk.get("/intake"))
    last = text_of(clerk.get(f"/intake/{batch_id}?page=4"))
    assert "符号链接" in page
    assert "GL11 59" in last
    odd = text_of(clerk.get(f"/intake/{batch_id}?only=odd"))
    assert "link.txt" in odd
    assert OURS + "_GL11" not in odd


def test_a_name_that_matches_nothing_is_put_right_in_place(browser, batch_id, work, new_uow):
    work()
    clerk = browser("archive_clerk")
    page = text_of(clerk.get(f"/intake/{batch_id}?only=unmatched"))
    assert "文件名中的“JJ1999-0001”没有对应的案卷" in page
    with new_uow() as uow:
        row = uow.session.scalars(select(IntakeFile).where(IntakeFile.unmatched != "")).one()
    at = f"/intake/files/{row.id}/attach"

    wrong = clerk.post(at, {"version": row.version, "loan_no": "JJ9999-9999"})
    assert wrong.status_code == 422
    assert "JJ9999-9999" in text_of(wrong)
    right = clerk.post(at, {"version": row.version, "loan_no": f" {OURS} "})
    assert right.status_code == 302
    with new_uow() as uow:
        document = uow.session.scalars(
            select(Document).where(Document.filename == row.name)
        ).one()
        assert document.item_code == "GL09"
    assert clerk.post(at, {"version": "²", "loan_no": OURS}).status_code == 422


def test_another_branch_sees_nothing_of_it(browser, batch_id):
    stranger = browser("other_branch")
    assert stranger.get(f"/intake/{batch_id}").status_code == 404
    assert stranger.post(f"/intake/{batch_id}/match").status_code == 404
    assert "监视文件夹</td>" not in text_of(stranger.get("/intake"))


def test_an_upload_has_its_receipt(browser, loans):
    del loans
    clerk = browser("archive_clerk")
    files = {"files": [(io.BytesIO(b"x"), "a.txt")]}
    there = clerk.post("/inbox", files, content_type="multipart/form-data")
    assert "在收件箱" in text_of(clerk.get(there.headers["Location"]))

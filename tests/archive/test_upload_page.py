"""Upload: every file gets a state and a sentence, whatever it is called and whatever it is."""

import io
import zipfile

import pytest
from sqlalchemy import select

from postloan_archive.archive.models import Document, IntakeFile
from tests.archive.page_fixtures import OURS, THEIRS, encrypted
from tests.reading import made_files


def text_of(reply) -> str:
    return reply.get_data(as_text=True)


@pytest.fixture
def upload(browser, loans, work):
    """Send files as a browser without script does; returns the receipt page."""
    del loans

    def sent(
        *files: tuple[str, bytes], who: str = "legal", loan_no: str = OURS, item: str = ""
    ):
        person = browser(who)
        reply = person.post(
            f"/loans/{loan_no}/items",
            {
                "item": item,
                "files": [(io.BytesIO(data), name) for name, data in files],
                "folder": (io.BytesIO(b""), ""),
            },
            content_type="multipart/form-data",
        )
        if reply.status_code != 302:
            return reply
        work()
        return person.get(reply.headers["Location"])

    return sent


def gbk_zip(members: dict[str, bytes]) -> bytes:
    """A zip as Chinese Windows makes it: names in GBK, nothing says so."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        for number, (name, data) in enumerate(members.items()):
            raw = name.encode("gbk")
            info = zipfile.ZipInfo(f"{number}".ljust(len(raw), "x"))
            container.writestr(info, data)
    whole = out.getvalue()
    for number, name in enumerate(members):
        raw = name.encode("gbk")
        whole = whole.replace(f"{number}".ljust(len(raw), "x").encode(), raw)
    return whole


@pytest.mark.parametrize(
    ("name", "data", "state"),
    [
        ("YJ01 合同.pdf", made_files.pdf(["借款合同"]), "已读取"),
        ("说明.docx", made_files.docx(made_files.paragraph("面签说明")), "已读取"),
        ("YJ02 加密.pdf", encrypted(), "已加密"),
        ("空.pdf", b"", "已损坏"),
        ("其实是PDF.docx", made_files.pdf(["内容"]), "类型不符"),
        ("乱码.bin", bytes(range(256)) * 20, "不能读取"),
    ],
)
def test_every_file_gets_its_state_and_a_sentence(upload, new_uow, name, data, state):
    page = text_of(upload((name, data)))
    assert name in page
    assert f">{state}<" in page
    with new_uow() as uow:
        row = uow.session.scalars(select(IntakeFile)).one()
        document = uow.session.get_one(Document, row.document_id)
        assert document.size == len(data)
        assert uow.vault.read(document.sha256) == data  # byte for byte, readable or not


def test_the_same_bytes_again_are_linked_and_told(upload):
    data = made_files.pdf(["一份合同"])
    upload(("YJ01 合同.pdf", data))
    page = text_of(upload(("YJ01 合同副本.pdf", data)))
    assert ">重复<" in page
    assert "未重复存放" in page


def test_a_zip_gives_its_files_with_their_chinese_names(upload, new_uow):
    names = {
        "卷宗/YJ01 借款合同.txt": "合同正文".encode(),
        "卷宗/YJ13 送达地址确认书.txt": "送达地址".encode(),
    }
    page = text_of(upload(("卷宗.zip", gbk_zip(names))))
    for name in names:
        assert name in page
    with new_uow() as uow:
        rows = uow.session.scalars(select(Document).order_by(Document.id)).all()
        assert [(row.item_code, row.title) for row in rows] == [
            ("YJ01", "借款合同"),
            ("YJ13", "送达地址确认书"),
        ]


def test_a_file_dropped_on_a_slot_is_filed_there(upload, new_uow):
    upload(("随便什么名字.txt", "正文".encode()), item="GL04")
    with new_uow() as uow:
        assert uow.session.scalars(select(Document.item_code)).one() == "GL04"


def test_several_files_keep_the_folder_they_lay_in(upload):
    page = text_of(upload(("贷后/检查/GL09 一.txt", b"a"), ("贷后/检查/GL09 二.txt", b"b")))
    assert "贷后/检查/GL09 一.txt" in page
    assert "贷后/检查/GL09 二.txt" in page
    assert "共 2 件" in page


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/cron.d/x.txt",
        "<img src=x onerror=alert(1)>.txt",
        "a\u202etxt.exe.txt",
        "CON.txt",
        "长" * 300 + ".txt",
        "'; DROP TABLE documents; --.txt",
    ],
)
def test_a_hostile_name_is_only_a_name(upload, settings, new_uow, name):
    page = text_of(upload((name, "正文".encode())))
    assert "<img src=x" not in page
    with new_uow() as uow:
        assert uow.session.scalars(select(Document.state)).one() == "stored"
    outside = [path for path in settings.data.parent.rglob("*") if "cron.d" in str(path)]
    assert not outside


def test_nothing_sent_is_said(upload):
    reply = upload()
    assert reply.status_code == 422
    assert "没有收到文件" in text_of(reply)


def test_an_unknown_slot_stores_nothing(upload, new_uow):
    assert upload(("a.txt", b"a"), item="XX99").status_code == 422
    with new_uow() as uow:
        assert not uow.session.scalars(select(IntakeFile)).all()


def test_another_branch_takes_nothing_and_sees_no_receipt(upload, browser, new_uow):
    assert upload(("a.txt", b"a"), loan_no=THEIRS).status_code == 404
    with new_uow() as uow:
        assert not uow.session.scalars(select(IntakeFile)).all()
    upload(("a.txt", b"a"))
    assert browser("other_branch").get("/intake/1").status_code == 404
    assert browser("other_branch").get("/intake/1/files").status_code == 404
    assert browser("legal").get("/intake/999999").status_code == 404


def test_a_receipt_asks_again_until_all_is_read(browser, loans, work):
    del loans
    legal = browser("legal")
    reply = legal.post(
        f"/loans/{OURS}/items",
        {"files": (io.BytesIO(made_files.pdf(["甲"])), "YJ01 a.pdf")},
        content_type="multipart/form-data",
    )
    where = reply.headers["Location"]
    waiting = text_of(legal.get(where))
    assert ">读取中<" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    work()
    done = text_of(legal.get(f"{where}/files"))
    assert ">已读取<" in done
    assert "hx-trigger" not in done


def test_who_may_not_see_a_category_still_learns_the_state(upload):
    page = text_of(upload(("BQ01 催收.txt", "催收".encode()), who="account_manager"))
    assert "BQ01 催收.txt" in page
    assert ">已读取<" in page
    assert "/items?document=" not in page

"""Photographs from a telephone: a code for one telephone, one slot, a quarter of an hour."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from postloan_archive.archive.incoming.models import PhoneLink
from postloan_archive.archive.models import Document, IntakeFile
from tests.archive.page_fixtures import OURS, THEIRS
from tests.archive.test_inbox_page import text_of


def photo(shade: int = 120, turned: int = 1) -> bytes:
    image = Image.new("RGB", (300, 400), (shade, 200, 200))
    exif = image.getexif()
    exif[0x0112] = turned
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def link(browser, loans):
    """Make a code at the desk; return its address."""
    del loans

    def made(who="legal", **slot):
        page = text_of(browser(who).post("/inbox/phone", slot))
        return re.search(r"/phone/[\w-]{20,}", page)[0]

    return made


@pytest.fixture
def telephone(browser):
    """A telephone that has opened a code; nobody is signed in on it."""

    def opened(address):
        phone = browser()
        assert "开始拍摄" in text_of(phone.get(address))
        assert phone.post(address).status_code == 302
        return phone

    return opened


def shoot(phone, *photos, name="IMG_1.jpg"):
    files = {"photo": [(io.BytesIO(one), name) for one in photos]}
    return phone.post("/photos", files, content_type="multipart/form-data")


def test_photographs_become_one_paper_in_their_slot(link, telephone, new_uow, work):
    phone = telephone(link(loan_no=OURS, item="YJ06"))
    assert shoot(phone, photo(10)).status_code == 302
    shoot(phone, photo(20, turned=6))
    shoot(phone, photo(30))
    assert "拍第 4 页" in text_of(phone.get("/photos"))
    assert phone.get("/photos/1.jpg").mimetype == "image/jpeg"
    phone.post("/photos/3", {"do": "up"})
    phone.post("/photos/1", {"do": "retake"})
    done = phone.post("/photos/done")
    assert f"已归入案卷 {OURS}" in text_of(done)
    work()
    with new_uow() as uow:
        document = uow.session.scalars(select(Document)).one()
        assert (document.item_code, document.page_count) == ("YJ06", 2)
        assert (document.source, document.added_by) == ("phone", "legal")
        retaken = uow.session.get_one(IntakeFile, 1)
        assert (retaken.outcome, retaken.sha256 != "") == ("rejected", True)
    assert phone.get("/photos").status_code == 404  # it is over


def test_without_a_slot_they_wait_in_the_inbox(link, telephone, browser):
    phone = telephone(link())
    shoot(phone, photo(1), photo(2))
    assert "已进入收件箱" in text_of(phone.post("/photos/done"))
    assert "手机拍摄 · 2 页" in text_of(browser("legal").get("/inbox"))


def test_a_code_opens_one_telephone_once(link, telephone, browser):
    address = link(loan_no=OURS)
    telephone(address)
    other = browser()
    assert other.get(address).status_code == 404
    assert other.post(address).status_code == 404
    assert other.get("/photos").status_code == 404
    assert other.get("/phone/unknown").status_code == 404


def test_a_code_lasts_a_quarter_of_an_hour(link, browser, new_uow):
    address = link(loan_no=OURS)
    with new_uow() as uow:
        row = uow.session.scalars(select(PhoneLink)).one()
        row.expires_at = uow.clock.now() - timedelta(seconds=1)
    assert browser().post(address).status_code == 404


def test_what_is_no_photograph_is_refused_and_an_empty_end_too(link, telephone, new_uow):
    phone = telephone(link(loan_no=OURS))
    shoot(phone, b"%PDF-1.4 nothing", name="a.jpg")
    assert "不是图片" in text_of(phone.get("/photos"))
    phone.post("/photos/done")
    assert "还没有照片" in text_of(phone.get("/photos"))
    with new_uow() as uow:
        assert uow.session.scalars(select(IntakeFile)).all() == []


def test_another_telephone_and_branch_see_nothing(link, telephone, browser):
    first, second = telephone(link()), telephone(link())
    shoot(first, photo())
    assert second.get("/photos/1.jpg").status_code == 404
    assert second.post("/photos/1", {"do": "retake"}).status_code == 404
    assert browser("legal").post("/inbox/phone", {"loan_no": THEIRS}).status_code == 404
    assert browser("archive_clerk").get("/inbox/phone/1").status_code == 404

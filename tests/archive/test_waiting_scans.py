"""Scans that wait: every page is recognised, and one that lies wrongly is shown upright."""

import io

import pytest
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select

from postloan_archive.archive import inbox
from postloan_archive.archive.models import IntakeFile, Page
from postloan_archive.archive.pieces.models import WaitingPage
from postloan_archive.reading import ocr_available
from tests.archive.page_fixtures import OURS
from tests.reading.made_files import CJK_FONT

pytestmark = [
    pytest.mark.ocr,
    pytest.mark.skipif(ocr_available() is not None, reason="the extra ocr is not installed"),
    pytest.mark.skipif(CJK_FONT is None, reason="no Chinese font; install fonts-wqy-zenhei"),
]


def leaf(*lines: str, lies: int = 0) -> Image.Image:
    image = Image.new("L", (900, 640), 255)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        font = ImageFont.truetype(CJK_FONT, 44)
        draw.text((60, 60 + 110 * number), line, font=font, fill=0)
    return image.rotate(lies, expand=True)


def scan(*leaves: Image.Image) -> bytes:
    out = io.BytesIO()
    leaves[0].save(
        out, "TIFF", save_all=True, append_images=leaves[1:], compression="tiff_deflate"
    )
    return out.getvalue()


def test_every_page_speaks_and_the_one_on_its_head_is_turned(browser, loans, work, new_uow):
    del loans
    numbered = leaf("附表", f"借据号 {OURS}", "借款人签字确认", lies=180)
    data = scan(leaf("补充说明材料", "共两页"), numbered)
    reply = browser("legal").post(
        "/inbox",
        {"files": (io.BytesIO(data), "扫描.tif")},
        content_type="multipart/form-data",
    )
    file_id = int(reply.headers["Location"].rsplit("/", 1)[-1])
    work()
    with new_uow() as uow:
        texts = uow.session.scalars(select(WaitingPage.text).order_by(WaitingPage.no)).all()
        row = uow.session.get_one(IntakeFile, file_id)
        assert all(text.strip() for text in texts)
        assert [one[0] for one in row.candidates] == [OURS]
        command = inbox.FileIt(
            file_id=file_id, version=row.version, loan_no=OURS, item_code="GL14"
        )
    with new_uow() as uow:
        document = inbox.file_it(uow, command).id
    work()
    with new_uow() as uow:
        query = select(Page.turn).where(Page.document_id == document).order_by(Page.no)
        assert list(uow.session.scalars(query)) == [0, 180]
    clerk = browser("archive_clerk")
    address = f"/loans/{OURS}/items?document={document}&page=2"
    assert "rotate(180)" in clerk.get(address).get_data(as_text=True)
    assert "rotate(180)" not in clerk.get(f"{address}&turn=0").get_data(as_text=True)

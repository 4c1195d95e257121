"""Recognition of words in pictures."""

import pytest
from PIL import Image, ImageDraw, ImageFont

from postloan_archive.reading import NoPageError, OcrPool, ocr_available
from tests.reading.made_files import CJK_FONT, pdf

pytestmark = [
    pytest.mark.ocr,
    pytest.mark.skipif(ocr_available() is not None, reason="the extra ocr is not installed"),
    pytest.mark.skipif(CJK_FONT is None, reason="no Chinese font; install fonts-wqy-zenhei"),
]

LINES = (
    "民事起诉状",
    "原告：示范农村商业银行股份有限公司",
    "诉讼请求：判令被告偿还借款本金",
    "人民币1,000,000.00元及逾期利息",
)


@pytest.fixture(scope="module")
def pool():
    """One worker; loading the models takes seconds."""
    pool = OcrPool(workers=1)
    yield pool
    pool.close()


@pytest.fixture
def sheet(tmp_path):
    image = Image.new("RGB", (1_240, 900), "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(LINES):
        draw.text(
            (120, 100 + 160 * number), line, font=ImageFont.truetype(CJK_FONT, 52), fill=0
        )
    path = tmp_path / "sheet.png"
    image.save(path)
    return path


def test_a_page_is_read_line_by_line_with_places(pool, sheet):
    page = pool.page(sheet, "image/png", 1)
    wanted = "".join(LINES)
    found = "".join(page.text.split())

    assert [line[:3] for line in page.text.split("\n")] == [line[:3] for line in LINES]
    assert sum(a != b for a, b in zip(wanted, found, strict=False)) <= 0.05 * len(wanted)
    assert page.confidence > 0.9
    assert all(0 <= box.x0 < box.x1 <= 1 and 0 <= box.y0 < box.y1 <= 1 for box in page.boxes)
    assert [box.y0 for box in page.boxes] == sorted(box.y0 for box in page.boxes)


def test_a_pdf_page_is_drawn_and_read(pool, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(["借款合同"]))

    assert "借款合同" in pool.page(path, "application/pdf", 1).text
    with pytest.raises(NoPageError):
        pool.page(path, "application/pdf", 9)


def test_a_blank_page_has_no_words(pool, tmp_path):
    path = tmp_path / "blank.png"
    Image.new("RGB", (800, 1_000), "white").save(path)
    page = pool.page(path, "image/png", 1)

    assert (page.text, page.boxes, page.confidence) == ("", (), 0.0)


@pytest.mark.parametrize("lies", [90, 180, 270])
def test_a_page_that_lies_wrongly_is_read_as_it_should_stand(pool, sheet, tmp_path, lies):
    straight = pool.page(sheet, "image/png", 1)
    path = tmp_path / "turned.png"
    with Image.open(sheet) as image:
        image.rotate(-lies, expand=True).save(path)
    page = pool.page(path, "image/png", 1)

    assert page.turn == (360 - lies) % 360
    assert [line[:4] for line in page.text.split("\n")] == [line[:4] for line in LINES]
    first, upright = page.boxes[0], straight.boxes[0]
    middle = ((first.x0 + first.x1) / 2, (first.y0 + first.y1) / 2)
    x, y = (upright.x0 + upright.x1) / 2, (upright.y0 + upright.y1) / 2
    there = {90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[lies]
    assert middle == pytest.approx(there, abs=0.03)

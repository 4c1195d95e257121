"""A new PDF of pages of others: order, turns, pictures; a broken source is refused."""

import io

import pypdfium2 as pdfium
import pytest
from PIL import Image

from postloan_archive.reading import (
    DamagedError,
    NoPageError,
    Part,
    UnreadableError,
    gathered,
    read_file,
)
from tests.reading.made_files import pdf

PDF = "application/pdf"


@pytest.fixture
def three(tmp_path):
    path = tmp_path / "three.pdf"
    path.write_bytes(pdf(["第一页借款合同", "第二页保证合同", "第三页抵押合同"]))
    return path


def texts(path):
    return [page.text for page in read_file(path, "x.pdf").pages]


def test_pages_come_in_the_order_asked_for(three):
    parts = [Part(path=three, media_type=PDF, page_no=no) for no in (3, 1)]
    with gathered(parts) as made:
        assert texts(made) == ["第三页抵押合同", "第一页借款合同"]


def test_a_turn_is_of_the_page(three):
    with gathered([Part(path=three, media_type=PDF, page_no=2, turn=90)]) as made:
        document = pdfium.PdfDocument(made)
        assert document[0].get_rotation() == 90
        assert document[0].get_width() > document[0].get_height()
        document.close()


def picture(tmp_path, name, mode="RGB", **options):
    image = Image.new(mode, (600, 900), 255 if mode in {"L", "1"} else "white")
    image.paste(0, (50, 50, 300, 120))
    path = tmp_path / name
    image.save(path, **options)
    return path


@pytest.mark.parametrize(
    ("name", "mode", "media", "options"),
    [
        ("a.jpg", "RGB", "image/jpeg", {"dpi": (100, 100)}),
        ("a.png", "RGBA", "image/png", {}),
        ("a.tif", "1", "image/tiff", {"compression": "group4", "dpi": (200, 200)}),
        ("a.bmp", "L", "image/bmp", {}),
    ],
)
def test_pictures_become_pages(tmp_path, three, name, mode, media, options):
    if mode == "RGBA":
        path = tmp_path / name
        Image.new("RGBA", (600, 900), (255, 0, 0, 120)).save(path)
    else:
        path = picture(tmp_path, name, mode, **options)
    parts = [
        Part(path=path, media_type=media, page_no=1),
        Part(path=three, media_type=PDF, page_no=1),
    ]
    with gathered(parts) as made:
        document = pdfium.PdfDocument(made)
        assert len(document) == 2
        width, height = document[0].get_size()
        assert height > width > 100
        shown = document[0].render(scale=1).to_pil().convert("L")
        assert shown.getextrema()[0] < 200
        document.close()


def test_a_jpeg_keeps_its_bytes(tmp_path):
    path = picture(tmp_path, "a.jpg")
    with gathered([Part(path=path, media_type="image/jpeg", page_no=1)]) as made:
        document = pdfium.PdfDocument(made)
        (found,) = list(document[0].get_objects())
        kept = io.BytesIO()
        found.extract(kept)
        document.close()
    assert kept.getvalue() == path.read_bytes()


def test_a_photo_that_lies_on_its_side_stands(tmp_path):
    image = Image.new("RGB", (900, 600), "white")
    exif = image.getexif()
    exif[0x0112] = 6
    path = tmp_path / "a.jpg"
    image.save(path, exif=exif)
    with gathered([Part(path=path, media_type="image/jpeg", page_no=1)]) as made:
        document = pdfium.PdfDocument(made)
        width, height = document[0].get_size()
        document.close()
    assert height > width


def test_what_cannot_be_taken_is_refused(tmp_path, three):
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(three.read_bytes()[:80])
    with pytest.raises(DamagedError), gathered([Part(path=broken, media_type=PDF, page_no=1)]):
        pass
    with pytest.raises(NoPageError), gathered([Part(path=three, media_type=PDF, page_no=9)]):
        pass
    with (
        pytest.raises(UnreadableError),
        gathered([Part(path=broken, media_type="image/png", page_no=1)]),
    ):
        pass

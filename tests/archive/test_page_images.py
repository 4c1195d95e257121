"""Page images on disk and on their way out."""

import io

import pytest
from PIL import Image

from postloan_archive.archive import page_images
from postloan_archive.archive.page_images import KEPT, PageSource, Size
from postloan_archive.bundle.faults import NoChineseTypefaceError
from postloan_archive.reading import DEFAULT_LIMITS
from postloan_archive.web.downloads import disposition
from tests.reading import made_files


def jpeg(width: int = 400, height: int = 500) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def source(tmp_path) -> PageSource:
    path = tmp_path / "a.pdf"
    path.write_bytes(made_files.pdf(["甲"]))
    return PageSource(
        path=path,
        sha256="ab" * 32,
        media_type="application/pdf",
        no=1,
        size=Size.PAGE,
        words="沈律 fawu 2026-11-24 12:00",
    )


def test_the_oldest_images_make_room(tmp_path, source):
    folder = tmp_path / "cache" / "ab"
    folder.mkdir(parents=True)
    for number in range(KEPT + 5):
        (folder / f"{number}.jpg").write_bytes(b"x")
    page_images.draw(tmp_path / "cache", source, limits=DEFAULT_LIMITS)
    assert len(list(folder.glob("*.jpg"))) == KEPT
    assert not list(folder.glob("*.part"))


def test_a_kept_image_is_not_drawn_again(tmp_path, source, monkeypatch):
    first = page_images.draw(tmp_path / "cache", source, limits=DEFAULT_LIMITS)
    monkeypatch.setattr(page_images, "render_page", None)
    assert page_images.draw(tmp_path / "cache", source, limits=DEFAULT_LIMITS) == first


def test_without_a_chinese_font_the_mark_is_still_there(monkeypatch):
    def none_found(_chosen):
        raise NoChineseTypefaceError(path="")

    monkeypatch.setattr(page_images, "load_typefaces", none_found)
    page_images._stamp.cache_clear()
    marked = page_images.marked(jpeg(), "fawu 2026-11-24")
    page_images._stamp.cache_clear()
    assert Image.open(io.BytesIO(marked)).convert("L").getextrema()[0] < 245


@pytest.mark.parametrize(
    "place", [(-0.2, -0.2, 0.1, 0.1), (0.9, 0.9, 1.4, 1.4), (0.5, 0.5, 0.5, 0.5), (2, 2, 3, 3)]
)
def test_a_place_beyond_the_page_does_no_harm(place):
    marked = page_images.marked(jpeg(), "x", places=[place])
    assert Image.open(io.BytesIO(marked)).size == (400, 500)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("合同.pdf", "attachment; filename=\"pdf\"; filename*=UTF-8''%E5%90%88%E5%90%8C.pdf"),
        ("a b.pdf", "attachment; filename=\"a_b.pdf\"; filename*=UTF-8''a%20b.pdf"),
        ("", "attachment; filename=\"file\"; filename*=UTF-8''file"),
        ("..", "attachment; filename=\"file\"; filename*=UTF-8''file"),
        ("a\\b/c.txt", "attachment; filename=\"c.txt\"; filename*=UTF-8''c.txt"),
    ],
)
def test_a_file_name_in_a_header(name, expected):
    found = disposition(name)
    assert found.split("; ")[2] == expected.split("; ")[2]
    assert found.isascii()
    assert found.startswith("attachment; ")


def test_a_long_name_keeps_its_ending():
    assert disposition("长" * 400 + ".pdf").endswith(".pdf")
    assert len(disposition("长" * 400 + ".pdf")) < 2_000

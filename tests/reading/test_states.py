"""Every file reaches a named state with a Chinese reason and a next step."""

import io
import re

import pytest
from PIL import Image

from postloan_archive.reading import Limits, State
from tests.bundle.test_bad_sources import encrypted, without_pages
from tests.reading.made_files import docx, paragraph, pdf, zip_of

HAN = re.compile("[\u4e00-\u9fff]")


def test_an_empty_file_is_damaged_and_says_so(read):
    result = read(b"", "合同.docx")

    assert result.state is State.DAMAGED
    assert "0 字节" in result.message


def test_a_name_that_lies_is_a_mismatch_and_the_text_is_read(read):
    result = read(pdf(["借款合同"]), "合同.docx")

    assert result.state is State.TYPE_MISMATCH
    assert result.pages[0].text == "借款合同"
    assert result.media_type == "application/pdf"
    assert result.extension == ".pdf"
    assert "Word" in result.message
    assert "PDF" in result.message


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"plain", "a.log"),
        ("名,值\n".encode(), "a.txt"),
        (b"<html><p>x</p></html>", "a.txt"),
        (docx(paragraph("x")), "a.DOCM"),
        (pdf(["x"]), "无扩展名"),
        (pdf(["x"]), "奇怪.扩展"),
    ],
)
def test_a_name_that_fits_or_promises_nothing_is_no_mismatch(read, data, name):
    assert read(data, name).state is State.STORED


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.xls", "a.jpg", "a.doc", "a.ofd"])
def test_rubbish_under_a_good_name_is_damaged(read, name):
    result = read(bytes(range(256)) * 8, name)

    assert result.state is State.DAMAGED
    assert HAN.search(result.message)


def test_unknown_bytes_are_unsupported_and_keep_a_message(read):
    assert read(bytes(range(256)) * 8, "a.bin2").state is State.UNSUPPORTED


def test_a_zip_of_papers_is_not_read_as_one_paper(read):
    result = read(zip_of({"合同.txt": "x"}), "资料.zip")

    assert result.state is State.UNSUPPORTED
    assert result.media_type == "application/zip"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_cut_off_word_file_is_damaged(read, share):
    data = docx("".join(paragraph(f"第{n}条") for n in range(500)))
    result = read(data[: int(len(data) * share)], "a.docx")

    assert result.state is State.DAMAGED


def test_a_half_downloaded_picture_is_damaged_and_still_a_page(read):
    out = io.BytesIO()
    Image.effect_noise((600, 600), 90).save(out, "JPEG")
    result = read(out.getvalue()[:20_000], "a.jpg")

    assert result.state is State.DAMAGED
    assert len(result.pages) == 1


def test_a_file_over_the_limit_is_too_large_and_not_opened(read):
    result = read(b"x" * 2_000, "a.txt", Limits(file_bytes=1_000))

    assert result.state is State.TOO_LARGE


def test_a_reader_that_is_too_slow_is_stopped(read):
    data = docx("".join(paragraph(f"第{n}条" * 20) for n in range(60_000)))
    result = read(data, "a.docx", Limits(wall_s=0.02))

    assert result.state is State.TIMED_OUT
    assert HAN.search(result.message)


def test_text_beyond_the_limit_is_cut_and_named(read):
    data = docx("".join(paragraph("约" * 100) for _ in range(400)))
    result = read(data, "a.docx", Limits(chars=10_000))

    assert 8_000 <= result.chars <= 12_000
    assert result.message


def test_an_answer_beyond_the_limit_is_too_large(read):
    data = docx("".join(paragraph("约" * 100) for _ in range(400)))

    assert read(data, "a.docx", Limits(answer_bytes=20_000)).state is State.TOO_LARGE


def test_a_picture_behind_which_a_zip_hides_is_flagged(read):
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "PNG")
    result = read(out.getvalue() + zip_of({"a.exe": b"MZ"}), "a.png")

    assert "trailing_data" in result.flags
    assert result.media_type == "image/png"


def test_a_pdf_without_pages_is_not_called_encrypted_after_one_that_is(read):
    assert read(encrypted(), "加密.pdf").state is State.ENCRYPTED
    result = read(without_pages(), "无页.pdf")

    assert result.state is State.DAMAGED
    assert "没有任何页面" in result.message

import io
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfReader

from postloan_archive.bundle import BundleSpec, NoChineseTypefaceError, build_bundle
from postloan_archive.bundle.sheets import wrapped
from postloan_archive.bundle.typefaces import SONG, Ink, load_typefaces
from tests.bundle.samples import COVER, bind, exhibit, pdf
from tests.bundle.test_build import text_of

FONTS = [
    *Path("/usr/share/fonts").rglob("uming.ttc"),
    *Path("/usr/share/fonts").rglob("wqy-*.ttc"),
    *Path("/usr/share/fonts").rglob("NotoSansCJK-Regular.ttc"),
]


def bound(cover, *exhibits):
    out = io.BytesIO()
    build_bundle(BundleSpec(cover=cover, exhibits=exhibits), out)
    return out.getvalue()


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.name)
def test_any_chinese_font_prints_and_its_text_can_be_copied(path):
    data, _ = bind(exhibit(pdf(), title="最高额抵押合同éA1"), cjk_font=str(path))
    for text in (text_of(data, 2), PdfReader(io.BytesIO(data)).pages[1].extract_text()):
        assert "最高额抵押合同éA1" in text.replace("\n", "")
    sheet = pypdfium2.PdfDocument(data)[0].render(scale=1).to_pil().convert("L")
    ink = sum(sheet.histogram()[:100])
    assert 2_000 < ink < 60_000


def test_only_the_glyphs_in_use_are_embedded():
    data, result = bind(exhibit(pdf()))
    assert result.size < 150_000
    fonts = PdfReader(io.BytesIO(data)).pages[0]["/Resources"]["/Font"]
    assert all("+" in font.get_object()["/BaseFont"] for font in fonts.values())


@pytest.mark.parametrize("content", [None, b"no font"])
def test_a_font_that_cannot_be_used_is_named(tmp_path, content):
    path = tmp_path / "字体.ttf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(NoChineseTypefaceError) as caught:
        bind(exhibit(pdf()), cjk_font=str(path))
    assert "字体.ttf" in str(caught.value)


def test_a_character_no_font_has_is_marked_not_dropped():
    data, _ = bind(exhibit(pdf(), title="合同\U000f1234号"))
    assert "合同〓号" in text_of(data, 2) or "合同" in text_of(data, 2)


def test_the_cover_says_who_against_whom_where_and_when():
    data = bound(
        replace(
            COVER, case_no="（2026）浙01民初1号", notes=(("委托诉讼代理人", "王某某律师"),)
        ),
        exhibit(pdf()),
    )
    text = text_of(data, 1)
    for words in (
        "示范市中级人民法院", "证据材料", "（2026）浙01民初1号", "金融借款合同纠纷", "陈某某",
        "林某某", "王某某律师", "2026 年 11 月 24 日",
    ):  # fmt: skip
        assert words in text


@pytest.mark.parametrize("count", [12, 40, 300])
def test_a_cover_with_many_parties_stays_one_page(count):
    parties = tuple(("被告", f"示范市第{n}机械制造有限责任公司") for n in range(count))
    data = bound(replace(COVER, parties=(("原告", "银行"), *parties)), exhibit(pdf()))
    assert "证据目录" in text_of(data, 2)
    text = text_of(data, 1)
    assert "第0机械" in text
    assert (f"第{count - 1}机械" in text) or "……等，共" in text


@pytest.mark.parametrize("count", [60, 400])
def test_an_index_of_any_length_lists_every_exhibit(count):
    shared = pdf()
    data, result = bind(*(exhibit(shared, label=f"证据{n}") for n in range(1, count + 1)))
    first = result.exhibits[0].first
    text = "".join(text_of(data, page) for page in range(2, first))
    for n in range(1, count + 1):
        assert f"证据{n}" in text


def test_columns_for_source_and_copies_show_when_they_are_used():
    data, _ = bind(exhibit(pdf(), origin="原告提供", copies=3))
    assert "证据来源" in text_of(data, 2)
    assert "份数" in text_of(data, 2)
    data, _ = bind(exhibit(pdf()))
    assert "证据来源" not in text_of(data, 2)


def test_lines_keep_to_the_column_and_break_where_chinese_breaks():
    ink = Ink(load_typefaces())
    words = "借款金额为人民币5,000,000.00元，（年利率）为“4.35%”。" * 5
    lines = wrapped(ink, words, 120, size=10)
    assert "".join(lines) == words
    assert all(line[0] not in "，。）”" and line[-1] not in "（“" for line in lines)
    assert all(ink.width(line, SONG, 10) <= 150 for line in lines)
    assert not any(line.endswith("5,000") for line in lines)


def test_a_word_wider_than_its_column_is_cut():
    ink = Ink(load_typefaces())
    lines = wrapped(ink, "A" * 300, 100, size=10)
    assert "".join(lines) == "A" * 300
    assert all(ink.width(line, SONG, 10) <= 100 for line in lines)

"""Where words stand on a page of a PDF."""

import pytest

from postloan_archive.reading import word_places
from tests.reading import made_files

PDF = "application/pdf"


@pytest.fixture
def contract(tmp_path):
    """One line at 60 × 780 points of a page of 595 × 842, twelve points high."""
    path = tmp_path / "contract.pdf"
    path.write_bytes(made_files.pdf(["借款合同送达地址张三送达地址", "第二页"]))
    return path


def test_every_occurrence_has_its_place(contract):
    found = word_places(contract, PDF, 1, ["送达地址"])
    assert len(found) == 2
    first, second = found
    assert first[0] == pytest.approx((60 + 4 * 12) / 595, abs=0.02)
    assert second[0] == pytest.approx((60 + 10 * 12) / 595, abs=0.02)
    for x0, y0, x1, y1 in found:
        assert x1 - x0 == pytest.approx(4 * 12 / 595, abs=0.02)
        assert y0 < (842 - 780) / 842 < y1 + 0.01
        assert 0 <= y0 < y1 <= 1


def test_blanks_in_the_word_do_not_matter(contract):
    assert len(word_places(contract, PDF, 1, ["送达 地址", "送达\n地址"])) == 2


@pytest.mark.parametrize(
    ("page", "words"), [(2, ["送达地址"]), (9, ["送达地址"]), (0, ["x"]), (1, []), (1, [" "])]
)
def test_what_is_not_there_has_no_place(contract, page, words):
    assert word_places(contract, PDF, page, words) == ()


def test_other_files_and_broken_ones_have_none(tmp_path):
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.4\nnothing")
    assert word_places(path, PDF, 1, ["x"]) == ()
    assert word_places(path, "image/jpeg", 1, ["x"]) == ()

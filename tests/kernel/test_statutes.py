"""How laws are cited."""

import pytest

from postloan_archive.kernel.law import Confidence
from postloan_archive.kernel.statutes import CIVIL_PROCEDURE_LAW, article, numeral


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (18, "十八"),
        (20, "二十"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (216, "二百一十六"),
        (485, "四百八十五"),
        (1259, "一千二百五十九"),
        (1005, "一千零五"),
    ],
)
def test_numerals_are_written_as_laws_write_them(number, text):
    assert numeral(number) == text


def test_an_article_has_paragraph_and_item_only_where_given():
    assert article(85) == "第八十五条"
    assert article(85, 2) == "第八十五条第二款"
    assert article(8, 1, item=3) == "第八条第一款第三项"


def test_a_citation_prints_the_law_and_marks_what_is_from_memory():
    verified = CIVIL_PROCEDURE_LAW.at(85, 2, rule="R-A01")
    assert str(verified) == "《民事诉讼法》第八十五条第二款"
    memory = CIVIL_PROCEDURE_LAW.at("全文", rule="R-A05", confidence=Confidence.MEMORY)
    assert str(memory) == "《民事诉讼法》全文（参考）"

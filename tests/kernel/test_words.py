"""Amounts in capital numerals (R-J07)."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postloan_archive.kernel.words import (
    LONGEST,
    AmountInWordsError,
    AmountRangeError,
    read_rmb_upper,
    rmb_upper,
)

CENTS = st.integers(0, 10**18 - 1).map(lambda cents: Decimal(cents).scaleb(-2))
ROUND = st.builds(
    lambda head, zeros, tail: Decimal(head * 10**zeros + tail),
    st.integers(0, 9_999),
    st.integers(0, 11),
    st.integers(0, 9_999),
)


@pytest.mark.parametrize(
    ("amount", "canonical", "others"),
    [
        ("0", "零元整", ["零元正"]),
        ("0.05", "伍分", []),
        ("0.50", "伍角", ["伍角整", "伍角正"]),
        ("0.55", "伍角伍分", []),
        ("20", "贰拾元整", ["贰拾元正"]),
        ("325.04", "叁佰贰拾伍元零肆分", []),
        ("1409.50", "壹仟肆佰零玖元伍角", ["壹仟肆佰零玖元伍角整", "壹仟肆佰零玖元伍角正"]),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分", ["壹仟陆佰捌拾元零叁角贰分"]),
        (
            "107000.53",
            "壹拾万柒仟元伍角叁分",
            [
                "壹拾万柒仟元零伍角叁分",
                "壹拾万零柒仟元伍角叁分",
                "壹拾万零柒仟元零伍角叁分",
            ],
        ),
        ("100000001", "壹亿零壹元整", ["壹亿零壹元正"]),
        (
            "100001000",
            "壹亿零壹仟元整",
            ["壹亿零壹仟元正", "壹亿壹仟元整", "壹亿壹仟元正"],
        ),
        ("1000010000", "壹拾亿零壹万元整", ["壹拾亿零壹万元正"]),
        ("10203040506.07", "壹佰零贰亿零叁佰零肆万零伍佰零陆元零柒分", []),
        ("1000000000000", "壹万亿元整", ["壹万亿元正"]),
        ("1000100000000", "壹万零壹亿元整", ["壹万零壹亿元正"]),
        ("10010", "壹万零壹拾元整", ["壹万零壹拾元正"]),
        (
            "9999999999999999.99",
            "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
            [],
        ),
    ],
)
def test_an_amount_has_one_form_to_print_and_others_to_accept(amount, canonical, others):
    words = rmb_upper(Decimal(amount))
    assert words.canonical == f"人民币{canonical}"
    assert set(words.also_accept) == {f"人民币{other}" for other in others}
    assert len(words.also_accept) == len(others)


@pytest.mark.parametrize("amount", ["-0.01", "1E16", "0.001", "NaN", "Infinity", "1.005"])
def test_an_amount_that_cannot_be_written_is_refused(amount):
    with pytest.raises(AmountRangeError):
        rmb_upper(Decimal(amount))


@given(CENTS | ROUND)
def test_every_accepted_form_reads_back_as_the_amount(amount):
    words = rmb_upper(amount)
    for form in (words.canonical, *words.also_accept):
        assert read_rmb_upper(form) == amount
        assert read_rmb_upper(form.removeprefix("人民币")) == amount


@given(CENTS | ROUND)
def test_zeros_never_stand_side_by_side_nor_at_an_end(amount):
    words = rmb_upper(amount).canonical
    assert all(pair != ("零", "零") for pair in pairwise(words))
    assert "拾拾" not in words
    assert len(words) <= LONGEST


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("人民币 壹拾万圆整", "100000"),
        ("貳仟陸佰萬元整", "26000000"),
        ("壹億元正", "100000000"),
        ("伍角", "0.5"),
        ("壹佰元零伍角", "100.5"),
    ],
)
def test_traditional_numerals_and_blanks_are_read(text, amount):
    assert read_rmb_upper(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "人民币",
        "拾万元整",  # ten is 壹拾
        "壹佰元",  # 整 is missing
        "伍分整",
        "壹壹元整",
        "一百元整",
        "壹万亿亿元整",
        "玖" * 100,
        "亿亿亿亿亿亿元整",
    ],
)
def test_other_spellings_are_refused(text):
    with pytest.raises(AmountInWordsError):
        read_rmb_upper(text)

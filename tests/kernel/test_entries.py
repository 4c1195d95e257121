"""What people type: dates and amounts."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postloan_archive.kernel.entries import (
    AmountEntryError,
    DateEntryError,
    count_in,
    read_amount,
    read_date,
    small_number,
)
from postloan_archive.kernel.words import rmb_upper


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-05",
        "2026.3.5",
        "2026/3/5",
        "20260305",
        "2026年3月5日",
        "2026 年 3 月 5 日",
        "２０２６年３月５日",
        "２０２６．３．５",
        "2026年3月5号",
        "2026年3月5",
        "二〇二六年三月五日",
        "二○二六年三月五日",
        "二零二六年三月五日",
        " 2026-03-05 00:00:00 ",
        "2026-03-05T00:00:00.000",
        "2026/3/5 0:00",
    ],
)
def test_a_date_is_read_in_every_form_people_write(text):
    assert read_date(text) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇二六年十月十日", (2026, 10, 10)),
        ("二〇二六年十二月三十一日", (2026, 12, 31)),
        ("二〇二六年二月二十日", (2026, 2, 20)),
    ],
)
def test_a_date_in_chinese_numerals_is_read(text, day):
    assert read_date(text) == date(*day)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26.3.5",
        "2026.3",
        "2026-3.5",
        "2026-02-30",
        "2026年13月5日",
        "20261305",
        "2026-03-05 10:30",
        "46086",  # a serial number of a spreadsheet
        "二〇二六年十三月五日",
        "二〇二六年三月一二日",
        "3/5/2026",
        "1" * 100,
    ],
)
def test_what_would_have_to_be_guessed_is_no_date(text):
    with pytest.raises(DateEntryError):
        read_date(text)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_is_read_back_from_its_written_forms(day):
    assert read_date(f"{day.year}年{day.month}月{day.day}日") == day
    assert read_date(f"{day.year}.{day.month}.{day.day}") == day
    assert read_date(day.strftime("%Y%m%d")) == day


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", "0.00"),
        ("1234567.89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("１，２３４．５", "1234.50"),
        ("¥1,000", "1000.00"),
        ("￥1000元", "1000.00"),
        ("人民币1000元整", "1000.00"),
        ("rmb 12", "12.00"),
        ("500万", "5000000.00"),
        ("123.5万元", "1235000.00"),
        ("1.23456万", "12345.60"),
        ("2亿", "200000000.00"),
        ("3百万", "3000000.00"),
        ("1.2千万元", "12000000.00"),
        ("5千元", "5000.00"),
        ("壹拾万元整", "100000.00"),
        ("人民币伍角", "0.50"),
        ("0012", "12.00"),
    ],
)
def test_an_amount_is_read_in_every_form_people_write(text, amount):
    assert str(read_amount(text)) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-5",
        "1.23E+17",
        "1,23",
        "1,2345",
        "12.345",
        "1.23456789万",
        "拾万",
        "壹拾万",
        "五百万",
        "10000000000000000",
        "100000000亿",
        "1 000 元 左右",
        "1" * 100,
    ],
)
def test_what_would_have_to_be_guessed_is_no_amount(text):
    with pytest.raises(AmountEntryError):
        read_amount(text)


@given(st.integers(0, 10**12))
def test_every_amount_is_read_back_from_its_written_forms(cents):
    amount = Decimal(cents).scaleb(-2)
    assert read_amount(f"{amount:,}") == amount
    assert read_amount(rmb_upper(amount).canonical) == amount


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("３6", 36), ("三", 3), ("两", 2), ("十", 10), ("十五", 15), ("二十一", 21)],
)
def test_a_small_number_is_read(text, number):
    assert small_number(text) == number


@pytest.mark.parametrize("text", ["", "一二", "一二十", "百", "123", "二十一二"])
def test_what_is_no_small_number_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        small_number(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("12", 12),
        ("１２０", 120),
        ("十", 10),
        ("二十一", 21),
        ("九十九", 99),
        ("三三三", None),
        ("十十", None),
        ("", None),
    ],
)
def test_a_count_is_read_in_either_script_and_width(text, count):
    assert count_in(text) == count

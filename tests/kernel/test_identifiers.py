"""Numbers of persons, companies, cards, cases and telephones (R-J01 to R-J06)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postloan_archive.kernel.identifiers import (
    ID_CHECKS,
    ID_WEIGHTS,
    USCC_ALPHABET,
    bank_card,
    case_no,
    id_card,
    mobile,
    uscc,
)


def with_check(body):
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return body + ID_CHECKS[total % 11]


@pytest.mark.parametrize(
    ("value", "normalised"),
    [
        ("11010519491231002X", "11010519491231002X"),
        ("11010519491231002x", "11010519491231002X"),
        ("110105 19491231 002X", "11010519491231002X"),
        ("110105\u300019491231 002X", "11010519491231002X"),
        ("440524188001010014", "440524188001010014"),
        ("310101189602290014", "310101189602290014"),  # 1896 was a leap year
    ],
)
def test_a_right_identity_number_is_stored_in_one_form(value, normalised):
    card = id_card(value)
    assert (card.valid, card.normalised, card.warnings) == (True, normalised, ())


@pytest.mark.parametrize(
    "value",
    [
        "",
        "110105194912310021",  # wrong check digit
        "11010519490231002X",  # 31 February
        "310101189902290016",  # 1899 was no leap year, though the check digit is right
        "110105491231002",  # fifteen digits
        "01010519491231002X",  # starts with 0
        "１１０１０５19491231002X",  # full-width digits are for the entry form, not for here
        "X1010519491231002X",
    ],
)
def test_a_wrong_identity_number_is_refused(value):
    card = id_card(value)
    assert (card.valid, card.normalised, card.born) == (False, "", None)


def test_an_identity_number_tells_birth_and_sex():
    card = id_card("11010519491231002X")
    assert card.born == date(1949, 12, 31)
    assert not card.male
    assert id_card(with_check("11010519491231003")).male


def test_a_strange_region_and_a_birth_in_the_future_are_only_warnings():
    strange = id_card(with_check("16010119900101001"))
    assert strange.valid
    assert len(strange.warnings) == 1
    foreigner = id_card(with_check("91101019900101001"))
    assert foreigner.warnings == ()
    future = id_card(with_check("11010520991231001"), today=date(2026, 11, 24))
    assert future.valid
    assert len(future.warnings) == 1
    born = id_card("11010519491231002X", today=date(1949, 12, 31))
    assert born.warnings == ()


@given(st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_wrong_digit_never_passes(place, digit):
    number = "11010519491231002X"
    changed = number[:place] + digit + number[place + 1 :]
    assert id_card(changed).valid is (changed == number)


@pytest.mark.parametrize(
    "value", ["91350100M000100Y43", "91350100m000100y43", " 9135 0100M000100Y43 "]
)
def test_a_right_credit_code_is_stored_in_capitals(value):
    assert uscc(value).normalised == "91350100M000100Y43"


@pytest.mark.parametrize(
    "value",
    [
        "91350100M000100Y44",
        "91350100M000100I43",  # no letter I
        "9135O100M000100Y43",  # the letter O is an error, not a zero
        "91350100M000100Y4",
        "",
    ],
)
def test_a_wrong_credit_code_is_refused_and_never_repaired(value):
    assert not uscc(value).valid


@given(st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_one_wrong_character_never_passes(place, char):
    code = "91350100M000100Y43"
    changed = code[:place] + char + code[place + 1 :]
    assert uscc(changed).valid is (changed == code)


@pytest.mark.parametrize(
    ("value", "luhn"),
    [
        ("6222020000000000000", True),
        ("6222 0200-0000 0000 000", True),
        ("6222020000000000001", False),
        ("4111111111111111", True),
        ("00000000000", False),  # eleven digits
        ("000000000000", True),
        ("62220200000000000000", False),  # twenty digits
        ("622202000000000000X", False),
    ],
)
def test_a_card_number_is_checked_by_luhn(value, luhn):
    card = bank_card(value)
    assert card.valid is luhn
    assert bool(card.normalised) is luhn


@pytest.mark.parametrize(
    ("value", "court", "kind", "no", "sub", "name"),
    [
        ("（2026）京0105民初12345号", "京0105", "民初", "12345", "", "基层人民法院"),
        ("(2026)京0105民初12345号", "京0105", "民初", "12345", "", "基层人民法院"),
        ("（2025）最高法民终88号", "最高法", "民终", "88", "", "最高人民法院"),
        ("（2026）粤民申2号", "粤", "民申", "2", "", "高级人民法院"),
        ("（2026）沪74民初15号之一", "沪74", "民初", "15", "之一", "中级人民法院"),
        (" （2026）兵0103执恢7号 ", "兵0103", "执恢", "7", "", "基层人民法院"),
        ("（2026）京0105民初12345-2号", "京0105", "民初", "12345", "", "基层人民法院"),
        ("（2026）渝87民初0001号", "渝87", "民初", "0001", "", "中级人民法院"),
    ],
)
def test_a_case_number_is_taken_apart(value, court, kind, no, sub, name):
    number = case_no(value)
    assert number is not None
    assert (number.court, number.type, number.no, number.sub) == (court, kind, no, sub)
    assert number.court_name == name
    assert not number.legacy
    assert number.year in {"2025", "2026"}
    assert number.normalised == value.strip().replace("(", "（").replace(")", "）")


@pytest.mark.parametrize(
    ("value", "court", "kind", "no", "name"),
    [
        ("（2014）朝民初字第01234号", "朝", "民初", "01234", "朝"),
        ("(2013)浦民六(商)初字第1234号", "浦", "民六(商)初", "1234", "浦"),
        ("（2011）民提字第5号", "", "民提", "5", "最高人民法院"),
        ("（2009）沪二中执字第123号", "沪二中", "执", "123", "沪二中"),
    ],
)
def test_a_number_of_the_old_style_is_read_as_legacy(value, court, kind, no, name):
    number = case_no(value)
    assert number is not None
    assert number.legacy
    assert (number.court, number.type, number.no) == (court, kind, no)
    assert number.court_name == name
    assert "(" not in number.normalised


@pytest.mark.parametrize(
    "value",
    [
        "",
        "（2026）京0105民初号",
        "2026京0105民初12345号",
        "（2026）京0105 民初12345号",  # blank inside
        "（1826）京0105民初12345号",
        "（2026）京0105民初１２号",
        "（2026）京0105民初12号x",
    ],
)
def test_what_is_no_case_number_is_refused(value):
    assert case_no(value) is None


@pytest.mark.parametrize(
    "value", ["13800138000", "+86 138 0013 8000", "86-138-0013-8000", "138\u30000013 8000"]
)
def test_a_mobile_number_is_stored_as_eleven_digits(value):
    assert mobile(value).normalised == "13800138000"


@pytest.mark.parametrize(
    "value", ["10086", "138001380000", "12800138000", "", "+8613800138", "+1 3800138000"]
)
def test_what_is_no_mobile_number_is_refused(value):
    assert not mobile(value).valid

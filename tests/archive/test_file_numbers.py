"""The loan file that a file name names."""

import pytest

from postloan_archive.archive.rules.clues import Known
from postloan_archive.archive.rules.file_numbers import Numbers, rest_of

KNOWN = (
    Known("JJ2025-0001", "示农商借字（2025）第0001号", "2025-贷-0001", "", "张三"),
    Known("JJ2025-0002", "示农商借字（2025）第0001号", "2025-贷-0002", "", "张三"),
    Known("JJ2025-0003", "", "2025-贷-0003", "", "李四"),
    Known("短1", "", "", "", "王五"),
)
NUMBERS = Numbers(KNOWN)


@pytest.mark.parametrize(
    ("name", "loan_no"),
    [
        ("2025-贷-0001_YJ01借款合同.pdf", "JJ2025-0001"),
        ("JJ2025-0001 a.pdf", "JJ2025-0001"),
        ("jj2025-0001.PDF", "JJ2025-0001"),
        ("ＪＪ２０２５－０００１.pdf", "JJ2025-0001"),
        ("JJ2025–0001（一）.pdf", "JJ2025-0001"),
        ("2025-贷-0003/扫描 001.pdf", "JJ2025-0003"),
        ("卷宗\\2025-贷-0003\\1.pdf", "JJ2025-0003"),
        ("示农商借字(2025)第0001号_JJ2025-0002.pdf", "JJ2025-0002"),
        ("档号2025-贷-0001合同.pdf", "JJ2025-0001"),
        ("2025 - 贷 - 0001.pdf", "JJ2025-0001"),
    ],
)
def test_a_number_of_its_own_decides(name, loan_no):
    assert NUMBERS.find(name).loan_no == loan_no


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("JJ2025-00012.pdf", "“JJ2025-00012”没有对应的案卷"),
        ("XJJ2025-0001.pdf", "没有对应的案卷"),
        ("示农商借字（2025）第0001号.pdf", "对应 2 个案卷：JJ2025-0001、JJ2025-0002"),
        ("JJ2025-0001和JJ2025-0003.pdf", "对应 2 个案卷"),
        ("短1.pdf", "没有认出"),
        ("张三.pdf", "没有认出"),
        ("", "没有认出"),
    ],
)
def test_what_decides_nothing_is_said(name, reason):
    found = NUMBERS.find(name)
    assert found.loan_no == ""
    assert reason in found.reason


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("a/2025-贷-0001_YJ01 借款合同.pdf", "YJ01 借款合同.pdf"),
        ("借款合同(JJ2025-0001).pdf", "借款合同.pdf"),
        ("JJ2025-0001.pdf", ".pdf"),
    ],
)
def test_the_rest_of_a_name_is_its_title(name, rest):
    assert rest_of(name, NUMBERS.find(name).numbers) == rest

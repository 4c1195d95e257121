"""What a cell may hold, and what is refused rather than guessed (R-J01, R-J02, ux 1.7)."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from postloan_archive.loans.importing.cells import CellRefusedError, is_blank, read_cell
from postloan_archive.loans.importing.columns import CellKind, Column


def column(kind: CellKind, **changes) -> Column:
    return Column(key="x", label="列", kind=kind, **changes)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("100101199001010070", "100101199001010070"),
        (" 1001 0119 9001\u3000010070 ", "100101199001010070"),
        ("'0012", "0012"),
        ("JJ2025-0001", "JJ2025-0001"),
        (20250001.0, "20250001"),
        (12, "12"),
    ],
)
def test_identifiers_are_text(raw, said):
    assert read_cell(column(CellKind.IDENTIFIER), raw) == said


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("1.23E+17", "科学计数"),
        ("1E17", "科学计数"),
        (1.00101199001010e17, "第 16 位起"),
        (100101199001010070, "第 16 位起"),
        (12.5, "编号"),
        (-3, "编号"),
        (datetime(2024, 3, 5), "日期"),  # noqa: DTZ001 - as a spreadsheet gives it
        (True, "日期"),
    ],
)
def test_an_identifier_that_lost_digits_is_refused(raw, word):
    with pytest.raises(CellRefusedError) as refused:
        read_cell(column(CellKind.IDENTIFIER), raw)
    assert word in str(refused.value)


@pytest.mark.parametrize(
    "raw",
    [
        "2024.3.5",
        "2024年3月5日",
        "2024-03-05",
        "２０２４/3/5",
        "20240305",
        20240305.0,
        45356.0,  # as a spreadsheet counts days
        45356,
        date(2024, 3, 5),
        datetime(2024, 3, 5, 12, 30),  # noqa: DTZ001 - as a spreadsheet gives it
    ],
)
def test_days_in_every_habit(raw):
    assert read_cell(column(CellKind.DAY), raw) == date(2024, 3, 5)


@pytest.mark.parametrize(
    "raw", ["24-3-5", "3月5日", "昨天", 5, 1e9, 45356.5, "2024-2-30", True]
)
def test_a_day_that_needs_guessing_is_refused(raw):
    with pytest.raises(CellRefusedError):
        read_cell(column(CellKind.DAY), raw)


@pytest.mark.parametrize(
    ("raw", "amount"),
    [
        (1234567.89, "1234567.89"),
        (0.1 + 0.2, "0.30"),
        (0, "0.00"),
        ("1,234,567.89", "1234567.89"),
        ("１２３.５万", "1235000.00"),
        ("¥ 12.5万元", "125000.00"),
        ("壹万元整", "10000.00"),
    ],
)
def test_amounts_in_every_habit(raw, amount):
    assert read_cell(column(CellKind.AMOUNT), raw) == Decimal(amount)


def test_a_heading_in_ten_thousands_multiplies():
    kind = column(CellKind.AMOUNT)
    assert read_cell(kind, 12.5, in_ten_thousands=True) == Decimal("125000.00")
    assert read_cell(kind, "1,234.56", in_ten_thousands=True) == Decimal("12345600.00")
    with pytest.raises(CellRefusedError) as refused:
        read_cell(kind, "12万", in_ten_thousands=True)
    assert "只保留一处" in str(refused.value)


@pytest.mark.parametrize("raw", [-1, 1.234, 1e16, "1.23E+5", "约10万", True, date(2024, 1, 1)])
def test_an_amount_that_needs_guessing_is_refused(raw):
    with pytest.raises(CellRefusedError):
        read_cell(column(CellKind.AMOUNT), raw)


@pytest.mark.parametrize(
    ("raw", "rate"),
    [
        (4.35, "4.35"),
        ("4.35%", "4.35"),
        ("４.３５％", "4.35"),
        (0, "0"),
        ("0.3%", "0.3"),
        (50, "50"),
    ],
)
def test_rates_are_percent(raw, rate):
    assert read_cell(column(CellKind.RATE), raw) == Decimal(rate)


@pytest.mark.parametrize("raw", [0.0435, "0.0435", "3.6‰", "千分之三", 435, "LPR+10BP"])
def test_a_rate_with_two_readings_is_refused(raw):
    with pytest.raises(CellRefusedError):
        read_cell(column(CellKind.RATE), raw)


@pytest.mark.parametrize(("raw", "count"), [("第3期", 3), (12.0, 12), ("20日", 20)])
def test_counts(raw, count):
    assert read_cell(column(CellKind.NUMBER), raw) == count


def test_choices_and_their_refusal():
    kind = column(CellKind.CHOICE, choices={"连带责任保证": "joint", "一般保证": "general"})
    assert read_cell(kind, " 连带责任 保证") == "joint"
    with pytest.raises(CellRefusedError) as refused:
        read_cell(kind, "共同担保")
    assert "连带责任保证、一般保证" in str(refused.value)


@pytest.mark.parametrize("raw", [None, "", "  ", "\u3000", "—", "-", "/", "\xa0"])
def test_what_looks_empty_is_empty(raw):
    assert is_blank(raw)
    assert read_cell(column(CellKind.TEXT), raw) is None
    with pytest.raises(CellRefusedError):
        read_cell(column(CellKind.TEXT, required=True), raw)

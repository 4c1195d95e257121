"""One cell as the ledger takes it: strict, and a refusal says what to do about it."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.entries import (
    AmountEntryError,
    DateEntryError,
    read_amount,
    read_date,
)
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.money import yuan
from postloan_archive.loans.importing.columns import CellKind, Column

Raw = object  # what a spreadsheet holds: str, int, float, bool, date, datetime, timedelta
Value = str | int | Decimal | date | None

MINUS: Final = re.compile(r"\s*(?:[-−–]\s*[¥0-9.]|\([0-9,.]+\)\s*$)")  # also (500.00)
SCIENTIFIC: Final = re.compile(r"[0-9](\.[0-9]+)?[Ee][+]?[0-9]+")
SERIAL: Final = re.compile(r"[2-7][0-9]{4}")  # a serial number that became text
TIME_OF_DAY: Final = re.compile(r"(?<=\d)[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*$")
EXACT: Final = 10**15  # a spreadsheet keeps fifteen digits of a number, the rest become zeros
FIRST_SERIAL: Final = 20_000  # 3 October 1954 as a spreadsheet counts days
LAST_SERIAL: Final = 80_000  # 10 January 2119
SERIAL_ZERO: Final = date(1899, 12, 30)
CENT_NOISE: Final = Decimal("0.000001")  # what binary fractions leave behind
SMALLEST_RATE: Final = Decimal("0.5")  # percent a year; below it a share may be meant
LARGEST_RATE: Final = Decimal(100)
TEN_THOUSAND: Final = 10_000
RATE: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,8})?)(%)?")
LONGEST: Final = 2_000  # characters of a text
MOST_DIGITS: Final = 6  # of a count


EMPTY: Final = _l("{label}不能为空")
TURNED_INTO_DATE: Final = _l("{label}被表格软件改成了日期，请设为文本后重填")
DIGITS_LOST: Final = _l("{label}以数字保存，第 16 位起已变成 0，请设为文本后重填")
NO_NUMBER: Final = _l("{label}应为编号，不应是数值 {text}")
IN_SCIENTIFIC_FORM: Final = _l("{label}是科学计数 {text}，数字已丢失，请设为文本后重填")
WITH_HOUR: Final = _l("{label}含有时刻，请只填日期")
NO_AMOUNT: Final = _l("{label}不是金额")
BAD_AMOUNT: Final = _l("{label} {text} 为负数、过大或有不足一分的尾数")
TWO_UNITS: Final = _l("{label}的表头是万元，单元格又写了单位，请只保留一处")
NO_RATE: Final = _l("{label}“{text}”不是百分比，请写成 4.35 或 4.35%")
TWO_READINGS: Final = _l("{label} {text} 可能是比例也可能是百分数，请写成带百分号的文本")
RATE_TOO_HIGH: Final = _l("{label} {text}% 超过 100%")
NO_COUNT: Final = _l("{label}“{text}”不是整数")
NO_CHOICE: Final = _l("{label}“{text}”不在可选值内：{choices}")
UNREADABLE: Final = _l("{label}：{text}")
SERIAL_AS_TEXT: Final = _l("{label}“{text}”像是日期序列号，不能确定是哪一天")
NEGATIVE: Final = _l("{label} {text} 为负数")

AS_TEXT: Final = _l("请把该列设为文本格式，从原系统重新复制完整号码。")
STEPS: Final[Mapping[str, str]] = {
    EMPTY: _l("请补填；若是合并单元格，请取消合并后逐行填写。"),
    TURNED_INTO_DATE: AS_TEXT,
    DIGITS_LOST: AS_TEXT,
    NO_NUMBER: AS_TEXT,
    IN_SCIENTIFIC_FORM: AS_TEXT,
    WITH_HOUR: _l("请只保留日期。"),
    NO_AMOUNT: _l("请填写数字，如 1234567.89。"),
    BAD_AMOUNT: _l("请核对金额，保留两位小数。"),
    NEGATIVE: _l("金额列只填正数，请核对。"),
    TWO_UNITS: _l("请去掉单元格里的单位。"),
    NO_RATE: _l("请写成 4.35 或 4.35%。"),
    TWO_READINGS: _l("请写成带百分号的文本，如 0.35%。"),
    RATE_TOO_HIGH: _l("请核对利率，单位是百分之几。"),
    NO_COUNT: _l("请填写整数。"),
    NO_CHOICE: _l("请从列出的值中选一个。"),
    SERIAL_AS_TEXT: _l("请把该列设为日期格式，或写成 2026-03-05。"),
    UNREADABLE: _l("请按提示的写法重填。"),
}


class CellRefusedError(RuleError):
    """A cell that cannot be read without guessing."""

    def __init__(self, sentence: str, column: Column, text: object = "") -> None:
        said: dict[str, str] = {}  # the first word of each value
        for word, value in column.choices.items():
            said.setdefault(value, word)
        words = "、".join(said.values())
        super().__init__(sentence, label=column.label, text=str(text), choices=words)
        self.step = STEPS[sentence]


def is_blank(raw: Raw) -> bool:
    """Return whether a cell looks empty: blanks of any width and lone dashes count as empty."""
    return raw is None or (isinstance(raw, str) and not raw.strip(" \t\r\n\u3000\xa0-—－/"))


def read_cell(
    column: Column,
    raw: Raw,
    *,
    in_ten_thousands: bool = False,
    serial_zero: date = SERIAL_ZERO,
) -> Value:
    """Return the value of a cell, None for an empty one.

    Args:
        column: says how to read it.
        raw: as the spreadsheet holds it.
        in_ten_thousands: the heading says 万元.
        serial_zero: the day that the file counts serial numbers from.

    Raises:
        CellRefusedError: the cell is missing, or ambiguous, or has lost digits.
    """
    if is_blank(raw):
        if column.required:
            raise CellRefusedError(EMPTY, column)
        return None
    if column.kind is CellKind.AMOUNT:
        return _amount(column, raw, in_ten_thousands=in_ten_thousands)
    if column.kind is CellKind.SIGNED:
        sign, bare = _unsigned(raw)
        return sign * _amount(column, bare, in_ten_thousands=in_ten_thousands)
    if column.kind is CellKind.DAY:
        return _day(column, raw, serial_zero)
    return _READERS[column.kind](column, raw)


def _unsigned(raw: Raw) -> tuple[int, Raw]:
    """Return the sign of an amount and the amount without it; brackets stand for a minus."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return (-1, -raw) if raw < 0 else (1, raw)
    if isinstance(raw, str):
        text = unicodedata.normalize("NFKC", raw).strip()
        if MINUS.match(text):
            return -1, text.strip("()").lstrip("-−– ")
    return 1, raw


def _plain(raw: Raw) -> str:
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    return unicodedata.normalize("NFC", str(raw)).strip()


def _text(column: Column, raw: Raw) -> str:
    del column
    return _plain(raw)[:LONGEST]


def _identifier(column: Column, raw: Raw) -> str:
    if isinstance(raw, bool | date | timedelta):
        raise CellRefusedError(TURNED_INTO_DATE, column)
    if isinstance(raw, int | float):
        if abs(raw) >= EXACT:
            raise CellRefusedError(DIGITS_LOST, column)
        if raw < 0 or raw != int(raw):
            raise CellRefusedError(NO_NUMBER, column, raw)
        return str(int(raw))
    text = "".join(unicodedata.normalize("NFC", str(raw)).split()).lstrip("'’‘")
    if SCIENTIFIC.fullmatch(text):
        raise CellRefusedError(IN_SCIENTIFIC_FORM, column, text)
    return text


def _day(column: Column, raw: Raw, serial_zero: date) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    try:
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            if raw != int(raw):
                raise CellRefusedError(WITH_HOUR, column)
            if FIRST_SERIAL <= raw <= LAST_SERIAL:
                return serial_zero + timedelta(days=int(raw))
            return read_date(str(int(raw)))
        text = str(raw)
        if SERIAL.fullmatch(text.strip()):
            raise CellRefusedError(SERIAL_AS_TEXT, column, text.strip())
        return read_date(TIME_OF_DAY.sub("", text))
    except DateEntryError as error:
        raise CellRefusedError(UNREADABLE, column, error) from error


def _amount(column: Column, raw: Raw, *, in_ten_thousands: bool) -> Decimal:
    if isinstance(raw, bool | date | timedelta):
        raise CellRefusedError(NO_AMOUNT, column)
    if isinstance(raw, int | float):
        amount = Decimal(repr(raw)) * (TEN_THOUSAND if in_ten_thousands else 1)
        if amount < 0:
            raise CellRefusedError(NEGATIVE, column, raw)
        rounded = yuan(amount) if amount < EXACT else amount
        if amount >= EXACT or abs(amount - rounded) > CENT_NOISE:
            raise CellRefusedError(BAD_AMOUNT, column, raw)
        return rounded
    text = str(raw)
    if MINUS.match(unicodedata.normalize("NFKC", text)):
        raise CellRefusedError(NEGATIVE, column, text.strip())
    if in_ten_thousands and any(unit in text for unit in "万亿千百"):
        raise CellRefusedError(TWO_UNITS, column)
    try:
        return yuan(read_amount(text) * (TEN_THOUSAND if in_ten_thousands else 1))
    except AmountEntryError as error:
        raise CellRefusedError(UNREADABLE, column, error) from error


def _rate(column: Column, raw: Raw) -> Decimal:
    text = "".join(unicodedata.normalize("NFKC", _digits(raw)).split())
    match = RATE.fullmatch(text)
    if match is None:
        raise CellRefusedError(NO_RATE, column, text)
    rate = Decimal(match[1])
    if rate < SMALLEST_RATE and rate and not match[2]:
        raise CellRefusedError(TWO_READINGS, column, text)
    if rate > LARGEST_RATE:
        raise CellRefusedError(RATE_TOO_HIGH, column, text)
    return rate


def _digits(raw: Raw) -> str:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return format(Decimal(repr(raw)).normalize(), "f")
    return str(raw)


def _number(column: Column, raw: Raw) -> int:
    text = _plain(raw)
    digits = unicodedata.normalize("NFKC", text).removeprefix("第").rstrip("期日号天")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
        raise CellRefusedError(NO_COUNT, column, text)
    return int(digits)


def _choice(column: Column, raw: Raw) -> str:
    text = "".join(unicodedata.normalize("NFKC", _plain(raw)).split())
    for said, value in column.choices.items():
        if text in {said, unicodedata.normalize("NFKC", said)}:
            return value
    raise CellRefusedError(NO_CHOICE, column, text)


_READERS: Final[Mapping[CellKind, Callable[[Column, Raw], Value]]] = {
    CellKind.TEXT: _text,
    CellKind.IDENTIFIER: _identifier,
    CellKind.RATE: _rate,
    CellKind.NUMBER: _number,
    CellKind.CHOICE: _choice,
}

"""What a clerk types or a ledger holds: dates and amounts in the forms people really write.

Everything is read strictly: what is ambiguous is refused, never guessed.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.money import yuan
from postloan_archive.kernel.words import DIGITS, AmountInWordsError, read_rmb_upper

MIDNIGHT: Final = re.compile(r"[ T]0{1,2}:00(?::00(?:\.0+)?)?$")
SEPARATED: Final = re.compile(r"([0-9]{4})(?:([-./])([0-9]{1,2})\2([0-9]{1,2}))")
CHINESE: Final = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号]?")
EIGHT_DIGITS: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
CHINESE_DAY: Final = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月"
    r"([一二三四五六七八九十]{1,3})[日号]?"
)
CHINESE_DIGITS: Final = "〇一二三四五六七八九"
TEN: Final = "十"

AMOUNT: Final = re.compile(
    r"(?:人民币|RMB|CNY|¥)?"
    r"(?P<digits>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?P<decimals>\.[0-9]+)?"
    r"(?P<unit>百万|千万|千|万|亿)?(?:元|圆)?整?",
    re.IGNORECASE,
)
UNITS: Final = {
    "千": 10**3,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
}
PERCENT: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,8})?)%?")
MOST_PERCENT: Final = 100
LONGEST: Final = 64  # characters
CAPITALS: Final = re.compile(f"[{DIGITS}貳陸]")
MOST_DIGITS: Final = 16


class DateEntryError(RuleError):
    """The text is no date that can be read without guessing."""

    def __init__(self, *, text: str) -> None:
        super().__init__(
            _l("“{text}”不是可识别的日期，请写成 2026-03-05、2026.3.5 或 2026年3月5日。"),
            text=text,
        )


class AmountEntryError(RuleError):
    """The text is no amount that can be read without guessing."""

    def __init__(self, *, text: str) -> None:
        super().__init__(
            _l("“{text}”不是可识别的金额，请写成 1234567.89、1,234,567.89 或 123.5万。"),
            text=text,
        )


def read_date(text: str) -> date:
    """Return the day that was typed.

    Reads 2026-03-05, 2026.3.5, 2026/3/5, 20260305, 2026年3月5日 and 二〇二六年三月五日, with
    full-width digits and blanks; a midnight behind it, as spreadsheets write, is dropped.

    Raises:
        DateEntryError: another form, a year of two digits, or a day that does not exist.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if len(plain) > LONGEST:
        raise DateEntryError(text=text)
    plain = "".join(MIDNIGHT.sub("", plain).split())
    try:
        if match := SEPARATED.fullmatch(plain):
            return date(int(match[1]), int(match[3]), int(match[4]))
        if match := CHINESE.fullmatch(plain) or EIGHT_DIGITS.fullmatch(plain):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := CHINESE_DAY.fullmatch(plain):
            return date(_year(match[1]), small_number(match[2]), small_number(match[3]))
    except ValueError as error:
        raise DateEntryError(text=text) from error
    raise DateEntryError(text=text)


def read_amount(text: str) -> Decimal:
    """Return the yuan that were typed, 0 or more, with two decimals.

    Reads separators in groups of three, full-width digits, ¥ or 人民币 in front, 元 behind,
    the units 千 万 百万 千万 亿, and capital numerals. Scientific notation is refused: one
    that shows 1.23E+17 has lost digits.

    Raises:
        AmountEntryError: another form, a minus, or a fraction of a cent.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if CAPITALS.search(plain):
        try:
            return read_rmb_upper(plain)
        except AmountInWordsError as error:
            raise AmountEntryError(text=text) from error
    match = AMOUNT.fullmatch(plain) if len(plain) <= LONGEST else None
    if match is None:
        raise AmountEntryError(text=text)
    digits = match["digits"].replace(",", "") + (match["decimals"] or "")
    amount = Decimal(digits) * UNITS.get(match["unit"] or "", 1)
    if amount >= Decimal(10) ** MOST_DIGITS or amount != yuan(amount):
        raise AmountEntryError(text=text)
    return yuan(amount)


class PercentEntryError(RuleError):
    """The text is no percentage that can be read without guessing."""

    def __init__(self, *, text: str) -> None:
        super().__init__(_l("“{text}”不是可识别的百分比，请写成 4.35 或 4.35%。"), text=text)


def read_percent(text: str) -> Decimal:
    """Return the percent that was typed, 0 to 100: 4.35 and 4.35% are the same.

    Raises:
        PercentEntryError: another form, or above 100.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    match = PERCENT.fullmatch(plain)
    if match is None or Decimal(match[1]) > MOST_PERCENT:
        raise PercentEntryError(text=text[:LONGEST])
    return Decimal(match[1])


def small_number(text: str) -> int:
    """Return a number from 1 to 99 in Arabic or plain Chinese numerals: 12, 三, 十五, 二十一.

    Raises:
        ValueError: the text is no such number.
    """
    plain = unicodedata.normalize("NFKC", text).replace("两", "二")
    if re.fullmatch(r"[0-9]{1,2}", plain):
        return int(plain)
    tens, ten, ones = plain.rpartition(TEN)
    if not plain or len(tens) > 1 or len(ones) > 1:
        raise ValueError(text)
    value = CHINESE_DIGITS.index(ones) if ones else 0
    return value + (10 * (CHINESE_DIGITS.index(tens) if tens else 1) if ten else 0)


def count_in(text: str) -> int | None:
    """Return a count as papers print it: digits of either width, or Chinese up to 九十九.

    None where it is neither.
    """
    plain = unicodedata.normalize("NFKC", text)
    if re.fullmatch(r"[0-9]{1,9}", plain):
        return int(plain)
    try:
        return small_number(plain)
    except ValueError:
        return None


def _year(text: str) -> int:
    digits = text.replace("○", "〇").replace("零", "〇")
    return int("".join(str(CHINESE_DIGITS.index(char)) for char in digits))

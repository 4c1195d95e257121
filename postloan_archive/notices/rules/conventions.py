"""How letters and court papers look (R-H07): figures, dates, page, fonts, leftovers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.law import Confidence
from postloan_archive.kernel.money import yuan
from postloan_archive.kernel.statutes import HOUSE_RULE
from postloan_archive.notices.rules.fields import PLACEHOLDER

FORMAT: Final = HOUSE_RULE.at("文书格式", rule="R-H07", confidence=Confidence.MEMORY)

DIGITS: Final = "〇一二三四五六七八九"  # a closing date writes 〇, not 零
TEN: Final = 10
ISO_DAY: Final = re.compile(r"\b\d{4}-\d{2}-\d{2}\b", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFormat:
    """A4 margins in millimetres and the fonts with their free stand-ins."""

    top_mm: Decimal
    bottom_mm: Decimal
    left_mm: Decimal
    right_mm: Decimal
    title_fonts: tuple[str, ...]
    body_fonts: tuple[str, ...]


OFFICIAL_LETTER: Final = PageFormat(
    top_mm=Decimal(37),
    bottom_mm=Decimal(35),
    left_mm=Decimal(28),
    right_mm=Decimal(26),
    title_fonts=("方正小标宋简体", "宋体"),
    body_fonts=("仿宋_GB2312", "仿宋", "FangSong"),
)
COURT_PAPER: Final = PageFormat(
    top_mm=Decimal("25.4"),
    bottom_mm=Decimal("25.4"),
    left_mm=Decimal("31.8"),
    right_mm=Decimal("31.8"),
    title_fonts=("方正小标宋简体", "宋体"),
    body_fonts=("仿宋_GB2312", "仿宋", "FangSong"),
)


def amount_in_figures(amount: Decimal) -> str:
    """Return ¥ with thousands separators and two decimals."""
    return f"¥{yuan(amount):,}"


def date_in_body(day: date) -> str:
    """Return a date as 2026年3月2日."""
    return f"{day.year}年{day.month}月{day.day}日"


def days_in_body(text: str) -> str:
    """Return a sentence with its ISO days written as 2026年3月2日."""
    return ISO_DAY.sub(lambda found: date_in_body(date.fromisoformat(found.group())), text)


def _up_to_99(number: int) -> str:
    tens, ones = divmod(number, TEN)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{DIGITS[tens]}十")
    return head + (DIGITS[ones] if ones else "")


def date_in_closing(day: date) -> str:
    """Return a date in Chinese numerals, such as 二〇二六年三月二日."""
    year = "".join(DIGITS[int(digit)] for digit in f"{day.year:04d}")
    return f"{year}年{_up_to_99(day.month)}月{_up_to_99(day.day)}日"


def leftovers(paragraphs: Iterable[str]) -> tuple[tuple[int, str], ...]:
    """Return (paragraph from 1, text found) of each placeholder left: export must fail."""
    return tuple(
        (number, match.group())
        for number, text in enumerate(paragraphs, start=1)
        for match in PLACEHOLDER.finditer(text)
    )


def mail_content(title: str, contract_no: str, amount: Decimal) -> str:
    """Return the description of contents for the EMS slip: it proves what was sent."""
    return f"《{title}》（合同号{contract_no}，金额{yuan(amount):,}元）"

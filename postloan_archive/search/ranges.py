"""Dates and amounts: as a person types a range, and as they stand in a page."""

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from postloan_archive.search.normal import fold
from postloan_archive.search.tree import AmountRange, DateRange

_DATE: Final = re.compile(
    r"(\d{4})(?:年(?:(\d{1,2})月(?:(\d{1,2})日?)?)?"
    r"|[-/.](\d{1,2})(?:[-/.](\d{1,2}))?|(\d{2})(\d{2})?)?"
)
_BETWEEN: Final = re.compile(
    r"\s*(?:\.\.+|…+|~|〜|至|到|(?<=[\s\d元万亿日月年])to(?=[\s\d¥]))\s*"
)
_OPEN: Final = re.compile(r"(>=|<=|≥|≤|>|<|=)?\s*(.+)")
_UNITS: Final = {"": 1, "万": 10_000, "亿": 100_000_000}
_MONEY: Final = re.compile(r"[¥$]?\s*(\d[\d,]{0,24}(?:\.\d{1,6})?)\s*([万亿]?)元?")
_IN_TEXT: Final = re.compile(r"(?<![\d.,])(\d[\d,]*)(\.\d+)?([万亿]?)(元?)")
_LIKELY: Final = re.compile(r"[元万亿]|\d[.,]\d")
_TWO_PLACES: Final = 3  # a point and two digits
_MOST_CENTS: Final = 10**17


def date_range(typed: str) -> DateRange | None:
    """Return what `2024`, `2024-03..2024-06`, `>=2024年3月1日` or `[a TO b]` means."""
    plain = _plain(typed)
    ends = _BETWEEN.split(plain)
    if len(ends) == 2:  # noqa: PLR2004 - from and to
        first, last = (_days(end) if end else None for end in ends)
        if not any(ends) or (ends[0] and first is None) or (ends[1] and last is None):
            return None
        return DateRange(first=first[0] if first else None, last=last[1] if last else None)
    found = _OPEN.fullmatch(plain)
    days = _days(found[2]) if found else None
    if found is None or days is None:
        return None
    return _dates_by(found[1], *days)


def _dates_by(sign: str | None, first: date, last: date) -> DateRange:
    match sign:
        case ">=" | "≥":
            return DateRange(first=first, last=None)
        case "<=" | "≤":
            return DateRange(first=None, last=last)
        case ">":
            return DateRange(first=_shift(last, 1), last=None)
        case "<":
            return DateRange(first=None, last=_shift(first, -1))
        case _:
            return DateRange(first=first, last=last)


def amount_range(typed: str) -> AmountRange | None:
    """Return what `100000..20万`, `>=1,000.00` or `5000元` means, in yuan."""
    plain = _plain(typed)
    ends = _BETWEEN.split(plain)
    if len(ends) == 2:  # noqa: PLR2004 - from and to
        low = _money(ends[0]) if ends[0] else None
        high = _money(ends[1]) if ends[1] else None
        if (ends[0] and low is None) or (ends[1] and high is None) or not (ends[0] or ends[1]):
            return None
        return AmountRange(low=low, high=high)
    found = _OPEN.fullmatch(plain)
    value = _money(found[2]) if found else None
    if found is None or value is None:
        return None
    return _amounts_by(found[1], value)


def _amounts_by(sign: str | None, value: Decimal) -> AmountRange:
    cent = Decimal("0.01")
    match sign:
        case ">=" | "≥":
            return AmountRange(low=value, high=None)
        case "<=" | "≤":
            return AmountRange(low=None, high=value)
        case ">":
            return AmountRange(low=value + cent, high=None)
        case "<":
            return AmountRange(low=None, high=value - cent)
        case _:
            return AmountRange(low=value, high=value)


def amounts_in(folded: str) -> frozenset[int]:
    """Return the amounts that a page names, in cents; takes what `fold_but_separators` gives.

    An amount is a number followed by 元, 万 or 亿, with exactly two decimals, or with thousand
    separators; other numbers (years, articles, identifiers) are not.
    """
    if not _LIKELY.search(folded):
        return frozenset()
    found = set()
    for number in _IN_TEXT.finditer(folded):
        whole, places, unit, yuan = number.groups()
        grouped = "," in whole and re.fullmatch(r"\d{1,3}(?:,\d{3})+,*", whole)
        money = bool(unit or yuan or grouped or (places and len(places) == _TWO_PLACES))
        if money and ("," not in whole.rstrip(",") or grouped):
            cents = _cents(whole.replace(",", "") + (places or ""), unit)
            if cents is not None:
                found.add(cents)
    return frozenset(found)


def field_cents(value: str) -> int | None:
    """Return the amount of the field `amount`, in cents, or None if it is not one."""
    money = _money(_plain(value))
    return None if money is None else _cents(str(money), "")


def _cents(number: str, unit: str) -> int | None:
    cents = int(Decimal(number) * _UNITS[unit] * 100)
    return cents if cents < _MOST_CENTS else None


def _plain(typed: str) -> str:
    return fold(typed).strip().removeprefix("(").removesuffix(")").strip()


def _shift(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def _days(typed: str) -> tuple[date, date] | None:
    """Return the first and last day of a day, month or year."""
    found = _DATE.fullmatch(typed.strip())
    if found is None:
        return None
    year = int(found[1])
    month = found[2] or found[4] or found[6]
    day = found[3] or found[5] or found[7]
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            last = monthrange(year, int(month))[1]
            return date(year, int(month), 1), date(year, int(month), last)
        exact = date(year, int(month), int(day))
    except ValueError:  # no such day in the calendar
        return None
    return exact, exact


def _money(typed: str) -> Decimal | None:
    found = _MONEY.fullmatch(typed.strip())
    if found is None:
        return None
    try:
        return Decimal(found[1].replace(",", "")) * _UNITS[found[2]]
    except InvalidOperation:
        return None

"""The formats of a template, as in `{{ amount|yuan }}`: plain value in, plain value out."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from types import MappingProxyType
from typing import Final

from jinja2 import Undefined

from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.money import yuan as to_yuan
from postloan_archive.wordgen.printing import BlankError, as_text
from postloan_archive.wordgen.values import UnprintableValueError
from postloan_archive.wordgen.work import CURRENT

Filter = Callable[..., object]

_HAN_DIGITS: Final = "〇一二三四五六七八九"


def yuan(value: object) -> str:
    """Return an amount as 1,234,567.00."""
    return f"{to_yuan(_number(value)):,.2f}"


def day(value: object) -> str:
    """Return a date as 2026年3月5日; text must be 2026-03-05."""
    moment = _date(value)
    return f"{moment.year}年{moment.month}月{moment.day}日"


def han_day(value: object) -> str:
    """Return a date as 二〇二六年三月五日."""
    moment = _date(value)
    year = "".join(_HAN_DIGITS[int(digit)] for digit in str(moment.year))
    return f"{year}年{_small(moment.month)}月{_small(moment.day)}日"


def default(value: object, other: object = "", boolean: bool = False) -> object:  # noqa: FBT001, FBT002  # the signature of Jinja
    """Return `other` where the value is missing or blank."""
    if isinstance(value, Undefined) or value is None or value == "":
        return other
    return other if boolean and not value else value


def length(value: object) -> int:
    """Return the number of items or characters."""
    if value != "":
        _demand(value)
    if not isinstance(value, str | list | dict):
        raise UnprintableValueError(what="length", reason=_l("没有长度"))
    return len(value)


def join(value: object, between: str = "") -> str:
    """Return the items of a list as one text."""
    _demand(value)
    if not isinstance(value, list):
        raise UnprintableValueError(what="join", reason=_l("不是列表"))
    texts = [as_text(item) for item in value]
    if any(not text for text in texts):
        raise BlankError
    return CURRENT.get().count_text(str(between).join(texts))


def joined(first: object, *others: object) -> str:
    """Return what the operator `~` makes."""
    return CURRENT.get().count_text("".join(as_text(one) for one in (first, *others)))


def counted(items: object) -> object:
    """Return what a loop runs over, its rounds paid for."""
    if items != "":
        _demand(items)
    return CURRENT.get().count_rounds(items)


def trim(value: object) -> str:
    """Return the text without blanks at its ends."""
    return as_text(value).strip()


def lower(value: object) -> str:
    """Return the text in small letters."""
    return as_text(value).lower()


def first(value: object) -> object:
    """Return the first item."""
    return _list(value)[0]


def last(value: object) -> object:
    """Return the last item."""
    return _list(value)[-1]


def absolute(value: object) -> Decimal:
    """Return the number without its sign."""
    return abs(_number(value))


def rounded(value: object, digits: int = 0) -> Decimal:
    """Return the number rounded half up to at most 12 digits after the point."""
    step = Decimal(1).scaleb(-max(0, min(int(digits), 12)))
    return _number(value).quantize(step, rounding=ROUND_HALF_UP)


DEFAULTS: Final[Mapping[str, Filter]] = MappingProxyType({
    "yuan": yuan, "day": day, "han_day": han_day, "default": default, "d": default,
    "length": length, "count": length, "join": join, "trim": trim, "lower": lower,
    "first": first, "last": last, "abs": absolute, "round": rounded,
})  # fmt: skip
"""Formats that every template has; `upper`, an amount in words, is added by the caller."""


def _number(value: object) -> Decimal:
    _demand(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise UnprintableValueError(what=str(type(value).__name__), reason=_l("不是数字"))
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise UnprintableValueError(what=str(value), reason=_l("不是数字")) from error
    if not number.is_finite() or abs(number) >= Decimal(10) ** 20:
        raise UnprintableValueError(what=str(value), reason=_l("数字过大"))
    return number


def _date(value: object) -> date:
    _demand(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise UnprintableValueError(what=str(value), reason=_l("不是日期")) from error


def _list(value: object) -> list[object]:
    _demand(value)
    if not isinstance(value, list):
        raise UnprintableValueError(what="first/last", reason=_l("不是列表"))
    if not value:
        raise BlankError
    return value


def _small(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_HAN_DIGITS[tens]}十"
    return head + (_HAN_DIGITS[ones] if ones or not tens else "")


def _demand(value: object) -> None:
    """Raise where a value is missing."""
    if isinstance(value, Undefined):
        str(value)  # raises UndefinedError with the name
    if value is None or value == "":
        raise BlankError

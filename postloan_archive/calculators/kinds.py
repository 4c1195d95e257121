"""The kinds of value a request may hold, and how each is read: strictly, never repaired."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final, Protocol

from postloan_archive.calculators.faults import (
    bad_value,
    missing_field,
    nearest,
    shown,
    unknown_field,
)

Given = dict[str, Any]  # values after reading, by the name of their member

DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
TIME: Final = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
PLAIN_NUMBER: Final = re.compile(r"-?[0-9]{1,60}(?:\.[0-9]{1,60})?")
MONEY_BELOW: Final = Decimal(10) ** 16  # yuan
RATE_BELOW: Final = Decimal(10) ** 6  # percent
MOST_DIGITS: Final = 120
INT_LIMIT: Final = 10**9
CENTS: Final = 2


class Kind(Protocol):
    """Reads one JSON value or refuses it."""

    @property
    def form(self) -> str:
        """Return the Chinese name of the format, for pages and messages."""
        ...

    def read(self, value: object, at: str) -> object:
        """Return the value as the rules take it; `at` names it in a refusal."""
        ...


@dataclass(frozen=True, slots=True)
class DateKind:
    """`YYYY-MM-DD` and nothing else."""

    form: str = "日期（YYYY-MM-DD）"

    def read(self, value: object, at: str) -> date:
        """Return the civil date."""
        if isinstance(value, str) and DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        raise bad_value(at, f"“{shown(value)}”不是有效日期，应为 YYYY-MM-DD。")


@dataclass(frozen=True, slots=True)
class MomentKind:
    """`YYYY-MM-DDTHH:MM`, seconds and a blank instead of T accepted; local time in China."""

    form: str = "时刻（YYYY-MM-DDTHH:MM）"

    def read(self, value: object, at: str) -> datetime:
        """Return the naive local time."""
        if isinstance(value, str) and MOMENT.fullmatch(value):
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                pass
        raise bad_value(at, f"“{shown(value)}”不是有效时刻，应为 YYYY-MM-DDTHH:MM。")


@dataclass(frozen=True, slots=True)
class TimeKind:
    """`HH:MM` or `HH:MM:SS`."""

    form: str = "时间（HH:MM）"

    def read(self, value: object, at: str) -> time:
        """Return the local time of day."""
        if isinstance(value, str) and TIME.fullmatch(value):
            try:
                return time.fromisoformat(value)
            except ValueError:
                pass
        raise bad_value(at, f"“{shown(value)}”不是有效时间，应为 HH:MM 或 HH:MM:SS。")


def _number(value: object) -> Decimal | None:
    """Return a JSON number or a decimal string as it is written, None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, str) and PLAIN_NUMBER.fullmatch(value):
        return Decimal(value)
    return None


def _decimals(number: Decimal) -> int:
    """Return how many decimals the digits show."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)  # the number is finite
    return max(0, -exponent)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyKind:
    """Yuan: at most two decimals, no separators, 0 or more, or above 0."""

    positive: bool = False

    @property
    def form(self) -> str:
        """Return the Chinese name of the format."""
        return "金额（元，大于 0）" if self.positive else "金额（元）"

    def read(self, value: object, at: str) -> Decimal:
        """Return the amount in yuan."""
        number = _number(value)
        if number is None or number < 0 or (isinstance(value, str) and value[0] == "-"):
            raise bad_value(at, f"“{shown(value)}”不是有效金额，应为不小于 0 的十进制数。")
        if number >= MONEY_BELOW:
            raise bad_value(at, f"金额“{shown(value)}”过大，应小于 10 的 16 次方。")
        if _decimals(number) > CENTS:
            raise bad_value(at, f"金额“{shown(value)}”最多两位小数。")
        if self.positive and not number:
            raise bad_value(at, "金额必须大于 0。")
        return abs(number).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberKind:
    """A decimal within limits, both ends included; any number of decimals."""

    form: str
    low: Decimal | None
    high: Decimal

    def read(self, value: object, at: str) -> Decimal:
        """Return the number exactly as written."""
        number = _number(value)
        if number is None:
            raise bad_value(at, f"“{shown(value)}”不是十进制数。")
        low = -self.high if self.low is None else self.low
        if not low <= number <= self.high or _decimals(number) > MOST_DIGITS:
            raise bad_value(at, f"“{shown(value)}”超出范围（{self.form}）。")
        return number


@dataclass(frozen=True, slots=True, kw_only=True)
class IntKind:
    """A JSON integer within limits, both ends included; true and 1.0 are none."""

    low: int | None = None
    high: int = INT_LIMIT

    @property
    def form(self) -> str:
        """Return the Chinese name of the format."""
        return "整数" if self.low is None else f"整数（不小于 {self.low}）"

    def read(self, value: object, at: str) -> int:
        """Return the integer."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise bad_value(at, f"“{shown(value)}”不是整数。")
        low = -self.high if self.low is None else self.low
        if not low <= value <= self.high:
            raise bad_value(at, f"{shown(value)} 超出范围，应在 {low} 至 {self.high} 之间。")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOfKind:
    """A JSON integer out of a few."""

    values: tuple[int, ...]

    @property
    def form(self) -> str:
        """Return the Chinese name of the format."""
        return " 或 ".join(str(value) for value in self.values)

    def read(self, value: object, at: str) -> int:
        """Return the integer."""
        if isinstance(value, bool) or not isinstance(value, int) or value not in self.values:
            raise bad_value(at, f"“{shown(value)}”无效，只能是 {self.form}。")
        return value


@dataclass(frozen=True, slots=True)
class BoolKind:
    """JSON true or false."""

    form: str = "是或否（true/false）"

    def read(self, value: object, at: str) -> bool:
        """Return the truth value."""
        if not isinstance(value, bool):
            raise bad_value(at, f"“{shown(value)}”不是 true 或 false。")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class TextKind:
    """Any text; blank only where that is allowed."""

    blank: bool = True
    form: str = "文字"

    def read(self, value: object, at: str) -> str:
        """Return the text as it is."""
        if not isinstance(value, str):
            raise bad_value(at, f"“{shown(value)}”不是文字。")
        if not self.blank and not value.strip():
            raise bad_value(at, "不能为空。")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceKind:
    """One of a few words, each with its Chinese label.

    Attributes:
        choices: word to label, in the order of a list box.
        make: turns the word into what the rules take.
        fold: the word counts without regard to case.
    """

    choices: Mapping[str, str]
    make: Callable[[str], object] = str
    fold: bool = False

    @property
    def form(self) -> str:
        """Return the Chinese name of the format."""
        return "选项"

    def read(self, value: object, at: str) -> object:
        """Return what `make` makes of the word."""
        if isinstance(value, str):
            word = value
            if self.fold:
                words = {name.casefold(): name for name in self.choices}
                word = words.get(value.casefold(), value)
            if word in self.choices:
                return self.make(word)
        raise bad_value(
            at,
            f"“{shown(value)}”不在可选值之内：{'、'.join(self.choices)}。",
            nearest(value, self.choices),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NullKind:
    """Another kind, or JSON null."""

    kind: Kind

    @property
    def form(self) -> str:
        """Return the Chinese name of the format."""
        return f"{self.kind.form}，可为空"

    def read(self, value: object, at: str) -> object:
        """Return None or what the inner kind reads."""
        return None if value is None else self.kind.read(value, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListKind:
    """An array; a refusal names the array, and the place of the element in the sentence.

    Members of objects in it are named by their path, such as `segments[0].start`.
    """

    kind: Kind
    least: int = 0

    @property
    def form(self) -> str:
        """Return the Chinese name of the format."""
        return f"数组：{self.kind.form}"

    def read(self, value: object, at: str) -> tuple[object, ...]:
        """Return the elements in order."""
        if not isinstance(value, list):
            raise bad_value(at, f"“{shown(value)}”不是数组。")
        if len(value) < self.least:
            raise bad_value(at, f"数组至少需要 {self.least} 个元素。")
        return tuple(
            self.kind.read(element, f"{at}[{number}]" if isinstance(element, dict) else at)
            for number, element in enumerate(value)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One member of a request.

    Attributes:
        name: as callers write it.
        label: Chinese, for pages and explanations.
        kind: what it holds.
        required: must be given.
        default: what the rule sees when it is not given.
    """

    name: str
    label: str
    kind: Kind
    required: bool = True
    default: object = None


def read_members(value: object, fields: tuple[Field, ...], at: str = "") -> Given:
    """Return the members of an object by name, defaults filled in.

    Args:
        value: the JSON object.
        fields: the members it may have.
        at: its path with a closing dot, empty for the input itself.

    Raises:
        RequestError: first unknown members, then missing ones, then bad values.
    """
    if not isinstance(value, dict):
        raise bad_value(at.removesuffix(".") or "input", "应为 JSON 对象。")
    names = tuple(member.name for member in fields)
    for name in value:
        if name not in names:
            raise unknown_field(name, names, at=at)
    for member in fields:
        if member.required and member.name not in value:
            raise missing_field(f"{at}{member.name}", member.label)
    return {
        member.name: member.kind.read(value[member.name], f"{at}{member.name}")
        if member.name in value
        else member.default
        for member in fields
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectKind:
    """An object with fixed members, turned into what the rules take."""

    fields: tuple[Field, ...]
    make: Callable[[Given], object] = field(default=dict)

    @property
    def form(self) -> str:
        """Return the Chinese name of the format."""
        return "对象"

    def read(self, value: object, at: str) -> object:
        """Return what `make` makes of the members."""
        return self.make(read_members(value, self.fields, f"{at}."))

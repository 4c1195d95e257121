"""The fields that several calculators share, and the short ways to write one."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from postloan_archive.calculators.functions import Member, Shape
from postloan_archive.calculators.kinds import (
    RATE_BELOW,
    BoolKind,
    ChoiceKind,
    DateKind,
    Field,
    IntKind,
    Kind,
    ListKind,
    MoneyKind,
    NullKind,
    NumberKind,
    OneOfKind,
    TextKind,
)

DATE: Final = DateKind()
BOOL: Final = BoolKind()
MONEY: Final = MoneyKind()
POSITIVE: Final = MoneyKind(positive=True)
RATE: Final = NumberKind(form="百分数，不小于 0", low=Decimal(0), high=RATE_BELOW)
POINTS: Final = NumberKind(form="基点，可为负", low=None, high=RATE_BELOW)
MULTIPLIER: Final = NumberKind(form="倍数，不小于 1", low=Decimal(1), high=RATE_BELOW)
RATIO: Final = NumberKind(form="比例，0 至 1", low=Decimal(0), high=Decimal(1))
COUNT: Final = IntKind(low=0)
AT_LEAST_ONE: Final = IntKind(low=1)
ANY_INT: Final = IntKind()
TEXT: Final = TextKind()
WORDS: Final = TextKind(blank=False)
DATES: Final = ListKind(kind=DATE)
DAY_BASIS: Final = OneOfKind(values=(360, 365))
MONTHS: Final = IntKind(low=1, high=12_000)  # a thousand years; the plan is built row by row


def need(name: str, label: str, kind: Kind) -> Field:
    """Return a required member."""
    return Field(name=name, label=label, kind=kind)


def may(name: str, label: str, kind: Kind, default: object = None) -> Field:
    """Return an optional member; a null default means that null may be given."""
    return Field(
        name=name,
        label=label,
        kind=NullKind(kind=kind) if default is None else kind,
        required=False,
        default=default,
    )


def maybe(name: str, label: str, kind: Kind) -> Field:
    """Return an optional member that is never null where it is given."""
    return Field(name=name, label=label, kind=kind, required=False)


def flag(name: str, label: str, *, default: bool = False) -> Field:
    """Return an optional truth value."""
    return may(name, label, BOOL, default)


def choice(labels: Mapping[str, str], make: Callable[[str], object] = str) -> ChoiceKind:
    """Return a choice among words with labels."""
    return ChoiceKind(choices=labels, make=make)


def choice_of(enum: type[StrEnum], *labels: str) -> ChoiceKind:
    """Return a choice among the values of an enumeration; labels in their order."""
    words = [member.value for member in enum]
    return ChoiceKind(choices=dict(zip(words, labels or words, strict=True)), make=enum)


CALENDAR: Final = may("calendar_loaded_until", "工作日历已载入至", DATE)
BASIS: Final = need("basis", "计息基数（天）", DAY_BASIS)


def money(name: str, label: str) -> Member:
    """Return a result with exactly two decimals."""
    return Member(name=name, label=label, shape=Shape.MONEY)


def rate(name: str, label: str) -> Member:
    """Return a result that is never rounded."""
    return Member(name=name, label=label, shape=Shape.RATE)


def plain(name: str, label: str, *, optional: bool = False) -> Member:
    """Return a result written as it is."""
    return Member(name=name, label=label, optional=optional)


def values(source: Any, *names: str) -> dict[str, object]:  # noqa: ANN401 -- any result class
    """Return the named attributes of a result."""
    return {name: getattr(source, name) for name in names}

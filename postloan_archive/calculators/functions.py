"""What a calculator is: its name, its forms of input, its results and the rule behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from postloan_archive.calculators.kinds import Field, Given
from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.law import Citation, Derived
from postloan_archive.kernel.money import yuan
from postloan_archive.kernel.policy import LawPolicy

LEAST_DECIMALS: Final = 2


class Shape(StrEnum):
    """How a result is written in JSON."""

    MONEY = "money"  # exactly two decimals
    RATE = "rate"  # exact, at least two decimals
    PLAIN = "plain"  # text, integer, truth value, date or moment as they are


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of a result; always present unless `optional`."""

    name: str
    label: str
    shape: Shape = Shape.PLAIN
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a rule answered, by the names of the result members."""

    values: Mapping[str, object]
    basis: tuple[Citation, ...]
    steps: tuple[str, ...] = ()
    edition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What an installation has set: its own working days and its own settings of the rules."""

    calendar: WorkCalendar
    policy: LawPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to fill in the input; most functions have a single one."""

    fields: tuple[Field, ...]
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A calculator.

    Attributes:
        name: as callers write it.
        label: Chinese title.
        rules: ids of the rules it follows.
        forms: the ways to fill in the input.
        results: the members of the answer.
        run: takes the values read, calls the rule.
        choose: picks the form for a raw input; None takes the only one.
        takes_policy: the rule reads settings of the bank; `run` finds them as `policy`.
        takes_calendar: `run` finds the working days as `calendar` although no field names them.
    """

    name: str
    label: str
    rules: tuple[str, ...]
    forms: tuple[Form, ...]
    results: tuple[Member, ...]
    run: Callable[[Given], Outcome]
    choose: Callable[[Mapping[str, object]], Form] | None = None
    takes_policy: bool = False
    takes_calendar: bool = False

    @property
    def group(self) -> str:
        """Return the letter of the rule group."""
        return self.rules[0].removeprefix("R-")[0]

    def form(self, given: Mapping[str, object]) -> Form:
        """Return the form that fits the input."""
        return self.forms[0] if self.choose is None else self.choose(given)


def outcome(derived: Derived[Any], name: str = "") -> Outcome:
    """Return the members of a derived value: its own, or the value itself under `name`."""
    value = derived.value
    values = (
        {item.name: getattr(value, item.name) for item in fields(value)}
        if not name and is_dataclass(value)
        else {name: value}
    )
    return Outcome(
        values=values, basis=derived.basis, steps=derived.steps, edition=derived.edition
    )


def rate_text(value: Decimal) -> str:
    """Return a rate exactly, with at least two decimals."""
    whole, _, decimals = f"{value:f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(LEAST_DECIMALS, '0')}"


def written(value: object, shape: Shape) -> object:
    """Return a result as JSON writes it."""
    match value:
        case None | bool():
            return value
        case Mapping():
            return {name: written(item, shape) for name, item in value.items()}
        case tuple() | list():
            return [written(item, shape) for item in value]
        case _:
            return _single(value, shape)


def _single(value: object, shape: Shape) -> str | int:
    """Return one figure, moment, date or word as JSON writes it."""
    match value:
        case Decimal():
            return rate_text(value) if shape is Shape.RATE else str(yuan(value))
        case datetime():
            return value.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
        case date():
            return value.isoformat()
        case int():
            return value
        case _:
            return str(value)

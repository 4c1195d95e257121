"""What a query means: a small tree that every adapter evaluates alike."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Pages that contain one of the folded `forms` in one of the `fields`."""

    forms: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """Pages whose fact `kind` is exactly `value`."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRange:
    """Pages of documents dated from `first` to `last`, both included; None is open."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountRange:
    """Pages that name an amount from `low` to `high` yuan, both included; None is open."""

    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts; no part means every page."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the parts."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The pages that are not in the part."""

    part: "Node"


Leaf = Word | Tag | DateRange | AmountRange
Node = Leaf | And | Or | Not
ALL: And = And(())


def sought(node: Node) -> tuple[Word, ...]:
    """Return the words that a hit may contain, in order, without those under a NOT."""
    match node:
        case Word():
            return (node,)
        case And(parts) | Or(parts):
            return tuple(dict.fromkeys(word for part in parts for word in sought(part)))
        case _:
            return ()

"""How a field of a rule looks on a form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from postloan_archive.calculators.entries import NO, YES
from postloan_archive.calculators.kinds import (
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
from postloan_archive.kernel.errors import _l

LONG_TEXT: Final = frozenset({"clause", "text"})
CODE: Final = re.compile(r"[A-Z]{2}[0-9]{2}")  # an item of the loan file, shown with its title
TRUTH: Final = ((YES, _l("是")), (NO, _l("否")))
DAY: Final = "2026-03-05"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One column of a table of rows."""

    name: str
    label: str
    shape: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One field.

    Attributes:
        shape: text, number, area, choice, many (boxes) or rows.
        options: value and label, for choice and many.
        texts: what was typed, several for many.
        cells: the columns of rows.
        rows: what stands in them, blank ones at the end.
    """

    name: str
    label: str
    shape: str
    options: tuple[tuple[str, str], ...]
    texts: tuple[str, ...]
    cells: tuple[Cell, ...]
    rows: tuple[Mapping[str, str], ...]
    hint: str
    fault: str
    required: bool
    placeholder: str


def input_of(
    field: Field,
    *,
    texts: Sequence[str],
    rows: Sequence[Mapping[str, str]],
    columns: Sequence[Field],
    hint: str,
    fault: str,
    required: bool,
) -> Input:
    """Return how the field is drawn with what was typed into it."""
    kind = _plain(field.kind)
    shape, options = _shape(field.name, kind, field.default)
    return Input(
        name=field.name,
        label=field.label,
        shape="rows" if columns else shape,
        options=options,
        texts=tuple(texts),
        cells=tuple(
            Cell(name=one.name, label=one.label, shape=shape, options=options)
            for one in columns
            for shape, options in [_shape(one.name, _plain(one.kind), one.default)]
        ),
        rows=tuple(rows),
        hint=hint,
        fault=fault,
        required=required,
        placeholder=DAY if isinstance(kind, DateKind) else "",
    )


def _plain(kind: Kind) -> Kind:
    return kind.kind if isinstance(kind, NullKind) else kind


def _shape(  # noqa: PLR0911 - one answer for each kind
    name: str, kind: Kind, default: object
) -> tuple[str, tuple[tuple[str, str], ...]]:
    match kind:
        case ChoiceKind():
            return "choice", tuple(kind.choices.items())
        case BoolKind():
            usual = {True: YES, False: NO}.get(default) if isinstance(default, bool) else None
            return "choice", tuple(sorted(TRUTH, key=lambda one: one[0] != usual))
        case OneOfKind():
            return "choice", tuple((str(one), str(one)) for one in kind.values)
        case ListKind(kind=ChoiceKind() as inner):
            return "many", tuple(
                (key, f"{key} {label}" if CODE.fullmatch(key) else label)
                for key, label in inner.choices.items()
            )
        case ListKind():
            return "area", ()
        case MoneyKind() | NumberKind() | IntKind():
            return "number", ()
        case TextKind() if name in LONG_TEXT:
            return "area", ()
        case _:
            return "text", ()

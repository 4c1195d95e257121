"""What a person types into a calculator, turned into the request that a program would send.

Dates, amounts and digits are read as `kernel.entries` reads them; anything else is passed on as
it stands, and the kind of the field refuses it with its own sentence.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from postloan_archive.calculators.kinds import (
    BoolKind,
    ChoiceKind,
    DateKind,
    Field,
    IntKind,
    Kind,
    ListKind,
    MomentKind,
    MoneyKind,
    NullKind,
    NumberKind,
    ObjectKind,
    OneOfKind,
    TextKind,
    TimeKind,
)
from postloan_archive.calculators.limitation import ACTS, ActOfCreditorKind
from postloan_archive.kernel.entries import read_amount, read_date
from postloan_archive.kernel.errors import RuleError
from postloan_archive.loans.rules.guarantee import ACT_LABELS, ActKind

YES: Final = "yes"
NO: Final = "no"
LARGEST: Final = 4_000  # characters of one entry
MOST_ROWS: Final = 400
SEPARATORS: Final = re.compile(r"[\n、,;]+")
COUNTED: Final = re.compile(r"(-?[0-9]+)(?:天|日|个月|月|年|期|人|次|小时)?")
RATE: Final = re.compile(r"(-?[0-9.,]+)(?:%|BP|bp|个?基点)?")
MOMENT: Final = re.compile(r"(.+?)[ T](\d{1,2}:\d{2}(?::\d{2})?)")
TWO_DIGITS: Final = 2


class Texts(Protocol):
    """The fields of an address or a form: several texts under one name, as in werkzeug."""

    def getlist(self, key: str) -> list[str]:
        """Return the texts of a name in order."""
        ...

    def __contains__(self, key: str) -> bool:
        """Return whether the name was sent."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form as it was typed.

    Attributes:
        given: the raw input for the rule, blanks left out.
        faults: name of the field to the sentence that says what is wrong with it.
        blank: required fields without a text.
    """

    given: dict[str, object] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    blank: frozenset[str] = frozenset()


def fill(fields: Sequence[Field], texts: Texts) -> Filled:
    """Return what the texts say about the fields."""
    given: dict[str, object] = {}
    faults: dict[str, str] = {}
    blank = set()
    for one in fields:
        kind, may_be_null = _inner(one.kind)
        try:
            found = _found(kind, one.name, texts)
        except RuleError as error:
            faults[one.name] = str(error)
            continue
        if found is not None:
            given[one.name] = found
        elif one.required and may_be_null:
            given[one.name] = None
        elif one.required:
            blank.add(one.name)
    return Filled(given=given, faults=faults, blank=frozenset(blank))


def columns(kind: Kind) -> tuple[Field, ...]:
    """Return the columns of a list of objects; empty for any other kind."""
    inner, _ = _inner(kind)
    if not isinstance(inner, ListKind):
        return ()
    if isinstance(inner.kind, ActOfCreditorKind):
        return ACT_COLUMNS
    return inner.kind.fields if isinstance(inner.kind, ObjectKind) else ()


def rows_of(name: str, of: Sequence[Field], texts: Texts) -> list[dict[str, str]]:
    """Return the typed rows of a table, blank ones too, as `name.column` carries them."""
    lists = {one.name: texts.getlist(f"{name}.{one.name}") for one in of}
    count = min(max(map(len, lists.values()), default=0), MOST_ROWS)
    return [
        {key: (column[at] if at < len(column) else "") for key, column in lists.items()}
        for at in range(count)
    ]


def _found(kind: Kind, name: str, texts: Texts) -> object:
    """Return what was typed under a name, None for nothing."""
    of = columns(kind)
    if of:
        rows = [row for row in rows_of(name, of, texts) if any(map(str.strip, row.values()))]
        if not rows and f"{name}.{of[0].name}" not in texts:
            return None
        return [_row(kind, of, row) for row in rows]
    if isinstance(kind, ListKind):
        found: list[object] = []
        for text in texts.getlist(name):
            found += _several(kind.kind, text[:LARGEST])
        return found if found or name in texts else None
    text = next(iter(texts.getlist(name)), "")[:LARGEST]
    return read_text(kind, text) if text.strip() else None


def _several(kind: Kind, text: str) -> Iterator[object]:
    if isinstance(kind, ChoiceKind):
        yield text
        return
    for part in SEPARATORS.split(unicodedata.normalize("NFKC", text)):
        if part.strip():
            yield read_text(kind, part.strip())


def _row(kind: Kind, of: Sequence[Field], row: Mapping[str, str]) -> dict[str, object]:
    """Return one object of a list; blanks are left out."""
    if isinstance(kind, ListKind) and isinstance(kind.kind, ActOfCreditorKind):
        return _act(row)
    found = {}
    for one in of:
        inner, may_be_null = _inner(one.kind)
        text = row[one.name].strip()
        if text:
            found[one.name] = read_text(inner, text)
        elif one.required and may_be_null:
            found[one.name] = None
        elif one.required and isinstance(inner, BoolKind):
            found[one.name] = False
    return found


def _act(row: Mapping[str, str]) -> dict[str, object]:
    """Return one act of the creditor; which days it has depends on what was done."""
    found: dict[str, object] = {"act": row["act"]}
    if row["act"] not in set(ActKind):
        return found
    dates = [one.name for one in ACTS[ActKind(row["act"])] if _is_date(one.kind)]
    for name, text in zip(dates, (row["on"], row["second"]), strict=False):
        if text.strip():
            found[name] = read_text(DateKind(), text)
    if row["guarantor"].strip():
        found["guarantor"] = row["guarantor"].strip()
    return found


def _is_date(kind: Kind) -> bool:
    return isinstance(_inner(kind)[0], DateKind)


ACT_COLUMNS: Final = (
    Field(
        name="act",
        label="行为",
        kind=ChoiceKind(choices={str(act): label for act, label in ACT_LABELS.items()}),
    ),
    Field(name="on", label="到达、提起或撤回日", kind=DateKind()),
    Field(name="second", label="发出日或副本送达日", kind=DateKind(), required=False),
    Field(name="guarantor", label="针对的保证人", kind=TextKind(), required=False),
)


def read_text(kind: Kind, text: str) -> object:  # noqa: PLR0911 - one answer for each kind
    """Return the JSON value that a text stands for.

    Raises:
        DateEntryError, AmountEntryError: a day or an amount that cannot be read.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    match kind:
        case DateKind():
            return read_date(text).isoformat()
        case MoneyKind():
            return str(read_amount(text))
        case MomentKind():
            parts = MOMENT.fullmatch(plain)
            if parts is None:
                return plain
            return f"{read_date(parts[1]).isoformat()}T{_clock(parts[2])}"
        case TimeKind():
            return _clock(plain)
        case IntKind() | OneOfKind():
            counted = COUNTED.fullmatch(plain.replace(",", ""))
            return int(counted[1]) if counted and len(counted[1]) <= MOST_DIGITS else plain
        case NumberKind():
            rate = RATE.fullmatch(plain.replace(" ", ""))
            return rate[1].replace(",", "") if rate else plain
        case BoolKind():
            return {YES: True, NO: False, "是": True, "否": False}.get(plain, plain)
        case _:
            return text.strip()


MOST_DIGITS: Final = 12


def _clock(text: str) -> str:
    """Return 9:05 as 09:05; what is no time of day stays and is refused by its kind."""
    hour, colon, rest = text.partition(":")
    return f"{hour.zfill(TWO_DIGITS)}{colon}{rest}"


def _inner(kind: Kind) -> tuple[Kind, bool]:
    return (kind.kind, True) if isinstance(kind, NullKind) else (kind, False)

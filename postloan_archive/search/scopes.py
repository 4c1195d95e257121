"""Whose pages a search may touch: rights and filters."""

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person may see; None means all, an empty set means nothing."""

    branch_ids: frozenset[int] | None
    categories: frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a person chose to see; an empty set means no choice, both dates are included."""

    branch_ids: frozenset[int] = frozenset()
    years: frozenset[int] = frozenset()
    categories: frozenset[str] = frozenset()
    item_codes: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()
    loan_nos: frozenset[str] = frozenset()
    document_ids: frozenset[int] = frozenset()
    date_from: date | None = None
    date_to: date | None = None


EVERYTHING: Final = Filters()

"""What the file already knows for a blank of a court paper; a person may say otherwise."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.litigation.matter import Matter
from postloan_archive.litigation.suggesting import (
    annexes,
    complaints,
    enforcement,
    general,
    pleadings,
)

Value = str | date | Decimal | tuple[str, ...] | None
Suggest = Callable[[Matter], Value]

OF_PAPER: Final[Mapping[tuple[str, str], Suggest]] = {
    **complaints.SUGGEST,
    **pleadings.SUGGEST,
    **enforcement.SUGGEST,
    **annexes.SUGGEST,
}


def suggest(matter: Matter, code: str, key: str) -> Value:
    """Return what belongs into a blank by the file, None where the file does not know."""
    own = OF_PAPER.get((code, key))
    if own is not None:
        return own(matter)
    shared = general.SUGGEST.get(key)
    return None if shared is None else shared(matter, code)

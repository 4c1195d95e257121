"""How near a deadline is: the columns of the board and of the level table."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from postloan_archive.kernel.errors import _l

PAST: Final = "past"
LATER: Final = "later"
EDGES: Final = (7, 15, 30, 60, 90)  # days to the safe day, inclusive
MUST_DAYS: Final = 15  # what the desk calls near: urgent in `web.clocks`


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A span of safe days; None is open on that side. Past is decided by the legal day."""

    key: str
    label: str
    first: date | None
    last: date | None


def buckets(today: date) -> tuple[Bucket, ...]:
    """Return past, the five spans and what comes later; together they hold every deadline.

    Past is what lies behind its legal last day (R-002); a safe day that is over while the legal
    one is not belongs to the nearest span.
    """
    found = [Bucket(key=PAST, label=_l("已过"), first=None, last=None)]
    first: date | None = None
    for edge in EDGES:
        last = today + timedelta(days=edge)
        found.append(Bucket(key=str(edge), label=f"≤ {edge}", first=first, last=last))
        first = last + timedelta(days=1)
    found.append(Bucket(key=LATER, label=_l("其后"), first=first, last=None))
    return tuple(found)


def bucket_of(*, safe: date, legal: date, today: date) -> str:
    """Return the key of the bucket that holds a deadline."""
    if legal < today:
        return PAST
    left = (safe - today).days
    return next((str(edge) for edge in EDGES if left <= edge), LATER)

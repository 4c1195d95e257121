"""What every report is asked for."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The filter block of every report; both days are included."""

    since: date
    until: date
    branch_id: int | None = None

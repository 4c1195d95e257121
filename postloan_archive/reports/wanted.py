"""What every report is asked for."""

from dataclasses import dataclass
from datetime import date

from postloan_archive.kernel.errors import RuleError, _l


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The filter block of every report; both days are included."""

    since: date
    until: date
    branch_id: int | None = None


class PeriodError(RuleError):
    """The period ends before it begins."""

    field = "until"

    def __init__(self, *, since: date, until: date) -> None:
        super().__init__(_l("期末 {until} 早于期初 {since}。"), since=since, until=until)

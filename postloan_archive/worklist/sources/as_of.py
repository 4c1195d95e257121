"""The day to look from, with the working days and the settings of the bank known on it."""

from dataclasses import dataclass
from datetime import date

from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.policy import STANDARD_POLICY, LawPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """What every computation of a run has in common."""

    day: date
    calendar: WorkCalendar
    policy: LawPolicy = STANDARD_POLICY

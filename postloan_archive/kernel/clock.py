"""The only place that asks the machine for the time; tests freeze it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, Protocol

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")  # no daylight saving since 1992


class Clock(Protocol):
    """Tells the moment and the civil day."""

    def now(self) -> datetime:
        """Return the moment, aware, in UTC."""
        ...

    def today(self) -> date:
        """Return the civil day in China (R-005)."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the moment, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place

    def today(self) -> date:
        """Return the civil day in China (R-005)."""
        return self.now().astimezone(CHINA).date()


@dataclass(slots=True)
class FrozenClock:
    """A clock that stands still; for tests, demonstrations and a run for another day."""

    at: datetime  # aware

    def now(self) -> datetime:
        """Return the moment it was set to, in UTC."""
        return self.at.astimezone(UTC)

    def today(self) -> date:
        """Return the civil day in China of that moment."""
        return self.at.astimezone(CHINA).date()


@dataclass(frozen=True, slots=True)
class DemonstrationClock:
    """Real moments, a fixed civil day: the papers of the demonstration are dated for it."""

    day: date

    def now(self) -> datetime:
        """Return the real moment, so that sessions and audit lines stay in order."""
        return SystemClock().now()

    def today(self) -> date:
        """Return the day of the demonstration."""
        return self.day


def day_span(day: date) -> tuple[datetime, datetime]:
    """Return the first moment of a civil day in China and of the next day, aware."""
    start = datetime(day.year, day.month, day.day, tzinfo=CHINA)
    return start, start + timedelta(days=1)

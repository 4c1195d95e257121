"""What a step would change, line by line: days, payments and the plan, before and after."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from postloan_archive.loans.rules.ageing import bucket
from postloan_archive.loans.rules.position import LoanFacts, Position, ScheduledRow, position
from postloan_archive.loans.rules.replanning import PlanAnew
from postloan_archive.loans.rules.statement import Booking

MOST_DAYS: Final = 14  # days that a preview compares


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChange:
    """What is owed on one day before and after the step."""

    day: date
    before: Position
    after: Position

    @property
    def buckets(self) -> tuple[str, str]:
        """Return the buckets before and after."""
        return bucket(self.before.overdue_days), bucket(self.after.overdue_days)

    @property
    def changed(self) -> bool:
        """Return whether anything is owed otherwise."""
        keys = ("balance", "interest_due", "accrued", "penalty", "compound", "overdue_days")
        return any(getattr(self.before, key) != getattr(self.after, key) for key in keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitChange:
    """A payment that is divided otherwise than before, yuan."""

    receipt_no: str
    on: date
    before: Booking
    after: Booking


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRowChange:
    """One due day of the plan before and after; None: there is no such row."""

    due_on: date
    before: ScheduledRow | None
    after: ScheduledRow | None

    @property
    def changed(self) -> bool:
        """Return whether the row is another one."""
        return self.before != self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a step would do.

    Attributes:
        days: what is owed on some days before and after.
        steps: the derivation, Chinese sentences.
        split: how the money of the step is divided, None where none comes in.
        plan: the plan in force afterwards where it changes.
        payments: later payments that are divided otherwise.
        rows: the rows of the plan before and after, by their days; empty where it stays.
        changes: later changes of the plan that were made again, Chinese sentences.
        reopened: the loan was settled and is not any more.
    """

    days: tuple[DayChange, ...]
    steps: tuple[str, ...]
    split: Booking | None = None
    plan: PlanAnew | None = None
    payments: tuple[SplitChange, ...] = ()
    rows: tuple[PlanRowChange, ...] = ()
    changes: tuple[str, ...] = ()
    reopened: bool = False


def compared(
    before: LoanFacts, after: LoanFacts, since: date, today: date
) -> Iterator[DayChange]:
    """Yield the day itself, each month end up to today, and today."""
    for day in _days(since, today):
        yield DayChange(
            day=day,
            before=position(before, day, detail=False).value,
            after=position(after, day, detail=False).value,
        )


def plan_rows(
    before: Sequence[ScheduledRow], after: Sequence[ScheduledRow]
) -> tuple[PlanRowChange, ...]:
    """Return the rows of two plans side by side, by their days; empty where they agree."""
    if tuple(before) == tuple(after):
        return ()
    old, new = _by_day(before), _by_day(after)
    return tuple(
        PlanRowChange(due_on=day, before=old.get(day), after=new.get(day))
        for day in sorted(old | new)
    )


def _by_day(rows: Sequence[ScheduledRow]) -> dict[date, ScheduledRow]:
    found: dict[date, ScheduledRow] = {}
    for row in rows:
        known = found.get(row.due_on)
        found[row.due_on] = (
            row
            if known is None
            else ScheduledRow(
                due_on=row.due_on,
                principal=row.principal + known.principal,
                interest=row.interest + known.interest,
            )
        )
    return found


def _days(since: date, today: date) -> Sequence[date]:
    found = {since, max(since, today)}
    day = (since.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    while day < today:
        if day >= since:
            found.add(day)
        day = (day + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return sorted(found)[-MOST_DAYS:] if len(found) > MOST_DAYS else sorted(found)

"""Which days follow from an event: what a docket proposes, and what a correction moves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from postloan_archive.cases.rules.events import Event, Fact
from postloan_archive.cases.rules.periods.disposal import DISPOSAL
from postloan_archive.cases.rules.periods.enforcement import ENFORCEMENT
from postloan_archive.cases.rules.periods.filing import FILING
from postloan_archive.cases.rules.periods.judgment import JUDGMENT
from postloan_archive.cases.rules.periods.kinds import PeriodRule
from postloan_archive.cases.rules.periods.special import SPECIAL
from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.law import Due
from postloan_archive.kernel.policy import STANDARD_POLICY, LawPolicy

PERIODS: Final[tuple[PeriodRule, ...]] = (
    *FILING,
    *JUDGMENT,
    *SPECIAL,
    *ENFORCEMENT,
    *DISPOSAL,
)


BY_EVENT: Final[dict[Event, tuple[PeriodRule, ...]]] = {
    event: tuple(period for period in PERIODS if period.event is event) for event in Event
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One row that follows from an event.

    `due` is None where only a paper of the court can say the day, or where there is no limit:
    the docket then asks for the date on the paper (R-001).
    """

    period: PeriodRule
    due: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What the correction of a trigger does to one day."""

    period: PeriodRule
    before: Due
    after: Due


def governing(event: Event, on: date, facts: Iterable[Fact] = ()) -> tuple[PeriodRule, ...]:
    """Return the rows that govern an event of that day, in the order of the tables."""
    known = frozenset(facts)
    return tuple(period for period in BY_EVENT[event] if period.applies(known, on))


def next_deadlines(
    event: Event,
    on: date,
    facts: Iterable[Fact] = (),
    *,
    calendar: WorkCalendar,
    policy: LawPolicy = STANDARD_POLICY,
) -> tuple[Proposal, ...]:
    """Return what follows from an event on `on`; the day itself is not counted.

    Args:
        event: what happened.
        on: the day it happened, for service the day of that party (R-A17).
        facts: what is known of the case and the party; unknown facts leave the usual row.
        calendar: the working days known.
        policy: the settings of the bank.
    """
    return tuple(
        Proposal(period=period, due=period.due(on, calendar=calendar, policy=policy))
        for period in governing(event, on, facts)
    )


def following_deadlines(
    earlier: Due,
    event: Event,
    facts: Iterable[Fact] = (),
    *,
    calendar: WorkCalendar,
    policy: LawPolicy = STANDARD_POLICY,
) -> tuple[Proposal, ...]:
    """Return what follows when the event is the end of another computed period (R-A19)."""
    return tuple(
        Proposal(period=period, due=period.due_after(earlier, calendar=calendar, policy=policy))
        for period in governing(event, earlier.legal, facts)
    )


def moved(
    event: Event,
    was: date,
    now: date,
    facts: Iterable[Fact] = (),
    *,
    calendar: WorkCalendar,
    policy: LawPolicy = STANDARD_POLICY,
) -> tuple[Shift, ...]:
    """Return the days that move when a trigger is corrected, to be shown before saving.

    A row that governs only one of the two days, because the law changed between them, is left
    out; `governing` shows it.
    """
    known = frozenset(facts)
    shifts = []
    for period in governing(event, now, known):
        if not period.applies(known, was):
            continue
        before = period.due(was, calendar=calendar, policy=policy)
        after = period.due(now, calendar=calendar, policy=policy)
        if before is not None and after is not None and before != after:
            shifts.append(Shift(period=period, before=before, after=after))
    return tuple(shifts)

"""The periods around a measure (R-C01, R-C02, R-C09 to R-C12, R-C19)."""

from datetime import date, datetime
from typing import Final

from postloan_archive.cases.rules.periods.enforcement import AFTER_PERFORMANCE_PERIOD
from postloan_archive.cases.rules.periods.special import REVIEW_OF_RULING, SUE_AFTER_MEASURE
from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.days import Unit, deadline, hours_period
from postloan_archive.kernel.law import Derived, Due
from postloan_archive.kernel.statutes import (
    CIVIL_PROCEDURE_INTERPRETATION,
    CIVIL_PROCEDURE_LAW,
    PRESERVATION_PROVISIONS,
)

URGENT_HOURS: Final = 48
RULING_DAYS: Final = 5
REVIEW_DAYS: Final = 10
LIFT_DAYS: Final = 7
URGENT: Final = CIVIL_PROCEDURE_LAW.at(104, 2, rule="R-C01")
RULING: Final = PRESERVATION_PROVISIONS.at(4, rule="R-C11")
RELEASE: Final = PRESERVATION_PROVISIONS.at(23, rule="R-C09")
OUTSIDER: Final = PRESERVATION_PROVISIONS.at(27, 2, rule="R-C19")
REVIEW: Final = CIVIL_PROCEDURE_INTERPRETATION.at(171, rule="R-C10")
EDITION: Final = PRESERVATION_PROVISIONS.edition


def urgent_ruling_until(applied_at: datetime) -> Derived[datetime]:
    """Return until when the court rules before litigation or in urgency: 48 hours (R-C01)."""
    end = hours_period(applied_at, URGENT_HOURS)
    return Derived(
        value=end.value, basis=(URGENT, *end.basis), steps=end.steps, edition=end.edition
    )


def ruling_until(applied_on: date, *, calendar: WorkCalendar) -> Due:
    """Return until when the court rules in litigation: 5 days.

    Counted from the security where that was asked for and given. The execution starts within
    5 more days (R-C11).
    """
    return deadline(
        applied_on, RULING_DAYS, Unit.DAY, calendar=calendar, basis=(RULING,), edition=EDITION
    )


def sue_by(measure_taken_on: date, *, calendar: WorkCalendar) -> Due:
    """Return the last day to sue or go to arbitration after a pre-litigation measure (R-C02).

    Counted from the day the measure was taken, not from the ruling or the application.
    """
    due = SUE_AFTER_MEASURE.due(measure_taken_on, calendar=calendar)
    assert due is not None  # the row has a length
    return due


def review_by(ruling_received_on: date, *, calendar: WorkCalendar) -> Due:
    """Return the last day to ask the same court to review its ruling, once (R-C10)."""
    due = REVIEW_OF_RULING.due(ruling_received_on, calendar=calendar)
    assert due is not None  # the row has a length
    return due


def review_decided_by(review_received_on: date, *, calendar: WorkCalendar) -> Due:
    """Return until when the court decides the review: 10 days (R-C10)."""
    return deadline(
        review_received_on,
        REVIEW_DAYS,
        Unit.DAY,
        calendar=calendar,
        basis=(REVIEW,),
        edition=EDITION,
    )


def release_ruling_by(applied_on: date, *, calendar: WorkCalendar) -> Due:
    """Return until when the court rules on a release: 5 days, 48 hours if urgent (R-C09)."""
    return deadline(
        applied_on, RULING_DAYS, Unit.DAY, calendar=calendar, basis=(RELEASE,), edition=EDITION
    )


def enforcement_by(performance: Due, *, calendar: WorkCalendar) -> Due:
    """Return the last day to apply for enforcement so that the measure stands (R-C12).

    The measure was taken between judgment and enforcement; the five days follow the end of the
    performance period and are chained to it (R-A19).
    """
    due = AFTER_PERFORMANCE_PERIOD.due_after(performance, calendar=calendar)
    assert due is not None  # the row has a length
    return due


def lifted_by(suit_period: Due, *, calendar: WorkCalendar) -> Due:
    """Return until when the court lifts a measure after an outsider's objection (R-C19).

    The objection was upheld and we did not sue within `suit_period`.
    """
    return deadline(
        suit_period.legal,
        LIFT_DAYS,
        Unit.DAY,
        calendar=calendar,
        basis=(OUTSIDER,),
        edition=EDITION,
    )

"""Counting periods, edge by edge (group A)."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.days import (
    DayRangeError,
    NobodyServedError,
    PeriodLengthError,
    ServedOn,
    Unit,
    add_period,
    backward_deadline,
    chain,
    deadline,
    due_on,
    hours_period,
    judgment_effective,
    performance_last_day,
)
from postloan_archive.kernel.finality import final_effective
from postloan_archive.workdays.seed import published_calendar

CALENDAR = published_calendar()
DAYS = st.dates(date(2004, 1, 1), date(2040, 12, 31))
LENGTHS = st.integers(1, 120)
UNITS = st.sampled_from(Unit)


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("trigger", "length", "unit", "nominal", "legal", "safe"),
    [
        # 03-03 is day 1, 03-17 is day 15
        ("2026-03-02", 15, Unit.DAY, "2026-03-17", "2026-03-17", "2026-03-17"),
        # day 15 inside the Labour-Day block
        ("2026-04-17", 15, Unit.DAY, "2026-05-02", "2026-05-06", "2026-04-30"),
        # a Saturday that is worked does not extend
        ("2026-02-13", 15, Unit.DAY, "2026-02-28", "2026-02-28", "2026-02-28"),
        # first day of the Spring-Festival block
        ("2026-02-05", 10, Unit.DAY, "2026-02-15", "2026-02-24", "2026-02-14"),
        # no 31 February: the last day of the month
        ("2025-08-31", 6, Unit.MONTH, "2026-02-28", "2026-02-28", "2026-02-28"),
        ("2024-02-29", 2, Unit.YEAR, "2026-02-28", "2026-02-28", "2026-02-28"),
        ("2023-05-10", 3, Unit.YEAR, "2026-05-10", "2026-05-11", "2026-05-09"),
        # the fee notice of 24 April: 1 May, not 2 May, moved to the 6th
        ("2026-04-24", 7, Unit.DAY, "2026-05-01", "2026-05-06", "2026-04-30"),
        # after the last notice: no extension, provisional
        ("2026-12-20", 15, Unit.DAY, "2027-01-04", "2027-01-04", "2027-01-04"),
        ("2024-05-03", 3, Unit.YEAR, "2027-05-03", "2027-05-03", "2027-04-30"),
    ],
)
def test_a_period_ends_on_its_three_days(trigger, length, unit, nominal, legal, safe):
    due = deadline(day(trigger), length, unit, calendar=CALENDAR)
    assert (due.nominal, due.legal, due.safe) == (day(nominal), day(legal), day(safe))
    assert due.provisional is (day(nominal).year > 2026)


def test_the_derivation_names_every_step():
    due = deadline(day("2026-04-17"), 15, Unit.DAY, calendar=CALENDAR)
    assert due.steps == (
        "2026-04-17 为起算事件发生日，当日不计入。",
        "期间15日，末日为 2026-05-02。",
        "末日在休假日 2026-05-01 至 2026-05-05 之内，顺延至休假日后的第一日 2026-05-06。",
        "为稳妥起见，请在 2026-04-30 前（含当日）办理。",
    )
    assert [citation.rule for citation in due.basis] == ["R-A01", "R-A04"]
    assert due.calendar_edition == CALENDAR.edition


def test_where_no_extension_applies_the_legal_day_is_the_nominal_one():
    due = deadline(day("2026-04-17"), 15, Unit.DAY, calendar=CALENDAR, extends=False)
    assert due.legal == due.nominal == day("2026-05-02")
    assert "R-A05" in [citation.rule for citation in due.basis]


def test_months_are_counted_from_the_anchor_and_never_month_by_month():
    assert add_period(day("2026-01-31"), 2, Unit.MONTH) == day("2026-03-31")
    step = add_period(day("2026-01-31"), 1, Unit.MONTH)
    assert add_period(step, 1, Unit.MONTH) == day("2026-03-28")


@pytest.mark.parametrize("length", [0, -1])
def test_a_period_is_at_least_one_unit(length):
    with pytest.raises(PeriodLengthError):
        add_period(day("2026-01-01"), length, Unit.DAY)
    with pytest.raises(PeriodLengthError):
        backward_deadline(day("2026-01-01"), length, calendar=CALENDAR)
    with pytest.raises(PeriodLengthError):
        hours_period(datetime(2026, 1, 1, tzinfo=CHINA), length)


@pytest.mark.parametrize(
    ("length", "unit"), [(10**12, Unit.DAY), (4_000_000, Unit.DAY), (9_000, Unit.YEAR)]
)
def test_a_period_beyond_the_year_9999_is_refused(length, unit):
    with pytest.raises(DayRangeError):
        add_period(day("2026-01-01"), length, unit)


def test_days_at_the_ends_of_time_are_refused_and_do_not_crash():
    with pytest.raises(DayRangeError):
        backward_deadline(date.min, 1, calendar=CALENDAR)
    with pytest.raises(DayRangeError):
        due_on(date(1, 1, 5), calendar=CALENDAR)
    with pytest.raises(DayRangeError):
        hours_period(datetime(9999, 12, 31, 23, tzinfo=CHINA), 1)
    with pytest.raises(DayRangeError):
        judgment_effective([ServedOn(on=day("9999-12-16"))], calendar=CALENDAR)


@pytest.mark.parametrize(
    ("anchor", "nominal", "safe"),
    [
        ("2026-10-11", "2026-10-04", "2026-09-30"),  # earlier, never 10-08
        ("2026-05-10", "2026-05-03", "2026-04-30"),
        ("2026-05-16", "2026-05-09", "2026-05-09"),  # a worked Saturday stays
        ("2027-03-01", "2027-02-22", "2027-02-22"),
    ],
)
def test_seven_days_before_moves_only_to_an_earlier_day(anchor, nominal, safe):
    due = backward_deadline(day(anchor), 7, calendar=CALENDAR)
    assert (due.nominal, due.legal, due.safe) == (day(nominal), day(nominal), day(safe))
    assert due.provisional is (day(nominal).year > 2026)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((2026, 3, 2, 10, 20), (2026, 3, 4, 11)),
        ((2026, 3, 2, 11, 0), (2026, 3, 4, 12)),  # the starting hour is not counted
        ((2026, 5, 8, 16, 59), (2026, 5, 10, 17)),  # no extension over the weekend
    ],
)
def test_48_hours_run_from_the_next_full_hour(start, end):
    derived = hours_period(datetime(*start, tzinfo=CHINA), 48)
    assert derived.value == datetime(*end, tzinfo=CHINA)
    assert derived.steps


@pytest.mark.parametrize(
    ("served", "effective"),
    [
        (["2026-04-17", "2026-04-20"], "2026-05-07"),
        (["2026-03-10"], "2026-03-26"),
        (["2026-01-30", "2026-02-13"], "2026-03-01"),  # a Sunday: never moved
    ],
)
def test_a_judgment_is_effective_the_day_after_the_last_appeal_period(served, effective):
    parties = [ServedOn(on=day(text)) for text in served]
    assert judgment_effective(parties, calendar=CALENDAR).on == day(effective)


def test_a_party_abroad_has_thirty_days_and_may_be_the_last():
    parties = [ServedOn(on=day("2026-04-17")), ServedOn(on=day("2026-04-08"), abroad=True)]
    effective = judgment_effective(parties, calendar=CALENDAR)
    assert effective.last_appeal.nominal == day("2026-05-08")
    assert effective.on == day("2026-05-09")
    assert not effective.provisional


def test_a_judgment_served_on_nobody_is_not_effective():
    with pytest.raises(NobodyServedError):
        judgment_effective([], calendar=CALENDAR)


def test_the_time_to_perform_starts_with_the_effective_day():
    due = performance_last_day(day("2026-05-07"), 10, calendar=CALENDAR)
    assert (due.nominal, due.legal) == (day("2026-05-17"), day("2026-05-18"))


def test_a_chained_period_starts_on_the_legal_day_and_plans_from_the_nominal_one():
    earlier = performance_last_day(day("2026-05-07"), 10, calendar=CALENDAR)
    ours = chain(earlier, 5, Unit.DAY, calendar=CALENDAR, own_right=True)
    theirs = chain(earlier, 5, Unit.DAY, calendar=CALENDAR, own_right=False)
    assert ours.nominal == theirs.nominal == day("2026-05-23")
    assert ours.safe == theirs.safe == day("2026-05-22")
    longer = chain(earlier, 10, Unit.DAY, calendar=CALENDAR, own_right=True)
    assert longer.nominal == day("2026-05-28")
    assert longer.safe == day("2026-05-27")  # ten days from the nominal 05-17


def test_what_follows_a_provisional_period_is_provisional():
    earlier = deadline(day("2026-12-20"), 15, Unit.DAY, calendar=CALENDAR)
    assert chain(earlier, 1, Unit.DAY, calendar=CALENDAR, own_right=False).provisional


@given(DAYS, LENGTHS, UNITS)
def test_safe_is_not_after_nominal_and_nominal_not_after_legal(trigger, length, unit):
    due = deadline(trigger, length, unit, calendar=CALENDAR)
    assert due.safe <= due.nominal <= due.legal


@given(DAYS, LENGTHS, UNITS)
def test_a_longer_period_never_ends_earlier(trigger, length, unit):
    shorter = deadline(trigger, length, unit, calendar=CALENDAR)
    longer = deadline(trigger, length + 1, unit, calendar=CALENDAR)
    assert shorter.nominal < longer.nominal
    assert shorter.legal <= longer.legal


@given(DAYS, LENGTHS, UNITS, st.integers(1, 60))
def test_a_later_trigger_never_ends_earlier(trigger, length, unit, days):
    later = trigger + timedelta(days=days)
    due = deadline(trigger, length, unit, calendar=CALENDAR)
    moved = deadline(later, length, unit, calendar=CALENDAR)
    assert due.nominal <= moved.nominal
    assert due.legal <= moved.legal


@given(DAYS, st.integers(1, 60))
def test_a_moved_trigger_moves_a_period_in_days_by_the_same_days(trigger, days):
    later = deadline(trigger + timedelta(days=days), 15, Unit.DAY, calendar=CALENDAR)
    due = deadline(trigger, 15, Unit.DAY, calendar=CALENDAR)
    assert later.nominal - due.nominal == timedelta(days=days)


def test_what_nobody_can_appeal_takes_effect_with_the_last_service():
    parties = [ServedOn(on=day("2026-04-17")), ServedOn(on=day("2026-04-20"), abroad=True)]
    second = final_effective(parties)
    assert (second.on, second.last_appeal, second.provisional) == (
        day("2026-04-20"),
        None,
        False,
    )
    small = final_effective(parties[:1], small_claims=True)
    assert small.on == day("2026-04-17")
    assert "第一百六十五条" in str(small.basis[0])
    with pytest.raises(NobodyServedError):
        final_effective([])

"""The working-day calendar, year by year and beyond the last notice (group K)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postloan_archive.kernel.calendar import (
    CalendarHorizonError,
    DayKind,
    WorkCalendar,
    in_risk_window,
)
from postloan_archive.workdays.seed import published_calendar

CALENDAR = published_calendar()
DAYS = st.dates(date(2004, 1, 1), date(2026, 12, 31))
ANY_DAYS = st.dates(date(1990, 1, 1), date(2045, 12, 31))

# The days in force as the domain rules list them (R-K03).
REST_2025 = ("01-01", "01-28/02-04", "04-04/04-06", "05-01/05-05", "05-31/06-02", "10-01/10-08")
REST_2026 = (
    "01-01/01-03",
    "02-15/02-23",
    "04-04/04-06",
    "05-01/05-05",
    "06-19/06-21",
    "09-25/09-27",
    "10-01/10-07",
)
WORKED_WEEKENDS = {
    2025: ("01-26", "02-08", "04-27", "09-28", "10-11"),
    2026: ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10"),
}


def span(year, text):
    first, _, last = text.partition("/")
    day, end = (date.fromisoformat(f"{year}-{part}") for part in (first, last or first))
    while day <= end:
        yield day
        day += timedelta(days=1)


@pytest.mark.parametrize(("year", "blocks"), [(2025, REST_2025), (2026, REST_2026)])
def test_every_day_of_a_year_in_force_is_as_the_notice_says(year, blocks):
    rest = {day for block in blocks for day in span(year, block)}
    worked = {date.fromisoformat(f"{year}-{text}") for text in WORKED_WEEKENDS[year]}
    for offset in range(365):
        day = date(year, 1, 1) + timedelta(days=offset)
        expected = day in worked or (day.weekday() < 5 and day not in rest)
        assert CALENDAR.is_workday(day) is expected, day


@pytest.mark.parametrize("day", [date(2003, 12, 31), date(2027, 1, 1), date(2027, 2, 8)])
def test_a_year_nobody_has_published_is_unknown_and_never_guessed(day):
    assert CALENDAR.is_workday(day) is None
    assert CALENDAR.kind(day) is DayKind.UNKNOWN
    assert CALENDAR.is_open(day)


def test_a_calendar_can_be_seen_as_it_was_before_the_next_notice():
    then = CALENDAR.limited_to(date(2025, 12, 31))
    assert then.is_workday(date(2025, 12, 31)) is True
    assert then.is_workday(date(2026, 1, 5)) is None
    assert then.edition != CALENDAR.edition


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2003, 12, 31)])
def test_a_horizon_outside_the_data_is_refused(day):
    with pytest.raises(CalendarHorizonError):
        CALENDAR.limited_to(day)


def test_a_rest_block_has_both_its_ends():
    block = (date(2026, 2, 15), date(2026, 2, 23))
    assert CALENDAR.rest_block(date(2026, 2, 17)) == block
    assert CALENDAR.rest_block(date(2026, 2, 15)) == block
    assert CALENDAR.rest_block(date(2026, 2, 14)) is None
    assert CALENDAR.rest_block(date(2027, 2, 6)) is None


@given(DAYS)
def test_a_known_legal_day_is_the_first_working_day_not_before(nominal):
    legal, provisional = CALENDAR.legal_day(nominal)
    if provisional:
        assert legal == nominal
        return
    assert CALENDAR.is_workday(legal)
    assert not any(
        CALENDAR.is_workday(nominal + timedelta(days=n)) for n in range((legal - nominal).days)
    )


@given(ANY_DAYS)
def test_the_safe_day_is_never_after_the_nominal_one_and_never_a_known_rest_day(nominal):
    safe = CALENDAR.safe_day(nominal)
    assert safe <= nominal
    assert CALENDAR.kind(safe) is not DayKind.REST
    assert safe.weekday() < 5 or CALENDAR.kind(safe) is DayKind.WORK


@given(ANY_DAYS, st.integers(0, 400))
def test_later_days_never_have_an_earlier_legal_day(nominal, days):
    later = nominal + timedelta(days=days)
    assert CALENDAR.legal_day(nominal)[0] <= CALENDAR.legal_day(later)[0]


@given(DAYS)
def test_working_and_resting_exclude_each_other(day):
    assert (CALENDAR.rest_block(day) is None) is CALENDAR.is_workday(day)


@pytest.mark.parametrize(
    ("nominal", "safe"),
    [
        ((2027, 1, 1), (2026, 12, 31)),  # the real calendar once it is reached
        ((2027, 2, 2), (2027, 2, 2)),  # three days before 除夕
        ((2027, 2, 3), (2027, 2, 2)),  # first day of the window
        ((2027, 2, 13), (2027, 2, 2)),  # last day of the window, Saturday too
        ((2027, 2, 15), (2027, 2, 15)),
        ((2027, 4, 7), (2027, 4, 2)),  # 清明+2
        ((2027, 4, 8), (2027, 4, 8)),
        ((2027, 5, 3), (2027, 4, 30)),
        ((2027, 6, 11), (2027, 6, 4)),  # 端午+2; 06-05 and 06-06 are a weekend
        ((2027, 9, 13), (2027, 9, 10)),  # 中秋-2 is a Monday
        ((2027, 10, 8), (2027, 9, 30)),
        ((2027, 12, 30), (2027, 12, 29)),
    ],
)
def test_in_a_year_to_come_the_plan_goes_round_the_likely_holidays(nominal, safe):
    assert CALENDAR.safe_day(date(*nominal)) == date(*safe)


@pytest.mark.parametrize(
    ("nominal", "safe"),
    [
        ((2037, 6, 10), (2037, 5, 29)),  # twelve days back: Friday
        ((2037, 6, 12), (2037, 5, 29)),  # twelve days back: Sunday, so Friday
        ((2037, 1, 8), (2036, 12, 26)),  # back into a year with festival dates
        ((2003, 12, 31), (2003, 12, 19)),  # before the first notice
    ],
)
def test_a_year_without_festival_dates_is_planned_twelve_days_early(nominal, safe):
    assert CALENDAR.safe_day(date(*nominal)) == date(*safe)


def test_31_december_is_open_while_1_january_may_be_bridged():
    """2013-01-01 was a Tuesday: the notice could have made 2012-12-31 a rest day."""
    then = CALENDAR.limited_to(date(2012, 12, 31))
    assert then.legal_day(date(2012, 12, 31)) == (date(2012, 12, 31), True)
    assert then.safe_day(date(2012, 12, 31)) == date(2012, 12, 28)
    assert CALENDAR.legal_day(date(2012, 12, 31)) == (date(2012, 12, 31), False)
    # 2015-01-01 was a Thursday: nobody bridges a Wednesday.
    then = CALENDAR.limited_to(date(2014, 12, 31))
    assert then.legal_day(date(2014, 12, 31)) == (date(2014, 12, 31), False)


def test_a_rest_block_that_runs_into_the_unknown_is_not_extended():
    then = CALENDAR.limited_to(date(2022, 12, 31))  # a Saturday
    assert then.legal_day(date(2022, 12, 31)) == (date(2022, 12, 31), True)
    assert then.safe_day(date(2022, 12, 31)) == date(2022, 12, 30)


@pytest.mark.parametrize(
    ("day", "risky"),
    [
        ((2027, 12, 29), False),
        ((2027, 12, 30), True),
        ((2027, 1, 3), True),
        ((2027, 1, 4), False),
        ((2027, 4, 30), False),
        ((2027, 5, 1), True),
        ((2027, 5, 5), True),
        ((2027, 5, 6), False),
        ((2027, 9, 30), False),
        ((2027, 10, 8), True),
        ((2027, 10, 9), False),
        ((2028, 1, 23), True),
        ((2028, 1, 22), False),
        ((2028, 2, 2), True),
        ((2028, 2, 3), False),
        ((2040, 2, 12), False),
    ],
)
def test_risk_windows_include_both_their_ends(day, risky):
    assert in_risk_window(date(*day)) is risky


def test_a_weekend_alone_is_known_without_any_notice_of_it():
    plain = WorkCalendar(
        loaded_from=date(2026, 1, 1),
        loaded_until=date(2026, 12, 31),
        rest_days=frozenset(),
        work_days=frozenset(),
        edition="none",
    )
    assert plain.is_workday(date(2026, 3, 7)) is False
    assert plain.is_workday(date(2026, 3, 9)) is True

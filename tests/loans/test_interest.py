"""Interest: both ends, the two lawful methods, repricing, the ceiling."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postloan_archive.loans.rules import interest, penalty

D = Decimal
DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2035, 12, 31))


def test_the_first_day_counts_and_the_last_does_not():
    assert interest.days_between(date(2026, 2, 28), date(2026, 3, 1)) == 1
    assert interest.days_between(date(2026, 3, 1), date(2026, 3, 1)) == 0


def test_an_end_before_its_start_is_refused():
    with pytest.raises(interest.EndBeforeStartError):
        interest.interest(D(1), D(1), date(2026, 3, 2), date(2026, 3, 1), 360)


@pytest.mark.parametrize("basis", [0, 364, 366])
def test_only_360_and_365_are_day_bases(basis):
    with pytest.raises(interest.DayBasisError) as refused:
        interest.interest(D(1), D(1), date(2026, 3, 1), date(2026, 3, 2), basis)
    assert str(basis) in str(refused.value)


@pytest.mark.parametrize(
    ("start", "end", "months", "odd"),
    [
        ("2026-01-15", "2026-01-15", 0, 0),
        ("2026-01-15", "2026-02-14", 0, 30),
        ("2026-01-15", "2026-02-15", 1, 0),
        ("2026-01-31", "2026-02-28", 1, 0),
        ("2026-01-31", "2026-03-30", 1, 30),
        ("2024-02-29", "2025-02-28", 12, 0),
        ("2025-12-31", "2026-01-01", 0, 1),
    ],
)
def test_whole_months_follow_the_corresponding_day(start, end, months, odd):
    got = interest.interest_ymd(
        D(1200), D(12), date.fromisoformat(start), date.fromisoformat(end), 360
    ).value
    assert (got.months, got.odd_days) == (months, odd)


def segment(start, end, lpr="3.00", bp="50"):
    return interest.FloatingSegment(
        start=date.fromisoformat(start), end=date.fromisoformat(end), lpr_pct=D(lpr), bp=D(bp)
    )


@pytest.mark.parametrize(
    ("segments", "error"),
    [
        ([], interest.NoSegmentError),
        (
            [segment("2026-01-01", "2026-02-01"), segment("2026-02-02", "2026-03-01")],
            interest.SegmentGapError,
        ),
        ([segment("2026-01-01", "2026-02-01", "1", "-101")], interest.NegativeRateError),
        ([segment("2026-02-01", "2026-01-01")], interest.EndBeforeStartError),
    ],
)
def test_segments_that_do_not_fit_are_refused(segments, error):
    with pytest.raises(error):
        interest.floating(D(100), segments, 360)


def test_costs_beyond_the_ceiling_are_stated_and_not_cut():
    got = interest.cap24(
        D(200000), 365, interest=D(48000), penalty=D(0), compound=D(0),
        liquidated_damages=D(0), other_fees=D("0.01"), day_basis=365,
    )  # fmt: skip
    assert got.value.excess == D("0.01")
    assert "调减" in got.steps[-1]


def test_the_running_sentence_loses_no_day():
    text = interest.until_paid(D("100.00"), D("7.20"), date(2026, 6, 30), 360)
    assert "自 2026-06-30（含）" in text
    assert "7.2%" in text
    assert interest.day_before(date(2026, 3, 1)) == date(2026, 2, 28)


@given(
    DAYS,
    st.integers(0, 800),
    st.integers(0, 800),
    st.sampled_from((360, 365)),
    st.decimals(min_value="0.01", max_value="1e9", places=2),
    st.decimals(min_value="0", max_value="36", places=4),
)
def test_splitting_a_period_changes_nothing_beyond_one_rounding(
    start, first, second, basis, principal, rate
):
    middle, end = start + timedelta(first), start + timedelta(first + second)
    whole = interest.interest(principal, rate, start, end, basis).value
    parts = [
        interest.interest(principal, rate, a, b, basis).value
        for a, b in ((start, middle), (middle, end))
    ]
    assert sum(part.days for part in parts) == whole.days
    assert abs(sum(part.interest for part in parts) - whole.interest) <= D("0.01")


@pytest.mark.parametrize(
    ("kind", "uplift", "valid"),
    [
        ("overdue", "29.99", False),
        ("overdue", "30", True),
        ("overdue", "50", True),
        ("overdue", "50.01", False),
        ("misuse", "49", False),
        ("misuse", "50", True),
        ("misuse", "100", True),
        ("misuse", "100.1", False),
    ],
)
def test_both_limits_of_a_surcharge_are_allowed(kind, uplift, valid):
    got = penalty.penalty_uplift_check(D(uplift), penalty.UpliftKind(kind))
    assert got.value.valid is valid


def test_of_two_surcharges_the_heavier_applies_once():
    assert penalty.penalty_rate(D(6), D(50)) == D(9)
    assert penalty.penalty_rate(D(6), D(50), D(40)) == D(9)
    assert penalty.penalty_rate(D(6), D(50), D(100)) == D(12)


def test_misuse_without_its_surcharge_is_refused():
    with pytest.raises(penalty.MisuseUpliftMissingError):
        penalty.penalty(
            D(1), D(6), D(50), date(2026, 1, 1), date(2026, 1, 2), 360, misused=True
        )


def test_unusual_surcharges_are_named():
    got = penalty.penalty(
        D(1), D(6), D(60), date(2026, 1, 1), date(2026, 1, 2), 360,
        misused=True, misuse_uplift_pct=D(120),
    )  # fmt: skip
    assert len(got.value.warnings) == 2
    plain = penalty.penalty(D(1), D(6), D(30), date(2026, 1, 1), date(2026, 1, 2), 360)
    assert plain.value.warnings == ()

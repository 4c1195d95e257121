"""Court fees: tier borders, rounding once, halving once, differences of rounded fees."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postloan_archive.cases.rules import fee_tables, fees

D = Decimal
AMOUNTS = st.decimals(min_value="0.01", max_value="1e12", places=2)
COURT, PRESERVATION, ENFORCEMENT = (
    fee_tables.COURT_FEES[-1],
    fee_tables.PRESERVATION_FEES[-1],
    fee_tables.ENFORCEMENT_FEES[-1],
)


@pytest.mark.parametrize(
    ("claim", "fee"),
    [
        ("0.01", "50.00"),
        ("10000", "50.00"),
        ("10000.01", "50.00"),  # 50.00025
        ("10000.20", "50.01"),  # 50.005 rounds up
        ("100000", "2300.00"),
        ("200000", "4300.00"),
        ("500000", "8800.00"),
        ("1000000", "13800.00"),
        ("2000000", "22800.00"),
        ("5000000", "46800.00"),
        ("10000000", "81800.00"),
        ("20000000", "141800.00"),
        ("20000002", "141800.01"),
    ],
)
def test_the_court_fee_follows_the_ten_tiers(claim, fee):
    assert fees.court_fee(D(claim)).value == D(fee)


@pytest.mark.parametrize(
    ("amount", "fee"),
    [
        (None, "30"),
        ("0", "30"),
        ("1000", "30"),
        ("1001", "30.01"),
        ("100000", "1020"),
        ("896000", "5000"),
        ("895990", "4999.95"),
        ("99999999", "5000"),
    ],
)
def test_the_preservation_fee_stops_at_5000(amount, fee):
    got = fees.preservation_fee(None if amount is None else D(amount))
    assert got.value == D(fee)
    assert got.steps


@pytest.mark.parametrize(
    ("amount", "fee"),
    [
        ("10000", "50"),
        ("500000", "7400"),
        ("5000000", "52400"),
        ("10000000", "77400"),
        ("10001000", "77401"),
    ],
)
def test_the_enforcement_fee_follows_its_five_tiers(amount, fee):
    assert fees.enforcement_fee(D(amount)).value == D(fee)


def test_half_and_third_come_from_the_unrounded_fee():
    got = fees.fees(D("10000.60")).value  # 50.015 unrounded
    assert (got.first_instance, got.half, got.payment_order) == (
        D("50.02"),
        D("25.01"),
        D("16.67"),
    )


@pytest.mark.parametrize("ground", ["simplified", "withdrawn", "mediated", "joined"])
def test_every_ground_halves(ground):
    assert fees.half_once(D(1_000_000), **{ground: True}).value == D(6900)


def test_without_a_ground_the_fee_is_whole():
    assert fees.half_once(D(1_000_000)).value == D(13800)


def test_an_appeal_above_the_claim_is_refused():
    with pytest.raises(fees.AppealAboveClaimError) as refused:
        fees.appeal_fee(D(100), D("100.01"))
    assert refused.value.field == "appealed_amount"


@pytest.mark.parametrize("amount", ["0", "-1"])
@pytest.mark.parametrize(
    "rule",
    [
        fees.court_fee,
        fees.fees,
        fees.enforcement_fee,
        fees.half_once,
        fees.payment_order_to_suit,
        fees.bankruptcy_fee,
    ],
)
def test_an_amount_of_nothing_is_refused(rule, amount):
    with pytest.raises(fees.AmountNotPositiveError):
        rule(D(amount))


BEFORE = fees.ReducedWhen.BEFORE_END_OF_COURT_INVESTIGATION
AFTER = fees.ReducedWhen.AFTER_END_OF_COURT_INVESTIGATION


@pytest.mark.parametrize(
    ("old", "new", "when", "top_up", "refund"),
    [
        ("1000000", "1200000", None, "1800", "0"),
        ("1000000", "1000000", None, "0", "0"),
        ("500000", "400000", BEFORE, "0", "1500"),
        ("500000", "400000", AFTER, "0", "0"),
        ("400000", "500000", AFTER, "1500", "0"),
    ],
)
def test_a_changed_claim_costs_or_brings_back_the_difference(old, new, when, top_up, refund):
    got = fees.claim_change(D(old), D(new), when=when).value
    assert (got.top_up, got.refund) == (D(top_up), D(refund))


def test_a_reduced_claim_needs_the_moment():
    with pytest.raises(fees.ReductionTimeMissingError):
        fees.claim_change(D(2), D(1))


def test_a_bankruptcy_costs_half_and_at_most_300000():
    assert fees.bankruptcy_fee(D(10_000)).value == D(25)
    assert fees.bankruptcy_fee(D(10**12)).value == D(300_000)


def test_a_day_before_the_oldest_table_is_refused():
    with pytest.raises(fee_tables.NoFeeTableError):
        fees.court_fee(D(1), filed_on=date(2007, 3, 31))
    assert fees.court_fee(D(1), filed_on=date(2007, 4, 1)).edition == "2007-04-01"


def test_every_table_is_dated():
    tables = (
        *fee_tables.COURT_FEES,
        *fee_tables.PRESERVATION_FEES,
        *fee_tables.ENFORCEMENT_FEES,
    )
    assert all(table.basis.in_force_from for table in tables)
    assert all(fee.lowest <= fee.highest for fee in fee_tables.FIXED_FEES.values())


@given(AMOUNTS, st.decimals(min_value="0.01", max_value="1e6", places=2))
def test_more_money_never_costs_less(amount, more):
    for table in (COURT, PRESERVATION, ENFORCEMENT):
        assert table.fee(amount) <= table.fee(amount + more)


@pytest.mark.parametrize("table", [COURT, PRESERVATION, ENFORCEMENT])
def test_a_tier_border_makes_no_jump(table):
    borders = [table.flat_up_to, *(band.up_to for band in table.bands if band.up_to)]
    for border in borders:
        step = table.fee(border + D("0.01")) - table.fee(border)
        assert D(0) <= step <= D("0.01") * D("0.025")


@given(AMOUNTS, st.decimals(min_value="0.01", max_value="5000", places=2))
def test_no_fee_jumps_anywhere(amount, more):
    """The steepest band is 2.5 %: a little more money costs a little more, borders included."""
    for table in (COURT, PRESERVATION, ENFORCEMENT):
        step = table.fee(amount + more) - table.fee(amount)
        assert D(0) <= step <= more * D("0.025")
    for border in (D(1000), D(10_000), D(100_000), D(200_000), D(500_000), D(10_000_000)):
        below = max(border - more, D("0.01"))
        for table in (COURT, PRESERVATION, ENFORCEMENT):
            step = table.fee(border + more) - table.fee(below)
            assert D(0) <= step <= (border + more - below) * D("0.025")


@given(AMOUNTS)
def test_the_tiers_equal_the_fast_formula(amount):
    fast = min(
        (D("0.025") * amount - 200, D("0.02") * amount + 300, D("0.015") * amount + 1300,
         D("0.01") * amount + 3800, D("0.009") * amount + 4800, D("0.008") * amount + 6800,
         D("0.007") * amount + 11800, D("0.006") * amount + 21800,
         D("0.005") * amount + 41800),
    ) if amount > 10_000 else D(50)  # fmt: skip
    assert COURT.fee(amount) == fast

"""The claim on one maturity, allocation, delay interest and repayment plans."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postloan_archive.loans.rules import allocation, claim, delay, instalments

D = Decimal
MONEY = st.decimals(min_value=0, max_value="1e9", places=2)


def loan(**changes):
    return claim.loan_claim(
        **{
            "principal": D(1_000_000),
            "contract_rate_pct": D("4.80"),
            "penalty_multiplier": D("1.5"),
            "interest_due": [date(2025, 12, 20), date(2026, 3, 20)],
            "interest_paid_to": date(2025, 9, 20),
            "maturity": date(2026, 3, 20),
            "as_of": date(2026, 6, 30),
            "basis": 360,
            **changes,
        }
    )


def test_rows_are_rounded_and_totals_are_sums_of_rows():
    got = loan()
    assert got.value.grand_total == D("1045171.25")
    assert sum(row.amount for row in got.value.rows) == D("45171.25")
    assert "自 2026-06-30（含）" in got.value.until_paid


def test_before_maturity_only_what_fell_due_is_claimed():
    got = loan(interest_due=[date(2025, 12, 20)], as_of=date(2026, 1, 1)).value
    assert (got.penalty, got.compound) == (D(0), (D("19.41"),))
    assert "4.8%" in got.until_paid


def test_nothing_due_yet_is_an_empty_claim():
    got = loan(interest_due=[], as_of=date(2025, 10, 1)).value
    assert (got.in_term_interest, got.compound, got.grand_total) == ((), (), D(1_000_000))


def test_on_the_day_of_maturity_no_penalty_runs():
    got = loan(as_of=date(2026, 3, 20)).value
    assert (got.penalty, len(got.compound)) == (D(0), 1)


def test_interest_paid_to_maturity_leaves_no_period():
    got = loan(interest_due=[], interest_paid_to=date(2026, 3, 20)).value
    assert got.total_interest == D(0)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"penalty_multiplier": D("0.99")}, claim.MultiplierError),
        ({"as_of": date(2025, 9, 19)}, claim.ClaimBeforeInterestError),
        ({"interest_due": [date(2025, 9, 20), date(2026, 3, 20)]}, claim.InterestDatesError),
        ({"interest_due": [date(2026, 3, 20), date(2025, 12, 20)]}, claim.InterestDatesError),
        ({"interest_due": [date(2026, 3, 21)]}, claim.InterestDatesError),
        ({"interest_due": [date(2025, 12, 20)]}, claim.InterestDatesError),
        ({"interest_due": []}, claim.InterestDatesError),
        (
            {"as_of": date(2025, 12, 1), "interest_due": [date(2025, 12, 20)]},
            claim.InterestDatesError,
        ),
    ],
)
def test_dates_that_do_not_fit_are_refused(changes, error):
    with pytest.raises(error):
        loan(**changes)


@given(MONEY, MONEY, MONEY, MONEY, st.sampled_from(allocation.Order))
def test_allocation_never_creates_money(payment, costs, interest, principal, order):
    got = allocation.allocate(
        payment, costs=costs, interest=interest, principal=principal, order=order
    ).value
    assert got.to_costs + got.to_interest + got.to_principal + got.surplus == payment
    assert got.to_costs + got.costs_left == costs
    assert got.to_interest + got.interest_left == interest
    assert got.to_principal + got.principal_left == principal
    assert min(got.costs_left, got.interest_left, got.principal_left, got.surplus) >= 0


def test_delay_interest_starts_after_the_last_day_and_leaves_out_excluded_days():
    day = date(2026, 3, 10)
    assert delay.delay_interest(D(1_000_000), day, day).value.days == 0
    assert delay.delay_interest(D(1_000_000), day, date(2026, 3, 1)).value.days == 0
    got = delay.delay_interest(D(1_000_000), day, date(2026, 3, 20), excluded_days=4).value
    assert (got.days, got.doubled_part) == (6, D(1050))
    assert delay.delay_interest(D(1), day, date(2026, 3, 12), excluded_days=9).value.days == 0


@pytest.mark.parametrize(("last_day", "refused"), [("2014-07-30", True), ("2014-07-31", False)])
def test_days_under_the_old_rule_are_refused(last_day, refused):
    day = date.fromisoformat(last_day)
    if not refused:
        assert delay.delay_interest(D(100), day, day + timedelta(1)).value.days == 1
        return
    with pytest.raises(delay.OldRuleError):
        delay.delay_interest(D(100), day, day + timedelta(1))
    with pytest.raises(delay.OldRuleError):
        partial(performance_last_day=day, payments=[], as_of=day + timedelta(1))
    assert delay.delay_interest(D(100), day, day).value.days == 0


def partial(**changes):
    return delay.delay_interest_partial(
        **{
            "principal": D(100_000),
            "general_interest": D(5000),
            "costs": D(3000),
            "performance_last_day": date(2026, 3, 10),
            "payments": [],
            "as_of": date(2026, 8, 20),
            **changes,
        }
    ).value


def paid(day, amount):
    return delay.PartPayment(on=date.fromisoformat(day), amount=D(amount))


def test_a_payment_in_time_only_lowers_the_base():
    got = partial(payments=[paid("2026-03-01", 8000)], as_of=date(2026, 3, 20))
    assert got.doubled_rows == (D("175.00"),)  # 100 000 for ten days
    assert (got.costs_left, got.general_interest_left) == (D(0), D(0))


def test_the_doubled_part_is_settled_last_and_a_surplus_is_stated():
    got = partial(payments=[paid("2026-03-20", "108180.26")], as_of=date(2026, 5, 1))
    assert got.doubled_total == D("180.25")
    assert (got.doubled_left, got.surplus) == (D("0.00"), D("0.01"))


def test_payments_may_come_in_any_order_and_two_on_one_day_make_one_row():
    got = partial(
        payments=[paid("2026-04-10", 10), paid("2026-03-20", 10), paid("2026-03-20", 20)]
    )
    assert len(got.doubled_rows) == 3


def test_a_cut_off_before_the_last_payment_is_refused():
    with pytest.raises(delay.CutOffBeforePaymentError):
        partial(payments=[paid("2026-09-01", 1)])


@pytest.mark.parametrize(("rate", "months"), [("4.9", 1), ("4.9", 2), ("0", 7), ("3.9", 360)])
def test_a_plan_repays_the_principal_exactly(rate, months):
    for parts in (instalments.equal_payment_parts, instalments.equal_principal_parts):
        rows = parts(D("100000.01"), D(rate), months)
        assert len(rows) == months
        assert sum(row.principal for row in rows) == D("100000.01")


def test_a_plan_of_one_month_has_no_second_payment():
    got = instalments.ep(D(1000), D(12), 1).value
    assert (got.first_payment, got.second_payment, got.last_payment) == (
        D(1010),
        None,
        D(1010),
    )
    assert instalments.epi(D(1000), D(12), 1).value.payment == D(1010)


def test_a_rounded_up_instalment_never_overpays():
    rows = instalments.equal_payment_parts(D(2), D(0), 360)
    assert min(row.principal for row in rows) == 0
    assert instalments.ep(D(2), D(0), 360).value.last_payment == D(0)


@pytest.mark.parametrize("rule", [instalments.epi, instalments.ep])
def test_a_plan_of_no_month_is_refused(rule):
    with pytest.raises(instalments.MonthsError):
        rule(D(1), D(1), 0)


@given(st.decimals("0.01", "1e8", places=2), st.decimals(0, 24, places=2), st.integers(1, 60))
def test_no_part_of_a_plan_is_negative(principal, rate, months):
    for parts in (instalments.equal_payment_parts, instalments.equal_principal_parts):
        rows = parts(principal, rate, months)
        assert sum(row.principal for row in rows) == principal
        assert min(min(row.principal, row.interest) for row in rows) >= 0


def plan(method, **changes):
    return instalments.plan(
        instalments.Method(method),
        **{
            "principal": D(120_000),
            "annual_rate_pct": D("4.8"),
            "disbursed_on": date(2026, 1, 31),
            "due_on": date(2027, 1, 31),
            "day_basis": 360,
            **changes,
        },
    )


def test_monthly_boundaries_are_counted_from_the_payout():
    rows = plan("equal_payment")
    assert [row.due_on.day for row in rows[:3]] == [28, 31, 30]
    assert rows[-1].due_on == date(2027, 1, 31)
    assert (rows[0].interest, sum(row.principal for row in rows)) == (D("480.00"), D(120_000))


def test_a_broken_first_period_is_an_extra_interest_row():
    rows = plan("equal_principal", pay_day=20)
    assert (rows[0].due_on, rows[0].principal) == (date(2026, 2, 20), D(0))
    assert rows[0].interest == D("320.00")  # twenty days
    assert sum(row.principal for row in rows) == D(120_000)


def test_a_loan_shorter_than_a_month_is_repaid_at_once():
    (row,) = plan("equal_payment", due_on=date(2026, 2, 10))
    assert (row.principal, row.interest) == (D(120_000), D("160.00"))


def test_quarterly_interest_falls_due_in_the_last_month_of_the_quarter():
    rows = plan("interest_quarterly", pay_day=21)
    assert [row.due_on.month for row in rows] == [3, 6, 9, 12, 1]
    assert [bool(row.principal) for row in rows] == [False] * 4 + [True]


def test_monthly_interest_and_bullet_repay_at_maturity():
    assert len(plan("interest_monthly")) == 12
    (row,) = plan("bullet")
    assert (row.due_on, row.interest) == (date(2027, 1, 31), D("5840.00"))


@pytest.mark.parametrize("changes", [{"due_on": date(2026, 1, 31)}, {"pay_day": 29}])
def test_dates_of_a_plan_that_do_not_fit_are_refused(changes):
    with pytest.raises(instalments.PlanDatesError):
        plan("bullet", **changes)

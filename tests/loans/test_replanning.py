"""Another rate, a part repaid ahead: the rest of the plan is computed anew (R-F11, R-F15)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.kernel.money import ZERO, yuan
from postloan_archive.loans.rules.instalments import Method, equal_payment, plan
from postloan_archive.loans.rules.position import (
    EarlierPlan,
    LoanFacts,
    PaidRow,
    ScheduledRow,
    position,
)
from postloan_archive.loans.rules.replanning import (
    Keep,
    PrepaidTooMuchError,
    RateDayError,
    accrued_to,
    prepaid,
    repriced,
)

START, END = date(2026, 1, 15), date(2027, 1, 15)


def facts(method: Method, principal: int = 120_000) -> LoanFacts:
    rows = plan(
        method,
        principal=Decimal(principal),
        annual_rate_pct=Decimal(6),
        disbursed_on=START,
        due_on=END,
        day_basis=360,
    )
    return LoanFacts(
        principal=Decimal(principal),
        annual_rate_pct=Decimal(6),
        penalty_uplift_pct=Decimal(50),
        day_basis=360,
        disbursed_on=START,
        due_on=END,
        schedule=tuple(
            ScheduledRow(due_on=row.due_on, principal=row.principal, interest=row.interest)
            for row in rows
        ),
    )


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("on", [date(2026, 4, 15), date(2026, 4, 20)])
def test_the_principal_of_a_new_plan_is_that_of_the_loan(method, on):
    loan = facts(method)
    for found in (
        repriced(loan, method.value, on=on, rate_pct=Decimal(5)),
        prepaid(loan, method.value, on=on, amount=Decimal(20_000), keep=Keep.TERM),
        prepaid(loan, method.value, on=on, amount=Decimal(20_000), keep=Keep.PAYMENT),
    ):
        rows = found.value.rows
        assert sum((row.principal for row in rows), ZERO) == 120_000
        assert [row.due_on for row in rows] == sorted(row.due_on for row in rows)
        assert rows[-1].due_on == found.value.due_on
        assert all(row.interest >= 0 for row in rows)


def test_equal_payments_from_a_boundary_on_are_those_of_a_new_loan():
    loan = facts(Method.EQUAL_PAYMENT)
    on = date(2026, 4, 15)
    left = sum((row.principal for row in loan.schedule if row.due_on > on), ZERO)
    rows = repriced(loan, "equal_payment", on=on, rate_pct=Decimal(5)).value.rows
    coming = [row for row in rows if row.due_on > on]
    payment = equal_payment(left, Decimal(5), 9)
    assert {row.principal + row.interest for row in coming[:-1]} == {payment}
    assert coming[0].interest == yuan(left * 5 / 1200)


def test_a_bullet_bears_each_rate_for_its_days():
    loan = facts(Method.BULLET, 360_000)
    (row,) = repriced(loan, "bullet", on=date(2026, 7, 15), rate_pct=Decimal(5)).value.rows
    assert row.interest == 360_000 * (6 * 181 + 5 * 184) / Decimal(36_000)


def test_a_running_month_is_shared_by_days():
    loan = facts(Method.EQUAL_PRINCIPAL)
    rows = repriced(
        loan, "equal_principal", on=date(2026, 1, 25), rate_pct=Decimal(3)
    ).value.rows
    # 120,000 × (6 % × 10 + 3 % × 21) ÷ 12 ÷ 31
    assert rows[0].interest == Decimal("396.77")
    assert rows[0].principal == 10_000


def test_a_rate_changes_within_the_loan():
    for on in (START, END):
        with pytest.raises(RateDayError):
            repriced(facts(Method.BULLET), "bullet", on=on, rate_pct=Decimal(5))


def test_a_shorter_term_keeps_the_instalment():
    loan = facts(Method.EQUAL_PAYMENT)
    on = date(2026, 4, 15)
    usual = loan.schedule[0].principal + loan.schedule[0].interest
    rows = prepaid(
        loan, "equal_payment", on=on, amount=Decimal(50_000), keep=Keep.PAYMENT
    ).value.rows
    coming = [row for row in rows if row.due_on > on]
    assert len(coming) < 9
    assert {row.principal + row.interest for row in coming[1:-1]} == {usual}
    assert coming[-1].principal + coming[-1].interest <= usual


def test_what_was_repaid_ahead_bears_no_more_interest():
    loan = facts(Method.INTEREST_MONTHLY)
    on = date(2026, 4, 25)
    assert accrued_to(loan, on) == Decimal("200.00")  # 120,000 × 6 % × 10 ÷ 360
    found = prepaid(loan, "interest_monthly", on=on, amount=Decimal(60_000), keep=Keep.TERM)
    assert [row for row in found.value.rows if row.due_on == on] == [
        ScheduledRow(due_on=on, principal=Decimal(60_000), interest=Decimal("200.00"))
    ]
    may = next(row for row in found.value.rows if row.due_on == date(2026, 5, 15))
    assert may.interest == Decimal("200.00")  # 60,000 × 6 % × 20 ÷ 360


def test_everything_ahead_ends_the_plan():
    loan = facts(Method.BULLET)
    on = date(2026, 3, 1)
    found = prepaid(loan, "bullet", on=on, amount=Decimal(120_000), keep=Keep.TERM).value
    assert (found.due_on, len(found.rows)) == (on, 1)
    with pytest.raises(PrepaidTooMuchError):
        prepaid(loan, "bullet", on=on, amount=Decimal(120_001), keep=Keep.TERM)


def test_days_before_a_change_are_derived_from_the_plan_of_then():
    old = facts(Method.BULLET)
    on = date(2026, 7, 15)
    found = prepaid(old, "bullet", on=on, amount=Decimal(20_000), keep=Keep.TERM).value
    interest = found.rows[0].interest
    new = replace(
        old,
        schedule=found.rows,
        due_on=found.due_on,
        payments=(PaidRow(paid_on=on, to_principal=Decimal(20_000), to_interest=interest),),
        earlier=(EarlierPlan(until=on, due_on=old.due_on, schedule=old.schedule),),
    )
    before = date(2026, 7, 14)
    assert position(new, before).value == position(old, before).value
    after = position(new, on).value
    assert (after.balance, after.interest_due, after.accrued) == (100_000, 0, 0)
    assert after.overdue_days == 0
    assert position(new, date(2026, 7, 25)).value.accrued == Decimal("166.67")

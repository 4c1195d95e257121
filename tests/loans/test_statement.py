"""The account that settles payments by the contract's order, against hand-made figures."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postloan_archive.loans.rules.account_facts import (
    AccountFacts,
    CostFact,
    Disbursement,
    LoanTerms,
    PaymentFact,
    RateChangeFact,
    ScheduledInstalment,
)
from postloan_archive.loans.rules.allocation import CLASS_ORDER, DebtClass, Order
from postloan_archive.loans.rules.claim import DebtKind
from postloan_archive.loans.rules.statement import claim_sheet, propose_booking, statement

D = Decimal
START, MATURITY = date(2025, 9, 20), date(2026, 3, 20)


def terms(**changes):
    return LoanTerms(
        **{
            "annual_rate_pct": D("4.80"),
            "uplift_pct": D(50),
            "day_basis": 360,
            "maturity": MATURITY,
            **changes,
        }
    )


def bullet(*, loan_terms=None, **changes):
    """One million, quarterly interest by actual days, repaid at maturity."""
    return AccountFacts(
        **{
            "terms": loan_terms or terms(),
            "disbursements": (Disbursement(on=START, amount=D("1000000.00")),),
            "schedule": (
                ScheduledInstalment(no=1, due=date(2025, 12, 20), principal=D(0)),
                ScheduledInstalment(no=2, due=MATURITY, principal=D("1000000.00")),
            ),
            **changes,
        }
    )


def billed(**changes):
    """Two instalments of 500 with interest as billed."""
    return bullet(
        disbursements=(Disbursement(on=START, amount=D("1000.00")),),
        schedule=(
            ScheduledInstalment(
                no=1, due=date(2025, 12, 20), principal=D(500), interest=D("12.00")
            ),
            ScheduledInstalment(no=2, due=MATURITY, principal=D(500), interest=D("6.00")),
        ),
        **changes,
    )


def pay(day, amount, **changes):
    return PaymentFact(on=date.fromisoformat(day), amount=D(amount), **changes)


def test_it_agrees_with_the_worked_example_of_the_claim():
    now = statement(bullet(), date(2026, 6, 30))
    assert (now.penalty, now.compound, now.due_interest) == (
        D("20400.00"),
        D("637.92"),
        D("24133.33"),
    )
    assert (now.total, now.overdue_since, now.overdue_days) == (
        D("1045171.25"),
        date(2025, 12, 20),
        192,
    )


def test_before_anything_is_due_interest_only_accrues():
    now = statement(bullet(), date(2025, 10, 20))
    assert (now.total_due, now.accrued_interest) == (D(0), D("4000.00"))
    assert (now.overdue_since, now.overdue_days) == (None, 0)
    assert claim_sheet(bullet(), date(2025, 10, 20)).value.until_paid.startswith(
        "以 1,000,000.00"
    )


def test_before_the_payout_nothing_is_owed():
    now = statement(bullet(), date(2025, 9, 1))
    assert (now.balance, now.total) == (D(0), D(0))
    assert claim_sheet(bullet(), date(2025, 9, 1)).value.until_paid == ""


def test_on_the_due_day_it_is_due_and_not_overdue():
    now = statement(billed(), date(2025, 12, 20))
    assert (now.total_due, now.overdue_days, now.overdue_since) == (D(512), 0, None)


def test_a_payment_lowers_the_base_from_its_own_day_on():
    facts = bullet(payments=(pay("2026-04-19", "500000"),))
    rows = [row for row in statement(facts, date(2026, 5, 19)).rows if row.end > MATURITY]
    penalty = [row for row in rows if row.kind is DebtKind.PENALTY]
    assert [row.days for row in penalty] == [30, 30]
    assert penalty[0].base == D("1000000.00")
    assert penalty[1].base < D("600000")


def test_an_early_payment_waits_for_its_due_day():
    facts = billed(payments=(pay("2025-12-01", "512"),))
    assert statement(facts, date(2025, 12, 10)).waiting == D(512)
    later = statement(facts, date(2025, 12, 20))
    assert (later.waiting, later.total_due, later.balance) == (D(0), D(0), D(500))


def test_a_prepayment_lowers_the_principal_and_its_interest():
    facts = bullet(payments=(pay("2025-10-20", "400000", prepayment=True),))
    now = statement(facts, date(2025, 12, 20))
    assert (now.balance, now.due_interest) == (D(600000), D("4000.00") + D("4880.00"))


def test_a_booked_split_is_taken_as_it_is():
    split = (
        (DebtClass.PRINCIPAL, D(600)),
        (DebtClass.INTEREST, D(12)),
        (DebtClass.COSTS, D(8)),
    )
    facts = billed(
        costs=(CostFact(on=date(2025, 12, 21), amount=D(5)),),
        payments=(pay("2025-12-22", "620", booked=split),),
    )
    now = statement(facts, date(2025, 12, 22))
    assert (now.balance, now.due_interest, now.costs, now.waiting) == (
        D(400),
        D(0),
        D(0),
        D(3),
    )
    assert now.penalty > 0


def test_costs_come_first_or_last_as_the_order_says():
    for order, costs_left in ((Order.STATUTORY, D(0)), (Order.PRINCIPAL_FIRST, D(5))):
        facts = billed(
            loan_terms=terms(order=CLASS_ORDER[order]),
            costs=(CostFact(on=date(2025, 12, 20), amount=D(5)),),
            payments=(pay("2025-12-20", "500"),),
        )
        assert statement(facts, date(2025, 12, 20)).costs == costs_left


def test_a_new_rate_applies_from_its_day_on():
    facts = bullet(
        rate_changes=(RateChangeFact(on=date(2025, 10, 20), annual_rate_pct=D("3.60")),)
    )
    now = statement(facts, date(2025, 12, 20))
    assert now.due_interest == D("4000.00") + D("6100.00")
    assert (now.rate_pct, now.penalty_rate_pct) == (D("3.60"), D("5.40"))


def test_billed_interest_replaces_what_was_counted():
    facts = billed(
        rate_changes=(RateChangeFact(on=date(2025, 10, 20), annual_rate_pct=D("3.60")),)
    )
    now = statement(facts, date(2025, 12, 20))
    (row,) = now.rows
    assert (row.amount, row.note) == (D(12), "第1期，按还款计划")


def test_acceleration_makes_the_whole_principal_due():
    facts = billed(loan_terms=terms(accelerated_on=date(2026, 1, 20)))
    now = statement(facts, date(2026, 1, 30))
    assert (now.due_principal, now.normal_principal) == (D(1000), D(0))
    assert now.overdue_since == date(2025, 12, 20)
    assert now.due_interest == D(12) + D("2.07")  # 31 days on 500


def test_acceleration_at_maturity_changes_nothing():
    late = date(2026, 6, 30)
    same = billed(loan_terms=terms(accelerated_on=MATURITY))
    assert statement(same, late).total == statement(billed(), late).total


def test_a_schedule_that_leaves_principal_falls_due_at_maturity():
    facts = bullet(schedule=())
    now = statement(facts, date(2026, 3, 21))
    assert (now.due_principal, now.overdue_days) == (D("1000000.00"), 1)


def test_interest_stops_with_the_bankruptcy():
    stopped = bullet(loan_terms=terms(interest_stops_on=date(2026, 4, 1)))
    on_day = statement(stopped, date(2026, 4, 1)).total
    assert statement(stopped, date(2027, 4, 1)).total == on_day
    early = billed(loan_terms=terms(interest_stops_on=date(2026, 1, 1)))
    assert statement(early, date(2026, 6, 30)).due_interest == D(12) + D("0.80")


def test_without_the_clause_no_compound_interest_runs():
    facts = bullet(loan_terms=terms(compound_clause=False))
    assert statement(facts, date(2026, 6, 30)).compound == 0


def test_penalty_alone_keeps_an_instalment_unpaid_if_the_bank_says_so():
    facts = billed(payments=(pay("2025-12-30", "512", booked=(
        (DebtClass.PRINCIPAL, D(500)), (DebtClass.INTEREST, D(12)))),))  # fmt: skip
    day = date(2026, 1, 10)
    assert statement(facts, day).overdue_days == 21
    assert statement(facts, day, penalty_keeps_unpaid=False).overdue_days == 0


def test_a_booking_is_proposed_oldest_first_in_the_order_of_classes():
    payment = pay("2026-04-19", "100")
    got = propose_booking(billed(costs=(CostFact(on=MATURITY, amount=D(10)),)), payment)
    value = got.value
    parts = value.costs + value.principal + value.interest + value.penalty + value.compound
    assert parts + value.waiting == D(100)
    assert (value.costs, value.interest) == (D(10), D(12))
    assert got.steps[0] == "2026-04-19 清偿费用 10.00 元"


def test_the_sheet_counts_what_was_paid_and_what_is_left():
    facts = billed(payments=(pay("2026-02-01", "600"), pay("2026-04-01", "2000")))
    sheet = claim_sheet(facts, date(2026, 4, 1)).value
    for total in sheet.totals:
        assert total.counted == total.paid + total.left
    assert sheet.grand_total == 0


AMOUNT = st.decimals(min_value="0.01", max_value=2000, places=2)
EVENTS = st.lists(st.tuples(st.integers(0, 400), AMOUNT, st.booleans()), max_size=6)


@settings(max_examples=60, deadline=None)
@given(EVENTS, st.integers(0, 500), st.sampled_from(Order))
def test_no_money_is_made_or_lost_and_nothing_is_negative(events, days, order):
    payments = tuple(
        PaymentFact(on=START + timedelta(day), amount=amount, prepayment=ahead)
        for day, amount, ahead in events
    )
    facts = billed(loan_terms=terms(order=CLASS_ORDER[order]), payments=payments)
    as_of = START + timedelta(days)
    now = statement(facts, as_of)
    received = sum((row.amount for row in payments if row.on <= as_of), D(0))
    assert sum((part.amount for part in now.paid), D(0)) + now.waiting == received
    assert min(now.balance, now.penalty, now.compound, now.due_interest, now.waiting) >= 0
    assert now.balance == now.normal_principal + now.due_principal
    quick = statement(facts, as_of, detail=False)
    assert replace(quick, rows=now.rows, paid=now.paid) == now
    left = {total.kind: total for total in claim_sheet(facts, as_of).value.totals}
    for kind in (DebtKind.INTEREST, DebtKind.PENALTY, DebtKind.COMPOUND):
        counted = sum((row.amount for row in now.rows if row.kind is kind), D(0))
        assert counted == left[kind].counted


@pytest.mark.parametrize("days", [1, 30, 200])
def test_two_days_later_the_same_facts_give_the_same_rows(days):
    as_of = MATURITY + timedelta(days)
    assert claim_sheet(bullet(), as_of) == claim_sheet(bullet(), as_of)


def test_a_second_payout_raises_the_base_from_its_day_on():
    payouts = (
        Disbursement(on=START, amount=D("600000.00")),
        Disbursement(on=date(2025, 10, 20), amount=D("400000.00")),
    )
    now = statement(bullet(disbursements=payouts), date(2025, 12, 20))
    assert now.due_interest == D("2400.00") + D("8133.33")


def test_an_empty_instalment_leaves_nothing_open():
    row = ScheduledInstalment(no=1, due=date(2025, 12, 20), principal=D(0), interest=D(0))
    now = statement(bullet(schedule=(row,)), date(2025, 12, 30))
    assert (now.overdue, now.overdue_days) == ((), 0)


def test_a_booking_goes_to_the_oldest_instalment_that_is_open():
    split = ((DebtClass.INTEREST, D(13)),)
    facts = billed(payments=(pay("2026-03-25", "13", booked=split),))
    first, second = statement(facts, date(2026, 3, 25)).overdue
    assert (first.interest, second.interest) == (D(0), D(5))
    later = billed(payments=(pay("2026-03-25", "5", booked=((DebtClass.INTEREST, D(5)),)),))
    first, second = statement(later, date(2026, 3, 25)).overdue
    assert (first.interest, second.interest) == (D(7), D(6))

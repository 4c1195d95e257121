"""A table of worked cases: days, grace, prepayment and allocation, each reckoned by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.loans.rules.allocation import DebtClass
from postloan_archive.loans.rules.instalments import Method, plan
from postloan_archive.loans.rules.loan_facts import LoanFacts, PaidRow, ScheduledRow
from postloan_archive.loans.rules.position import position
from postloan_archive.loans.rules.repayment_terms import (
    GraceMode,
    PrepayInterest,
    RepaymentTerms,
    TermsError,
    clean,
    read_order,
    terms_of,
)
from postloan_archive.loans.rules.replanning import Keep
from postloan_archive.loans.rules.splitting import split, split_ahead

D = Decimal
DUE = date(2026, 3, 20)


def one_row(**changes) -> LoanFacts:
    """10,000 yuan at 6 %, penalty 9 %, repaid with 150 yuan interest on 20 March 2026."""
    values = {
        "principal": D(10_000),
        "annual_rate_pct": D(6),
        "penalty_uplift_pct": D(50),
        "day_basis": 360,
        "disbursed_on": date(2025, 12, 20),
        "due_on": DUE,
        "schedule": (ScheduledRow(due_on=DUE, principal=D(10_000), interest=D(150)),),
    }
    return LoanFacts(**(values | changes))


@pytest.mark.parametrize(
    ("start", "end", "basis", "interest"),
    [
        (date(2024, 2, 28), date(2024, 3, 1), 360, "33.33"),  # 2 days: leap day
        (date(2025, 2, 28), date(2025, 3, 1), 360, "16.67"),  # 1 day
        (date(2024, 2, 28), date(2024, 3, 1), 365, "32.88"),
        (date(2024, 1, 1), date(2025, 1, 1), 360, "6100.00"),  # 366 days on 360
        (date(2025, 1, 1), date(2026, 1, 1), 365, "6000.00"),
    ],
)
def test_actual_days(start, end, basis, interest):
    (row,) = plan(
        Method.BULLET, principal=D(100_000), annual_rate_pct=D(6), disbursed_on=start,
        due_on=end, day_basis=basis,
    )  # fmt: skip
    assert row.interest == D(interest)


def test_a_loan_of_the_last_day_of_a_month_is_due_on_the_last_days():
    rows = plan(
        Method.EQUAL_PAYMENT, principal=D(12_000), annual_rate_pct=D(6),
        disbursed_on=date(2023, 12, 31), due_on=date(2024, 4, 30), day_basis=360,
    )  # fmt: skip
    assert [(row.due_on.month, row.due_on.day) for row in rows] == [
        (1, 31), (2, 29), (3, 31), (4, 30),
    ]  # fmt: skip


def test_interest_quarterly_to_the_20th_has_the_21st_as_its_boundary():
    rows = plan(
        Method.INTEREST_QUARTERLY, principal=D(100_000), annual_rate_pct=D(6),
        disbursed_on=date(2025, 9, 28), due_on=date(2026, 9, 28), day_basis=360, pay_day=21,
    )  # fmt: skip
    assert [(row.due_on, row.interest) for row in rows] == [
        (date(2025, 12, 21), D("1400.00")),  # 84 days
        (date(2026, 3, 21), D("1500.00")),  # 90
        (date(2026, 6, 21), D("1533.33")),  # 92
        (date(2026, 9, 21), D("1533.33")),  # 92
        (date(2026, 9, 28), D("116.67")),  # 7
    ]


WAIVED = RepaymentTerms(grace_days=3)
AFTER = RepaymentTerms(grace_days=3, grace_mode=GraceMode.AFTER)
BY_POLICY = replace(WAIVED, grace_in_class=True)


@pytest.mark.parametrize(
    ("terms", "day", "penalty", "compound", "overdue"),
    [
        (RepaymentTerms(), 21, "2.50", "0.04", 1),
        (WAIVED, 23, "0.00", "0.00", 3),  # the last grace day
        (WAIVED, 24, "10.00", "0.15", 4),  # not paid: from the due date
        (AFTER, 23, "0.00", "0.00", 3),
        (AFTER, 24, "2.50", "0.04", 4),  # from the last grace day on
        (BY_POLICY, 23, "0.00", "0.00", 0),
        (BY_POLICY, 24, "10.00", "0.15", 4),
    ],
)
def test_grace_days(terms, day, penalty, compound, overdue):
    found = position(one_row(terms=terms), date(2026, 3, day)).value
    assert (found.penalty, found.compound) == (D(penalty), D(compound))
    assert found.overdue_days == overdue
    assert (found.grace_until is not None) == (bool(terms.grace_days) and day <= 23)


def test_what_is_paid_within_the_grace_days_bears_nothing():
    paid = PaidRow(paid_on=date(2026, 3, 23), to_principal=D(4_000), to_interest=D(150))
    found = position(one_row(terms=WAIVED, payments=(paid,)), date(2026, 4, 19)).value
    assert found.penalty == D("45.00")  # 6,000 at 9 % for 30 days from 20 March
    assert found.compound == 0


def test_acceleration_has_no_grace():
    facts = one_row(
        terms=WAIVED, due_on=date(2026, 9, 20), accelerated_on=date(2026, 3, 20),
        schedule=(ScheduledRow(due_on=date(2026, 9, 20), principal=D(10_000), interest=D(0)),),
    )  # fmt: skip
    assert position(facts, date(2026, 3, 22)).value.penalty == D("5.00")


def in_four(**changes) -> LoanFacts:
    """40,000 yuan at 6 % in four instalments from 20 September; the first is paid."""
    values = {
        "principal": D(40_000),
        "disbursed_on": date(2026, 8, 20),
        "due_on": date(2026, 12, 20),
        "schedule": tuple(
            ScheduledRow(due_on=date(2026, month, 20), principal=D(10_000), interest=D(200))
            for month in range(9, 13)
        ),
        "payments": (
            PaidRow(paid_on=date(2026, 9, 20), to_principal=D(10_000), to_interest=D(200)),
        ),
    }
    return one_row(**(values | changes))


@pytest.mark.parametrize(
    ("terms", "amount", "interest", "fee"),
    [
        (RepaymentTerms(), "5075.00", "75.00", "0.00"),  # 30,000 for 15 days
        (RepaymentTerms(prepay_fee_pct=D(1)), "5125.00", "75.00", "50.00"),
        (
            RepaymentTerms(prepay_interest=PrepayInterest.FULL_PERIOD, prepay_fee_pct=D(1)),
            "5137.50",  # and 5,000 for the 15 days that are left of the period
            "87.50",
            "50.00",
        ),
    ],
)
@pytest.mark.parametrize("keep", list(Keep))
def test_a_part_repaid_ahead_pays_what_the_contract_asks(terms, amount, interest, fee, keep):
    found, made = split_ahead(
        in_four(terms=terms),
        "equal_principal",
        on=date(2026, 10, 5),
        amount=D(amount),
        keep=keep,
    )
    assert (found.value.principal, found.value.interest, found.value.costs) == (
        D("5000.00"),
        D(interest),
        D(fee),
    )
    assert sum(row.principal for row in made.value.rows) == 40_000


def test_the_order_turns_once_the_loan_is_long_overdue():
    late = one_row(terms=RepaymentTerms(late_order=read_order("先本后息")))
    before = split(late, on=date(2026, 6, 17), amount=D(100)).value  # 89 days
    after = split(late, on=date(2026, 6, 18), amount=D(100)).value  # 90 days
    assert (before.principal, after.principal) == (0, 100)
    assert before.compound + before.penalty == 100


def test_orders_as_people_write_them():
    statutory = read_order("费用→利息→本金")
    assert statutory == read_order("实现债权的费用、利息、主债务") == read_order("先息后本")
    assert read_order("费用＞利息＞罚息＞复利＞本金")[1] is DebtClass.INTEREST
    for wrong in ("利息→本金", "费用→利息→本金→本金", "随便"):
        with pytest.raises(TermsError):
            read_order(wrong)


def test_the_terms_of_a_loan_stand_over_those_of_its_product():
    found = terms_of({"grace_days": "5"}, {"grace_days": "3", "order": "先本后息"})
    assert (found.grace_days, found.order[0]) == (5, DebtClass.PRINCIPAL)
    for wrong in (
        {"grace_days": "-1"}, {"grace_mode": "x"}, {"prepay_fee_pct": "11"},
        {"prepay_fee_pct": "NaN"}, {"late_days": "1e3"},
    ):  # fmt: skip
        with pytest.raises(TermsError):
            clean(wrong)

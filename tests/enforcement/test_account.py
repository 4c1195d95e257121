"""The account of a judgment: by hand, against the vector T-F18, and by its properties."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postloan_archive.enforcement.rules.account import (
    Award,
    InterestBeforeAwardError,
    RowKind,
    judgment_account,
)
from postloan_archive.loans.rules.delay import (
    CutOffBeforePaymentError,
    OldRuleError,
    PartPayment,
    delay_interest_partial,
)

AWARD = Award(
    principal=Decimal(500_000),
    interest=Decimal(30_000),
    costs=Decimal(8_800),
    rate_pct=Decimal(0),
    day_basis=360,
    interest_from=date(2026, 2, 1),
    performance_last_day=date(2026, 3, 10),
)
PAID = PartPayment(on=date(2026, 5, 20), amount=Decimal(300_000))
money = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)
days = st.integers(0, 900).map(lambda number: date(2026, 2, 1) + timedelta(days=number))
payments = st.lists(st.builds(PartPayment, on=days, amount=money), max_size=6)
awards = st.builds(
    Award,
    principal=money,
    interest=money,
    costs=money,
    rate_pct=st.integers(0, 2400).map(lambda rate: Decimal(rate) / 100),
    day_basis=st.sampled_from([360, 365]),
    interest_from=st.just(date(2026, 2, 1)),
    performance_last_day=days,
)


def test_vector_t_f18_without_running_interest():
    account = judgment_account(AWARD, [PAID], date(2026, 8, 20)).value
    rows = [row.amount for row in account.rows if row.kind is RowKind.DOUBLED]
    assert rows == [Decimal("6321.84"), Decimal("3844.68")]
    assert account.owed.principal == Decimal(238_800)
    assert account.owed.doubled == Decimal("10166.52")


def test_interest_runs_on_what_is_left_from_the_day_of_payment():
    award = Award(
        principal=Decimal(100_000),
        interest=Decimal(0),
        costs=Decimal(0),
        rate_pct=Decimal("7.2"),
        day_basis=360,
        interest_from=date(2026, 1, 1),
        performance_last_day=date(2026, 1, 31),
    )
    paid = PartPayment(on=date(2026, 1, 31), amount=Decimal(50_600))
    account = judgment_account(award, [paid], date(2026, 3, 2)).value
    # 30 days: 100 000 × 7.2 % × 30 / 360 = 600; then 30 days on 50 000: 300, doubled 262.50
    found = [(row.kind, row.days, row.amount) for row in account.rows[1:]]
    assert found == [
        (RowKind.INTEREST, 30, Decimal("600.00")),
        (RowKind.PAID, 0, Decimal(50_600)),
        (RowKind.INTEREST, 30, Decimal("300.00")),
        (RowKind.DOUBLED, 30, Decimal("262.50")),
    ]
    assert account.owed.total == Decimal("50562.50")


@given(awards, payments, st.integers(0, 400))
def test_money_is_neither_made_nor_lost(award, paid, more):
    as_of = max((one.on for one in paid), default=date(2026, 2, 1)) + timedelta(days=more)
    account = judgment_account(award, paid, as_of).value
    grown = sum(row.amount for row in account.rows if row.kind is not RowKind.PAID)
    assert grown == account.owed.total + account.received - account.surplus
    assert min(account.owed.costs, account.owed.interest, account.owed.principal) >= 0
    assert account.owed.doubled >= 0
    for row in account.rows:
        if row.kind is RowKind.PAID:
            assert row.used.total <= row.amount


@given(awards, payments)
def test_without_running_interest_it_is_the_account_of_the_interpretation(award, paid):
    award = Award(
        principal=award.principal,
        interest=award.interest,
        costs=award.costs,
        rate_pct=Decimal(0),
        day_basis=360,
        interest_from=award.interest_from,
        performance_last_day=award.performance_last_day,
    )
    as_of = max((one.on for one in paid), default=date(2028, 1, 1))
    ours = judgment_account(award, paid, as_of).value
    theirs = delay_interest_partial(
        principal=award.principal,
        general_interest=award.interest,
        costs=award.costs,
        performance_last_day=award.performance_last_day,
        payments=paid,
        as_of=as_of,
    ).value
    assert ours.owed.doubled == theirs.doubled_left
    assert ours.owed.principal == theirs.principal_left_after_payment
    assert ours.surplus == theirs.surplus


@given(awards, payments, days, days)
def test_a_later_day_owes_no_less(award, paid, one, other):
    last = max((each.on for each in paid), default=date(2026, 2, 1))
    early, late = sorted((max(one, last), max(other, last)))
    before = judgment_account(award, paid, early).value
    after = judgment_account(award, paid, late).value
    assert after.owed.total >= before.owed.total


def test_a_payment_before_the_interest_runs_is_asked_about():
    with pytest.raises(InterestBeforeAwardError):
        judgment_account(
            AWARD, [PartPayment(on=date(2026, 1, 31), amount=Decimal(1))], date(2026, 8, 20)
        )


def test_a_day_before_the_last_payment_is_refused():
    with pytest.raises(CutOffBeforePaymentError):
        judgment_account(AWARD, [PAID], date(2026, 5, 19))


def test_days_before_the_interpretation_are_refused():
    old = Award(
        principal=Decimal(1),
        interest=Decimal(0),
        costs=Decimal(0),
        rate_pct=Decimal(0),
        day_basis=360,
        interest_from=date(2014, 1, 1),
        performance_last_day=date(2014, 7, 1),
    )
    with pytest.raises(OldRuleError):
        judgment_account(old, [], date(2014, 9, 1))

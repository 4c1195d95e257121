"""How money is split over several debts (民法典560)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postloan_archive.enforcement.rules.several import (
    Debt,
    NothingToSplitError,
    split_over_debts,
)

OLD, NEW = date(2025, 3, 1), date(2026, 3, 1)
A = Debt(name="A", owed=Decimal(100), due_on=OLD, securities=1, rate_pct=Decimal(5))


def shares(amount, *debts, named=()):
    found = split_over_debts(Decimal(amount), debts, named=named).value
    return [int(one.amount) for one in found.shares], int(found.surplus)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"due_on": None}, [100, 20]),  # what is due comes first
        ({"securities": 0}, [20, 100]),  # then what is less secured
        ({"rate_pct": Decimal(6)}, [20, 100]),  # then what weighs more
        ({"due_on": NEW}, [100, 20]),  # then the older
        ({"due_on": NEW, "securities": 0}, [20, 100]),
        ({}, [60, 60]),  # all alike: in proportion
        ({"owed": Decimal(300)}, [30, 90]),
    ],
)
def test_the_order_of_debts(changes, wanted):
    found, surplus = shares(120, A, replace(A, name="B", **changes))
    assert (found, surplus) == (wanted, 0)


def test_what_the_debtor_names_comes_first_and_a_surplus_is_told():
    second = replace(A, name="B", due_on=None)
    assert shares(120, A, second, named=("B", "?")) == ([20, 100], 0)
    assert shares(250, A, second) == ([100, 100], 50)


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_is_not_split(amount):
    with pytest.raises(NothingToSplitError):
        split_over_debts(Decimal(amount), [A])


@given(
    cents=st.integers(1, 10**7),
    owed=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 2)), min_size=1, max_size=5),
)
def test_nothing_is_lost_and_no_debt_gets_more_than_it_is_owed(cents, owed):
    debts = [
        replace(A, name=str(no), owed=Decimal(sum_) / 100, securities=kind)
        for no, (sum_, kind) in enumerate(owed)
    ]
    amount = Decimal(cents) / 100
    found = split_over_debts(amount, debts).value
    assert sum(one.amount for one in found.shares) + found.surplus == amount
    pairs = zip(found.shares, debts, strict=True)
    assert all(0 <= one.amount <= debt.owed for one, debt in pairs)

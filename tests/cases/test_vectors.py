"""Every worked example of group B that is not plain counting."""

from decimal import Decimal

import pytest

from postloan_archive.cases.rules.small_claims import small_claims
from tests.law_vectors import vectors


@pytest.mark.parametrize("vector", vectors("B", "small_claims"))
def test_small_claims_are_as_the_worked_example_says(vector):
    given = vector["input"]
    mode = small_claims(
        provincial_average_wage=Decimal(given["provincial_avg_wage"]),
        amount=Decimal(given["amount"]),
    ).value
    assert mode == vector["expected"]["mode"]

"""Cross checks of what was entered for a loan (R-J09)."""

from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.loans.rules.entry_checks import LoanEntry, entry_findings


def fields(**changes):
    """Return the fields at fault of an entry that is right but for the changes."""
    usual = {
        "signed_on": date(2026, 3, 2),
        "contract_ends_on": date(2027, 3, 2),
        "drawn_on": date(2026, 3, 5),
        "due_on": date(2027, 3, 2),
        "limit": Decimal(100),
        "drawn": Decimal(100),
    }
    return [finding.field for finding in entry_findings(LoanEntry(**{**usual, **changes}))]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"born": date(2008, 3, 2)}, []),  # eighteen today
        ({"born": date(2008, 3, 3)}, ["born"]),
        ({"contract_ends_on": date(2026, 3, 3)}, []),
        ({"contract_ends_on": date(2026, 3, 2)}, ["contract_ends_on"]),
        ({"due_on": date(2026, 3, 5)}, []),
        ({"due_on": date(2026, 3, 4)}, ["due_on"]),
        ({"drawn": Decimal("100.01")}, ["drawn"]),
        ({"drawn": Decimal(-1)}, ["drawn"]),
        ({"limit": Decimal(-1)}, ["limit", "drawn"]),
        ({"amount_in_words": Decimal(100)}, []),
        ({"amount_in_words": Decimal(10)}, ["amount_in_words"]),
    ],
)
def test_an_entry_that_contradicts_itself_is_named_field_by_field(changes, wrong):
    assert fields(**changes) == wrong

"""What to settle before a measure is asked for (R-C13 to R-C20)."""

from decimal import Decimal

import pytest

from postloan_archive.preservation.rules.checks import (
    Application,
    application_findings,
    collateral_seized,
)
from postloan_archive.preservation.rules.kinds import AssetKind


def asked(**changes):
    """A freeze of a deposit of a joint debtor for the whole claim."""
    usual = {
        "amount": Decimal(100),
        "claim_total": Decimal(100),
        "asset_kind": AssetKind.BANK_DEPOSIT,
    }
    return application_findings(Application(**{**usual, **changes}))


@pytest.mark.parametrize(
    ("changes", "rules", "blocks"),
    [
        ({}, [], []),
        ({"claim_total": None}, ["R-C14"], [True]),
        ({"amount": Decimal("100.01")}, ["R-C14"], [True]),
        ({"amount": None}, ["R-C13"], [True]),
        ({"amount": None, "asset_kind": AssetKind.REAL_ESTATE}, [], []),
        ({"asset_value": Decimal(100)}, [], []),
        ({"asset_value": Decimal(101)}, ["R-C13"], [False]),
        ({"asset_value": Decimal(101), "divisible": False}, [], []),
        ({"respondent_is_general_guarantor": True}, ["R-C20"], [True]),
        (
            {"respondent_is_general_guarantor": True, "debtor_assets_asked_first": True},
            [],
            [],
        ),
        ({"in_arbitration": True}, ["R-C18"], [False]),
        ({"on_appeal": True}, ["R-C17"], [False]),
        ({"seized_by_other_court": True}, ["R-C15"], [False]),
    ],
)
def test_an_application_is_checked_before_it_leaves_the_house(changes, rules, blocks):
    findings = asked(**changes)
    assert [finding.basis.rule for finding in findings] == rules
    assert [finding.blocks for finding in findings] == blocks


def test_a_seized_maximum_amount_mortgage_blocks_new_drawings():
    assert [finding.blocks for finding in collateral_seized(maximum_amount=True)] == [
        True,
        False,
    ]
    assert collateral_seized(maximum_amount=False) == ()

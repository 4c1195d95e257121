"""Every worked example of group C that is not plain counting."""

from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.preservation.rules.kinds import AssetKind
from postloan_archive.preservation.rules.security import (
    Applicant,
    Phase,
    preservation_security,
)
from postloan_archive.preservation.rules.term import (
    Conversion,
    converted_expiry,
    preservation_term,
)
from postloan_archive.preservation.rules.waiting import waiting_seizure
from postloan_archive.workdays.seed import published_calendar
from tests.law_vectors import vectors

CALENDAR = published_calendar()


def day(text):
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize("vector", vectors("C", "preservation"))
def test_a_measure_ends_as_the_worked_example_says(vector):
    given = vector["input"]
    term = preservation_term(
        day(given["effective_date"]), given["asset_kind"], calendar=CALENDAR
    )
    assert {
        "expiry": term.expiry.isoformat(),
        "apply_by_nominal": term.apply_by.nominal.isoformat(),
        "apply_by_safe": term.apply_by.safe.isoformat(),
        "provisional": term.apply_by.provisional,
    } == vector["expected"]


@pytest.mark.parametrize("vector", vectors("C", "preservation_security"))
def test_security_is_as_the_worked_example_says(vector):
    given = vector["input"]
    demand = preservation_security(
        Phase(given["phase"]),
        Decimal(given["amount"]),
        Applicant(given.get("applicant", "other")),
    )
    for name, value in vector["expected"].items():
        got = getattr(demand, name)
        assert (got if isinstance(value, bool) else str(got)) == value


@pytest.mark.parametrize("vector", vectors("C", "preservation_conversion"))
def test_a_conversion_is_as_the_worked_example_says(vector):
    given = vector["input"]
    ends = converted_expiry(
        day(given["pre_litigation_effective"]),
        AssetKind(given["asset_kind"]),
        converted_to=Conversion(given["converted_to"]),
        suit_filed=day(given.get("suit_filed")),
        enforcement_docketed=day(given.get("enforcement_docketed")),
    )
    assert ends.value.isoformat() == vector["expected"]["expiry"]


@pytest.mark.parametrize("vector", vectors("C", "waiting_seizure"))
def test_a_waiting_seizure_is_as_the_worked_example_says(vector):
    given = vector["input"]
    kind = given.get("asset_kind")
    waiting = waiting_seizure(
        order=given["order"],
        registered_on=day(given["registered"]),
        prior_released_on=day(given["prior_released"]),
        asset_kind=AssetKind(kind) if kind else None,
        earlier_in_line=given.get("second_in_line_exists"),
    )
    for name, value in vector["expected"].items():
        got = getattr(waiting, name)
        assert (got.isoformat() if isinstance(got, date) else got) == value

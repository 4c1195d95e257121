"""Every worked example of groups A, J and K, and the periods of B, C and D."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from postloan_archive.kernel import days, identifiers, masking, words
from postloan_archive.workdays.seed import published_calendar
from tests.law_vectors import vectors

CALENDAR = published_calendar()


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize("vector", vectors("ABCDK", "deadline"))
def test_a_period_ends_as_the_worked_example_says(vector):
    given = vector["input"]
    due = days.deadline(
        day(given["trigger_date"]), given["length"], days.Unit(given["unit"]), calendar=CALENDAR
    )
    assert {
        "nominal_last_day": due.nominal.isoformat(),
        "legal_last_day": due.legal.isoformat(),
        "safe_last_day": due.safe.isoformat(),
        "calendar_provisional": due.provisional,
    } == vector["expected"]
    assert due.steps
    assert due.basis
    assert due.calendar_edition


@pytest.mark.parametrize("vector", vectors("A", "backward_deadline"))
def test_a_backward_limit_is_as_the_worked_example_says(vector):
    given = vector["input"]
    due = days.backward_deadline(
        day(given["anchor_date"]), given["days_before"], calendar=CALENDAR
    )
    assert {
        "nominal_last_day": due.nominal.isoformat(),
        "safe_last_day": due.safe.isoformat(),
        "calendar_provisional": due.provisional,
    } == vector["expected"]


@pytest.mark.parametrize("vector", vectors("A", "hours_period"))
def test_hours_end_as_the_worked_example_says(vector):
    start = datetime.fromisoformat(vector["input"]["start"])
    end = days.hours_period(start, vector["input"]["hours"]).value
    assert end.isoformat(sep=" ") == vector["expected"]["end"]


@pytest.mark.parametrize("vector", vectors("A", "judgment_effective"))
def test_a_judgment_takes_effect_as_the_worked_example_says(vector):
    served = [days.ServedOn(on=day(text)) for text in vector["input"]["served"]]
    effective = days.judgment_effective(served, calendar=CALENDAR)
    assert effective.on.isoformat() == vector["expected"]["effective"]


@pytest.mark.parametrize("vector", vectors("A", "performance_last_day"))
def test_the_time_to_perform_ends_as_the_worked_example_says(vector):
    given = vector["input"]
    due = days.performance_last_day(day(given["effective"]), given["days"], calendar=CALENDAR)
    got = {"nominal": due.nominal.isoformat(), "legal": due.legal.isoformat()}
    assert got == vector["expected"]


@pytest.mark.parametrize("vector", vectors("K", "is_workday"))
def test_a_working_day_is_as_the_worked_example_says(vector):
    given, calendar = vector["input"], CALENDAR
    if "calendar_loaded_until" in given:
        calendar = calendar.limited_to(day(given["calendar_loaded_until"]))
    assert calendar.is_workday(day(given["date"])) is vector["expected"]["workday"]


@pytest.mark.parametrize("vector", vectors("J", "id_card"))
def test_an_identity_number_is_as_the_worked_example_says(vector):
    assert identifiers.id_card(vector["input"]["value"]).valid is vector["expected"]["valid"]


@pytest.mark.parametrize("vector", vectors("J", "uscc"))
def test_a_credit_code_is_as_the_worked_example_says(vector):
    assert identifiers.uscc(vector["input"]["value"]).valid is vector["expected"]["valid"]


@pytest.mark.parametrize("vector", vectors("J", "bank_card"))
def test_a_card_number_is_as_the_worked_example_says(vector):
    assert identifiers.bank_card(vector["input"]["value"]).valid is vector["expected"]["luhn"]


@pytest.mark.parametrize("vector", vectors("J", "case_no"))
def test_a_case_number_is_as_the_worked_example_says(vector):
    number, expected = identifiers.case_no(vector["input"]["value"]), vector["expected"]
    assert (number is not None) is expected["valid"]
    if number is not None:
        assert (number.court, number.type) == (expected["court"], expected["type"])


@pytest.mark.parametrize("vector", vectors("J", "mobile"))
def test_a_mobile_number_is_as_the_worked_example_says(vector):
    number = identifiers.mobile(vector["input"]["value"])
    assert number.valid is vector["expected"]["valid"]
    assert number.normalised == vector["expected"].get("normalised", "")


@pytest.mark.parametrize("vector", vectors("J", "rmb_upper"))
def test_an_amount_in_words_is_as_the_worked_example_says(vector):
    amount = words.rmb_upper(Decimal(vector["input"]["amount"]))
    assert amount.canonical == vector["expected"]["canonical"]
    assert set(amount.also_accept) == set(vector["expected"]["also_accept"])


@pytest.mark.parametrize("vector", vectors("J", "mask"))
def test_a_masked_value_is_as_the_worked_example_says(vector):
    kind = masking.MaskKind(vector["input"]["kind"])
    assert masking.mask(kind, vector["input"]["value"]) == vector["expected"]["masked"]

"""Which letters, what they must say, how figures and dates look."""

from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.notices.rules import conventions, fields, triggers
from postloan_archive.notices.rules.triggers import Event, GuaranteeKind

JOINT, GENERAL, THIRD = GuaranteeKind


@pytest.mark.parametrize(("days", "docs"), [(0, ()), (1, ("N01",)), (30, ("N01",)), (31, ())])
def test_the_due_notice_goes_out_in_the_last_thirty_days(days, docs):
    assert triggers.docs_before_due(days).value.docs == docs


@pytest.mark.parametrize(
    ("days", "docs", "stage"),
    [
        (-3, (), None),
        (0, (), None),
        (1, ("N02",), 1),
        (30, ("N02",), 30),
        (59, ("N02",), 30),
        (60, ("N05",), 60),
        (89, ("N05",), 60),
        (90, ("N05", "N06"), 90),
        (4000, ("N05", "N06"), 90),
    ],
)
def test_demands_grow_firmer(days, docs, stage):
    assert triggers.docs_when_overdue(days).value.docs == docs
    assert triggers.docs_when_overdue(days, GENERAL).value.docs == docs
    for kind in (JOINT, THIRD):
        expected = (*docs, "N04") if docs else ()
        assert triggers.docs_when_overdue(days, kind).value.docs == expected
    assert triggers.demand_stage(days) == stage


@pytest.mark.parametrize(
    ("event", "guarantee", "days", "docs"),
    [
        ("preservation_expires_in_days", None, 60, ("P04",)),
        ("preservation_expires_in_days", None, 61, ()),
        ("limitation_ends_in_days", JOINT, 180, ("N02",)),
        ("limitation_ends_in_days", JOINT, 181, ()),
        ("guarantee_period_ends_in_days", JOINT, 90, ("N04",)),
        ("guarantee_period_ends_in_days", GENERAL, 90, ("P01",)),
        ("guarantee_period_ends_in_days", THIRD, 90, ()),
        ("guarantee_period_ends_in_days", None, 90, ()),
        ("guarantee_period_ends_in_days", JOINT, 91, ()),
        ("acceleration_decided", None, None, ("N03",)),
        ("acceleration_decided", GENERAL, None, ("N03",)),
        ("acceleration_decided", THIRD, None, ("N03", "N04")),
        ("extension_planned", None, None, ()),
        ("extension_planned", GENERAL, None, ("N14",)),
        ("debtor_bankruptcy_accepted", None, None, ("X12",)),
        ("debtor_bankruptcy_accepted", GENERAL, None, ("X12", "N04")),
        ("settled", JOINT, 5, ("N13",)),
    ],
)
def test_an_event_calls_for_its_papers(event, guarantee, days, docs):
    got = triggers.docs_for_event(Event(event), guarantee=guarantee, days=days).value
    assert (got.docs, got.docs_required_next, got.deadline_rule) == (docs, (), None)


def test_after_pre_litigation_preservation_the_suit_must_follow():
    got = triggers.docs_for_event(Event.PRELITIGATION_PRESERVATION_DONE).value
    assert (got.docs, got.docs_required_next, got.deadline_rule) == (
        ("P01",),
        ("P01",),
        "R-C02",
    )


def test_a_countdown_without_days_is_refused():
    with pytest.raises(triggers.DaysMissingError):
        triggers.docs_for_event(Event.LIMITATION_ENDS_IN_DAYS)


def test_every_event_has_its_papers():
    assert set(triggers.DOCS) == set(Event)
    assert set(triggers.WITHIN_DAYS) <= set(Event)


@pytest.mark.parametrize(
    ("code", "count"),
    [("N01", 9), ("N02", 12), ("N03", 16), ("N05", 13), ("N08", 12), ("N09", 12), ("N14", 8)],
)
def test_every_key_is_asked_for(code, count):
    got = fields.required_fields(fields.NOTICES[code], []).value
    assert len(got.missing) == count


def test_debt_lines_are_asked_for_after_their_block():
    got = fields.required_fields(fields.NOTICES["N08"], ["transferor"]).value
    assert got.missing[2:5] == ("debts", "debtor", "contract_no")


def test_names_nobody_knows_are_listed_once_and_case_keys_are_known():
    present = ["foo", "guarantor", "serial_no", "foo", "bar"]
    got = fields.required_fields(fields.NOTICES["N11"], present).value
    assert got.unknown == ("foo", "bar")


@pytest.mark.parametrize(
    ("value", "present"),
    [
        (None, False),
        ("", False),
        ("  \u3000", False),
        ("____", False),
        ("20XX年", False),
        ("××公司", False),
        ("待补", False),
        ("{{ name }}", False),
        ([], False),
        ({}, False),
        ("0.00", True),
        (Decimal(0), True),
        (False, True),
        (["a"], True),
        ("EXXON", True),
        ("…", True),
    ],
)
def test_a_value_counts_unless_it_is_blank_or_a_placeholder(value, present):
    assert fields.is_present(value) is present


def test_missing_keys_of_debt_lines_are_named_by_line():
    line = dict.fromkeys(fields.NOTICES["N08"].line_keys, "x")
    lines = [line, {**line, "interest": "待补"}]
    assert fields.missing_in_lines(fields.NOTICES["N08"], lines) == ((2, "interest"),)
    assert fields.present_keys({"a": "1", "b": None}) == ("a",)


@pytest.mark.parametrize(
    ("day", "body", "closing"),
    [
        (date(2026, 3, 2), "2026年3月2日", "二〇二六年三月二日"),
        (date(2010, 10, 10), "2010年10月10日", "二〇一〇年十月十日"),
        (date(2026, 12, 21), "2026年12月21日", "二〇二六年十二月二十一日"),
        (date(2026, 1, 30), "2026年1月30日", "二〇二六年一月三十日"),
    ],
)
def test_dates_are_written_as_letters_write_them(day, body, closing):
    assert conventions.date_in_body(day) == body
    assert conventions.date_in_closing(day) == closing


def test_amounts_and_mail_slips():
    assert conventions.amount_in_figures(Decimal("1234567.5")) == "¥1,234,567.50"
    assert conventions.mail_content("催款函", "A-1", Decimal(12345)) == (
        "《催款函》（合同号A-1，金额12,345.00元）"
    )


def test_leftovers_are_found_by_paragraph():
    assert conventions.leftovers(["好", "第XX条 {{ a }}"]) == ((2, "XX"), (2, "{{"), (2, "}}"))

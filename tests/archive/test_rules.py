"""Items, completeness, numbers, retention, destruction."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postloan_archive.archive.rules import completeness, items, numbering, retention
from postloan_archive.archive.rules.completeness import (
    FileStage,
    Holder,
    Security,
    SecurityKind,
)


def facts(**changes):
    return completeness.FileFacts(
        **{
            "borrower": Holder.COMPANY,
            "signed": date(2026, 9, 1),
            **changes,
        }
    )


def missing(*, without=(), **changes):
    """Return what is missing beyond the base and the company's items."""
    base = {*completeness.BASE, "YJ08", "GL07", *without}
    return set(completeness.completeness(facts(**changes), base).value)


def test_the_tables_have_the_items_of_the_standard():
    counts = {
        category: sum(item.category is category for item in items.ITEMS.values())
        for category in items.Category
    }
    assert list(counts.values()) == [9, 18, 14, 18, 0]
    assert items.ITEMS["QZ09"].title == "权证入(出)库单"
    assert items.ITEMS["BQ18"].title == "送达回证/EMS回执"
    assert items.ITEMS["GL14"].title == "用途证明"
    assert {facts.number for facts in items.CATEGORIES.values()} == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("guarantee_person", "YJ03 YJ07"),
        ("guarantee_company", "YJ03 YJ07 YJ09"),
        ("mortgage_real_estate", "YJ04 QZ02 GL06 QZ09"),
        ("mortgage_movable", "YJ04 QZ03 GL06"),
        ("mortgage_vehicle", "YJ04 QZ03 QZ08 GL06"),
        ("pledge_deposit", "YJ05 QZ04 QZ09"),
        ("pledge_bill", "YJ05 QZ04 QZ09"),
        ("pledge_receivable", "YJ05 QZ06"),
        ("pledge_equity", "YJ05 QZ05"),
    ],
)
def test_each_security_asks_for_its_items(kind, codes):
    assert missing(guarantees=(Security(kind=SecurityKind(kind)),)) == set(codes.split())


@pytest.mark.parametrize(
    ("stage", "codes"),
    [
        ("first_check_due", "GL08"),
        ("overdue", "BQ01 GL10 GL11"),
        ("litigation", "BQ05 BQ06 BQ08"),
        ("preserved", "BQ07"),
        ("judged", "BQ10"),
        ("effective", "BQ11"),
        ("enforcement", "BQ12"),
    ],
)
def test_each_stage_adds_its_own_items_only(stage, codes):
    assert missing(stages=frozenset({FileStage(stage)})) == set(codes.split())


@pytest.mark.parametrize(
    ("security", "asked"),
    [
        (Security(kind=SecurityKind.GUARANTEE_PERSON), True),
        (Security(kind=SecurityKind.MORTGAGE_VEHICLE), False),
        (
            Security(kind=SecurityKind.MORTGAGE_VEHICLE, third_party=True, owner=Holder.PERSON),
            True,
        ),
    ],
)
def test_notice_of_the_guarantor_is_asked_for_when_somebody_else_is_liable(security, asked):
    got = missing(guarantees=(security,), stages=frozenset({FileStage.OVERDUE}))
    assert ("BQ02" in got) is asked


def test_a_third_party_company_shows_its_resolution():
    def ask(owner):
        return missing(
            guarantees=(
                Security(kind=SecurityKind.PLEDGE_EQUITY, third_party=True, owner=owner),
            )
        )

    assert ask(Holder.PERSON) == {"YJ05", "QZ05", "YJ07"}
    assert ask(Holder.COMPANY) == {"YJ05", "QZ05", "YJ07", "YJ09"}
    with pytest.raises(completeness.OwnerUnknownError):
        ask(None)


@pytest.mark.parametrize(
    ("married", "signed", "codes"),
    [
        (False, date(2026, 7, 31), "YJ11 YJ16"),
        (True, date(2026, 7, 31), "YJ10 YJ11 YJ16"),
        (False, date(2026, 8, 1), "YJ11 YJ16 YJ17"),
    ],
)
def test_a_person_shows_consent_and_costs(married, signed, codes):
    got = missing(borrower=Holder.PERSON, married=married, signed=signed)
    assert got == set(codes.split())


def test_a_person_of_unknown_marriage_is_refused():
    with pytest.raises(completeness.MarriedUnknownError):
        missing(borrower=Holder.PERSON)


def test_the_list_is_sorted_and_says_why():
    got = completeness.completeness(facts(stages=frozenset(FileStage)), [])
    assert list(got.value) == sorted(got.value)
    assert "缺 BQ01 逾期催收通知书及送达凭证（阶段：逾期）" in got.steps


@pytest.mark.parametrize(
    ("settled", "years", "end"),
    [
        (date(2026, 1, 1), 0, date(2026, 12, 31)),
        (date(2026, 12, 31), 30, date(2056, 12, 31)),
        (date(2026, 3, 31), None, None),
        (date(9989, 1, 1), 10, date(9999, 12, 31)),
    ],
)
def test_a_period_ends_with_a_year(settled, years, end):
    assert retention.retention(settled, years).value == end


def test_a_period_beyond_the_calendar_is_refused():
    with pytest.raises(retention.RetentionRangeError):
        retention.retention(date(9990, 1, 1), 10)


def test_loan_files_are_kept_ten_years_at_least():
    retention.check_years(10)
    retention.check_years(None)
    with pytest.raises(retention.RetentionTooShortError):
        retention.check_years(9)


def destroy(**changes):
    return retention.destroy_allowed(
        **{
            "today": date(2037, 1, 1),
            "settled": date(2026, 3, 31),
            "years": 10,
            "legal_hold": False,
            "appraised": True,
            **changes,
        }
    ).value


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, ()),
        ({"today": date(2036, 12, 31)}, ("not_expired",)),
        ({"years": None}, ("permanent",)),
        ({"legal_hold": True}, ("legal_hold",)),
        ({"appraised": False}, ("not_appraised",)),
        (
            {"years": None, "legal_hold": True, "appraised": False},
            ("permanent", "legal_hold", "not_appraised"),
        ),
    ],
)
def test_destruction_needs_expiry_appraisal_and_no_hold(changes, reasons):
    got = destroy(**changes)
    assert (got.allowed, got.reasons) == (not reasons, reasons)


NUMBERS = st.builds(
    numbering.ArchiveNumber,
    fonds=st.from_regex(r"[0-9A-Z]{1,8}", fullmatch=True),
    year=st.integers(1949, 2100),
    retention_years=st.none() | st.integers(1, 99),
    branch=st.from_regex(r"[0-9A-Za-z]{1,12}", fullmatch=True),
    volume=st.integers(1, 99_999_999),
    piece=st.none() | st.integers(1, 99_999),
)


@given(NUMBERS)
def test_a_number_that_is_written_can_be_read_back(number):
    assert numbering.read_archive_number(numbering.archive_number(number)) == number


@pytest.mark.parametrize(
    "text", ["", "A-XD·2026-D10-01", "A-XD.2026-Y-01-0001", "a-XD·2026-Y-1-0001"]
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(numbering.ArchiveNumberError):
        numbering.read_archive_number(text)


@pytest.mark.parametrize("changes", [{"fonds": "甲"}, {"volume": 0}, {"piece": 0}])
def test_a_number_with_an_impossible_part_is_refused(changes):
    parts = {"fonds": "A", "year": 2026, "retention_years": 10, "branch": "01", "volume": 1}
    with pytest.raises(numbering.ArchiveNumberError):
        numbering.archive_number(numbering.ArchiveNumber(**{**parts, **changes}))

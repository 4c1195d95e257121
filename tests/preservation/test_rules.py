"""Term, renewal, conversion, waiting seizure and security of measures (group C)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.days import DayRangeError, performance_last_day
from postloan_archive.kernel.law import Confidence
from postloan_archive.preservation.rules import periods
from postloan_archive.preservation.rules.kinds import (
    AssetKind,
    EnforcementBeforeMeasureError,
    ExpiryOrderError,
    SecuredAmountError,
    SuitBeforeMeasureError,
    UnknownAssetKindError,
    WaitingOrderError,
)
from postloan_archive.preservation.rules.security import (
    Applicant,
    Phase,
    preservation_security,
)
from postloan_archive.preservation.rules.term import (
    Conversion,
    converted_expiry,
    escalation_day,
    expiry,
    preservation_term,
    reminders,
)
from postloan_archive.preservation.rules.waiting import waiting_seizure
from postloan_archive.workdays.seed import published_calendar

CALENDAR = published_calendar()


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("effective", "kind", "ends", "nominal", "safe"),
    [
        ("2025-06-18", "bank_deposit", "2026-06-17", "2026-06-10", "2026-06-10"),
        ("2024-10-12", "movable", "2026-10-11", "2026-10-04", "2026-09-30"),
        ("2023-05-11", "real_estate", "2026-05-10", "2026-05-03", "2026-04-30"),
        ("2023-11-14", "other_right", "2026-11-13", "2026-11-06", "2026-11-06"),
        # a leap day and the day after it end alike
        ("2024-02-29", "bank_deposit", "2025-02-28", "2025-02-21", "2025-02-21"),
        ("2024-03-01", "bank_deposit", "2025-02-28", "2025-02-21", "2025-02-21"),
        # as on court papers: 自2026-03-03起至2029-03-02止
        ("2026-03-03", "real_estate", "2029-03-02", "2029-02-23", "2029-02-23"),
    ],
)
def test_a_measure_ends_and_is_renewed_seven_days_before(effective, kind, ends, nominal, safe):
    term = preservation_term(day(effective), kind, calendar=CALENDAR)
    assert term.expiry == term.computed == day(ends)
    assert (term.apply_by.nominal, term.apply_by.safe) == (day(nominal), day(safe))
    assert not term.from_court
    assert any(citation.confidence is Confidence.MEMORY for citation in term.basis)


def test_the_paper_of_the_court_wins_and_a_difference_is_shown():
    term = preservation_term(
        day("2023-05-11"), "real_estate", calendar=CALENDAR, court_expiry=day("2026-05-11")
    )
    assert term.from_court
    assert (term.expiry, term.computed) == (day("2026-05-11"), day("2026-05-10"))
    assert "与推算日期不一致，请核对文书。" in term.steps
    same = preservation_term(
        day("2023-05-11"), "real_estate", calendar=CALENDAR, court_expiry=day("2026-05-10")
    )
    assert "与推算日期不一致，请核对文书。" not in same.steps


def test_a_kind_without_a_term_needs_the_paper_of_the_court():
    with pytest.raises(UnknownAssetKindError):
        preservation_term(day("2026-03-02"), "公积金", calendar=CALENDAR)
    term = preservation_term(
        day("2026-03-02"), "公积金", calendar=CALENDAR, court_expiry=day("2026-09-01")
    )
    assert (term.expiry, term.computed) == (day("2026-09-01"), None)


def test_a_measure_cannot_end_before_it_began():
    with pytest.raises(ExpiryOrderError):
        preservation_term(
            day("2026-03-02"), "movable", calendar=CALENDAR, court_expiry=day("2026-03-01")
        )


def test_days_at_the_ends_of_time_are_refused():
    with pytest.raises(DayRangeError):
        expiry(date.min, AssetKind.MOVABLE)
    with pytest.raises(DayRangeError):
        expiry(date(9998, 1, 1), AssetKind.REAL_ESTATE)


def test_reminders_come_60_to_15_days_before_and_the_manager_five_working_days_before():
    term = preservation_term(day("2024-10-12"), "movable", calendar=CALENDAR)
    assert reminders(term) == (
        day("2026-08-12"),
        day("2026-08-27"),
        day("2026-09-11"),
        day("2026-09-21"),
        day("2026-09-26"),
    )
    # 09-25 to 09-27 are free, 09-30 is the last day to apply.
    assert escalation_day(term, calendar=CALENDAR) == day("2026-09-22")


@given(st.dates(date(2004, 1, 2), date(2035, 12, 31)), st.sampled_from(AssetKind))
def test_the_renewal_is_always_asked_for_in_time(effective, kind):
    term = preservation_term(effective, kind, calendar=CALENDAR)
    assert term.expiry - term.apply_by.nominal == timedelta(days=7)
    assert term.apply_by.safe <= term.apply_by.nominal
    assert term.expiry >= effective


@pytest.mark.parametrize("converted_to", Conversion)
def test_a_conversion_never_restarts_the_period(converted_to):
    ends = converted_expiry(
        day("2025-08-15"),
        AssetKind.BANK_DEPOSIT,
        converted_to=converted_to,
        suit_filed=day("2025-09-10"),
    )
    assert ends.value == day("2026-08-14")
    assert len(ends.steps) == 2


def test_a_measure_that_had_expired_does_not_convert():
    ends = converted_expiry(
        day("2024-01-08"),
        AssetKind.BANK_DEPOSIT,
        converted_to=Conversion.ENFORCEMENT,
        enforcement_docketed=day("2025-06-01"),
    )
    assert ends.value == day("2025-01-07")
    assert "已届满，不能转换" in ends.steps[-1]


def test_a_later_phase_does_not_start_before_the_measure():
    with pytest.raises(SuitBeforeMeasureError):
        converted_expiry(
            day("2026-03-02"),
            AssetKind.MOVABLE,
            converted_to=Conversion.IN_LITIGATION,
            suit_filed=day("2026-03-01"),
        )
    with pytest.raises(EnforcementBeforeMeasureError):
        converted_expiry(
            day("2026-03-02"),
            AssetKind.MOVABLE,
            converted_to=Conversion.ENFORCEMENT,
            enforcement_docketed=day("2026-03-01"),
        )


@pytest.mark.parametrize(
    ("order", "released", "earlier", "effective"),
    [
        (2, "2026-04-20", None, True),
        (2, None, None, False),
        (2, "2026-04-20", True, False),
        (3, "2026-04-20", None, False),
        (3, "2026-04-20", False, True),
        (3, None, False, False),
    ],
)
def test_a_waiting_seizure_takes_effect_when_it_is_first_and_the_prior_one_ends(
    order, released, earlier, effective
):
    waiting = waiting_seizure(
        order=order,
        registered_on=day("2025-03-01"),
        prior_released_on=day(released) if released else None,
        asset_kind=AssetKind.REAL_ESTATE,
        earlier_in_line=earlier,
    )
    assert waiting.effective is effective
    assert waiting.effective_on == (day("2026-04-20") if effective else None)
    assert waiting.expiry_estimated == (day("2029-04-19") if effective else None)
    assert waiting.expiry is None  # only the court sets it


def test_without_a_kind_nothing_is_estimated():
    waiting = waiting_seizure(
        order=2, registered_on=day("2025-03-01"), prior_released_on=day("2026-04-20")
    )
    assert waiting.effective
    assert waiting.expiry_estimated is None


def test_the_first_seizure_is_not_a_waiting_one():
    with pytest.raises(WaitingOrderError):
        waiting_seizure(order=1, registered_on=day("2025-03-01"), prior_released_on=None)


@pytest.mark.parametrize(
    ("phase", "applicant", "low", "high", "waived"),
    [
        (Phase.PRE_LITIGATION, Applicant.OTHER, "5000000.00", None, False),
        (Phase.PRE_LITIGATION, Applicant.COMMERCIAL_BANK, "5000000.00", None, False),
        (Phase.IN_LITIGATION, Applicant.OTHER, None, "1500000.00", False),
        (Phase.IN_LITIGATION, Applicant.COMMERCIAL_BANK, None, "1500000.00", True),
        (Phase.IN_LITIGATION, Applicant.INSURANCE_COMPANY, None, "1500000.00", True),
        (Phase.IN_LITIGATION, Applicant.OTHER_LICENSED, None, "1500000.00", True),
        (Phase.IN_LITIGATION, Applicant.MICRO_LOAN_COMPANY, None, "1500000.00", False),
        (Phase.PRE_ENFORCEMENT, Applicant.OTHER, None, None, True),
    ],
)
def test_security_is_the_amount_before_a_suit_and_at_most_30_percent_in_it(
    phase, applicant, low, high, waived
):
    demand = preservation_security(phase, Decimal(5_000_000), applicant)
    assert demand.min_required == (Decimal(low) if low else None)
    assert demand.max_required == (Decimal(high) if high else None)
    assert demand.may_be_waived is waived


def test_the_ceiling_is_cut_down_to_the_cent():
    demand = preservation_security(Phase.IN_LITIGATION, Decimal("0.03"))
    assert demand.max_required == Decimal("0.00")
    demand = preservation_security(Phase.IN_LITIGATION, Decimal("100.09"))
    assert demand.max_required == Decimal("30.02")  # 30.027


def test_nothing_is_preserved_for_no_amount():
    with pytest.raises(SecuredAmountError):
        preservation_security(Phase.IN_LITIGATION, Decimal(0))


@pytest.mark.parametrize(
    ("taken", "nominal", "legal", "safe"),
    [
        ("2026-09-01", "2026-10-01", "2026-10-08", "2026-09-30"),
        ("2026-03-05", "2026-04-04", "2026-04-07", "2026-04-03"),
    ],
)
def test_after_a_measure_before_litigation_we_sue_within_thirty_days(
    taken, nominal, legal, safe
):
    due = periods.sue_by(day(taken), calendar=CALENDAR)
    assert (due.nominal, due.legal, due.safe) == (day(nominal), day(legal), day(safe))
    assert due.basis[0].rule == "R-C02"


def test_the_other_periods_around_a_measure():
    assert periods.review_by(day("2026-09-28"), calendar=CALENDAR).legal == day("2026-10-08")
    assert periods.review_decided_by(day("2026-03-02"), calendar=CALENDAR).nominal == day(
        "2026-03-12"
    )
    assert periods.ruling_until(day("2026-03-02"), calendar=CALENDAR).nominal == day(
        "2026-03-07"
    )
    assert periods.release_ruling_by(day("2026-03-02"), calendar=CALENDAR).legal == day(
        "2026-03-09"
    )
    asked = datetime(2026, 3, 2, 10, 20, tzinfo=CHINA)
    assert periods.urgent_ruling_until(asked).value == datetime(2026, 3, 4, 11, tzinfo=CHINA)


def test_a_measure_before_enforcement_stands_if_enforcement_is_asked_for_in_five_days():
    performance = performance_last_day(day("2026-06-20"), 10, calendar=CALENDAR)
    assert performance.legal == day("2026-06-30")
    due = periods.enforcement_by(performance, calendar=CALENDAR)
    assert (due.nominal, due.legal, due.safe) == (
        day("2026-07-05"),
        day("2026-07-06"),
        day("2026-07-03"),
    )
    lifted = periods.lifted_by(due, calendar=CALENDAR)
    assert lifted.nominal == day("2026-07-13")

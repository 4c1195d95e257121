"""What follows from each event of a case (group B)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postloan_archive.cases.rules.deadlines import (
    PERIODS,
    following_deadlines,
    governing,
    moved,
    next_deadlines,
)
from postloan_archive.cases.rules.events import LABELS, Bound, Event, Fact
from postloan_archive.cases.rules.periods.kinds import Counting
from postloan_archive.kernel.days import Unit
from postloan_archive.workdays.seed import published_calendar

CALENDAR = published_calendar()
DAY, MONTH, YEAR = Unit.DAY, Unit.MONTH, Unit.YEAR
ABROAD, HONG_KONG = Fact.ABROAD, Fact.HONG_KONG_MACAO_TAIWAN
SIMPLIFIED, SMALL, SECOND = Fact.SIMPLIFIED, Fact.SMALL_CLAIMS, Fact.SECOND_INSTANCE
DAY_OF_LAW = date(2026, 6, 10)


def day(text):
    return date.fromisoformat(text)


# Rule, event, facts, length, unit: the whole of the tables of group B as it stands today.
TABLE = [
    ("R-B01", Event.COMPLAINT_RECEIVED, (), 7, DAY),
    ("R-B03", Event.FEE_NOTICE, (), 7, DAY),
    ("R-B04", Event.FEE_TOP_UP_NOTICE, (), 7, DAY),
    ("R-B05", Event.DOCKETED, (), 5, DAY),
    ("R-B06", Event.COMPLAINT_SERVED, (), 15, DAY),
    ("R-B06", Event.COMPLAINT_SERVED, (ABROAD,), 30, DAY),
    ("R-B06", Event.COMPLAINT_SERVED, (HONG_KONG,), 30, DAY),
    ("R-B07", Event.DEFENCE_RECEIVED, (), 5, DAY),
    ("R-B09", Event.COUNTERCLAIM_FILED, (), 7, DAY),
    ("R-B13", Event.PUBLIC_NOTICE, (), 30, DAY),
    ("R-B13", Event.PUBLIC_NOTICE, (ABROAD,), 60, DAY),
    ("R-B13", Event.PUBLIC_NOTICE, (HONG_KONG,), 3, MONTH),
    ("R-B14", Event.PUBLIC_NOTICE_OVER, (), 15, DAY),
    ("R-B14", Event.PUBLIC_NOTICE_OVER, (ABROAD,), 30, DAY),
    ("R-B19", Event.HEARING_OVER, (), 5, DAY),
    ("R-B20", Event.DOCKETED, (), 6, MONTH),
    ("R-B20", Event.DOCKETED, (SIMPLIFIED,), 3, MONTH),
    ("R-B20", Event.DOCKETED, (SMALL,), 2, MONTH),
    ("R-B20", Event.SPECIAL_DOCKETED, (), 30, DAY),
    ("R-B20", Event.APPEAL_DOCKETED, (), 3, MONTH),
    ("R-B20", Event.APPEAL_RULING_DOCKETED, (), 30, DAY),
    ("R-B21", Event.JUDGMENT_SERVED, (), 15, DAY),
    ("R-B22", Event.RULING_SERVED, (), 10, DAY),
    ("R-B23", Event.JUDGMENT_SERVED, (ABROAD,), 30, DAY),
    ("R-B23", Event.RULING_SERVED, (HONG_KONG,), 30, DAY),
    ("R-B24", Event.APPEAL_FEE_NOTICE, (), 7, DAY),
    ("R-B25", Event.APPEAL_FILED, (), 5, DAY),
    ("R-B25", Event.APPEAL_SERVED, (), 15, DAY),
    ("R-B25", Event.APPEAL_SERVED, (ABROAD,), 30, DAY),
    ("R-B25", Event.APPEAL_DEFENCE_RECEIVED, (), 5, DAY),
    ("R-B25", Event.APPEAL_FILE_COMPLETE, (), 5, DAY),
    ("R-B28", Event.PAYMENT_ORDER_APPLIED, (), 5, DAY),
    ("R-B28", Event.PAYMENT_ORDER_ACCEPTED, (), 15, DAY),
    ("R-B28", Event.PAYMENT_ORDER_SERVED, (), 15, DAY),
    ("R-B29", Event.PAYMENT_ORDER_ENDED, (), 7, DAY),
    ("R-B30", Event.PAYMENT_ORDER_ISSUED, (), 30, DAY),
    ("R-B31", Event.SECURITY_ACCEPTED, (), 5, DAY),
    ("R-B31", Event.SECURITY_ACCEPTED, (), 30, DAY),
    ("R-B31", Event.SECURITY_APPLICATION_SERVED, (), 5, DAY),
    ("R-B31", Event.SECURITY_RULING_SERVED, (), 15, DAY),
    ("R-B31", Event.SECURITY_RULING_KNOWN, (), 6, MONTH),
    ("R-B32", Event.MEDIATION_AGREED, (), 30, DAY),
    ("R-B33", Event.PRELITIGATION_MEASURE, (), 30, DAY),
    ("R-B34", Event.PRESERVATION_RULING_SERVED, (), 5, DAY),
    ("R-B35", Event.PERFORMANCE_PERIOD_OVER, (), 2, YEAR),
    ("R-C12", Event.PERFORMANCE_PERIOD_OVER, (), 5, DAY),
    ("R-B36", Event.ENFORCEMENT_APPLIED, (), 10, DAY),
    ("R-B37", Event.ENFORCEMENT_APPLIED, (), 6, MONTH),
    ("R-B38", Event.ENFORCEMENT_NOTICE_SERVED, (), 10, DAY),
    ("R-B39", Event.CONDUCT_RULING_SERVED, (), 10, DAY),
    ("R-B40", Event.OUTSIDER_RULING_SERVED, (), 15, DAY),
    ("R-B42", Event.PLAN_SERVED, (), 15, DAY),
    ("R-B42", Event.PLAN_OBJECTION_NOTICE, (), 15, DAY),
    ("R-B42", Event.PLAN_OPPOSITION_NOTICE, (), 15, DAY),
    ("R-B43", Event.PARTY_RULING_SERVED, (), 10, DAY),
    ("R-B43", Event.PARTY_RULING_SERVED_SUIT, (), 15, DAY),
    ("R-B44", Event.ENFORCEMENT_NOTICE_SERVED, (), 15, DAY),
    ("R-B44", Event.NON_ENFORCEMENT_GROUND_KNOWN, (), 15, DAY),
    ("R-B45", Event.ENFORCEMENT_ENDED, (), 60, DAY),
    ("R-B46", Event.SETTLEMENT_PERIOD_OVER, (), 2, YEAR),
    ("R-B47", Event.AWARD_RECEIVED, (), 3, MONTH),
    ("R-B48", Event.EFFECTIVE, (), 6, MONTH),
    ("R-B48", Event.RETRIAL_DEFECT_KNOWN, (), 6, MONTH),
    ("R-B48", Event.RETRIAL_REFUSED, (), 2, YEAR),
    ("R-B49", Event.HARM_KNOWN, (), 6, MONTH),
    ("R-B50", Event.EFFECTIVE, (), 15, DAY),
    ("R-B51", Event.TERMINATED_THIS_TIME, (), 6, MONTH),
    ("R-B52", Event.VALUATION_RECEIVED, (), 5, DAY),
    ("R-B53", Event.AUCTION_FAILED, (), 30, DAY),
    ("R-B54", Event.FIRST_SEIZURE, (), 60, DAY),
    ("R-B54", Event.TRANSFER_REQUEST_RECEIVED, (), 15, DAY),
    ("R-B55", Event.DEBT_ASSET_TAKEN, (), 2, YEAR),
    ("R-B57", Event.DISHONESTY_APPLIED, (), 15, DAY),
    ("R-B58", Event.EXIT_BAN, (), 10, DAY),
    ("R-B60", Event.RETRIAL_APPLICATION_SERVED, (), 15, DAY),
    ("R-B61", Event.ENFORCEMENT_REFUSED, (), 10, DAY),
    ("R-B62", Event.THIRD_PARTY_NOTICE_SERVED, (), 15, DAY),
    ("R-B63", Event.CLAIM_LIST_REVIEWED, (), 15, DAY),
    ("R-B63", Event.CREDITORS_RESOLUTION, (), 15, DAY),
    ("R-B64", Event.MEDIATION_ASSIGNED, (), 30, DAY),
    ("R-B64", Event.MEDIATION_ENTRUSTED, (), 15, DAY),
    ("R-B64", Event.MEDIATION_ENTRUSTED, (SIMPLIFIED,), 7, DAY),
    ("R-B65", Event.ENFORCEMENT_APPLIED, (), 7, DAY),
    ("R-B65", Event.ENFORCEMENT_DOCKETED, (), 6, MONTH),
    ("R-B66", Event.SUSPENSION_OVER, (), 1, YEAR),
]


@pytest.mark.parametrize(("rule", "event", "facts", "length", "unit"), TABLE)
def test_an_event_starts_the_period_the_law_gives(rule, event, facts, length, unit):
    rows = governing(event, DAY_OF_LAW, facts)
    assert (rule, length, unit) in [(row.rule, row.length, row.unit) for row in rows]


@pytest.mark.parametrize(
    ("event", "facts", "rules"),
    [
        (Event.JUDGMENT_SERVED, (), ["R-B21"]),
        (Event.JUDGMENT_SERVED, (ABROAD,), ["R-B23"]),
        (Event.JUDGMENT_SERVED, (SMALL,), []),  # one instance only: no appeal
        (Event.JUDGMENT_SERVED, (SECOND,), []),  # final on service
        (Event.RULING_SERVED, (SMALL,), []),  # final at once
        (Event.DOCKETED, (ABROAD,), ["R-B05", "R-B20"]),
        (Event.HEARING, (), ["R-B15", "R-B16"]),
        (Event.HEARING, (SIMPLIFIED,), ["R-B16"]),
    ],
)
def test_the_facts_pick_the_rows(event, facts, rules):
    assert [row.rule for row in governing(event, DAY_OF_LAW, facts)] == rules


def test_a_case_with_a_party_abroad_has_no_trial_limit():
    proposals = next_deadlines(Event.DOCKETED, DAY_OF_LAW, [ABROAD], calendar=CALENDAR)
    assert [(p.period.rule, p.due is None) for p in proposals] == [
        ("R-B05", False),
        ("R-B20", True),
    ]


@pytest.mark.parametrize(
    ("published", "length"), [("2021-12-31", 60), ("2022-01-01", 30), ("2026-03-02", 30)]
)
def test_a_notice_took_sixty_days_before_2022(published, length):
    (row,) = governing(Event.PUBLIC_NOTICE, day(published))
    assert row.length == length


@pytest.mark.parametrize(
    ("received", "periods"),
    [
        ("2026-02-28", [(Bound.OWN, 3), (Bound.OTHER, 6)]),
        ("2026-03-01", [(Bound.BOTH, 3)]),
    ],
)
def test_an_award_is_attacked_within_three_months_since_the_new_law(received, periods):
    rows = governing(Event.AWARD_RECEIVED, day(received))
    assert [(row.bound, row.length) for row in rows] == periods


def test_a_row_says_its_edition():
    (row,) = governing(Event.AWARD_RECEIVED, day("2026-03-01"))
    assert row.edition == "R-B47@2026-03-01"
    house = [row for row in PERIODS if row.rule == "R-B51" and row.length]
    assert [row.edition for row in house] == ["R-B51"]


def test_a_hearing_is_an_appointment_and_the_notice_comes_three_days_before():
    notice, hearing = next_deadlines(Event.HEARING, day("2026-10-08"), calendar=CALENDAR)
    assert hearing.due is not None
    assert notice.due is not None
    assert hearing.due.legal == hearing.due.nominal == day("2026-10-08")
    assert (notice.due.nominal, notice.due.safe) == (day("2026-10-05"), day("2026-09-30"))


def test_what_must_come_before_an_event_is_planned_a_working_day_earlier():
    (before,) = next_deadlines(Event.EVIDENCE_PERIOD_ENDS, day("2026-10-08"), calendar=CALENDAR)
    assert before.due is not None
    assert (before.due.legal, before.due.safe) == (day("2026-10-08"), day("2026-09-30"))
    assert not before.due.provisional


def test_a_right_opens_the_day_after_its_waiting_time():
    proposals = next_deadlines(Event.ENFORCEMENT_APPLIED, day("2026-01-10"), calendar=CALENDAR)
    (opens,) = [p.due for p in proposals if p.period.counting is Counting.OPENS]
    assert opens is not None
    assert opens.nominal == day("2026-07-11")


def test_two_years_to_dispose_of_a_taken_asset_are_not_extended():
    (proposal,) = next_deadlines(Event.DEBT_ASSET_TAKEN, day("2024-05-02"), calendar=CALENDAR)
    assert proposal.due is not None
    assert proposal.due.legal == proposal.due.nominal == day("2026-05-02")


def test_a_period_after_another_starts_on_its_legal_day():
    (notice,) = next_deadlines(Event.PUBLIC_NOTICE, day("2026-04-03"), calendar=CALENDAR)
    assert notice.due is not None
    assert (notice.due.nominal, notice.due.legal) == (day("2026-05-03"), day("2026-05-06"))
    (defence,) = following_deadlines(notice.due, Event.PUBLIC_NOTICE_OVER, calendar=CALENDAR)
    assert defence.due is not None
    assert defence.due.nominal == day("2026-05-21")
    assert "R-A19" in [citation.rule for citation in defence.due.basis]


def test_after_another_period_rows_without_a_forward_count_keep_their_nature():
    (late,) = next_deadlines(Event.PUBLIC_NOTICE, day("2026-12-20"), calendar=CALENDAR)
    assert late.due is not None
    assert late.due.provisional
    (before,) = following_deadlines(late.due, Event.PRONOUNCEMENT, calendar=CALENDAR)
    assert before.due is not None
    assert before.due.provisional
    (opened,) = following_deadlines(late.due, Event.FIRST_SEIZURE, calendar=CALENDAR)
    assert opened.due is not None
    assert opened.due.provisional
    (fixed,) = following_deadlines(late.due, Event.BANKRUPTCY_NOTICE, calendar=CALENDAR)
    assert fixed.due is None


def test_every_event_has_a_label_and_starts_something():
    assert set(LABELS) == set(Event)
    assert {row.event for row in PERIODS} == set(Event)


def test_every_row_names_provision_act_and_consequence():
    for row in PERIODS:
        assert row.basis, row.rule
        assert row.act, row.rule
        assert row.if_missed, row.rule
        has_length = row.counting in {Counting.FORWARD, Counting.BACKWARD, Counting.OPENS}
        assert (row.length > 0) is has_length, row.rule


@pytest.mark.parametrize("facts", [(), (ABROAD,), (HONG_KONG,), (SIMPLIFIED,), (SMALL,)])
def test_no_two_rows_give_the_same_party_two_lengths_for_one_act(facts):
    for event in Event:
        seen = [(row.rule, row.act) for row in governing(event, DAY_OF_LAW, facts)]
        assert len(seen) == len(set(seen))


def test_fixed_periods_are_those_the_law_calls_fixed():
    assert {row.rule for row in PERIODS if row.fixed} == {"R-B31", "R-B48", "R-B49"}


@given(
    st.sampled_from(Event),
    st.dates(date(2022, 1, 1), date(2025, 12, 1)),
    st.integers(1, 40),
)
def test_correcting_a_trigger_moves_every_day_that_depends_on_it(event, was, days):
    now = was + timedelta(days=days)
    shifts = {shift.period: shift for shift in moved(event, was, now, calendar=CALENDAR)}
    for row in governing(event, now):
        before, after = row.due(was, calendar=CALENDAR), row.due(now, calendar=CALENDAR)
        if before == after:
            assert row not in shifts
        else:
            assert shifts[row].before == before
            assert shifts[row].after == after
        if row.counting is Counting.FORWARD and row.unit is DAY:
            assert before is not None
            assert after is not None
            assert after.nominal - before.nominal == timedelta(days=days)


def test_a_row_of_another_edition_does_not_move_it_changes():
    shifts = moved(
        Event.AWARD_RECEIVED, day("2026-02-28"), day("2026-03-01"), calendar=CALENDAR
    )
    assert shifts == ()

"""The order of a docket: any lawful order is taken, any reversal refused; moved days follow."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postloan_archive.cases.models import Case, CaseEvent, Party
from postloan_archive.cases.periods import COURT_DATE, follows, moves
from postloan_archive.cases.rules.cautions import missing_before
from postloan_archive.cases.rules.docket import (
    APPOINTMENTS,
    ONCE,
    PER_PARTY,
    EventOrderError,
    FutureEventError,
    Past,
    SecondEventError,
    check_event,
)
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.rules.order import NEEDS
from postloan_archive.cases.rules.periods.kinds import Counting
from postloan_archive.kernel.days import Unit
from postloan_archive.workdays.seed import published_calendar

CALENDAR = published_calendar()
TODAY = date(2026, 11, 24)
DAYS = st.dates(date(2025, 1, 2), date(2026, 6, 30))
PAIRS = [(earlier, later) for later, need in NEEDS.items() for earlier in need.after]
KINDS = st.sampled_from(sorted(Event))


@given(st.sampled_from(PAIRS), DAYS, st.integers(0, 140))
def test_what_the_law_orders_is_taken_in_that_order(pair, day, gap):
    earlier, later = pair
    history = [Past(kind=earlier, on=day)]
    check_event(later, day + timedelta(days=gap), history, today=TODAY)
    assert missing_before(later, history) == ()


@given(st.sampled_from(PAIRS), DAYS, st.integers(1, 300))
def test_a_reversal_is_refused_whichever_is_entered_first(pair, day, gap):
    earlier, later = pair
    before = day - timedelta(days=gap)
    with pytest.raises(EventOrderError) as refused:
        check_event(later, before, [Past(kind=earlier, on=day)], today=TODAY)
    assert refused.value.basis is not None
    with pytest.raises(EventOrderError):
        check_event(earlier, day, [Past(kind=later, on=before)], today=TODAY)


@given(KINDS, st.integers(1, 10_000))
def test_only_an_appointment_lies_in_the_future(kind, days):
    day = TODAY + timedelta(days=days)
    if kind in APPOINTMENTS:
        check_event(kind, day, [], today=TODAY)
    else:
        with pytest.raises(FutureEventError):
            check_event(kind, day, [], today=TODAY)


@given(st.sampled_from(sorted(ONCE)), DAYS, st.integers(1, 9), st.integers(1, 9))
def test_what_happens_once_is_refused_twice_in_the_same_procedure_only(kind, day, here, there):
    history = [Past(kind=kind, on=day, procedure_id=here, party_id=1)]
    again = {"today": TODAY, "procedure_id": there, "party_id": 1}
    if here == there:
        with pytest.raises(SecondEventError):
            check_event(kind, day, history, **again)
    else:
        check_event(kind, day, history, **again)
    if kind in PER_PARTY:
        check_event(kind, day, history, today=TODAY, procedure_id=here, party_id=2)


def an_event(kind, day, **facts) -> CaseEvent:
    return CaseEvent(
        id=1, kind=kind, happened_on=day, facts=facts, struck_reason="", party_id=None
    )


def a_case(event) -> Case:
    return Case(
        facts={}, parties=[Party(id=1, role="plaintiff", abroad=False)],
        procedures=[], decisions=[], events=[event],
    )  # fmt: skip


@given(KINDS, DAYS, st.integers(1, 90))
def test_a_moved_trigger_moves_every_dependent_day(kind, day, days):
    event = an_event(kind, day)
    moved = an_event(kind, day + timedelta(days=days))
    case = a_case(event)
    before = {one.key: one for one in follows(case, event, calendar=CALENDAR)}
    after = {one.key: one for one in follows(case, moved, calendar=CALENDAR)}
    shown = moves(case, event, moved, calendar=CALENDAR)
    effect = [one for one in shown if one.rule == "R-A12"]
    shown = [one for one in shown if one.rule != "R-A12"]
    assert len(effect) == (kind is Event.JUDGMENT_SERVED)
    assert all(one.after >= one.before for one in effect)
    assert len(shown) == len(
        {key for one in (before, after) for key, row in one.items() if row.day is not None}
    )
    for key, was in before.items():
        now = after.get(key)
        if now is None or was.due is None or now.due is None:
            continue  # the law changed between the two days
        assert was.due.nominal <= now.due.nominal
        assert was.due.legal <= now.due.legal
        if was.period.counting is Counting.FORWARD and was.period.unit is Unit.DAY:
            assert now.due.nominal - was.due.nominal == timedelta(days=days)


@given(DAYS, st.integers(1, 60), st.integers(1, 60))
def test_a_day_on_a_paper_stays_when_the_trigger_moves(day, days, stated):
    paper = day + timedelta(days=stated)
    facts = {COURT_DATE: paper.isoformat()}
    event = an_event(Event.FEE_NOTICE, day, **facts)
    moved = an_event(Event.FEE_NOTICE, day + timedelta(days=days), **facts)
    (one,) = moves(a_case(event), event, moved, calendar=CALENDAR)
    assert (one.before, one.after, one.stays) == (paper, paper, True)

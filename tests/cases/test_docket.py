"""A docket: what each event proposes for each party, what is decided, corrected and struck."""

from datetime import date

import pytest

from postloan_archive.cases import deciding, listing, periods, queries, recording, service
from postloan_archive.cases.deciding import DecidePeriod
from postloan_archive.cases.errors import (
    EventNotFoundError,
    NothingChangedError,
    PartyNameError,
    PeriodNotFoundError,
    ReasonMissingError,
)
from postloan_archive.cases.recording import (
    KeepParty,
    KeepProcedure,
    StrikeEvent,
)
from postloan_archive.cases.rules.docket import (
    EventNeededError,
    EventOrderError,
    FutureEventError,
    SecondEventError,
)
from postloan_archive.cases.rules.events import LABELS, Event
from postloan_archive.cases.rules.order import NEEDS
from postloan_archive.cases.rules.service import SimplifiedNoticeError
from postloan_archive.cases.timeline import docket_of
from postloan_archive.workdays.seed import published_calendar
from tests.cases.docket import FIRST, correction, lines

CALENDAR = published_calendar()


def parties(new_uow, case_no) -> list[int]:
    with new_uow() as uow:
        return [row.id for row in queries.parties_of(uow, queries.get_case(uow, case_no))]


def follows(new_uow, case_no) -> list[periods.Following]:
    with new_uow() as uow:
        return queries.deadlines(uow, queries.get_case(uow, case_no))


def of_rule(found, rule) -> list[periods.Following]:
    return [one for one in found if one.period.rule == rule]


@pytest.mark.usefixtures("docketed")
def test_each_party_has_its_own_appeal_period(new_uow, case_no, add):
    bank, borrower, abroad = parties(new_uow, case_no)
    add(Event.JUDGMENT_SERVED, date(2026, 11, 18), party_id=bank)
    add(Event.JUDGMENT_SERVED, date(2026, 11, 20), party_id=borrower)
    add(Event.JUDGMENT_SERVED, date(2026, 11, 20), party_id=abroad)

    found = {one.party.id: one for one in follows(new_uow, case_no) if "上诉" in one.period.act}
    assert found[bank].day == date(2026, 12, 3)
    assert found[borrower].day == date(2026, 12, 7)  # the fifth is a Saturday
    assert found[abroad].day == date(2026, 12, 21)  # thirty days, moved from a Sunday
    assert [found[one].ours for one in (bank, borrower, abroad)] == [True, False, False]
    assert all(one.period.basis and one.due.steps for one in found.values())
    with new_uow() as uow:
        case = queries.get_case(uow, case_no)
        effect = docket_of(uow, case).effect
        assert [
            one.on
            for one in queries.upcoming(
                case, queries.load_calendar(uow.session), date(2026, 11, 24)
            )
        ] == [date(2026, 12, 3)]
    assert effect.day.on == date(2026, 12, 22)
    assert not effect.unserved


@pytest.mark.usefixtures("docketed")
def test_a_public_notice_counts_as_service_after_thirty_days(new_uow, case_no, add):
    _, borrower, _ = parties(new_uow, case_no)
    add(Event.JUDGMENT_SERVED, date(2026, 9, 20), party_id=borrower, mode="public_notice")
    (appeal,) = of_rule(follows(new_uow, case_no), "R-B21")
    assert appeal.due.nominal == date(2026, 11, 4)  # 20 October and fifteen days
    assert any("2026-10-20" in step for step in appeal.due.steps)


@pytest.mark.usefixtures("docketed")
def test_no_public_notice_in_a_simplified_case(new_uow, case_no, add):
    with new_uow() as uow:
        case = queries.get_case(uow, case_no)
        recording.keep_procedure(
            uow,
            KeepProcedure(
                case_no=case_no,
                procedure_id=case.procedures[0].id,
                kind="first",
                court="某法院",
                court_case_no=FIRST["court_case_no"],
                track="simplified",
            ),
        )
    with pytest.raises(SimplifiedNoticeError):
        add(Event.COMPLAINT_SERVED, date(2026, 9, 20), mode="public_notice")


def test_service_before_filing_is_refused_with_the_provision(add, docketed):
    del docketed
    with pytest.raises(EventOrderError) as refused:
        add(Event.COMPLAINT_SERVED, date(2026, 9, 3))
    assert "第一百二十八条" in str(refused.value)
    assert refused.value.field == "happened_on"
    assert refused.value.basis.rule == "R-B05"


def test_a_filing_after_what_rests_on_it_is_refused_too(add):
    add(Event.COMPLAINT_SERVED, date(2026, 9, 10))  # taken over: filing not yet on record
    with pytest.raises(EventOrderError):
        add(Event.DOCKETED, date(2026, 9, 11))
    add(Event.DOCKETED, date(2026, 9, 4))


def test_what_should_have_come_before_is_said(new_uow, add):
    add(Event.JUDGMENT_SERVED, date(2026, 9, 10))
    (line,) = lines(new_uow, "cases.event_added")
    assert "立案" in line["warnings"][0]


@pytest.mark.usefixtures("docketed")
def test_there_is_one_judgment_in_a_procedure(new_uow, case_no, add):
    bank, borrower, _ = parties(new_uow, case_no)
    add(Event.JUDGMENT_SERVED, date(2026, 11, 18), party_id=bank)
    add(Event.JUDGMENT_SERVED, date(2026, 11, 19), party_id=borrower)
    with pytest.raises(SecondEventError):
        add(Event.JUDGMENT_SERVED, date(2026, 11, 20), party_id=bank)
    add(Event.PRONOUNCEMENT, date(2026, 11, 12))
    with pytest.raises(SecondEventError):
        add(Event.PRONOUNCEMENT, date(2026, 11, 13))
    add(
        Event.JUDGMENT_SERVED,
        date(2026, 11, 21),
        party_id=bank,
        procedure="second",
        court_case_no="（2026）苏01民终77号",
    )


@pytest.mark.usefixtures("docketed")
def test_only_appointments_may_lie_in_the_future(add):
    with pytest.raises(FutureEventError):
        add(Event.JUDGMENT_SERVED, date(2026, 11, 25))
    add(Event.HEARING, date(2026, 12, 10))


def test_a_note_of_tomorrow_is_refused(add):
    with pytest.raises(FutureEventError):
        add(service.NOTE, date(2026, 11, 25))


@pytest.mark.usefixtures("docketed")
def test_a_paper_that_states_a_day_wins(new_uow, add, case_no):
    bank, *_ = parties(new_uow, case_no)
    add(
        Event.JUDGMENT_SERVED,
        date(2026, 11, 18),
        party_id=bank,
        court_date=date(2026, 12, 2),
    )
    (appeal,) = of_rule(follows(new_uow, case_no), "R-B21")
    assert (appeal.day, appeal.due.legal, appeal.differs) == (
        date(2026, 12, 2),
        date(2026, 12, 3),
        True,
    )


@pytest.fixture
def judged(new_uow, case_no, add, docketed) -> int:
    """The judgment reached the bank."""
    del docketed
    bank, *_ = parties(new_uow, case_no)
    return add(Event.JUDGMENT_SERVED, date(2026, 11, 18), party_id=bank)


def decide(new_uow, case_no, event_id, **more):
    values = {"rule": "R-B21", "act": "提起上诉", "verdict": "accepted"} | more
    with new_uow() as uow:
        return deciding.decide(
            uow, DecidePeriod(case_no=case_no, event_id=event_id, **values)
        ).id


def test_a_proposal_waits_until_it_is_accepted(new_uow, case_no, judged):
    with new_uow() as uow:
        assert (
            next(
                one.event_id for one in docket_of(uow, queries.get_case(uow, case_no)).proposals
            )
            == judged
        )
    decide(new_uow, case_no, judged)
    (appeal,) = of_rule(follows(new_uow, case_no), "R-B21")
    assert not appeal.open
    assert lines(new_uow, "cases.period_decided")[0]["computed"] == "2026-12-03"


def test_a_correction_of_a_period_needs_a_reason_and_stays(new_uow, case_no, judged):
    wrong = {"verdict": "corrected", "day": date(2026, 12, 1)}
    with pytest.raises(ReasonMissingError):
        decide(new_uow, case_no, judged, **wrong)
    decide(new_uow, case_no, judged, **wrong, reason="判决书载明")
    (appeal,) = of_rule(follows(new_uow, case_no), "R-B21")
    assert appeal.day == date(2026, 12, 1)


def test_a_refused_period_is_no_deadline(new_uow, case_no, judged):
    decide(new_uow, case_no, judged, verdict="refused", reason="双方放弃上诉")
    with new_uow() as uow:
        row = listing.case_rows(uow)[0]
    assert row.next_deadline is None


def test_nothing_of_that_kind_follows(new_uow, case_no, judged):
    with pytest.raises(PeriodNotFoundError):
        decide(new_uow, case_no, judged, rule="R-B99")


def test_a_corrected_trigger_shows_what_moves_before_it_is_saved(new_uow, case_no, judged):
    with new_uow() as uow:
        moved = recording.preview_correction(uow, correction(case_no, judged))
    assert [(one.rule, one.before, one.after) for one in moved if one.rule == "R-B21"] == [
        ("R-B21", date(2026, 12, 3), date(2026, 12, 4))
    ]
    (appeal,) = of_rule(follows(new_uow, case_no), "R-B21")
    assert appeal.day == date(2026, 12, 3)  # nothing was stored


def test_a_correction_strikes_the_old_event_and_keeps_the_decision(new_uow, case_no, judged):
    decide(new_uow, case_no, judged, verdict="corrected", day=date(2026, 12, 1), reason="文书")
    with new_uow() as uow:
        corrected = recording.correct_event(uow, correction(case_no, judged)).id
    (appeal,) = of_rule(follows(new_uow, case_no), "R-B21")
    assert appeal.event.id == corrected
    assert appeal.day == date(2026, 12, 1)  # the paper holds it
    assert appeal.due.legal == date(2026, 12, 4)
    with new_uow() as uow:
        case = queries.get_case(uow, case_no)
        old = next(row for row in case.events if row.id == judged)
        assert (old.struck_reason, old.replaced_by) == ("回证日期看错", corrected)
        entries = docket_of(uow, case).entries
    assert sum(entry.struck for entry in entries) == 1


def test_a_correction_that_changes_nothing_or_cannot_be_is_refused(new_uow, case_no, judged):
    for changes, error in (
        ({"happened_on": date(2026, 11, 18)}, NothingChangedError),
        ({"happened_on": date(2026, 9, 1)}, EventOrderError),
        ({"happened_on": date(2026, 11, 25)}, FutureEventError),
        ({"reason": " "}, ReasonMissingError),
    ):
        with pytest.raises(error), new_uow() as uow:
            recording.correct_event(uow, correction(case_no, judged, **changes))
    with new_uow() as uow:
        assert not queries.get_event(queries.get_case(uow, case_no), judged).struck_reason


def test_a_struck_event_has_no_periods_and_cannot_be_struck_twice(new_uow, case_no, judged):
    with new_uow() as uow:
        recording.strike_event(
            uow, StrikeEvent(case_no=case_no, event_id=judged, reason="登记错案件")
        )
    assert not of_rule(follows(new_uow, case_no), "R-B21")
    with pytest.raises(EventNotFoundError), new_uow() as uow:
        recording.strike_event(
            uow, StrikeEvent(case_no=case_no, event_id=judged, reason="再删")
        )


def test_what_others_rest_on_is_not_struck(new_uow, case_no, judged):
    del judged
    with new_uow() as uow:
        events = queries.get_case(uow, case_no).events
        docketed = next(row.id for row in events if row.kind == Event.DOCKETED)
    strike = StrikeEvent(case_no=case_no, event_id=docketed, reason="误登")
    with pytest.raises(EventNeededError), new_uow() as uow:
        recording.strike_event(uow, strike)


def test_a_procedure_has_its_own_number_judge_and_titles(new_uow, case_no):
    bank, borrower, _ = parties(new_uow, case_no)
    with new_uow() as uow:
        recording.keep_procedure(
            uow,
            KeepProcedure(
                case_no=case_no,
                kind="second",
                court="某中院",
                court_case_no="(2026)苏01民终77号",
                judge="池法官",
                titles=((bank, "被上诉人"), (borrower, "上诉人")),
            ),
        )
    with new_uow() as uow:
        (row,) = queries.get_case(uow, case_no).procedures
        assert row.court_case_no == "（2026）苏01民终77号"
        assert {one.party_id: one.title for one in row.members} == {
            bank: "被上诉人",
            borrower: "上诉人",
        }


def test_a_new_party_needs_a_name(new_uow, case_no):
    with pytest.raises(PartyNameError), new_uow() as uow:
        recording.keep_party(uow, KeepParty(case_no=case_no))


def test_the_table_of_order_names_only_events_with_words():
    assert {event for need in NEEDS.values() for event in need.after} <= set(LABELS)
    assert not any(event in need.after for event, need in NEEDS.items())

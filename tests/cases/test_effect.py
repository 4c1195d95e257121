"""When a judgment takes effect, and what the appeal of one side does to the other."""

from datetime import date

import pytest

from postloan_archive.cases import queries, recording
from postloan_archive.cases.recording import KeepProcedure
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.timeline import docket_of
from postloan_archive.workdays.seed import published_calendar
from tests.cases.docket import FIRST, correction
from tests.cases.test_docket import follows, of_rule, parties

CALENDAR = published_calendar()


@pytest.mark.usefixtures("docketed")
def test_the_effect_is_open_until_everybody_is_served(new_uow, case_no, add):
    bank, *_ = parties(new_uow, case_no)
    add(Event.JUDGMENT_SERVED, date(2026, 11, 18), party_id=bank)
    with new_uow() as uow:
        effect = docket_of(uow, queries.get_case(uow, case_no)).effect
    assert len(effect.unserved) == 2


@pytest.mark.usefixtures("docketed")
def test_an_appeal_leaves_the_effect_open_until_the_second_judgment_is_served(
    new_uow, case_no, add
):
    bank, borrower, abroad = parties(new_uow, case_no)
    for party in (bank, borrower, abroad):
        add(Event.JUDGMENT_SERVED, date(2026, 10, 12), party_id=party)
    add(Event.APPEAL_FILED, date(2026, 10, 20), party_id=borrower)
    with new_uow() as uow:
        assert docket_of(uow, queries.get_case(uow, case_no)).effect is None
    second = {"procedure": "second", "court_case_no": "（2026）苏01民终77号"}
    for party, day in ((bank, 16), (borrower, 20), (abroad, 18)):
        add(Event.JUDGMENT_SERVED, date(2026, 11, day), party_id=party, **second)
    with new_uow() as uow:
        effect = docket_of(uow, queries.get_case(uow, case_no)).effect
    assert effect.day.on == date(2026, 11, 20)  # the last party, no appeal period
    assert not effect.unserved
    assert any("第一百八十二条" in str(one) for one in effect.day.basis)
    appeals = [one for one in follows(new_uow, case_no) if "上诉" in one.period.act]
    assert all(one.event.happened_on.month == 10 for one in appeals)


@pytest.mark.usefixtures("docketed")
def test_a_small_claim_is_final_when_it_is_served(new_uow, case_no, add):
    with new_uow() as uow:
        (row,) = queries.get_case(uow, case_no).procedures
        recording.keep_procedure(
            uow,
            KeepProcedure(
                case_no=case_no,
                procedure_id=row.id,
                kind="first",
                court="某法院",
                track="small_claims",
                court_case_no=FIRST["court_case_no"],
            ),
        )
    bank, *_ = parties(new_uow, case_no)
    add(Event.JUDGMENT_SERVED, date(2026, 11, 18), party_id=bank)
    with new_uow() as uow:
        effect = docket_of(uow, queries.get_case(uow, case_no)).effect
    assert effect.day.on == date(2026, 11, 18)
    assert any("第一百六十五条" in str(one) for one in effect.day.basis)


@pytest.mark.usefixtures("docketed")
def test_the_preview_shows_what_becomes_of_the_effect(new_uow, case_no, add):
    served = [
        add(Event.JUDGMENT_SERVED, date(2026, 10, 9 + place), party_id=party)
        for place, party in enumerate(parties(new_uow, case_no))
    ]
    with new_uow() as uow:
        cmd = correction(case_no, served[-1], happened_on=date(2026, 10, 20))
        moved = {one.rule: one for one in recording.preview_correction(uow, cmd)}
    assert moved["R-B23"].after == date(2026, 11, 19)  # abroad: thirty days
    assert (moved["R-A12"].before, moved["R-A12"].after) == (
        date(2026, 11, 11),
        date(2026, 11, 20),
    )


@pytest.mark.usefixtures("docketed")
def test_the_appeal_of_the_other_side_leaves_ours_open(new_uow, case_no, add):
    bank, borrower, _ = parties(new_uow, case_no)
    add(Event.JUDGMENT_SERVED, date(2026, 11, 18), party_id=bank)
    add(Event.APPEAL_FILED, date(2026, 11, 20), party_id=borrower)
    with new_uow() as uow:
        case = queries.get_case(uow, case_no)
        days = queries.upcoming(case, CALENDAR, date(2026, 11, 24))
        assert [(one.on, one.label) for one in days] == [(date(2026, 12, 3), "提起上诉")]
    add(Event.APPEAL_FILED, date(2026, 11, 23), party_id=bank)
    with new_uow() as uow:
        case = queries.get_case(uow, case_no)
        assert queries.upcoming(case, CALENDAR, date(2026, 11, 24)) == []


@pytest.mark.usefixtures("docketed")
def test_a_public_notice_is_derived_once(new_uow, case_no, add):
    _, borrower, _ = parties(new_uow, case_no)
    add(Event.JUDGMENT_SERVED, date(2026, 9, 20), party_id=borrower, mode="public_notice")
    (appeal,) = of_rule(follows(new_uow, case_no), "R-B21")
    assert len(set(appeal.due.steps)) == len(appeal.due.steps)
    assert "2026-10-20 视为送达。" in appeal.due.steps

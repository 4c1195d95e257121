"""Deadlines of cases: the paper of a court wins, a corrected event keeps its row."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from postloan_archive.cases import service as cases
from postloan_archive.cases.models import Case, CaseEvent, PeriodDecision
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.service import AddEvent
from postloan_archive.worklist import service
from postloan_archive.worklist.service import TakeCourtDay
from tests.worklist.conftest import (
    TODAY,
    a_case,
    overdue_loan,
)


def test_a_corrected_event_keeps_the_row_of_the_one_it_replaces(new_uow, recompute, row):
    with new_uow() as uow:
        a_case(uow, overdue_loan(uow), (Event.JUDGMENT_SERVED, date(2026, 11, 10)))
    recompute()
    before = row("R-B21:0")
    with new_uow() as uow:
        wrong = uow.session.scalars(select(CaseEvent)).one()
        case = uow.session.scalars(select(Case)).one()
        right = CaseEvent(
            case_id=case.id,
            kind=wrong.kind,
            happened_on=date(2026, 11, 16),
            facts={},
            recorded_by="cli",
            recorded_at=uow.clock.now(),
        )
        uow.session.add(right)
        uow.session.flush()
        wrong.struck_reason, wrong.replaced_by = "送达日看错", right.id
    recompute()

    after = row("R-B21:0")
    assert (before.legal, after.legal) == (date(2026, 11, 25), date(2026, 12, 1))
    assert after.id == before.id
    assert after.state == "open"


def test_the_day_of_a_courts_paper_wins_and_ours_stands_beside_it(new_uow, recompute, row):
    with new_uow() as uow:
        a_case(uow, overdue_loan(uow), (Event.FEE_NOTICE, date(2026, 11, 20)))
    recompute()
    ours = row("R-B03:0")
    with new_uow() as uow:
        service.take_court_day(uow, TakeCourtDay(deadline_id=ours.id, day=date(2026, 12, 3)))
    second = recompute()

    theirs = row("R-B03:0")
    with new_uow() as uow:
        decision = uow.session.scalars(select(PeriodDecision)).one()
        assert (decision.verdict, decision.day) == ("corrected", date(2026, 12, 3))
    assert ours.legal == date(2026, 11, 27)
    assert (theirs.source, theirs.legal) == ("court_document", date(2026, 12, 3))
    assert theirs.computed_legal == date(2026, 11, 27)
    assert "以文书为准" in theirs.steps[0]
    assert "不一致" in theirs.steps[-1]
    assert second.changed <= 1  # the derivation may be written anew, once
    assert recompute().changed == 0


def test_a_moved_trigger_moves_only_our_day_beside_the_courts(new_uow, recompute, row):
    with new_uow() as uow:
        a_case(uow, overdue_loan(uow), (Event.FEE_NOTICE, date(2026, 11, 20)))
    recompute()
    with new_uow() as uow:
        day = TakeCourtDay(deadline_id=row("R-B03:0").id, day=date(2026, 12, 3))
        service.take_court_day(uow, day)
        uow.session.scalars(select(CaseEvent)).one().happened_on = date(2026, 11, 23)
    recompute()

    assert row("R-B03:0").legal == date(2026, 12, 3)
    assert row("R-B03:0").computed_legal == date(2026, 11, 30)


def test_the_date_in_the_facts_of_an_event_is_the_courts(new_uow, recompute, row):
    with new_uow() as uow:
        a_case(uow, overdue_loan(uow), (Event.EVIDENCE_NOTICE, date(2026, 11, 20)))
        uow.session.scalars(select(CaseEvent)).one().facts = {"court_date": "2026-12-05"}
    recompute()

    found = row("R-B10:0")
    assert (found.source, found.legal, found.safe) == (
        "court_document",
        date(2026, 12, 5),
        date(2026, 12, 4),
    )


def test_a_notice_without_its_date_gives_no_row(new_uow, recompute, row):
    with new_uow() as uow:
        a_case(uow, overdue_loan(uow), (Event.EVIDENCE_NOTICE, date(2026, 11, 20)))
    recompute()

    assert row("R-B10:0") is None


def test_a_hearing_has_its_hour_and_is_never_moved(new_uow, recompute, row):
    at = datetime(2026, 12, 5, 1, 30, tzinfo=UTC)  # a Saturday, 09:30 in China
    with new_uow() as uow:
        case_no = a_case(uow, overdue_loan(uow))
        cases.add_event(
            uow,
            AddEvent(
                case_no=case_no,
                kind=Event.HEARING,
                happened_on=date(2026, 12, 5),
                happened_at=at,
            ),
        )
    recompute()

    found = row("R-B16:0")
    assert (found.kind, found.safe, found.legal) == (
        "hearing",
        date(2026, 12, 5),
        date(2026, 12, 5),
    )
    assert found.at == at


def test_the_case_going_on_ends_what_the_step_before_asked_for(new_uow, recompute, row):
    with new_uow() as uow:
        loan = overdue_loan(uow)
        case_no = a_case(uow, loan, (Event.JUDGMENT_SERVED, date(2026, 11, 10)))
    recompute()
    with new_uow() as uow:
        event = AddEvent(case_no=case_no, kind=Event.APPEAL_FILED, happened_on=TODAY)
        cases.add_event(uow, event)
    recompute()

    assert (row("R-B21:0").state, row("R-B21:0").done_on) == ("done", TODAY)


def a_decision(uow, **changes) -> None:
    event = uow.session.scalars(select(CaseEvent)).one()
    values = {
        "case_id": event.case_id,
        "event_id": event.id,
        "rule": "R-B21",
        "act": "提起上诉",
        "verdict": "corrected",
        "reason": "判决书载明",
        "decided_by": "legal",
        "decided_at": uow.clock.now(),
    }
    uow.session.add(PeriodDecision(**(values | changes)))


def test_a_decision_of_the_docket_moves_the_day_and_keeps_ours(new_uow, recompute, row):
    with new_uow() as uow:
        a_case(uow, overdue_loan(uow), (Event.JUDGMENT_SERVED, date(2026, 11, 10)))
        a_decision(uow, day=date(2026, 11, 30))
    recompute()

    found = row("R-B21:0")
    assert (found.source, found.legal, found.computed_legal) == (
        "entered",
        date(2026, 11, 30),
        date(2026, 11, 25),
    )


def test_a_refused_period_is_struck_with_the_reason(new_uow, recompute, row):
    with new_uow() as uow:
        a_case(uow, overdue_loan(uow), (Event.JUDGMENT_SERVED, date(2026, 11, 10)))
    recompute()
    with new_uow() as uow:
        a_decision(uow, verdict="refused", reason="我方胜诉，不上诉")
    recompute()

    assert row("R-B21:0").state == "struck"
    assert "我方胜诉" in row("R-B21:0").struck_reason


def test_the_period_of_the_other_party_is_not_ours(new_uow, recompute, row):
    with new_uow() as uow:
        a_case(uow, overdue_loan(uow), (Event.JUDGMENT_SERVED, date(2026, 11, 10)))
        case = uow.session.scalars(select(Case)).one()
        defendant = next(party for party in case.parties if party.role == "defendant")
        uow.session.scalars(select(CaseEvent)).one().party_id = defendant.id
    recompute()

    assert row("R-B21:0") is None


def test_a_later_decision_of_the_docket_wins_over_the_day_taken_before(new_uow, recompute, row):
    with new_uow() as uow:
        a_case(uow, overdue_loan(uow), (Event.FEE_NOTICE, date(2026, 11, 20)))
    recompute()
    with new_uow() as uow:
        day = TakeCourtDay(deadline_id=row("R-B03:0").id, day=date(2026, 12, 3))
        service.take_court_day(uow, day)
        a_decision(uow, rule="R-B03", act="预交案件受理费", day=date(2026, 12, 5))
    recompute()

    found = row("R-B03:0")
    assert (found.legal, found.court_day_by) == (date(2026, 12, 5), "")
    assert found.computed_legal == date(2026, 11, 27)


def test_the_appeal_of_the_other_side_leaves_our_own_right_on_the_board(
    new_uow, recompute, row
):
    with new_uow() as uow:
        case_no = a_case(uow, overdue_loan(uow), (Event.JUDGMENT_SERVED, date(2026, 11, 18)))
        case = uow.session.scalars(select(Case)).one()
        other = next(party.id for party in case.parties if party.role == "defendant")
        us = next(party.id for party in case.parties if party.role == "plaintiff")
        for kind in (Event.APPEAL_FILED, Event.APPEAL_SERVED):
            cases.add_event(
                uow,
                AddEvent(
                    case_no=case_no, kind=kind, happened_on=date(2026, 11, 20), party_id=other
                ),
            )
    recompute()
    assert (row(":R-B21:0").state, row(":R-B21:0").legal) == ("open", date(2026, 12, 3))
    with new_uow() as uow:
        cases.add_event(
            uow,
            AddEvent(
                case_no=case_no,
                kind=Event.APPEAL_FILED,
                happened_on=date(2026, 11, 24),
                party_id=us,
            ),
        )
    recompute()
    assert row(":R-B21:0").state == "done"

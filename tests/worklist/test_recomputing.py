"""Recomputing deadlines: idempotent, moved by their triggers, never against a court's paper."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from postloan_archive.audit import AuditRow
from postloan_archive.cases import service as cases
from postloan_archive.cases.models import CaseEvent
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.service import AddEvent
from postloan_archive.loans import service as loans
from postloan_archive.loans.models import LimitationEvent, Loan
from postloan_archive.loans.service import BookPayment
from postloan_archive.preservation.models import Measure
from postloan_archive.worklist import service
from postloan_archive.worklist.models import Deadline
from postloan_archive.worklist.rules.kinds import Kind
from postloan_archive.worklist.service import EnterDeadline, Finish
from tests.worklist.conftest import (
    TODAY,
    a_case,
    a_demand,
    a_measure,
    guaranteed_loan,
    overdue_loan,
)


def test_a_second_run_changes_nothing_and_leaves_no_line(new_uow, recompute):
    with new_uow() as uow:
        loan = guaranteed_loan(uow).loan_id
        loan = uow.session.get(Loan, loan)
        a_measure(uow, loan)
        a_demand(uow, loan, date(2026, 9, 1))
        a_case(uow, loan, (Event.JUDGMENT_SERVED, date(2026, 11, 20)))

    first = recompute()
    with new_uow() as uow:
        lines = uow.session.scalar(select(func.count()).select_from(AuditRow))
        rows = everything(uow)
    second = recompute()

    assert first.changed >= 5
    assert second.changed == 0
    with new_uow() as uow:
        assert uow.session.scalar(select(func.count()).select_from(AuditRow)) == lines
        assert everything(uow) == rows


def everything(uow) -> list[tuple]:
    return [tuple(one) for one in uow.session.execute(select(Deadline.__table__))]


def test_a_measure_gives_renewal_and_expiry_with_their_derivation(new_uow, recompute, row):
    with new_uow() as uow:
        a_measure(uow, overdue_loan(uow), court_expiry=date(2026, 12, 8))
    recompute()

    renewal, expiry = row(":renewal"), row(":expiry")
    assert (renewal.nominal, renewal.safe) == (date(2026, 12, 1), date(2026, 12, 1))
    assert renewal.reminders == [
        "2026-10-09",
        "2026-10-24",
        "2026-11-08",
        "2026-11-18",
        "2026-11-23",
    ]
    assert renewal.remind_from == date(2026, 10, 9)
    assert renewal.escalate_on == date(2026, 11, 24)
    assert renewal.basis[0]["rule"] == "R-C07"
    assert renewal.steps
    assert renewal.edition
    assert renewal.calendar_edition
    assert (expiry.source, expiry.legal) == ("court_document", date(2026, 12, 8))
    assert expiry.computed_legal == date(2026, 12, 9)


def test_a_measure_without_a_paper_is_computed_and_has_no_difference(new_uow, recompute, row):
    with new_uow() as uow:
        a_measure(uow, overdue_loan(uow))
    recompute()

    expiry = row(":expiry")
    assert (expiry.source, expiry.legal) == ("computed", date(2026, 12, 9))
    assert expiry.computed_legal is None


@pytest.mark.usefixtures("people")
def test_a_moved_trigger_moves_the_row_and_keeps_its_owner(new_uow, recompute, row):
    with new_uow() as uow:
        measure_id = a_measure(uow, overdue_loan(uow))
    recompute()
    before = row(":renewal")
    with new_uow() as uow:
        service.assign(uow, before.id, "legal")
        service.note(uow, before.id, "等法院回电")
        uow.session.get(Measure, measure_id).effective_on = date(2025, 12, 20)
    result = recompute()

    after = row(":renewal")
    assert result.counts["move"] == 2
    assert (before.safe, after.safe) == (date(2026, 12, 2), date(2026, 12, 11))
    assert (after.id, after.owner, after.note) == (before.id, "legal", "等法院回电")


def test_done_stays_done_when_its_trigger_moves(new_uow, recompute, row):
    with new_uow() as uow:
        a_case(uow, overdue_loan(uow), (Event.FEE_NOTICE, date(2026, 11, 10)))
    recompute()
    with new_uow() as uow:
        service.finish(uow, Finish(deadline_id=row("R-B03:0").id, done_on=date(2026, 11, 16)))
        uow.session.scalars(select(CaseEvent)).one().happened_on = date(2026, 11, 20)
    assert recompute().changed == 0

    assert (row("R-B03:0").state, row("R-B03:0").legal) == ("done", date(2026, 11, 17))


def test_what_a_person_struck_stays_struck(new_uow, recompute, row):
    with new_uow() as uow:
        a_case(uow, overdue_loan(uow), (Event.FEE_NOTICE, date(2026, 11, 20)))
    recompute()
    with new_uow() as uow:
        service.strike(uow, row("R-B03:0").id, "已随案缓交")
    recompute()

    assert (row("R-B03:0").state, row("R-B03:0").struck_reason) == ("struck", "已随案缓交")


def test_a_vanished_ground_strikes_with_a_reason_and_its_return_opens_again(
    new_uow, recompute, row
):
    with new_uow() as uow:
        a_case(uow, overdue_loan(uow), (Event.FEE_NOTICE, date(2026, 11, 20)))
    recompute()
    with new_uow() as uow:
        uow.session.scalars(select(CaseEvent)).one().struck_reason = "不是本案的通知"
    recompute()
    gone = row("R-B03:0")
    with new_uow() as uow:
        uow.session.scalars(select(CaseEvent)).one().struck_reason = ""
    recompute()

    assert (gone.state, gone.struck_by) == ("struck", "")
    assert "不存在" in gone.struck_reason
    assert (row("R-B03:0").state, row("R-B03:0").struck_reason) == ("open", "")


def test_a_settled_loan_strikes_its_clocks(new_uow, recompute, row):
    with new_uow() as uow:
        loan_id = guaranteed_loan(uow, "保证期间为主债务履行期限届满之日起二年。").loan_id
    recompute()
    assert row(f"limitation:{loan_id}").state == "open"
    with new_uow() as uow:
        uow.session.get(Loan, loan_id).settled_on = TODAY
    recompute()

    assert row(f"limitation:{loan_id}").struck_reason == "贷款已结清。"
    assert row(":period").state == "struck"


def test_a_loan_that_is_not_late_has_no_limitation(new_uow, recompute, row):
    with new_uow() as uow:
        overdue_loan(uow, due_on=date(2026, 11, 24), schedule=())
    recompute()

    assert row("limitation:1") is None


@pytest.mark.parametrize(
    ("demand", "rule", "nominal"),
    [(None, "R-D01", date(2029, 3, 2)), (date(2026, 9, 1), "R-D04", date(2029, 9, 1))],
)
def test_limitation_runs_from_the_due_date_or_the_last_proven_demand(
    new_uow, recompute, row, demand, rule, nominal
):
    with new_uow() as uow:
        loan = overdue_loan(uow)
        if demand:
            event_id = a_demand(uow, loan, demand)
    recompute()

    found = row("limitation:1")
    assert (found.rule, found.nominal) == (rule, nominal)
    assert found.subject == (f"limitation_event:{event_id}" if demand else "loan:1")


def test_a_proposed_event_moves_no_clock(new_uow, recompute, row):
    with new_uow() as uow:
        a_demand(uow, overdue_loan(uow), date(2026, 9, 1), confirmed=False)
    recompute()
    assert row("limitation:1").nominal == date(2029, 3, 2)

    with new_uow() as uow:
        uow.session.scalars(select(LimitationEvent)).one().confirmed_at = uow.clock.now()
    recompute()
    assert row("limitation:1").nominal == date(2029, 9, 1)


def test_a_suit_stops_the_limitation_and_a_judgment_replaces_it(new_uow, recompute, row):
    with new_uow() as uow:
        loan = overdue_loan(uow)
        a_demand(uow, loan, date(2026, 5, 1))
    recompute()
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan)).one()
        case_no = a_case(uow, loan, (Event.COMPLAINT_RECEIVED, date(2026, 11, 2)), proven=True)
    recompute()
    assert "程序进行中" in row("limitation:1").struck_reason
    with new_uow() as uow:
        event = AddEvent(case_no=case_no, kind=Event.EFFECTIVE, happened_on=TODAY)
        cases.add_event(uow, event)
    recompute()

    assert row("limitation:1").state == "struck"


def test_a_guarantee_is_done_by_a_notice_that_arrived_in_its_period(new_uow, recompute, row):
    with new_uow() as uow:
        guarantee_id = guaranteed_loan(uow, "保证期间为主债务履行期限届满之日起二年。").id
    recompute()
    assert (row(":period").state, row(":period").legal) == ("open", date(2028, 3, 2))
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan)).one()
        a_demand(uow, loan, date(2026, 6, 1), guarantee_id=guarantee_id)
    recompute()

    assert (row(":period").state, row(":period").done_on) == ("done", date(2026, 6, 1))
    assert row(f"guarantee:{guarantee_id}:limitation").nominal == date(2029, 6, 1)


def test_a_guarantee_whose_period_is_over_stays_in_sight(new_uow, recompute, row):
    with new_uow() as uow:
        guaranteed_loan(uow)  # nothing agreed: six months from 2026-03-02
    recompute()

    assert (row(":period").state, row(":period").legal) == ("open", date(2026, 9, 2))


def test_an_entered_deadline_is_left_alone(new_uow, recompute):
    with new_uow() as uow:
        loan_no = overdue_loan(uow).loan_no
        service.enter(
            uow,
            EnterDeadline(
                loan_no=loan_no,
                kind=Kind.CORRECTION,
                title="补交身份证明",
                day=date(2026, 11, 28),
                court_paper=True,
            ),
        )
    recompute()

    with new_uow() as uow:
        found = uow.session.scalars(select(Deadline).where(Deadline.kind == "correction")).one()
        assert (found.state, found.source) == ("open", "court_document")
        assert (found.legal, found.safe) == (date(2026, 11, 28), date(2026, 11, 27))


def test_it_runs_for_any_day(new_uow, recompute, row):
    with new_uow() as uow:
        guaranteed_loan(uow)
    recompute(date(2026, 3, 2))
    assert row(":period") is None  # on the due date itself nothing is late

    recompute(date(2026, 3, 3))
    assert row(":period").state == "open"


def test_a_debt_that_is_paid_up_has_no_clock_any_more(new_uow, recompute, row):
    with new_uow() as uow:
        loan_no = overdue_loan(uow).loan_no
    recompute()
    with new_uow() as uow:
        loans.book_payment(
            uow,
            BookPayment(
                loan_no=loan_no,
                paid_on=TODAY,
                amount=Decimal("106083.33"),
                receipt_no="1",
                to_principal=Decimal(100_000),
                to_interest=Decimal("6083.33"),
            ),
        )
    recompute()

    assert row("limitation:1").struck_reason == "已无逾期欠款。"

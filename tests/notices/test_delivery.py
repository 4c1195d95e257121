"""A letter sent, arrived, proven; the clock it moves once a person has confirmed it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from postloan_archive.archive.errors import DocumentNotFoundError
from postloan_archive.loans.clocks import limitation_of, planned
from postloan_archive.loans.derivation import confirmed_events
from postloan_archive.loans.limitation_events import (
    EventSettledError,
    ProofMissingError,
    ReasonMissingError,
)
from postloan_archive.loans.models import LimitationEvent, Loan
from postloan_archive.notices import delivery, effects, queries, service
from postloan_archive.notices.delivery import Dispatch, RecordOutcome, Tracked
from postloan_archive.notices.errors import (
    EffectConfirmedError,
    NoticeNotFoundError,
    NotIssuedError,
    NotSentError,
)
from postloan_archive.notices.models import Notice
from postloan_archive.notices.rules.delivery import (
    Channel,
    DeliveryOrderError,
    Outcome,
    Signer,
)
from postloan_archive.notices.service import PlanRun, plan_run
from postloan_archive.workdays.service import load_calendar
from tests.notices.conftest import TODAY, an_overdue_loan


@pytest.fixture
def sent(new_uow, issued):
    """A demand letter handed to EMS today; returns its id."""

    def send(kind="N02"):
        (notice_id,) = issued(kind)
        with new_uow() as uow:
            delivery.dispatch(
                uow, Dispatch(notice_ids=(notice_id,), channel=Channel.EMS, on=TODAY)
            )
        return notice_id

    return send


def outcome(notice_id, **changes):
    values = {"outcome": Outcome.ARRIVED, "on": TODAY, "document_id": None}
    return RecordOutcome(notice_id=notice_id, **(values | changes))


def limitation_end(new_uow):
    with new_uow() as uow:
        loan = uow.session.scalar(select(Loan))
        events = confirmed_events(uow, loan.id)
        calendar = load_calendar(uow.session)
        return planned(limitation_of(loan, events, as_of=TODAY, calendar=calendar)).nominal


def test_only_a_confirmed_arrival_moves_the_limitation(new_uow, sent, proof_paper):
    notice_id, paper = sent(), proof_paper()
    assert limitation_end(new_uow) == date(2029, 8, 24)
    with new_uow() as uow:
        proof = delivery.record_outcome(uow, outcome(notice_id, document_id=paper))
        assert proof.level == "B"
    assert limitation_end(new_uow) == date(2029, 8, 24)
    with new_uow() as uow:
        effect = effects.effect_of(uow, queries.get_notice(uow, notice_id))
        assert effect.is_proposed
        assert (effect.before.nominal, effect.after.nominal) == (
            date(2029, 8, 24),
            date(2029, 11, 24),
        )
        delivery.confirm_effect(uow, notice_id)

    assert limitation_end(new_uow) == date(2029, 11, 24)
    with new_uow() as uow:
        event = uow.session.scalar(select(LimitationEvent))
        assert (event.confirmed_by, event.document_id) == ("cli", paper)
        effect = effects.effect_of(uow, queries.get_notice(uow, notice_id))
        assert (effect.is_proposed, effect.after.nominal) == (False, date(2029, 11, 24))
    with pytest.raises(EventSettledError), new_uow() as uow:
        delivery.confirm_effect(uow, notice_id)


def test_a_confirmed_effect_is_taken_back_with_a_reason(new_uow, sent, proof_paper):
    notice_id, paper = sent(), proof_paper()
    with new_uow() as uow:
        delivery.record_outcome(uow, outcome(notice_id, document_id=paper))
        delivery.confirm_effect(uow, notice_id)
    with pytest.raises(EffectConfirmedError), new_uow() as uow:
        delivery.record_outcome(uow, outcome(notice_id, outcome=Outcome.REFUSED))
    with pytest.raises(ReasonMissingError), new_uow() as uow:
        delivery.strike_effect(uow, notice_id, "  ")
    with new_uow() as uow:
        delivery.strike_effect(uow, notice_id, "投递记录属于另一封")

    assert limitation_end(new_uow) == date(2029, 8, 24)
    with new_uow() as uow:
        delivery.record_outcome(uow, outcome(notice_id, outcome=Outcome.REFUSED))
        notice = queries.get_notice(uow, notice_id)
        assert (notice.outcome, notice.proof_level) == ("refused", "B")


def test_nothing_is_confirmed_without_a_paper_of_this_file(new_uow, sent, proof_paper):
    notice_id = sent()
    with new_uow() as uow:
        an_overdue_loan(uow, loan_no="JJ2025-0002", number=2)
    other = proof_paper("JJ2025-0002")
    with new_uow() as uow:
        delivery.record_outcome(uow, outcome(notice_id))
    with pytest.raises(ProofMissingError), new_uow() as uow:
        delivery.confirm_effect(uow, notice_id)
    with pytest.raises(DocumentNotFoundError), new_uow() as uow:
        delivery.attach_proof(uow, notice_id, other)

    paper = proof_paper()
    with new_uow() as uow:
        delivery.attach_proof(uow, notice_id, paper)
        assert delivery.confirm_effect(uow, notice_id).document_id == paper


def test_recording_again_leaves_one_live_proposal(new_uow, sent):
    notice_id = sent()
    with new_uow() as uow:
        delivery.record_outcome(uow, outcome(notice_id))
    with new_uow() as uow:
        delivery.record_outcome(
            uow, outcome(notice_id, outcome=Outcome.SIGNED, signer=Signer.DEBTOR)
        )

    with new_uow() as uow:
        rows = uow.session.scalars(select(LimitationEvent).order_by(LimitationEvent.id)).all()
    assert [(row.level, bool(row.struck_reason)) for row in rows] == [("B", True), ("A", False)]


def test_a_letter_to_the_guarantor_concerns_its_own_guarantee_alone(new_uow, sent, proof_paper):
    notice_id, paper = sent("N04"), proof_paper()
    with new_uow() as uow:
        delivery.record_outcome(uow, outcome(notice_id, document_id=paper))
        effect = effects.effect_of(uow, queries.get_notice(uow, notice_id))
        assert effect.label == "保证期间 保证人1"
        assert effect.before.nominal == date(2028, 8, 24)
        assert effect.after.nominal == date(2029, 11, 24)
        delivery.confirm_effect(uow, notice_id)
        event = uow.session.scalar(select(LimitationEvent))
        assert event.guarantee_id is not None

    assert limitation_end(new_uow) == date(2029, 8, 24)


def test_a_return_from_an_address_nobody_agreed_proves_nothing(new_uow, runner):
    with new_uow() as uow:
        an_overdue_loan(uow, facts={"service_address": "某处"})
        run = plan_run(uow, PlanRun(kind="N02", as_of=TODAY))
        notice_id, run_id = run.notices[0].id, run.id
    with new_uow() as uow:
        service.start_run(uow, run_id)
    runner.run_until_empty()
    with new_uow() as uow:
        delivery.dispatch(uow, Dispatch(notice_ids=(notice_id,), channel=Channel.EMS, on=TODAY))
        proof = delivery.record_outcome(uow, outcome(notice_id, outcome=Outcome.RETURNED))
        assert proof.level == "D"
        assert queries.get_notice(uow, notice_id).limitation_event_id is None


def test_the_order_of_steps_is_kept(new_uow, issued):
    (notice_id,) = issued()
    with pytest.raises(NotSentError), new_uow() as uow:
        delivery.record_outcome(uow, outcome(notice_id))
    early = Dispatch(notice_ids=(notice_id,), channel=Channel.EMS, on=TODAY - timedelta(days=1))
    with pytest.raises(DeliveryOrderError), new_uow() as uow:
        delivery.dispatch(uow, early)
    with new_uow() as uow:
        draft = plan_run(uow, PlanRun(kind="N02", as_of=TODAY)).notices[0].id
    unnumbered = Dispatch(notice_ids=(draft,), channel=Channel.EMS, on=TODAY)
    with pytest.raises(NotIssuedError), new_uow() as uow:
        delivery.dispatch(uow, unnumbered)


def test_tracking_numbers_find_their_letters(new_uow, issued):
    (notice_id,) = issued()
    with new_uow() as uow:
        notice = queries.get_notice(uow, notice_id)
        rows = [
            Tracked(letter=notice.barcode, tracking_no=" 1234567890123 ", on=TODAY),
            Tracked(letter="N0299", tracking_no="9"),
        ]
        assert delivery.register_tracking(uow, notice.run_id, rows) == (1, ["N0299"])

    with new_uow() as uow:
        found = delivery.find_by_number(uow, "1234567890123")
        assert (found.id, found.dispatch_channel) == (notice_id, "ems")
        assert delivery.find_by_number(uow, found.serial_no).id == notice_id
    with pytest.raises(NoticeNotFoundError), new_uow() as uow:
        delivery.find_by_number(uow, "")


def test_letters_without_word_are_listed_after_n_days(new_uow, sent):
    notice_id = sent()
    with new_uow() as uow:
        day = TODAY - timedelta(days=1)
        assert queries.waiting(uow, sent_until=day) == []
        (row,) = queries.waiting(uow, sent_until=TODAY)
        assert row.id == notice_id
        assert queries.count_waiting(uow, sent_until=TODAY) == 1
        assert queries.count_unsent(uow) == 0
        delivery.record_outcome(uow, outcome(notice_id))
    with new_uow() as uow:
        assert queries.waiting(uow, sent_until=TODAY) == []
        assert uow.session.scalar(select(Notice.outcome)) == "arrived"

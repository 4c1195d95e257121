"""Limitation of the debt: anchors, events, the state of the file (R-D01 to R-D13)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postloan_archive.loans.rules.limitation import (
    NoInstalmentError,
    SignedInTimeError,
    debtor_signs_after_limitation,
    limitation_end,
    limitation_start,
    longest_end,
    suspension_end,
)
from postloan_archive.loans.rules.limitation_state import (
    KIND_LABELS,
    InterruptingEvent,
    Interruption,
    LimitationStatus,
    Suspension,
    Verdict,
    limitation_state,
)
from postloan_archive.loans.rules.proof import (
    Deduction,
    Ems,
    Level,
    Message,
    Notarised,
    Phone,
    PublicNotice,
    Signed,
    Visit,
    proof_level,
)
from postloan_archive.workdays.seed import published_calendar

CALENDAR = published_calendar()
DUE = date(2023, 5, 10)


def day(text):
    return date.fromisoformat(text)


def demand(on, level=Level.A, kind=Interruption.DEMAND, **changes):
    return InterruptingEvent(kind=kind, on=day(on), level=level, **changes)


def state(*events, as_of="2026-03-01", installments=(DUE,), **changes):
    return limitation_state(
        installments, events, as_of=day(as_of), calendar=CALENDAR, **changes
    )


def verdicts(clock):
    return [judged.verdict for judged in clock.events]


@pytest.mark.parametrize(
    ("installments", "accelerated", "legal", "conservative"),
    [
        (["2024-06-20", "2024-09-20", "2024-12-20"], None, "2024-12-20", "2024-06-20"),
        (["2024-12-20", "2024-06-20"], None, "2024-12-20", "2024-06-20"),
        (["2024-06-20", "2027-12-20"], "2025-01-15", "2025-01-15", "2024-06-20"),
        (["2024-06-20"], "2025-01-15", "2024-06-20", "2024-06-20"),  # too late to matter
        (["2024-06-20", "2027-12-20"], "2024-05-01", "2024-05-01", "2024-05-01"),
    ],
)
def test_the_last_instalment_starts_the_period_the_first_unpaid_the_worry(
    installments, accelerated, legal, conservative
):
    start = limitation_start(
        [day(text) for text in installments], day(accelerated) if accelerated else None
    )
    assert (start.legal_anchor, start.conservative_anchor) == (day(legal), day(conservative))


def test_a_debt_without_a_due_date_has_no_period():
    with pytest.raises(NoInstalmentError):
        limitation_start([])


@pytest.mark.parametrize(
    ("start", "nominal", "legal", "safe"),
    [
        ("2023-05-10", "2026-05-10", "2026-05-11", "2026-05-09"),
        ("2023-09-28", "2026-09-28", "2026-09-28", "2026-09-28"),
        ("2023-10-01", "2026-10-01", "2026-10-08", "2026-09-30"),
    ],
)
def test_three_years_run_from_the_due_date(start, nominal, legal, safe):
    due = limitation_end(day(start), calendar=CALENDAR)
    assert (due.nominal, due.legal, due.safe) == (day(nominal), day(legal), day(safe))


def test_six_months_follow_a_suspension_and_twenty_years_are_the_end():
    due = suspension_end(day("2025-11-05"), calendar=CALENDAR)
    assert (due.nominal, due.legal) == (day("2026-05-05"), day("2026-05-06"))
    assert longest_end(day("2006-06-10"), calendar=CALENDAR).nominal == day("2026-06-10")


def test_a_late_signature_of_the_debtor_takes_the_defence_away():
    end, signed = day("2026-03-02"), day("2026-03-20")
    waived = debtor_signs_after_limitation(limitation_end=end, signed_demand=signed)
    assert waived.value is True
    receipt = debtor_signs_after_limitation(
        limitation_end=end, signed_demand=signed, shows_agreement=False
    )
    assert receipt.value is None
    with pytest.raises(SignedInTimeError):
        debtor_signs_after_limitation(limitation_end=end, signed_demand=end)


@pytest.mark.parametrize(
    ("proof", "level"),
    [
        (Signed(signer="debtor"), "A"),
        (Signed(signer="adult_relative"), "A"),
        (Signed(signer="legal_rep"), "A"),
        (Signed(signer="mail_room"), "A"),
        (Signed(signer="authorised"), "A"),
        (Signed(signer="neighbour"), "C"),
        (Notarised(), "A"),
        (Deduction(success=True), "A"),
        (Deduction(success=False), "C"),
        (Ems(agreed=True, track="delivered"), "B"),
        (Ems(agreed=True, track="Returned: 拒收"), "B"),
        (Ems(agreed=True, track="delivered", content_stated=False), "C"),
        (Ems(agreed=True, track="in transit"), "D"),
        (Ems(agreed=True, track=None), "D"),
        (Ems(agreed=False, track="delivered"), "C"),
        (Ems(agreed=False, track="returned"), "D"),
        (Message(agreed=True, delivery_report=True), "B"),
        (Message(agreed=True, delivery_report=False), "C"),
        (Message(agreed=False, delivery_report=True), "C"),
        (Message(agreed=False, delivery_report=False), "D"),
        (Phone(recorded=True, identity_checked=True), "C"),
        (Phone(recorded=True), "D"),
        (Phone(recorded=False, identity_checked=True), "D"),
        (Visit(logged=True), "C"),
        (Visit(), "D"),
        (PublicNotice(debtor_missing=True, medium_ok=True), "B"),
        (PublicNotice(debtor_missing=True, medium_ok=False), "D"),
        (PublicNotice(debtor_missing=False, medium_ok=True), "D"),
    ],
)
def test_only_strong_proof_restarts_the_clock_by_itself(proof, level):
    result = proof_level(proof)
    assert result.level == level
    assert result.resets_limitation is (level in {"A", "B"})
    assert result.basis


def test_without_events_the_period_runs_from_the_due_date():
    now = state()
    assert now.legal.due is not None
    assert now.legal.due.nominal == day("2026-05-10")
    assert now.status is LimitationStatus.ENDING
    assert now.cap.nominal == day("2043-05-10")


def test_a_proven_demand_restarts_it_and_a_weak_one_does_not():
    now = state(demand("2024-02-01", Level.B), demand("2025-06-01", Level.C))
    assert verdicts(now.legal) == [Verdict.RESTARTED, Verdict.WEAK_PROOF]
    assert now.legal.started_on == day("2024-02-01")
    assert now.status is LimitationStatus.RUNNING
    confirmed = state(demand("2025-06-01", Level.C, confirmed=True))
    assert verdicts(confirmed.legal) == [Verdict.RESTARTED]
    never = state(demand("2025-06-01", Level.D, confirmed=True))
    assert verdicts(never.legal) == [Verdict.WEAK_PROOF]


def test_a_demand_before_the_debt_is_due_interrupts_nothing():
    assert verdicts(state(demand("2023-05-10")).legal) == [Verdict.TOO_EARLY]
    assert verdicts(state(demand("2023-05-11")).legal) == [Verdict.RESTARTED]


def test_a_demand_may_come_on_the_extended_last_day_and_not_after_it():
    last = state(demand("2026-05-11"), as_of="2026-06-01")
    assert verdicts(last.legal) == [Verdict.RESTARTED]
    late = state(demand("2026-05-12"), as_of="2026-06-01")
    assert verdicts(late.legal) == [Verdict.TOO_LATE]
    assert late.status is LimitationStatus.PAST


def test_after_the_end_only_the_debtors_agreement_restarts_it():
    paid = state(demand("2026-05-20", kind=Interruption.PAYMENT), as_of="2026-06-01")
    assert verdicts(paid.legal) == [Verdict.WAIVED]
    assert paid.legal.due is not None
    assert paid.legal.due.nominal == day("2029-05-20")
    receipt = state(
        demand("2026-05-20", kind=Interruption.ACKNOWLEDGEMENT, shows_agreement=False),
        as_of="2026-06-01",
    )
    assert verdicts(receipt.legal) == [Verdict.TOO_LATE]


def test_a_pending_procedure_holds_the_clock_and_its_end_restarts_it():
    pending = state(
        demand("2024-03-01", kind=Interruption.SUIT), demand("2024-06-01"), as_of="2026-03-01"
    )
    assert verdicts(pending.legal) == [Verdict.RUNS_IN_PROCEDURE] * 2
    assert pending.legal.due is None
    assert pending.status is LimitationStatus.IN_PROCEDURE
    ended = state(
        demand("2024-03-01", kind=Interruption.SUIT, ended_on=day("2025-03-01")),
        demand("2024-06-01", kind=Interruption.PAYMENT),
    )
    assert ended.legal.started_on == day("2025-03-01")
    assert ended.legal.due is not None
    assert ended.legal.due.nominal == day("2028-03-01")


def test_what_happens_after_the_day_one_looks_from_is_not_seen():
    assert state(demand("2026-03-02"), as_of="2026-03-01").legal.events == ()


def test_the_careful_clock_may_have_run_out_while_the_legal_one_runs():
    now = state(installments=(day("2022-06-20"), day("2025-06-20")), as_of="2026-03-01")
    assert now.status is LimitationStatus.AT_RISK
    assert now.legal.due is not None
    assert now.conservative.due is not None
    assert now.legal.due.nominal == day("2028-06-20")
    assert now.conservative.due.nominal == day("2025-06-20")


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ("2023-05-10", LimitationStatus.NOT_STARTED),
        ("2023-05-11", LimitationStatus.RUNNING),
        ("2025-11-10", LimitationStatus.RUNNING),  # 180 days before 2026-05-09
        ("2025-11-11", LimitationStatus.ENDING),
        ("2026-05-11", LimitationStatus.ENDING),
        ("2026-05-12", LimitationStatus.PAST),
    ],
)
def test_the_status_follows_the_day(as_of, status):
    assert state(as_of=as_of).status is status


def test_a_suspension_counts_only_in_the_last_six_months():
    def ends(started, ended):
        cause = Suspension(
            started_on=day(started), ended_on=day(ended) if ended else None, cause="继承人未定"
        )
        return state(suspensions=[cause]).legal.due

    early = ends("2024-01-01", "2025-11-10")  # gone when the last six months begin
    assert early is not None
    assert early.nominal == day("2026-05-10")
    inside = ends("2024-01-01", "2025-11-11")
    assert inside is not None
    assert inside.nominal == day("2026-05-11")
    assert "期间中止：继承人未定。" in inside.steps
    assert ends("2026-01-01", None) is None
    after = ends("2026-05-11", None)
    assert after is not None
    assert after.nominal == day("2026-05-10")


def test_twenty_years_are_the_end_whatever_interrupts():
    events = [demand(f"{year}-01-10") for year in range(2008, 2026, 2)]
    now = state(*events, installments=(day("2006-02-10"),), as_of="2025-12-01")
    assert now.legal.due is not None
    assert now.legal.due.nominal == day("2026-02-10")
    assert "受二十年最长期间限制。" in now.legal.due.steps


def test_the_derivation_names_each_event_and_the_end():
    now = state(demand("2024-02-01", Level.B))
    assert "2024-02-01 催收到达（证据等级B）：重新起算。" in now.steps
    waiting = state(demand("2024-02-01", kind=Interruption.SUIT))
    assert waiting.steps[-1] == "程序或中止事由尚未结束，期间未继续计算。"
    assert set(KIND_LABELS) == set(Interruption)


@given(
    st.lists(st.dates(date(2023, 5, 11), date(2026, 2, 28)), max_size=6),
    st.dates(date(2023, 5, 11), date(2026, 2, 28)),
)
def test_one_more_proven_demand_never_ends_the_period_earlier(days, extra):
    events = [demand(on.isoformat()) for on in days]
    before = state(*events).legal.due
    after = state(*events, demand(extra.isoformat())).legal.due
    assert before is not None
    assert after is not None
    assert after.nominal >= before.nominal


@given(st.integers(1, 300))
def test_a_moved_due_date_moves_the_end(days):
    moved = state(installments=(DUE + timedelta(days=days),))
    plain = state()
    assert moved.legal.due is not None
    assert plain.legal.due is not None
    assert moved.legal.due.nominal > plain.legal.due.nominal

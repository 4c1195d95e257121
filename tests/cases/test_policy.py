"""Where the bank has set another value, the rules follow it (register N)."""

from datetime import date
from decimal import Decimal

from postloan_archive.cases.rules.deadlines import following_deadlines, next_deadlines
from postloan_archive.cases.rules.events import Event
from postloan_archive.kernel.days import Unit, deadline
from postloan_archive.kernel.policy import LawPolicy
from postloan_archive.loans.rules.limitation_state import (
    InterruptingEvent,
    Interruption,
    LimitationStatus,
    limitation_state,
)
from postloan_archive.loans.rules.proof import Level, Signed, proof_level
from postloan_archive.preservation.rules.kinds import AssetKind
from postloan_archive.preservation.rules.security import (
    Applicant,
    Phase,
    preservation_security,
)
from postloan_archive.preservation.rules.term import (
    escalation_day,
    expiry,
    preservation_term,
    reminders,
)
from postloan_archive.workdays.seed import published_calendar

CALENDAR = published_calendar()
DAY = date(2026, 3, 2)


def test_the_signers_and_the_levels_that_restart_a_clock_can_be_set():
    policy = LawPolicy(proof_signers=frozenset({"debtor"}), resetting_levels=frozenset("A"))
    assert proof_level(Signed(signer="mail_room"), policy=policy).level == "C"
    letter = InterruptingEvent(kind=Interruption.DEMAND, on=date(2024, 2, 1), level=Level.B)
    state = limitation_state(
        [date(2023, 5, 10)], [letter], as_of=DAY, calendar=CALENDAR, policy=policy
    )
    assert state.legal.started_on == date(2023, 5, 10)


def test_the_days_of_warning_can_be_set():
    state = limitation_state(
        [date(2023, 5, 10)],
        [],
        as_of=DAY,
        calendar=CALENDAR,
        policy=LawPolicy(limitation_warning=30),
    )
    assert state.status is LimitationStatus.RUNNING


def test_the_fallback_for_the_end_of_a_measure_can_be_set():
    policy = LawPolicy(
        expiry_counts_first_day=False, renewal_reminders=(10,), renewal_escalation=0
    )
    assert expiry(DAY, AssetKind.BANK_DEPOSIT, policy=policy) == date(2027, 3, 2)
    term = preservation_term(DAY, "bank_deposit", calendar=CALENDAR, policy=policy)
    assert reminders(term, policy=policy) == (date(2027, 2, 20),)
    assert escalation_day(term, calendar=CALENDAR, policy=policy) == term.apply_by.safe


def test_a_micro_loan_company_may_be_spared_security_if_legal_says_so():
    demand = preservation_security(
        Phase.IN_LITIGATION,
        Decimal(100),
        Applicant.MICRO_LOAN_COMPANY,
        policy=LawPolicy(micro_loan_exempt=True),
    )
    assert demand.may_be_waived


def test_the_months_between_looks_for_assets_can_be_set():
    _, check = next_deadlines(
        Event.TERMINATED_THIS_TIME,
        DAY,
        calendar=CALENDAR,
        policy=LawPolicy(asset_check_months=3),
    )
    assert check.due is not None
    assert check.due.nominal == date(2026, 6, 2)


def test_planning_from_the_nominal_day_can_be_turned_off():
    notice = deadline(date(2026, 4, 21), 10, Unit.DAY, calendar=CALENDAR)  # 05-01, so 05-06
    careful = following_deadlines(notice, Event.EFFECTIVE, calendar=CALENDAR)
    plain = following_deadlines(
        notice,
        Event.EFFECTIVE,
        calendar=CALENDAR,
        policy=LawPolicy(plan_from_nominal=False),
    )
    assert careful[0].due is not None
    assert plain[0].due is not None
    assert careful[0].due.legal == plain[0].due.legal == date(2026, 11, 6)
    assert careful[0].due.safe == date(2026, 10, 30)
    assert plain[0].due.safe == date(2026, 11, 6)

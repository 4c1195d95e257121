"""Small claims, evidence, service, jurisdiction and the steps of a case (group B, A.2)."""

from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.cases.rules.events import Fact
from postloan_archive.cases.rules.evidence import (
    Procedure,
    SuspensionOrderError,
    evidence_period_in_order,
    resumed_evidence_period,
)
from postloan_archive.cases.rules.jurisdiction import Place, jurisdiction_findings
from postloan_archive.cases.rules.service import (
    SERVICE,
    ServiceMode,
    SimplifiedNoticeError,
    served_on,
)
from postloan_archive.cases.rules.small_claims import (
    AverageWageError,
    ClaimAmountError,
    small_claims,
)
from postloan_archive.cases.rules.steps import (
    NEXT,
    STEP_LABELS,
    Step,
    StepNotAllowedError,
    check_step,
)
from postloan_archive.workdays.seed import published_calendar

CALENDAR = published_calendar()


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("amount", "mode"),
    [
        ("60000.00", "mandatory"),  # half of the wage is included
        ("60000.01", "by_agreement"),
        ("240000.00", "by_agreement"),  # twice the wage is included
        ("240000.01", "not_available"),
    ],
)
def test_the_amount_opens_or_closes_the_small_claims_procedure(amount, mode):
    derived = small_claims(provincial_average_wage=Decimal(120_000), amount=Decimal(amount))
    assert derived.value == mode
    assert derived.basis
    assert derived.steps


def test_wage_and_claim_are_positive():
    with pytest.raises(AverageWageError):
        small_claims(provincial_average_wage=Decimal(0), amount=Decimal(1))
    with pytest.raises(ClaimAmountError):
        small_claims(provincial_average_wage=Decimal(1), amount=Decimal(0))


@pytest.mark.parametrize(
    ("procedure", "until", "in_order"),
    [
        (Procedure.ORDINARY, "2026-03-16", False),
        (Procedure.ORDINARY, "2026-03-17", True),  # 15 days
        (Procedure.SECOND_INSTANCE, "2026-03-11", False),
        (Procedure.SECOND_INSTANCE, "2026-03-12", True),  # 10 days
        (Procedure.SIMPLIFIED, "2026-03-17", True),
        (Procedure.SIMPLIFIED, "2026-03-18", False),
        (Procedure.SMALL_CLAIMS, "2026-03-09", True),  # 7 days
        (Procedure.SMALL_CLAIMS, "2026-03-10", False),
    ],
)
def test_the_courts_period_for_evidence_is_compared_with_the_rules(procedure, until, in_order):
    checked = evidence_period_in_order(
        procedure, notified_on=day("2026-03-02"), set_until=day(until)
    )
    assert checked.value is in_order


def test_an_objection_to_jurisdiction_stops_the_period_for_evidence():
    resumed = resumed_evidence_period(
        set_until=day("2026-03-20"),
        objected_on=day("2026-03-10"),
        ruling_effective=day("2026-05-08"),
    )
    assert resumed.value == day("2026-05-18")
    last_day = resumed_evidence_period(
        set_until=day("2026-03-20"),
        objected_on=day("2026-03-20"),
        ruling_effective=day("2026-05-08"),
    )
    assert last_day.value == day("2026-05-08")
    with pytest.raises(SuspensionOrderError):
        resumed_evidence_period(
            set_until=day("2026-03-20"),
            objected_on=day("2026-03-21"),
            ruling_effective=day("2026-05-08"),
        )


@pytest.mark.parametrize(
    "mode", sorted(set(ServiceMode) - {ServiceMode.PUBLIC_NOTICE, ServiceMode.MAIL_ABROAD})
)
def test_most_papers_are_served_on_the_day_of_their_proof_even_on_a_holiday(mode):
    due = served_on(mode, day("2026-05-02"), calendar=CALENDAR)
    assert due.nominal == due.legal == due.safe == day("2026-05-02")
    assert due.basis == SERVICE[mode].basis
    assert SERVICE[mode].proof


@pytest.mark.parametrize(
    ("facts", "nominal"),
    [
        ((), "2026-04-01"),
        ((Fact.ABROAD,), "2026-05-01"),
        ((Fact.HONG_KONG_MACAO_TAIWAN,), "2026-06-02"),
    ],
)
def test_a_public_notice_serves_when_its_time_is_over(facts, nominal):
    due = served_on(ServiceMode.PUBLIC_NOTICE, day("2026-03-02"), facts, calendar=CALENDAR)
    assert due.nominal == day(nominal)


def test_mail_abroad_without_a_receipt_serves_after_three_months():
    due = served_on(ServiceMode.MAIL_ABROAD, day("2026-02-02"), calendar=CALENDAR)
    assert due.legal == due.nominal == day("2026-05-02")


@pytest.mark.parametrize("fact", [Fact.SIMPLIFIED, Fact.SMALL_CLAIMS])
def test_a_simplified_case_is_never_served_by_public_notice(fact):
    with pytest.raises(SimplifiedNoticeError):
        served_on(ServiceMode.PUBLIC_NOTICE, day("2026-03-02"), [fact], calendar=CALENDAR)


def test_every_mode_of_service_has_a_rule():
    assert set(SERVICE) == set(ServiceMode)


@pytest.mark.parametrize(
    ("place", "filed_on", "questions", "blocking"),
    [
        (Place.DEFENDANT, "2026-03-02", {}, []),
        (Place.LENDER, "2026-03-02", {}, []),
        (Place.LENDER, "2026-03-02", {"performance_place_agreed": True}, [True]),
        (Place.CLAUSE_LISTED, "2026-03-02", {}, []),
        (Place.CLAUSE_OTHER, "2025-12-30", {}, []),
        (Place.CLAUSE_OTHER, "2025-12-31", {}, [True]),
        (Place.CLAUSE_OTHER, "2025-12-31", {"connection_proved": True}, []),
        (Place.INTERNET_COURT, "2025-10-31", {}, []),
        (Place.INTERNET_COURT, "2025-11-01", {}, [True]),
        (Place.DEFENDANT, "2026-03-02", {"specialised_court_has_it": True}, [True]),
        (Place.DEFENDANT, "2026-03-02", {"arbitration_or_court_clause": True}, [False]),
        (Place.DEFENDANT, "2026-03-02", {"guarantor_sued_too": True}, [False]),
    ],
)
def test_the_court_is_checked_before_filing(place, filed_on, questions, blocking):
    findings = jurisdiction_findings(place, filed_on=day(filed_on), **questions)
    assert [finding.blocks for finding in findings] == blocking


def test_every_step_is_a_key_and_has_a_label():
    assert set(NEXT) == set(STEP_LABELS) == set(Step)


def test_every_step_can_be_reached_and_every_case_can_be_closed():
    reached = {Step.PREPARED}.union(*NEXT.values())
    assert reached == set(Step)
    closing = {Step.CLOSED}
    while True:
        more = {step for step in Step if NEXT[step] & closing} | closing
        if more == closing:
            break
        closing = more
    assert closing == set(Step)


def test_a_step_that_does_not_follow_is_refused_with_what_may():
    check_step(Step.JUDGED, Step.APPEALED)
    with pytest.raises(StepNotAllowedError, match="二审"):
        check_step(Step.JUDGED, Step.FILED)
    with pytest.raises(StepNotAllowedError, match="无"):
        check_step(Step.CLOSED, Step.PREPARED)

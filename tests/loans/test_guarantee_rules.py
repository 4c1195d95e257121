"""Guarantees and other security: periods, acts, late signatures (R-D14 to R-D28)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postloan_archive.loans.rules.guarantee import (
    ACT_LABELS,
    COUNTING,
    LONGEST_CLAUSE,
    Act,
    ActKind,
    GuaranteeKind,
    SignedInPeriodError,
    Treatment,
    TwoClausesError,
    guarantee_end,
    guarantee_limitation_end,
    guarantee_period,
    guarantee_right_exercised,
    guarantor_signs_after_expiry,
)
from postloan_archive.loans.rules.limitation import limitation_end
from postloan_archive.loans.rules.security import (
    maximum_guarantee_start,
    mortgage_exercise_by,
    registration_by,
    revocation_clocks,
)
from postloan_archive.workdays.seed import published_calendar

CALENDAR = published_calendar()
END = date(2026, 9, 30)
GENERAL, JOINT, OPEN = GuaranteeKind.GENERAL, GuaranteeKind.JOINT, GuaranteeKind.NOT_AGREED


def day(text):
    return date.fromisoformat(text)


def act(kind, on="2026-07-01", **changes):
    return Act(kind=ActKind(kind), on=day(on) if on else None, **changes)


def kept(kind, *acts, guarantor=None):
    return guarantee_right_exercised(kind, END, acts, guarantor).value


@pytest.mark.parametrize(
    ("due", "clause_end", "treated_as", "last_day"),
    [
        ("2026-03-31", "2026-03-31", Treatment.NOT_AGREED, "2026-09-30"),  # together with it
        ("2026-03-31", "2026-01-01", Treatment.NOT_AGREED, "2026-09-30"),  # before it
        ("2026-03-31", "2026-04-01", Treatment.AGREED, "2026-04-01"),
        ("2026-03-31", None, Treatment.NOT_AGREED, "2026-09-30"),
        ("2025-08-31", None, Treatment.NOT_AGREED, "2026-02-28"),
    ],
)
def test_a_period_by_date_counts_only_if_it_outlives_the_debt(
    due, clause_end, treated_as, last_day
):
    period = guarantee_period(day(due), clause_end=day(clause_end) if clause_end else None)
    assert (period.treated_as, period.last_day) == (treated_as, day(last_day))
    assert not period.needs_review


@pytest.mark.parametrize(
    ("clause", "treated_as", "last_day", "review"),
    [
        ("主债务履行期限届满之日起三年", Treatment.AGREED, "2029-03-31", False),
        ("自主债务履行期届满日起2年止", Treatment.AGREED, "2028-03-31", False),
        ("债务履行期限届满之日起两年", Treatment.AGREED, "2028-03-31", False),
        ("主债务履行期限届满之日起叁年。", Treatment.AGREED, "2029-03-31", False),
        ("主债务履行期限届满之日起 36 个月", Treatment.AGREED, "2029-03-31", False),
        ("主债务履行期限届满之日起１８个月", Treatment.AGREED, "2027-09-30", False),
        ("主债务履行期限届满之日起二十四个月", Treatment.AGREED, "2028-03-31", False),
        ("主债务履行期限届满之日起120个月", Treatment.AGREED, "2036-03-31", False),
        ("直至主债务本息还清时为止", Treatment.NOT_CLEAR, "2026-09-30", False),
        ("保证期间至全部债务清偿完毕之日止", Treatment.NOT_CLEAR, "2026-09-30", False),
        ("至贷款结清之日", Treatment.NOT_CLEAR, "2026-09-30", False),
        ("主债务履行期限届满之日起二年零六个月", Treatment.NOT_CLEAR, "2026-09-30", True),
        ("主债务履行期限届满之日起一年半", Treatment.NOT_CLEAR, "2026-09-30", True),
        ("主债务履行期限届满之日起0年", Treatment.NOT_CLEAR, "2026-09-30", True),
        ("主债务履行期限届满之日起二三年", Treatment.NOT_CLEAR, "2026-09-30", True),
        ("与主合同一致", Treatment.NOT_CLEAR, "2026-09-30", True),
        ("", Treatment.NOT_AGREED, "2026-09-30", False),
        ("至" * LONGEST_CLAUSE, Treatment.NOT_CLEAR, "2026-09-30", True),
    ],
)
def test_the_words_of_the_clause_are_read_as_the_law_reads_them(
    clause, treated_as, last_day, review
):
    period = guarantee_period(day("2026-03-31"), clause=clause)
    assert (period.treated_as, period.last_day) == (treated_as, day(last_day))
    assert period.needs_review is review
    assert period.steps


def test_a_date_and_a_text_together_are_refused():
    with pytest.raises(TwoClausesError):
        guarantee_period(END, clause_end=END, clause="三年")


def test_the_end_has_three_days_and_none_is_to_be_relied_on():
    period = guarantee_period(day("2026-04-03"))
    due = guarantee_end(period, calendar=CALENDAR)
    assert (due.nominal, due.legal, due.safe) == (
        day("2026-10-03"),
        day("2026-10-08"),
        day("2026-09-30"),
    )


@pytest.mark.parametrize(
    ("kind", "what", "counts"),
    [
        (GENERAL, "sue_debtor", True),
        (GENERAL, "arbitrate_debtor", True),
        (GENERAL, "enforce_notarised_against_debtor", True),
        (GENERAL, "notice_to_guarantor", False),
        (GENERAL, "sue_guarantor", False),
        (GENERAL, "arbitrate_guarantor", False),
        (OPEN, "sue_debtor", True),
        (OPEN, "notice_to_guarantor", False),
        (JOINT, "notice_to_guarantor", True),
        (JOINT, "sue_guarantor", True),
        (JOINT, "arbitrate_guarantor", True),
        (JOINT, "sue_debtor", False),
        (JOINT, "enforce_notarised_against_debtor", False),
    ],
)
def test_each_kind_of_guarantee_is_kept_in_its_own_way(kind, what, counts):
    assert kept(kind, act(what)) is counts


def test_arrival_counts_and_not_dispatch():
    assert kept(JOINT, act("notice_to_guarantor", "2026-09-30"))
    sent = act("notice_to_guarantor", "2026-10-02", sent=day("2026-09-30"))
    assert not kept(JOINT, sent)
    assert not kept(JOINT, act("notice_to_guarantor", None))


def test_each_guarantor_must_be_addressed():
    toward_a = act("notice_to_guarantor", guarantor="A")
    assert not kept(JOINT, toward_a, guarantor="B")
    assert kept(JOINT, toward_a, guarantor="A")
    assert not kept(JOINT, toward_a)  # nobody says that A is the one


@pytest.mark.parametrize(
    ("kind", "acts", "still"),
    [
        (GENERAL, [act("sue_debtor"), act("withdraw")], False),
        (GENERAL, [act("sue_debtor"), act("withdraw"), act("sue_debtor", "2026-08-01")], True),
        (GENERAL, [act("sue_debtor"), act("withdraw"), act("sue_debtor", "2026-10-01")], False),
        (GENERAL, [act("sue_debtor"), act("withdraw", "2026-12-01")], False),
        (JOINT, [act("sue_guarantor"), act("withdraw")], False),
        (
            JOINT,
            [act("sue_guarantor", copy_served=day("2026-07-09")), act("withdraw")],
            True,
        ),
        (JOINT, [act("notice_to_guarantor"), act("sue_guarantor"), act("withdraw")], True),
        (JOINT, [act("withdraw"), act("sue_guarantor")], True),
        (JOINT, [act("sue_guarantor"), act("sue_debtor"), act("withdraw")], True),
        (GENERAL, [act("enforce_notarised_against_debtor"), act("withdraw")], True),
    ],
)
def test_a_withdrawal_takes_back_the_last_suit_unless_the_guarantor_had_the_copy(
    kind, acts, still
):
    assert kept(kind, *acts) is still


def test_without_any_act_nothing_is_kept():
    derived = guarantee_right_exercised(JOINT, END, [])
    assert derived.value is False
    assert derived.steps


def test_every_act_has_a_label_and_every_kind_its_acts():
    assert set(ACT_LABELS) == set(ActKind)
    assert set(COUNTING) == set(GuaranteeKind)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_an_act_after_the_end_never_counts(on):
    notice = act("notice_to_guarantor", on.isoformat())
    assert kept(JOINT, notice) is (on <= END)


@pytest.mark.parametrize("new_contract", [True, False])
def test_a_late_signature_binds_a_guarantor_only_by_a_new_contract(new_contract):
    signed = guarantor_signs_after_expiry(
        period_end=END, signed_notice=day("2026-10-10"), new_guarantee_contract=new_contract
    )
    assert signed.value is new_contract


def test_a_signature_inside_the_period_is_no_late_one():
    with pytest.raises(SignedInPeriodError):
        guarantor_signs_after_expiry(
            period_end=END, signed_notice=END, new_guarantee_contract=False
        )


def test_the_guarantee_debt_has_its_own_three_years():
    due = guarantee_limitation_end(day("2023-09-20"), calendar=CALENDAR)
    assert due.nominal == due.legal == day("2026-09-20")  # a worked Sunday


def test_a_suspicious_transfer_has_two_clocks_and_the_earlier_counts():
    clocks = revocation_clocks(
        known_on=day("2025-06-10"), act_on=day("2021-05-20"), calendar=CALENDAR
    )
    assert clocks.from_knowledge.nominal == day("2026-06-10")
    assert clocks.due.nominal == clocks.from_act.nominal == day("2026-05-20")


def test_a_priority_notice_becomes_a_mortgage_within_ninety_days():
    assert registration_by(day("2026-03-12"), calendar=CALENDAR).nominal == day("2026-06-10")


@pytest.mark.parametrize(
    ("fixed", "maturity", "start"),
    [
        ("2026-06-01", "2026-03-01", "2026-06-01"),
        ("2026-03-01", "2026-06-01", "2026-06-01"),
    ],
)
def test_a_maximum_guarantee_starts_when_the_last_debt_is_due(fixed, maturity, start):
    derived = maximum_guarantee_start(debts_fixed_on=day(fixed), last_maturity=day(maturity))
    assert derived.value == day(start)


def test_a_mortgage_is_exercised_within_the_limitation_of_its_debt():
    main = limitation_end(day("2023-05-10"), calendar=CALENDAR)
    due = mortgage_exercise_by(main)
    assert (due.nominal, due.legal, due.safe) == (main.nominal, main.legal, main.safe)
    assert due.basis[0].rule == "R-D21"

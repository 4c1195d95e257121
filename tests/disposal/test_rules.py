"""The rules of disposal, edge by edge."""

from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.disposal.rules import (
    BASIS_OF,
    ITEM_OF,
    KIND_WORDS,
    NEXT,
    PROOF_OF,
    AssetKind,
    Kind,
    Owed,
    State,
    asset_deadline,
    beyond,
    claim_period,
    is_met,
)
from postloan_archive.disposal.terms import TERMS, TermShapeError, clean, shown
from postloan_archive.loans.rules.new_plan import (
    ExtensionBackwardsError,
    ExtensionTooLateError,
    Method,
    NewPlan,
    NothingLeftError,
    extended,
    extension_limit,
    rescheduled,
)
from postloan_archive.loans.rules.position import LoanFacts, PaidRow, ScheduledRow, position


def test_every_state_says_what_may_follow():
    assert set(NEXT) == set(State)
    assert NEXT[State.EXECUTED] == frozenset()


def test_every_kind_has_words_papers_and_terms():
    for table in (KIND_WORDS, ITEM_OF, PROOF_OF, TERMS):
        assert set(table) == set(Kind)
    assert set(BASIS_OF) <= set(Kind)


@pytest.mark.parametrize(
    ("kind", "last"),
    [
        (AssetKind.REAL_ESTATE, date(2028, 2, 28)),
        (AssetKind.EQUITY, date(2028, 2, 28)),
        (AssetKind.MOVABLE, None),
        (AssetKind.RIGHT, None),
    ],
)
def test_real_estate_and_equity_are_sold_within_two_years(kind, last):
    """商业银行法42②."""
    found = asset_deadline(kind, date(2026, 2, 28))
    assert (found.value if found else None) == last


def test_claims_are_filed_within_thirty_days_to_three_months():
    found = claim_period(date(2026, 11, 30)).value
    assert (found.earliest, found.latest) == (date(2026, 12, 30), date(2027, 2, 28))


def test_no_class_is_remitted_beyond_what_is_owed():
    owed = Owed(
        principal=Decimal(100), interest=Decimal(10), penalty=Decimal(5), compound=Decimal(1)
    )
    asked = Owed(
        principal=Decimal(100),
        interest=Decimal("10.01"),
        penalty=Decimal(0),
        compound=Decimal(2),
    )
    assert owed.total == Decimal(116)
    assert beyond(asked, owed) == ("利息", "复利")


@pytest.mark.parametrize(
    ("asked", "paid", "met"), [("0", "0", True), ("5", "4.99", False), ("5", "5", True)]
)
def test_a_condition_is_met_to_the_cent(asked, paid, met):
    assert is_met(Decimal(asked), Decimal(paid)) is met


def facts(**changes) -> LoanFacts:
    """100,000 at 6 % on 360, a year to 2026-11-24, one row."""
    values = {
        "principal": Decimal(100_000),
        "annual_rate_pct": Decimal(6),
        "penalty_uplift_pct": Decimal(50),
        "day_basis": 360,
        "disbursed_on": date(2025, 11, 24),
        "due_on": date(2026, 11, 24),
        "schedule": (
            ScheduledRow(
                due_on=date(2026, 11, 24),
                principal=Decimal(100_000),
                interest=Decimal("6083.33"),
            ),
        ),
        "payments": (),
        "rate_changes": (),
        "accelerated_on": None,
    }
    return LoanFacts(**(values | changes))


@pytest.mark.parametrize(
    ("lent", "due", "last"),
    [
        (date(2025, 11, 24), date(2026, 11, 24), date(2027, 11, 24)),  # a year: its own term
        (date(2025, 11, 24), date(2026, 2, 24), date(2026, 5, 24)),
        (date(2024, 11, 24), date(2026, 11, 24), date(2027, 11, 24)),  # two years: half
        (date(2016, 11, 24), date(2026, 11, 24), date(2029, 11, 24)),  # ten: at most three
    ],
)
def test_the_usual_limit_of_an_extension(lent, due, last):
    assert extension_limit(lent, due).value == last


def test_an_extension_is_agreed_by_the_last_day_and_goes_forward():
    on = date(2026, 11, 24)
    extended(facts(), NewPlan(effective_on=on, due_on=date(2026, 11, 25)))
    with pytest.raises(ExtensionTooLateError):
        extended(facts(), NewPlan(effective_on=date(2026, 11, 25), due_on=date(2027, 1, 1)))
    with pytest.raises(ExtensionBackwardsError):
        extended(facts(), NewPlan(effective_on=on, due_on=on))


def test_no_penalty_runs_in_the_extended_time():
    plan = NewPlan(
        effective_on=date(2026, 11, 1),
        due_on=date(2027, 5, 24),
        annual_rate_pct=Decimal("7.2"),
    )
    rows = extended(facts(), plan).value.rows
    late = facts(schedule=rows, due_on=plan.due_on)
    owed = position(late, date(2027, 5, 24)).value
    assert owed.penalty == 0
    # 100,000 × 7.2 % × 181 ÷ 360
    assert rows[-1].interest == Decimal("3620.00")


def test_what_is_repaid_is_not_planned_again():
    paid = (PaidRow(paid_on=date(2026, 11, 1), to_principal=Decimal(100_000)),)
    on = date(2026, 11, 10)
    for make in (extended, rescheduled):
        with pytest.raises(NothingLeftError):
            make(facts(payments=paid), NewPlan(effective_on=on, due_on=date(2027, 1, 1)))


def test_a_new_plan_carries_what_is_open_and_keeps_what_was_paid():
    """Part paid late: the penalty of the paid part stays where it arose."""
    on = date(2027, 3, 4)
    known = facts(
        payments=(
            PaidRow(
                paid_on=date(2027, 1, 3),
                to_principal=Decimal(40_000),
                to_interest=Decimal("6083.33"),
            ),
        )
    )
    before = position(known, on).value
    plan = NewPlan(
        effective_on=on,
        due_on=date(2027, 9, 4),
        method=Method.EQUAL_PAYMENT,
        months=6,
        first_due_on=date(2027, 4, 4),
    )
    found = rescheduled(known, plan).value
    after = position(
        facts(schedule=found.rows, payments=known.payments, due_on=plan.due_on), on
    ).value
    assert after.overdue_days == 0
    assert after.balance == before.balance == Decimal(60_000)
    assert found.carried + after.penalty + after.compound == before.penalty + before.compound
    assert sum(row.principal for row in found.rows) == Decimal(100_000)
    assert [row.due_on for row in found.rows][-6:] == [
        date(2027, month, 4) for month in range(4, 10)
    ]


def test_a_bullet_plan_counts_days():
    plan = NewPlan(effective_on=date(2026, 11, 24), due_on=date(2027, 11, 24))
    found = rescheduled(facts(), plan)
    # 365 days at 6 % on 360, and the interest of the old term that is due and not paid
    assert found.value.rows[-1].interest == Decimal("6083.33") + Decimal("6083.33")
    with pytest.raises(ExtensionBackwardsError):
        rescheduled(facts(), NewPlan(effective_on=plan.due_on, due_on=plan.due_on))


def test_terms_are_kept_plain_and_shown_in_words():
    given = {
        "effective_on": "2026年11月24日",
        "new_due_on": "2027.11.24",
        "method": "bullet",
        "annual_rate": "3.85％".replace("％", "%"),
    }
    terms = clean(Kind.RESTRUCTURING, given)
    assert terms["new_due_on"] == "2027-11-24"
    assert dict(shown(Kind.RESTRUCTURING, terms))["还款方式"] == "到期一次还本付息"
    for name, value in (
        ("annual_rate", "六"),
        ("annual_rate", "100"),
        ("months", "0"),
        ("method", "weekly"),
    ):
        with pytest.raises(TermShapeError):
            clean(Kind.RESTRUCTURING, {**given, name: value})


def test_a_text_keeps_its_marks():
    terms = clean(Kind.WRITE_OFF, {"ground": "（一）条，无财产", "pursuit": "每季"})
    assert terms["ground"] == "（一）条，无财产"
    with pytest.raises(TermShapeError):
        clean(Kind.WRITE_OFF, {"ground": "长" * 501, "pursuit": "每季"})

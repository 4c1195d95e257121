"""Classification edges, buckets, overdue days, the inspection plan."""

from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.inspection import rules
from postloan_archive.inspection.rules import InspectionKind, RiskClass

D = Decimal


@pytest.mark.parametrize(
    ("days", "floor", "bucket"),
    [
        (-5, "正常", "M0"),
        (0, "正常", "M0"),
        (1, "关注", "M1"),
        (30, "关注", "M1"),
        (31, "关注", "M2"),
        (90, "关注", "M3"),
        (91, "次级", "M4"),
        (150, "次级", "M5"),
        (180, "次级", "M6"),
        (181, "次级", "M6+"),
        (270, "次级", "M6+"),
        (271, "可疑", "M6+"),
        (360, "可疑", "M6+"),
        (361, "损失", "M6+"),
    ],
)
def test_the_floor_follows_the_overdue_days(days, floor, bucket):
    got = rules.classify(days, technical_reason=False).value
    assert (got.minimum_class, got.bucket) == (floor, bucket)


@pytest.mark.parametrize(("days", "floor"), [(7, "正常"), (8, "关注"), (0, "正常")])
def test_a_technical_reason_excuses_seven_days(days, floor):
    assert rules.classify(days, technical_reason=True).value.minimum_class == floor


@pytest.mark.parametrize(
    ("days", "floor"), [(90, "关注"), (91, "次级"), (121, "可疑"), (180, "可疑"), (181, "损失")]
)
def test_a_credit_card_has_its_own_grid(days, floor):
    got = rules.classify(days, technical_reason=False, grid=rules.Grid.CREDIT_CARD)
    assert got.value.minimum_class == floor


@pytest.mark.parametrize(
    ("facts", "floor", "reasons"),
    [
        ({}, "正常", ()),
        ({"funds_misused": True}, "关注", ("funds_misused",)),
        ({"rolled_over": True}, "关注", ("rolled_over",)),
        ({"rolled_over": True, "rolled_over_qualified": True}, "正常", ()),
        ({"restructured": True, "funds_misused": True}, "关注",
         ("funds_misused", "restructured")),
        ({"restructured_again": True}, "次级", ("restructured_again",)),
        ({"rating_collapse": True}, "次级", ("rating_collapse",)),
        ({"ecl_ratio": D("0.95")}, "正常", ()),
        ({"credit_impaired": True, "ecl_ratio": D("0.4999")}, "次级", ("credit_impaired",)),
        ({"credit_impaired": True, "ecl_ratio": D("0.5")}, "可疑", ("ecl_ratio",)),
        ({"credit_impaired": True, "ecl_ratio": D("0.9")}, "损失", ("ecl_ratio",)),
        ({"debt_evasion": True}, "可疑", ("debt_evasion",)),
        ({"bankruptcy_liquidation": True}, "损失", ("bankruptcy_liquidation",)),
        ({"npl_elsewhere": True, "npl_share_this_bank": D(1)}, "正常", ()),
        ({"retail": False, "npl_elsewhere": True}, "关注", ("npl_elsewhere",)),
        ({"retail": False, "overdue90_share_all_banks": D("0.2")}, "正常", ()),
        ({"retail": False, "overdue90_share_all_banks": D("0.21")}, "次级",
         ("overdue90_share_all_banks",)),
        ({"retail": False, "npl_share_this_bank": D("0.1")}, "正常", ()),
        ({"retail": False, "npl_share_this_bank": D("0.101")}, "次级",
         ("npl_share_this_bank",)),
    ],
)  # fmt: skip
def test_the_worst_floor_wins(facts, floor, reasons):
    got = rules.classify_other(0, rules.RiskFacts(**facts)).value
    assert (got.minimum_class, got.reasons) == (floor, reasons)


def test_overdue_days_and_other_facts_are_named_together():
    got = rules.classify_other(100, rules.RiskFacts(credit_impaired=True)).value
    assert got.reasons == ("overdue_days", "credit_impaired")


JANUARY, FEBRUARY = date(2026, 1, 20), date(2026, 2, 20)


@pytest.mark.parametrize(
    ("dates", "paid", "days"),
    [
        ([FEBRUARY, JANUARY], False, 40),
        ([JANUARY, FEBRUARY], True, 9),
        ([JANUARY], True, 0),
        ([], False, 0),
        ([date(2026, 3, 2)], False, 0),
        ([date(2026, 3, 1)], False, 0),
    ],
)
def test_overdue_days_count_from_the_oldest_unpaid_day(dates, paid, days):
    got = rules.overdue_days(dates, date(2026, 3, 1), oldest_fully_paid=paid)
    assert got.value == days


def loan(**changes):
    return rules.InspectedLoan(
        **{
            "borrower": rules.BorrowerKind.COMPANY,
            "risk_class": RiskClass.NORMAL,
            "drawdowns": (date(2026, 1, 31),),
            "maturity": date(2027, 1, 31),
            "last": {},
            **changes,
        }
    )


def test_a_new_loan_is_checked_after_fifteen_days_and_every_quarter():
    plan = rules.inspection_plan(loan())
    assert [(item.kind, item.due_on) for item in plan] == [
        (InspectionKind.FIRST, date(2026, 2, 15)),
        (InspectionKind.REGULAR, date(2026, 4, 30)),
        (InspectionKind.BEFORE_MATURITY, date(2027, 1, 1)),
    ]
    assert plan[0].item_code == "GL08"
    assert plan[2].not_before == date(2026, 12, 2)


def test_a_new_drawdown_asks_for_a_new_first_check():
    done = {InspectionKind.FIRST: date(2026, 2, 10)}
    assert rules.inspection_plan(loan(last=done))[0].kind is InspectionKind.REGULAR
    again = loan(last=done, drawdowns=(date(2026, 1, 31), date(2026, 6, 1)))
    assert rules.inspection_plan(again)[1].due_on == date(2026, 6, 16)


@pytest.mark.parametrize(
    ("borrower", "risk_class", "months"),
    [
        ("company", "正常", 3),
        ("company", "关注", 1),
        ("personal_business", "正常", 6),
        ("personal_business", "损失", 3),
        ("small_consumer", "关注", 1),
    ],
)
def test_watched_loans_are_checked_more_often(borrower, risk_class, months):
    got = rules.regular_months(rules.BorrowerKind(borrower), RiskClass(risk_class))
    assert got == months


@pytest.mark.parametrize(
    ("collateral", "due"),
    [({"real_estate"}, date(2027, 1, 31)), ({"real_estate", "equity"}, date(2026, 4, 30))],
)
def test_collateral_is_valued_again(collateral, due):
    kinds = frozenset(map(rules.CollateralClass, collateral))
    plan = rules.inspection_plan(loan(collateral=kinds))
    assert [item.due_on for item in plan if item.kind is InspectionKind.REVALUATION] == [due]


def test_what_is_done_is_not_planned_again():
    done = {
        InspectionKind.BEFORE_MATURITY: date(2026, 12, 10),
        InspectionKind.REGULAR: date(2026, 12, 1),
    }
    kinds = [item.kind for item in rules.inspection_plan(loan(last=done))]
    assert InspectionKind.BEFORE_MATURITY not in kinds
    assert rules.inspection_plan(loan(drawdowns=())) == ()

"""The period of a loan file and what stops its destruction, edge by edge."""

from datetime import date

import pytest

from postloan_archive.archive.rules.retention import RetentionTooShortError
from postloan_archive.retention.rules.periods import (
    STANDARD_YEARS,
    Block,
    Circumstances,
    Period,
    RetentionClass,
    RetentionFacts,
    RetentionYearsError,
    blocks_of,
    check_table,
    classes_of,
    period_of,
    sentence_of,
)


def facts(**changes):
    """A private loan without collateral, settled on 31 March 2005, never in court."""
    values = {
        "company": False,
        "secured": False,
        "in_court": False,
        "risk_class": "正常",
        "ends": (("贷款结清", date(2005, 3, 31)),),
    }
    return RetentionFacts(**(values | changes))


def end(given, **table):
    years = {**STANDARD_YEARS, **{RetentionClass(key): value for key, value in table.items()}}
    return period_of(given, years).value


@pytest.mark.parametrize(
    ("changes", "classes"),
    [
        ({}, ["personal"]),
        ({"company": True}, ["corporate"]),
        ({"secured": True}, ["personal", "secured"]),
        ({"in_court": True}, ["personal", "troubled"]),
        ({"risk_class": "次级"}, ["personal", "troubled"]),
        ({"risk_class": "关注"}, ["personal"]),
        (
            {"company": True, "secured": True, "in_court": True},
            ["corporate", "secured", "troubled"],
        ),
    ],
)
def test_each_fact_adds_its_class(changes, classes):
    assert [one.value for one in classes_of(facts(**changes))] == classes


def test_the_period_runs_from_the_first_of_january_after_the_settlement():
    assert end(facts()).end == date(2020, 12, 31)


def test_the_longest_class_wins():
    both = facts(secured=True)
    assert end(both, personal=40, secured=20).end == date(2045, 12, 31)
    assert end(both, personal=20, secured=40).end == date(2045, 12, 31)


def test_permanent_is_longer_than_any_number():
    found = end(facts(in_court=True), personal=100, troubled=None)
    assert (found.permanent, found.end) == (True, None)


def test_the_latest_of_the_ending_events_counts():
    case = (("贷款结清", date(2005, 3, 31)), ("案件 AJ 结案", date(2007, 1, 1)))
    assert end(facts(ends=case)).end == date(2022, 12, 31)


def test_nothing_runs_while_one_of_them_has_not_happened():
    case = (("贷款结清", date(2005, 3, 31)), ("案件 AJ 结案", None))
    assert end(facts(ends=case)).end is None
    assert "尚未发生" in "".join(period_of(facts(ends=case), STANDARD_YEARS).steps)


def test_an_appraisal_extends_and_never_shortens():
    assert end(facts(extended_to=date(2030, 6, 30))).end == date(2030, 6, 30)
    assert end(facts(extended_to=date(2019, 6, 30))).end == date(2020, 12, 31)
    assert end(facts(kept_for_ever=True)).permanent


def test_the_table_keeps_the_statutory_floor():
    check_table({RetentionClass.PERSONAL: 10})
    check_table({RetentionClass.PERSONAL: None})
    with pytest.raises(RetentionTooShortError):
        check_table({RetentionClass.PERSONAL: 9})
    with pytest.raises(RetentionYearsError):
        check_table({RetentionClass.PERSONAL: 101})


OVER = Period(
    classes=((RetentionClass.PERSONAL, 15),),
    started_from=date(2005, 3, 31),
    end=date(2020, 12, 31),
    permanent=False,
)


@pytest.mark.parametrize(
    ("around", "today", "blocks"),
    [
        ({"appraised": True}, date(2021, 1, 1), []),
        ({"appraised": True}, date(2020, 12, 31), [Block.NOT_EXPIRED]),
        ({}, date(2021, 1, 1), [Block.NOT_APPRAISED]),
        ({"appraised": True, "unsettled": True}, date(2021, 1, 1), [Block.UNSETTLED]),
        ({"appraised": True, "open_cases": ("AJ1",)}, date(2021, 1, 1), [Block.OPEN_CASE]),
        ({"appraised": True, "open_measures": ("1",)}, date(2021, 1, 1), [Block.OPEN_MEASURE]),
        ({"appraised": True, "holds": ("a", "b")}, date(2021, 1, 1), [Block.HOLD]),
        ({"appraised": True, "lent": ("Y1",)}, date(2021, 1, 1), [Block.LENT]),
        ({"appraised": True, "restored": True}, date(2021, 1, 1), [Block.RESTORED]),
        ({"appraised": True, "destroyed": True}, date(2021, 1, 1), [Block.DESTROYED]),
    ],
)
def test_each_circumstance_stops_by_itself(around, today, blocks):
    found = blocks_of(OVER, Circumstances(**({"unsettled": False} | around)), today)
    assert [block for block, _ in found] == blocks


def test_a_permanent_file_is_never_destroyed_and_the_sentence_names_things():
    period = Period(
        classes=((RetentionClass.TROUBLED, None),), started_from=None, end=None, permanent=True
    )
    found = blocks_of(
        period,
        Circumstances(unsettled=False, holds=("张三",), appraised=True),
        date(2100, 1, 1),
    )
    assert sentence_of(found) == "有保留事项（张三）；永久保管"

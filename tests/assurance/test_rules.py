"""Every item of the four-property check by itself; drawing of samples."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.assurance.rules.properties import (
    ITEMS,
    FileFacts,
    PaperFacts,
    Weight,
    check,
)
from postloan_archive.assurance.rules.sampling import (
    Candidate,
    Method,
    RiskFacts,
    SampleSizeError,
    draw,
    population_digest,
    weighed,
)

TODAY = date(2026, 11, 24)
GOOD = PaperFacts(
    label="第 1 件 借款合同",
    arrived=True,
    recorded="a" * 64,
    digest="a" * 64,
    stored="good",
    stored_size=10,
    size=10,
    state="stored",
    media_type="application/pdf",
    flags=frozenset(),
    title="借款合同",
    item_code="YJ01",
    doc_date=date(2026, 1, 1),
    added_on=date(2026, 1, 1),
    pages=2,
    characters=100,
    versions=(1, 2),
    checked_on=date(2026, 10, 25),
    first_seen_on=date(2026, 1, 1),
)
FILE = FileFacts(label="案卷", papers=(GOOD,), pieces=(1,), backup_on=date(2026, 11, 17))


def test_what_is_right_has_no_finding():
    outcome = check(FILE, TODAY)
    assert outcome.findings == ()
    assert outcome.passed


FAULTS_OF_A_PAPER = {
    "A1": {"arrived": False},
    "A2": {"recorded": "b" * 64},
    "A3": {"stored": "changed"},
    "A4": {"state": "type_mismatch"},
    "A5": {"doc_date": date(2026, 1, 2)},
    "A6": {"signatures": (("unverified", ""),)},
    "A7": {"signatures": (("valid", ""), ("changed", "部件被改动"))},
    "B1": {"item_code": "ZH00"},
    "B2": {"stored_size": 9},
    "B3": {"pages": 0},
    "B4": {"versions": (1, 3)},
    "C1": {"state": "encrypted"},
    "C2": {"media_type": "application/msword"},
    "C3": {"characters": 0},
    "D1": {"flags": frozenset({"macro"})},
    "D2": {"checked_on": date(2026, 10, 24)},
}
FAULTS_OF_A_FILE = {
    "B5": {"pieces": (1, 3)},
    "B6": {"missing": ("YJ02",)},
    "B7": {"expected": 3, "received": 2},
    "D3": {"backup_on": None},
}


@pytest.mark.parametrize(("code", "changes"), FAULTS_OF_A_PAPER.items())
def test_each_fault_of_a_paper_is_named_alone(code, changes):
    outcome = check(replace(FILE, papers=(replace(GOOD, **changes),)), TODAY)
    assert [one.item for one in outcome.findings] == [code]
    assert outcome.passed == (ITEMS[code].weight is Weight.WARNING)
    assert outcome.findings[0].where == GOOD.label


@pytest.mark.parametrize(("code", "changes"), FAULTS_OF_A_FILE.items())
def test_each_fault_of_a_file_is_named_alone(code, changes):
    assert [one.item for one in check(replace(FILE, **changes), TODAY).findings] == [code]


def test_every_item_has_a_seeded_fault():
    assert {*FAULTS_OF_A_PAPER, *FAULTS_OF_A_FILE} == set(ITEMS)


def test_a_number_that_left_with_a_record_is_no_gap():
    facts = replace(FILE, pieces=(1, 3), explained=frozenset({2}))
    assert check(facts, TODAY).findings == ()


HUNDRED = [Candidate(number=f"JJ{at:03}") for at in range(100)]


def test_the_same_seed_draws_the_same_files_in_whatever_order_they_come():
    one = draw(HUNDRED, wanted=10, seed="s", method=Method.RANDOM)
    assert one == draw(HUNDRED[::-1], wanted=10, seed="s", method=Method.RANDOM)
    assert one != draw(HUNDRED, wanted=10, seed="t", method=Method.RANDOM)
    assert len({candidate.number for candidate in one}) == 10
    assert population_digest(HUNDRED) == population_digest(HUNDRED[::-1])


def test_random_draws_everybody_about_as_often():
    counts = dict.fromkeys((one.number for one in HUNDRED), 0)
    for seed in range(500):
        for one in draw(HUNDRED, wanted=10, seed=str(seed), method=Method.RANDOM):
            counts[one.number] += 1
    assert 25 < min(counts.values()) <= max(counts.values()) < 80  # 50 on average


def test_risk_draws_the_heavy_more_often():
    mixed = [Candidate(number=f"a{at}", weight=1) for at in range(50)]
    mixed += [Candidate(number=f"b{at}", weight=9) for at in range(50)]
    heavy = sum(
        one.number.startswith("b")
        for seed in range(200)
        for one in draw(mixed, wanted=10, seed=str(seed), method=Method.RISK)
    )
    assert 0.84 < heavy / 2_000 < 0.94  # 0.9 if put back


def test_the_weight_names_every_risk():
    calm = RiskFacts(
        number="JJ1",
        balance=Decimal(5),
        overdue_days=0,
        risk_class="正常",
        missing=0,
        in_court=False,
        exports=0,
    )
    assert weighed(calm) == Candidate(number="JJ1")
    risky = replace(calm, overdue_days=91, risk_class="可疑", missing=9, exports=1)
    assert weighed(risky).weight == 1 + 3 + 3 + 4 + 1
    assert len(weighed(risky).reasons) == 4


@pytest.mark.parametrize("wanted", [0, -1, 1_001])
def test_a_sample_has_one_to_a_thousand(wanted):
    with pytest.raises(SampleSizeError):
        draw(HUNDRED, wanted=wanted, seed="s", method=Method.RANDOM)

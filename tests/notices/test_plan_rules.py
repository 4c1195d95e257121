"""The rhythm of the letters (R-H01), stage by stage and edge by edge."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from postloan_archive.notices.rules.loan_state import LoanState, Sent, Surety
from postloan_archive.notices.rules.proposals import proposals
from postloan_archive.notices.rules.stages import STANDARD_PLAN

DAY = date(2026, 11, 24)
BORROWER, GUARANTOR = 1, 2


def a_surety(**changes):
    values = {
        "guarantee_id": 7,
        "addressee_id": GUARANTOR,
        "name": "保证人",
        "kind": "joint",
        "ends": DAY + timedelta(days=700),
    }
    return Surety(**(values | changes))


def a_letter(kind="N02", *, days_ago, **changes):
    values = {
        "kind": kind,
        "addressee_id": BORROWER,
        "guarantee_id": None,
        "serial_no": "〔2026〕催字第0001号",
        "issued_on": DAY - timedelta(days=days_ago),
    }
    return Sent(**(values | changes))


def a_state(**changes):
    values = {
        "loan_id": 1,
        "borrower_id": BORROWER,
        "borrower": "借款人",
        "due_on": DAY - timedelta(days=changes.get("overdue_days", 0)),
    }
    return LoanState(**(values | changes))


def kinds(state, plan=STANDARD_PLAN, day=DAY):
    return sorted((one.stage, one.kind) for one in proposals(state, plan, day))


@pytest.mark.parametrize(
    ("left", "proposed"), [(31, []), (30, [("due", "N01")]), (1, [("due", "N01")]), (0, [])]
)
def test_a_performing_loan_is_announced_once_within_thirty_days(left, proposed):
    state = a_state(due_on=DAY + timedelta(days=left))
    assert kinds(state) == proposed
    told = replace(state, letters=(a_letter("N01", days_ago=0),))
    assert kinds(told) == []


@pytest.mark.parametrize(
    ("late", "proposed"),
    [
        (0, []),
        (1, [("first", "N02"), ("first", "N04")]),
        (29, [("first", "N02"), ("first", "N04")]),
        (30, [("second", "N02"), ("second", "N04")]),
        (59, [("second", "N02"), ("second", "N04")]),
    ],
)
def test_the_first_stages_call_for_a_demand_and_each_joint_guarantor(late, proposed):
    assert kinds(a_state(overdue_days=late, sureties=(a_surety(),))) == proposed


def test_a_third_party_who_gave_security_is_named():
    (one,) = proposals(a_state(overdue_days=5, providers=("赵抵",)), STANDARD_PLAN, DAY)
    assert "第三方担保物提供人须通知：赵抵" in one.why[0]


def test_a_general_guarantor_is_not_asked_to_perform():
    state = a_state(overdue_days=5, sureties=(a_surety(kind="general"),))
    assert kinds(state) == [("first", "N02")]


def test_from_day_sixty_the_firm_letter_follows_only_an_earlier_demand():
    state = a_state(overdue_days=60)
    assert kinds(state) == [("third", "N02")]
    warned = replace(state, letters=(a_letter(days_ago=40),))
    assert kinds(warned) == [("third", "N05")]


def test_from_day_ninety_the_lawyer_writes_too():
    state = a_state(overdue_days=95, letters=(a_letter(days_ago=40),))
    assert kinds(state) == [("fourth", "N05"), ("lawyer", "N06")]


def test_one_proposal_a_stage_not_one_a_day():
    done = a_state(overdue_days=45, letters=(a_letter(days_ago=10),))
    assert kinds(done) == []
    of_the_stage_before = a_state(overdue_days=45, letters=(a_letter(days_ago=16),))
    assert kinds(of_the_stage_before) == [("second", "N02")]


def test_each_guarantor_counts_alone():
    others = (a_surety(), a_surety(guarantee_id=8, addressee_id=3, name="乙"))
    state = a_state(
        overdue_days=5,
        sureties=others,
        letters=(
            a_letter(days_ago=1),
            a_letter("N04", days_ago=1, addressee_id=GUARANTOR, guarantee_id=7),
        ),
    )
    (one,) = proposals(state, STANDARD_PLAN, DAY)
    assert (one.guarantee_id, one.addressee) == (8, "乙")


@pytest.mark.parametrize(("left", "there"), [(181, False), (180, True), (0, True), (-1, False)])
def test_a_limitation_that_ends_calls_for_a_demand_whatever_the_stage(left, there):
    letters = (a_letter(days_ago=400), a_letter("N05", days_ago=390))
    state = a_state(overdue_days=600, limitation=DAY + timedelta(days=left), letters=letters)
    assert (("limitation", "N02") in kinds(state)) is there


def test_a_returned_demand_does_not_answer_an_ending_limitation():
    back = a_letter(days_ago=20, outcome="returned", outcome_on=DAY)
    state = a_state(overdue_days=600, limitation=DAY + timedelta(days=100), letters=(back,))
    assert ("limitation", "N02") in kinds(state)
    arrived = replace(back, outcome="signed")
    assert ("limitation", "N02") not in kinds(replace(state, letters=(arrived,)))


@pytest.mark.parametrize(
    ("kind", "proposed"), [("joint", "N04"), ("general", "P01"), ("not_agreed", "P01")]
)
def test_an_ending_guarantee_is_kept_by_notice_or_by_lawsuit(kind, proposed):
    surety = a_surety(kind=kind, ends=DAY + timedelta(days=90))
    state = a_state(
        overdue_days=100,
        sureties=(surety,),
        letters=(a_letter("N05", days_ago=1), a_letter("N06", days_ago=1)),
    )
    found = [one for one in proposals(state, STANDARD_PLAN, DAY) if one.guarantee_id]
    assert [one.kind for one in found] == [proposed]
    claimed = replace(state, sureties=(replace(surety, claimed=True),))
    assert all(one.kind != "P01" for one in proposals(claimed, STANDARD_PLAN, DAY))


def test_two_stages_that_ask_for_the_same_letter_give_one_with_both_reasons():
    state = a_state(overdue_days=10, limitation=DAY + timedelta(days=10))
    (one,) = proposals(state, STANDARD_PLAN, DAY)
    assert (one.kind, len(one.why)) == ("N02", 2)


@pytest.mark.parametrize(("waited", "there"), [(14, False), (15, True)])
def test_a_letter_without_word_is_proposed_again(waited, there):
    sent = a_letter(days_ago=waited, dispatched_on=DAY - timedelta(days=waited))
    state = a_state(overdue_days=20, letters=(sent,))
    assert (("no_word", "N02") in kinds(state)) is there
    again = replace(state, letters=(sent, a_letter(days_ago=1)))
    assert kinds(again) == []


def test_two_returned_letters_ask_for_a_public_notice_that_a_person_weighs():
    back = [
        a_letter(days_ago=ago, outcome="returned", outcome_on=DAY - timedelta(days=ago - 3))
        for ago in (20, 5)
    ]
    state = a_state(overdue_days=25, letters=tuple(back))
    assert ("unreachable", "N09") in kinds(state)
    assert ("unreachable", "N09") not in kinds(replace(state, letters=(back[0],)))


def test_a_settled_loan_wants_its_certificate_and_no_demand():
    state = a_state(overdue_days=0, settled_on=DAY)
    assert kinds(state) == [("settled", "N13")]
    assert kinds(replace(state, letters=(a_letter("N13", days_ago=0),))) == []
    assert kinds(state, day=DAY - timedelta(days=1)) == []


def test_a_loan_in_court_gets_no_demand():
    assert kinds(a_state(overdue_days=95, in_court=True)) == []


def test_a_stop_is_named_and_the_proposal_stays_for_a_person():
    state = a_state(overdue_days=5, stops={BORROWER: (("争议待核", DAY),)})
    (one,) = proposals(state, STANDARD_PLAN, DAY)
    assert one.stopped == "争议待核（2026-11-24 起）"


def test_a_proposal_explains_itself():
    state = a_state(overdue_days=35, letters=(a_letter(days_ago=33),))
    (one,) = proposals(state, STANDARD_PLAN, DAY)
    assert "逾期 35 天，2026-11-19 起进入“第二次催收”" in one.why[0]
    assert one.last == "2026-10-22 N02 〔2026〕催字第0001号"
    assert one.next_step


def test_a_stage_that_the_bank_switched_off_proposes_nothing():
    plan = tuple(replace(stage, active=stage.key != "second") for stage in STANDARD_PLAN)
    assert kinds(a_state(overdue_days=35, letters=(a_letter(days_ago=33),)), plan) == []

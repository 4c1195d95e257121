"""今日建议: computed for a day, listed, made into a run; and the plan behind it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from postloan_archive.collection.rules import StopReason
from postloan_archive.collection.service.pauses import set_stop
from postloan_archive.loans.lenders import lender_of
from postloan_archive.loans.models import Loan
from postloan_archive.notices import plans, proposal_list, queries, service
from postloan_archive.notices.drafting import draft_demand
from postloan_archive.notices.plans import ChangePlan, StageChange
from postloan_archive.notices.proposal_list import ProposalFilter
from postloan_archive.notices.proposing import compute
from postloan_archive.notices.rules.stages import STANDARD_PLAN
from tests.notices.conftest import LOAN, TODAY


def change(key, **changes):
    stage = next(one for one in STANDARD_PLAN if one.key == key)
    values = {
        "key": key,
        "days": stage.days,
        "kind": stage.kind,
        "guarantors": stage.guarantors,
        "active": stage.active,
    }
    return StageChange(**(values | changes))


@pytest.fixture
def proposed(new_uow, loan, runner):
    """The day computed by a worker, as every night."""
    del loan
    with new_uow() as uow:
        uow.enqueue("propose_letters")
    runner.run_until_empty()


def listed(uow, **more):
    return proposal_list.rows(uow, ProposalFilter(day=TODAY, **more))


@pytest.mark.usefixtures("proposed")
def test_a_night_proposes_demand_lawyer_and_guarantor(new_uow):
    with new_uow() as uow:
        found = {(row.stage, row.kind): row for row in listed(uow)}
    # 92 days late and never asked: the plain demand comes before the firm one.
    assert set(found) == {("fourth", "N02"), ("fourth", "N04"), ("lawyer", "N06")}
    demand = found["fourth", "N02"]
    assert (demand.days, demand.addressee, demand.loan_no) == (92, "借款人1", LOAN)
    assert "先发 N02" in demand.why[0]


@pytest.mark.usefixtures("proposed")
def test_computing_a_day_again_writes_the_same_rows(new_uow):
    with new_uow() as uow:
        before = [(row.stage, row.kind, row.why) for row in listed(uow)]
        loan_ids = [row.loan_id for row in listed(uow)][:1]
        compute(uow, loan_ids, TODAY)
        assert [(row.stage, row.kind, row.why) for row in listed(uow)] == before


def test_nobody_is_asked_to_pay_while_grace_days_run(new_uow, loan):
    del loan
    first = TODAY - timedelta(days=91)
    with new_uow() as uow:
        found = uow.session.scalars(select(Loan)).one()
        found.agreed = {"grace_days": "3"}
    with new_uow() as uow:
        compute(uow, [1], first)
        assert proposal_list.rows(uow, ProposalFilter(day=first)) == []
        found = uow.session.scalars(select(Loan)).one()
        lender = lender_of(uow, found.branch_id)
        draft = draft_demand(found, lender, first, "")
        assert "宽限期至 2026-08-27" in draft.warnings[0]


def test_any_day_can_be_asked_about(new_uow, loan):
    del loan
    earlier = TODAY - timedelta(days=91)
    with new_uow() as uow:
        compute(uow, [1], earlier)
        rows = proposal_list.rows(uow, ProposalFilter(day=earlier))
        assert [(row.stage, row.kind, row.days) for row in rows] == [
            ("first", "N02", 1),
            ("first", "N04", 1),
        ]
        before_due = TODAY - timedelta(days=100)
        compute(uow, [1], before_due)
        (row,) = proposal_list.rows(uow, ProposalFilter(day=before_due))
    assert (row.stage, row.kind, row.days) == ("due", "N01", 8)


@pytest.mark.usefixtures("proposed")
def test_a_run_is_made_of_the_marked_ones_and_they_leave_the_list(new_uow, runner):
    wanted = ProposalFilter(day=TODAY)
    with pytest.raises(proposal_list.SeveralKindsError), new_uow() as uow:
        proposal_list.start_run(uow, wanted, None)
    with new_uow() as uow:
        (guarantor,) = listed(uow, kind="N04")
        run_id = proposal_list.start_run(uow, wanted, [guarantor.id]).id
    with new_uow() as uow:
        run = queries.get_run(uow, run_id)
        assert [one.guarantee_id for one in run.notices] == [guarantor.guarantee_id]
        assert run.state == "checked"  # nothing is sent without a person
        assert listed(uow, kind="N04") == []
        assert len(listed(uow, kind="N04", in_run=True)) == 1
        service.start_run(uow, run_id)
    runner.run_until_empty()
    with new_uow() as uow:
        assert listed(uow, kind="N04") == []
        with pytest.raises(proposal_list.NothingChosenError):
            proposal_list.start_run(uow, wanted, [guarantor.id])
        compute(uow, [guarantor.loan_id], TODAY)
        assert listed(uow, kind="N04") == []


def test_one_guarantor_of_two_is_written_to_alone(new_uow, loan):
    del loan
    with new_uow() as uow:
        compute(uow, [1], TODAY)
        wanted = ProposalFilter(day=TODAY, kind="N04")
        run = proposal_list.start_run(uow, wanted, None)
        assert len(run.notices) == 1


def test_a_stopped_debtor_is_proposed_with_the_stop(new_uow, loan):
    del loan
    with new_uow() as uow:
        set_stop(uow, LOAN, StopReason.COMPLAINT, "")
        compute(uow, [1], TODAY)
        (row,) = listed(uow, stopped=True, kind="N02")
    assert "投诉处理中" in row.stopped


@pytest.mark.usefixtures("people", "loan")
def test_a_clerk_of_another_branch_sees_none(browser, new_uow):
    with new_uow() as uow:
        compute(uow, [1], TODAY)
    assert LOAN in browser("legal").get("/notices/today").get_data(as_text=True)
    assert LOAN not in browser("other_branch").get("/notices/today").get_data(as_text=True)


def test_the_plan_is_changed_with_a_reason_and_kept(new_uow):
    with new_uow() as uow:
        assert plans.plan_in_use(uow).edition == 0
        with pytest.raises(plans.PlanReasonError):
            plans.change_plan(
                uow, ChangePlan(stages=(change("second", days=25),), reason=" ", seen=0)
            )
        plans.change_plan(
            uow, ChangePlan(stages=(change("second", days=25),), reason="总行通知", seen=0)
        )
    with new_uow() as uow:
        used = plans.plan_in_use(uow)
        (edition,) = plans.editions(uow)
        assert {stage.key: stage.days for stage in used.stages}["second"] == 25
        assert edition.changes == (
            ("第二次催收", "30 天（逾期第） · N02 · N04", "25 天（逾期第） · N02 · N04"),
        )
        with pytest.raises(plans.PlanRaceError):
            plans.change_plan(uow, ChangePlan(stages=(change("second"),), reason="x", seen=0))
        with pytest.raises(plans.PlanUnchangedError):
            plans.change_plan(
                uow, ChangePlan(stages=(change("second", days=25),), reason="x", seen=1)
            )


@pytest.mark.parametrize(
    "bad",
    [
        {"days": None},
        {"days": 0},
        {"days": 4000},
        {"kind": "N13"},
        {"days": 1},  # as the first stage
    ],
)
def test_a_stage_that_makes_no_sense_is_refused(new_uow, bad):
    with pytest.raises(plans.StageError), new_uow() as uow:
        plans.change_plan(
            uow, ChangePlan(stages=(change("second", **bad),), reason="x", seen=0)
        )


@pytest.mark.usefixtures("people", "loan")
def test_the_pages_of_plan_and_proposals(browser, runner):
    desk = browser("legal")
    assert "还没有推算" in desk.get("/notices/today").get_data(as_text=True)
    assert desk.post("/notices/today/compute", {"day": ""}).status_code == 302
    assert "正在推算" in desk.get("/notices/today").get_data(as_text=True)
    runner.run_until_empty()
    page = desk.get("/notices/today?stage=fourth&kind=N02").get_data(as_text=True)
    assert "借款人1" in page
    answer = desk.post(
        "/notices/today/start",
        {"all_results": "1", "filter_stage": "fourth", "filter_kind": "N02"},
    )
    assert "逐封检查" in desk.get(answer.headers["Location"]).get_data(as_text=True)
    for strange in ("²", "2026-13-01", "0000-00-00", "9999-01-01"):
        assert desk.get(f"/notices/today?day={strange}&branch=²").status_code == 200

    assert browser("branch_manager").get("/notices/plan/change").status_code == 403
    head = desk
    form = {"seen": "0", "reason": "", "days-second": "二十五", "kind-second": "N02"}
    answer = head.post("/notices/plan/change", form)
    assert answer.status_code == 422
    fields = {"seen": "0", "reason": "总行通知"}
    for stage in STANDARD_PLAN:
        fields |= {f"days-{stage.key}": str(stage.days), f"kind-{stage.key}": stage.kind}
        if stage.active:
            fields[f"active-{stage.key}"] = "yes"
        if stage.guarantors:
            fields[f"guarantors-{stage.key}"] = "yes"
    fields["days-second"] = "25"
    assert head.post("/notices/plan/change", fields).status_code == 302
    assert "第 1 版" in head.get("/notices/plan").get_data(as_text=True)

"""Plans for debtors in difficulty: proposed, approved by another, judged by what comes in."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from postloan_archive.collection import lists
from postloan_archive.collection.errors import (
    OwnPlanError,
    PlanDaysError,
    PlanDecidedError,
    PlanRunsError,
    WordsMissingError,
)
from postloan_archive.collection.models import HardshipPlan, Stop
from postloan_archive.collection.rules import HARDSHIP_MOST, StopReason, plan_kept
from postloan_archive.collection.service import pauses
from postloan_archive.loans import queries as loans
from postloan_archive.loans.booking import NOT_MONEY
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposePlan:
    """What a debtor in difficulty is to be allowed: days and amounts, yuan."""

    loan_no: str
    hardship: str
    rates: tuple[tuple[date, Decimal], ...]


def propose_plan(uow: UnitOfWork, cmd: ProposePlan) -> HardshipPlan:
    """Put a plan up for approval.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        PlanRunsError: the loan has one.
        PlanDaysError: the payments make no plan.
        WordsMissingError: it is not said why.
    """
    loan = loans.get_loan(uow, cmd.loan_no)
    if not cmd.hardship.strip():
        raise WordsMissingError
    if lists.running_plan(uow, loan.id) is not None:
        raise PlanRunsError(loan_no=loan.loan_no)
    days = [day for day, _amount in cmd.rates]
    fine = days == sorted(set(days)) and all(amount > 0 for _day, amount in cmd.rates)
    if not days or not fine or days[0] <= uow.clock.today() or len(days) > HARDSHIP_MOST:
        raise PlanDaysError
    row = HardshipPlan(
        loan_id=loan.id,
        branch_id=loan.branch_id,
        hardship=cmd.hardship.strip(),
        rates=[[day.isoformat(), str(amount)] for day, amount in cmd.rates],
        proposed_by=uow.actor.name,
        proposed_on=uow.clock.today(),
    )
    uow.session.add(row)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "collection.plan_proposed",
        f"loan:{loan.loan_no}",
        plan=row.id,
        payments=len(days),
        total=str(sum(amount for _day, amount in cmd.rates)),
    )
    return row


def decide_plan(uow: UnitOfWork, plan_id: int, *, agree: bool, words: str) -> HardshipPlan:
    """Approve a plan or refuse it; an approved one pauses collection while it is kept (R-L08).

    Raises:
        CollectionThingNotFoundError: no such plan for this actor.
        PlanDecidedError: it was decided.
        OwnPlanError: the same person proposed it.
        WordsMissingError: refused without a reason.
    """
    row = lists.get_plan(uow, plan_id)
    if row.state != "proposed":
        raise PlanDecidedError
    if row.proposed_by == uow.actor.name:
        raise OwnPlanError
    if not agree and not words.strip():
        raise WordsMissingError
    row.decided_by, row.decided_on = uow.actor.name, uow.clock.today()
    row.decision, row.state = words.strip(), "running" if agree else "refused"
    loan = loans.get_loan_by_id(uow, row.loan_id)
    if agree:
        note = f"困难帮扶方案 {row.id}"
        row.stop_id = pauses.set_stop(uow, loan.loan_no, StopReason.DEBT_RELIEF, note).id
    uow.record(
        "collection.plan_decided",
        f"loan:{loan.loan_no}",
        plan=row.id,
        agreed=agree,
        words=row.decision,
    )
    return row


def judge_plans(uow: UnitOfWork, day: date) -> int:
    """Judge the running plans; the work of every night, repeatable.

    A missed payment ends the plan and the pause that came with it.

    Returns:
        How many ended.
    """
    running = uow.session.scalars(
        select(HardshipPlan).where(HardshipPlan.state == "running").order_by(HardshipPlan.id)
    ).all()
    ended = 0
    for row in running:
        loan = loans.get_loan_by_id(uow, row.loan_id)
        begun = row.decided_on or row.proposed_on
        paid = [
            (one.paid_on, one.amount)
            for one in loan.payments
            if one.paid_on >= begun and one.channel not in NOT_MONEY
        ]
        verdict = plan_kept(row.payments, paid, day)
        if verdict is None:
            continue
        row.state, row.judged_on = "kept" if verdict else "broken", day
        stop = uow.session.get(Stop, row.stop_id) if row.stop_id else None
        if stop is not None and stop.lifted_on is None:
            pauses.lift_stop(uow, stop.id, f"困难帮扶方案 {row.id} 结束")
        uow.record(
            "collection.plan_judged", f"loan:{loan.loan_no}", plan=row.id, state=row.state
        )
        ended += 1
    return ended

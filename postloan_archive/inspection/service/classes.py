"""The class of every loan each month: proposed by rules, decided by people (R-G01)."""

from datetime import date

from sqlalchemy import select

from postloan_archive.inspection import queries
from postloan_archive.inspection.errors import (
    BelowFloorError,
    ClassUnknownError,
    DecidedError,
    OwnDecisionError,
)
from postloan_archive.inspection.models import ClassDecision
from postloan_archive.inspection.rules import (
    classify_other,
    needs_approval,
)
from postloan_archive.inspection.service import facts
from postloan_archive.loans import standing, summaries
from postloan_archive.loans.rules.ageing import RiskClass
from postloan_archive.uow import UnitOfWork


def propose(uow: UnitOfWork, month: str) -> int:
    """Propose the class of every visible loan with a balance; decisions taken stay.

    Returns:
        How many proposals were made or renewed.
    """
    kept = {
        row.loan_id: row
        for row in uow.session.scalars(
            select(ClassDecision).where(ClassDecision.month == month).order_by(ClassDecision.id)
        )
    }
    count, known, today = 0, facts.known_facts(uow), uow.clock.today()
    for found_loan in summaries.standings(uow):
        row = kept.get(found_loan.loan_id)
        if not found_loan.balance or (row is not None and row.state != "proposed"):
            continue
        since = (
            date.fromordinal(today.toordinal() - found_loan.overdue_days)
            if found_loan.overdue_days
            else None
        )
        risk, observed = known.of(
            found_loan.loan_id,
            today,
            retail=found_loan.customer_kind == "person",
            overdue_since=since,
        )
        found = classify_other(found_loan.overdue_days, risk)
        floor = found.value.minimum_class
        present = RiskClass(found_loan.risk_class)
        worse = max(floor, present, key=lambda one: one.rank)
        if row is None:
            row = ClassDecision(
                loan_id=found_loan.loan_id, branch_id=found_loan.branch_id, month=month
            )
            uow.session.add(row)
        row.before, row.floor, row.proposed = str(present), str(floor), str(worse)
        row.reasons = [*found.steps, *observed]
        count += 1
    uow.record("inspection.classes_proposed", f"month:{month}", loans=count)
    return count


def decide(uow: UnitOfWork, decision_id: int, wanted: RiskClass, why: str) -> ClassDecision:
    """Decide on a class: the proposal or worse at once, better only with approval.

    Raises:
        InspectionThingNotFoundError: no such proposal for this actor.
        DecidedError: it is decided.
        BelowFloorError: better than the rules allow, without a reason.
    """
    row = queries.get_decision(uow, decision_id)
    if row.state == "decided":
        raise DecidedError(loan_no=str(row.loan_id), month=row.month)
    better = needs_approval(RiskClass(row.floor), wanted)
    if better and not why.strip():
        raise BelowFloorError(floor=row.floor, wanted=str(wanted))
    row.decided, row.why = str(wanted), why.strip()
    row.decided_by, row.decided_at = uow.actor.name, uow.clock.now()
    row.state = "waiting" if better else "decided"
    if not better:
        _apply(uow, row)
    uow.record(
        "inspection.class_decided",
        f"loan_id:{row.loan_id}",
        month=row.month,
        before=row.before,
        decided=row.decided,
        floor=row.floor,
        waits=better,
        why=row.why,
    )
    return row


def accept_all(uow: UnitOfWork, month: str) -> int:
    """Take every open proposal of the month as it is; return how many."""
    rows = queries.decisions(uow, month, state="proposed", limit=None)
    for row, _heading in rows:
        decide(uow, row.id, RiskClass(row.proposed), "")
    return len(rows)


def approve(uow: UnitOfWork, decision_id: int, *, agree: bool) -> ClassDecision:
    """Approve or send back a class that is better than the rules allow.

    Raises:
        InspectionThingNotFoundError: nothing waits under this number for this actor.
        OwnDecisionError: the same person decided it.
    """
    row = queries.get_decision(uow, decision_id)
    if row.state != "waiting":
        raise DecidedError(loan_no=str(row.loan_id), month=row.month)
    if row.decided_by == uow.actor.name:
        raise OwnDecisionError
    if agree:
        row.state = "decided"
        row.approved_by, row.approved_at = uow.actor.name, uow.clock.now()
        _apply(uow, row)
    else:
        row.state, row.decided = "proposed", ""
    uow.record(
        "inspection.class_approved", f"loan_id:{row.loan_id}", month=row.month, agreed=agree
    )
    return row


def class_named(word: str) -> RiskClass:
    """Return the class of a word.

    Raises:
        ClassUnknownError: none is called so; nothing is decided in its place.
    """
    if word not in set(RiskClass):
        raise ClassUnknownError(word=word)
    return RiskClass(word)


def month_of(day: date) -> str:
    """Return the name of the month, such as 2026-11."""
    return f"{day:%Y-%m}"


def _apply(uow: UnitOfWork, row: ClassDecision) -> None:
    standing.report_class(uow, row.loan_id, RiskClass(row.decided), f"{row.month} 分类认定")

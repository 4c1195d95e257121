"""The class of every loan each month: proposed by rules, decided by people (R-G01)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from postloan_archive.inspection import queries
from postloan_archive.inspection.errors import (
    BelowFloorError,
    ClassUnknownError,
    DecidedError,
    OwnDecisionError,
    ProposedAnewError,
)
from postloan_archive.inspection.models import ClassDecision
from postloan_archive.inspection.rules import (
    NPL,
    NplState,
    classify_other,
    needs_approval,
    upgrade_allowed,
)
from postloan_archive.inspection.service import facts
from postloan_archive.loans import queries as loans
from postloan_archive.loans import standing, summaries
from postloan_archive.loans.exposure import Exposures, cleared_on, exposures
from postloan_archive.loans.rules.ageing import RiskClass
from postloan_archive.loans.summaries import Standing
from postloan_archive.uow import UnitOfWork

AT_ONCE: Final = 500  # proposals of one query


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the rules propose for one loan, with every reason."""

    loan_id: int
    branch_id: int
    before: RiskClass
    floor: RiskClass
    reasons: tuple[str, ...]

    @property
    def proposed(self) -> RiskClass:
        """Return the floor, or the present class where that is worse."""
        return max(self.floor, self.before, key=lambda one: one.rank)


def look(uow: UnitOfWork, month: str) -> list[Proposal]:
    """Return what the rules propose for every visible loan with a balance; changes nothing.

    Loans that somebody has decided on this month are left out.
    """
    taken = set(
        uow.session.scalars(
            select(ClassDecision.loan_id)
            .where(ClassDecision.month == month, ClassDecision.state != "proposed")
            .order_by(ClassDecision.loan_id)
        )
    )
    known, owed, today = facts.known_facts(uow), exposures(uow.session), uow.clock.today()
    found = []
    for row in summaries.standings(uow):
        if not row.balance or row.loan_id in taken:
            continue
        since = today - timedelta(days=row.overdue_days) if row.overdue_days else None
        retail = row.customer_kind == "person"
        risk, observed = known.of(row.loan_id, today, retail=retail, overdue_since=since)
        share = owed.bad_share(row.loan_id)
        if not retail and share > risk.npl_share_this_bank:
            risk = replace(risk, npl_share_this_bank=share)
        worst = classify_other(row.overdue_days, risk)
        floor, steps = worst.value.minimum_class, [*worst.steps, *observed]
        before = RiskClass(row.risk_class)
        if before in NPL and floor not in NPL:
            may = upgrade_allowed(_npl_state(uow, row, owed), today)
            steps += may.steps
            floor = floor if may.value else RiskClass.SUBSTANDARD
        found.append(
            Proposal(
                loan_id=row.loan_id,
                branch_id=row.branch_id,
                before=before,
                floor=floor,
                reasons=tuple(steps),
            )
        )
    return found


def enter(uow: UnitOfWork, month: str, found: Sequence[Proposal]) -> int:
    """Keep proposals, except where somebody decided meanwhile; return how many.

    Args:
        uow: the transaction; it holds the writer's lock, so let it be short.
        month: such as 2026-11.
        found: a few hundred, from `look`.
    """
    kept = {
        row.loan_id: row
        for row in uow.session.scalars(
            select(ClassDecision)
            .where(
                ClassDecision.month == month,
                ClassDecision.loan_id.in_([one.loan_id for one in found]),
            )
            .order_by(ClassDecision.id)
        )
    }
    count = 0
    for one in found:
        row = kept.get(one.loan_id)
        if row is not None and row.state != "proposed":
            continue
        if row is None:
            row = ClassDecision(loan_id=one.loan_id, branch_id=one.branch_id, month=month)
            uow.session.add(row)
        row.before, row.floor = str(one.before), str(one.floor)
        row.proposed, row.reasons = str(one.proposed), list(one.reasons)
        count += 1
    if count:
        uow.record("inspection.classes_proposed", f"month:{month}", loans=count)
    return count


def propose(uow: UnitOfWork, month: str) -> int:
    """Look and keep in one transaction; decisions taken stay.

    Returns:
        How many proposals were made or renewed.
    """
    found = look(uow, month)
    return sum(
        enter(uow, month, found[start : start + AT_ONCE])
        for start in range(0, len(found), AT_ONCE)
    )


def has_proposals(uow: UnitOfWork, month: str) -> bool:
    """Return whether the month was begun."""
    query = select(ClassDecision.id).where(ClassDecision.month == month).limit(1)
    return uow.session.scalar(query) is not None


def _npl_state(uow: UnitOfWork, row: Standing, owed: Exposures) -> NplState:
    if row.overdue_days:
        return NplState(cleared_on=None)
    loan = loans.get_loan_by_id(uow, row.loan_id)
    return NplState(
        cleared_on=cleared_on(loan, uow.clock.today()),
        due_days=tuple(row.due_on for row in loan.schedule),
        other_npl=owed.other_bad(row.loan_id),
    )


def decide(
    uow: UnitOfWork, decision_id: int, wanted: RiskClass, why: str, *, seen: str = ""
) -> ClassDecision:
    """Decide on a class: the proposal or worse at once, better only with approval.

    Raises:
        InspectionThingNotFoundError: no such proposal for this actor.
        DecidedError: it is decided.
        BelowFloorError: better than the rules allow, without a reason.
        ProposedAnewError: the floor is no longer the one that was `seen`.
    """
    row = queries.get_decision(uow, decision_id)
    if row.state == "decided":
        raise DecidedError(
            loan_no=loans.numbers_of(uow, {row.loan_id})[row.loan_id], month=row.month
        )
    if seen and seen != row.floor:
        raise ProposedAnewError(floor=row.floor)
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
        raise DecidedError(
            loan_no=loans.numbers_of(uow, {row.loan_id})[row.loan_id], month=row.month
        )
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

"""Agreeing a new plan for a loan: extension and restructuring, with what they move."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Derived
from postloan_archive.loans import positions, queries, service
from postloan_archive.loans.derivation import facts_of, guarantee_clock
from postloan_archive.loans.leaving import check_ours
from postloan_archive.loans.models import Amendment, Loan
from postloan_archive.loans.rederiving import Late, rederive, write
from postloan_archive.loans.rules.new_plan import NewPlan, Replanned, extended, rescheduled
from postloan_archive.loans.rules.replay import ChangeKind, PlanChange
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar

KINDS: Final = {"extension": extended, "restructuring": rescheduled}


class InstalmentsAfterError(RuleError):
    """The instalments of the new plan lie between its first and its last day."""

    field = "months"

    def __init__(self) -> None:
        super().__init__(_l("新计划各期应还日须在协议日之后、新到期日之前依次排列。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendPlan:
    """A new plan as agreed.

    Attributes:
        consents: ids of the guarantees whose guarantor agreed in writing (R-D20).
        reference: the approval that it rests on.
        document_id: the signed agreement; with it the debtor's acknowledgement is proved.
    """

    loan_id: int
    kind: Literal["extension", "restructuring"]
    plan: NewPlan
    reference: str
    consents: frozenset[int] = frozenset()
    document_id: int | None = None


def preview(loan: Loan, cmd_kind: str, plan: NewPlan) -> Derived[Replanned]:
    """Return the schedule that a plan would give; nothing is changed.

    Raises:
        RuleError: the plan is not possible.
    """
    check_ours(loan)
    then = facts_of(loan).on(plan.effective_on)
    paid = tuple(row for row in then.payments if row.paid_on <= plan.effective_on)
    found = KINDS[cmd_kind](replace(then, payments=paid), plan)
    coming = [row.due_on for row in found.value.rows if row.due_on > plan.effective_on]
    if coming != sorted(set(coming)) or (coming and coming[-1] != plan.due_on):
        raise InstalmentsAfterError
    return found


def amend(uow: UnitOfWork, cmd: AmendPlan) -> Amendment:
    """Put the new plan in force: schedule, maturity, rate, guarantees, acknowledgement.

    The period of a guarantor who did not agree in writing stays as it ran (R-D20). The
    agreement is the debtor's acknowledgement (R-D04): with its paper it is confirmed, without
    it is a proposal.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        ClaimGoneError: it is settled or was sold.
        RuleError: the plan is not possible.
    """
    loan = queries.get_loan_by_id(uow, cmd.loan_id)
    found = preview(loan, cmd.kind, cmd.plan)
    kept = _keep_periods(uow, loan, cmd.consents)
    on = cmd.plan.effective_on
    late = Late(
        on=on,
        change=PlanChange(key=None, kind=ChangeKind(cmd.kind), on=on, plan=cmd.plan),
        basis=cmd.reference,
        consents=cmd.consents,
    )
    rederived = rederive(loan, late)
    loan.accelerated_on = None
    write(uow, loan, rederived, late)
    row = next(
        one
        for one in reversed(loan.amendments)
        if (one.effective_on, one.kind, one.reference) == (on, cmd.kind, cmd.reference)
    )
    uow.record(
        "loans.plan_amended",
        f"loan:{loan.id}",
        loan_no=loan.loan_no,
        kind=cmd.kind,
        effective_on=row.effective_on.isoformat(),
        old_due_on=row.old_due_on.isoformat(),
        new_due_on=row.new_due_on.isoformat(),
        carried=str(found.value.carried),
        unchanged_guarantees=kept,
        reference=cmd.reference,
        basis=[str(one) for one in found.basis],
    )
    service.note_limitation_event(
        uow,
        service.NoteLimitationEvent(
            loan_no=loan.loan_no,
            kind="acknowledgement",
            happened_on=row.effective_on,
            level="A",
            document_id=cmd.document_id,
            note=f"{cmd.reference} 变更还款计划协议",
            confirmed=cmd.document_id is not None,
        ),
    )
    positions.refresh(uow, loan.id)
    return row


def _keep_periods(uow: UnitOfWork, loan: Loan, consents: frozenset[int]) -> list[int]:
    """Fix the end of the period of each guarantee without consent; return their ids."""
    calendar, kept = load_calendar(uow.session), []
    for guarantee in loan.guarantees:
        if guarantee.id not in consents:
            end: date = guarantee_clock(loan, guarantee, calendar=calendar).end.nominal
            guarantee.period_end = end
            kept.append(guarantee.id)
    return kept

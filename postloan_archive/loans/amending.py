"""Agreeing a new plan for a loan: extension and restructuring, with what they move."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Derived
from postloan_archive.loans import positions, queries, service
from postloan_archive.loans.derivation import facts_of, guarantee_clock
from postloan_archive.loans.leaving import check_ours
from postloan_archive.loans.models import Amendment, Instalment, Loan, RateChange
from postloan_archive.loans.rules.new_plan import NewPlan, Replanned, extended, rescheduled
from postloan_archive.loans.rules.position import ScheduledRow
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
    found = KINDS[cmd_kind](facts_of(loan), plan)
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
    row = put_in_force(
        uow,
        loan,
        Amended(
            kind=cmd.kind,
            effective_on=cmd.plan.effective_on,
            due_on=cmd.plan.due_on,
            rows=found.value.rows,
            reference=cmd.reference,
            consents=cmd.consents,
        ),
    )
    loan.accelerated_on = None
    _note_rate(uow, loan, cmd, row.old_due_on)
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
    uow.session.expire(loan, ["schedule", "rate_changes"])
    positions.refresh(uow, loan.id)
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """A plan that takes the place of the one in force."""

    kind: str  # extension, restructuring, rate, prepayment
    effective_on: date
    due_on: date
    rows: tuple[ScheduledRow, ...]
    reference: str
    consents: frozenset[int] = frozenset()


def put_in_force(uow: UnitOfWork, loan: Loan, cmd: Amended) -> Amendment:
    """Replace schedule and maturity; the ones of before are kept with the amendment."""
    row = Amendment(
        loan_id=loan.id,
        kind=cmd.kind,
        effective_on=cmd.effective_on,
        old_due_on=loan.due_on,
        new_due_on=cmd.due_on,
        before=[
            [one.due_on.isoformat(), str(one.principal), str(one.interest)]
            for one in loan.schedule
        ],
        consents=sorted(cmd.consents),
        reference=cmd.reference,
        made_by=uow.actor.name,
        made_at=uow.clock.now(),
    )
    _replace_schedule(uow, loan, cmd.rows)
    loan.due_on = cmd.due_on
    uow.session.add(row)
    uow.session.flush()  # the audit line needs the id
    uow.session.expire(loan, ["schedule", "amendments"])
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


def _replace_schedule(uow: UnitOfWork, loan: Loan, rows: tuple[ScheduledRow, ...]) -> None:
    for old in list(loan.schedule):
        uow.session.delete(old)
    uow.session.flush()  # the numbers of the old rows are free again
    for no, row in enumerate(rows, start=1):
        uow.session.add(
            Instalment(
                loan_id=loan.id,
                no=no,
                due_on=row.due_on,
                principal=row.principal,
                interest=row.interest,
            )
        )


def _note_rate(uow: UnitOfWork, loan: Loan, cmd: AmendPlan, old_due_on: date) -> None:
    rate = cmd.plan.annual_rate_pct
    if rate is None:
        return
    since = old_due_on if cmd.kind == "extension" else cmd.plan.effective_on
    known = next((one for one in loan.rate_changes if one.effective_on == since), None)
    if known is not None:
        known.annual_rate, known.basis = rate, cmd.reference
        return
    uow.session.add(
        RateChange(loan_id=loan.id, effective_on=since, annual_rate=rate, basis=cmd.reference)
    )

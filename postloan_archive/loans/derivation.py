"""From stored facts to the rules: positions, limitation and guarantee clocks of a loan."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.law import Derived, Due
from postloan_archive.loans.ledger_rows import earlier_plan
from postloan_archive.loans.models import Guarantee, LimitationEvent, Loan
from postloan_archive.loans.rules import guarantee as guarantee_rules
from postloan_archive.loans.rules.position import (
    LoanFacts,
    PaidRow,
    Position,
    ScheduledRow,
    position,
)
from postloan_archive.loans.rules.repayment_terms import RepaymentTerms, terms_of
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeClock:
    """The period of one guarantee: its end as the clause and R-D14 give it."""

    guarantee_id: int
    guarantor: str
    kind: str
    treated_as: str
    needs_review: bool
    end: Due


def facts_of(loan: Loan) -> LoanFacts:
    """Return the facts of the loan as the rules take them."""
    return LoanFacts(
        principal=loan.principal,
        annual_rate_pct=loan.annual_rate,
        penalty_uplift_pct=loan.penalty_uplift,
        day_basis=loan.day_basis,
        disbursed_on=loan.disbursed_on,
        due_on=loan.due_on,
        schedule=tuple(
            ScheduledRow(due_on=row.due_on, principal=row.principal, interest=row.interest)
            for row in loan.schedule
        ),
        payments=tuple(
            PaidRow(
                paid_on=row.paid_on,
                to_principal=row.to_principal,
                to_interest=row.to_interest,
                to_penalty=row.to_penalty,
                to_compound=row.to_compound,
                payer=row.payer,
                channel=row.channel,
            )
            for row in loan.payments
        ),
        rate_changes=tuple((row.effective_on, row.annual_rate) for row in loan.rate_changes),
        accelerated_on=loan.accelerated_on,
        earlier=tuple(
            earlier_plan(row.effective_on, row.old_due_on, row.before, row.terms)
            for row in loan.amendments
        ),
        terms=agreed_terms(loan),
        debtor=loan.customer.name,
    )


def agreed_terms(loan: Loan) -> RepaymentTerms:
    """Return what the contract agrees, or its product, or the defaults."""
    product = loan.product_terms
    return terms_of(loan.agreed, product.terms if product is not None else None)


def position_of(loan: Loan, as_of: date) -> Derived[Position]:
    """Return what is owed on the loan on the day, with its derivation."""
    return position(facts_of(loan), as_of)


def main_due(loan: Loan) -> date:
    """Return the day the principal debt fell due: maturity, or acceleration before it."""
    if loan.accelerated_on is not None:
        return min(loan.accelerated_on, loan.due_on)
    return loan.due_on


def guarantee_clock(
    loan: Loan, guarantee: Guarantee, *, calendar: WorkCalendar
) -> GuaranteeClock:
    """Return the end of the period of one guarantee (R-D14, R-D17)."""
    period = guarantee_rules.guarantee_period(
        main_due(loan),
        clause_end=guarantee.period_end,
        clause=None if guarantee.period_end else (guarantee.period_clause or None),
    )
    return GuaranteeClock(
        guarantee_id=guarantee.id,
        guarantor=guarantee.guarantor.name,
        kind=guarantee.kind,
        treated_as=str(period.treated_as),
        needs_review=period.needs_review,
        end=guarantee_rules.guarantee_end(period, calendar=calendar),
    )


def confirmed_events(uow: UnitOfWork, loan_id: int) -> list[LimitationEvent]:
    """Return the confirmed, not struck events of the clocks of a loan, oldest first."""
    return list(
        uow.session.scalars(
            select(LimitationEvent)
            .where(
                LimitationEvent.loan_id == loan_id,
                LimitationEvent.confirmed_at.is_not(None),
                LimitationEvent.struck_reason == "",
            )
            .order_by(LimitationEvent.happened_on, LimitationEvent.id)
        )
    )

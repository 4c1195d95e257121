"""Loading the facts of many loans at once: one SELECT a table, whatever the number of loans."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from postloan_archive.loans.models import (
    Amendment,
    Customer,
    Guarantee,
    Instalment,
    LimitationEvent,
    Loan,
    Payment,
    ProductTerms,
    RateChange,
)
from postloan_archive.loans.rules.position import (
    EarlierPlan,
    LoanFacts,
    PaidRow,
    ScheduledRow,
)
from postloan_archive.loans.rules.repayment_terms import terms_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeTerms:
    """What was agreed with one guarantor about the period."""

    id: int
    kind: str
    period_clause: str
    period_end: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockEvent:
    """A confirmed event of a clock; `guarantee_id` None: against the debtor."""

    id: int
    guarantee_id: int | None
    kind: str
    on: date
    level: str
    ended_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFacts:
    """Everything of one loan that its position and its clocks follow from."""

    loan_id: int
    branch_id: int
    facts: LoanFacts
    stage: str
    settled_on: date | None
    transferred_on: date | None
    guarantees: tuple[GuaranteeTerms, ...]
    events: tuple[ClockEvent, ...]
    judged_on: date | None = None

    def judged(self, as_of: date) -> bool:
        """Return whether a judgment was in force on the day."""
        return self.judged_on is not None and self.judged_on <= as_of

    @property
    def over(self) -> bool:
        """Return whether nothing of the claim is left to us: settled, or sold."""
        return self.settled_on is not None or self.transferred_on is not None

    @property
    def main_due(self) -> date:
        """Return the day the principal debt fell due: maturity, or acceleration before it."""
        early = self.facts.accelerated_on
        return self.facts.due_on if early is None else min(early, self.facts.due_on)


def earlier_plan(
    until: date,
    due_on: date,
    kept: Sequence[Sequence[str]],
    terms: Mapping[str, Any],
) -> EarlierPlan:
    """Return a plan of before as an amendment keeps it: [day, principal, interest] as text."""
    accelerated = terms.get("accelerated_on")
    return EarlierPlan(
        accelerated=accelerated is not None,
        accelerated_on=date.fromisoformat(accelerated) if accelerated else None,
        until=until,
        due_on=due_on,
        schedule=tuple(
            ScheduledRow(
                due_on=date.fromisoformat(day),
                principal=Decimal(principal),
                interest=Decimal(interest),
            )
            for day, principal, interest in kept
        ),
    )


def load_facts(session: Session, loan_ids: Sequence[int]) -> list[LedgerFacts]:
    """Return the facts of the loans with these ids, by id; eight SELECTs for all of them."""
    schedule: dict[int, list[ScheduledRow]] = defaultdict(list)
    for loan_id, due_on, principal, interest in session.execute(
        select(Instalment.loan_id, Instalment.due_on, Instalment.principal, Instalment.interest)
        .where(Instalment.loan_id.in_(loan_ids))
        .order_by(Instalment.loan_id, Instalment.due_on)
    ):
        schedule[loan_id].append(
            ScheduledRow(due_on=due_on, principal=principal, interest=interest)
        )
    payments: dict[int, list[PaidRow]] = defaultdict(list)
    for row in session.execute(
        select(
            Payment.loan_id,
            Payment.paid_on,
            Payment.to_principal,
            Payment.to_interest,
            Payment.to_penalty,
            Payment.to_compound,
            Payment.payer,
            Payment.channel,
        )
        .where(Payment.loan_id.in_(loan_ids), Payment.reversed_at.is_(None))
        .order_by(Payment.loan_id, Payment.paid_on, Payment.id)
    ):
        payments[row[0]].append(
            PaidRow(
                paid_on=row[1],
                to_principal=row[2],
                to_interest=row[3],
                to_penalty=row[4],
                to_compound=row[5],
                payer=row[6],
                channel=row[7],
            )
        )
    rates: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for loan_id, day, rate in session.execute(
        select(RateChange.loan_id, RateChange.effective_on, RateChange.annual_rate)
        .where(RateChange.loan_id.in_(loan_ids))
        .order_by(RateChange.loan_id, RateChange.effective_on)
    ):
        rates[loan_id].append((day, rate))
    earlier: dict[int, list[EarlierPlan]] = defaultdict(list)
    for loan_id, day, due_on, before, terms in session.execute(
        select(
            Amendment.loan_id,
            Amendment.effective_on,
            Amendment.old_due_on,
            Amendment.before,
            Amendment.terms,
        )
        .where(Amendment.loan_id.in_(loan_ids), Amendment.struck_at.is_(None))
        .order_by(Amendment.loan_id, Amendment.effective_on, Amendment.place, Amendment.id)
    ):
        earlier[loan_id].append(earlier_plan(day, due_on, before, terms))
    products = _products(session)
    guarantees = _guarantees(session, loan_ids)
    events = _events(session, loan_ids)
    rows = session.execute(
        select(
            Loan.id,
            Loan.branch_id,
            Loan.principal,
            Loan.annual_rate,
            Loan.penalty_uplift,
            Loan.day_basis,
            Loan.disbursed_on,
            Loan.due_on,
            Loan.accelerated_on,
            Loan.stage,
            Loan.settled_on,
            Loan.judged_on,
            Loan.transferred_on,
            Loan.product,
            Loan.agreed,
            Customer.name.label("debtor"),
        )
        .join(Customer, Customer.id == Loan.customer_id)
        .where(Loan.id.in_(loan_ids))
        .order_by(Loan.id)
    )
    return [
        LedgerFacts(
            loan_id=row.id,
            branch_id=row.branch_id,
            facts=LoanFacts(
                principal=row.principal,
                annual_rate_pct=row.annual_rate,
                penalty_uplift_pct=row.penalty_uplift,
                day_basis=row.day_basis,
                disbursed_on=row.disbursed_on,
                due_on=row.due_on,
                schedule=tuple(schedule[row.id]),
                payments=tuple(payments[row.id]),
                rate_changes=tuple(rates[row.id]),
                accelerated_on=row.accelerated_on,
                earlier=tuple(earlier[row.id]),
                terms=terms_of(row.agreed, products.get(row.product)),
                debtor=row.debtor,
            ),
            stage=row.stage,
            settled_on=row.settled_on,
            judged_on=row.judged_on,
            transferred_on=row.transferred_on,
            guarantees=tuple(guarantees[row.id]),
            events=tuple(events[row.id]),
        )
        for row in rows
    ]


def _products(session: Session) -> dict[str, dict[str, str]]:
    """Return what each product agrees; there are few."""
    found = session.execute(
        select(ProductTerms.product, ProductTerms.terms).order_by(ProductTerms.product)
    )
    return {row.product: row.terms for row in found}


def _guarantees(session: Session, loan_ids: Sequence[int]) -> dict[int, list[GuaranteeTerms]]:
    found: dict[int, list[GuaranteeTerms]] = defaultdict(list)
    for row in session.execute(
        select(
            Guarantee.loan_id,
            Guarantee.id,
            Guarantee.kind,
            Guarantee.period_clause,
            Guarantee.period_end,
        )
        .where(Guarantee.loan_id.in_(loan_ids))
        .order_by(Guarantee.loan_id, Guarantee.id)
    ):
        found[row.loan_id].append(
            GuaranteeTerms(
                id=row.id,
                kind=row.kind,
                period_clause=row.period_clause,
                period_end=row.period_end,
            )
        )
    return found


def _events(session: Session, loan_ids: Sequence[int]) -> dict[int, list[ClockEvent]]:
    """Return the confirmed, not struck events of each loan, oldest first."""
    found: dict[int, list[ClockEvent]] = defaultdict(list)
    for row in session.execute(
        select(
            LimitationEvent.loan_id,
            LimitationEvent.id,
            LimitationEvent.guarantee_id,
            LimitationEvent.kind,
            LimitationEvent.happened_on,
            LimitationEvent.level,
            LimitationEvent.ended_on,
        )
        .where(
            LimitationEvent.loan_id.in_(loan_ids),
            LimitationEvent.confirmed_at.is_not(None),
            LimitationEvent.struck_reason == "",
        )
        .order_by(LimitationEvent.loan_id, LimitationEvent.happened_on, LimitationEvent.id)
    ):
        found[row.loan_id].append(
            ClockEvent(
                id=row.id,
                guarantee_id=row.guarantee_id,
                kind=row.kind,
                on=row.happened_on,
                level=row.level,
                ended_on=row.ended_on,
            )
        )
    return found

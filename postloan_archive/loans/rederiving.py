"""A fact of before is entered late or struck: what follows is derived anew and written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from postloan_archive.kernel.errors import ConflictError, _l
from postloan_archive.loans import positions
from postloan_archive.loans.derivation import facts_of
from postloan_archive.loans.models import Amendment, Instalment, Loan, Payment, RateChange
from postloan_archive.loans.previews import SplitChange
from postloan_archive.loans.rules.loan_facts import EarlierPlan, LoanFacts, PaidRow
from postloan_archive.loans.rules.new_plan import Method, NewPlan
from postloan_archive.loans.rules.position import ScheduledRow
from postloan_archive.loans.rules.repayment_terms import RepaymentTerms
from postloan_archive.loans.rules.replanning import KEEP_WORDS, Keep
from postloan_archive.loans.rules.replay import (
    CHANGE_WORDS,
    ChangeKind,
    ChangeMade,
    PaymentLine,
    PlanChange,
    Replayed,
    replay,
)
from postloan_archive.loans.rules.statement import Booking
from postloan_archive.uow import UnitOfWork

PARTS: Final = ("costs", "principal", "interest", "penalty", "compound")
PREPAID: Final = " 提前还款，"  # how references of before terms were kept name a receipt


class TermsNotKeptError(ConflictError):
    """A later change of the plan was entered before its terms were kept."""

    field = "effective_on"
    next_step = _l("请按该次变更之后的日期登记，或由原协议重新登记该次变更。")

    def __init__(self, *, on: date, kind: str) -> None:
        super().__init__(
            _l("{on} 的{kind}（升级前登记）没有保存协议条件，不能重新推导。"), on=on, kind=kind
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What comes late: a payment or a change of the plan; or what is struck.

    Attributes:
        on: its day.
        payment: a new payment.
        change: a new change of the plan.
        struck: the number of a payment that is reversed.
        terms: what is agreed from now on about grace days, allocation and prepayment.
        basis: what the new change rests on.
        consents: ids of the guarantees whose guarantor agreed to it in writing (R-D20).
    """

    on: date
    payment: PaymentLine | None = None
    change: PlanChange | None = None
    struck: str = ""
    terms: RepaymentTerms | None = None
    basis: str = ""
    consents: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rederived:
    """What follows: the facts before and after, and what is made again."""

    before: LoanFacts
    replayed: Replayed
    splits: tuple[SplitChange, ...]
    struck: tuple[int, ...]  # ids of changes that fall away

    @property
    def again(self) -> tuple[ChangeMade, ...]:
        """Return the later changes that are made again."""
        return tuple(one for one in self.replayed.changes if one.change.key is not None)

    def change_words(self) -> tuple[str, ...]:
        """Return the later changes that are made again, as Chinese sentences."""
        return tuple(
            f"{one.change.on} 的{CHANGE_WORDS[one.change.kind]}按原协议条件重新推导，"
            f"到期日 {one.after.due_on}"
            for one in self.again
        )


def rederive(loan: Loan, late: Late) -> Rederived:
    """Return what follows from a fact that comes late; nothing is changed.

    Raises:
        TermsNotKeptError: a later change cannot be made again.
        RuleError: the facts contradict each other.
    """
    facts = facts_of(loan)
    rows = list(loan.amendments)
    at = next((n for n, row in enumerate(rows) if row.effective_on >= late.on), len(rows))
    again = [_change_of(loan, row) for row in rows[at:]]
    gone = {one.key for one in again if _falls_away(one, late)}
    kept = [one for one in again if one.key not in gone]
    base = replace(
        _base(facts, rows[at:], late.on),
        earlier=facts.earlier[:at],
        terms=late.terms or facts.terms,
        rate_changes=tuple(
            one for one in facts.rate_changes if one[0] not in set(_rate_days(rows[at:], again))
        ),
    )
    lines = [
        _line(row, {one.receipt_no for one in again if one.receipt_no})
        for row in loan.payments
        if row.paid_on >= late.on and row.receipt_no != late.struck
    ]
    if late.payment is not None:
        lines.append(late.payment)
    lines.sort(key=lambda line: line.on)
    if late.change is not None:
        kept.append(late.change)
    new = late.payment.receipt_no if late.payment else late.change
    replayed = replay(base, loan.repayment_method, changes=kept, payments=lines, new=new)
    return Rederived(
        before=facts,
        replayed=replayed,
        splits=tuple(_splits(loan, replayed.payments)),
        struck=tuple(sorted(key for key in gone if key is not None)),
    )


def write(uow: UnitOfWork, loan: Loan, found: Rederived, late: Late) -> None:
    """Write plan, later changes, rates and splits as they follow; record one line.

    A new payment is booked by the caller.
    """
    for row in loan.amendments:
        if row.id in found.struck:
            row.struck_at = uow.clock.now()
    for place, made in enumerate(found.replayed.changes, start=1):
        _keep(uow, loan, made, late, place)
    after = found.replayed.facts
    if found.before.schedule != after.schedule:
        _replace_schedule(uow, loan, after.schedule)
    loan.due_on = after.due_on
    _write_rates(uow, loan, after.rate_changes, late)
    for change in found.splits:
        paid = next(one for one in loan.payments if one.receipt_no == change.receipt_no)
        for part in PARTS:
            setattr(paid, f"to_{part}", getattr(change.after, part))
    uow.session.flush()  # what hangs on the loan is read again as rows
    uow.session.expire(loan, ["schedule", "amendments", "rate_changes", "payments"])
    if found.again or found.splits or found.struck:
        uow.record(
            "loans.rederived",
            f"loan:{loan.id}",
            loan_no=loan.loan_no,
            since=late.on.isoformat() if late.on < date.max else "",
            changes=[f"{one.change.on} {one.change.kind}" for one in found.again],
            struck=list(found.struck),
            payments=[
                {
                    "receipt_no": one.receipt_no,
                    "before": [str(getattr(one.before, part)) for part in PARTS],
                    "after": [str(getattr(one.after, part)) for part in PARTS],
                }
                for one in found.splits
            ],
        )
    positions.refresh(uow, loan.id)


def line_of(row: Payment) -> Booking:
    """Return how a payment is divided as it stands."""
    return Booking(
        costs=row.to_costs,
        principal=row.to_principal,
        interest=row.to_interest,
        penalty=row.to_penalty,
        compound=row.to_compound,
        waiting=Decimal("0.00"),
    )


def _line(row: Payment, ahead: set[str]) -> PaymentLine:
    return PaymentLine(
        receipt_no=row.receipt_no,
        on=row.paid_on,
        amount=row.amount,
        split=line_of(row),
        derived=row.split_by == "derived" or row.receipt_no in ahead,
    )


def _falls_away(change: PlanChange, late: Late) -> bool:
    """Return whether a change is undone by what comes late: its payment is, or its rate."""
    if change.receipt_no and change.receipt_no == late.struck:
        return True
    new = late.change
    return (
        new is not None
        and new.kind is ChangeKind.RATE
        and change.kind is ChangeKind.RATE
        and change.on == new.on
    )


def _base(facts: LoanFacts, again: Sequence[Amendment], on: date) -> LoanFacts:
    """Return the facts with the plan before the first change that is made again."""
    payments: tuple[PaidRow, ...] = tuple(row for row in facts.payments if row.paid_on < on)
    facts = replace(facts, payments=payments)
    if not again:
        return facts
    plan: EarlierPlan = facts.earlier[len(facts.earlier) - len(again)]
    return replace(
        facts,
        schedule=plan.schedule,
        due_on=plan.due_on,
        accelerated_on=plan.accelerated_on if plan.accelerated else facts.accelerated_on,
    )


def _rate_days(rows: Sequence[Amendment], changes: Sequence[PlanChange]) -> Iterator[date]:
    """Yield the days from which rates hold that these changes brought."""
    for row, change in zip(rows, changes, strict=True):
        if change.kind is ChangeKind.RATE:
            yield change.on
        elif change.plan is not None and change.plan.annual_rate_pct is not None:
            yield row.old_due_on if change.kind is ChangeKind.EXTENSION else change.on


def _change_of(loan: Loan, row: Amendment) -> PlanChange:
    """Return what was agreed; of a change from before terms were kept, what can be known."""
    kind, terms = ChangeKind(row.kind), row.terms
    rates = {one.effective_on: one.annual_rate for one in loan.rate_changes}
    if kind is ChangeKind.RATE:
        rate = Decimal(terms["rate"]) if "rate" in terms else rates.get(row.effective_on)
        if rate is None:
            raise TermsNotKeptError(on=row.effective_on, kind=str(CHANGE_WORDS[kind]))
        return PlanChange(key=row.id, kind=kind, on=row.effective_on, rate_pct=rate)
    if kind is ChangeKind.PREPAYMENT:
        return PlanChange(key=row.id, kind=kind, on=row.effective_on, **_prepaid(row))
    if "due_on" in terms:
        return PlanChange(key=row.id, kind=kind, on=row.effective_on, plan=_plan(row))
    if kind is ChangeKind.EXTENSION:
        plan = NewPlan(
            effective_on=row.effective_on,
            due_on=row.new_due_on,
            annual_rate_pct=rates.get(row.old_due_on),
        )
        return PlanChange(key=row.id, kind=kind, on=row.effective_on, plan=plan)
    raise TermsNotKeptError(on=row.effective_on, kind=str(CHANGE_WORDS[kind]))


def _prepaid(row: Amendment) -> dict[str, Any]:
    if "receipt_no" in row.terms:
        return {"receipt_no": row.terms["receipt_no"], "keep": Keep(row.terms["keep"])}
    receipt, _, words = row.reference.partition(PREPAID)
    keep = next((one for one, said in KEEP_WORDS.items() if str(said) == words), None)
    if keep is None:
        raise TermsNotKeptError(
            on=row.effective_on, kind=str(CHANGE_WORDS[ChangeKind.PREPAYMENT])
        )
    return {"receipt_no": receipt, "keep": keep}


def _plan(row: Amendment) -> NewPlan:
    terms = row.terms
    rate, first = terms.get("rate"), terms.get("first_due_on")
    return NewPlan(
        effective_on=row.effective_on,
        due_on=date.fromisoformat(terms["due_on"]),
        annual_rate_pct=Decimal(rate) if rate else None,
        method=Method(terms["method"]),
        first_due_on=date.fromisoformat(first) if first else None,
        months=int(terms["months"]),
    )


def _splits(loan: Loan, lines: Sequence[PaymentLine]) -> Iterator[SplitChange]:
    known = {row.receipt_no: row for row in loan.payments}
    for line in lines:
        row = known.get(line.receipt_no)
        if row is None:
            continue
        before = line_of(row)
        if any(getattr(before, part) != getattr(line.split, part) for part in PARTS):
            yield SplitChange(
                receipt_no=row.receipt_no, on=row.paid_on, before=before, after=line.split
            )


def _keep(uow: UnitOfWork, loan: Loan, made: ChangeMade, late: Late, place: int) -> None:
    change, before = made.change, made.before
    rows = _text(before.schedule)
    accelerated = before.accelerated_on.isoformat() if before.accelerated_on else ""
    if change.key is None:
        uow.session.add(
            Amendment(
                loan_id=loan.id,
                kind=change.kind.value,
                effective_on=change.on,
                old_due_on=before.due_on,
                new_due_on=made.after.due_on,
                before=rows,
                consents=sorted(late.consents),
                place=place,
                reference=late.basis,
                made_by=uow.actor.name,
                made_at=uow.clock.now(),
                terms=_terms(change) | {"accelerated_on": accelerated},
            )
        )
        return
    row = next(one for one in loan.amendments if one.id == change.key)
    row.place = place
    if row.before == rows and row.old_due_on == before.due_on:
        row.new_due_on = made.after.due_on
        return
    superseded = {
        "at": uow.clock.now().isoformat(),
        "by": uow.actor.name,
        "old_due_on": row.old_due_on.isoformat(),
        "before": row.before,
    }
    row.terms = {
        **row.terms,
        **_terms(change),
        "accelerated_on": accelerated,
        "superseded": [*row.terms.get("superseded", []), superseded],
    }
    row.before, row.old_due_on, row.new_due_on = rows, before.due_on, made.after.due_on


def _terms(change: PlanChange) -> dict[str, Any]:
    """Return what was agreed as the table keeps it."""
    if change.kind is ChangeKind.RATE:
        return {"rate": str(change.rate_pct)}
    if change.keep is not None:
        return {"receipt_no": change.receipt_no, "keep": change.keep.value}
    assert change.plan is not None  # an agreement says which plan
    return plan_terms(change.plan)


def plan_terms(plan: NewPlan) -> dict[str, Any]:
    """Return a plan that was agreed as the table keeps it."""
    return {
        "due_on": plan.due_on.isoformat(),
        "rate": str(plan.annual_rate_pct) if plan.annual_rate_pct is not None else "",
        "method": plan.method.value,
        "first_due_on": plan.first_due_on.isoformat() if plan.first_due_on else "",
        "months": plan.months,
    }


def _replace_schedule(uow: UnitOfWork, loan: Loan, rows: Sequence[ScheduledRow]) -> None:
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


def _write_rates(
    uow: UnitOfWork, loan: Loan, wanted: Sequence[tuple[date, Decimal]], late: Late
) -> None:
    rates = dict(wanted)
    for row in list(loan.rate_changes):
        rate = rates.pop(row.effective_on, None)
        if rate is None:
            uow.session.delete(row)
        elif rate != row.annual_rate:
            row.annual_rate, row.basis = rate, late.basis or row.basis
    for day, rate in rates.items():
        uow.session.add(
            RateChange(loan_id=loan.id, effective_on=day, annual_rate=rate, basis=late.basis)
        )


def _text(rows: Sequence[ScheduledRow]) -> list[Any]:
    return [[one.due_on.isoformat(), str(one.principal), str(one.interest)] for one in rows]

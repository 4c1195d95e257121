"""How money that came in is divided, on the plan of its own day (R-F09, R-F15, R-F16); pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Derived
from postloan_archive.kernel.money import ZERO, yuan
from postloan_archive.loans.rules.account_facts import (
    AccountFacts,
    Disbursement,
    LoanTerms,
    PaymentFact,
    RateChangeFact,
    ScheduledInstalment,
)
from postloan_archive.loans.rules.allocation import STATUTORY, DebtClass
from postloan_archive.loans.rules.loan_facts import LoanFacts, PaidRow
from postloan_archive.loans.rules.position import position
from postloan_archive.loans.rules.repayment_terms import PrepayInterest, term_steps
from postloan_archive.loans.rules.replanning import (
    Keep,
    PlanAnew,
    accrued_to,
    interest_to_end,
    prepaid,
)
from postloan_archive.loans.rules.statement import Booking, propose_booking

NOTHING: Final = Booking(
    costs=ZERO, principal=ZERO, interest=ZERO, penalty=ZERO, compound=ZERO, waiting=ZERO
)
ROUNDS: Final = 8  # until the part that is left after its own interest and fee stands still


class SurplusError(RuleError):
    """More came in than is owed (R-F09: a surplus is reported, nothing turns negative)."""

    field = "amount"
    next_step = _l("请核对金额；多收的款项应退回付款人，不计入本笔贷款。")

    def __init__(self, *, surplus: Decimal) -> None:
        super().__init__(
            _l("超过截至该日欠款 {surplus} 元。"), basis=STATUTORY, surplus=f"{surplus:,}"
        )
        self.surplus = surplus


class NothingAheadError(RuleError):
    """The amount does not reach principal that is not yet due."""

    field = "keep"
    next_step = _l("请按普通还款登记。")

    def __init__(self, *, needed: Decimal) -> None:
        super().__init__(
            _l("扣除到期应还和截至当日的利息后没有提前归还的本金（合计 {needed} 元）。"),
            needed=f"{needed:,}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What of an amount repays principal ahead, with the interest on it and the fee; yuan."""

    part: Decimal
    interest: Decimal
    fee: Decimal


def account_facts(facts: LoanFacts, on: date) -> AccountFacts:
    """Return the facts as the running account takes them: the plan of the day, up to it."""
    then = facts.on(on)
    return AccountFacts(
        terms=LoanTerms(
            annual_rate_pct=then.annual_rate_pct,
            uplift_pct=then.penalty_uplift_pct,
            day_basis=then.day_basis,
            maturity=then.due_on,
            accelerated_on=then.accelerated_on,
            order=then.terms.order,
            agreed=then.terms,
        ),
        disbursements=(Disbursement(on=then.disbursed_on, amount=then.principal),),
        schedule=tuple(
            ScheduledInstalment(
                no=no, due=row.due_on, principal=row.principal, interest=row.interest
            )
            for no, row in enumerate(then.schedule, start=1)
        ),
        payments=tuple(_booked(row) for row in then.payments if row.paid_on <= on),
        rate_changes=tuple(
            RateChangeFact(on=day, annual_rate_pct=rate) for day, rate in then.rate_changes
        ),
    )


def _booked(row: PaidRow) -> PaymentFact:
    booked = (
        (DebtClass.COMPOUND, row.to_compound),
        (DebtClass.PENALTY, row.to_penalty),
        (DebtClass.INTEREST, row.to_interest),
        (DebtClass.PRINCIPAL, row.to_principal),
    )
    return PaymentFact(
        on=row.paid_on, amount=sum((part for _, part in booked), ZERO), booked=booked
    )


def split(facts: LoanFacts, *, on: date, amount: Decimal) -> Derived[Booking]:
    """Return the split of an amount; what is not due yet is repaid ahead.

    Raises:
        SurplusError: more than is owed on the day.
    """
    found = propose_booking(
        account_facts(facts, on), PaymentFact(on=on, amount=amount, prepayment=True)
    )
    if found.value.waiting > 0:
        raise SurplusError(surplus=found.value.waiting)
    return replace(found, steps=(*term_steps(facts.terms), *found.steps))


def split_ahead(
    facts: LoanFacts, method: str, *, on: date, amount: Decimal, keep: Keep
) -> tuple[Derived[Booking], Derived[PlanAnew]]:
    """Split an amount that repays a part ahead, and return the plan of what is left.

    What is due comes first, then interest to the day on everything not yet due, then the part
    with the interest and the fee that the contract asks for it.

    Raises:
        NothingAheadError: nothing is left for principal not yet due.
        SurplusError, PrepaidTooMuchError: more than is owed.
    """
    then = facts.on(on)
    then = replace(then, payments=tuple(row for row in then.payments if row.paid_on <= on))
    due = position(then, on, detail=False).value.total_due
    interest = accrued_to(then, on)
    ahead = _ahead(then, on, amount - due - interest)
    if ahead.part <= ZERO:
        raise NothingAheadError(needed=due + interest)
    settled = split(then, on=on, amount=due) if due else None
    plan = prepaid(then, method, on=on, amount=ahead.part, keep=keep, more=ahead.interest)
    base = settled.value if settled else NOTHING
    return (
        Derived(
            value=replace(
                base,
                principal=base.principal + ahead.part,
                interest=base.interest + interest + ahead.interest,
                costs=base.costs + ahead.fee,
            ),
            basis=plan.basis,
            steps=(*(settled.steps if settled else ()), *_ahead_steps(then, on, ahead)),
        ),
        plan,
    )


def _ahead(facts: LoanFacts, on: date, rest: Decimal) -> Ahead:
    """Return the part so that it, its interest and its fee are the rest."""
    to_end = facts.terms.prepay_interest is PrepayInterest.FULL_PERIOD
    found = Ahead(part=rest, interest=ZERO, fee=ZERO)
    for _ in range(ROUNDS):
        interest = interest_to_end(facts, on, found.part) if to_end else ZERO
        fee = yuan(found.part * facts.terms.prepay_fee_pct / 100)
        again = Ahead(part=rest - interest - fee, interest=interest, fee=fee)
        if again == found:
            break
        found = again
    return found


def _ahead_steps(facts: LoanFacts, on: date, ahead: Ahead) -> Iterator[str]:
    yield f"{on} 提前归还本金 {ahead.part:,} 元"
    if ahead.interest:
        yield f"按合同计息至当期期末，提前归还部分另计利息 {ahead.interest:,} 元"
    if ahead.fee:
        yield (
            f"提前还款违约金 {ahead.part:,} × {facts.terms.prepay_fee_pct}% = "
            f"{ahead.fee:,} 元，计入费用；个人贷款只能收取综合融资成本明示表所列的费用（R-L09）"
        )

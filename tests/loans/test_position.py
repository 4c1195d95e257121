"""What is owed with the bookings as stored, against the account that settles by itself."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from postloan_archive.loans.rules.account_facts import (
    AccountFacts,
    Disbursement,
    LoanTerms,
    PaymentFact,
    RateChangeFact,
    ScheduledInstalment,
)
from postloan_archive.loans.rules.allocation import DebtClass
from postloan_archive.loans.rules.position import (
    LoanFacts,
    PaidRow,
    ScheduledRow,
    position,
)
from postloan_archive.loans.rules.statement import propose_booking, statement

D = Decimal
START = date(2025, 1, 20)


@st.composite
def accounts(draw):
    """A loan in equal principal with billed interest, late, early and part payments."""
    months = draw(st.integers(1, 8))
    principal = D(draw(st.integers(1_000, 3_000_000)))
    rate = D(draw(st.integers(100, 2400))) / 100
    part = (principal / months).quantize(D("0.01"))
    dues = [START + timedelta(days=30 * (no + 1)) for no in range(months)]
    rows = []
    left = principal
    for no, due in enumerate(dues, 1):
        share = part if no < months else left
        interest = (left * rate / 100 * 30 / 360).quantize(D("0.01"))
        rows.append(ScheduledInstalment(no=no, due=due, principal=share, interest=interest))
        left -= share
    changes = tuple(
        RateChangeFact(on=day, annual_rate_pct=D(draw(st.integers(100, 2400))) / 100)
        for day in sorted(draw(st.sets(st.sampled_from(dues), max_size=2)))
    )
    accelerated = draw(st.sampled_from([None, *(due + timedelta(days=9) for due in dues)]))
    facts = AccountFacts(
        terms=LoanTerms(
            annual_rate_pct=rate,
            uplift_pct=D(draw(st.sampled_from([30, 40, 50]))),
            day_basis=draw(st.sampled_from([360, 365])),
            maturity=dues[-1],
            accelerated_on=accelerated,
        ),
        disbursements=(Disbursement(on=START, amount=principal),),
        schedule=tuple(rows),
        rate_changes=changes,
    )
    paid = []
    for day in sorted(draw(st.lists(st.integers(31, 400), max_size=5))):
        on = START + timedelta(days=day)
        payment = PaymentFact(on=on, amount=D(draw(st.integers(1, 400_000))))
        split = propose_booking(
            AccountFacts(
                terms=facts.terms,
                disbursements=facts.disbursements,
                schedule=facts.schedule,
                rate_changes=facts.rate_changes,
                payments=tuple(
                    PaymentFact(on=row.paid_on, amount=_sum(row), booked=_booked(row))
                    for row in paid
                ),
            ),
            payment,
        ).value
        row = PaidRow(
            paid_on=on,
            to_principal=split.principal,
            to_interest=split.interest,
            to_penalty=split.penalty,
            to_compound=split.compound,
        )
        if _sum(row):
            paid.append(row)
    as_of = START + timedelta(days=draw(st.integers(1, 500)))
    return facts, tuple(paid), as_of


def _sum(row):
    return row.to_principal + row.to_interest + row.to_penalty + row.to_compound


def _booked(row):
    return (
        (DebtClass.COMPOUND, row.to_compound),
        (DebtClass.PENALTY, row.to_penalty),
        (DebtClass.INTEREST, row.to_interest),
        (DebtClass.PRINCIPAL, row.to_principal),
    )


@given(case=accounts())
@settings(max_examples=200, deadline=None)
def test_two_ways_of_counting_agree(case):
    facts, paid, as_of = case
    stored = LoanFacts(
        principal=facts.disbursements[0].amount,
        annual_rate_pct=facts.terms.annual_rate_pct,
        penalty_uplift_pct=facts.terms.uplift_pct,
        day_basis=facts.terms.day_basis,
        disbursed_on=START,
        due_on=facts.terms.maturity,
        schedule=tuple(
            ScheduledRow(due_on=row.due, principal=row.principal, interest=row.interest)
            for row in facts.schedule
        ),
        payments=paid,
        rate_changes=tuple((row.on, row.annual_rate_pct) for row in facts.rate_changes),
        accelerated_on=facts.terms.accelerated_on,
    )
    kept = AccountFacts(
        terms=facts.terms,
        disbursements=facts.disbursements,
        schedule=facts.schedule,
        rate_changes=facts.rate_changes,
        payments=tuple(
            PaymentFact(on=row.paid_on, amount=_sum(row), booked=_booked(row)) for row in paid
        ),
    )
    one, other = position(stored, as_of).value, statement(kept, as_of)
    assert (
        one.balance,
        one.principal_due,
        one.interest_due,
        one.accrued,
        one.penalty,
        one.compound,
        one.overdue_since,
        one.overdue_days,
    ) == (
        other.balance,
        other.due_principal,
        other.due_interest,
        other.accrued_interest,
        other.penalty,
        other.compound,
        other.overdue_since,
        other.overdue_days,
    )

"""Which loans go into a case: join one before the suit is filed, take one out, put it back.

The parties, the sum in dispute and what the ledger knows follow from the loans.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from postloan_archive.cases import case_loans, interruptions, keeping, periods, queries
from postloan_archive.cases.errors import (
    LeadingLoanError,
    LoanNotJoinableError,
    LoanNotJoinedError,
    LoansFixedError,
    ReasonMissingError,
)
from postloan_archive.cases.models import (
    Case,
    CaseEvent,
    CaseLoan,
    Party,
    PeriodDecision,
    ProcedureParty,
)
from postloan_archive.cases.rules.joining import Suable, fixed_by, refusals, reminders
from postloan_archive.cases.rules.steps import Step
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import queries as loans
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork

MOST: Final = 100  # loans that are offered


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A loan that shares a debtor, with what speaks against suing for it together.

    `due` is what can be demanded today, yuan.
    """

    loan: Loan
    due: Decimal
    overdue_days: int
    refusals: tuple[str, ...]
    reminders: tuple[str, ...]


def check_joinable(uow: UnitOfWork, held: Sequence[Loan], loan: Loan) -> None:
    """Say no to a loan that cannot be sued for together with others.

    Raises:
        LoanNotJoinableError: with every reason.
    """
    reasons = against(uow, held, loan)
    if reasons:
        raise LoanNotJoinableError(loan_no=loan.loan_no, reasons=reasons)


def against(uow: UnitOfWork, held: Sequence[Loan], loan: Loan) -> tuple[str, ...]:
    """Return why a loan cannot be sued for together with others, Chinese."""
    return tuple(refusals([suable(uow, one) for one in held], suable(uow, loan)))


def reminded(uow: UnitOfWork, held: Sequence[Loan], loan: Loan) -> tuple[str, ...]:
    """Return what a lawyer should look at although a loan can be joined, Chinese."""
    return tuple(reminders([suable(uow, one) for one in held], suable(uow, loan)))


def join_loan(uow: UnitOfWork, case_no: str, loan_no: str) -> CaseLoan:
    """Sue for one more loan in a case that is not filed yet; also puts back what was taken out.

    Raises:
        CaseNotFoundError, LoanNotFoundError: not for this actor.
        LoansFixedError: the suit is filed or closed.
        LoanNotJoinableError: another lender, debtor or court, or sued for already.
    """
    case = queries.get_case(uow, case_no)
    loan = loans.get_loan(uow, loan_no)
    _refuse_fixed(case)
    held = case_loans.loans_of(uow, case)
    check_joinable(uow, held, loan)
    row = next((one for one in case.further if one.loan_id == loan.id), None)
    back = row is not None
    if row is None:
        row = CaseLoan(
            case_id=case.id,
            loan_id=loan.id,
            added_by=uow.actor.name,
            added_at=uow.clock.now(),
        )
        case.further.append(row)
    row.removed_by, row.removed_at, row.removed_reason = "", None, ""
    known = {party.customer_id for party in case.parties}
    place = max(party.position for party in case.parties)
    new = [one for one in debtors(loan) if one[0] not in known]
    case.parties.extend(
        Party(position=no, role="defendant", capacity=capacity, customer_id=customer_id)
        for no, (customer_id, capacity) in enumerate(new, place + 1)
    )
    case.claim_amount = sum_of([*held, loan], case.opened_on)
    uow.record(
        "cases.loan_put_back" if back else "cases.loan_joined",
        f"case:{case.id}",
        case_no=case.case_no,
        loan_no=loan.loan_no,
        claim_amount=str(case.claim_amount),
    )
    keeping.keep(uow, case)
    return row


def take_out(uow: UnitOfWork, case_no: str, loan_no: str, reason: str) -> CaseLoan:
    """Take a loan out of a case that is not filed yet; who is party only for it goes too.

    Raises:
        CaseNotFoundError, LoanNotFoundError: not for this actor.
        LoanNotJoinedError: the loan is not in the case.
        LeadingLoanError: the case was opened for it.
        LoansFixedError: the suit is filed or closed.
        ReasonMissingError: no reason.
    """
    case = queries.get_case(uow, case_no)
    loan = loans.get_loan(uow, loan_no)
    if loan.id == case.loan_id:
        raise LeadingLoanError(loan_no=loan.loan_no, case_no=case.case_no)
    row = next(
        (one for one in case.further if one.loan_id == loan.id and one.removed_at is None), None
    )
    if row is None:
        raise LoanNotJoinedError(loan_no=loan.loan_no, case_no=case.case_no)
    _refuse_fixed(case)
    if not reason.strip():
        raise ReasonMissingError
    row.removed_by, row.removed_at = uow.actor.name, uow.clock.now()
    row.removed_reason = reason.strip()
    left = case_loans.loans_of(uow, case)
    needed = {customer_id for one in left for customer_id, _capacity in debtors(one)}
    gone = {customer_id for customer_id, _capacity in debtors(loan)} - needed
    for party in [one for one in case.parties if one.customer_id in gone]:
        if not _mentioned(uow, party):
            case.parties.remove(party)
            uow.session.delete(party)
    case.claim_amount = sum_of(left, case.opened_on)
    uow.record(
        "cases.loan_taken_out",
        f"case:{case.id}",
        case_no=case.case_no,
        loan_no=loan.loan_no,
        reason=reason.strip(),
        claim_amount=str(case.claim_amount),
    )
    keeping.keep(uow, case)
    return row


def candidates(uow: UnitOfWork, held: Sequence[Loan]) -> list[Candidate]:
    """Return the loans of the actor that share a debtor with those of a suit, by number."""
    people = {one for loan in held for one in suable(uow, loan).people}
    found = loans.loans_with_people(uow, people, most=MOST)
    present = [suable(uow, loan) for loan in held]
    today = uow.clock.today()
    rows = []
    for loan in found:
        if any(loan.id == one.id for one in held):
            continue
        owed = position_of(loan, today).value
        new = replace(suable(uow, loan), nothing_due=owed.total_due <= ZERO)
        rows.append(
            Candidate(
                loan=loan,
                due=owed.total_due,
                overdue_days=owed.overdue_days,
                refusals=tuple(refusals(present, new)),
                reminders=tuple(reminders(present, new)),
            )
        )
    return rows


def suable(uow: UnitOfWork, loan: Loan) -> Suable:
    """Return what decides whether a loan can be sued for together with others."""
    return Suable(
        loan_no=loan.loan_no,
        branch_id=loan.branch_id,
        borrower=loan.customer_id,
        others=frozenset(
            (
                *(row.guarantor_id for row in loan.guarantees),
                *(item.provider_id for item in loan.collateral),
            )
        ),
        court=loan.contract.court,
        arbitration=loan.contract.dispute == "arbitration",
        over=loan.is_over,
        open_case=case_loans.open_case_no(uow, loan.id) or "",
    )


def debtors(loan: Loan) -> list[tuple[int, str]]:
    """Return (customer, capacity) of who is sued for a loan, each once."""
    capacities = {loan.customer_id: "borrower"}
    for guarantee in loan.guarantees:
        if guarantee.kind == "joint":
            capacities.setdefault(guarantee.guarantor_id, "guarantor")
    for asset in loan.collateral:
        capacities.setdefault(asset.provider_id, "mortgagor")
    return list(capacities.items())


def parties(found: Iterable[Loan]) -> Iterator[Party]:
    """Yield the lender and everybody who is sued for any of the loans, each once."""
    yield Party(position=1, role="plaintiff", capacity="lender", customer_id=None)
    capacities: dict[int, str] = {}
    for loan in found:
        for customer_id, capacity in debtors(loan):
            capacities.setdefault(customer_id, capacity)
    for position, (customer_id, capacity) in enumerate(capacities.items(), 2):
        yield Party(
            position=position, role="defendant", capacity=capacity, customer_id=customer_id
        )


def sum_of(found: Iterable[Loan], day: date) -> Decimal:
    """Return what is due of loans on a day, yuan."""
    return sum((position_of(loan, day).value.total_due for loan in found), ZERO)


def may_change(case: Case) -> bool:
    """Return whether loans can still be joined or taken out."""
    return case.closed_on is None and _fixed(case) is None


def _fixed(case: Case) -> str | None:
    filed = any(row.kind in set(interruptions.KINDS) for row in periods.standing(case))
    return fixed_by(Step(case.stage), filed=filed)


def _refuse_fixed(case: Case) -> None:
    stage = _fixed(case)
    if stage is not None:
        raise LoansFixedError(case_no=case.case_no, stage=stage)


def _mentioned(uow: UnitOfWork, party: Party) -> bool:
    """Return whether the docket names a party; it stays then."""
    return any(
        uow.session.scalar(select(column).where(column == party.id).limit(1)) is not None
        for column in (CaseEvent.party_id, PeriodDecision.party_id, ProcedureParty.party_id)
    )

"""What a user does with the ledger: register facts. Everything else is derived from them."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select

from postloan_archive.access import branches
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import positions, queries
from postloan_archive.loans.errors import (
    BranchNotYoursError,
    LoanExistsError,
    PaymentBeforeDisbursementError,
    ReceiptBookedError,
    ScheduleDoesNotAddUpError,
)
from postloan_archive.loans.models import (
    Collateral,
    Contract,
    Customer,
    Guarantee,
    Instalment,
    LimitationEvent,
    Loan,
    Payment,
    RateChange,
)
from postloan_archive.uow import UnitOfWork

RETENTION: Final = "D30"  # R-I07 [M]: the longest of the usual periods until the loan settles


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCustomer:
    """Identity of a person or company; the fields are those of the model of the same name."""

    kind: str
    name: str
    id_no: str
    branch_code: str
    facts: dict[str, object] = field(default_factory=dict)  # other columns by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """One row of a repayment schedule, yuan."""

    due_on: date
    principal: Decimal
    interest: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGuarantee:
    """A guarantee to register with a loan; the guarantor is a registered customer."""

    guarantor_id: int
    contract_no: str
    kind: str
    signed_on: date
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCollateral:
    """Collateral to register with a loan; the provider is a registered customer."""

    provider_id: int
    kind: str
    contract_no: str
    signed_on: date
    description: str
    value: Decimal
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLoan:
    """A paid-out loan with its contract, security and schedule, yuan and percent a year."""

    loan_no: str
    customer_id: int
    branch_code: str
    contract_no: str
    contract_name: str
    signed_on: date
    contract_amount: Decimal
    principal: Decimal
    annual_rate: Decimal
    penalty_uplift: Decimal
    day_basis: int
    repayment_method: str
    disbursed_on: date
    due_on: date
    schedule: tuple[Scheduled, ...]
    guarantees: tuple[NewGuarantee, ...] = ()
    collateral: tuple[NewCollateral, ...] = ()
    contract_facts: dict[str, object] = field(default_factory=dict)
    loan_facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPayment:
    """Money received, already allocated, yuan; the parts add up to `amount`."""

    loan_no: str
    paid_on: date
    amount: Decimal
    receipt_no: str
    to_costs: Decimal = ZERO
    to_principal: Decimal = ZERO
    to_interest: Decimal = ZERO
    to_penalty: Decimal = ZERO
    to_compound: Decimal = ZERO
    payer: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLimitationEvent:
    """What interrupts a limitation period, or exercises a right against a guarantor.

    `confirmed` False: a proposal that moves no clock until a person confirms it.
    """

    loan_no: str
    kind: str
    happened_on: date
    level: str
    channel: str = ""
    guarantee_id: int | None = None
    document_id: int | None = None
    note: str = ""
    confirmed: bool = True


def register_customer(uow: UnitOfWork, cmd: RegisterCustomer) -> Customer:
    """Register a customer, or return the one with this number in the branch.

    Raises:
        NotFoundError: no such branch.
        BranchNotYoursError: the branch is outside the actor's.
    """
    branch_id = _branch(uow, cmd.branch_code)
    known = uow.session.scalar(
        select(Customer).where(Customer.id_no == cmd.id_no, Customer.branch_id == branch_id)
    )
    if known is not None:
        return known
    customer = Customer(
        kind=cmd.kind,
        name=cmd.name,
        id_no=cmd.id_no,
        branch_id=branch_id,
        id_type="居民身份证" if cmd.kind == "person" else "统一社会信用代码",
        created_at=uow.clock.now(),
    )
    for name, value in cmd.facts.items():
        setattr(customer, name, value)
    uow.session.add(customer)
    uow.session.flush()  # the audit line needs the id
    uow.record("loans.customer_registered", f"customer:{customer.id}", branch=cmd.branch_code)
    return customer


def register_loan(uow: UnitOfWork, cmd: RegisterLoan) -> Loan:
    """Register a loan with its contract, security and schedule: this opens the loan file.

    Raises:
        LoanExistsError: the number is taken.
        ScheduleDoesNotAddUpError: the scheduled principal is not the principal.
        BranchNotYoursError: the branch is outside the actor's.
    """
    if uow.session.scalar(select(Loan.id).where(Loan.loan_no == cmd.loan_no)) is not None:
        raise LoanExistsError(loan_no=cmd.loan_no)
    scheduled = sum((row.principal for row in cmd.schedule), ZERO)
    if cmd.schedule and scheduled != cmd.principal:
        raise ScheduleDoesNotAddUpError(scheduled=scheduled, principal=cmd.principal)
    branch_id = _branch(uow, cmd.branch_code)
    contract = _contract(uow, cmd)
    loan = Loan(
        loan_no=cmd.loan_no,
        archive_no=_next_archive_no(uow, cmd, branch_id),
        contract=contract,
        customer_id=cmd.customer_id,
        branch_id=branch_id,
        principal=cmd.principal,
        annual_rate=cmd.annual_rate,
        penalty_uplift=cmd.penalty_uplift,
        day_basis=cmd.day_basis,
        repayment_method=cmd.repayment_method,
        disbursed_on=cmd.disbursed_on,
        due_on=cmd.due_on,
        created_at=uow.clock.now(),
    )
    for name, value in cmd.loan_facts.items():
        setattr(loan, name, value)
    loan.schedule = [
        Instalment(no=no, due_on=row.due_on, principal=row.principal, interest=row.interest)
        for no, row in enumerate(cmd.schedule, start=1)
    ]
    loan.guarantees = [_guarantee(row) for row in cmd.guarantees]
    loan.collateral = [_collateral(row) for row in cmd.collateral]
    uow.session.add(loan)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "loans.loan_registered",
        f"loan:{loan.id}",
        loan_no=loan.loan_no,
        archive_no=loan.archive_no,
        principal=str(loan.principal),
    )
    positions.refresh(uow, loan.id)
    return loan


def book_payment(uow: UnitOfWork, cmd: BookPayment) -> Payment:
    """Book money received, as allocated.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        PaymentBeforeDisbursementError: the day is before the money went out.
        ReceiptBookedError: the receipt number was booked before.
    """
    loan = queries.get_loan(uow, cmd.loan_no)
    if cmd.paid_on < loan.disbursed_on:
        raise PaymentBeforeDisbursementError(
            paid_on=cmd.paid_on, disbursed_on=loan.disbursed_on
        )
    booked = select(Payment.id).where(
        Payment.loan_id == loan.id, Payment.receipt_no == cmd.receipt_no
    )
    if uow.session.scalar(booked) is not None:
        raise ReceiptBookedError(receipt_no=cmd.receipt_no)
    payment = Payment(
        loan_id=loan.id,
        paid_on=cmd.paid_on,
        amount=cmd.amount,
        to_costs=cmd.to_costs,
        to_principal=cmd.to_principal,
        to_interest=cmd.to_interest,
        to_penalty=cmd.to_penalty,
        to_compound=cmd.to_compound,
        payer=cmd.payer,
        channel=cmd.channel,
        receipt_no=cmd.receipt_no,
    )
    uow.session.add(payment)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "loans.payment_booked",
        f"payment:{payment.id}",
        loan_no=loan.loan_no,
        amount=str(cmd.amount),
        receipt_no=cmd.receipt_no,
    )
    positions.refresh(uow, loan.id)
    return payment


def change_rate(
    uow: UnitOfWork, loan_no: str, effective_on: date, annual_rate: Decimal, basis: str
) -> RateChange:
    """Register a new annual rate, percent, from `effective_on`, that day included.

    Raises:
        LoanNotFoundError: no such loan for this actor.
    """
    loan = queries.get_loan(uow, loan_no)
    change = RateChange(
        loan_id=loan.id, effective_on=effective_on, annual_rate=annual_rate, basis=basis
    )
    uow.session.add(change)
    uow.record(
        "loans.rate_changed",
        f"loan:{loan.id}",
        effective_on=effective_on.isoformat(),
        annual_rate=str(annual_rate),
    )
    positions.refresh(uow, loan.id)
    return change


def note_limitation_event(uow: UnitOfWork, cmd: NoteLimitationEvent) -> LimitationEvent:
    """Record an event of the limitation or guarantee clock with its proof.

    Raises:
        LoanNotFoundError: no such loan for this actor.
    """
    loan = queries.get_loan(uow, cmd.loan_no)
    event = LimitationEvent(
        loan_id=loan.id,
        guarantee_id=cmd.guarantee_id,
        kind=cmd.kind,
        happened_on=cmd.happened_on,
        level=cmd.level,
        channel=cmd.channel,
        document_id=cmd.document_id,
        note=cmd.note,
        confirmed_by=uow.actor.name if cmd.confirmed else "",
        confirmed_at=uow.clock.now() if cmd.confirmed else None,
        created_at=uow.clock.now(),
    )
    uow.session.add(event)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "loans.limitation_event_noted",
        f"limitation_event:{event.id}",
        loan_no=loan.loan_no,
        kind=cmd.kind,
        happened_on=cmd.happened_on.isoformat(),
        level=cmd.level,
        document_id=cmd.document_id,
        confirmed=cmd.confirmed,
    )
    positions.refresh(uow, loan.id)
    return event


def _branch(uow: UnitOfWork, code: str) -> int:
    branch_id = branches.id_of(uow, code)
    if not uow.actor.sees_branch(branch_id):
        raise BranchNotYoursError
    return branch_id


def _contract(uow: UnitOfWork, cmd: RegisterLoan) -> Contract:
    known = uow.session.scalar(select(Contract).where(Contract.contract_no == cmd.contract_no))
    if known is not None:
        return known
    contract = Contract(
        contract_no=cmd.contract_no,
        name=cmd.contract_name,
        customer_id=cmd.customer_id,
        signed_on=cmd.signed_on,
        amount=cmd.contract_amount,
    )
    for name, value in cmd.contract_facts.items():
        setattr(contract, name, value)
    return contract


def _next_archive_no(uow: UnitOfWork, cmd: RegisterLoan, branch_id: int) -> str:
    """Return the next number of the year and branch, by R-I03: XD·2026-D30-0201-0007."""
    stem = f"XD·{cmd.disbursed_on.year}-{RETENTION}-{cmd.branch_code}-"
    last = uow.session.scalar(
        select(func.max(Loan.archive_no)).where(
            Loan.branch_id == branch_id, Loan.archive_no.startswith(stem, autoescape=True)
        )
    )
    number = int(last.rsplit("-", 1)[1]) + 1 if last else 1
    return f"{stem}{number:06d}"


def _guarantee(row: NewGuarantee) -> Guarantee:
    guarantee = Guarantee(
        guarantor_id=row.guarantor_id,
        contract_no=row.contract_no,
        kind=row.kind,
        signed_on=row.signed_on,
    )
    for name, value in row.facts.items():
        setattr(guarantee, name, value)
    return guarantee


def _collateral(row: NewCollateral) -> Collateral:
    collateral = Collateral(
        provider_id=row.provider_id,
        kind=row.kind,
        contract_no=row.contract_no,
        signed_on=row.signed_on,
        description=row.description,
        value=row.value,
    )
    for name, value in row.facts.items():
        setattr(collateral, name, value)
    return collateral

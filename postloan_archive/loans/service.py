"""What a user does with the ledger: register facts. Everything else is derived from them."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from postloan_archive.access import branches
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import positions, queries
from postloan_archive.loans.commands import BookPayment as BookPayment
from postloan_archive.loans.commands import NewCollateral as NewCollateral
from postloan_archive.loans.commands import NewGuarantee as NewGuarantee
from postloan_archive.loans.commands import NoteLimitationEvent as NoteLimitationEvent
from postloan_archive.loans.commands import RegisterCustomer as RegisterCustomer
from postloan_archive.loans.commands import RegisterLoan as RegisterLoan
from postloan_archive.loans.commands import Scheduled as Scheduled
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
from postloan_archive.loans.registering import (
    ArchiveNumbers,
    Ids,
    collateral_row,
    contract_row,
    customer_row,
    guarantee_row,
    loan_row,
    payment_row,
    schedule_rows,
)
from postloan_archive.uow import UnitOfWork


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
        id=Ids(uow.session).take(Customer),
        **customer_row(cmd, branch_id=branch_id, at=uow.clock.now()),
    )
    uow.session.add(customer)
    uow.session.flush()  # the next id follows from the rows
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
    archive_no = ArchiveNumbers(uow.session).take(cmd.disbursed_on, cmd.branch_code, branch_id)
    loan = Loan(
        id=Ids(uow.session).take(Loan),
        contract=_contract(uow, cmd),
        **loan_row(cmd, archive_no=archive_no, branch_id=branch_id, at=uow.clock.now()),
    )
    loan.schedule = [Instalment(**row) for row in schedule_rows(cmd)]
    loan.guarantees = [Guarantee(**guarantee_row(one)) for one in cmd.guarantees]
    loan.collateral = [Collateral(**collateral_row(one)) for one in cmd.collateral]
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
    check_payment_day(loan, cmd.paid_on)
    check_receipt(uow, loan, cmd.receipt_no)
    payment = Payment(id=Ids(uow.session).take(Payment), **payment_row(cmd, loan_id=loan.id))
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


def check_receipt(uow: UnitOfWork, loan: Loan, receipt_no: str) -> None:
    """Check that a receipt number is free; that of a struck payment stays taken.

    Raises:
        ReceiptBookedError: it was booked before.
    """
    booked = select(Payment.reversed_on).where(
        Payment.loan_id == loan.id, Payment.receipt_no == receipt_no
    )
    for reversed_on in uow.session.scalars(booked):
        raise ReceiptBookedError(receipt_no=receipt_no, reversed_on=reversed_on)


def check_payment_day(loan: Loan, paid_on: date) -> None:
    """Check that money came in after the loan was paid out.

    Raises:
        PaymentBeforeDisbursementError: it did not.
    """
    if paid_on < loan.disbursed_on:
        raise PaymentBeforeDisbursementError(paid_on=paid_on, disbursed_on=loan.disbursed_on)


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
        ended_on=cmd.ended_on,
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
    return Contract(id=Ids(uow.session).take(Contract), **contract_row(cmd))

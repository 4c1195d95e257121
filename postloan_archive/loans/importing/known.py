"""What the ledger holds already of what a part of an import names: looked up at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from postloan_archive.access import branches
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans.importing.units import Unit
from postloan_archive.loans.models import Contract, Customer, DeliveredBalance, Loan, Payment
from postloan_archive.uow import UnitOfWork

AT_ONCE: Final = 5_000  # values of one condition
AnySelect = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Party:
    """A customer of the ledger."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class BookedPayment:
    """A payment of the ledger, yuan; `reversed`: it was struck."""

    amount: Decimal
    to_principal: Decimal
    reversed: bool = False


@dataclass(slots=True)
class KnownLoan:
    """A loan of the ledger; `seen` False: it is of a branch that the actor does not see."""

    id: int
    disbursed_on: date
    principal: Decimal
    seen: bool
    repaid: Decimal = ZERO
    receipts: dict[str, BookedPayment] = field(default_factory=dict)
    balance_days: set[date] = field(default_factory=set)


@dataclass(slots=True)
class Known:
    """What is there, and what this import has added to it so far."""

    codes: dict[str, tuple[str, int]]  # code or name of a branch -> its code and id
    parties: dict[tuple[str, int], Party] = field(default_factory=dict)
    loans: dict[str, KnownLoan] = field(default_factory=dict)
    contracts: dict[str, tuple[int, str]] = field(default_factory=dict)  # id, borrower's number


def known_branches(uow: UnitOfWork) -> Known:
    """Return what knows the branches and nothing else; a name that two have is left out."""
    rows = branches.tree(uow.session, only=uow.actor.branch_ids)
    names = [row.name for row in rows]
    codes = {row.name: (row.code, row.id) for row in rows if names.count(row.name) == 1}
    return Known(codes=codes | {row.code: (row.code, row.id) for row in rows})


def look_up(uow: UnitOfWork, known: Known, units: Sequence[Unit]) -> None:
    """Add what the ledger holds of everything that these units name."""
    entries = [entry for unit in units for entry in unit.entries()]
    numbers = {entry.text("id_no") for entry in entries} - {""}
    for query in _parts(
        select(Customer.id, Customer.name, Customer.id_no, Customer.branch_id),
        Customer.id_no,
        sorted(numbers),
    ):
        for row in uow.session.execute(query):
            known.parties.setdefault((row.id_no, row.branch_id), Party(row.id, row.name))
    contracts = sorted({unit.loan.text("contract_no") for unit in units if unit.loan} - {""})
    query = select(Contract.id, Contract.contract_no, Customer.id_no).join(
        Customer, Customer.id == Contract.customer_id
    )
    for part in _parts(query, Contract.contract_no, contracts):
        for row in uow.session.execute(part):
            known.contracts.setdefault(row.contract_no, (row.id, row.id_no))
    _look_up_loans(uow, known, units)


def _look_up_loans(uow: UnitOfWork, known: Known, units: Sequence[Unit]) -> None:
    found: dict[int, KnownLoan] = {}
    query = select(Loan.id, Loan.loan_no, Loan.disbursed_on, Loan.principal, Loan.branch_id)
    for part in _parts(query, Loan.loan_no, sorted({unit.loan_no for unit in units} - {""})):
        for row in uow.session.execute(part):
            found[row.id] = known.loans[row.loan_no] = KnownLoan(
                row.id, row.disbursed_on, row.principal, uow.actor.sees_branch(row.branch_id)
            )
    ids = sorted(found)
    sums = (
        select(Payment.loan_id, func.sum(Payment.to_principal))
        .where(Payment.reversed_at.is_(None))
        .group_by(Payment.loan_id)
    )
    for part in _parts(sums, Payment.loan_id, ids):
        for loan_id, repaid in uow.session.execute(part):
            found[loan_id].repaid = repaid
    with_rows = {unit.loan_no for unit in units if unit.payments}
    paid = sorted(known.loans[no].id for no in with_rows if no in known.loans)
    booked = select(
        Payment.loan_id,
        Payment.receipt_no,
        Payment.amount,
        Payment.to_principal,
        Payment.reversed_at,
    )
    for part in _parts(booked, Payment.loan_id, paid):
        for row in uow.session.execute(part):
            found[row.loan_id].receipts[row.receipt_no] = BookedPayment(
                row.amount, row.to_principal, row.reversed_at is not None
            )
    with_rows = {unit.loan_no for unit in units if unit.balances}
    told = sorted(known.loans[no].id for no in with_rows if no in known.loans)
    days = select(DeliveredBalance.loan_id, DeliveredBalance.day)
    for part in _parts(days, DeliveredBalance.loan_id, told):
        for loan_id, day in uow.session.execute(part):
            found[loan_id].balance_days.add(day)


def _parts(
    query: AnySelect, column: InstrumentedAttribute[Any], values: Sequence[Any]
) -> Iterator[AnySelect]:
    """Yield the query for some of the values at a time."""
    for at in range(0, len(values), AT_ONCE):
        yield query.where(column.in_(values[at : at + AT_ONCE]))

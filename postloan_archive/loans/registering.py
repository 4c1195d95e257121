"""From commands to rows of the ledger: one place for a single entry and for whole ledgers."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from postloan_archive.db import Model
from postloan_archive.loans.commands import (
    BookPayment,
    NewCollateral,
    NewGuarantee,
    RegisterCustomer,
    RegisterLoan,
)
from postloan_archive.loans.models import Loan, RetiredId

RETENTION: Final = "D30"  # R-I07 [M]: the longest of the usual periods until the loan settles
BLOCK: Final = 1_000  # numbers taken from a sequence at once
Row = dict[str, Any]


class Ids:
    """Hands out the next ids of a table in the caller's transaction, none of them twice.

    On SQLite the transaction is the only writer. An id that an undone import had given out is
    not given out again: audit lines and old prints name it.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._next: dict[str, Iterator[int]] = {}

    def take(self, model: type[Model]) -> int:
        """Return the next id of the table of the model."""
        name = model.__tablename__
        if name not in self._next:
            self._next[name] = self._numbers(model)
        return next(self._next[name])

    def _numbers(self, model: type[Model]) -> Iterator[int]:
        table = Model.metadata.tables[model.__tablename__]
        if self._session.connection().dialect.name == "postgresql":
            query = text(
                "SELECT nextval(pg_get_serial_sequence(:name, 'id')) "
                "FROM generate_series(1, :n)"
            )
            while True:
                found = self._session.execute(query, {"name": table.name, "n": BLOCK})
                yield from sorted(found.scalars())
        last: int = self._session.execute(select(func.max(table.c.id))).scalar() or 0
        retired = self._session.scalar(
            select(RetiredId.last_id).where(RetiredId.table == table.name)
        )
        number = max(last, retired or 0)
        while True:
            number += 1
            yield number


class ArchiveNumbers:
    """Hands out the archive numbers of a year and branch by R-I03: XD·2026-D30-0201-000007."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._last: dict[str, int] = {}

    def take(self, disbursed_on: date, branch_code: str, branch_id: int) -> str:
        """Return the next number of the year of the disbursement and the branch."""
        stem = f"XD·{disbursed_on.year}-{RETENTION}-{branch_code}-"
        if stem not in self._last:
            last = self._session.scalar(
                select(func.max(Loan.archive_no)).where(
                    Loan.branch_id == branch_id,
                    Loan.archive_no.startswith(stem, autoescape=True),
                )
            )
            self._last[stem] = int(last.rsplit("-", 1)[1]) if last else 0
        self._last[stem] += 1
        return f"{stem}{self._last[stem]:06d}"


def customer_row(cmd: RegisterCustomer, *, branch_id: int, at: datetime) -> Row:
    """Return the columns of a customer."""
    return {
        "kind": cmd.kind,
        "name": cmd.name,
        "id_no": cmd.id_no,
        "branch_id": branch_id,
        "id_type": "居民身份证" if cmd.kind == "person" else "统一社会信用代码",
        "created_at": at,
        **cmd.facts,
    }


def contract_row(cmd: RegisterLoan) -> Row:
    """Return the columns of the contract of a loan."""
    return {
        "contract_no": cmd.contract_no,
        "name": cmd.contract_name,
        "customer_id": cmd.customer_id,
        "signed_on": cmd.signed_on,
        "amount": cmd.contract_amount,
        **cmd.contract_facts,
    }


def loan_row(cmd: RegisterLoan, *, archive_no: str, branch_id: int, at: datetime) -> Row:
    """Return the columns of a loan; its contract is not among them."""
    return {
        "loan_no": cmd.loan_no,
        "archive_no": archive_no,
        "customer_id": cmd.customer_id,
        "branch_id": branch_id,
        "principal": cmd.principal,
        "annual_rate": cmd.annual_rate,
        "penalty_uplift": cmd.penalty_uplift,
        "day_basis": cmd.day_basis,
        "repayment_method": cmd.repayment_method,
        "disbursed_on": cmd.disbursed_on,
        "due_on": cmd.due_on,
        "created_at": at,
        **cmd.loan_facts,
    }


def schedule_rows(cmd: RegisterLoan) -> list[Row]:
    """Return the columns of each row of the schedule."""
    return [
        {"no": no, "due_on": row.due_on, "principal": row.principal, "interest": row.interest}
        for no, row in enumerate(cmd.schedule, start=1)
    ]


def guarantee_row(one: NewGuarantee) -> Row:
    """Return the columns of a guarantee."""
    return {
        "guarantor_id": one.guarantor_id,
        "contract_no": one.contract_no,
        "kind": one.kind,
        "signed_on": one.signed_on,
        **one.facts,
    }


def collateral_row(one: NewCollateral) -> Row:
    """Return the columns of collateral."""
    return {
        "provider_id": one.provider_id,
        "kind": one.kind,
        "contract_no": one.contract_no,
        "signed_on": one.signed_on,
        "description": one.description,
        "value": one.value,
        **one.facts,
    }


def payment_row(cmd: BookPayment, *, loan_id: int) -> Row:
    """Return the columns of a payment."""
    return {
        "loan_id": loan_id,
        "paid_on": cmd.paid_on,
        "amount": cmd.amount,
        "to_costs": cmd.to_costs,
        "to_principal": cmd.to_principal,
        "to_interest": cmd.to_interest,
        "to_penalty": cmd.to_penalty,
        "to_compound": cmd.to_compound,
        "payer": cmd.payer,
        "channel": cmd.channel,
        "receipt_no": cmd.receipt_no,
    }

"""The register of collateral: what it is worth, what runs out, what it covers today."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.orm import aliased

from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l
from postloan_archive.loans.models import Collateral, Customer, Loan
from postloan_archive.loans.models.position import LoanPosition
from postloan_archive.loans.queries import visible_ids
from postloan_archive.uow import UnitOfWork


class CollateralNotFoundError(NotFoundError):
    """No such collateral of a loan that this actor may see."""

    def __init__(self, *, collateral_id: int) -> None:
        super().__init__(
            _l("没有找到编号为 {collateral_id} 的押品。"), collateral_id=collateral_id
        )


class ValuedInFutureError(RuleError):
    """A valuation has been made."""

    field = "valued_on"

    def __init__(self, *, valued_on: date, today: date) -> None:
        super().__init__(
            _l("评估日 {valued_on} 晚于今天 {today}。"), valued_on=valued_on, today=today
        )


class ValuedEarlierError(RuleError):
    """A newer valuation is on record."""

    field = "valued_on"

    def __init__(self, *, valued_on: date, known: date) -> None:
        super().__init__(
            _l("评估日 {valued_on} 早于已登记的评估日 {known}。"),
            valued_on=valued_on,
            known=known,
        )


class WorthNothingError(RuleError):
    """A value is more than nothing."""

    field = "value"

    def __init__(self) -> None:
        super().__init__(_l("评估价值须大于零。"))


class RevaluedMeanwhileError(ConflictError):
    """Somebody entered a value since the form was shown."""

    next_step = _l("请核对现值后再提交；您填写的内容仍在表单中。")

    def __init__(self, *, value: Decimal) -> None:
        super().__init__(_l("该押品刚被他人更新，现值 {value} 元。"), value=f"{value:,.2f}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCollateral:
    """The filter of the register; days are the last on which something runs out."""

    branch_id: int | None = None
    kind: str = ""
    word: str = ""
    insured_by: date | None = None
    registered_by: date | None = None
    valued_before: tuple[date, date] | None = None  # real estate, everything else


@dataclass(frozen=True, slots=True, kw_only=True)
class CollateralRow:
    """One piece with its loan; `loan_value`: of all collateral of the loan, yuan."""

    id: int
    loan_id: int
    loan_no: str
    customer: str
    branch_id: int
    manager: str
    kind: str
    description: str
    certificate_no: str
    registration_no: str
    registered_on: date | None
    registered_until: date | None
    value: Decimal
    valued_on: date | None
    insured_until: date | None
    balance: Decimal
    loan_value: Decimal

    @property
    def ltv(self) -> Decimal | None:
        """Return the balance in percent of all collateral of the loan today."""
        if not self.loan_value:
            return None
        return (self.balance * 100 / self.loan_value).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Revalue:
    """A new value, and what else the papers say; None: not known, or it does not run out."""

    collateral_id: int
    value: Decimal
    valued_on: date
    insured_until: date | None
    registered_until: date | None
    basis: str
    seen: str = ""  # what the form showed, see `state_of`; empty: not looked at


def how_many(uow: UnitOfWork, asked: AskedCollateral) -> int:
    """Return how many pieces answer the filter."""
    query = _joined(select(func.count())).where(*_conditions(uow, asked))
    return uow.session.scalar(query) or 0


def total_value(uow: UnitOfWork, asked: AskedCollateral) -> Decimal:
    """Return the value of all of them, yuan."""
    query = _joined(select(func.sum(Collateral.value))).where(*_conditions(uow, asked))
    return uow.session.scalar(query) or Decimal("0.00")


def register(
    uow: UnitOfWork, asked: AskedCollateral, *, offset: int = 0, limit: int | None = None
) -> list[CollateralRow]:
    """Return one page of the register of loans that are not over, by loan."""
    query = (
        _joined(
            select(
                Collateral,
                Loan.loan_no,
                Customer.name,
                Loan.branch_id,
                Loan.manager,
                LoanPosition.balance,
                _value_of_loan(),
            )
        )
        .where(*_conditions(uow, asked))
        .order_by(Loan.loan_no, Collateral.id)
        .offset(offset)
        .limit(limit)
    )
    found = uow.session.execute(query).all()
    return [
        CollateralRow(
            id=one.id,
            loan_id=one.loan_id,
            loan_no=loan_no,
            customer=customer,
            branch_id=branch_id,
            manager=manager,
            kind=one.kind,
            description=one.description,
            certificate_no=one.certificate_no,
            registration_no=one.registration_no,
            registered_on=one.registered_on,
            registered_until=one.registered_until,
            value=one.value,
            valued_on=one.valued_on,
            insured_until=one.insured_until,
            balance=balance,
            loan_value=loan_value,
        )
        for one, loan_no, customer, branch_id, manager, balance, loan_value in found
    ]


def get_collateral(uow: UnitOfWork, collateral_id: int) -> tuple[Collateral, Loan]:
    """Return a piece of collateral and its loan.

    Raises:
        CollateralNotFoundError: none for this actor.
    """
    found = uow.session.get(Collateral, collateral_id)
    loan = uow.session.get(Loan, found.loan_id) if found else None
    if found is None or loan is None or not uow.actor.sees_branch(loan.branch_id):
        raise CollateralNotFoundError(collateral_id=collateral_id)
    return found, loan


def revalue(uow: UnitOfWork, cmd: Revalue) -> Collateral:
    """Enter a new value; what it was stays in the trail.

    Raises:
        CollateralNotFoundError: none for this actor.
        ValuedInFutureError, ValuedEarlierError: the day is to come, or before the known one.
        WorthNothingError: it is worth nothing.
        RevaluedMeanwhileError: somebody changed it since it was shown.
    """
    row, loan = get_collateral(uow, cmd.collateral_id)
    today = uow.clock.today()
    if cmd.valued_on > today:
        raise ValuedInFutureError(valued_on=cmd.valued_on, today=today)
    if row.valued_on is not None and cmd.valued_on < row.valued_on:
        raise ValuedEarlierError(valued_on=cmd.valued_on, known=row.valued_on)
    if cmd.value <= 0:
        raise WorthNothingError
    if cmd.seen and cmd.seen != state_of(row):
        raise RevaluedMeanwhileError(value=row.value)
    before = {
        "value": str(row.value),
        "valued_on": row.valued_on and row.valued_on.isoformat(),
        "insured_until": row.insured_until and row.insured_until.isoformat(),
        "registered_until": row.registered_until and row.registered_until.isoformat(),
    }
    row.value, row.valued_on = cmd.value, cmd.valued_on
    row.insured_until, row.registered_until = cmd.insured_until, cmd.registered_until
    uow.record(
        "loans.collateral_revalued",
        f"loan:{loan.id}",
        loan_no=loan.loan_no,
        collateral=row.id,
        before=before,
        value=str(cmd.value),
        valued_on=cmd.valued_on.isoformat(),
        insured_until=cmd.insured_until and cmd.insured_until.isoformat(),
        registered_until=cmd.registered_until and cmd.registered_until.isoformat(),
        basis=cmd.basis.strip(),
    )
    return row


def state_of(row: Collateral) -> str:
    """Return what a form remembers of the value that it showed."""
    parts = (row.value, row.valued_on, row.insured_until, row.registered_until)
    return "|".join("" if part is None else str(part) for part in parts)


def _value_of_loan() -> ScalarSelect[Decimal]:
    """Return what all collateral of the loan of a row is worth."""
    other = aliased(Collateral)
    return (
        select(func.sum(other.value))
        .where(other.loan_id == Collateral.loan_id)
        .correlate(Collateral)
        .scalar_subquery()
    )


def _joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        query.select_from(Collateral)
        .join(Loan, Loan.id == Collateral.loan_id)
        .join(Customer, Customer.id == Loan.customer_id)
        .join(LoanPosition, LoanPosition.loan_id == Loan.id)
    )


def _conditions(uow: UnitOfWork, asked: AskedCollateral) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Loan.id.in_(visible_ids(uow)),
        Loan.settled_on.is_(None),
        Loan.transferred_on.is_(None),
    ]
    if asked.branch_id is not None:
        found.append(Loan.branch_id == asked.branch_id)
    if asked.kind:
        found.append(Collateral.kind == asked.kind)
    if asked.word.strip():
        word = asked.word.strip()
        found.append(
            (Loan.loan_no == word)
            | Customer.name.contains(word, autoescape=True)
            | Collateral.description.contains(word, autoescape=True)
        )
    if asked.insured_by is not None:
        found.append(Collateral.insured_until <= asked.insured_by)
    if asked.registered_by is not None:
        found.append(Collateral.registered_until <= asked.registered_by)
    if asked.valued_before is not None:
        real_estate, other = asked.valued_before
        is_land = Collateral.kind == "mortgage_real_estate"
        old = (is_land & (Collateral.valued_on < real_estate)) | (
            ~is_land & (Collateral.valued_on < other)
        )
        found.append(old | Collateral.valued_on.is_(None))
    return found

"""Taking an import back: every row that it brought, as long as nothing rests on them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    delete,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
)

from postloan_archive.db import Model
from postloan_archive.kernel.errors import ConflictError, _l
from postloan_archive.loans import positions
from postloan_archive.loans.importing.batches import get_import
from postloan_archive.loans.models import (
    Collateral,
    Contract,
    Customer,
    DeliveredBalance,
    Guarantee,
    Instalment,
    LedgerImport,
    Loan,
    Payment,
    RetiredId,
)
from postloan_archive.uow import UnitOfWork

ROOTS: Final[tuple[type[Model], ...]] = (  # a row comes before the ones that it points to
    DeliveredBalance,
    Payment,
    Collateral,
    Guarantee,
    Instalment,
    Loan,
    Contract,
    Customer,
)
MADE_AGAIN: Final = "made_again"
"""In `Table.info`: SQL that names the rows which are derived and may be dropped."""
SHOWN: Final = 5  # loan numbers that a refusal names
WORDS: Final = {
    "documents": _l("卷内文件"),
    "notices": _l("催收函"),
    "cases": _l("诉讼案件"),
    "parties": _l("案件当事人"),
    "preservation_measures": _l("保全措施"),
    "limitation_events": _l("时效事件"),
    "rate_changes": _l("利率调整"),
    "schedule_changes": _l("展期或还款计划调整"),
    "payments": _l("后来登记的还款"),
    "delivered_balances": _l("后来导入的余额"),
    "loans": _l("后来登记的贷款"),
    "guarantees": _l("后来登记的保证"),
    "collateral": _l("后来登记的押品"),
    "contracts": _l("后来登记的合同"),
    "deadlines": _l("已处理的期限"),
    "contacts": _l("催收联系"),
    "promises": _l("还款承诺"),
    "inspections": _l("贷后检查"),
    "risk_signals": _l("风险信号"),
    "class_decisions": _l("分类认定"),
    "originals": _l("实物原件"),
}
OTHER: Final = _l("其他登记")
STRUCK: Final = _l("对以前还款的冲正")
CHANGED: Final = _l("被修改过的资料")

AnySelect = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """What rests on rows of the import: a word, how many, and some loan numbers."""

    what: str
    count: int
    loan_numbers: tuple[str, ...] = ()


class ImportNotAppliedError(ConflictError):
    """There is nothing to take back."""

    next_step = _l("请刷新页面查看最新状态。")

    def __init__(self, *, import_id: int) -> None:
        super().__init__(_l("第 {import_id} 号导入没有入账，或已经撤销。"), import_id=import_id)


class ImportRestedOnError(ConflictError):
    """Later facts rest on what the import brought."""

    next_step = _l("请先处理这些后续登记，或只更正有错误的那几笔。")

    def __init__(self, resting: tuple[Resting, ...]) -> None:
        super().__init__(
            _l("不能撤销：导入之后已有 {what}。"),
            what="；".join(_words(one) for one in resting),
        )
        self.resting = resting


def _words(one: Resting) -> str:
    named = f"（{'、'.join(one.loan_numbers)}{' 等' if one.loan_numbers else ''}）"
    return f"{one.what} {one.count} 项{named if one.loan_numbers else ''}"


def undo(uow: UnitOfWork, import_id: int) -> LedgerImport:
    """Take back everything that an import brought, in one step.

    Payments and balances of loans of before go too; those loans are derived again.

    Raises:
        ImportNotFoundError: no such import of this actor.
        ImportNotAppliedError: it was not entered, or is undone.
        ImportRestedOnError: later facts rest on its rows; nothing is changed.
    """
    row = get_import(uow, import_id)
    if row.state != "applied":
        raise ImportNotAppliedError(import_id=import_id)
    if resting := tuple(resting_on(uow, import_id)):
        raise ImportRestedOnError(resting)
    session = uow.session
    touched = _loans_of_before(uow, import_id)
    _retire(uow, import_id)
    ours = _rows_of(import_id)
    for table in reversed(Model.metadata.sorted_tables):
        for condition in _derived_rows(table, ours):
            session.execute(delete(table).where(condition))
    counts: dict[str, int] = {}
    for model in ROOTS:
        table = Model.metadata.tables[model.__tablename__]
        found = session.connection().execute(delete(table).where(ours[table.name]))
        counts[table.name] = found.rowcount
    session.expire_all()
    row = get_import(uow, import_id)
    row.state, row.undone_at, row.undone_by = "undone", uow.clock.now(), uow.actor.name
    uow.record("loans.ledger_undone", f"ledger_import:{import_id}", removed=counts)
    positions.refresh_imported(uow, touched, later=True)
    return row


def resting_on(uow: UnitOfWork, import_id: int) -> Iterator[Resting]:
    """Yield what keeps an import from being undone, kind by kind."""
    ours = _rows_of(import_id)
    for table in Model.metadata.sorted_tables:
        pointing = [column.in_(ids) for column, ids in _pointers(table, ours)]
        if not pointing:
            continue
        condition = or_(*pointing)
        mine = ours.get(table.name)
        if mine is not None:
            condition = and_(condition, not_(func.coalesce(mine, false())))
        if again := table.info.get(MADE_AGAIN):
            condition = and_(condition, not_(literal_column(f"({again})")))
        count = uow.session.execute(
            select(func.count()).select_from(table).where(condition)
        ).scalar_one()
        if count:
            yield Resting(
                what=WORDS.get(table.name) or OTHER,
                count=count,
                loan_numbers=_numbers(uow, table, condition),
            )
    changed = sum(
        uow.session.execute(
            select(func.count()).where(model.import_id == import_id, model.version > 1)
        ).scalar_one()
        for model in (Loan, Customer)
    )
    if changed:
        yield Resting(what=CHANGED, count=changed)
    struck = uow.session.execute(
        select(func.count()).where(
            Payment.reversal_import_id == import_id,
            or_(Payment.import_id.is_(None), Payment.import_id != import_id),
        )
    ).scalar_one()
    if struck:
        yield Resting(what=STRUCK, count=struck)


def _rows_of(import_id: int) -> dict[str, ColumnElement[bool]]:
    """Return for each table of the ledger the condition of the rows that the import brought."""
    loans = select(Loan.id).where(Loan.import_id == import_id)
    return {
        Customer.__tablename__: Customer.import_id == import_id,
        Contract.__tablename__: Contract.import_id == import_id,
        Loan.__tablename__: Loan.import_id == import_id,
        Instalment.__tablename__: Instalment.loan_id.in_(loans),
        Guarantee.__tablename__: Guarantee.loan_id.in_(loans),
        Collateral.__tablename__: Collateral.loan_id.in_(loans),
        Payment.__tablename__: Payment.import_id == import_id,
        DeliveredBalance.__tablename__: DeliveredBalance.import_id == import_id,
    }


def _pointers(
    table: Table, ours: dict[str, ColumnElement[bool]]
) -> Iterator[tuple[ColumnElement[Any], AnySelect]]:
    """Yield the columns of a table that point to the ledger, with the ids of our rows."""
    for key in table.foreign_keys:
        target = key.column.table
        if target.name in ours:
            yield key.parent, select(key.column).where(ours[target.name])


def _derived_rows(
    table: Table, ours: dict[str, ColumnElement[bool]]
) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions of derived rows that point to ours, or to such a derived row."""
    if MADE_AGAIN not in table.info:
        return
    for column, ids in _pointers(table, ours):
        yield column.in_(ids)
    for key in table.foreign_keys:
        target = key.column.table
        if MADE_AGAIN in target.info and target.name != table.name:
            for column, ids in _pointers(target, ours):
                yield key.parent.in_(select(key.column).where(column.in_(ids)))


def _numbers(uow: UnitOfWork, table: Table, condition: ColumnElement[bool]) -> tuple[str, ...]:
    """Return the numbers of some loans that the rows belong to."""
    if "loan_id" not in table.c:
        return ()
    ids = select(table.c.loan_id).where(condition).distinct().limit(SHOWN)
    return tuple(
        uow.session.scalars(select(Loan.loan_no).where(Loan.id.in_(ids)).order_by(Loan.loan_no))
    )


def _loans_of_before(uow: UnitOfWork, import_id: int) -> list[int]:
    """Return the ids of older loans to which the import added rows."""
    query = (
        select(Payment.loan_id)
        .join(Loan, Loan.id == Payment.loan_id)
        .where(
            Payment.import_id == import_id,
            or_(Loan.import_id.is_(None), Loan.import_id != import_id),
        )
        .distinct()
        .order_by(Payment.loan_id)
    )
    return list(uow.session.scalars(query))


def _retire(uow: UnitOfWork, import_id: int) -> None:
    """Note the highest ids that vanish, so that they are not given out again."""
    for name, condition in _rows_of(import_id).items():
        table = Model.metadata.tables[name]
        last = uow.session.execute(select(func.max(table.c.id)).where(condition)).scalar()
        if last is None:
            continue
        known = uow.session.get(RetiredId, name)
        if known is None:
            uow.session.add(RetiredId(table=name, last_id=last))
        else:
            known.last_id = max(known.last_id, last)


def dependants(uow: UnitOfWork, row: LedgerImport) -> tuple[Resting, ...]:
    """Return what keeps this import from being undone; empty where it is not applied."""
    return tuple(resting_on(uow, row.id)) if row.state == "applied" else ()

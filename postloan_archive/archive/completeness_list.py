"""完整性矩阵 as a list: one row a loan file, one column a required item; gaps by manager."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Select, func, select

from postloan_archive.access import branches, users
from postloan_archive.archive import gaps, matrix
from postloan_archive.archive.matrix import ItemLine
from postloan_archive.archive.rules.completeness import MarriedUnknownError, OwnerUnknownError
from postloan_archive.archive.rules.items import ITEMS
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Customer, Loan, LoanPosition
from postloan_archive.sheets import Column, Kind, Table, share
from postloan_archive.uow import UnitOfWork

MOST: Final = 50_000  # lines of a workbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The filter of the list; an empty field asks for nothing."""

    branch: int = 0
    manager: str = ""
    product: str = ""
    item: str = ""
    incomplete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One loan file with the state of each required item."""

    loan_no: str
    customer: str
    branch: str
    manager: str
    product: str
    have: int | None
    need: int | None
    unknown: str
    items: dict[str, ItemLine] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the filter offers."""

    branches: list[tuple[int, str]]
    managers: list[tuple[str, str]]
    products: list[str]


def total(uow: UnitOfWork, wanted: Wanted) -> int:
    """Return how many loan files the filter lets through."""
    query = _narrowed(uow, select(func.count(Loan.id)), wanted)
    return uow.session.scalar(query) or 0


def rows(uow: UnitOfWork, wanted: Wanted, *, limit: int, offset: int) -> list[FileRow]:
    """Return one page of loan files with all their required items."""
    query = _narrowed(uow, select(Loan, LoanPosition), wanted)
    names, persons = branches.names(uow.session), users.display_names(uow)
    found = []
    for loan, position in uow.session.execute(
        query.order_by(Loan.loan_no).limit(limit).offset(offset)
    ):
        lines, unknown = lines_of(uow, loan)
        found.append(
            FileRow(
                loan_no=loan.loan_no,
                customer=loan.customer.name,
                branch=names.get(loan.branch_id, ""),
                manager=persons.get(loan.manager, loan.manager),
                product=loan.product,
                have=position.items_have,
                need=position.items_need,
                unknown=unknown,
                items={line.code: line for line in lines if _may(uow, line.code)},
            )
        )
    return found


def lines_of(uow: UnitOfWork, loan: Loan) -> tuple[list[ItemLine], str]:
    """Return the required items of a loan file, or why they cannot be told."""
    try:
        return matrix.lines_of(uow, loan, gaps.standard_items(uow, loan)), ""
    except (MarriedUnknownError, OwnerUnknownError) as error:
        return [], str(error)


def choices(uow: UnitOfWork) -> Choices:
    """Return the branches, managers and products that the actor may see."""
    seen = Loan.id.in_(loans.visible_ids(uow))
    persons = users.display_names(uow)
    managers = uow.session.scalars(
        select(Loan.manager).where(seen, Loan.manager != "").distinct().order_by(Loan.manager)
    )
    products = uow.session.scalars(
        select(Loan.product).where(seen, Loan.product != "").distinct().order_by(Loan.product)
    )
    return Choices(
        branches=[
            (row.id, row.name)
            for row in branches.tree(uow.session)
            if uow.actor.sees_branch(row.id)
        ],
        managers=[(name, persons.get(name, name)) for name in managers],
        products=list(products),
    )


def gaps_by_manager(uow: UnitOfWork, wanted: Wanted) -> list[tuple[str, str, int, int]]:
    """Return user name, name, incomplete files and missing papers of each manager."""
    persons = users.display_names(uow)
    files: Counter[str] = Counter()
    papers: Counter[str] = Counter()
    query = _narrowed(uow, select(Loan.manager, LoanPosition.items_missing), wanted)
    for manager, missing in uow.session.execute(query.where(LoanPosition.items_missing != "")):
        count = sum(_may(uow, code) for code in missing.split())
        if count:
            files[manager] += 1
            papers[manager] += count
    return [
        (name, persons.get(name, name), files[name], papers[name])
        for name in sorted(files, key=lambda name: (-papers[name], name))
    ]


def missing_table(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return 缺件清单: one line a missing paper, for the manager to fill in."""
    names, persons = branches.names(uow.session), users.display_names(uow)
    query = _narrowed(
        uow, select(Loan, Customer.name, LoanPosition.items_missing), wanted
    ).join(Customer, Customer.id == Loan.customer_id)
    lines = [
        (
            names.get(loan.branch_id, ""),
            persons.get(loan.manager, loan.manager),
            customer,
            loan.loan_no,
            loan.product,
            code,
            ITEMS[code].title if code in ITEMS else "",
            "",
        )
        for loan, customer, missing in uow.session.execute(
            query.where(LoanPosition.items_missing != "")
            .order_by(Loan.manager, Loan.loan_no)
            .limit(MOST)
        )
        for code in missing.split()
        if _may(uow, code)
    ]
    return Table(
        columns=(
            Column(label="机构", width=18),
            Column(label="客户经理", width=12),
            Column(label="客户", width=26),
            Column(label="借据号", kind=Kind.CODE, width=18),
            Column(label="产品", width=16),
            Column(label="件类", kind=Kind.CODE, width=8),
            Column(label="名称", width=30),
            Column(label="补件说明", width=30),
        ),
        rows=tuple(lines[:MOST]),
        notes=("应有件依规则 R-I05 及本行完整性矩阵；不适用的已除外。",),
    )


def matrix_table(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return the matrix of the first files that the filter lets through."""
    found = rows(uow, wanted, limit=MOST_FILES, offset=0)
    codes = codes_of(found)
    return Table(
        columns=(
            Column(label="借据号", kind=Kind.CODE, width=18),
            Column(label="客户", width=26),
            Column(label="机构", width=18),
            Column(label="客户经理", width=12),
            Column(label="应有", kind=Kind.COUNT, width=7),
            Column(label="已有", kind=Kind.COUNT, width=7),
            Column(label="完整率", kind=Kind.PERCENT, width=9),
            *(Column(label=f"{code} {ITEMS[code].title}", width=11) for code in codes),
        ),
        rows=tuple(
            (
                row.loan_no,
                row.customer,
                row.branch,
                row.manager,
                row.need,
                row.have,
                share(row.have or 0, row.need or 0),
                *(str(row.items[code].state) if code in row.items else "" for code in codes),
            )
            for row in found
        ),
        notes=(f"至多列出 {MOST_FILES} 卷。",),
    )


MOST_FILES: Final = 2_000  # rows of the matrix in a workbook


def codes_of(found: Sequence[FileRow]) -> list[str]:
    """Return the items that any of the files needs: the columns."""
    return sorted({code for row in found for code in row.items})


def _narrowed(
    uow: UnitOfWork, query: Select[*tuple[Any, ...]], wanted: Wanted
) -> Select[*tuple[Any, ...]]:
    query = query.join(LoanPosition, LoanPosition.loan_id == Loan.id).where(
        Loan.id.in_(loans.visible_ids(uow))
    )
    if wanted.branch:
        below = branches.with_descendants(uow.session, [wanted.branch])
        query = query.where(Loan.branch_id.in_(sorted(below)))
    if wanted.manager:
        query = query.where(Loan.manager == wanted.manager)
    if wanted.product:
        query = query.where(Loan.product == wanted.product)
    if wanted.item:
        query = query.where(LoanPosition.items_missing.contains(f" {wanted.item} "))
    if wanted.incomplete:
        query = query.where(LoanPosition.items_missing != "")
    return query


def _may(uow: UnitOfWork, code: str) -> bool:
    return uow.actor.sees_category(code[:2])

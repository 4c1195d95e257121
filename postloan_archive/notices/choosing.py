"""Loans chosen by the rows of a sheet: each row finds its loans or is named with the reason."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from sqlalchemy import select

from postloan_archive.kernel.errors import _l
from postloan_archive.loans import queries as loans
from postloan_archive.loans.importing.cells import CellRefusedError, is_blank, read_cell
from postloan_archive.loans.importing.columns import CUSTOMER_ID, LOAN_NO, CellKind, Column
from postloan_archive.loans.models import Contract, Customer, Loan
from postloan_archive.notices.errors import NoNumbersError
from postloan_archive.notices.planning import LeftOut
from postloan_archive.notices.sheets import Cell, read_rows
from postloan_archive.uow import UnitOfWork

HEAD_WITHIN: Final = 10  # rows in which the headings are looked for
AT_ONCE: Final = 500  # numbers in one SELECT
SETTLEMENT: Final = "N13"  # the one letter about loans that are paid
CONTRACT_NO: Final = Column(
    key="contract_no",
    label="合同号",
    kind=CellKind.IDENTIFIER,
    also=("合同编号", "借款合同号", "借款合同编号", "贷款合同编号", "贷款合同号", "主合同编号"),
)
ID_NO: Final = Column(
    key="id_no", label="证件号", kind=CellKind.IDENTIFIER, also=(*CUSTOMER_ID, "身份证")
)
COLUMNS: Final = (LOAN_NO, CONTRACT_NO, ID_NO)
_MORE_LOAN_HEADS: Final = ("借据", "贷款编号", "借款编号", "loan_no")
_NOISE: Final = re.compile(r"[\s*＊:：]|[（(][^（）()]*[）)]")
_TOTALS: Final = frozenset({"合计", "总计", "小计", "共计"})
UNKNOWN: Final = _l("没有这笔借款，或不在您的机构。")
TWO_LOANS: Final = _l("借据号、合同号、证件号不是同一笔借款。")
TWICE: Final = _l("与第 {row} 行重复。")
ALL_PAID: Final = _l("该合同（客户）名下的借款已全部结清。")
UNREADABLE: Final = _l("{reason}。")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """One row of a sheet: the numbers that it gives, or why they cannot be read."""

    row: int
    numbers: Mapping[str, str]  # key of the column to number
    fault: str = ""

    @property
    def what(self) -> str:
        """Return the row as a person recognises it."""
        return " ".join(self.numbers.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The loans that a sheet chose, in its order, and the rows that chose none."""

    loan_nos: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(slots=True)
class _Known:
    """What the numbers of a sheet stand for among the loans of the actor."""

    by_key: dict[str, dict[str, set[str]]] = field(
        default_factory=lambda: {column.key: defaultdict(set) for column in COLUMNS}
    )
    open_loans: set[str] = field(default_factory=set)


def asked_rows(stream: BinaryIO) -> list[AskedRow]:
    """Return the rows of a sheet that ask for loans.

    The columns are known by their headings; without any the first column holds loan numbers.
    A number that the spreadsheet turned into 1.23E+17 or a date is a fault, never a guess.

    Raises:
        SheetUnreadableError: no spreadsheet, or too large.
        NoNumbersError: no row gives a number.
    """
    rows = read_rows(stream)
    head, places = _headings(rows)
    found = [
        one
        for line, row in enumerate(rows[head:], head + 1)
        if (one := _asked(line, row, places)) is not None
    ]
    if not found:
        raise NoNumbersError
    return found


def resolve(uow: UnitOfWork, rows: Sequence[AskedRow], kind: str) -> Choice:
    """Return the loans that the rows stand for; a contract stands for its unpaid loans."""
    known = _look_up(uow, rows)
    taken: dict[str, int] = {}
    left_out: list[LeftOut] = []
    for one in rows:
        reason: str = one.fault
        numbers: tuple[str, ...] = ()
        if not reason:
            reason, numbers = _find(one, known, paid=kind == SETTLEMENT)
        for loan_no in numbers:
            if loan_no in taken:
                reason = TWICE.format(row=taken[loan_no])
            else:
                taken[loan_no] = one.row
        if reason:
            left_out.append(LeftOut(what=one.what, reason=reason, row=one.row))
    return Choice(loan_nos=tuple(taken), left_out=tuple(left_out))


def _headings(rows: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, int]]:
    """Return how many rows to skip, and the place of each column that was recognised."""
    for number, row in enumerate(rows[:HEAD_WITHIN], 1):
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            key = _HEADS.get(_heading(cell))
            if key is not None:
                places.setdefault(key, place)
        if places:
            return number, places
    return 0, {LOAN_NO.key: 0}


def _heading(cell: Cell) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", str(cell))).lower()


def _asked(line: int, row: Sequence[Cell], places: Mapping[str, int]) -> AskedRow | None:
    numbers: dict[str, str] = {}
    faults: list[str] = []
    for column in COLUMNS:
        place = places.get(column.key)
        cell = row[place] if place is not None and place < len(row) else None
        if is_blank(cell):
            continue
        try:
            value = read_cell(column, cell)
        except CellRefusedError as error:
            numbers[column.key] = str(cell)
            faults.append(str(error))
        else:
            numbers[column.key] = str(value)
    if not numbers or set(numbers.values()) <= _TOTALS:
        return None
    fault = UNREADABLE.format(reason="；".join(faults)) if faults else ""
    return AskedRow(row=line, numbers=numbers, fault=fault)


def _look_up(uow: UnitOfWork, rows: Iterable[AskedRow]) -> _Known:
    known = _Known()
    wanted: dict[str, set[str]] = {column.key: set() for column in COLUMNS}
    for one in rows:
        for key, number in one.numbers.items():
            wanted[key] |= set(_spellings(number))
    columns = {"loan_no": Loan.loan_no, "contract_no": Contract.contract_no}
    for key, numbers in wanted.items():
        column = columns.get(key, Customer.id_no)
        ordered = sorted(numbers)
        for start in range(0, len(ordered), AT_ONCE):
            some = ordered[start : start + AT_ONCE]
            for row in uow.session.execute(
                select(Loan.loan_no, Loan.settled_on, column.label("number"))
                .join(Contract, Contract.id == Loan.contract_id)
                .join(Customer, Customer.id == Loan.customer_id)
                .where(column.in_(some), Loan.id.in_(loans.visible_ids(uow)))
                .order_by(Loan.loan_no)
            ):
                known.by_key[key][_key(row.number)].add(row.loan_no)
                if row.settled_on is None:
                    known.open_loans.add(row.loan_no)
    return known


def _find(one: AskedRow, known: _Known, *, paid: bool) -> tuple[str, tuple[str, ...]]:
    """Return why a row chooses no loan, or the numbers of its loans."""
    groups = [known.by_key[key].get(_key(number), set()) for key, number in one.numbers.items()]
    if not any(groups) or not groups[0]:
        return UNKNOWN, ()
    both = set.intersection(*groups)
    if not both:
        return TWO_LOANS, ()
    if LOAN_NO.key not in one.numbers and not paid:
        both &= known.open_loans
        if not both:
            return ALL_PAID, ()
    return "", tuple(sorted(both))


def _key(number: str) -> str:
    return unicodedata.normalize("NFKC", number).replace(" ", "").upper()


def _spellings(number: str) -> Iterator[str]:
    """Yield the ways in which a number may be stored: brackets of both widths, both cases."""
    for text in {number, unicodedata.normalize("NFKC", number)}:
        for one in {text, text.upper(), text.lower()}:
            yield one
            yield one.replace("(", "（").replace(")", "）")


_HEADS: Final = {
    _heading(name): column.key
    for column in COLUMNS
    for name in (column.label, *column.also, *(_MORE_LOAN_HEADS if column is LOAN_NO else ()))
}

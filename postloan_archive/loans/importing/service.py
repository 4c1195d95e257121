"""Entering a ledger through the same services as a person, in one transaction."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final, NoReturn

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from postloan_archive.access import branches
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import positions, service
from postloan_archive.loans.importing.commands import (
    collateral_of,
    contradictions,
    day_of,
    guarantee,
    registration,
)
from postloan_archive.loans.importing.sheets import ReadBook, ReadSheet, read_book
from postloan_archive.loans.importing.units import Entry, Fault, Gathered, Unit, gather
from postloan_archive.loans.models import Loan
from postloan_archive.loans.service import BookPayment, RegisterCustomer
from postloan_archive.uow import System, UnitOfWork

UNKNOWN_BRANCH: Final = _l("没有代码或名称为“{branch}”的机构，或您不能在该机构登记")
NO_LOAN: Final = _l("借据号“{loan_no}”既不在贷款表中，也未登记")
ALREADY_THERE: Final = _l("借据号“{loan_no}”已经登记；担保和还款计划只能随新贷款导入")
SPLIT_MISSING: Final = _l("分项合计 {split} 元，与还款金额 {amount} 元不符")
TAKEN: Final = _l("与已登记的数据冲突（编号重复或内容不符合约束）")
PREVIEW: Final = 20  # rows of a sheet that are shown as understood
PARTS: Final = ("to_costs", "to_principal", "to_interest", "to_penalty", "to_compound")


class Mode(StrEnum):
    """What an import does."""

    CHECK = "check"  # enters everything and takes it back
    ALL = "all"  # everything or nothing
    GOOD = "good"  # what can be entered; the rest comes back


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetReport:
    """What was understood of one sheet."""

    name: str
    label: str
    rows: int
    headings: tuple[tuple[str, str], ...]  # what the sheet says -> what it was taken for
    skipped: tuple[int, ...]
    preview: tuple[tuple[str, ...], ...]  # labels, then line and values of the first rows


@dataclass(slots=True, kw_only=True)
class Report:
    """What an import found and did.

    `entered` counts by kind of thing; `applied` False: nothing was kept.
    """

    mode: Mode
    applied: bool = False
    units: int = 0
    bad_units: int = 0
    entered: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sheets: list[SheetReport] = field(default_factory=list)
    ignored: tuple[str, ...] = ()
    bad_lines: dict[str, set[int]] = field(default_factory=dict)  # sheet -> lines left out
    customers: set[int] = field(default_factory=set)  # ids, new and known

    def count(self, what: str, number: int = 1) -> None:
        """Add to what was entered."""
        self.entered[what] = self.entered.get(what, 0) + number


class _TakenBackError(Exception):
    """Ends a unit of work whose rows are not to be kept."""


def _take_back() -> NoReturn:
    raise _TakenBackError


def import_content(system: System, actor: Actor, content: bytes, mode: Mode) -> Report:
    """Enter the workbook in a transaction of its own and say what happened.

    Raises:
        WorkbookError: the file cannot be read at all.
    """
    book = read_book(content)
    gathered = gather(book)
    report = _described(book, gathered, mode)
    try:
        with system.unit_of_work(actor) as uow:
            enter(uow, gathered, report)
            if mode is Mode.CHECK or (mode is Mode.ALL and report.faults):
                _take_back()
            report.applied = True
            uow.record(
                "loans.ledger_imported",
                "system:1",
                mode=mode.value,
                entered=report.entered,
                left_out=report.bad_units,
            )
    except _TakenBackError:
        report.applied = False
    return report


def enter(uow: UnitOfWork, gathered: Gathered, report: Report) -> None:
    """Enter unit by unit; what fails is taken back alone and noted in the report."""
    report.faults += gathered.faults
    names = _branch_codes(uow)
    with positions.deferred(uow):
        for unit in gathered.units:
            report.units += 1
            if not unit.faulty:
                _try(uow, unit, names, report)
            if unit.faulty:
                report.bad_units += 1
                for entry in unit.entries():
                    report.bad_lines.setdefault(entry.sheet, set()).add(entry.line)
    report.count("customers", len(report.customers))
    seen: set[Fault] = set()
    for unit in gathered.units:
        for entry in unit.entries():
            report.faults += [fault for fault in entry.faults if fault not in seen]
            seen.update(entry.faults)
    report.faults.sort(key=lambda fault: (fault.sheet, fault.line, fault.column))


def _try(uow: UnitOfWork, unit: Unit, names: dict[str, str], report: Report) -> None:
    before, customers = dict(report.entered), set(report.customers)
    notes = len(report.notes)
    main = unit.loan or next(unit.entries())
    try:
        with uow.session.begin_nested():
            _Entering(uow, unit, names, report).run()
            if unit.faulty:
                _take_back()
    except _TakenBackError:
        pass
    except PostloanError as error:
        main.refuse(str(error))
    except IntegrityError:
        main.refuse(TAKEN)
    if unit.faulty:
        report.entered, report.customers = before, customers
        del report.notes[notes:]


class _Entering:
    """One unit on its way into the ledger."""

    def __init__(
        self, uow: UnitOfWork, unit: Unit, names: dict[str, str], report: Report
    ) -> None:
        self.uow = uow
        self.unit = unit
        self.names = names
        self.report = report
        self.parties: dict[str, int] = {}

    def run(self) -> None:
        """Enter customers, the loan, then the payments in the order of their days."""
        for entry in self.unit.customers:
            self._customer(entry, self._branch(entry), entry)
        if self.unit.loan is not None:
            self._loan(self.unit.loan)
        elif self.unit.loan_no and not self._known():
            return
        for entry in sorted(self.unit.payments, key=lambda one: str(one.values["paid_on"])):
            self._payment(entry)

    def _known(self) -> bool:
        """Return whether rows may be added to a loan of before."""
        there = self.uow.session.scalar(
            select(Loan.id).where(Loan.loan_no == self.unit.loan_no)
        )
        for entry in self.unit.entries():
            if there is None:
                entry.refuse(NO_LOAN.format(loan_no=self.unit.loan_no), "借据号")
            elif entry.kind != "payments":
                entry.refuse(ALREADY_THERE.format(loan_no=self.unit.loan_no), "借据号")
        return not self.unit.faulty

    def _branch(self, entry: Entry) -> str:
        said = entry.text("branch")
        code = self.names.get(said)
        if code is None:
            entry.refuse(UNKNOWN_BRANCH.format(branch=said), "机构")
            raise _TakenBackError
        return code

    def _customer(self, entry: Entry, branch: str, details: Entry) -> int:
        number = entry.text("id_no")
        if number in self.parties:
            return self.parties[number]
        married = details.text("married")
        facts: dict[str, object] = {
            key: details.text(key)
            for key in (
                "phone",
                "domicile",
                "residence",
                "service_address",
                "employer",
                "legal_rep",
                "legal_rep_post",
            )
            if details.text(key)
        }
        if married:
            facts["married"] = married == "yes"
        customer = service.register_customer(
            self.uow,
            RegisterCustomer(
                kind=entry.text("party"),
                name=entry.text("name"),
                id_no=number,
                branch_code=branch,
                facts=facts,
            ),
        )
        if customer.name != entry.text("name"):
            self.report.notes.append(
                f"{entry.sheet} 第 {entry.line} 行：证件号已登记为“{customer.name}”，"
                f"未改为“{entry.text('name')}”。"
            )
        self.parties[number] = customer.id
        self.report.customers.add(customer.id)
        return customer.id

    def _loan(self, row: Entry) -> None:
        branch = self._branch(row)
        found = registration(
            self.unit,
            row,
            branch=branch,
            borrower=self._customer(row, branch, row),
            guarantees=tuple(
                guarantee(one, self._customer(one, branch, one)) for one in self.unit.guarantees
            ),
            collateral=tuple(
                collateral_of(one, self._customer(one, branch, one))
                for one in self.unit.collateral
            ),
        )
        for finding in contradictions(row, found):
            row.refuse(*finding)
        if row.faults:
            raise _TakenBackError
        if not self.unit.schedule and found.schedule:
            self.report.notes.append(f"{found.loan_no}：没有还款计划，已按还款方式推算。")
        service.register_loan(self.uow, found)
        self.report.count("loans")
        self.report.count("guarantees", len(found.guarantees))
        self.report.count("collateral", len(found.collateral))
        self.report.count("schedule", len(found.schedule))

    def _payment(self, entry: Entry) -> None:
        parts = {key: entry.values.get(key) or ZERO for key in PARTS}
        amount = entry.values["amount"]
        split = sum((part for part in parts.values() if isinstance(part, Decimal)), ZERO)
        if split != amount:
            entry.refuse(SPLIT_MISSING.format(split=split, amount=amount), "还款金额")
            raise _TakenBackError
        try:
            service.book_payment(
                self.uow,
                BookPayment(
                    loan_no=self.unit.loan_no,
                    paid_on=day_of(entry, "paid_on"),
                    amount=split,
                    receipt_no=entry.text("receipt_no"),
                    payer=entry.text("payer"),
                    channel=entry.text("channel"),
                    **parts,  # type: ignore[arg-type]  # decimals by their names
                ),
            )
        except PostloanError as error:
            entry.refuse(str(error))
            raise _TakenBackError from error
        self.report.count("payments")


def _branch_codes(uow: UnitOfWork) -> dict[str, str]:
    """Return the code by code and by name; a name that two branches have is left out."""
    rows = branches.tree(uow.session, only=uow.actor.branch_ids)
    names = [row.name for row in rows]
    codes = {row.name: row.code for row in rows if names.count(row.name) == 1}
    return codes | {row.code: row.code for row in rows}


def _described(book: ReadBook, gathered: Gathered, mode: Mode) -> Report:
    return Report(
        mode=mode,
        ignored=book.ignored,
        sheets=[
            SheetReport(
                name=sheet.name,
                label=sheet.kind.label,
                rows=len(sheet.rows),
                headings=tuple(
                    (one.said, one.column.label if one.column else "") for one in sheet.headings
                ),
                skipped=sheet.skipped,
                preview=_preview(sheet, gathered),
            )
            for sheet in book.sheets
        ],
    )


def _preview(sheet: ReadSheet, gathered: Gathered) -> tuple[tuple[str, ...], ...]:
    """Return the first rows of a sheet as they were understood, below the labels."""
    columns = [one.column for one in sheet.headings if one.column is not None]
    entries = gathered.of_sheet(sheet.name)[:PREVIEW]
    return (
        tuple(column.label for column in columns),
        *(
            (str(entry.line), *(entry.text(column.key) for column in columns))
            for entry in entries
        ),
    )

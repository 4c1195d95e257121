"""Entering a ledger: read, checked row by row, written in bulk in one short transaction."""

import gc
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final, NoReturn

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import ConflictError, PostloanError, _l
from postloan_archive.loans import positions, reconciling
from postloan_archive.loans.importing.entering import Entered, Entering
from postloan_archive.loans.importing.known import known_branches, look_up
from postloan_archive.loans.importing.mapping import NO_MAPPING, HeadingMapping
from postloan_archive.loans.importing.report import Mode, Report, SheetReport, kept_report
from postloan_archive.loans.importing.sheets import ReadBook, ReadSheet, read_book
from postloan_archive.loans.importing.units import Fault, Gathered, Unit, gather
from postloan_archive.loans.importing.written import (
    Bound,
    add_rows,
    bound_rows,
    no_rows,
    write_rows,
)
from postloan_archive.loans.models import (
    Contract,
    Customer,
    DeliveredBalance,
    LedgerImport,
    Loan,
    Payment,
    RetiredId,
)
from postloan_archive.loans.registering import ArchiveNumbers, Ids
from postloan_archive.loans.reversing import (
    ReversePayment,
    preview_reversal,
    reverse_payment,
)
from postloan_archive.uow import System, UnitOfWork

AT_ONCE: Final = 2_000  # units that are looked up and written together
AuditEntry = tuple[str, str, dict[str, object]]


class _TakenBackError(Exception):
    """Ends a unit of work whose rows are not to be kept."""


def _take_back() -> NoReturn:
    raise _TakenBackError


class LedgerMovedError(ConflictError):
    """Somebody registered the same numbers while the import was running."""

    next_step = _l("请重新检查后再导入。")

    def __init__(self) -> None:
        super().__init__(_l("导入期间有人登记了相同的编号，本次没有写入任何内容。"))


def import_content(
    system: System,
    actor: Actor,
    content: bytes,
    mode: Mode,
    *,
    mapping: HeadingMapping = NO_MAPPING,
    import_id: int | None = None,
    later: bool = True,
) -> Report:
    """Enter the workbook in a transaction of its own and say what happened.

    Args:
        system: where to.
        actor: in whose name and branches.
        content: the file.
        mode: check, all or nothing, or what is good.
        mapping: what a person said of the headings.
        import_id: of the row that keeps the upload, so that it can be undone.
        later: many loans are derived by jobs; False: the caller derives `report.loan_ids`.

    Raises:
        WorkbookError: the file cannot be read at all.
        LedgerMovedError: the same numbers were registered meanwhile.
    """
    with _no_collection():
        book = read_book(content, mapping)
        gathered = gather(book)
        report, described = (_described(book, gathered, mode) for _ in range(2))
        del book
        read = _faults_of(gathered)
        with system.look(actor) as uow:  # checking takes long and must keep no writer waiting
            prepared = prepare(uow, gathered, report, import_id=import_id)
        if mode is Mode.CHECK or (mode is Mode.ALL and report.faults):
            return report
        try:
            with system.unit_of_work(actor) as uow:
                if (
                    _standing(uow) != prepared.standing
                ):  # somebody registered something meanwhile
                    _forget_faults(gathered, read)
                    report = described
                    prepared = prepare(uow, gathered, report, import_id=import_id)
                    if mode is Mode.ALL and report.faults:
                        _take_back()
                _write(uow, prepared, report, import_id=import_id)
                positions.refresh_imported(uow, report.loan_ids, later=later)
                for day in sorted(report.balance_days):
                    reconciling.ask(uow, day)
                _note_applied(uow, import_id, report)
        except _TakenBackError:
            return report
        except IntegrityError as error:
            raise LedgerMovedError from error
    return report


def _note_applied(uow: UnitOfWork, import_id: int | None, report: Report) -> None:
    """Note with the upload that it was entered, in the same transaction as its rows."""
    if import_id is None:
        return
    row = uow.session.get_one(LedgerImport, import_id)
    row.state, row.message = "applied", ""
    row.report, row.applied_at = kept_report(report), uow.clock.now()


@dataclass(slots=True, kw_only=True)
class Prepared:
    """A checked ledger, bound part by part; nothing of it is written.

    `standing` is what the ledger held then: it can be written as long as that is so.
    """

    standing: tuple[object, ...]
    parts: list[tuple[list[Bound], list[AuditEntry]]] = field(default_factory=list)
    reversals: list[ReversePayment] = field(default_factory=list)  # of payments of before
    digest: str = ""


def prepare(
    uow: UnitOfWork, gathered: Gathered, report: Report, *, import_id: int | None
) -> Prepared:
    """Check unit by unit and bind what is good, a part of the ledger at a time.

    Nothing is bound for a check, and nothing more once everything was asked for and
    something is wrong.
    """
    prepared = Prepared(standing=_standing(uow))
    report.faults += gathered.faults
    report.broken = bool(gathered.faults) or any(unit.faulty for unit in gathered.units)
    entering = Entering(
        known_branches(uow),
        report,
        Ids(uow.session),
        ArchiveNumbers(uow.session),
        uow.clock,
        uow.actor.name,
    )
    dialect = uow.session.connection().dialect
    digest = hashlib.sha256()
    for at in range(0, len(gathered.units), AT_ONCE):
        part = gathered.units[at : at + AT_ONCE]
        entered = list(_checked(uow, entering, part, import_id))
        report.broken = report.broken or len(entered) < len(part)
        if report.mode is Mode.GOOD or (report.mode is Mode.ALL and not report.broken):
            rows = no_rows()
            for one in entered:
                digest.update(one.digest.encode())
                add_rows(rows, one.rows)
            prepared.reversals += [
                replace(late.command, import_id=import_id)
                for one in entered
                for late in one.reversals
            ]
            lines = [_line(one, import_id) for one in entered if one.loan]
            prepared.parts.append((bound_rows(dialect, rows), lines))
    report.count("customers", len(report.customers))
    _gather_faults(gathered.units, report)
    prepared.digest = digest.hexdigest()
    return prepared


def _write(
    uow: UnitOfWork, prepared: Prepared, report: Report, *, import_id: int | None
) -> None:
    """Write what was prepared; from here on nobody else can write."""
    report.applied = True
    for rows, lines in prepared.parts:
        write_rows(uow.session, rows)
        uow.record_many(lines)
    for late in prepared.reversals:
        reverse_payment(uow, late)
    uow.record(
        "loans.ledger_imported",
        "system:1" if import_id is None else f"ledger_import:{import_id}",
        mode=report.mode.value,
        entered=report.entered,
        left_out=report.bad_units,
        digest=prepared.digest,
    )


def _standing(uow: UnitOfWork) -> tuple[object, ...]:
    """Return what changes with every row that an import looks up or takes numbers after."""
    newest = [
        select(func.max(model.id)).scalar_subquery()
        for model in (Customer, Contract, Loan, Payment, DeliveredBalance)
    ]
    retired = select(func.sum(RetiredId.last_id)).scalar_subquery()
    return tuple(uow.session.execute(select(*newest, retired)).one())


def _faults_of(gathered: Gathered) -> dict[int, int]:
    """Return how many faults the reading of cells found, by the entry."""
    return {
        id(entry): len(entry.faults)
        for unit in gathered.units
        for entry in unit.entries()
        if entry.faults
    }


def _forget_faults(gathered: Gathered, read: Mapping[int, int]) -> None:
    """Take from the entries what the check against the ledger had found."""
    for unit in gathered.units:
        for entry in unit.entries():
            del entry.faults[read.get(id(entry), 0) :]


def _checked(
    uow: UnitOfWork, entering: Entering, units: Sequence[Unit], import_id: int | None
) -> Iterator[Entered]:
    """Yield the units that can be entered; note those that cannot."""
    report = entering.report
    look_up(uow, entering.known, [unit for unit in units if not unit.faulty])
    for unit in units:
        report.units += 1
        entered = None if unit.faulty else entering.enter(unit, import_id)
        if entered is not None and _reversible(uow, entered):
            if entered.loan is not None:
                report.loan_ids.append(entered.loan.id)
            yield entered
            continue
        report.bad_units += 1
        for entry in unit.entries():
            report.bad_lines.setdefault(entry.sheet, set()).add(entry.line)


def _reversible(uow: UnitOfWork, entered: Entered) -> bool:
    """Return whether the payments of before can be struck; else their rows say why not."""
    for late in entered.reversals:
        try:
            preview_reversal(uow, late.command)
        except PostloanError as error:
            late.entry.refuse(
                str(error),
                "冲正原凭证号",
                value=late.command.receipt_no,
                step=str(error.next_step or _l("请在“贷款与还款”页核对该笔还款。")),
            )
    return not entered.unit.faulty


def _line(one: Entered, import_id: int | None) -> AuditEntry:
    """Return the audit line of one loan: what came in, and the digest of its rows."""
    assert one.loan is not None  # asked before
    new = one.unit.loan is not None
    facts: dict[str, object] = {"loan_no": one.unit.loan_no, "digest": one.digest}
    if import_id is not None:
        facts["import"] = import_id
    if new:
        row = one.rows[Loan][0]
        facts |= {"archive_no": row["archive_no"], "principal": str(row["principal"])}
    for what in ("payments", "reversals", "balances"):
        if number := one.counts.get(what):
            facts[what] = number
    event = "loans.loan_registered" if new else "loans.rows_imported"
    return event, f"loan:{one.loan.id}", facts


def _gather_faults(units: Sequence[Unit], report: Report) -> None:
    seen: set[Fault] = set()
    for unit in units:
        for entry in unit.entries():
            if entry.faults:
                report.faults += [fault for fault in entry.faults if fault not in seen]
                seen.update(entry.faults)
    report.faults.sort(key=lambda fault: (fault.sheet, fault.line, fault.column))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the cycle collector from looking at millions of cells again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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
    return (
        tuple(column.label for column in columns),
        *(
            (str(entry.line), *(entry.text(column.key) for column in columns))
            for entry in gathered.first.get(sheet.name, ())
        ),
    )

"""An import in steps: upload, check, decide, apply; the worker does the long parts."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from io import BytesIO
from typing import Any, Final

from sqlalchemy import select

from postloan_archive.jobs import Handler, JobContext
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l
from postloan_archive.loans.importing.service import Mode, Report, SheetReport, import_content
from postloan_archive.loans.importing.sheets import LARGEST_FILE, WorkbookError
from postloan_archive.loans.importing.units import Fault
from postloan_archive.loans.models import LedgerImport
from postloan_archive.uow import System, UnitOfWork

CHECK: Final = "check_ledger"
APPLY: Final = "apply_ledger"
SHOWN: Final = 20  # imports in the list of a person
MOST_FAULTS: Final = 5_000  # kept with an import


class NoLedgerError(RuleError):
    """The form came without a file."""

    field = "file"

    def __init__(self) -> None:
        super().__init__(_l("请选择要导入的台账文件。"))


class ImportNotFoundError(NotFoundError):
    """No such import, or one of somebody else."""

    def __init__(self, *, import_id: int) -> None:
        super().__init__(_l("没有找到第 {import_id} 号导入。"), import_id=import_id)


class ImportSettledError(ConflictError):
    """The import is not waiting for a decision."""

    next_step = _l("请刷新页面查看最新状态。")

    def __init__(self) -> None:
        super().__init__(_l("该导入不在待确认状态。"))


class FaultsLeftError(RuleError):
    """Everything was asked for although rows are at fault."""

    next_step = _l("请改正后重新上传，或只导入可以导入的行。")

    def __init__(self, *, count: int) -> None:
        super().__init__(_l("还有 {count} 处错误，不能整批导入。"), count=count)


def handlers(system: System) -> dict[str, Handler]:
    """Return the job handlers by job kind."""
    return {
        CHECK: lambda context: _work(system, context, Mode.CHECK),
        APPLY: lambda context: _work(system, context, Mode(str(context.args[1]))),
    }


def upload(uow: UnitOfWork, filename: str, content: bytes) -> LedgerImport:
    """Keep an uploaded ledger and have it checked.

    Raises:
        NoLedgerError: it is empty.
        WorkbookError: it is too large.
    """
    if not content:
        raise NoLedgerError
    if len(content) > LARGEST_FILE:
        raise WorkbookError(_l("文件超过 {most} MB。"), most=LARGEST_FILE // 1024 // 1024)
    stored = uow.vault.put(BytesIO(content))
    seen = uow.actor.branch_ids
    row = LedgerImport(
        filename=filename[:200],
        sha256=stored.sha256,
        size=stored.size,
        report={},
        created_by=uow.actor.name,
        branch_ids=None if seen is None else sorted(seen),
        created_at=uow.clock.now(),
    )
    uow.session.add(row)
    uow.session.flush()  # the job and the audit line need the id
    row.job_id = uow.enqueue(CHECK, row.id).id
    uow.record(
        "loans.ledger_uploaded",
        f"ledger_import:{row.id}",
        name=row.filename,
        sha256=stored.sha256,
        size=stored.size,
    )
    return row


def decide(uow: UnitOfWork, import_id: int, mode: Mode) -> LedgerImport:
    """Have a checked ledger entered: everything, or what can be.

    Raises:
        ImportNotFoundError: no such import of this actor.
        ImportSettledError: it is not waiting for a decision.
        FaultsLeftError: everything was asked for, but rows are at fault.
    """
    row = get_import(uow, import_id)
    if row.state != "checked" or mode is Mode.CHECK:
        raise ImportSettledError
    faults = int(row.report.get("fault_count", 0))
    if mode is Mode.ALL and faults:
        raise FaultsLeftError(count=faults)
    row.state = "applying"
    row.job_id = uow.enqueue(APPLY, row.id, mode.value).id
    uow.record("loans.ledger_decided", f"ledger_import:{row.id}", mode=mode.value)
    return row


def get_import(uow: UnitOfWork, import_id: int) -> LedgerImport:
    """Return an import of the actor.

    Raises:
        ImportNotFoundError: there is none, or it is somebody else's.
    """
    row = uow.session.get(LedgerImport, import_id)
    if row is None or (row.created_by != uow.actor.name and not uow.actor.unlimited):
        raise ImportNotFoundError(import_id=import_id)
    return row


def imports_of(uow: UnitOfWork) -> Sequence[LedgerImport]:
    """Return the newest imports of the actor."""
    return uow.session.scalars(
        select(LedgerImport)
        .where(LedgerImport.created_by == uow.actor.name)
        .order_by(LedgerImport.id.desc())
        .limit(SHOWN)
    ).all()


def content_of(uow: UnitOfWork, row: LedgerImport) -> bytes:
    """Return the bytes that were uploaded."""
    return uow.vault.path(row.sha256).read_bytes()


def report_of(row: LedgerImport) -> Report:
    """Return the stored report as the workbooks that go back need it."""
    kept: Mapping[str, Any] = row.report
    return Report(
        mode=Mode(kept["mode"]),
        applied=kept["applied"],
        units=kept["units"],
        bad_units=kept["bad_units"],
        entered=dict(kept["entered"]),
        faults=[Fault(**fault) for fault in kept["faults"]],
        notes=list(kept["notes"]),
        sheets=[
            SheetReport(
                **{
                    **sheet,
                    "headings": tuple((said, meant) for said, meant in sheet["headings"]),
                    "skipped": tuple(sheet["skipped"]),
                    "preview": tuple(tuple(row) for row in sheet["preview"]),
                }
            )
            for sheet in kept["sheets"]
        ],
        ignored=tuple(kept["ignored"]),
        bad_lines={name: set(lines) for name, lines in kept["bad_lines"].items()},
    )


def _work(system: System, context: JobContext, mode: Mode) -> None:
    """Check or apply the import whose id is the first argument, as the person who sent it."""
    import_id = context.args[0]
    assert isinstance(import_id, int)  # written by `upload` and `decide`
    with system.unit_of_work(Actor.program("job")) as uow:
        row = uow.session.get_one(LedgerImport, import_id)
        if row.state != ("checking" if mode is Mode.CHECK else "applying"):
            return  # a repeated job; the work is done
        content = content_of(uow, row)
        actor = replace(
            Actor.program("job"),
            name=row.created_by,
            branch_ids=None if row.branch_ids is None else frozenset(row.branch_ids),
        )
    try:
        report = import_content(system, actor, content, mode)
    except WorkbookError as error:
        _note(system, import_id, state="refused", message=str(error), report=None)
        return
    state = "checked" if not report.applied else "applied"
    _note(system, import_id, state=state, message="", report=report)


def _note(
    system: System, import_id: int, *, state: str, message: str, report: Report | None
) -> None:
    with system.unit_of_work(Actor.program("job")) as uow:
        row = uow.session.get_one(LedgerImport, import_id)
        row.state, row.message = state, message
        if report is not None:
            row.report = _plain(report)
        if state == "applied":
            row.applied_at = uow.clock.now()
        uow.record(
            "loans.ledger_worked_on",
            f"ledger_import:{import_id}",
            state=state,
            faults=len(report.faults) if report else 0,
        )


def _plain(report: Report) -> dict[str, Any]:
    """Return the report as JSON keeps it."""
    return {
        "mode": report.mode.value,
        "applied": report.applied,
        "units": report.units,
        "bad_units": report.bad_units,
        "entered": report.entered,
        "faults": [asdict(fault) for fault in report.faults[:MOST_FAULTS]],
        "fault_count": len(report.faults),
        "notes": report.notes[:MOST_FAULTS],
        "sheets": [asdict(sheet) for sheet in report.sheets],
        "ignored": list(report.ignored),
        "bad_lines": {name: sorted(lines) for name, lines in report.bad_lines.items()},
    }

"""An import in steps: upload, check, decide, apply; the worker does the long parts."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Final

from sqlalchemy import select

from postloan_archive.jobs import Handler, JobContext
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l
from postloan_archive.loans.importing import saved
from postloan_archive.loans.importing.mapping import NO_MAPPING, HeadingMapping, mapping_of
from postloan_archive.loans.importing.report import Mode, Report, kept_report
from postloan_archive.loans.importing.service import LedgerMovedError, import_content
from postloan_archive.loans.importing.sources import WorkbookError, check_size
from postloan_archive.loans.models import LedgerImport
from postloan_archive.uow import System, UnitOfWork

CHECK: Final = "check_ledger"
APPLY: Final = "apply_ledger"
SHOWN: Final = 20  # imports in the list of a person


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


def upload(uow: UnitOfWork, filename: str, content: bytes, *, source: str = "") -> LedgerImport:
    """Keep an uploaded ledger and have it checked.

    Args:
        uow: in whose name.
        filename: as the person's machine names it.
        content: the file.
        source: name of a saved mapping of headings, empty for none.

    Raises:
        NoLedgerError: it is empty.
        WorkbookError: it is too large.
        MappingNotFoundError: no mapping is saved under the name.
    """
    row = keep(uow, filename, content, source=source, state="checking")
    row.job_id = uow.enqueue(CHECK, row.id).id
    return row


def keep(
    uow: UnitOfWork, filename: str, content: bytes, *, source: str = "", state: str
) -> LedgerImport:
    """Keep a ledger; the caller has it checked or enters it itself.

    Raises:
        NoLedgerError, WorkbookError, MappingNotFoundError: as `upload`.
    """
    if not content:
        raise NoLedgerError
    check_size(len(content))
    mapping = saved.use(uow, source) if source else NO_MAPPING
    stored = uow.vault.put(BytesIO(content))
    seen = uow.actor.branch_ids
    row = LedgerImport(
        filename=filename[:200],
        sha256=stored.sha256,
        size=stored.size,
        state=state,
        report={},
        mapping=mapping.kept(),
        created_by=uow.actor.name,
        branch_ids=None if seen is None else sorted(seen),
        created_at=uow.clock.now(),
    )
    uow.session.add(row)
    uow.session.flush()  # the job and the audit line need the id
    uow.record(
        "loans.ledger_uploaded",
        f"ledger_import:{row.id}",
        name=row.filename,
        sha256=stored.sha256,
        size=stored.size,
        source=source,
    )
    return row


def remap(
    uow: UnitOfWork, import_id: int, mapping: HeadingMapping, *, save_as: str = ""
) -> LedgerImport:
    """Say what the headings of an import mean and have it checked again.

    Args:
        uow: in whose name.
        import_id: the import.
        mapping: what the person said.
        save_as: name under which the next ledger of the source finds it, empty: not kept.

    Raises:
        ImportNotFoundError: no such import of this actor.
        ImportSettledError: it is being worked on, or was entered.
    """
    row = get_import(uow, import_id)
    if row.state not in {"checked", "refused"}:
        raise ImportSettledError
    row.mapping = mapping.kept()
    row.state, row.message = "checking", ""
    row.job_id = uow.enqueue(CHECK, row.id).id
    uow.record("loans.ledger_mapped", f"ledger_import:{row.id}", mapping=row.mapping)
    if save_as:
        saved.save(uow, save_as, mapping)
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


def _work(system: System, context: JobContext, mode: Mode) -> None:
    """Check or apply the import whose id is the first argument, as the person who sent it."""
    import_id = context.args[0]
    assert isinstance(import_id, int)  # written by `upload` and `decide`
    with system.look(Actor.program("job")) as uow:
        row = uow.session.get_one(LedgerImport, import_id)
        if row.state != ("checking" if mode is Mode.CHECK else "applying"):
            return  # a repeated job; the work is done
        content = content_of(uow, row)
        actor = replace(
            Actor.program("job"),
            name=row.created_by,
            branch_ids=None if row.branch_ids is None else frozenset(row.branch_ids),
        )
        mapping = mapping_of(row.mapping)
    run(system, actor, import_id, content, mode, mapping=mapping)


def run(
    system: System,
    actor: Actor,
    import_id: int,
    content: bytes,
    mode: Mode,
    *,
    mapping: HeadingMapping = NO_MAPPING,
    later: bool = True,
) -> Report | None:
    """Check or enter a kept import and note what came of it; None: it could not be read.

    What is entered is noted in the same transaction, so that a second run does nothing.
    """
    try:
        report = import_content(
            system, actor, content, mode, mapping=mapping, import_id=import_id, later=later
        )
    except (WorkbookError, LedgerMovedError) as error:
        _note(system, import_id, state="refused", message=str(error), report=None)
        return None
    if not report.applied:
        _note(system, import_id, state="checked", message="", report=report)
    return report


def _note(
    system: System, import_id: int, *, state: str, message: str, report: Report | None
) -> None:
    with system.unit_of_work(Actor.program("job")) as uow:
        row = uow.session.get_one(LedgerImport, import_id)
        row.state, row.message = state, message
        if report is not None:
            row.report = kept_report(report)
        uow.record(
            "loans.ledger_worked_on",
            f"ledger_import:{import_id}",
            state=state,
            faults=len(report.faults) if report else 0,
        )

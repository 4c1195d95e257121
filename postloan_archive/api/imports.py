"""Imports of ledgers: send a file, look at what was found, enter it, take it back."""

import hashlib

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.api.once import once
from postloan_archive.api.replies import one, page
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.loans.importing import batches
from postloan_archive.loans.importing.report import Mode
from postloan_archive.loans.importing.undoing import dependants, undo
from postloan_archive.loans.models import LedgerImport
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("api_imports", __name__, url_prefix="/api/v1")


class ModeError(RuleError):
    """The import is entered whole or in its good rows."""

    field = "mode"

    def __init__(self) -> None:
        super().__init__(_l("mode 应为 all（全部或不导入）或 good（只导入没有错误的）。"))


@bp.get("/imports")
@requires(Permission.LEDGER_IMPORT)
def imports() -> ResponseReturnValue:
    """List the newest imports of the caller."""
    with unit_of_work() as uow:
        rows = [_shown(row) for row in batches.imports_of(uow)]
    return page(rows, lambda row: row["id"])


@bp.post("/imports")
@requires(Permission.LEDGER_IMPORT)
def send() -> ResponseReturnValue:
    """Send a ledger as `file`; it is checked by a job, nothing is entered yet.

    `source` names a saved mapping of headings. Ask for the import until `state` is `checked`.
    """
    sent = request.files.get("file")
    content = sent.stream.read() if sent else b""
    name = (sent.filename or "" if sent else "").replace("\\", "/").rsplit("/", 1)[-1]
    source = request.form.get("source", "")

    def step(uow: UnitOfWork) -> tuple[object, int]:
        return _shown(batches.upload(uow, name, content, source=source)), 202

    digest = hashlib.sha256(content).hexdigest()
    return once(step, digest=f"{digest} {name} {source}")


@bp.get("/imports/<int:import_id>")
@requires(Permission.LEDGER_IMPORT)
def show(import_id: int) -> ResponseReturnValue:
    """Show an import: state, counts, faults with sheet, line, column, value and next step."""
    with unit_of_work() as uow:
        row = batches.get_import(uow, import_id)
        resting = [{"what": found.what, "count": found.count} for found in dependants(uow, row)]
        return one({**_shown(row), "faults": _faults(row), "resting": resting})


@bp.post("/imports/<int:import_id>/enter")
@requires(Permission.LEDGER_IMPORT)
def enter(import_id: int) -> ResponseReturnValue:
    """Enter a checked import: `mode` all (or nothing) or good (rows without faults)."""
    body = request.get_json(silent=True)
    mode = body.get("mode", "all") if isinstance(body, dict) else "all"
    if mode not in {Mode.ALL.value, Mode.GOOD.value}:
        raise ModeError

    def step(uow: UnitOfWork) -> tuple[object, int]:
        return _shown(batches.decide(uow, import_id, Mode(mode))), 202

    return once(step)


@bp.post("/imports/<int:import_id>/undo")
@requires(Permission.LEDGER_IMPORT)
def take_back(import_id: int) -> ResponseReturnValue:
    """Take back an import; refused while later facts rest on its rows."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        return _shown(undo(uow, import_id)), 200

    return once(step)


def _shown(row: LedgerImport) -> dict[str, object]:
    return {
        "id": row.id,
        "file": row.filename,
        "sha256": row.sha256,
        "state": row.state,
        "message": row.message,
        "entered": row.report.get("entered", {}),
        "units": row.report.get("units", 0),
        "bad_units": row.report.get("bad_units", 0),
        "fault_count": row.report.get("fault_count", 0),
        "created_at": row.created_at,
        "applied_at": row.applied_at,
        "undone_at": row.undone_at,
    }


def _faults(row: LedgerImport) -> list[object]:
    return list(row.report.get("faults", []))

"""案卷 › 导入台账: upload, look at what was understood, decide, fetch what comes back."""

import io
from collections.abc import Callable
from pathlib import PurePath
from typing import Final

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from postloan_archive.access.permissions import Permission
from postloan_archive.jobs import Job, JobState, NoSuchJobError, get_job
from postloan_archive.kernel.errors import PostloanError, RuleError, _l
from postloan_archive.loans.file_routes import bp as bp
from postloan_archive.loans.importing import batches, saved
from postloan_archive.loans.importing.columns_page import choices, said
from postloan_archive.loans.importing.layout import BY_KEY, SHEETS
from postloan_archive.loans.importing.mapping import HeadingMapping, mapping_of
from postloan_archive.loans.importing.report import Mode, Report, report_of
from postloan_archive.loans.importing.returned import left_out, template, with_results
from postloan_archive.loans.importing.undoing import ImportRestedOnError, dependants, undo
from postloan_archive.loans.models import LedgerImport
from postloan_archive.loans.routes import XLSX
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text, next_step_text

STATES: Final = {
    "checking": _l("正在检查"),
    "checked": _l("待确认"),
    "applying": _l("正在导入"),
    "applied": _l("已导入"),
    "refused": _l("无法读取"),
    "undone": _l("已撤销"),
}
STATE_KINDS: Final = {"applied": "ok", "refused": "bad", "checked": "soon"}
KINDS: Final = {
    "customers": _l("客户"),
    "loans": _l("贷款"),
    "guarantees": _l("保证"),
    "collateral": _l("押品"),
    "schedule": _l("还款计划"),
    "payments": _l("还款"),
    "reversals": _l("冲正"),
    "balances": _l("余额"),
}
FAULTS_SHOWN: Final = 200
STEPS: Final = (_l("上传"), _l("对应列"), _l("检查"), _l("确认"), _l("导入"))
RUNNING: Final = frozenset({JobState.QUEUED, JobState.RUNNING})


@bp.route("/import", methods=["GET", "POST"])
@requires(Permission.LEDGER_IMPORT)
def import_ledger() -> ResponseReturnValue:
    """Take a workbook; list the imports of this person."""
    light("loans.index")
    wrong, status = "", 200
    if request.method == "POST":
        sent = request.files.get("file")
        name = PurePath(sent.filename or "").name if sent else ""
        try:
            with unit_of_work() as uow:
                content = sent.read() if sent else b""
                source = request.form.get("source", "")
                import_id = batches.upload(uow, name, content, source=source).id
        except PostloanError as error:
            wrong, status = error_text(error), 422
        else:
            return redirect(url_for("loans.import_report", import_id=import_id))
    with unit_of_work() as uow:
        page = render_template(
            "loans/import.html",
            rows=batches.imports_of(uow),
            states=STATES,
            state_kinds=STATE_KINDS,
            wrong=wrong,
            sources=[row.name for row in saved.mappings(uow)],
        )
    return page, status


@bp.get("/import/template.xlsx")
@requires(Permission.LEDGER_IMPORT)
def import_template() -> ResponseReturnValue:
    """Send the empty workbook."""
    return _workbook(template(), _("台账导入模板.xlsx"))


@bp.get("/import/<int:import_id>")
@requires(Permission.LEDGER_IMPORT)
def import_report(import_id: int) -> ResponseReturnValue:
    """Show what was understood, what is wrong, and what can be decided."""
    light("loans.index")
    with unit_of_work() as uow:
        row = batches.get_import(uow, import_id)
        report = report_of(row.report) if row.report else None
        return render_template(
            "loans/import_report.html",
            row=row,
            report=report,
            job=_job(uow, row),
            states=STATES,
            state_kinds=STATE_KINDS,
            kinds=KINDS,
            shown=FAULTS_SHOWN,
            steps=[_(step) for step in STEPS],
            now=_step(row),
        )


@bp.get("/import/<int:import_id>/work")
@requires(Permission.LEDGER_IMPORT)
def import_work(import_id: int) -> ResponseReturnValue:
    """Show that the worker is at it; the finished page reloads itself."""
    with unit_of_work() as uow:
        row = batches.get_import(uow, import_id)
        job = _job(uow, row)
        if job is None or job.state not in RUNNING:
            return Response(headers={"HX-Refresh": "true"})
        return render_template("loans/import_work.html", row=row, states=STATES)


@bp.post("/import/<int:import_id>")
@requires(Permission.LEDGER_IMPORT)
def decide_import(import_id: int) -> ResponseReturnValue:
    """Enter everything, or what can be entered."""
    mode = Mode.GOOD if request.form.get("mode") == Mode.GOOD.value else Mode.ALL
    try:
        with unit_of_work() as uow:
            batches.decide(uow, import_id, mode)
    except batches.FaultsLeftError as error:
        flash(" ".join(filter(None, (error_text(error), next_step_text(error)))), "error")
    return redirect(url_for("loans.import_report", import_id=import_id))


@bp.get("/import/<int:import_id>/results.xlsx")
@requires(Permission.LEDGER_IMPORT)
def import_results(import_id: int) -> ResponseReturnValue:
    """Send the own file with a column of results."""
    return _returned(import_id, with_results, _("导入结果"))


@bp.get("/import/<int:import_id>/rest.xlsx")
@requires(Permission.LEDGER_IMPORT)
def import_rest(import_id: int) -> ResponseReturnValue:
    """Send only the rows that were left out, to be put right and sent again."""
    return _returned(import_id, left_out, _("未导入的行"))


@bp.route("/import/<int:import_id>/columns", methods=["GET", "POST"])
@requires(Permission.LEDGER_IMPORT)
def import_columns(import_id: int) -> ResponseReturnValue:
    """Show what each heading is taken for; take what a person says and check again."""
    light("loans.index")
    wrong, status = "", 200
    with unit_of_work() as uow:
        row = batches.get_import(uow, import_id)
        before = mapping_of(row.mapping)
        content = batches.content_of(uow, row)
    try:
        sheets = choices(content, before)
        if request.method == "POST":
            mapping = said(sheets, request.form, before)
            with unit_of_work() as uow:
                name = request.form.get("save_as", "").strip()
                batches.remap(uow, import_id, mapping, save_as=name)
            return redirect(url_for("loans.import_report", import_id=import_id))
    except RuleError as error:
        wrong, status, sheets = error_text(error), 422, []
    page = render_template(
        "loans/import_columns.html",
        row=row,
        sheets=sheets,
        sheet_kinds=SHEETS,
        by_key=BY_KEY,
        wrong=wrong,
        open=row.state in {"checked", "refused"},
        steps=[_(step) for step in STEPS],
    )
    return page, status


@bp.get("/import/mappings")
@requires(Permission.LEDGER_IMPORT)
def import_mappings() -> ResponseReturnValue:
    """List the saved mappings."""
    light("loans.index")
    with unit_of_work() as uow:
        return render_template(
            "loans/import_mappings.html", rows=saved.mappings(uow), by_key=BY_KEY
        )


@bp.post("/import/mappings/drop")
@requires(Permission.LEDGER_IMPORT)
def drop_mapping() -> ResponseReturnValue:
    """Forget a saved mapping."""
    with unit_of_work() as uow:
        saved.drop(uow, request.form.get("name", ""))
    flash(_("列对应关系已删除。"))
    return redirect(url_for("loans.import_mappings"))


@bp.route("/import/<int:import_id>/undo", methods=["GET", "POST"])
@requires(Permission.LEDGER_IMPORT)
def undo_import(import_id: int) -> ResponseReturnValue:
    """Say what would go and what rests on it; take the import back."""
    light("loans.index")
    if request.method == "POST":
        try:
            with unit_of_work() as uow:
                undo(uow, import_id)
        except ImportRestedOnError:
            return redirect(url_for("loans.undo_import", import_id=import_id))
        flash(_("第 %(id)s 号导入已撤销。", id=import_id))
        return redirect(url_for("loans.import_report", import_id=import_id))
    with unit_of_work() as uow:
        row = batches.get_import(uow, import_id)
        return render_template(
            "loans/import_undo.html",
            row=row,
            resting=dependants(uow, row),
            kinds=KINDS,
            steps=[_(step) for step in STEPS],
        )


def _returned(
    import_id: int, made: Callable[[bytes, Report, HeadingMapping], bytes], word: str
) -> ResponseReturnValue:
    with unit_of_work() as uow:
        row = batches.get_import(uow, import_id)
        if not row.report:
            return redirect(url_for("loans.import_report", import_id=import_id))
        content = made(
            batches.content_of(uow, row), report_of(row.report), mapping_of(row.mapping)
        )
        stem = PurePath(row.filename).stem
        uow.record("loans.ledger_results_exported", f"ledger_import:{row.id}", what=word)
    return _workbook(content, f"{stem}-{word}.xlsx")


def _job(uow: UnitOfWork, row: LedgerImport) -> Job | None:
    if row.job_id is None:
        return None
    try:
        return get_job(uow.session, row.job_id)
    except NoSuchJobError:
        return None


def _step(row: LedgerImport) -> int:
    """Return the step the import is in, from 1; one behind the last when it is done."""
    return {
        "checking": 3,
        "refused": 2,
        "checked": 4,
        "applying": 5,
        "applied": 6,
        "undone": 6,
    }[row.state]


def _workbook(content: bytes, name: str) -> Response:
    return send_file(io.BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name)

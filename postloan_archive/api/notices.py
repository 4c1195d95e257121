"""Runs of letters: plan with the check of each letter, start, fetch what was written."""

import io

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.api.bodies import read_body
from postloan_archive.api.once import once
from postloan_archive.api.replies import one, page
from postloan_archive.notices import queries, service
from postloan_archive.notices.service import PlanRun
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("api_notices", __name__, url_prefix="/api/v1")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_RUNS = 1000


@bp.get("/notices/runs")
@requires(Permission.NOTICE_VIEW)
def runs() -> ResponseReturnValue:
    """List the newest runs."""
    with unit_of_work() as uow:
        rows = queries.runs(uow, limit=MOST_RUNS)
    return page(rows, lambda row: row.id)


@bp.post("/notices/runs")
@requires(Permission.NOTICE_RUN)
def plan() -> ResponseReturnValue:
    """Plan a run: kind, as_of and, where given, loan_nos; nothing is sent yet."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        run = service.plan_run(uow, read_body(PlanRun))
        return _run(uow, run.id), 201

    return once(step)


@bp.get("/notices/runs/<int:run_id>")
@requires(Permission.NOTICE_VIEW)
def run(run_id: int) -> ResponseReturnValue:
    """Show a run with its letters."""
    with unit_of_work() as uow:
        return one(_run(uow, run_id))


@bp.post("/notices/runs/<int:run_id>/start")
@requires(Permission.NOTICE_RUN)
def start(run_id: int) -> ResponseReturnValue:
    """Hand the run to a worker; the answer names the job."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        started = service.start_run(uow, run_id)
        return {"job_id": started.job_id, **_run(uow, run_id)}, 202

    return once(step)


@bp.get("/notices/runs/<int:run_id>/letters/<int:notice_id>.docx")
@requires(Permission.NOTICE_VIEW)
def letter(run_id: int, notice_id: int) -> ResponseReturnValue:
    """Hand out an issued letter, byte for byte as it was written."""
    with unit_of_work() as uow:
        notice = queries.get_letter(uow, run_id, notice_id)
        data = service.render(uow, notice)
        uow.record("notices.letter_exported", f"notice:{notice.id}", by="api")
    name = f"{notice.barcode or notice.id}.docx"
    return send_file(io.BytesIO(data), mimetype=DOCX, as_attachment=True, download_name=name)


def _run(uow: UnitOfWork, run_id: int) -> dict[str, object]:
    found = queries.get_run(uow, run_id)
    uow.session.flush()  # a run just planned is read back
    return {
        "id": found.id,
        "run_no": found.run_no,
        "kind": found.kind,
        "as_of": found.as_of,
        "state": found.state,
        "template_sha256": found.template_sha256,
        "letters": queries.letters_of(uow, found),
    }

"""Jobs, the audit trail, the calculators of the law, and what the API offers."""

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from postloan_archive import audit
from postloan_archive.access.permissions import Permission
from postloan_archive.api.description import describe
from postloan_archive.api.replies import asked_cursor, asked_limit, listed, one, written
from postloan_archive.audit import TrailFilter
from postloan_archive.calculators.compute import answer, compute_lines
from postloan_archive.jobs import get_job
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.guard import requires, signed_in
from postloan_archive.web.request_uow import unit_of_work

NOTHING = answer({})
bp = Blueprint("api_system", __name__, url_prefix="/api/v1")


@bp.get("/openapi.json")
@signed_in
def openapi() -> ResponseReturnValue:
    """Describe every address of the API as OpenAPI 3.1."""
    return written(describe(current_app))


@bp.get("/jobs/<int:job_id>")
@signed_in
def job(job_id: int) -> ResponseReturnValue:
    """Show how far a job is; its words may name papers and are for administrators alone."""
    with unit_of_work() as uow:
        found = get_job(uow.session, job_id)
        words = uow.actor.may(Permission.SYSTEM_ADMIN)
    return one(
        {
            "id": found.id,
            "kind": found.kind,
            "state": found.state,
            "progress_done": found.progress_done,
            "progress_total": found.progress_total,
            "attempts": found.attempts,
            "message": found.message if words else "",
            "reason": found.reason if words else "",
        }
    )


@bp.get("/audit/entries")
@requires(Permission.AUDIT_VIEW)
def entries() -> ResponseReturnValue:
    """Read the trail, newest line first; `event`, `subject` and `actor` narrow."""
    before, limit = asked_cursor(), asked_limit()
    with unit_of_work() as uow:
        found = audit.read(
            uow.session,
            TrailFilter(
                event=request.args.get("event", ""),
                subject=request.args.get("subject", ""),
                actor=request.args.get("actor", ""),
                before=whole_number(before),
            ),
            limit=limit,
        )
    more = found.next_before
    return listed(found.lines, next_key=None if more is None else str(more), total=found.total)


@bp.post("/law/compute")
@requires(Permission.CALCULATE)
def compute() -> ResponseReturnValue:
    """Answer as `postloan law compute` does: fn and input in, result and basis out."""
    found = next(compute_lines([request.get_data().replace(b"\n", b" ")]), NOTHING)
    return written(found, 200 if "result" in found else 422)

"""Runs of letters: plan with the check of each letter, start, fetch what was written."""

import io

from flask import Blueprint, request, send_file
from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.api.bodies import read_body
from postloan_archive.api.once import once
from postloan_archive.api.replies import one, page
from postloan_archive.kernel.entries import read_date
from postloan_archive.notices import (
    delivery,
    pausing,
    proposal_list,
    queries,
    service,
    template_versions,
)
from postloan_archive.notices.delivery import Dispatch, RecordOutcome
from postloan_archive.notices.effects import effect_of
from postloan_archive.notices.proposal_list import ProposalFilter
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
    """Hand the run to a worker; `reason`: why letters with warnings go all the same."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        given = request.get_json(silent=True)
        reason = given.get("reason", "") if isinstance(given, dict) else ""
        started = service.start_run(uow, run_id, reason=str(reason))
        return {"job_id": started.job_id, **_run(uow, run_id)}, 202

    return once(step)


@bp.post("/notices/runs/<int:run_id>/pause")
@requires(Permission.NOTICE_RUN)
def pause(run_id: int) -> ResponseReturnValue:
    """Hold a run after the letters in hand."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        pausing.pause_run(uow, run_id)
        return _run(uow, run_id), 200

    return once(step)


@bp.post("/notices/runs/<int:run_id>/resume")
@requires(Permission.NOTICE_RUN)
def resume(run_id: int) -> ResponseReturnValue:
    """Go on where a run stopped; no letter is made twice."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        resumed = pausing.resume_run(uow, run_id)
        return {"job_id": resumed.job_id, **_run(uow, run_id)}, 202

    return once(step)


@bp.post("/notices/dispatch")
@requires(Permission.NOTICE_DELIVER)
def dispatch() -> ResponseReturnValue:
    """Record that letters went out: notice_ids, channel, on; tracking_no where there is one."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        sent = delivery.dispatch(uow, read_body(Dispatch))
        return {"letters": [queries.letter_row(uow, notice) for notice in sent]}, 200

    return once(step)


@bp.post("/notices/letters/<int:notice_id>/outcome")
@requires(Permission.NOTICE_DELIVER)
def outcome(notice_id: int) -> ResponseReturnValue:
    """Record what became of a letter; the answer holds what it would do to a clock."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        delivery.record_outcome(uow, read_body(RecordOutcome, notice_id=notice_id))
        return _letter(uow, notice_id), 200

    return once(step)


@bp.post("/notices/letters/<int:notice_id>/confirm")
@requires(Permission.DEADLINE_EDIT)
def confirm(notice_id: int) -> ResponseReturnValue:
    """Let the proposed event of a letter move its clock."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        delivery.confirm_effect(uow, notice_id)
        return _letter(uow, notice_id), 200

    return once(step)


@bp.get("/notices/proposals")
@requires(Permission.NOTICE_VIEW)
def proposals() -> ResponseReturnValue:
    """List what the plan proposes for `day`, today where it is left out."""
    with unit_of_work() as uow:
        text = request.args.get("day", "")
        day = read_date(text) if text else uow.clock.today()
        rows = proposal_list.rows(uow, ProposalFilter(day=day))
    return page(rows, lambda row: row.id)


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
        "paused": found.paused,
        "left_out": found.left_out,
        "template_sha256": found.template_sha256,
        "template_versions": [
            {"number": one.number, "branch_id": one.branch_id, "sha256": one.sha256}
            for one in template_versions.versions_of_run(uow, found.id)
        ],
        "letters": queries.letters_of(uow, found),
    }


def _letter(uow: UnitOfWork, notice_id: int) -> dict[str, object]:
    notice = queries.get_notice(uow, notice_id)
    effect = effect_of(uow, notice)
    return {
        "letter": queries.letter_row(uow, notice),
        "effect": effect
        and {
            "label": effect.label,
            "sentence": effect.sentence,
            "before": effect.before.safe if effect.before else None,
            "after": effect.after.safe if effect.after else None,
            "confirmed": bool(effect.confirmed_by),
        },
    }

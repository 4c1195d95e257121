"""管理 › 后台任务: what waits, runs and failed; once more, or not at all."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive import jobs
from postloan_archive.access.permissions import Permission
from postloan_archive.admin import queue
from postloan_archive.jobs import JobState
from postloan_archive.web.event_words import job_label
from postloan_archive.web.guard import requires
from postloan_archive.web.job_words import JOBS
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("jobs", __name__, url_prefix="/admin/jobs")


@bp.get("")
@requires(Permission.SYSTEM_ADMIN)
def index() -> ResponseReturnValue:
    """List the jobs, newest first, with counts and the workers alive."""
    chosen = request.args.get("state", "")
    state = JobState(chosen) if chosen in set(JobState) else None
    kind = request.args.get("kind", "")
    with unit_of_work() as uow:
        now = uow.clock.now()
        total = jobs.list_jobs(uow.session, state=state, kind=kind, limit=0).total
        page = page_of(request.args, total=total)
        rows = jobs.list_jobs(
            uow.session, state=state, kind=kind, limit=page.size, offset=page.offset
        ).jobs
        workers = [one for one in jobs.list_workers(uow.session) if one.is_alive(now)]
        return render_template(
            "admin/jobs.html",
            rows=rows,
            page=page,
            counts=jobs.count_jobs(uow.session),
            workers=workers,
            state=state,
            kind=kind,
            kinds_shown=[(key, _(words)) for key, words in sorted(JOBS.items())],
            label=job_label,
        )


@bp.post("/<int:job_id>/retry")
@requires(Permission.SYSTEM_ADMIN)
def retry(job_id: int) -> ResponseReturnValue:
    """Put a failed or cancelled job back into the queue."""
    with unit_of_work() as uow:
        queue.retry(uow, job_id)
    flash(_("任务已重新排队。"))
    return redirect(url_for("jobs.index", state=request.form.get("state", "")))


@bp.post("/retry-failed")
@requires(Permission.SYSTEM_ADMIN)
def retry_failed() -> ResponseReturnValue:
    """Put every failed job back into the queue."""
    with unit_of_work() as uow:
        count = queue.retry_failed(uow)
    flash(_("%(count)s 个任务已重新排队。", count=count))
    return redirect(url_for("jobs.index"))


@bp.post("/<int:job_id>/cancel")
@requires(Permission.SYSTEM_ADMIN)
def cancel(job_id: int) -> ResponseReturnValue:
    """Stop a waiting job now, a running one at its next sign of progress."""
    with unit_of_work() as uow:
        queue.cancel(uow, job_id)
    flash(_("任务将停止。"))
    return redirect(url_for("jobs.index", state=request.form.get("state", "")))

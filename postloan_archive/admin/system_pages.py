"""管理 › 系统体检: the examination, the state of vault and index."""

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.admin import rechecking, trail_state
from postloan_archive.admin.doctor import Grade, examine
from postloan_archive.archive.queries import page_count
from postloan_archive.audit import last_of
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import the_system, unit_of_work

bp = Blueprint("system", __name__, url_prefix="/admin/system")


@bp.get("")
@requires(Permission.SYSTEM_ADMIN)
def health() -> ResponseReturnValue:
    """Examine the installation; what takes minutes is left to `postloan doctor`."""
    answers = examine(the_system(), quick=True)
    with unit_of_work() as uow:
        verified = last_of(uow.session, "vault.verified")
        return render_template(
            "admin/health.html",
            answers=answers,
            bad=sum(answer.grade is Grade.BAD for answer in answers),
            notes=sum(answer.grade is Grade.NOTE for answer in answers),
            checks=rechecking.check_state(uow.session),
            index=uow.index.status(uow.session, expected=page_count(uow.session)),
            verified_at=None if verified is None else verified.at,
            verified={} if verified is None else trail_state.facts_of(verified),
            job=trail_state.running(uow, trail_state.VAULT),
        )


@bp.get("/work")
@requires(Permission.SYSTEM_ADMIN)
def work() -> ResponseReturnValue:
    """Show how far the reading of the vault is; the finished page reloads itself."""
    with unit_of_work() as uow:
        job = trail_state.running(uow, trail_state.VAULT)
    if job is None:
        return Response(headers={"HX-Refresh": "true"})
    return render_template("admin/work.html", job=job, poll=url_for("system.work"))


@bp.post("/verify-vault")
@requires(Permission.SYSTEM_ADMIN)
def verify_vault() -> ResponseReturnValue:
    """Hand the reading of every stored file to a worker."""
    with unit_of_work() as uow:
        trail_state.ask(uow, trail_state.VAULT)
    return redirect(url_for("system.health"))

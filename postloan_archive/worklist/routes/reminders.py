"""通知: what was brought to the person's mind, until it is acknowledged."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.web.bounds import whole_numbers
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import look, unit_of_work
from postloan_archive.worklist import reminding
from postloan_archive.worklist.routes.blueprint import bp


@bp.get("/reminders")
@requires(Permission.DEADLINE_VIEW)
def reminders() -> ResponseReturnValue:
    """List the reminders of the person."""
    light("worklist.deadlines")
    with look() as uow:
        return render_template(
            "worklist/reminders.html",
            rows=reminding.reminders_of(uow),
            words=reminding.WORDS,
        )


@bp.post("/reminders/seen")
@requires(Permission.DEADLINE_VIEW)
def see_reminders() -> ResponseReturnValue:
    """Acknowledge the marked reminders."""
    ids = whole_numbers(request.form.getlist("reminder"))
    with unit_of_work() as uow:
        count = reminding.see(uow, ids)
    flash(_("已确认 %(count)s 条提醒。", count=count))
    return redirect(url_for("worklist.reminders"))

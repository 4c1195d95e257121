"""Sending the letters of a run: by hand of a clerk, or with numbers from a sheet."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.notices import delivery, queries, run_letters, sheets
from postloan_archive.notices.forms import DispatchForm, SheetForm
from postloan_archive.notices.pages.blueprint import bp
from postloan_archive.notices.pages.runs import run_page
from postloan_archive.notices.run_letters import Group
from postloan_archive.web.bounds import whole_numbers
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text, next_step_text


@bp.post("/notices/runs/<int:run_id>/dispatch")
@requires(Permission.NOTICE_DELIVER)
def dispatch(run_id: int) -> ResponseReturnValue:
    """Record that the marked letters went out; without marks, all that are not sent yet."""
    form = DispatchForm()
    if not form.submitted():
        return run_page(run_id, dispatch_form=form)
    marked = whole_numbers(request.form.getlist("letter"))
    if request.form.get("all_results"):
        marked = ()
    try:
        with unit_of_work() as uow:
            found = queries.get_run(uow, run_id)
            group = Group.ISSUED if marked else Group.UNSENT
            ids = run_letters.ids(uow, found, group, marked)
            sent = delivery.dispatch(uow, form.command(tuple(ids)))
    except PostloanError as error:
        form.show(error)
        return run_page(run_id, dispatch_form=form)
    flash(_("已登记寄送 %(count)s 封。", count=len(sent)))
    return redirect(url_for("notices.run", run_id=run_id))


@bp.post("/notices/runs/<int:run_id>/tracking")
@requires(Permission.NOTICE_DELIVER)
def tracking(run_id: int) -> ResponseReturnValue:
    """Take tracking numbers from a sheet."""
    form = SheetForm()
    if not (form.submitted() and form.sheet.data):
        return redirect(url_for("notices.run", run_id=run_id))
    try:
        with unit_of_work() as uow:
            rows = sheets.tracking_of_sheet(form.sheet.data.stream)
            taken, unmatched = delivery.register_tracking(uow, run_id, rows)
    except PostloanError as error:
        flash(" ".join(filter(None, (error_text(error), next_step_text(error)))), "error")
    else:
        flash(_("已登记 %(count)s 个邮件号。", count=taken))
        if unmatched:
            flash(_("没有对应的函件：%(names)s", names="、".join(unmatched[:20])), "warning")
    return redirect(url_for("notices.run", run_id=run_id))

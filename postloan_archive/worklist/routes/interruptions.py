"""时效事项 of a loan file: what interrupted its limitation, entered, confirmed, struck."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.archive import queries as archive
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.loans.file_frame import file_frame
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.worklist import interrupting
from postloan_archive.worklist.interruption_forms import InterruptionForm
from postloan_archive.worklist.routes.blueprint import bp


@bp.get("/loans/<loan_no>/interruptions")
@requires(Permission.LOAN_VIEW)
def interruptions(loan_no: str) -> ResponseReturnValue:
    """List what interrupted the limitation of the debt and claimed the guarantees."""
    return _page(loan_no, InterruptionForm(formdata=None))


@bp.post("/loans/<loan_no>/interruptions")
@requires(Permission.CASE_EDIT)
def note_interruption(loan_no: str) -> ResponseReturnValue:
    """Record an interruption with its proof."""
    form = InterruptionForm()
    if form.submitted():
        try:
            with unit_of_work() as uow:
                event = interrupting.note(uow, form.command(loan_no))
                counted = event.confirmed_at is not None
        except PostloanError as error:
            form.show(error)
        else:
            flash(
                _("已登记，时效已重新计算。")
                if counted
                else _("已登记；证据等级不足，法务确认前不计入时效。")
            )
            return redirect(url_for("worklist.interruptions", loan_no=loan_no))
    return _page(loan_no, form)


@bp.post("/loans/<loan_no>/interruptions/<int:event_id>/confirm")
@requires(Permission.CASE_EDIT)
def confirm_interruption(loan_no: str, event_id: int) -> ResponseReturnValue:
    """Let an event of level C count."""
    with unit_of_work() as uow:
        interrupting.confirm(uow, loan_no, event_id)
    flash(_("已确认，时效已重新计算。"))
    return redirect(url_for("worklist.interruptions", loan_no=loan_no))


@bp.post("/loans/<loan_no>/interruptions/<int:event_id>/strike")
@requires(Permission.CASE_EDIT)
def strike_interruption(loan_no: str, event_id: int) -> ResponseReturnValue:
    """Take an event out of the clock, with a reason."""
    form = InterruptionForm(formdata=None)
    try:
        with unit_of_work() as uow:
            interrupting.strike(uow, loan_no, event_id, request.form.get("reason", ""))
    except PostloanError as error:
        form.show(error)
        return _page(loan_no, form)
    flash(_("已删划，时效已重新计算。"))
    return redirect(url_for("worklist.interruptions", loan_no=loan_no))


def _page(loan_no: str, form: InterruptionForm) -> ResponseReturnValue:
    with unit_of_work() as uow:
        file = file_frame(uow, loan_no, "loan")
        form.offer(
            [one.guarantor.name for one in file.loan.guarantees],
            [
                (str(paper.id), f"{paper.piece_no} {paper.title}")
                for paper in archive.documents_of(uow, file.loan.id)
            ],
        )
        page = render_template(
            "worklist/interruptions.html",
            file=file,
            form=form,
            rows=interrupting.rows(uow, file.loan),
            edit=uow.actor.may(Permission.CASE_EDIT),
        )
    return page, 422 if form.errors or form.form_errors else 200

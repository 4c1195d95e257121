"""销毁清册: propose, approve, supervise, carry out, sign; as page, print and Word."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive import jobs
from postloan_archive.access import branches, users
from postloan_archive.access.permissions import Permission
from postloan_archive.admin.account import PasswordNotRightError
from postloan_archive.admin.proof import prove
from postloan_archive.archive.rules.filing import item_title
from postloan_archive.jobs import NoSuchJobError
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.retention import prints
from postloan_archive.retention.forms import StepForm
from postloan_archive.retention.routes.appraisal import DOCX
from postloan_archive.retention.routes.blueprint import bp
from postloan_archive.retention.service import lists
from postloan_archive.retention.service.lists import ProposeList
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.downloads import download
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

STATES: Final = {
    "proposed": _l("待审批"),
    "approved": _l("待监销签字"),
    "supervised": _l("待执行"),
    "running": _l("执行中"),
    "executed": _l("待监销人确认"),
    "closed": _l("已办结"),
    "refused": _l("已退回"),
    "withdrawn": _l("已撤回"),
}
ORDER: Final = ("proposed", "approved", "supervised", "running", "executed", "closed")


@bp.get("/retention/lists")
@requires(Permission.RETENTION_VIEW)
def disposal_lists() -> ResponseReturnValue:
    """Show the destruction lists; they are kept for ever."""
    light("retention.index")
    with unit_of_work() as uow:
        return render_template(
            "retention/lists.html",
            rows=lists.all_lists(uow),
            states=STATES,
            names=users.display_names(uow),
            branches=branches.names(uow.session),
        )


@bp.post("/retention/lists")
@requires(Permission.RETENTION_EDIT)
def propose() -> ResponseReturnValue:
    """Draw up a list of the marked loan files."""
    with unit_of_work() as uow:
        command = ProposeList(
            loan_nos=tuple(request.form.getlist("loan")),
            reason=request.form.get("reason", ""),
        )
        number = lists.propose(uow, command).list_no
    flash(_("清册 %(no)s 已提出，待另一人审批。", no=number))
    return redirect(url_for("retention.disposal_list", list_no=number))


@bp.get("/retention/lists/<list_no>")
@requires(Permission.RETENTION_VIEW)
def disposal_list(list_no: str) -> ResponseReturnValue:
    """Show one list with its steps; printed, it is the 销毁清册."""
    light("retention.index")
    return _page(list_no, StepForm())


@bp.get("/retention/lists/<list_no>.docx")
@requires(Permission.RETENTION_VIEW)
def disposal_paper(list_no: str) -> ResponseReturnValue:
    """Return the list as Word, with the lines for signatures."""
    with unit_of_work() as uow:
        row = lists.get_list(uow, list_no)
        body = prints.disposal_paper(uow, row)
        uow.record("retention.list_exported", f"disposal_list:{row.id}", list_no=list_no)
    return download(body, name=f"销毁清册_{list_no}.docx", media_type=DOCX)


@bp.post("/retention/lists/<list_no>/decide")
@requires(Permission.RETENTION_APPROVE)
def decide(list_no: str) -> ResponseReturnValue:
    """Approve the list as the second person, or send it back."""
    agree = request.form.get("decision") == "yes"
    return _step(
        list_no,
        lambda uow, digest, note: lists.approve(uow, list_no, digest, agree=agree, note=note),
        _("清册已批准，待监销人签字。") if agree else _("清册已退回。"),
    )


@bp.post("/retention/lists/<list_no>/supervise")
@requires(Permission.RETENTION_APPROVE)
def supervise(list_no: str) -> ResponseReturnValue:
    """Sign as the supervisor who is present."""
    return _step(
        list_no,
        lambda uow, digest, _note: lists.supervise(uow, list_no, digest),
        _("监销人已签字，可以执行。"),
    )


@bp.post("/retention/lists/<list_no>/start")
@requires(Permission.RETENTION_EDIT)
def start(list_no: str) -> ResponseReturnValue:
    """Carry the list out."""
    return _step(
        list_no,
        lambda uow, digest, _note: lists.start(uow, list_no, digest),
        _("已开始执行，完成后请监销人确认。"),
    )


@bp.post("/retention/lists/<list_no>/go-on")
@requires(Permission.RETENTION_EDIT)
def go_on(list_no: str) -> ResponseReturnValue:
    """Let a run that stopped go on."""
    with unit_of_work() as uow:
        lists.go_on(uow, list_no)
    flash(_("已继续执行。"))
    return redirect(url_for("retention.disposal_list", list_no=list_no))


@bp.post("/retention/lists/<list_no>/close")
@requires(Permission.RETENTION_APPROVE)
def close(list_no: str) -> ResponseReturnValue:
    """Sign the result as the supervisor."""
    return _step(
        list_no,
        lambda uow, _digest, _note: lists.close(uow, list_no),
        _("清册已办结，永久保存。"),
    )


@bp.post("/retention/lists/<list_no>/withdraw")
@requires(Permission.RETENTION_EDIT)
def withdraw(list_no: str) -> ResponseReturnValue:
    """Take a list back before it is carried out."""
    with unit_of_work() as uow:
        lists.withdraw(uow, list_no, request.form.get("reason", ""))
    flash(_("清册已撤回，未销毁任何文件。"))
    return redirect(url_for("retention.disposal_list", list_no=list_no))


def _step(
    list_no: str, step: Callable[[UnitOfWork, str, str], object], done: str
) -> ResponseReturnValue:
    form = StepForm()
    if form.submitted():
        try:
            if not prove(form.password.data or ""):
                raise PasswordNotRightError
            with unit_of_work() as uow:
                step(uow, request.form.get("digest", ""), form.note.data or "")
        except PostloanError as error:
            form.show(error)
        else:
            flash(done)
            return redirect(url_for("retention.disposal_list", list_no=list_no))
    light("retention.index")
    return _page(list_no, form), HTTPStatus.UNPROCESSABLE_ENTITY


def _page(list_no: str, form: StepForm) -> str:
    with unit_of_work() as uow:
        row = lists.get_list(uow, list_no)
        return render_template(
            "retention/list.html",
            row=row,
            form=form,
            states=STATES,
            steps=[_(STATES[one]) for one in ORDER],
            now=ORDER.index(row.state) + 1 if row.state in ORDER else 0,
            names=users.display_names(uow),
            branch=branches.name_of(uow, row.branch_id),
            job=_job(uow, row.job_id),
            item_title=lambda code: _(item_title(code)),
            me=uow.actor.name,
        )


def _job(uow: UnitOfWork, job_id: int | None) -> jobs.Job | None:
    if job_id is None:
        return None
    try:
        return jobs.get_job(uow.session, job_id)
    except NoSuchJobError:
        return None

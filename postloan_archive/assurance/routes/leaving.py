"""导出案卷: ask, approve by another person, watch it being written, take it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive import jobs
from postloan_archive.access import users
from postloan_archive.access.permissions import Permission
from postloan_archive.admin import exporting
from postloan_archive.admin.account import PasswordNotRightError
from postloan_archive.admin.export_writing import KEPT
from postloan_archive.admin.forms import ProofForm
from postloan_archive.admin.proof import prove
from postloan_archive.assurance.forms import DecisionForm, ExportForm
from postloan_archive.assurance.routes.blueprint import bp
from postloan_archive.jobs import NoSuchJobError
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.loans import selections
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.downloads import download, pieces
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work

STATES: Final = {
    "proposed": _l("待审批"),
    "running": _l("正在生成"),
    "done": _l("可下载"),
    "refused": _l("已退回"),
    "withdrawn": _l("已撤回"),
    "cleared": _l("已过保留期"),
}
KINDS: Final = {"done": "ok", "refused": "bad", "proposed": "soon", "running": "info"}
ZIP: Final = "application/zip"


@bp.get("/exports")
@requires(Permission.RETENTION_VIEW)
def exports() -> ResponseReturnValue:
    """Show the exports: what left, why, for whom, by which two persons."""
    light("loans.index")
    chosen = request.args.get("state", "")
    with unit_of_work() as uow:
        rows = exporting.all_exports(uow, chosen if chosen in STATES else "")
        page = page_of(request.args, total=len(rows))
        return render_template(
            "assurance/exports.html",
            rows=rows[page.offset : page.offset + page.size],
            page=page,
            states=STATES,
            kinds=KINDS,
            chosen=chosen,
            names=users.display_names(uow),
            newest=exporting.NEWEST,
            days=KEPT.days,
        )


@bp.route("/exports/new", methods=["GET", "POST"])
@requires(Permission.DOCUMENT_EXPORT)
def new_export() -> ResponseReturnValue:
    """Ask for the export of one loan file or several."""
    light("loans.index")
    form = ExportForm()
    if request.method == "GET":
        form.loan_nos.data = "\n".join(_chosen())
    if form.submitted():
        try:
            _proved(form)
            with unit_of_work() as uow:
                row = exporting.ask(uow, form.command())
                number, waits = row.export_no, row.state == "proposed"
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("已申请，待另一人审批。") if waits else _("已开始生成导出包。"))
            return redirect(url_for("assurance.file_export", export_no=number))
    page = render_template("assurance/new_export.html", form=form, days=KEPT.days)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK


@bp.get("/exports/<export_no>")
@requires(Permission.RETENTION_VIEW)
def file_export(export_no: str) -> ResponseReturnValue:
    """Show one export with its steps, how far it is, and its digests."""
    return _page(export_no, DecisionForm())


@bp.get("/exports/<export_no>/progress")
@requires(Permission.RETENTION_VIEW)
def export_progress(export_no: str) -> ResponseReturnValue:
    """Show how far the writing is; the page asks for it again."""
    with unit_of_work() as uow:
        row = exporting.get_export(uow, export_no)
        return render_template(
            "assurance/_export_progress.html", row=row, job=_job(uow, row.job_id)
        )


@bp.post("/exports/<export_no>/decide")
@requires(Permission.RETENTION_APPROVE)
def decide_export(export_no: str) -> ResponseReturnValue:
    """Approve exactly what the page shows, as the second person, or turn it down."""
    agree = request.form.get("decision") == "yes"
    form = DecisionForm()
    if form.submitted():
        try:
            _proved(form)
            with unit_of_work() as uow:
                exporting.decide(
                    uow,
                    export_no,
                    request.form.get("digest", ""),
                    agree=agree,
                    note=form.note.data or "",
                )
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("已批准，正在生成导出包。") if agree else _("已退回。"))
            return redirect(url_for("assurance.file_export", export_no=export_no))
    return _page(export_no, form), HTTPStatus.UNPROCESSABLE_ENTITY


@bp.post("/exports/<export_no>/withdraw")
@requires(Permission.DOCUMENT_EXPORT)
def withdraw_export(export_no: str) -> ResponseReturnValue:
    """Take back what waits."""
    return _step(export_no, exporting.withdraw, _("申请已撤回，没有文件导出。"))


@bp.post("/exports/<export_no>/again")
@requires(Permission.DOCUMENT_EXPORT)
def export_again(export_no: str) -> ResponseReturnValue:
    """Begin anew what stopped."""
    return _step(export_no, exporting.again, _("已重新开始生成。"))


@bp.get("/exports/<export_no>/bag.zip")
@requires(Permission.DOCUMENT_EXPORT)
def export_zip(export_no: str) -> ResponseReturnValue:
    """Hand the zip to one of the two persons."""
    with unit_of_work() as uow:
        row, path = exporting.hand_out(uow, export_no)
        size = row.size
    return download(
        pieces(path.open("rb")), name=f"案卷导出_{export_no}.zip", media_type=ZIP, size=size
    )


def _chosen() -> list[str]:
    """Return the numbers that the page before handed over."""
    with unit_of_work() as uow:
        marked = selections.chosen(uow, whole_number(request.args.get("chosen", "")))
    typed = request.args.get("loans", "").split(",")
    return [*request.args.getlist("loan"), *filter(None, typed), *marked][: exporting.MOST]


def _step(
    export_no: str, step: Callable[[UnitOfWork, str], None], done: str
) -> ResponseReturnValue:
    with unit_of_work() as uow:
        step(uow, export_no)
    flash(done)
    return redirect(url_for("assurance.file_export", export_no=export_no))


def _proved(form: ProofForm) -> None:
    if not prove(form.password.data or ""):
        raise PasswordNotRightError


def _page(export_no: str, form: DecisionForm) -> str:
    light("loans.index")
    with unit_of_work() as uow:
        row = exporting.get_export(uow, export_no)
        return render_template(
            "assurance/export.html",
            row=row,
            form=form,
            states=STATES,
            kinds=KINDS,
            names=users.display_names(uow),
            job=_job(uow, row.job_id),
            me=uow.actor.name,
            days=KEPT.days,
        )


def _job(uow: UnitOfWork, job_id: int | None) -> jobs.Job | None:
    if job_id is None:
        return None
    try:
        return jobs.get_job(uow.session, job_id)
    except NoSuchJobError:
        return None

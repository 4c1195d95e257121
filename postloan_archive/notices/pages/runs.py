"""法务 › 催收函: the runs, a new run, one run from its check table to the printer."""

import io
from datetime import date
from http import HTTPStatus
from typing import Final

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.jobs import Job, JobState, get_job
from postloan_archive.kernel.errors import PostloanError, RuleError
from postloan_archive.notices import (
    delivery,
    planning,
    printing,
    queries,
    registers,
    service,
    sheets,
)
from postloan_archive.notices.forms import (
    BY_NUMBER,
    CALLED_FOR,
    GIVEN_PREFIX,
    DispatchForm,
    PlanForm,
    SheetForm,
    plan_form,
)
from postloan_archive.notices.models import NoticeRun
from postloan_archive.notices.pages.blueprint import bp
from postloan_archive.notices.queries import LetterRow
from postloan_archive.notices.rules.delivery import (
    CHANNEL_LABELS,
    OUTCOME_LABELS,
    WITHOUT_RECEIPT_DAYS,
)
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.notices.rules.given import GIVEN
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.clocks import ClockFace, clock_face
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text, next_step_text

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RUNNING: Final = (JobState.QUEUED, JobState.RUNNING)
SHOWN: Final = ("all", "errors", "warnings", "ready", "failed", "unsent", "waiting")


@bp.get("/notices")
@requires(Permission.NOTICE_VIEW)
def index() -> ResponseReturnValue:
    """List the runs."""
    with unit_of_work() as uow:
        page = page_of(request.args, total=queries.count_runs(uow))
        return render_template(
            "notices/index.html",
            rows=queries.runs(uow, limit=page.size, offset=page.offset),
            page=page,
            titles=NOTICES,
            waiting=queries.count_waiting(
                uow, sent_until=queries.days_before(uow.clock.today(), WITHOUT_RECEIPT_DAYS)
            ),
            unsent=queries.count_unsent(uow),
            days=WITHOUT_RECEIPT_DAYS,
        )


@bp.route("/notices/new", methods=["GET", "POST"])
@requires(Permission.NOTICE_RUN)
def create() -> ResponseReturnValue:
    """Choose letters, day and addressees; the answer is the check table."""
    kind = request.values.get("kind", "N02")
    form = plan_form(kind)(
        data={
            "numbers": request.args.get("loans", "").replace(",", "\n"),
            "source": BY_NUMBER if request.args.get("loans") else CALLED_FOR,
            "kind": kind,
        }
    )
    with unit_of_work() as uow:
        form.offer(uow.clock.today())
    if request.form.get("shown_kind", kind) != kind:
        flash(
            _("请补齐该种函件的要素，再提交检查。")
        )  # another kind was chosen: ask for its facts
    elif form.submitted():
        try:
            with unit_of_work() as uow:
                run_id = service.plan_run(uow, form.command()).id
        except PostloanError as error:
            form.show(error)
        else:
            return redirect(url_for("notices.run", run_id=run_id))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return _new_page(form, kind), status


@bp.post("/notices/choose")
@requires(Permission.NOTICE_RUN)
def choose() -> ResponseReturnValue:
    """Take loans that were marked in a list: ids or numbers, in fields named `loan`."""
    asked = request.form.getlist("loan")
    with unit_of_work() as uow:
        numbers = planning.numbers_among(uow, asked)
        form = PlanForm(
            formdata=None,
            data={"numbers": "\n".join(numbers), "source": BY_NUMBER, "kind": "N02"},
        )
        form.offer(uow.clock.today())
        form.as_of.data = uow.clock.today()
    return _new_page(form, "N02")


@bp.get("/notices/runs/<int:run_id>")
@requires(Permission.NOTICE_VIEW)
def run(run_id: int) -> ResponseReturnValue:
    """Show a run: the check table before, letters and their way after it was generated."""
    return _page(run_id)


@bp.post("/notices/runs/<int:run_id>/check")
@requires(Permission.NOTICE_RUN)
def check(run_id: int) -> ResponseReturnValue:
    """Draft the letters again from the facts of today."""
    with unit_of_work() as uow:
        service.recheck_run(uow, run_id)
    flash(_("已按最新数据重新检查。"))
    return redirect(url_for("notices.run", run_id=run_id))


@bp.post("/notices/runs/<int:run_id>/start")
@requires(Permission.NOTICE_RUN)
def start(run_id: int) -> ResponseReturnValue:
    """Let a worker issue the letters."""
    try:
        with unit_of_work() as uow:
            service.start_run(uow, run_id, reason=request.form.get("reason", ""))
    except RuleError as error:
        flash(error_text(error), "error")
    return redirect(url_for("notices.run", run_id=run_id))


@bp.post("/notices/runs/<int:run_id>/retry")
@requires(Permission.NOTICE_RUN)
def retry(run_id: int) -> ResponseReturnValue:
    """Let a worker try the failed letters again."""
    with unit_of_work() as uow:
        service.retry_failed(uow, run_id)
    return redirect(url_for("notices.run", run_id=run_id))


@bp.get("/notices/runs/<int:run_id>/work")
@requires(Permission.NOTICE_VIEW)
def work(run_id: int) -> ResponseReturnValue:
    """Show how far the worker is; the finished page reloads itself."""
    with unit_of_work() as uow:
        job = _running(uow, queries.get_run(uow, run_id))
    if job is None:
        return Response(headers={"HX-Refresh": "true"})
    return render_template("notices/work.html", job=job, run_id=run_id)


@bp.get("/notices/runs/<int:run_id>/print.docx")
@requires(Permission.DOCUMENT_EXPORT)
def print_docx(run_id: int) -> ResponseReturnValue:
    """Hand out all letters in one file, each on a fresh sheet."""
    with unit_of_work() as uow:
        found = queries.get_run(uow, run_id)
        data, name = printing.print_file(uow, found), f"{found.run_no}-打印.docx"
    return _file(data, name, DOCX)


@bp.post("/notices/runs/<int:run_id>/pdf")
@requires(Permission.DOCUMENT_EXPORT)
def make_pdf(run_id: int) -> ResponseReturnValue:
    """Let a worker make the PDF of all letters."""
    with unit_of_work() as uow:
        printing.start_pdf(uow, run_id)
    return redirect(url_for("notices.run", run_id=run_id))


@bp.get("/notices/runs/<int:run_id>/print.pdf")
@requires(Permission.DOCUMENT_EXPORT)
def print_pdf(run_id: int) -> ResponseReturnValue:
    """Hand out the PDF that a worker made."""
    with unit_of_work() as uow:
        found = queries.get_run(uow, run_id)
        data, name = printing.print_pdf(uow, found), f"{found.run_no}-打印.pdf"
    return _file(data, name, "application/pdf")


@bp.get("/notices/runs/<int:run_id>/labels.docx")
@requires(Permission.DOCUMENT_EXPORT)
def labels(run_id: int) -> ResponseReturnValue:
    """Hand out the address labels."""
    first = request.args.get("first", 1, type=int)
    with unit_of_work() as uow:
        found = queries.get_run(uow, run_id)
        data = printing.label_sheet(uow, found, first=first)
        name = f"{found.run_no}-地址标签.docx"
    return _file(data, name, DOCX)


@bp.get("/notices/runs/<int:run_id>/register.xlsx")
@requires(Permission.DOCUMENT_EXPORT)
def register(run_id: int) -> ResponseReturnValue:
    """Hand out the register of the run, also to be filled in with tracking numbers."""
    with unit_of_work() as uow:
        found = queries.get_run(uow, run_id)
        rows = [row for row in queries.letters_of(uow, found) if row.state == "issued"]
        data = registers.register_sheet(uow, f"{found.run_no} 函件登记表", rows)
        uow.record("notices.register_exported", f"notice_run:{run_id}", letters=len(rows))
        name = f"{found.run_no}-登记表.xlsx"
    return _file(data, name, XLSX)


@bp.post("/notices/runs/<int:run_id>/dispatch")
@requires(Permission.NOTICE_DELIVER)
def dispatch(run_id: int) -> ResponseReturnValue:
    """Record that the marked letters went out; without marks, all that are not sent yet."""
    form = DispatchForm()
    if not form.submitted():
        return _page(run_id, dispatch_form=form)
    marked = request.form.getlist("letter", type=int)
    try:
        with unit_of_work() as uow:
            rows = queries.letters_of(uow, queries.get_run(uow, run_id))
            ids = tuple(
                row.id
                for row in rows
                if row.state == "issued"
                and (row.id in marked if marked else row.dispatched_on is None)
            )
            sent = delivery.dispatch(uow, form.command(ids))
    except PostloanError as error:
        form.show(error)
        return _page(run_id, dispatch_form=form)
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


def _new_page(form: PlanForm, kind: str) -> str:
    return render_template(
        "notices/new.html",
        form=form,
        kind=kind,
        facts=[form[f"{GIVEN_PREFIX}{fact.name}"] for fact in GIVEN.get(kind, ())],
        asking=[(code, NOTICES[code].title) for code in (*GIVEN, "N03")],
    )


def _page(run_id: int, *, dispatch_form: DispatchForm | None = None) -> ResponseReturnValue:
    with unit_of_work() as uow:
        found = queries.get_run(uow, run_id)
        rows = queries.letters_of(uow, found)
        groups = {name: [row for row in rows if _shown(row, name)] for name in SHOWN}
        show = request.args.get("show", "all")
        chosen = groups.get(show, rows)
        page = page_of(request.args, total=len(chosen))
        form = dispatch_form or DispatchForm(
            formdata=None, data={"on": uow.clock.today(), "content_stated": True}
        )
        body = render_template(
            "notices/run.html",
            run_id=run_id,
            run=found,
            whole=len(rows) == len(found.notices),
            title=NOTICES[found.kind].title,
            rows=chosen[page.offset : page.offset + page.size],
            groups=groups,
            show=show if show in groups else "all",
            page=page,
            job=_running(uow, found),
            failure=_failure(uow, found),
            form=form,
            step=_step(found, groups),
            channels=CHANNEL_LABELS,
            outcomes=OUTCOME_LABELS,
            open_states=service.OPEN_STATES,
            faces={row.id: _face(row, uow.clock.today()) for row in chosen if row.clock},
        )
    failed = dispatch_form is not None and dispatch_form.errors
    return body, HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK


def _face(row: LetterRow, today: date) -> ClockFace:
    assert row.clock is not None  # the caller has seen to it
    clock = row.clock
    return clock_face(
        clock.safe,
        today,
        legal=clock.legal,
        provisional=clock.provisional,
        long_period=True,
    )


def _shown(row: LetterRow, name: str) -> bool:
    """Return whether a letter belongs to a group of the run page."""
    return {
        "all": True,
        "errors": row.state == "blocked",
        "warnings": row.state in {"draft", "issued"} and bool(row.warnings),
        "ready": row.state == "draft",
        "failed": row.state == "failed",
        "unsent": row.state == "issued" and row.dispatched_on is None,
        "waiting": row.dispatched_on is not None and not row.outcome,
    }[name]


def _step(found: NoticeRun, groups: dict[str, list[LetterRow]]) -> int:
    """Return where the run stands among the seven steps, from 1."""
    if found.state in service.OPEN_STATES:
        return 3
    if found.state == "generating":
        return 5
    return 6 if groups["unsent"] else 7


def _running(uow: UnitOfWork, found: NoticeRun) -> Job | None:
    for job_id in (found.print_job_id, found.job_id):
        if job_id is not None:
            job = get_job(uow.session, job_id)
            if job.state in RUNNING:
                return job
    return None


def _failure(uow: UnitOfWork, found: NoticeRun) -> str:
    """Return why the last job of the run gave up, or nothing."""
    jobs = [get_job(uow.session, one) for one in (found.print_job_id, found.job_id) if one]
    return next((job.reason for job in jobs if job.state is JobState.FAILED), "")


def _file(data: bytes, name: str, kind: str) -> ResponseReturnValue:
    return send_file(io.BytesIO(data), mimetype=kind, as_attachment=True, download_name=name)

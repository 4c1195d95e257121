"""法务 › 催收函: the runs, a new run, one run from its check table to the last letter."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Final

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import branches, people
from postloan_archive.access.permissions import Permission
from postloan_archive.jobs import Job, JobState, get_job
from postloan_archive.kernel.errors import PostloanError, RuleError
from postloan_archive.loans import selections
from postloan_archive.notices import (
    choosing,
    pausing,
    planning,
    proposal_list,
    queries,
    remedies,
    run_letters,
    service,
    template_versions,
)
from postloan_archive.notices.drafting import LABELS
from postloan_archive.notices.forms import (
    BY_NUMBER,
    CALLED_FOR,
    GIVEN_PREFIX,
    DispatchForm,
    PlanForm,
    plan_form,
)
from postloan_archive.notices.kinds import KINDS
from postloan_archive.notices.models import NoticeRun
from postloan_archive.notices.pages.blueprint import bp
from postloan_archive.notices.queries import LetterRow
from postloan_archive.notices.rules.delivery import (
    CHANNEL_LABELS,
    OUTCOME_LABELS,
    WITHOUT_RECEIPT_DAYS,
    usual_channel,
)
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.notices.rules.given import GIVEN
from postloan_archive.notices.run_letters import Group
from postloan_archive.notices.templates import in_use
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.clocks import ClockFace, clock_face
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text

RUNNING: Final = (JobState.QUEUED, JobState.RUNNING)


@bp.get("/notices")
@requires(Permission.NOTICE_VIEW)
def index() -> ResponseReturnValue:
    """List the runs."""
    with unit_of_work() as uow:
        page = page_of(request.args, total=queries.count_runs(uow))
        rows = queries.runs(uow, limit=page.size, offset=page.offset)
        return render_template(
            "notices/index.html",
            rows=rows,
            people=people.names_of(uow, {row.created_by for row in rows}),
            page=page,
            titles=NOTICES,
            waiting=queries.count_waiting(
                uow, sent_until=queries.days_before(uow.clock.today(), WITHOUT_RECEIPT_DAYS)
            ),
            unsent=queries.count_unsent(uow),
            proposed=proposal_list.count_today(uow),
            days=WITHOUT_RECEIPT_DAYS,
        )


@bp.route("/notices/new", methods=["GET", "POST"])
@requires(Permission.NOTICE_RUN)
def create() -> ResponseReturnValue:
    """Choose letters, day and addressees; the answer is the check table."""
    kind = request.values.get("kind", "N02")
    with unit_of_work() as uow:
        numbers = request.args.get("loans", "").split(",")
        numbers += selections.chosen(uow, whole_number(request.args.get("chosen")))
        named = "\n".join(filter(None, numbers))
        source = BY_NUMBER if named else CALLED_FOR
        form = plan_form(kind)(data={"numbers": named, "source": source, "kind": kind})
        form.offer(uow.clock.today())
    asks = kind in GIVEN or kind == "N03"
    if asks and request.form.get("shown_kind", kind) != kind:  # its facts were not on the page
        flash(_("请补齐该种函件的要素，再提交检查。"))
    elif form.submitted():
        try:
            with unit_of_work() as uow:
                run_id = _planned(uow, form).id
        except PostloanError as error:
            form.show(error)
        else:
            return redirect(url_for("notices.run", run_id=run_id))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return _new_page(form, kind), status


def _planned(uow: UnitOfWork, form: PlanForm) -> NoticeRun:
    rows = form.asked_rows()
    if rows is None:
        return service.plan_run(uow, form.command())
    choice = choosing.resolve(uow, rows, form.kind.data or "")
    return service.plan_run(uow, form.command(choice.loan_nos), left_out=choice.left_out)


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
    return run_page(run_id)


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


@bp.post("/notices/runs/<int:run_id>/pause")
@requires(Permission.NOTICE_RUN)
def pause(run_id: int) -> ResponseReturnValue:
    """Hold the run after the letters in hand."""
    with unit_of_work() as uow:
        pausing.pause_run(uow, run_id)
    flash(_("已暂停；已生成的函件不受影响，可随时继续。"))
    return redirect(url_for("notices.run", run_id=run_id))


@bp.post("/notices/runs/<int:run_id>/resume")
@requires(Permission.NOTICE_RUN)
def resume(run_id: int) -> ResponseReturnValue:
    """Go on where the run stopped."""
    with unit_of_work() as uow:
        pausing.resume_run(uow, run_id)
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


def _new_page(form: PlanForm, kind: str) -> str:
    letter = KINDS.get(kind)
    with unit_of_work() as uow:
        version = in_use(uow, letter, keep=False).number if letter else None
    return render_template(
        "notices/new.html",
        form=form,
        kind=kind,
        facts=[form[f"{GIVEN_PREFIX}{fact.name}"] for fact in GIVEN.get(kind, ())],
        version=version,
        asking=[(code, NOTICES[code].title) for code in (*GIVEN, "N03")],
    )


def run_page(run_id: int, *, dispatch_form: DispatchForm | None = None) -> ResponseReturnValue:
    """Return the page of a run, with a form that was refused in its place."""
    words = request.args.get("words", "").strip()
    with unit_of_work() as uow:
        found = queries.get_run(uow, run_id)
        counts = run_letters.counts(uow, found)
        group = _group(request.args.get("show", ""))
        sums = run_letters.sums(uow, found, group, words)
        page = page_of(request.args, total=sums.letters)
        rows = run_letters.rows(
            uow, found, group, words=words, limit=page.size, offset=page.offset
        )
        form = dispatch_form or DispatchForm(
            formdata=None,
            data={
                "on": uow.clock.today(),
                "content_stated": True,
                "channel": usual_channel(found.kind),
            },
        )
        body = render_template(
            "notices/run.html",
            run=found,
            author=people.name_of(uow, found.created_by),
            template=_template_words(uow, found),
            whole=queries.sees_whole(uow, run_id),
            title=NOTICES[found.kind].title,
            rows=rows,
            counts={one.value: count for one, count in counts.items()},
            sums=sums,
            warned=run_letters.warned_ready(uow, found),
            show=group.value,
            words=words,
            page=page,
            job=_running(uow, found),
            failure=_failure(uow, found),
            form=form,
            step=_step(found, counts),
            channels=CHANNEL_LABELS,
            outcomes=OUTCOME_LABELS,
            open_states=service.OPEN_STATES,
            lacking={row.id: remedies.lacking(row) for row in rows},
            labels=LABELS,
            faces={row.id: _face(row, uow.clock.today()) for row in rows if row.clock},
        )
    failed = dispatch_form is not None and dispatch_form.errors
    return body, HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK


def _template_words(uow: UnitOfWork, found: NoticeRun) -> str:
    """Return which versions of the template the letters take, and who published them."""
    words = []
    for one in template_versions.versions_of_run(uow, found.id):
        place = branches.name_of(uow, one.branch_id) if one.branch_id else ""
        shipped = one.origin == "shipped"
        who = (
            _("随产品")
            if shipped
            else _("%(who)s 发布", who=people.name_of(uow, one.decided_by))
        )
        words.append(place + _("第 %(no)s 版", no=one.number) + f"（{who}）")
    return "、".join(words[:3]) or found.template_sha256[:8]


def _group(text: str) -> Group:
    return Group(text) if text in set(Group) else Group.ALL


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


def _step(found: NoticeRun, counts: Mapping[Group, int]) -> int:
    """Return where the run stands among the seven steps, from 1."""
    if found.state in service.OPEN_STATES:
        return 3
    if found.state == "generating":
        return 5
    return 6 if counts[Group.UNSENT] else 7


def _running(uow: UnitOfWork, found: NoticeRun) -> Job | None:
    for job_id in (found.print_job_id, found.job_id):
        if job_id is not None:
            job = get_job(uow.session, job_id)
            if job.state in RUNNING:
                return job
    return None


def _failure(uow: UnitOfWork, found: NoticeRun) -> str:
    """Return why the last job of the run gave up, or nothing."""
    if found.paused:
        return ""
    jobs = [get_job(uow.session, one) for one in (found.print_job_id, found.job_id) if one]
    return next((job.reason for job in jobs if job.state is JobState.FAILED), "")

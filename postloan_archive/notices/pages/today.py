"""法务 › 催收函 › 今日建议: what the plan proposes for a day, and the plan itself."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from postloan_archive.access import people
from postloan_archive.access.permissions import Permission
from postloan_archive.jobs import Job, JobState, list_jobs
from postloan_archive.kernel.entries import read_date
from postloan_archive.kernel.errors import PostloanError, RuleError
from postloan_archive.notices import plans, proposal_list, service
from postloan_archive.notices.pages.blueprint import bp
from postloan_archive.notices.plans import ChangePlan, StageChange
from postloan_archive.notices.proposal_list import ProposalFilter
from postloan_archive.notices.proposing import PROPOSE
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.notices.rules.stages import KINDS_OF, Trigger
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number, whole_numbers
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text, next_step_text

AHEAD: Final = timedelta(days=31)  # how far a day to come can be asked about
RUNNING: Final = (JobState.QUEUED, JobState.RUNNING)
FILTER: Final = "filter_"  # before the names that a marked list sends along
YES: Final = "yes"


@bp.get("/notices/today")
@requires(Permission.NOTICE_VIEW)
def today() -> ResponseReturnValue:
    """List what the plan proposes for a day, stage by stage."""
    with unit_of_work() as uow:
        wanted = _wanted(uow, request.args)
        page = page_of(request.args, total=proposal_list.count(uow, wanted))
        plan = plans.plan_in_use(uow)
        return render_template(
            "notices/today.html",
            rows=proposal_list.rows(uow, wanted, limit=page.size, offset=page.offset),
            page=page,
            wanted=wanted,
            today=uow.clock.today(),
            groups=proposal_list.groups(uow, wanted),
            computed_at=proposal_list.computed_at(uow, wanted.day),
            stages={stage.key: stage for stage in plan.stages},
            edition=plan.edition,
            titles=NOTICES,
            kinds=service.KINDS,
            job=_computing(uow, wanted.day),
        )


@bp.post("/notices/today/compute")
@requires(Permission.NOTICE_VIEW)
def propose() -> ResponseReturnValue:
    """Let a worker compute what a day proposes."""
    with unit_of_work() as uow:
        day = _day(uow, request.form.get("day", ""))
        if _computing(uow, day) is None:
            uow.enqueue(PROPOSE, day.isoformat())
            uow.record("notices.proposals_asked", "notices", day=day.isoformat())
    return redirect(url_for("notices.today", day=day.isoformat()))


@bp.post("/notices/today/start")
@requires(Permission.NOTICE_RUN)
def start_proposed() -> ResponseReturnValue:
    """Make a run of the marked proposals, or of all that the filter finds."""
    args: MultiDict[str, str] = MultiDict(
        (name.removeprefix(FILTER), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(FILTER)
    )
    every = bool(request.form.get("all_results"))
    marked = None if every else whole_numbers(request.form.getlist("proposal"))
    try:
        with unit_of_work() as uow:
            run_id = proposal_list.start_run(uow, _wanted(uow, args), marked).id
    except RuleError as error:
        flash(" ".join(filter(None, (error_text(error), next_step_text(error)))), "error")
        return redirect(f"{url_for('notices.today')}?{urlencode(list(args.items(multi=True)))}")
    return redirect(url_for("notices.run", run_id=run_id))


@bp.get("/notices/plan")
@requires(Permission.NOTICE_VIEW)
def plan() -> ResponseReturnValue:
    """Show the plan in use and how it came about."""
    with unit_of_work() as uow:
        editions = plans.editions(uow)
        return render_template(
            "notices/plan.html",
            plan=plans.plan_in_use(uow),
            editions=editions,
            names=people.names_of(uow, {one.changed_by for one in editions}),
            titles=NOTICES,
            words=plans.words_of,
        )


@bp.route("/notices/plan/change", methods=["GET", "POST"])
@requires(Permission.POLICY_EDIT)
def change_plan() -> ResponseReturnValue:
    """Change the plan: a new edition, with the reason."""
    faults: dict[str, str] = {}
    with unit_of_work() as uow:
        used = plans.plan_in_use(uow)
    typed = {stage.key: _typed(stage.key) for stage in used.stages} if request.form else {}
    if request.method == "POST":
        cmd = ChangePlan(
            stages=tuple(typed.values()),
            reason=request.form.get("reason", ""),
            seen=whole_number(request.form.get("seen")) or 0,
        )
        try:
            with unit_of_work() as uow:
                plans.change_plan(uow, cmd)
        except PostloanError as error:
            said = " ".join(filter(None, (error_text(error), next_step_text(error))))
            faults[error.field or ""] = said
        else:
            flash(_("计划已改，作为新的版本；今日建议正在重算。"))
            return redirect(url_for("notices.plan"))
    return render_template(
        "notices/change_plan.html",
        plan=used,
        typed=typed,
        reason=request.form.get("reason", ""),
        faults=faults,
        choices=KINDS_OF,
        titles=NOTICES,
        triggers=Trigger,
        shown=request.form,
    ), HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK


def _typed(key: str) -> StageChange:
    return StageChange(
        key=key,
        days=whole_number(request.form.get(f"days-{key}")),
        kind=request.form.get(f"kind-{key}", ""),
        guarantors=request.form.get(f"guarantors-{key}") == YES,
        active=request.form.get(f"active-{key}") == YES,
    )


def _wanted(uow: UnitOfWork, args: MultiDict[str, str]) -> ProposalFilter:
    return ProposalFilter(
        day=_day(uow, args.get("day", "")),
        stage=args.get("stage", ""),
        kind=args.get("kind", ""),
        branch=whole_number(args.get("branch")),
        stopped=args.get("stopped") == "1",
        in_run=args.get("in_run") == "1",
        words=args.get("words", "").strip(),
    )


def _day(uow: UnitOfWork, text: str) -> date:
    """Return the day asked for; today where none was typed or it cannot be asked about."""
    now = uow.clock.today()
    if not text.strip():
        return now
    try:
        day = read_date(text)
    except RuleError:
        return now
    return day if day <= now + AHEAD else now


def _computing(uow: UnitOfWork, day: date) -> Job | None:
    """Return the job that computes the day, None if none does."""
    for job in list_jobs(uow.session, kind=PROPOSE, limit=10).jobs:
        asked = date.fromisoformat(str(job.args[0])) if job.args else uow.clock.today()
        if job.state in RUNNING and asked == day:
            return job
    return None

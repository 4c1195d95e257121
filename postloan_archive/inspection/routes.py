"""贷后检查: the plan, making an inspection, risk signals, the classification of a month."""

from datetime import date, timedelta
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import branches, people
from postloan_archive.access.permissions import Permission
from postloan_archive.inspection import lists, queries, workbook
from postloan_archive.inspection.lists import AskedDue, AskedSignals
from postloan_archive.inspection.photos import MOST, Photo, take
from postloan_archive.inspection.queries import AskedClasses
from postloan_archive.inspection.questions import CONCLUSIONS, form_kind, questions
from postloan_archive.inspection.rules import InspectionKind
from postloan_archive.inspection.service import classes, facts, inspections, signals
from postloan_archive.inspection.service.facts import NoteFact
from postloan_archive.inspection.service.inspections import MakeInspection
from postloan_archive.kernel.entries import read_date
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.loans import queries as loans
from postloan_archive.loans.file_frame import file_frame
from postloan_archive.loans.rules.ageing import RiskClass
from postloan_archive.reading import Limits
from postloan_archive.sheets import XLSX
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.downloads import download
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import the_system, unit_of_work
from postloan_archive.web.translations import error_text, next_step_text

bp = Blueprint("inspection", __name__)
KINDS: Final = ("经营", "财务", "诉讼查封", "股权变更", "押品", "失联", "其他")
WINDOWS: Final = (7, 30, 60)
STATES: Final = {"proposed": _l("待认定"), "waiting": _l("待审批"), "decided": _l("已认定")}


@bp.get("/inspections")
@requires(Permission.INSPECTION_VIEW)
def index() -> ResponseReturnValue:
    """Show the inspections that are due, and how many signals are open."""
    with unit_of_work() as uow:
        days, asked = _asked_due(uow.clock.today())
        page = page_of(request.args, total=lists.count_due(uow, asked))
        return render_template(
            "inspection/index.html",
            rows=lists.due_inspections(uow, asked, offset=page.offset, limit=page.size),
            page=page,
            asked=asked,
            days=days,
            windows=WINDOWS,
            kinds=[(str(one), _(str(one))) for one in InspectionKind],
            signals=lists.count_signals(uow, AskedSignals()),
            late=lists.count_signals(uow, AskedSignals(state="late")),
            branches=_branches(uow),
        )


@bp.get("/inspections.xlsx")
@requires(Permission.INSPECTION_VIEW)
def plan_export() -> ResponseReturnValue:
    """Hand out the inspections that are due as a workbook."""
    with unit_of_work() as uow:
        day = uow.clock.today()
        data = workbook.plan(uow, _asked_due(day)[1])
    return download(data, name=f"检查计划-{day}.xlsx", media_type=XLSX)


def _asked_due(today: date) -> tuple[int, AskedDue]:
    given = request.args
    days = whole_number(given.get("days")) or 0
    days = days if days in WINDOWS else 30
    return days, AskedDue(
        until=today + timedelta(days=days),
        kind=given.get("kind", ""),
        branch_id=whole_number(given.get("branch")),
        word=given.get("q", ""),
    )


def _branches(uow: UnitOfWork) -> list[tuple[int, str]]:
    return [(row.id, row.name) for row in branches.tree(uow.session, only=uow.actor.branch_ids)]


@bp.get("/loans/<loan_no>/inspections")
@requires(Permission.INSPECTION_VIEW)
def of_loan(loan_no: str) -> ResponseReturnValue:
    """Show plan, inspections, signals and classes of one loan."""
    with unit_of_work() as uow:
        frame = file_frame(uow, loan_no, "inspections")
        return render_template(
            "inspection/of_loan.html",
            file=frame,
            plan=queries.plan_of(uow, frame.loan),
            made=queries.inspections_of(uow, frame.loan.id),
            signals=queries.signals_of(uow, frame.loan.id),
            classes=queries.history_of(uow, frame.loan.id),
            kinds=KINDS,
            states=STATES,
            facts=facts.facts_of(uow, frame.loan.id),
            fact_words=facts.words(),
            shares=facts.SHARES,
            technical=facts.TECHNICAL,
            who=people.names_of(
                uow,
                {row.made_by for row in queries.inspections_of(uow, frame.loan.id)}
                | {row.noted_by for row in facts.facts_of(uow, frame.loan.id)}
                | {row.approved_by for row in facts.facts_of(uow, frame.loan.id)},
            ),
        )


@bp.route("/loans/<loan_no>/inspections/new", methods=["GET", "POST"])
@requires(Permission.INSPECTION_EDIT)
def make(loan_no: str) -> ResponseReturnValue:
    """Make an inspection; the form fits a phone."""
    given = request.values.get("kind", "")
    kind = InspectionKind(given) if given in set(InspectionKind) else InspectionKind.REGULAR
    fault = ""
    if request.method == "POST":
        try:
            cmd = _command(loan_no, kind)  # photos are drawn before the transaction
            with unit_of_work() as uow:
                document_id = inspections.make(uow, cmd).document_id
        except PostloanError as error:
            fault = f"{error_text(error)} {next_step_text(error)}".strip()
        else:
            flash(_("检查已登记，报告已归入案卷（文件 %(no)s）。", no=document_id))
            return redirect(url_for("inspection.of_loan", loan_no=loan_no))
    with unit_of_work() as uow:
        loan = loans.get_loan(uow, loan_no)
        page = render_template(
            "inspection/new.html",
            loan_no=loan.loan_no,
            customer=loan.customer.name,
            kind=kind,
            kinds=list(InspectionKind),
            form_kind=form_kind(loan.product, loan.customer.kind),
            questions=questions(kind, form_kind(loan.product, loan.customer.kind)),
            most_photos=MOST,
            conclusions=CONCLUSIONS,
            today=uow.clock.today(),
            fault=fault,
        )
    return page, 422 if fault else 200


@bp.post("/loans/<loan_no>/signals")
@requires(Permission.INSPECTION_EDIT)
def raise_signal(loan_no: str) -> ResponseReturnValue:
    """Enter a signal that a person saw."""
    with unit_of_work() as uow:
        signals.raise_signal(
            uow, loan_no, request.form.get("kind", "其他"), request.form.get("text", "")
        )
    flash(_("风险信号已登记，五个工作日内完成专项检查。"))
    return redirect(url_for("inspection.of_loan", loan_no=loan_no))


@bp.post("/loans/<loan_no>/risk-facts")
@requires(Permission.INSPECTION_EDIT)
def note_fact(loan_no: str) -> ResponseReturnValue:
    """Note a fact that sets a floor for the class."""
    given = request.form
    cmd = NoteFact(
        loan_no=loan_no,
        name=given.get("name", ""),
        note=given.get("note", ""),
        value=given.get("value", ""),
    )
    with unit_of_work() as uow:
        facts.note_fact(uow, cmd)
    flash(_("风险事实已登记，下次提出分类建议时计入。"))
    return redirect(url_for("inspection.of_loan", loan_no=loan_no))


@bp.post("/risk-facts/<int:fact_id>/approve")
@requires(Permission.CLASSIFY)
def approve_fact(fact_id: int) -> ResponseReturnValue:
    """Approve that a delay of a few days has a technical reason."""
    with unit_of_work() as uow:
        row = facts.approve_fact(uow, fact_id)
        loan_no = loans.numbers_of(uow, {row.loan_id})[row.loan_id]
    flash(_("技术原因已批准，下次提出分类建议时计入。"))
    return redirect(url_for("inspection.of_loan", loan_no=loan_no))


@bp.post("/risk-facts/<int:fact_id>/end")
@requires(Permission.CLASSIFY)
def end_fact(fact_id: int) -> ResponseReturnValue:
    """Say that a fact no longer holds."""
    with unit_of_work() as uow:
        row = facts.end_fact(uow, fact_id, request.form.get("why", ""))
        loan_no = loans.numbers_of(uow, {row.loan_id})[row.loan_id]
    flash(_("风险事实已终止。"))
    return redirect(url_for("inspection.of_loan", loan_no=loan_no))


@bp.get("/classification")
@requires(Permission.INSPECTION_VIEW)
def classification() -> ResponseReturnValue:
    """Show the classification of one month."""
    light("inspection.classification")
    asked = _asked()
    with unit_of_work() as uow:
        month = _month(uow)
        page = page_of(request.args, total=queries.count_decisions(uow, month, asked))
        rows = queries.decisions(uow, month, asked=asked, offset=page.offset, limit=page.size)
        return render_template(
            "inspection/classification.html",
            month=month,
            rows=rows,
            page=page,
            asked=asked,
            counted=queries.counted_classes(uow, month),
            classes=[str(one) for one in RiskClass],
            states=STATES,
            branches=_branches(uow),
            who=people.names_of(
                uow, {name for row, _h in rows for name in (row.decided_by, row.approved_by)}
            ),
        )


@bp.get("/classification.xlsx")
@requires(Permission.INSPECTION_VIEW)
def classification_export() -> ResponseReturnValue:
    """Hand out the classes of a month as a workbook."""
    with unit_of_work() as uow:
        month = _month(uow)
        data = workbook.classes(uow, month, _asked(), STATES)
    return download(data, name=f"五级分类认定-{month}.xlsx", media_type=XLSX)


def _asked() -> AskedClasses:
    given = request.args
    return AskedClasses(
        state=given.get("state", ""),
        branch_id=whole_number(given.get("branch")),
        proposed=given.get("proposed", ""),
        changed=given.get("changed") == "1",
    )


def _month(uow: UnitOfWork) -> str:
    given = request.args.get("month", "")
    if not given:
        return classes.month_of(uow.clock.today())
    return classes.month_of(read_date(f"{given}-01"))


@bp.post("/classification/propose")
@requires(Permission.CLASSIFY)
def propose() -> ResponseReturnValue:
    """Let the rules propose the classes of this month."""
    with unit_of_work() as uow:
        month = classes.month_of(uow.clock.today())
        count = classes.propose(uow, month)
    flash(_("已提出 %(count)s 笔分类建议。", count=count))
    return redirect(url_for("inspection.classification", month=month))


@bp.post("/classification/accept")
@requires(Permission.CLASSIFY)
def accept() -> ResponseReturnValue:
    """Take every open proposal as it is."""
    month = request.form.get("month", "")
    with unit_of_work() as uow:
        count = classes.accept_all(uow, month)
    flash(_("已按建议认定 %(count)s 笔。", count=count))
    return redirect(url_for("inspection.classification", month=month))


@bp.post("/classification/<int:decision_id>/decide")
@requires(Permission.CLASSIFY)
def decide(decision_id: int) -> ResponseReturnValue:
    """Decide on the class of one loan."""
    wanted = request.form.get("class", "")
    with unit_of_work() as uow:
        row = classes.decide(
            uow,
            decision_id,
            classes.class_named(wanted),
            request.form.get("why", ""),
            seen=request.form.get("seen", ""),
        )
        month, waits = row.month, row.state == "waiting"
    flash(_("优于规则下限，已提交另一人审批。") if waits else _("已认定。"))
    return redirect(url_for("inspection.classification", month=month))


@bp.post("/classification/<int:decision_id>/approve")
@requires(Permission.CLASSIFY)
def approve(decision_id: int) -> ResponseReturnValue:
    """Approve or send back a class that is better than the rules allow."""
    with unit_of_work() as uow:
        month = classes.approve(
            uow, decision_id, agree=request.form.get("decision") == "yes"
        ).month
    flash(_("已处理。"))
    return redirect(url_for("inspection.classification", month=month))


def _command(loan_no: str, kind: InspectionKind) -> MakeInspection:
    form = request.form
    conclusion = form.get("conclusion", "")
    return MakeInspection(
        loan_no=loan_no,
        kind=kind,
        made_on=read_date(form.get("made_on", "")),
        answers={
            name.removeprefix("q-"): value
            for name, value in form.items()
            if name.startswith("q-")
        },
        conclusion=conclusion if conclusion in CONCLUSIONS else CONCLUSIONS[0],
        place=form.get("place", ""),
        remarks=form.get("remarks", ""),
        photos=_photos(),
    )


def _photos() -> tuple[Photo, ...]:
    settings = the_system().settings
    limits = Limits(wall_s=settings.reading_timeout_s, memory_mb=settings.reading_memory_mb)
    sent = [(one.filename or "", one.stream.read()) for one in request.files.getlist("photos")]
    return take(sent, limits)

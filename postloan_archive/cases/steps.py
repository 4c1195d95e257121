"""What a person does with a docket: each step has its page."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.cases import (
    case_loans,
    cautions,
    deciding,
    periods,
    queries,
    recording,
    service,
)
from postloan_archive.cases.deciding import DecidePeriod
from postloan_archive.cases.forms import (
    CorrectForm,
    EventForm,
    PartyForm,
    PeriodForm,
    ProcedureForm,
    StrikeForm,
    papers,
)
from postloan_archive.cases.recording import KeepParty
from postloan_archive.cases.routes import bp
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.rules.steps import Step
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.web.forms import BaseForm
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import caution_text

__all__ = ("bp",)  # the blueprint with the steps on it


@bp.route("/<case_no>/events", methods=["GET", "POST"])
@requires(Permission.CASE_EDIT)
def add_event(case_no: str) -> ResponseReturnValue:
    """Record an event; what follows from it is then proposed on the page of the case."""
    with unit_of_work() as uow:
        case = queries.get_case(uow, case_no)
        newest = case.procedures[-1] if case.procedures else None
        form = EventForm(
            data={
                "kind": request.args.get("kind", str(Event.COMPLAINT_RECEIVED)),
                "procedure": newest.kind if newest else "",
                "court_case_no": (newest.court_case_no or "") if newest else "",
            }
        )
        form.offer(
            case.stage,
            queries.parties_of(uow, case),
            case_loans.papers_of(uow, case),
        )
        row = queries.case_row(uow, case)
    if form.submitted():
        try:
            with unit_of_work() as uow:
                case = queries.get_case(uow, case_no)
                before = Step(case.stage)
                event = service.add_event(uow, form.command(case_no))
                event_id = event.id
                stays = {one for _event, one in cautions.standing(case)}
                said = [
                    one
                    for one in cautions.of_event(
                        uow, case, event, number=form.court_case_no.data or "", before=before
                    )
                    if one not in stays
                ]
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("事项已登记；请核对右侧拟定的期限。"))
            for caution in said:  # what the docket itself shows is not said twice
                flash(caution_text(caution), "warning")
            return redirect(url_for("cases.case", case_no=case_no, _anchor=f"event-{event_id}"))
    return render_template("cases/event.html", form=form, row=row), _status(form)


@bp.route("/<case_no>/events/<int:event_id>/correction", methods=["GET", "POST"])
@requires(Permission.CASE_EDIT)
def correct_event(case_no: str, event_id: int) -> ResponseReturnValue:
    """Correct an event in two steps: first what moves, then the correction."""
    moved = None
    with unit_of_work() as uow:
        case = queries.get_case(uow, case_no)
        event = queries.get_event(case, event_id)
        form = CorrectForm(
            data={
                "happened_on": event.happened_on,
                "mode": event.facts.get(periods.MODE, ""),
                "court_date": periods.court_date(event),
                "document_id": str(event.document_id or ""),
                "note": event.note,
            }
        )
        form.offer_service(case_loans.papers_of(uow, case))
        label = queries.event_label(event.kind)
        row = queries.case_row(uow, case)
    if form.submitted():
        cmd = form.command(case_no, event_id)
        try:
            with unit_of_work() as uow:
                if request.form.get("confirm") == "yes":
                    recording.correct_event(uow, cmd)
                    flash(_("已更正；原登记删划保留。"))
                    return redirect(url_for("cases.case", case_no=case_no))
                moved = recording.preview_correction(uow, cmd)
        except PostloanError as error:
            form.show(error)
    return render_template(
        "cases/correction.html", form=form, row=row, label=label, moved=moved
    ), _status(form)


@bp.route("/<case_no>/events/<int:event_id>/strike", methods=["GET", "POST"])
@requires(Permission.CASE_EDIT)
def strike_event(case_no: str, event_id: int) -> ResponseReturnValue:
    """Strike an event; it stays on the docket with the reason."""
    with unit_of_work() as uow:
        case = queries.get_case(uow, case_no)
        event = queries.get_event(case, event_id)
        title = _(
            "删划：%(what)s %(day)s",
            what=queries.event_label(event.kind),
            day=event.happened_on.isoformat(),
        )
        row = queries.case_row(uow, case)
    form = StrikeForm()
    if form.submitted():
        try:
            with unit_of_work() as uow:
                recording.strike_event(uow, form.command(case_no, event_id))
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("已删划，留在时间线上。"))
            return redirect(url_for("cases.case", case_no=case_no))
    return render_template(
        "cases/step.html",
        form=form,
        row=row,
        title=title,
        lead=_("删划的事项不再产生期限，原文和理由保留。"),
        act=_("删划"),
        kind="bad",
    ), _status(form)


@bp.post("/<case_no>/events/<int:event_id>/accept")
@requires(Permission.CASE_EDIT)
def accept_period(case_no: str, event_id: int) -> ResponseReturnValue:
    """Accept a proposed period, or all that the event proposes."""
    rule, act = request.form.get("rule", ""), request.form.get("act", "")
    with unit_of_work() as uow:
        case = queries.get_case(uow, case_no)
        event = queries.get_event(case, event_id)
        waiting = [
            one.period
            for one in queries.follows_of(uow, case, event)
            if one.open and (not rule or (one.period.rule, one.period.act) == (rule, act))
        ]
        for period in waiting:
            deciding.decide(
                uow,
                DecidePeriod(
                    case_no=case_no,
                    event_id=event_id,
                    rule=period.rule,
                    act=period.act,
                    verdict="accepted",
                ),
            )
    flash(_("已采纳 %(count)s 项期限。", count=len(waiting)))
    return redirect(url_for("cases.case", case_no=case_no))


@bp.route("/<case_no>/events/<int:event_id>/period", methods=["GET", "POST"])
@requires(Permission.CASE_EDIT)
def correct_period(case_no: str, event_id: int) -> ResponseReturnValue:
    """Say the right day of a proposed period, or that it does not apply."""
    rule, act = request.args.get("rule", ""), request.args.get("act", "")
    with unit_of_work() as uow:
        case = queries.get_case(uow, case_no)
        event = queries.get_event(case, event_id)
        one = deciding.period_of(uow, case, event, rule, act)
        form = PeriodForm()
        form.document_id.choices = papers(case_loans.papers_of(uow, case))
        page = {
            "row": queries.case_row(uow, case),
            "one": one,
            "event_label": queries.event_label(event.kind),
            "event_on": event.happened_on,
        }
    if form.submitted():
        try:
            with unit_of_work() as uow:
                deciding.decide(uow, form.command(case_no, event_id, rule, act))
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("已更正期限，理由留在记录里。"))
            return redirect(url_for("cases.case", case_no=case_no))
    return render_template("cases/period.html", form=form, **page), _status(form)


@bp.route("/<case_no>/procedures/new", methods=["GET", "POST"])
@requires(Permission.CASE_EDIT)
def add_procedure(case_no: str) -> ResponseReturnValue:
    """Enter a procedure."""
    return _procedure(case_no, None)


@bp.route("/<case_no>/procedures/<int:procedure_id>", methods=["GET", "POST"])
@requires(Permission.CASE_EDIT)
def procedure(case_no: str, procedure_id: int) -> ResponseReturnValue:
    """Change a procedure."""
    return _procedure(case_no, procedure_id)


@bp.route("/<case_no>/parties", methods=["GET", "POST"])
@requires(Permission.CASE_EDIT)
def parties(case_no: str) -> ResponseReturnValue:
    """Add a party that is no customer."""
    with unit_of_work() as uow:
        case = queries.get_case(uow, case_no)
        row, people = queries.case_row(uow, case), queries.parties_of(uow, case)
    form = PartyForm()
    if form.submitted():
        try:
            with unit_of_work() as uow:
                recording.keep_party(uow, form.command(case_no))
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("当事人已登记。"))
            return redirect(url_for("cases.case", case_no=case_no))
    return render_template("cases/parties.html", form=form, row=row, people=people), _status(
        form
    )


@bp.post("/<case_no>/parties/<int:party_id>")
@requires(Permission.CASE_EDIT)
def party(case_no: str, party_id: int) -> ResponseReturnValue:
    """Say whether a party has a domicile in China; its periods follow."""
    abroad = request.form.get("abroad") == "yes"
    with unit_of_work() as uow:
        recording.keep_party(uow, KeepParty(case_no=case_no, party_id=party_id, abroad=abroad))
    flash(_("已登记，期限已按住所重算。"))
    return redirect(url_for("cases.case", case_no=case_no))


def _procedure(case_no: str, procedure_id: int | None) -> ResponseReturnValue:
    with unit_of_work() as uow:
        case = queries.get_case(uow, case_no)
        row, people = queries.case_row(uow, case), queries.parties_of(uow, case)
        known = queries.get_procedure(case, procedure_id) if procedure_id else None
        titles = {member.party_id: member.title for member in known.members} if known else {}
        form = ProcedureForm(obj=known) if known else ProcedureForm(data={"court": case.court})
    if form.submitted():
        entered = tuple(
            (one.id, request.form.get(f"title-{one.id}", "").strip()) for one in people
        )
        try:
            with unit_of_work() as uow:
                recording.keep_procedure(uow, form.command(case_no, procedure_id, entered))
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("程序已登记。"))
            return redirect(url_for("cases.case", case_no=case_no))
        titles = dict(entered)
    return render_template(
        "cases/procedure.html",
        form=form,
        row=row,
        people=people,
        titles=titles,
        known=procedure_id is not None,
    ), _status(form)


def _status(form: BaseForm) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK

"""法务 › 案件: the list, one case with its docket."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.cases import queries, service
from postloan_archive.cases.forms import EventForm, OpenCaseForm
from postloan_archive.cases.rules.steps import STEP_LABELS
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.web.clocks import clock_face
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("cases", __name__, url_prefix="/cases")
ROLES = {"plaintiff": "原告", "defendant": "被告", "third_party": "第三人"}


@bp.get("")
@requires(Permission.CASE_VIEW)
def index() -> ResponseReturnValue:
    """List the cases."""
    stage = request.args.get("stage", "")
    with unit_of_work() as uow:
        today = uow.clock.today()
        rows = queries.case_rows(uow, stage=stage)
        faces = {
            row.case_no: clock_face(row.next_deadline, today)
            for row in rows
            if row.next_deadline
        }
        return render_template(
            "cases/index.html", rows=rows, faces=faces, stage=stage, stages=STEP_LABELS.items()
        )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.CASE_EDIT)
def create() -> ResponseReturnValue:
    """Open a case for a loan."""
    form = OpenCaseForm(data={"loan_no": request.args.get("loan", "")})
    if form.submitted():
        try:
            with unit_of_work() as uow:
                case_no = service.open_case(uow, form.command()).case_no
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("案件已建立。"))
            return redirect(url_for("cases.case", case_no=case_no))
    return render_template("cases/new.html", form=form), _status(form)


@bp.route("/<case_no>", methods=["GET"])
@requires(Permission.CASE_VIEW)
def case(case_no: str) -> ResponseReturnValue:
    """Show the docket of one case."""
    return _page(case_no, None)


@bp.post("/<case_no>/events")
@requires(Permission.CASE_EDIT)
def add_event(case_no: str) -> ResponseReturnValue:
    """Record an event."""
    with unit_of_work() as uow:
        form = EventForm()
        form.offer(queries.get_case(uow, case_no).stage)
    if form.submitted():
        try:
            with unit_of_work() as uow:
                service.add_event(uow, form.command(case_no))
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("事项已登记。"))
            return redirect(url_for("cases.case", case_no=case_no))
    return _page(case_no, form)


def _page(case_no: str, form: EventForm | None) -> ResponseReturnValue:
    with unit_of_work() as uow:
        found = queries.get_case(uow, case_no)
        if form is None:
            form = EventForm(formdata=None)
            form.offer(found.stage)
        today = uow.clock.today()
        page = render_template(
            "cases/case.html",
            row=queries.case_row(uow, found),
            parties=[(ROLES[one.role], one) for one in queries.parties_of(uow, found)],
            entries=_entries(queries.docket(uow, found), today.isoformat()),
            form=form,
        )
    return page, _status(form)


def _entries(events: list[queries.EventRow], today: str) -> list[dict[str, object]]:
    """Return the docket as the macro draws it: court left, ours right, today between."""
    found: list[dict[str, object]] = []
    for event in events:
        side = "court" if event.court_case_no else "ours"
        note = "　".join(filter(None, (event.court_case_no, event.note, event.struck_reason)))
        found.append(
            {
                "side": side,
                "day": event.happened_on.isoformat(),
                "title": event.label,
                "note": note,
                "struck": bool(event.struck_reason),
            }
        )
        found += [
            {
                "side": "ours",
                "day": one.on.isoformat(),
                "title": one.label,
                "note": "；".join(map(str, one.due.basis)) if one.due else "",
            }
            for one in event.follows
        ]
    found.append({"side": "now", "day": today, "title": "", "note": ""})
    return sorted(found, key=lambda entry: str(entry["day"]))


def _status(form: OpenCaseForm | EventForm) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK

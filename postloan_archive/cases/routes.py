"""法务 › 案件: the list, one case with its docket, the hearings."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.cases import case_loans, cautions, listing, queries, service
from postloan_archive.cases.forms import PROCEDURES, ROLES, TRACKS, OpenCaseForm
from postloan_archive.cases.hearings import hearings as hearings_of
from postloan_archive.cases.listing import CaseFilter
from postloan_archive.cases.rules.steps import NEXT, STEP_LABELS, Step
from postloan_archive.cases.timeline import Docket, docket_of
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.clocks import ClockFace, clock_face
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.people import person
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import caution_text

bp = Blueprint("cases", __name__, url_prefix="/cases")
LAPSED: Final = timedelta(days=30)  # what is over for longer is history, not an alarm
NO_TIME: Final = timedelta(0)
SHOWS = (("all", _l("全部")), ("deadlines", _l("只看期限")), ("papers", _l("只看有文书的")))


@bp.get("")
@requires(Permission.CASE_VIEW)
def index() -> ResponseReturnValue:
    """List the cases."""
    wanted = CaseFilter(
        stage=request.args.get("stage", ""),
        court=request.args.get("court", ""),
        owner=request.args.get("owner", ""),
        word=request.args.get("q", "").strip(),
        next_within=whole_number(request.args.get("next")),
    )
    with unit_of_work() as uow:
        today = uow.clock.today()
        totals = listing.totals(uow, wanted)
        page = page_of(request.args, total=totals.cases)
        rows = listing.case_rows(uow, wanted, limit=page.size, offset=page.offset)
        courts, owners = listing.choices(uow)
        return render_template(
            "cases/index.html",
            rows=rows,
            faces={
                row.case_no: clock_face(row.next_deadline, today)
                for row in rows
                if row.next_deadline
            },
            page=page,
            wanted=wanted,
            total=totals.amount,
            stages=STEP_LABELS.items(),
            courts=[(one, one) for one in courts],
            owners=[(one, person(one)) for one in owners],
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
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template("cases/new.html", form=form), status


@bp.get("/hearings")
@requires(Permission.CASE_VIEW)
def hearings() -> ResponseReturnValue:
    """List the hearings to come, or all of them."""
    past = request.args.get("past") == "1"
    with unit_of_work() as uow:
        today = uow.clock.today()
        found = hearings_of(uow, since=None if past else today)
        page = page_of(request.args, total=len(found))
        rows = found[page.offset : page.offset + page.size]
        return render_template(
            "cases/hearings.html",
            rows=rows,
            page=page,
            faces={row.event_id: clock_face(row.on, today) for row in rows if row.on >= today},
            past=past,
            today=today,
        )


@bp.get("/<case_no>")
@requires(Permission.CASE_VIEW)
def case(case_no: str) -> ResponseReturnValue:
    """Show the docket of one case: what happened, what follows, what waits for a decision."""
    show = request.args.get("show", "all")
    number = request.args.get("procedure", "")
    procedure_id = whole_number(number)
    with unit_of_work() as uow:
        found = queries.get_case(uow, case_no)
        today = uow.clock.today()
        docket = docket_of(uow, found, show=show, procedure_id=procedure_id)
        stage = Step(found.stage)
        return render_template(
            "cases/case.html",
            row=queries.case_row(uow, found),
            loan_nos=case_loans.numbers_of(uow, found),
            case=found,
            docket=docket,
            live=[one for one in docket.proposals if not one.lapsed(today - LAPSED, today)],
            lapsed=[one for one in docket.proposals if one.lapsed(today - LAPSED, today)],
            parties=queries.parties_of(uow, found),
            roles=ROLES,
            procedures=found.procedures,
            procedure_words=PROCEDURES,
            tracks=TRACKS,
            chosen=procedure_id,
            show=show,
            shows=SHOWS,
            faces=_faces(docket, today),
            lacks=[(event_id, caution_text(one)) for event_id, one in cautions.standing(found)],
            next_steps=[STEP_LABELS[step] for step in Step if step in NEXT[stage]],
            today=today,
        )


@bp.get("/<case_no>/print")
@requires(Permission.CASE_VIEW)
def print_docket(case_no: str) -> ResponseReturnValue:
    """Show the docket as a sheet for the printer; the trail notes who took one."""
    with unit_of_work() as uow:
        found = queries.get_case(uow, case_no)
        docket = docket_of(uow, found)
        uow.record("cases.docket_printed", f"case:{found.id}", case_no=found.case_no)
        return render_template(
            "cases/print.html",
            row=queries.case_row(uow, found),
            docket=docket,
            lacks=[caution_text(one) for _event, one in cautions.standing(found)],
            parties=queries.parties_of(uow, found),
            procedures=found.procedures,
            procedure_words=PROCEDURES,
            roles=ROLES,
            now=uow.clock.now(),
            loan_no="、".join(case_loans.numbers_of(uow, found)),
        )


def _faces(docket: Docket, today: date) -> dict[tuple[object, ...], ClockFace]:
    """Return the clocks of the days that are still to come, or wait for a decision."""
    faces: dict[tuple[object, ...], ClockFace] = {}
    items = [entry.following for entry in docket.entries if entry.following]
    items += [one for group in docket.proposals for one in group.items]
    for one in items:
        if one.day is None or one.day < today - (LAPSED if one.open and one.ours else NO_TIME):
            continue
        safe = one.due.safe if one.due and not one.stated else one.day
        faces[(one.event.id, *one.key)] = clock_face(
            min(safe, one.day),
            today,
            legal=one.day,
            provisional=bool(one.due and one.due.provisional and not one.stated),
        )
    return faces

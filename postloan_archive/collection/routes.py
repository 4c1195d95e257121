"""催收: worklists by stage, the record of a loan, complaints, urgent cases, agencies."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.collection import queries
from postloan_archive.collection.forms import (
    CHANNELS,
    TARGETS,
    ComplaintForm,
    ContactForm,
    PlaceForm,
    StopForm,
    SurveyForm,
)
from postloan_archive.collection.rules import URGENT, Stage, StopReason
from postloan_archive.collection.service import contacts, debtors, pauses
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.loans import queries as loans
from postloan_archive.loans.file_frame import file_frame
from postloan_archive.web.forms import BaseForm
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("collection", __name__)
PROMISES: Final = {"open": _l("待兑现"), "kept": _l("已兑现"), "broken": _l("未兑现")}


@bp.get("/collection")
@requires(Permission.COLLECTION_VIEW)
def index() -> ResponseReturnValue:
    """Show one worklist, and what must not wait above it."""
    given = request.args.get("stage", "")
    stage = Stage(given) if given in set(Stage) else Stage.M1
    mine = request.args.get("mine") == "1"
    with unit_of_work() as uow:
        _rows, total = queries.worklist(uow, stage, mine=mine, limit=0)
        page = page_of(request.args, total=total)
        rows, _total = queries.worklist(
            uow, stage, mine=mine, offset=page.offset, limit=page.size
        )
        return render_template(
            "collection/index.html",
            rows=rows,
            page=page,
            stage=stage,
            mine=mine,
            tabs=[
                {
                    "label": _(str(one)),
                    "href": url_for(
                        "collection.index", stage=str(one), mine="1" if mine else None
                    ),
                    "current": one is stage,
                }
                for one in Stage
            ],
            urgent=queries.urgent_surveys(uow),
            broken=queries.broken_promises(uow),
            urgent_words=URGENT,
        )


@bp.post("/collection/duty")
@requires(Permission.COLLECTION_LEAD)
def give_duty() -> ResponseReturnValue:
    """Give the marked loans to a collector."""
    numbers = tuple(request.form.getlist("loan"))
    with unit_of_work() as uow:
        count = contacts.give_duty(uow, numbers, request.form.get("collector", "").strip())
    flash(_("已分派 %(count)s 笔。", count=count))
    return redirect(url_for("collection.index", stage=request.form.get("stage", str(Stage.M1))))


@bp.get("/collection/complaints")
@requires(Permission.COLLECTION_VIEW)
def complaint_list() -> ResponseReturnValue:
    """List the complaints, the first to answer at the head."""
    light("collection.complaint_list")
    with unit_of_work() as uow:
        return render_template(
            "collection/complaints.html",
            rows=queries.complaints(uow),
            today=uow.clock.today(),
        )


@bp.post("/collection/complaints/<complaint_no>/answer")
@requires(Permission.COLLECTION_LEAD)
def complaint_answer(complaint_no: str) -> ResponseReturnValue:
    """Answer a complaint."""
    with unit_of_work() as uow:
        pauses.answer_complaint(uow, complaint_no, request.form.get("outcome", ""))
    flash(_("投诉已答复，因投诉的停催已解除。"))
    return redirect(url_for("collection.complaint_list"))


@bp.get("/loans/<loan_no>/collection")
@requires(Permission.COLLECTION_VIEW)
def of_loan(loan_no: str) -> ResponseReturnValue:
    """Show the record of a loan."""
    return _record(loan_no, None)


@bp.post("/loans/<loan_no>/collection/contacts")
@requires(Permission.COLLECTION_EDIT)
def log(loan_no: str) -> ResponseReturnValue:
    """Note a contact."""
    form = ContactForm()
    if form.submitted():
        try:
            with unit_of_work() as uow:
                made = contacts.log_contact(uow, form.command(loan_no))
                broke = bool(made.violations)
        except PostloanError as error:
            form.show(error)
        else:
            if broke:
                flash(_("已登记，并标为不合规联系，供管理人员复核。"), "warning")
            else:
                flash(_("已登记联系记录。"))
            return redirect(url_for("collection.of_loan", loan_no=loan_no))
    return _record(loan_no, form)


@bp.route("/loans/<loan_no>/collection/stop", methods=["GET", "POST"])
@requires(Permission.COLLECTION_EDIT)
def stop(loan_no: str) -> ResponseReturnValue:
    """Pause collection for the debtor."""
    form = StopForm()
    if form.submitted():
        with unit_of_work() as uow:
            pauses.set_stop(uow, loan_no, StopReason(form.reason.data), form.note.data or "")
        flash(_("已停催。"))
        return redirect(url_for("collection.of_loan", loan_no=loan_no))
    return _form(loan_no, form, _("停催"))


@bp.post("/loans/<loan_no>/collection/stops/<int:stop_id>/lift")
@requires(Permission.COLLECTION_LEAD)
def lift(loan_no: str, stop_id: int) -> ResponseReturnValue:
    """Go on with collection."""
    with unit_of_work() as uow:
        pauses.lift_stop(uow, stop_id, request.form.get("why", ""))
    flash(_("停催已解除。"))
    return redirect(url_for("collection.of_loan", loan_no=loan_no))


@bp.route("/loans/<loan_no>/collection/complaint", methods=["GET", "POST"])
@requires(Permission.COLLECTION_EDIT)
def complain(loan_no: str) -> ResponseReturnValue:
    """Register a complaint."""
    form = ComplaintForm()
    if form.submitted():
        try:
            with unit_of_work() as uow:
                number = pauses.note_complaint(uow, form.command(loan_no)).complaint_no
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("投诉 %(no)s 已登记，催收暂停至答复。", no=number))
            return redirect(url_for("collection.of_loan", loan_no=loan_no))
    return _form(loan_no, form, _("登记投诉"))


@bp.route("/loans/<loan_no>/collection/survey", methods=["GET", "POST"])
@requires(Permission.COLLECTION_EDIT)
def survey(loan_no: str) -> ResponseReturnValue:
    """Keep what was found out about the debtor."""
    form = SurveyForm()
    if form.submitted():
        try:
            with unit_of_work() as uow:
                urgent = debtors.note_survey(uow, form.command(loan_no)).urgent
        except PostloanError as error:
            form.show(error)
        else:
            if urgent:
                flash(_("已列入紧急处置：请先申请财产保全。"), "warning")
            else:
                flash(_("调查已登记。"))
            return redirect(url_for("collection.of_loan", loan_no=loan_no))
    return _form(loan_no, form, _("债务人调查"))


@bp.post("/loans/<loan_no>/collection/surveys/<int:survey_id>/handled")
@requires(Permission.COLLECTION_EDIT)
def handled(loan_no: str, survey_id: int) -> ResponseReturnValue:
    """Say what was done about an urgent survey."""
    with unit_of_work() as uow:
        debtors.handle_urgent(uow, survey_id, request.form.get("how", ""))
    flash(_("已处理。"))
    return redirect(url_for("collection.of_loan", loan_no=loan_no))


@bp.route("/loans/<loan_no>/collection/placement", methods=["GET", "POST"])
@requires(Permission.COLLECTION_LEAD)
def place(loan_no: str) -> ResponseReturnValue:
    """Give the loan to an agency."""
    form = PlaceForm()
    if form.submitted():
        try:
            with unit_of_work() as uow:
                debtors.place(uow, form.command(loan_no))
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("已委托外部机构，提供的信息已记入审计。"))
            return redirect(url_for("collection.of_loan", loan_no=loan_no))
    return _form(loan_no, form, _("委外催收"))


@bp.post("/loans/<loan_no>/collection/placements/<int:placement_id>/recall")
@requires(Permission.COLLECTION_LEAD)
def recall(loan_no: str, placement_id: int) -> ResponseReturnValue:
    """Take the loan back from the agency."""
    with unit_of_work() as uow:
        debtors.recall(
            uow, placement_id, request.form.get("why", ""), request.form.get("result", "")
        )
    flash(_("已收回。"))
    return redirect(url_for("collection.of_loan", loan_no=loan_no))


def _record(loan_no: str, form: ContactForm | None) -> ResponseReturnValue:
    with unit_of_work() as uow:
        frame = file_frame(uow, loan_no, "collection")
        found = queries.record_of(uow, frame.loan.id, frame.loan.customer_id)
        if form is None:
            now = uow.clock.now().astimezone(CHINA).replace(tzinfo=None)
            form = ContactForm(formdata=None, at=now, person=frame.loan.customer.name)
        page = render_template(
            "collection/of_loan.html",
            file=frame,
            record=found,
            form=form,
            channels=CHANNELS,
            targets=TARGETS,
            promises=PROMISES,
            urgent_words=URGENT,
            calls=queries.calls_on(uow, frame.loan.customer_id, uow.clock.today()),
        )
    return page, 422 if form.errors or form.form_errors else 200


def _form(loan_no: str, form: BaseForm, title: str) -> ResponseReturnValue:
    with unit_of_work() as uow:
        loan = loans.get_loan(uow, loan_no)
        name = loan.customer.name
    back = url_for("collection.of_loan", loan_no=loan_no)
    page = render_template(
        "collection/form.html", form=form, title=title, back=back, loan_no=loan_no, name=name
    )
    return page, 422 if form.errors or form.form_errors else 200

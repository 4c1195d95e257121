"""催收 of one loan: its record, contacts, pauses, complaints, surveys, plans, agencies."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.collection import lists, queries
from postloan_archive.collection.forms import (
    ASSET_FIELDS,
    ASSET_ROWS,
    ASSET_STATES,
    CHANNELS,
    TARGETS,
    ComplaintForm,
    ContactForm,
    PlaceForm,
    PlanForm,
    StopForm,
    SurveyForm,
    assets_in,
)
from postloan_archive.collection.rules import URGENT, StopReason
from postloan_archive.collection.service import contacts, debtors, pauses, plans
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.loans import queries as loans
from postloan_archive.loans.file_frame import file_frame
from postloan_archive.web.forms import BaseForm
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("collection", __name__)
PLANS: Final = {
    "proposed": _l("待审批"),
    "running": _l("执行中"),
    "kept": _l("已履行"),
    "broken": _l("未履行"),
    "refused": _l("未批准"),
}
PROMISES: Final = {"open": _l("待兑现"), "kept": _l("已兑现"), "broken": _l("未兑现")}


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
    with unit_of_work() as uow:
        loan = loans.get_loan(uow, loan_no)
        form.offer(lists.handlers_of(uow, loan))
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
                cmd = form.command(loan_no, assets_in(request.form))
                urgent = debtors.note_survey(uow, cmd).urgent
        except PostloanError as error:
            form.show(error)
        else:
            if urgent:
                flash(_("已列入紧急处置，风险信号已登记：请先申请财产保全。"), "warning")
            else:
                flash(_("调查已登记。"))
            return redirect(url_for("collection.of_loan", loan_no=loan_no))
    return _form(
        loan_no,
        form,
        _("债务人调查"),
        template="collection/survey.html",
        rows=range(ASSET_ROWS),
        names=ASSET_FIELDS,
        states=ASSET_STATES,
    )


@bp.post("/loans/<loan_no>/collection/surveys/<int:survey_id>/handled")
@requires(Permission.COLLECTION_EDIT)
def handled(loan_no: str, survey_id: int) -> ResponseReturnValue:
    """Say what was done about an urgent survey."""
    with unit_of_work() as uow:
        debtors.handle_urgent(uow, survey_id, request.form.get("how", ""))
    flash(_("已处理。"))
    return redirect(url_for("collection.of_loan", loan_no=loan_no))


@bp.route("/loans/<loan_no>/collection/plan", methods=["GET", "POST"])
@requires(Permission.COLLECTION_EDIT)
def plan(loan_no: str) -> ResponseReturnValue:
    """Propose a plan for a debtor in difficulty."""
    form = PlanForm()
    if form.submitted():
        try:
            with unit_of_work() as uow:
                plans.propose_plan(uow, form.command(loan_no))
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("困难帮扶方案已提交，由另一人审批。"))
            return redirect(url_for("collection.of_loan", loan_no=loan_no))
    return _form(loan_no, form, _("困难帮扶方案"))


@bp.post("/collection/plans/<int:plan_id>/decide")
@requires(Permission.COLLECTION_LEAD)
def decide_plan(plan_id: int) -> ResponseReturnValue:
    """Approve a plan or refuse it."""
    agree = request.form.get("decision") == "yes"
    with unit_of_work() as uow:
        plans.decide_plan(uow, plan_id, agree=agree, words=request.form.get("words", ""))
    flash(_("方案已批准，执行期间停催。") if agree else _("方案未批准。"))
    return redirect(url_for("collecting.plans"))


@bp.post("/loans/<loan_no>/collection/placements/<int:placement_id>/check")
@requires(Permission.COLLECTION_LEAD)
def supervise(loan_no: str, placement_id: int) -> ResponseReturnValue:
    """Note what a check of the agency found."""
    with unit_of_work() as uow:
        debtors.supervise(uow, placement_id, request.form.get("finding", ""))
    flash(_("检查情况已登记。"))
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
            uow,
            placement_id,
            request.form.get("why", ""),
            request.form.get("result", ""),
            returned=request.form.get("returned", ""),
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
            plans=lists.plans_of(uow, frame.loan.id),
            plan_words=PLANS,
            guarantors=lists.guarantor_track(uow, frame.loan),
            who=lists.people_in(uow, found),
        )
    return page, 422 if form.errors or form.form_errors else 200


def _form(
    loan_no: str,
    form: BaseForm,
    title: str,
    *,
    template: str = "collection/form.html",
    **more: object,
) -> ResponseReturnValue:
    with unit_of_work() as uow:
        loan = loans.get_loan(uow, loan_no)
        name = loan.customer.name
    back = url_for("collection.of_loan", loan_no=loan_no)
    page = render_template(
        template, form=form, title=title, back=back, loan_no=loan_no, name=name, **more
    )
    return page, 422 if form.errors or form.form_errors else 200

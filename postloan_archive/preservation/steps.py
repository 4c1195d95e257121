"""What a person does with one measure: each step has its page."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final, TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.archive import queries as archive
from postloan_archive.cases import listing
from postloan_archive.cases.listing import CaseFilter
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.loans import queries as loans
from postloan_archive.preservation import applications, queries, service
from postloan_archive.preservation.applications import Made
from postloan_archive.preservation.forms import (
    CorrectForm,
    EffectForm,
    PaperForm,
    RegisterForm,
    ReleaseApplicationForm,
    ReleaseForm,
    RenewForm,
    RequestRenewalForm,
)
from postloan_archive.preservation.models import Measure
from postloan_archive.preservation.routes import bp as bp
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.downloads import download
from postloan_archive.web.forms import BaseForm
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

__all__ = ("bp",)  # the blueprint with the steps on it
F = TypeVar("F", bound=PaperForm)
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.PRESERVATION_EDIT)
def register() -> ResponseReturnValue:
    """Register a measure; the loan is named first, in the address."""
    loan_no = request.args.get("loan", "").strip()
    if not loan_no:
        return render_template("preservation/choose_loan.html")
    with unit_of_work() as uow:
        loan = loans.get_loan(uow, loan_no)
        open_cases = listing.case_rows(uow, CaseFilter(loan_id=loan.id))
        people = [one.name for one in applications.people_of(loan)]
        start = {"respondent": people[0], "case_no": request.args.get("case", "")}
        if open_cases:
            start |= {"court": open_cases[0].court, "case_no": open_cases[0].case_no}
        form = RegisterForm(data=start)
        form.offer_cases(one.case_no for one in open_cases)
        form.offer_papers(archive.documents_of(uow, loan.id))
    if form.submitted():
        try:
            with unit_of_work() as uow:
                measure_id = service.register_measure(uow, form.command(loan_no)).id
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("措施已登记。"))
            return redirect(url_for("preservation.measure", measure_id=measure_id))
    return render_template(
        "preservation/register.html", form=form, loan_no=loan_no, people=people
    ), _status(form)


@bp.route("/<int:measure_id>/correction", methods=["GET", "POST"])
@requires(Permission.PRESERVATION_EDIT)
def correct(measure_id: int) -> ResponseReturnValue:
    """Correct what was entered, with the reason."""
    return _step(
        measure_id,
        lambda measure: CorrectForm(
            data={name: getattr(measure, name) for name in service.CORRECTABLE}
            | {"document_id": str(measure.document_id or "")}
        ),
        lambda uow, form: service.correct_measure(uow, form.command(measure_id)),
        title=_("更正措施"),
        act=_("更正"),
        done=_("已更正，原内容留在审计记录里。"),
    )


@bp.route("/<int:measure_id>/renewal-request", methods=["GET", "POST"])
@requires(Permission.PRESERVATION_EDIT)
def request_renewal(measure_id: int) -> ResponseReturnValue:
    """Record that the application for renewal was filed, with the receipt."""
    return _step(
        measure_id,
        lambda measure: RequestRenewalForm(
            data={
                "requested_on": measure.renewal_requested_on,
                "receipt_on": measure.renewal_receipt_on,
                "receipt_document_id": str(measure.receipt_document_id or ""),
            }
        ),
        lambda uow, form: service.request_renewal(uow, form.command(measure_id)),
        title=_("登记续行申请"),
        act=_("登记续行申请"),
        done=_("续行申请已登记。"),
    )


@bp.route("/<int:measure_id>/renewal", methods=["GET", "POST"])
@requires(Permission.PRESERVATION_EDIT)
def renew(measure_id: int) -> ResponseReturnValue:
    """Record the renewal that the court ordered: the next link of the chain."""
    return _step(
        measure_id,
        lambda _measure: RenewForm(),
        lambda uow, form: service.renew(uow, form.command(measure_id)),
        title=_("登记续行裁定"),
        act=_("登记续行"),
        done=_("续行已登记，期限接续。"),
    )


@bp.route("/<int:measure_id>/release", methods=["GET", "POST"])
@requires(Permission.PRESERVATION_EDIT)
def release(measure_id: int) -> ResponseReturnValue:
    """Record that the measure ended."""
    return _step(
        measure_id,
        lambda _measure: ReleaseForm(),
        lambda uow, form: service.release(uow, form.command(measure_id)),
        title=_("登记解除或失效"),
        act=_("登记"),
        done=_("已登记，措施不再列入看板。"),
    )


@bp.route("/<int:measure_id>/effect", methods=["GET", "POST"])
@requires(Permission.PRESERVATION_EDIT)
def effect(measure_id: int) -> ResponseReturnValue:
    """Put a waiting seizure in force as the court confirms."""
    return _step(
        measure_id,
        lambda _measure: EffectForm(),
        lambda uow, form: service.confirm_waiting(uow, form.command(measure_id)),
        title=_("轮候生效"),
        act=_("登记生效"),
        done=_("轮候已生效，期限开始计算。"),
    )


@bp.post("/<int:measure_id>/application")
@requires(Permission.PRESERVATION_EDIT)
def application(measure_id: int) -> ResponseReturnValue:
    """Make the application for renewal, file it and hand it over as .docx."""
    with unit_of_work() as uow:
        made = applications.make_renewal_application(uow, measure_id)
    return _download(made)


@bp.route("/<int:measure_id>/release-application", methods=["GET", "POST"])
@requires(Permission.PRESERVATION_EDIT)
def release_application(measure_id: int) -> ResponseReturnValue:
    """Make the application for release, file it and hand it over as .docx."""
    form = ReleaseApplicationForm()
    if form.submitted():
        with unit_of_work() as uow:
            made = applications.make_release_application(
                uow, measure_id, form.reason.data or ""
            )
        return _download(made)
    return _page(measure_id, form, title=_("解除保全申请书"), act=_("生成申请书"))


def _download(made: Made) -> ResponseReturnValue:
    if made.missing:
        flash(_("申请书留有空白：%(fields)s", fields="、".join(made.missing)), "warning")
    return download(made.data, name=made.name, media_type=WORD)


def _step(
    measure_id: int,
    make: Callable[[Measure], F],
    do: Callable[[UnitOfWork, F], Measure],
    *,
    title: str,
    act: str,
    done: str,
) -> ResponseReturnValue:
    with unit_of_work() as uow:
        measure = queries.get_measure(uow, measure_id)
        form = make(measure)
        form.offer_papers(archive.documents_of(uow, measure.loan_id))
    if form.submitted():
        try:
            with unit_of_work() as uow:
                following = do(uow, form).id
        except PostloanError as error:
            form.show(error)
        else:
            flash(done)
            return redirect(url_for("preservation.measure", measure_id=following))
    return _page(measure_id, form, title=title, act=act)


def _page(measure_id: int, form: BaseForm, *, title: str, act: str) -> ResponseReturnValue:
    with unit_of_work() as uow:
        measure = queries.get_measure(uow, measure_id)
        (row,) = queries.measure_rows(uow, [measure])
        page = render_template(
            "preservation/step.html", row=row, form=form, title=title, act=act
        )
    return page, _status(form)


def _status(form: BaseForm) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK

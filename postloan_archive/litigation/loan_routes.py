"""案件 › 借据: the loans of a case, those that can be joined, those taken out."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.cases import case_loans
from postloan_archive.cases import joining as case_joining
from postloan_archive.cases import queries as cases
from postloan_archive.kernel.errors import ConflictError, RuleError
from postloan_archive.litigation import joining, queries
from postloan_archive.litigation.forms import TakeOutForm
from postloan_archive.litigation.setup_routes import LONGEST_NUMBER
from postloan_archive.litigation.setup_routes import bp as bp
from postloan_archive.loans import queries as loans
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text, next_step_text

__all__ = ("bp",)  # the blueprint with these pages on it


@bp.get("/<case_no>/loans")
@requires(Permission.CASE_VIEW)
def case_loan_list(case_no: str) -> ResponseReturnValue:
    """Show the loans of a case with what is claimed on each."""
    return _page(case_no, "")


@bp.post("/<case_no>/loans")
@requires(Permission.CASE_EDIT)
def join_loan(case_no: str) -> ResponseReturnValue:
    """Sue for one more loan, or put back one that was taken out."""
    number = request.form.get("loan", "").strip()[:LONGEST_NUMBER]
    try:
        with unit_of_work() as uow:
            added = joining.join_loan(uow, case_no, number)
    except (RuleError, ConflictError) as error:
        text = " ".join(filter(None, (error_text(error), next_step_text(error))))
        return _page(case_no, text)
    flash(
        _("借据 %(no)s 已并入本案，新提出证据 %(count)s 件。", no=number, count=added)
        if added
        else _("借据 %(no)s 已并入本案。", no=number)
    )
    return redirect(url_for("litigation.case_loan_list", case_no=case_no))


@bp.route("/<case_no>/loans/<loan_no>/out", methods=["GET", "POST"])
@requires(Permission.CASE_EDIT)
def take_loan_out(case_no: str, loan_no: str) -> ResponseReturnValue:
    """Take a loan out of a case that is not filed yet, with the reason."""
    with unit_of_work() as uow:
        row = cases.case_row(uow, cases.get_case(uow, case_no))
        loans.get_loan(uow, loan_no)
    form = TakeOutForm()
    if form.submitted():
        try:
            with unit_of_work() as uow:
                joining.take_out(uow, case_no, loan_no, form.reason.data or "")
        except (RuleError, ConflictError) as error:
            form.show(error)
        else:
            flash(_("借据 %(no)s 已移出本案，可在本页撤销。", no=loan_no))
            return redirect(url_for("litigation.case_loan_list", case_no=case_no))
    return render_template(
        "cases/step.html",
        form=form,
        row=row,
        title=_("移出借据 %(no)s", no=loan_no),
        lead=_("只因该笔借据列入的当事人和证据随之移出；案卷不变，起诉前可以撤销。"),
        act=_("移出"),
        kind="bad",
    ), HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _page(case_no: str, problem: str) -> ResponseReturnValue:
    light("cases.index")
    with unit_of_work() as uow:
        case = cases.get_case(uow, case_no)
        source = queries.source_of(uow, case)
        numbers = loans.numbers_of(uow, {one.loan_id for one in case.further})
        may_change = case_joining.may_change(case)
        held = case_loans.loans_of(uow, case)
        page = render_template(
            "litigation/loans.html",
            row=cases.case_row(uow, case),
            source=source,
            removed=[
                (numbers[one.loan_id], one)
                for one in case.further
                if one.removed_at is not None
            ],
            may_change=may_change,
            candidates=case_joining.candidates(uow, held) if may_change else [],
            problem=problem,
        )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK

"""案卷 › 登记: a new loan, money received, another rate; each is shown before it is saved."""

from datetime import date
from functools import partial
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import branches
from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.entries import DateEntryError, read_date
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.loans import account_papers, opening, queries, repaying
from postloan_archive.loans.entry_forms import LoanForm, PaymentForm, RateForm
from postloan_archive.loans.file_frame import file_frame
from postloan_archive.loans.terms_routes import bp as bp
from postloan_archive.loans.two_steps import SAVE, in_two_steps
from postloan_archive.sheets import XLSX
from postloan_archive.web.downloads import download
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.LOAN_EDIT)
def new_loan() -> ResponseReturnValue:
    """Open a loan file: first the plan is shown, then the loan is registered."""
    light("loans.index")
    form, rows = LoanForm(), None
    with unit_of_work() as uow:
        seen = branches.tree(uow.session, only=uow.actor.branch_ids)
        form.branch.choices = [(row.code, f"{row.code} {row.name}") for row in seen]
    if form.submitted():
        try:
            cmd = form.command()
            with unit_of_work() as uow:
                if request.form.get("act") == SAVE:
                    loan_no = opening.open_loan(uow, cmd).loan_no
                    flash(_("贷款已登记，案卷已建立。"))
                    return redirect(url_for("loans.loan", loan_no=loan_no))
                rows = opening.planned(uow, cmd)
        except PostloanError as error:
            form.show(error)
    page = render_template("loans/new.html", form=form, rows=rows)
    return page, 422 if form.errors or form.form_errors else 200


@bp.route("/<loan_no>/payments/new", methods=["GET", "POST"])
@requires(Permission.LOAN_EDIT)
def new_payment(loan_no: str) -> ResponseReturnValue:
    """Enter money received: first the split and what changes when, then it is booked."""
    form = PaymentForm()
    found, saved = in_two_steps(
        form,
        partial(form.command, loan_no),
        show=repaying.preview_payment,
        save=repaying.record_payment,
    )
    if saved:
        flash(_("还款已入账。"))
        return redirect(url_for("loans.repayment", loan_no=loan_no))
    return _page("loans/new_payment.html", loan_no, form, found)


@bp.route("/<loan_no>/rate", methods=["GET", "POST"])
@requires(Permission.LOAN_EDIT)
def new_rate(loan_no: str) -> ResponseReturnValue:
    """Put another rate in force: first the new plan and what changes when, then it is saved."""
    form = RateForm()
    found, saved = in_two_steps(
        form,
        partial(form.command, loan_no),
        show=repaying.preview_rate,
        save=repaying.set_rate,
    )
    if saved:
        flash(_("利率已调整，还款计划已重新计算。"))
        return redirect(url_for("loans.repayment", loan_no=loan_no))
    return _page("loans/new_rate.html", loan_no, form, found)


@bp.get("/<loan_no>/statement.<any(xlsx, docx):form>")
@requires(Permission.LOAN_VIEW)
def statement(loan_no: str, form: str) -> ResponseReturnValue:
    """Send the statement of account as of the day of the address."""
    with unit_of_work() as uow:
        loan = queries.get_loan(uow, loan_no)
        day = _day(uow.clock.today())
        if form == "xlsx":
            content, media = account_papers.statement_workbook(uow, loan, day), XLSX
        else:
            content, media = account_papers.statement_paper(uow, loan, day), DOCX
    return download(content, name=f"对账单-{loan.loan_no}-{day}.{form}", media_type=media)


def _day(today: date) -> date:
    """Return the day of the address; what cannot be read is today, as on the page."""
    try:
        return read_date(request.args["as_of"]) if request.args.get("as_of") else today
    except DateEntryError:
        return today


def _page(
    template: str, loan_no: str, form: PaymentForm | RateForm, found: repaying.Preview | None
) -> ResponseReturnValue:
    with unit_of_work() as uow:
        file = file_frame(uow, loan_no, "repayment")
        page = render_template(template, file=file, form=form, found=found)
    return page, 422 if form.errors or form.form_errors else 200

"""案卷 › 还款约定 and 冲正: both are shown before they are saved."""

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import people
from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.loans import agreeing, queries, reversing
from postloan_archive.loans.agreeing import SetTerms
from postloan_archive.loans.balance_routes import bp as bp
from postloan_archive.loans.file_frame import file_frame
from postloan_archive.loans.rules.repayment_terms import term_steps
from postloan_archive.loans.terms_forms import ReversalForm, TermsForm
from postloan_archive.loans.two_steps import in_two_steps
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work


@bp.route("/<loan_no>/payments/<path:receipt_no>/reversal", methods=["GET", "POST"])
@requires(Permission.LOAN_EDIT)
def reverse_payment(loan_no: str, receipt_no: str) -> ResponseReturnValue:
    """Strike a payment: first what changes when, then it is struck."""
    form = ReversalForm()
    with unit_of_work() as uow:
        reversing.payment_of(uow, loan_no, receipt_no)
        if not form.is_submitted():
            form.reversed_on.data = uow.clock.today()
    found, saved = in_two_steps(
        form,
        partial(form.command, loan_no, receipt_no),
        show=reversing.preview_reversal,
        save=reversing.reverse_payment,
    )
    if saved:
        flash(_("还款已冲正。"))
        return redirect(url_for("loans.repayment", loan_no=loan_no))
    with unit_of_work() as uow:
        page = render_template(
            "loans/reverse_payment.html",
            file=file_frame(uow, loan_no, "repayment"),
            payment=reversing.payment_of(uow, loan_no, receipt_no),
            form=form,
            found=found,
        )
    return page, 422 if form.errors or form.form_errors else 200


@bp.route("/<loan_no>/terms", methods=["GET", "POST"])
@requires(Permission.LOAN_EDIT)
def terms(loan_no: str) -> ResponseReturnValue:
    """Keep what the contract agrees: first what changes when, then it is saved."""
    with unit_of_work() as uow:
        form = TermsForm(data=queries.get_loan(uow, loan_no).agreed)
    found, saved = in_two_steps(
        form,
        lambda: SetTerms(loan_no=loan_no, terms=form.terms()),
        show=agreeing.preview_terms,
        save=agreeing.set_terms,
    )
    if saved:
        flash(_("还款约定已保存。"))
        return redirect(url_for("loans.repayment", loan_no=loan_no))
    with unit_of_work() as uow:
        file = file_frame(uow, loan_no, "repayment")
        words = "；".join(term_steps(agreeing.without_own(file.loan)))
        page = render_template(
            "loans/terms.html",
            file=file,
            form=form,
            found=found,
            product=[
                (
                    _("产品约定（%(name)s）", name=file.loan.product),
                    words or _("未登记，按默认"),
                )
            ]
            if file.loan.product
            else [],
        )
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/products")
@requires(Permission.LOAN_VIEW)
def products() -> ResponseReturnValue:
    """List the products with what is agreed for each."""
    light("loans.index")
    with unit_of_work() as uow:
        rows = agreeing.products(uow)
        return render_template(
            "loans/products.html",
            rows=rows,
            names=people.names_of(uow, {row.set_by for row in rows if row.set_by}),
        )


@bp.route("/products/<path:name>", methods=["GET", "POST"])
@requires(Permission.POLICY_EDIT)
def product_terms(name: str) -> ResponseReturnValue:
    """Keep what a product agrees; it holds for its loans that agree nothing else."""
    light("loans.index")
    with unit_of_work() as uow:
        row = agreeing.product(uow, name)
    form = TermsForm(data=dict(row.terms))
    if form.submitted():
        try:
            with unit_of_work() as uow:
                count = agreeing.set_product_terms(uow, name, form.terms())
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("产品约定已保存，%(count)s 笔贷款按此重新推导。", count=count))
            return redirect(url_for("loans.products"))
    page = render_template("loans/product_terms.html", form=form, row=row)
    return page, 422 if form.errors or form.form_errors else 200

"""保留事项: the register of holds, setting one from a loan file, lifting it by two persons."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from postloan_archive.access import users
from postloan_archive.access.permissions import Permission
from postloan_archive.admin.account import PasswordNotRightError
from postloan_archive.admin.proof import prove
from postloan_archive.archive import holds
from postloan_archive.archive import queries as archive
from postloan_archive.cases.case_loans import about
from postloan_archive.cases.models import Case
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.loans import queries as loans
from postloan_archive.retention.forms import HoldForm
from postloan_archive.retention.routes.blueprint import bp
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work


@bp.get("/retention/holds")
@requires(Permission.RETENTION_VIEW)
def hold_register() -> ResponseReturnValue:
    """Show the holds that stand and those that were lifted."""
    light("retention.hold_register")
    show = request.args.get("show", "")
    with unit_of_work() as uow:
        every = holds.register(uow)
        standing = [row for row in every if row.lifted_at is None]
        lifted = [row for row in every if row.lifted_at is not None]
        asked = [row for row in standing if row.lift_asked_by]
        shown = {"lifted": lifted, "asked": asked}.get(show, standing)
        return render_template(
            "retention/holds.html",
            rows=shown,
            shows=[
                {
                    "label": label,
                    "href": url_for("retention.hold_register", show=key),
                    "current": show == key,
                    "count": len(rows),
                }
                for key, label, rows in (
                    ("", _("保留中"), standing),
                    ("asked", _("待审批解除"), asked),
                    ("lifted", _("已解除"), lifted),
                )
            ],
            kinds=holds.KINDS,
            names=users.display_names(uow),
        )


@bp.route("/loans/<loan_no>/holds/new", methods=["GET", "POST"])
@requires(Permission.HOLD_EDIT)
def hold_new(loan_no: str) -> ResponseReturnValue:
    """Set a hold on a loan file or on what hangs on it."""
    light("loans.index")
    form = HoldForm()
    with unit_of_work() as uow:
        loan = loans.get_loan(uow, loan_no)
        cases = uow.session.scalars(
            select(Case.case_no).where(about(loan.id)).order_by(Case.id)
        )
        papers = [
            (row.id, f"{row.item_code} {row.title}")
            for row in archive.documents_of(uow, loan.id)
        ]
        form.offer(loan, list(cases), papers)
    if form.submitted():
        try:
            with unit_of_work() as uow:
                holds.set_hold(uow, form.command(loan_no))
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("已列入保留；更改、移动和销毁都会被拒绝。"))
            return redirect(url_for("retention.of_loan", loan_no=loan_no))
    page = render_template("retention/hold_new.html", form=form, loan_no=loan_no)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


@bp.post("/retention/holds/<int:hold_id>/ask")
@requires(Permission.HOLD_EDIT)
def hold_ask(hold_id: int) -> ResponseReturnValue:
    """Ask for the release of a hold."""
    with unit_of_work() as uow:
        holds.ask_to_lift(uow, hold_id, request.form.get("reason", ""))
    flash(_("已申请解除，待另一人审批；审批前保留继续有效。"))
    return redirect(url_for("retention.hold_register", show="asked"))


@bp.post("/retention/holds/<int:hold_id>/decide")
@requires(Permission.RETENTION_APPROVE)
def hold_decide(hold_id: int) -> ResponseReturnValue:
    """Agree to the release as the second person, or turn it down."""
    agree = request.form.get("decision") == "yes"
    if agree and not prove(request.form.get("password", "")):
        raise PasswordNotRightError
    with unit_of_work() as uow:
        holds.decide_lift(uow, hold_id, agree=agree)
    flash(_("保留已解除。") if agree else _("未同意解除，保留继续有效。"))
    return redirect(url_for("retention.hold_register"))

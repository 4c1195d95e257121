"""管理 › 机构: the tree of branches."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import branches
from postloan_archive.access.permissions import Permission
from postloan_archive.admin.forms import BranchForm
from postloan_archive.admin.lender_form import LenderForm
from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError
from postloan_archive.loans import lenders
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("branches", __name__, url_prefix="/admin/branches")


@bp.get("")
@requires(Permission.SYSTEM_ADMIN)
def index() -> ResponseReturnValue:
    """Show the tree."""
    with unit_of_work() as uow:
        rows = branches.tree(uow.session)
        return render_template("admin/branches.html", rows=rows)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.SYSTEM_ADMIN)
def create() -> ResponseReturnValue:
    """Add a branch."""
    form = BranchForm()
    with unit_of_work() as uow:
        form.offer(branches.tree(uow.session))
    if form.submitted():
        try:
            with unit_of_work() as uow:
                branches.create(uow, form.command())
        except (RuleError, ConflictError, NotFoundError) as error:
            form.show(error)
        else:
            flash(_("机构已登记。"))
            return redirect(url_for("branches.index"))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template("admin/branch_new.html", form=form), status


@bp.route("/<int:branch_id>/lender", methods=["GET", "POST"])
@requires(Permission.SYSTEM_ADMIN)
def lender(branch_id: int) -> ResponseReturnValue:
    """Enter the legal identity of a branch: what letters and court papers print of it."""
    with unit_of_work() as uow:
        code, name = branches.code_of(uow, branch_id), branches.name_of(uow, branch_id)
        if not name:
            raise branches.BranchNotFoundError(code=str(branch_id))
        own, whole = lenders.own_facts(uow, branch_id), lenders.lender_of(uow, branch_id)
    form = LenderForm(obj=own)
    if form.submitted():
        try:
            with unit_of_work() as uow:
                lenders.describe_lender(uow, code, form.command())
        except RuleError as error:
            form.show(error)
        else:
            flash(_("机构资料已保存。"))
            return redirect(url_for("branches.index"))
    form.inherit(whole)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template("admin/lender.html", form=form, name=name), status

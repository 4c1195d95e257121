"""管理 › 授权 and 角色权限: who holds which role where, proposed by one, decided by another."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import branches, grants, users
from postloan_archive.access.grants import Decide
from postloan_archive.access.permissions import Permission
from postloan_archive.access.roles import CATEGORIES, ROLES
from postloan_archive.admin.account import PasswordNotRightError
from postloan_archive.admin.forms import DecisionForm, GrantForm, ReasonForm
from postloan_archive.admin.proof import prove
from postloan_archive.admin.words import CATEGORY_WORDS, PERMISSION_WORDS
from postloan_archive.kernel.errors import ConflictError, NotAllowedError, RuleError
from postloan_archive.web.guard import requires, signed_in
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import current_actor, the_system, unit_of_work

bp = Blueprint("grants", __name__, url_prefix="/admin/grants")


@bp.get("")
@requires(Permission.ROLE_ADMIN)
def index() -> ResponseReturnValue:
    """Show open proposals and who holds what."""
    text = request.args.get("q", "")
    with unit_of_work() as uow:
        page = page_of(request.args, total=users.count(uow.session, text=text))
        return render_template(
            "admin/grants.html",
            proposals=grants.open_proposals(uow.session, viewer_id=uow.actor.user_id),
            rows=users.listing(uow.session, text=text, limit=page.size, offset=page.offset),
            page=page,
            text=text,
            roles=ROLES,
        )


@bp.route("/users/<int:user_id>/new", methods=["GET", "POST"])
@requires(Permission.ROLE_ADMIN)
def propose(user_id: int) -> ResponseReturnValue:
    """Propose a role for a user."""
    form = GrantForm()
    with unit_of_work() as uow:
        person = users.row_of(users.get(uow, user_id))
        form.offer(branches.tree(uow.session))
    if form.submitted():
        try:
            with unit_of_work() as uow:
                grants.propose(uow, form.command(user_id))
        except (RuleError, ConflictError) as error:
            form.show(error)
        else:
            flash(_("已提交，待另一位安全管理员审批。"))
            return redirect(url_for("grants.index"))
    return render_template("admin/grant_new.html", form=form, user=person), _status(form.errors)


@bp.route("/<int:grant_id>", methods=["GET", "POST"])
@requires(Permission.ROLE_ADMIN)
def decide(grant_id: int) -> ResponseReturnValue:
    """Agree to a proposal or turn it down, with the password once more."""
    form = DecisionForm()
    with unit_of_work() as uow:
        proposal = grants.proposal(uow, grant_id)
    if form.submitted():
        try:
            if not prove(form.password.data or ""):
                raise PasswordNotRightError
            with unit_of_work() as uow:
                cmd = Decide(
                    grant_id=grant_id,
                    approve=form.decision.data == "yes",
                    proven_at=the_system().clock.now(),
                )
                grants.decide(uow, cmd)
        except (RuleError, ConflictError, NotAllowedError) as error:
            form.show(error)
        else:
            flash(_("已处理。"))
            return redirect(url_for("grants.index"))
    page = render_template("admin/grant_decide.html", form=form, proposal=proposal, roles=ROLES)
    return page, _status(form.errors)


@bp.route("/<int:grant_id>/end", methods=["POST"])
@requires(Permission.ROLE_ADMIN)
def end(grant_id: int) -> ResponseReturnValue:
    """Take a role away, at once."""
    form = ReasonForm()
    if not form.submitted():
        raise grants.ReasonMissingError
    with unit_of_work() as uow:
        grants.revoke(uow, grant_id, reason=form.reason.data or "")
    flash(_("授权已收回，立即生效。"))
    return redirect(url_for("grants.index"))


@bp.get("/roles")
@signed_in
def roles() -> ResponseReturnValue:
    """Show the table of roles, for everybody: rights are no secret."""
    actor = current_actor()
    return render_template(
        "admin/roles.html",
        roles=ROLES,
        permissions=PERMISSION_WORDS,
        categories=[(code, CATEGORY_WORDS[code]) for code in CATEGORIES],
        held=actor.permissions,
    )


def _status(errors: object) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK

"""管理 › 用户: the list, new users, password links, locks."""

from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import sign_in, users
from postloan_archive.access.permissions import Permission
from postloan_archive.admin.forms import ReasonForm, UserForm
from postloan_archive.kernel.errors import ConflictError, RuleError
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("users", __name__, url_prefix="/admin/users")
LINK_LIVES = timedelta(hours=24)


@bp.get("")
@requires(Permission.USER_ADMIN)
def index() -> ResponseReturnValue:
    """List the users."""
    text = request.args.get("q", "")
    with unit_of_work() as uow:
        page = page_of(request.args, total=users.count(uow.session, text=text))
        rows = users.listing(uow.session, text=text, limit=page.size, offset=page.offset)
        return render_template("admin/users.html", rows=rows, page=page, text=text)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.USER_ADMIN)
def create() -> ResponseReturnValue:
    """Add a user and show the link that sets the first password."""
    form = UserForm()
    if form.submitted():
        try:
            with unit_of_work() as uow:
                user = users.create(uow, form.command())
                token = _password_link(uow, user.id)
                name = user.display_name
        except (RuleError, ConflictError) as error:
            form.show(error)
        else:
            return _show_link(token, name, _("用户已创建"))
    return render_template("admin/user_new.html", form=form), _status(form.errors)


@bp.get("/<int:user_id>")
@requires(Permission.USER_ADMIN)
def user(user_id: int) -> ResponseReturnValue:
    """Show one user."""
    with unit_of_work() as uow:
        row = users.row_of(users.get(uow, user_id))
        return render_template("admin/user.html", user=row, form=ReasonForm())


@bp.post("/<int:user_id>/password-link")
@requires(Permission.USER_ADMIN)
def password_link(user_id: int) -> ResponseReturnValue:
    """Make a link with which the user sets a new password; nobody else learns it."""
    with unit_of_work() as uow:
        person = users.get(uow, user_id)
        token = _password_link(uow, user_id)
        name = person.display_name
    return _show_link(token, name, _("重置密码"))


@bp.post("/<int:user_id>/disable")
@requires(Permission.USER_ADMIN)
def disable(user_id: int) -> ResponseReturnValue:
    """Lock the user out at once."""
    form = ReasonForm()
    if form.submitted():
        with unit_of_work() as uow:
            users.disable(uow, user_id, reason=form.reason.data or "")
        flash(_("用户已停用，其会话已全部退出。"))
        return redirect(url_for("users.user", user_id=user_id))
    return _again(user_id, form)


@bp.post("/<int:user_id>/enable")
@requires(Permission.USER_ADMIN)
def enable(user_id: int) -> ResponseReturnValue:
    """Let a disabled user in again."""
    form = ReasonForm()
    if form.submitted():
        with unit_of_work() as uow:
            users.enable(uow, user_id, reason=form.reason.data or "")
        flash(_("用户已启用。"))
        return redirect(url_for("users.user", user_id=user_id))
    return _again(user_id, form)


@bp.post("/<int:user_id>/unlock")
@requires(Permission.USER_ADMIN)
def unlock(user_id: int) -> ResponseReturnValue:
    """Let the user try the password again before the time is over."""
    with unit_of_work() as uow:
        users.unlock(uow, user_id)
    flash(_("已解除登录限制。"))
    return redirect(url_for("users.user", user_id=user_id))


@bp.post("/<int:user_id>/second-factor/off")
@requires(Permission.USER_ADMIN)
def second_factor_off(user_id: int) -> ResponseReturnValue:
    """Take the second factor off a user who lost the telephone."""
    form = ReasonForm()
    if form.submitted():
        with unit_of_work() as uow:
            users.reset_second_factor(uow, user_id)
        flash(_("动态口令已停用，用户须重新启用。"))
        return redirect(url_for("users.user", user_id=user_id))
    return _again(user_id, form)


def _again(user_id: int, form: ReasonForm) -> ResponseReturnValue:
    with unit_of_work() as uow:
        row = users.row_of(users.get(uow, user_id))
        return render_template("admin/user.html", user=row, form=form), _status(form.errors)


def _password_link(uow: UnitOfWork, user_id: int) -> str:
    return sign_in.make_link(uow, user_id, purpose="set_password", valid_for=LINK_LIVES)


def _show_link(token: str, name: str, title: str) -> ResponseReturnValue:
    link = url_for("sign_in.first_password", token=token, _external=True)
    return render_template("admin/link.html", link=link, name=name, title=title)


def _status(errors: object) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK

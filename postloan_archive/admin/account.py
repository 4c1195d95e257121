"""我的账户: password, second factor, sessions, choices of the browser."""

import io
from http import HTTPStatus

import segno
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from postloan_archive.access import second_factor, sessions, sign_in, tokens, users
from postloan_archive.access.keys import seal, unseal
from postloan_archive.access.second_factor import WrongCodeError
from postloan_archive.access.tokens import IssueToken
from postloan_archive.access.users import SetPassword, WrongPasswordError
from postloan_archive.admin.forms import (
    ChangePasswordForm,
    KeyForm,
    ProofForm,
    SecondFactorForm,
)
from postloan_archive.admin.proof import prove
from postloan_archive.kernel.errors import NotAllowedError, RuleError
from postloan_archive.web.guard import signed_in
from postloan_archive.web.request_uow import current_actor, the_system, unit_of_work
from postloan_archive.web.sessions import browser_session, this_browser
from postloan_archive.web.translations import error_text

bp = Blueprint("account", __name__, url_prefix="/account")
_SECRET = "second_factor_secret"  # noqa: S105 - the name of a session value


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    """Show the own account."""
    with unit_of_work() as uow:
        user = users.get(uow, own_id())
        return render_template(
            "admin/account.html",
            user=user,
            sessions=sessions.living(uow, user.id),
            keys=tokens.living(uow, user.id),
            present=browser_session().row,
            codes_left=second_factor.codes_left(uow, user.id),
        )


@bp.post("/email")
@signed_in
def email() -> ResponseReturnValue:
    """Keep where the daily digest of reminders goes."""
    try:
        with unit_of_work() as uow:
            users.set_email(uow, own_id(), request.form.get("email", ""))
    except RuleError as error:
        flash(error_text(error), "error")
    else:
        flash(_("电子邮箱已保存。"))
    return redirect(url_for("account.index"))


@bp.route("/password", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    """Change the own password; every other session ends."""
    form = ChangePasswordForm()
    if form.submitted():
        try:
            if not prove(form.current.data or ""):
                raise WrongPasswordError
            with unit_of_work() as uow:
                new = SetPassword(user_id=own_id(), password=form.password.data or "")
                user = users.set_password(uow, new)
                found = sign_in.open_after_password(uow, user, this_browser())
        except (RuleError, NotAllowedError) as error:
            form.show(error)
        else:
            browser_session().become(found.token)
            generate_csrf()
            flash(_("密码已更改，其他会话已退出。"))
            return redirect(url_for("account.index"))
    return render_template("admin/password.html", form=form), _status(form.errors)


@bp.route("/second-factor", methods=["GET", "POST"])
@signed_in
def second_factor_on() -> ResponseReturnValue:
    """Switch the time code on: scan, type the code, keep the recovery codes."""
    data = the_system().settings.data
    form = SecondFactorForm()
    if _SECRET not in session:
        session[_SECRET] = seal(data, second_factor.new_secret())
    secret = unseal(data, session[_SECRET])
    if form.submitted():
        try:
            if not prove(form.password.data or ""):
                form.show(PasswordNotRightError())
            else:
                with unit_of_work() as uow:
                    user = users.get(uow, own_id())
                    codes = second_factor.enable(uow, user, secret, form.code.data or "")
                session.pop(_SECRET)
                return render_template("admin/recovery_codes.html", codes=codes)
        except (WrongCodeError, NotAllowedError) as error:
            form.show(error)
    address = second_factor.address_of(
        secret, username=current_actor().name, issuer=_("贷后档案")
    )
    page = render_template(
        "admin/second_factor.html", form=form, secret=secret, square=_square(address)
    )
    return page, _status(form.errors)


@bp.route("/second-factor/off", methods=["GET", "POST"])
@signed_in
def second_factor_off() -> ResponseReturnValue:
    """Switch the time code off; asks for the password."""
    form = ProofForm()
    if form.submitted():
        try:
            right = prove(form.password.data or "")
        except NotAllowedError as error:
            form.show(error)
        else:
            if right:
                with unit_of_work() as uow:
                    second_factor.disable(uow, users.get(uow, own_id()))
                flash(_("动态口令已停用。"))
                return redirect(url_for("account.index"))
            form.show(PasswordNotRightError())
    page = render_template("admin/second_factor_off.html", form=form)
    return page, _status(form.errors)


@bp.post("/sessions/<public_id>/end")
@signed_in
def end_session(public_id: str) -> ResponseReturnValue:
    """End one of the own sessions."""
    with unit_of_work() as uow:
        sessions.end_one(uow, own_id(), public_id)
    flash(_("该会话已退出。"))
    return redirect(url_for("account.index"))


@bp.route("/keys/new", methods=["GET", "POST"])
@signed_in
def key_new() -> ResponseReturnValue:
    """Make a key for a program that acts for oneself on the present post; shown once."""
    form = KeyForm()
    if form.submitted():
        try:
            if prove(form.password.data or ""):
                post = browser_session().post
                with unit_of_work() as uow:
                    reads = tokens.reading_only(uow, own_id(), post)
                    wanted = IssueToken(
                        user_id=own_id(),
                        name=form.name.data or "",
                        valid_days=form.valid_days.data or 0,
                        post=post,
                        permissions=reads if form.scope.data == "read" else None,
                    )
                    secret = tokens.issue(uow, wanted)
                return render_template("admin/key.html", secret=secret, name=wanted.name)
            form.show(PasswordNotRightError())
        except (RuleError, NotAllowedError) as error:
            form.show(error)
    return render_template("admin/key_new.html", form=form), _status(form.errors)


@bp.post("/keys/<public_id>/end")
@signed_in
def key_end(public_id: str) -> ResponseReturnValue:
    """End one of the own keys at once."""
    with unit_of_work() as uow:
        tokens.revoke(uow, own_id(), public_id)
    flash(_("接口密钥已作废。"))
    return redirect(url_for("account.index"))


class PasswordNotRightError(WrongPasswordError):
    """The password of a proof, which sits in a field of another name."""

    field = "password"


def own_id() -> int:
    """Return the number of the signed-in user."""
    user_id = current_actor().user_id
    assert user_id is not None  # the guard lets nobody else here
    return user_id


def _square(address: str) -> Markup:
    """Return the code as inline SVG; its attributes need no style."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, svgclass="qr", lineclass=None, scale=4
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - drawn by segno from our own address


def _status(errors: object) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK

"""The door: signing in and out, one-time links, the first password."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from postloan_archive.access import passwords, sessions, sign_in, users
from postloan_archive.access.sign_in import Proof, SignedIn, SignInRefusedError
from postloan_archive.access.throttle import TooManyTriesError
from postloan_archive.access.users import SetPassword
from postloan_archive.admin.forms import NewPasswordForm, SignInForm
from postloan_archive.kernel.errors import NotAllowedError, RuleError
from postloan_archive.web.addresses import local_address
from postloan_archive.web.guard import public
from postloan_archive.web.request_uow import current_actor, unit_of_work
from postloan_archive.web.sessions import browser_session, this_browser

bp = Blueprint("sign_in", __name__)
CLEAR: Final = '"cache", "storage"'


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def enter() -> ResponseReturnValue:
    """Ask for name, password and code; the answer never says which was wrong."""
    form = SignInForm()
    if form.submitted():
        try:
            found = _try(form)
        except NotAllowedError as error:
            form.show(error)
        else:
            return _welcome(found)
    elif current_actor().user_id is not None:
        return redirect(url_for("home.index"))
    return render_template("admin/sign_in.html", form=form), _status(form.errors)


def _try(form: SignInForm) -> SignedIn:
    """Count, check outside the transaction, open.

    Raises:
        TooManyTriesError: wait.
        SignInRefusedError: something is wrong; not said what.
    """
    browser = this_browser()
    try:
        with unit_of_work() as uow:
            tried = sign_in.challenge(uow, form.username.data or "", browser.address)
    except TooManyTriesError:
        with unit_of_work() as uow:
            uow.record("access.sign_in_throttled", "user:unknown", address=browser.address)
        raise
    right = passwords.matches(tried.password_hash, form.password.data or "")
    with unit_of_work() as uow:
        proof = Proof(password_ok=right, code=form.code.data or "", browser=browser)
        found = sign_in.complete(uow, tried, proof)
    if found is None:
        raise SignInRefusedError
    return found


@bp.route("/sign-in/link/<token>", methods=["GET", "POST"])
@public
def by_link(token: str) -> ResponseReturnValue:
    """Sign in by a link that works once; the page before it keeps link previews harmless."""
    if request.method == "POST":
        with unit_of_work() as uow:
            found = sign_in.sign_in_by_link(uow, token, this_browser())
        return _welcome(found)
    with unit_of_work() as uow:
        user = sign_in.check_link(uow, token, purpose="sign_in")
    return render_template("admin/by_link.html", name=user.display_name)


@bp.route("/sign-in/password/<token>", methods=["GET", "POST"])
@public
def first_password(token: str) -> ResponseReturnValue:
    """Set a password by a link from the system administrator."""
    form = NewPasswordForm()
    with unit_of_work() as uow:
        user = sign_in.check_link(uow, token, purpose="set_password")
    if form.submitted():
        try:
            with unit_of_work() as uow:
                sign_in.use_link(uow, token, purpose="set_password")
                users.set_password(
                    uow, SetPassword(user_id=user.id, password=form.password.data or "")
                )
        except RuleError as error:
            form.show(error)
        else:
            flash(_("密码已设置，请登录。"))
            return redirect(url_for("sign_in.enter"))
    page = render_template("admin/first_password.html", form=form, user=user)
    return page, _status(form.errors)


@bp.post("/sign-out")
@public
def leave() -> ResponseReturnValue:
    """End the session on the server and clear what the browser kept."""
    present = browser_session()
    if present.token is not None:
        with unit_of_work() as uow:
            sessions.end(uow, present.token)
        present.forget()
    reply = redirect(url_for("sign_in.enter"))
    reply.headers["Clear-Site-Data"] = CLEAR
    return reply


def _welcome(found: SignedIn) -> Response:
    browser_session().become(found.token)
    generate_csrf()  # a new form token for the new session
    return redirect(local_address(request.args.get("next")))


def _status(errors: object) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK

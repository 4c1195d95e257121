"""The first page, the choices of the browser and of the post, and the sign of life."""

from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, abort, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from postloan_archive.web.addresses import page_before
from postloan_archive.web.frame import THEMES, Frame
from postloan_archive.web.guard import public, signed_in
from postloan_archive.web.request_uow import the_system, unit_of_work
from postloan_archive.web.sessions import browser_session
from postloan_archive.web.translations import COOKIE, LANGUAGES, preferences

bp = Blueprint("home", __name__)

CHOICES: Final = {
    "lang": frozenset(LANGUAGES),
    "theme": frozenset(THEMES),
    "keys": frozenset({"on", "off"}),
    "density": frozenset({"dense", "comfortable"}),
}
_YEAR: Final = 365 * 24 * 3600


@bp.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """Go to the first page that this person may use."""
    rail = Frame().rail
    if rail:
        return redirect(rail[0].href)
    return render_template("home.html")


@bp.get("/menu")
@signed_in
def menu() -> ResponseReturnValue:
    """Show every word of the rail, for phones, where the rail holds five."""
    return render_template("menu.html")


@bp.post("/preferences")
@public
def prefer() -> ResponseReturnValue:
    """Keep language, theme, keys or density in a cookie; no secret, no session."""
    chosen = preferences() | {
        name: request.form[name]
        for name, allowed in CHOICES.items()
        if request.form.get(name) in allowed
    }
    reply = redirect(page_before())
    reply.set_cookie(
        COOKIE,
        urlencode({name: value for name, value in chosen.items() if name in CHOICES}),
        max_age=_YEAR,
        path="/",
        samesite="Lax",
        httponly=True,
        secure=request.is_secure,
    )
    return reply


@bp.post("/post")
@signed_in
def take_post() -> ResponseReturnValue:
    """Work on another post of one's own from now on."""
    wanted = request.form.get("post", "")
    if wanted not in {key for key, _post, _now in g.posts}:
        abort(404)
    browser_session().post = wanted
    with unit_of_work() as uow:
        uow.record("access.post_taken", f"user:{uow.actor.user_id}", post=wanted)
    return redirect(url_for("home.index"))


@bp.get("/healthz")
@public
def health() -> ResponseReturnValue:
    """Say whether the database answers; nothing else, to anybody."""
    with the_system().engine.connect().execution_options(read_only=True) as connection:
        connection.execute(text("SELECT 1"))
    return jsonify(status="ok")


@bp.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    """Lead browsers that ask by themselves to our sign."""
    return redirect(url_for("static", filename="brand.svg"))

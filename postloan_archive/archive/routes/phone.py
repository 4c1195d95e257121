"""手机拍摄: the QR code on the desk, the page on the telephone; works without script."""

from http import HTTPStatus

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.archive import inbox_views
from postloan_archive.archive.incoming import phone
from postloan_archive.archive.routes.blueprint import bp
from postloan_archive.archive.routes.images import SIZES, jpeg
from postloan_archive.archive.routes.uploads import sent_files
from postloan_archive.archive.rules.leaves import Leaf
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.web.codes import square
from postloan_archive.web.guard import public, requires
from postloan_archive.web.request_uow import current_actor, the_system, unit_of_work
from postloan_archive.web.translations import error_text, next_step_text

COOKIE = "postloan_phone"
DO = ("retake", "up", "down")


@bp.post("/inbox/phone")
@requires(Permission.DOCUMENT_ADD)
def phone_link() -> ResponseReturnValue:
    """Show a QR code for a telephone; the code is seen this once only."""
    with unit_of_work() as uow:
        link_id, token = phone.make_link(
            uow,
            loan_no=request.form.get("loan_no", ""),
            item_code=request.form.get("item", ""),
        )
        shown = phone.by_id(uow, link_id)
    address = url_for("archive.phone_door", token=token, _external=True)
    return render_template(
        "archive/phone_link.html",
        phone=shown,
        address=address,
        square=square(address, border=4),
    )


@bp.get("/inbox/phone/<int:link_id>")
@requires(Permission.DOCUMENT_ADD)
def phone_state(link_id: int) -> ResponseReturnValue:
    """Return how far the telephone is."""
    with unit_of_work() as uow:
        return render_template("archive/phone_state.html", phone=phone.by_id(uow, link_id))


@bp.get("/phone/<token>")
@public
def phone_door(token: str) -> ResponseReturnValue:
    """Ask whether to begin; looking alone uses nothing up."""
    with the_system().look(current_actor()) as uow:
        shown = phone.look_at_token(uow, token)
    return render_template("archive/phone_door.html", phone=shown, token=token)


@bp.post("/phone/<token>")
@public
def phone_open(token: str) -> ResponseReturnValue:
    """Bind the code to this telephone."""
    with the_system().unit_of_work(current_actor()) as uow:
        key = phone.open_link(uow, token)
    reply = make_response(redirect(url_for("archive.phone_shots")))
    reply.set_cookie(
        COOKIE,
        key,
        max_age=int(phone.LASTS.total_seconds()) * 8,
        httponly=True,
        secure=the_system().settings.secure_cookies,
        samesite="Strict",
        path="/photos",
    )
    return reply


@bp.get("/photos")
@public
def phone_shots() -> ResponseReturnValue:
    """Show what was photographed, and the button for the next page."""
    with the_system().look(current_actor()) as uow:
        shown = phone.by_key(uow, _key())
    return render_template("archive/phone_shots.html", phone=shown)


@bp.post("/photos")
@public
def phone_take() -> ResponseReturnValue:
    """Keep photographs."""
    key = _key()
    with the_system().look(current_actor()) as uow:
        shown = phone.by_key(uow, key)
    try:
        for sent in sent_files():
            phone.take_shot(the_system(), shown, key, sent.name, sent.stream)
    except phone.LinkOverError:
        raise
    except PostloanError as error:
        flash(_words(error), "error")
    return redirect(url_for("archive.phone_shots"))


@bp.post("/photos/<int:file_id>")
@public
def phone_change(file_id: int) -> ResponseReturnValue:
    """Leave a photograph out, or move it."""
    key, do = _key(), request.form.get("do", "")
    with the_system().look(current_actor()) as uow:
        shown = phone.by_key(uow, key)
    if do in DO:
        with the_system().unit_of_work(shown.actor) as uow:
            if do == "retake":
                phone.retake(uow, key, file_id)
            else:
                phone.move(uow, key, file_id, -1 if do == "up" else 1)
    return redirect(url_for("archive.phone_shots"))


@bp.get("/photos/<int:file_id>.jpg")
@public
def phone_image(file_id: int) -> ResponseReturnValue:
    """Draw a photograph of this telephone, small."""
    with the_system().look(current_actor()) as uow:
        shown = phone.by_key(uow, _key())
    if file_id not in shown.shots:
        raise phone.LinkOverError
    with the_system().unit_of_work(shown.actor) as uow:
        source = inbox_views.view_leaf(uow, file_id, Leaf(file_id, 1), SIZES["thumb"])
    return jpeg(source)


@bp.post("/photos/done")
@public
def phone_done() -> ResponseReturnValue:
    """Join the photographs and end."""
    key = _key()
    with the_system().look(current_actor()) as uow:
        shown = phone.by_key(uow, key)
    try:
        document = phone.finish(the_system(), shown, key)
    except phone.LinkOverError:
        raise
    except PostloanError as error:
        flash(_words(error), "error")
        return redirect(url_for("archive.phone_shots"))
    reply = make_response(
        render_template("archive/phone_done.html", phone=shown, document=document),
        HTTPStatus.OK,
    )
    reply.delete_cookie(COOKIE, path="/photos")
    return reply


def _key() -> str:
    return request.cookies.get(COOKIE, "")


def _words(error: PostloanError) -> str:
    return " ".join(filter(None, (error_text(error), next_step_text(error)))) or _("未能办理。")

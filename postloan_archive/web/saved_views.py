"""Saved filters of lists: chips below every filter block, a form to keep the present ones."""

from typing import Final

from flask import Blueprint, Flask, current_app, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from postloan_archive.access import saved_views
from postloan_archive.access.rights import Post
from postloan_archive.access.roles import ROLES, Role
from postloan_archive.access.saved_views import NothingToSaveError, SaveView, ShownView
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.web.addresses import local_address
from postloan_archive.web.guard import signed_in
from postloan_archive.web.request_uow import look, unit_of_work
from postloan_archive.web.translations import error_text, next_step_text

bp = Blueprint("views", __name__, url_prefix="/views")

LONGEST_PATH: Final = 200


def install_saved_views(app: Flask) -> None:
    """Give every template `saved_views`, `own_roles` and `savable`."""
    app.add_template_global(views_here, "saved_views")
    app.add_template_global(own_roles, "own_roles")
    app.add_template_global(savable, "savable")


def views_here() -> list[ShownView]:
    """Return what the person finds on the present list; nothing for nobody."""
    if g.get("actor") is None:
        return []
    with look() as uow:
        return saved_views.shown(uow, _roles(), path=request.path)


def own_views() -> list[ShownView]:
    """Return what the person keeps, of all lists."""
    with look() as uow:
        return saved_views.shown(uow, _roles())


def own_roles() -> list[tuple[str, str]]:
    """Return the roles that the person may share with: value and Chinese name."""
    return [(role.value, ROLES[role].label) for role in sorted(_roles())]


def savable() -> str:
    """Return the filters of the present address that can be kept, empty where none is set."""
    try:
        return saved_views.filters_of(request.query_string.decode("ascii", "replace"))
    except NothingToSaveError:
        return ""


@bp.post("")
@signed_in
def save() -> ResponseReturnValue:
    """Keep the filters of a list under a name and go back to it."""
    path = _list_path(request.form.get("path", ""))
    query = request.form.get("query", "")
    wanted = SaveView(
        path=path,
        query=query,
        name=request.form.get("name", ""),
        share=request.form.get("share", ""),
    )
    try:
        with unit_of_work() as uow:
            row = saved_views.save(uow, wanted)
            query = row.query
    except PostloanError as error:
        flash(" ".join(filter(None, (error_text(error), next_step_text(error)))), "error")
    else:
        flash(_("筛选已保存。"))
    return redirect(local_address(f"{path}?{query}"))


@bp.post("/<int:view_id>/remove")
@signed_in
def remove(view_id: int) -> ResponseReturnValue:
    """Take away one of the own ones and go back to its list."""
    with unit_of_work() as uow:
        path = saved_views.remove(uow, view_id)
    flash(_("筛选已删去。"))
    return redirect(local_address(path))


def _roles() -> frozenset[Role]:
    post = next((post for _key, post, now in g.get("posts", ()) if now), None)
    return post.roles if isinstance(post, Post) else frozenset()


def _list_path(wanted: str) -> str:
    """Return the path of a page of ours.

    Raises:
        NothingToSaveError: it is none.
    """
    if len(wanted) > LONGEST_PATH or local_address(wanted) != wanted or "?" in wanted:
        raise NothingToSaveError
    try:
        current_app.url_map.bind("").match(wanted, method="GET")
    except (HTTPException, RequestRedirect) as error:
        raise NothingToSaveError from error
    return wanted

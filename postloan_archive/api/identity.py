"""Who calls: the key in the Authorization header; a cookie means nothing here."""

from flask import Flask, g, request
from werkzeug.wrappers import Response

from postloan_archive.access import rights, tokens
from postloan_archive.db import new_session
from postloan_archive.web.request_uow import the_system

ROOT = "/api/"


def install_identity(app: Flask) -> None:
    """Find the caller before each request of the API; call before `install_guard`."""
    app.before_request(_identify)
    app.after_request(_say_how)


def _identify() -> None:
    if not request.path.startswith(ROOT):
        return
    g.actor = None
    scheme, _blank, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        return
    system = the_system()
    with new_session(system.engine) as session:
        session.connection(execution_options={"read_only": True})
        token = tokens.find(session, secret.strip(), now=system.clock.now())
        if token is None:
            return
        post = rights.chosen(rights.posts_of(session, token.user_id), token.post)
        if token.post and (post is None or post.key != token.post):
            post = None  # the user no longer holds the post that the key was made for
        g.actor = rights.actor_for(
            token.user,
            post,
            origin="api",
            request_id=g.get("request_id", ""),
            address=request.remote_addr or "",
            only=None if token.permissions is None else frozenset(token.permissions),
        )
        g.caller = token.public_id


def _say_how(response: Response) -> Response:
    if request.path.startswith(ROOT) and response.status_code == 401:  # noqa: PLR2004 - HTTP
        response.headers["WWW-Authenticate"] = 'Bearer realm="postloan"'
    return response

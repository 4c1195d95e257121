"""The cookie: an opaque token of a server-side session, or signed scraps for a guest.

A guest (the sign-in page) has no row: what little there is, the form token and messages, sits
signed in the cookie. Signing in throws it away and begins a row under a new token.
"""

from datetime import datetime
from typing import Any, Final

from flask import Flask, g, request
from flask import session as flask_session
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.wrappers import Request, Response

from postloan_archive.access import rights, sessions
from postloan_archive.access.keys import derive
from postloan_archive.access.models import User, UserSession
from postloan_archive.access.sessions import Browser
from postloan_archive.db import new_session
from postloan_archive.uow import System
from postloan_archive.web.request_uow import the_system

GUEST_SECONDS: Final = 3600 * 4
_TAGS: Final = TaggedJSONSerializer()


class BrowserSession(dict[str, Any], SessionMixin):
    """What Flask calls the session; knows whether somebody is signed in.

    Attributes:
        token: the secret of the cookie, None for a guest.
        row: the session found in the database, None for a guest.
        stale: the cookie named a session that is over.
    """

    def __init__(
        self,
        values: dict[str, Any] | None = None,
        *,
        token: str | None = None,
        row: UserSession | None = None,
        stale: bool = False,
    ) -> None:
        super().__init__(values or {})
        self.before = _TAGS.dumps(dict(self))
        self.token = token
        self.row = row
        self.post = row.post if row else ""
        self.stale = stale
        self.begun = False

    @property
    def changed(self) -> bool:
        """Return whether the values differ from what was loaded."""
        return _TAGS.dumps(dict(self)) != self.before

    def become(self, token: str) -> None:
        """Belong to a user from now on, under a new token; nothing of the guest stays."""
        self.clear()
        self.token, self.begun, self.stale = token, True, False

    def forget(self) -> None:
        """Be a guest again."""
        self.clear()
        self.token, self.row, self.stale = None, None, True


class ServerSessions(SessionInterface):
    """Finds and keeps sessions in the database of the installation."""

    def __init__(self, system: System, *, secure: bool) -> None:
        self.system = system
        self.secure = secure
        self.name = "__Host-postloan" if secure else "postloan"
        key = derive(system.settings.data, "guest cookie")
        self.signer = URLSafeTimedSerializer(key, salt="guest", serializer=_TAGS)

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        """Return the session of the cookie; a guest's where there is none."""
        del app
        kind, _, value = request.cookies.get(self.name, "").partition(".")
        if kind == "s" and value:
            with self._reading() as session:
                row = sessions.find(
                    session, value, now=self.system.clock.now(), settings=self.system.settings
                )
            if row is None:
                return BrowserSession(stale=True)
            return BrowserSession(_TAGS.loads(_TAGS.dumps(row.state)), token=value, row=row)
        if kind == "g" and value:
            try:
                return BrowserSession(self.signer.loads(value, max_age=GUEST_SECONDS))
            except BadSignature:
                return BrowserSession(stale=True)
        return BrowserSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write what changed; a mere visit is written once a minute."""
        del app
        assert isinstance(session, BrowserSession)
        if session.token is None:
            self._save_guest(session, response)
            return
        now = self.system.clock.now()
        row = session.row
        old = row is None or now - row.seen_at > sessions.TOUCH_EVERY
        moved = row is not None and row.post != session.post
        if session.changed or old or moved or session.begun:
            values = dict(session) if session.changed or session.begun else None
            with new_session(self.system.engine) as db, db.begin():
                sessions.keep(db, session.token, now=now, state=values, post=session.post)
        if session.begun:
            self._set(response, f"s.{session.token}")

    def _save_guest(self, session: BrowserSession, response: Response) -> None:
        if session and session.changed:
            self._set(response, f"g.{self.signer.dumps(dict(session))}")
        elif session.stale:
            response.delete_cookie(
                self.name, path="/", secure=self.secure, httponly=True, samesite="Lax"
            )

    def _set(self, response: Response, value: str) -> None:
        response.set_cookie(
            self.name, value, path="/", secure=self.secure, httponly=True, samesite="Lax"
        )

    def _reading(self) -> Session:
        session = new_session(self.system.engine)
        session.connection(execution_options={"read_only": True})
        return session


def install_sessions(app: Flask) -> None:
    """Find out, before each request, who acts; `use_sessions` says where they are kept."""
    app.before_request(_identify)


def use_sessions(app: Flask, system: System, *, secure: bool) -> None:
    """Keep the sessions in the database of this installation."""
    app.session_interface = ServerSessions(system, secure=secure)
    app.config["SECRET_KEY"] = derive(system.settings.data, "form token")


def _identify() -> None:
    if request.endpoint == "static" or request.path.startswith("/api/"):
        return
    present = browser_session()
    if present.row is not None:
        take(present.row.user, present.post)
        g.must_change_password = present.row.user.must_change_password


def take(user: User, post_key: str) -> None:
    """Make the user the actor of this request, on the post chosen."""
    with new_session(the_system().engine) as session:
        session.connection(execution_options={"read_only": True})
        posts = rights.posts_of(session, user.id)
    post = rights.chosen(posts, post_key)
    g.actor = rights.actor_for(
        user,
        post,
        request_id=g.get("request_id", ""),
        address=request.remote_addr or "",
    )
    g.posts = [(one.key, one, post is not None and one.key == post.key) for one in posts]


def browser_session() -> BrowserSession:
    """Return the session of the request."""
    present = flask_session._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Werkzeug's own way
    assert isinstance(present, BrowserSession)
    return present


def this_browser() -> Browser:
    """Return address and name of the browser."""
    return Browser(
        address=request.remote_addr or "", agent=request.headers.get("User-Agent", "")
    )


def proven_at() -> datetime | None:
    """Return when the person of this session last showed a password."""
    row = browser_session().row
    return row.authenticated_at if row else None

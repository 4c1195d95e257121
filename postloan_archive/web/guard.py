"""Every route names its permission; one check before each request applies it."""

from collections.abc import Callable
from typing import Final, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import NotAllowedError, _l
from postloan_archive.web.request_uow import record_refusal

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
PUBLIC: Final = "public"
SIGNED_IN: Final = "signed in"
_MARK: Final = "postloan_access"

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class UndeclaredRouteError(Exception):
    """A route names no permission; the application does not start."""


class PermissionMissingError(NotAllowedError):
    """The signed-in person does not hold the permission of the page."""

    next_step = _l("如工作需要，请向安全管理员申请相应角色。")

    def __init__(self, *, permission: str) -> None:
        super().__init__(_l("您没有办理此事项的权限。"), permission=permission)


class CrossSiteError(NotAllowedError):
    """The browser says that another site sent the change."""

    next_step = _l("请从本系统的页面重新操作。")

    def __init__(self) -> None:
        super().__init__(_l("请求来自其他网站，未予办理。"))


class SignInNeededError(NotAllowedError):
    """Nobody is signed in, or no longer."""

    next_step = _l("请登录后重试；您填写的内容还在原页面。")

    def __init__(self) -> None:
        super().__init__(_l("您尚未登录，或登录已过期。"))


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare the permission that the route demands."""
    return _marker(str(permission))


def public(view: View) -> View:
    """Declare that anybody may call the route: sign-in, static files, health."""
    return _marker(PUBLIC)(view)


def signed_in(view: View) -> View:
    """Declare that every signed-in person may call the route: the own account."""
    return _marker(SIGNED_IN)(view)


def _marker(mark: str) -> Callable[[View], View]:
    def declare(view: View) -> View:
        setattr(view, _MARK, mark)
        return view

    return declare


def declared_access(app: Flask, endpoint: str) -> str | None:
    """Return the permission of the endpoint, PUBLIC, SIGNED_IN, or None if it names nothing."""
    view = app.view_functions[endpoint]
    mark = getattr(view, _MARK, None)
    return mark if isinstance(mark, str) else None


def install_guard(app: Flask) -> None:
    """Let the check run before each request; call after all blueprints are registered.

    Raises:
        UndeclaredRouteError: at least one route declares nothing; all are named.
    """
    if "static" in app.view_functions:
        setattr(app.view_functions["static"], _MARK, PUBLIC)  # Flask made this view
    silent = sorted(
        {
            rule.endpoint
            for rule in app.url_map.iter_rules()
            if declared_access(app, rule.endpoint) is None
        }
    )
    if silent:
        raise UndeclaredRouteError("no permission declared: " + ", ".join(silent))
    app.before_request(_check)


def _check() -> Response | None:
    if request.endpoint is None:  # an unknown address; errors.py answers
        return None
    access = declared_access(current_app, request.endpoint)
    if request.method not in SAFE_METHODS:
        _refuse_other_sites()
    if access == PUBLIC:
        return None
    actor: Actor | None = g.get("actor")
    if actor is None:
        return _ask_to_sign_in()
    if g.get("must_change_password") and request.endpoint not in _BEFORE_PASSWORD:
        return redirect(url_for("account.password"))
    if access == SIGNED_IN or (access is not None and actor.may(access)):
        return None
    record_refusal(access or "undeclared")
    raise PermissionMissingError(permission=access or "")


_BEFORE_PASSWORD: Final = frozenset({"account.password", "sign_in.leave", "home.prefer"})


def _refuse_other_sites() -> None:
    # Every browser since 2023 sends this header; programs do not, and they hold no cookie.
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if site not in {"same-origin", "none"}:
        raise CrossSiteError


def _ask_to_sign_in() -> Response:
    kinds = request.accept_mimetypes
    wants_page = request.method == "GET" and (not kinds or kinds.accept_html)
    program = request.path.startswith("/api/")
    if not wants_page or program or request.headers.get("HX-Request"):
        raise SignInNeededError
    here = request.full_path.rstrip("?")
    return redirect(url_for("sign_in.enter", next=here))

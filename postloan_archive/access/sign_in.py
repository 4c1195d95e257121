"""Signing in: count the try, check the password outside the transaction, open the session.

The answer is the same, and takes the same time, for a wrong name, a wrong password, a wrong
or missing code and a disabled user.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from postloan_archive.access import second_factor, sessions, throttle
from postloan_archive.access.models import SignInLink, User, UserSession
from postloan_archive.access.rules import username_key
from postloan_archive.access.sessions import Browser
from postloan_archive.kernel.errors import NotAllowedError, NotFoundError, _l
from postloan_archive.uow import UnitOfWork

MAX_NAME: Final = 200
FRESH_FOR: Final = timedelta(minutes=5)


class SignInRefusedError(NotAllowedError):
    """Name, password or code are not right; which one is not said."""

    def __init__(self) -> None:
        super().__init__(_l("用户名、密码或动态口令不对。"))


class ProofTooOldError(NotAllowedError):
    """A grave step asks for the password once more."""

    field = "password"

    def __init__(self) -> None:
        super().__init__(_l("此步须重新输入密码确认身份。"))


class LinkSpentError(NotFoundError):
    """The link was used, has expired or was never made."""

    next_step = _l("请让系统管理员重新生成链接。")

    def __init__(self) -> None:
        super().__init__(_l("链接已使用或已过期。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A counted try; `password_hash` is empty for a name nobody has."""

    attempt_id: int
    username: str
    user_id: int | None
    password_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the person showed; `password_ok` was found outside the transaction."""

    password_ok: bool
    code: str = field(default="", repr=False)
    browser: Browser


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A new session: the token for the cookie and who it belongs to."""

    token: str = field(repr=False)
    user: User


def challenge(uow: UnitOfWork, username: str, address: str) -> Challenge:
    """Count the try and return what the password is compared with.

    Raises:
        TooManyTriesError: the account or the address must wait.
    """
    name = username_key(username[:MAX_NAME])
    attempt_id = throttle.reserve(uow, name, address)
    user = uow.session.scalar(select(User).where(User.username == name))
    usable = user is not None and user.disabled_at is None
    return Challenge(
        attempt_id=attempt_id,
        username=name,
        user_id=user.id if user else None,
        password_hash=user.password_hash if user and usable else "",
    )


def complete(uow: UnitOfWork, tried: Challenge, proof: Proof) -> SignedIn | None:
    """Open the session, or record the failure and return None.

    None instead of an error: the failure must be committed.
    """
    user = None if tried.user_id is None else uow.session.get(User, tried.user_id)
    good = (
        user is not None
        and proof.password_ok
        and user.disabled_at is None
        and user.password_hash == tried.password_hash  # not changed meanwhile
        and (not user.totp_sealed or second_factor.accepts(uow, user, proof.code))
    )
    if user is None or not good:
        subject = "user:unknown" if user is None else f"user:{user.id}"
        uow.record("access.sign_in_refused", subject, address=proof.browser.address)
        return None
    throttle.succeeded(uow, tried.attempt_id)
    throttle.forget(uow)
    return _open(uow, user, proof.browser, how="password")


def prove(uow: UnitOfWork, tried: Challenge, *, password_ok: bool, token: str) -> bool:
    """Renew the proof of identity of a living session, or record the failure.

    Returns:
        Whether the password was right; a failure has to be committed, so nothing is raised.
    """
    row = uow.session.get(UserSession, sessions.digest_of(token))
    if row is None or row.user_id != tried.user_id or not password_ok:
        uow.record("access.proof_refused", f"user:{tried.user_id}")
        return False
    throttle.succeeded(uow, tried.attempt_id)
    row.authenticated_at = uow.clock.now()
    return True


def check_fresh(proven_at: datetime | None, now: datetime) -> None:
    """Refuse a grave step when the last proof of identity is old.

    Raises:
        ProofTooOldError: more than five minutes ago, or never.
    """
    if proven_at is None or now - proven_at > FRESH_FOR:
        raise ProofTooOldError


def make_link(
    uow: UnitOfWork, user_id: int, *, purpose: str, valid_for: timedelta = timedelta(hours=1)
) -> str:
    """Return the token of a link that works once: `sign_in` or `set_password`.

    Raises:
        LinkSpentError: no such user, or disabled.
    """
    user = uow.session.get(User, user_id)
    if user is None or user.disabled_at is not None:
        raise LinkSpentError
    token = secrets.token_urlsafe(32)
    now = uow.clock.now()
    uow.session.add(
        SignInLink(
            id=sessions.digest_of(token),
            user_id=user_id,
            purpose=purpose,
            created_by=uow.actor.name,
            created_at=now,
            expires_at=now + valid_for,
        )
    )
    uow.record("access.link_made", f"user:{user_id}", purpose=purpose)
    return token


def check_link(uow: UnitOfWork, token: str, *, purpose: str) -> User:
    """Return the user of a link that still works, without using it up.

    Raises:
        LinkSpentError: used, expired, of another purpose, or never made.
    """
    return _link(uow, token, purpose).user


def use_link(uow: UnitOfWork, token: str, *, purpose: str) -> User:
    """Use the link up and return its user.

    Raises:
        LinkSpentError: used, expired, of another purpose, or never made.
    """
    link = _link(uow, token, purpose)
    link.used_at = uow.clock.now()
    return link.user


def sign_in_by_link(uow: UnitOfWork, token: str, browser: Browser) -> SignedIn:
    """Open a session by a one-time link, as the demonstration prints it.

    Raises:
        LinkSpentError: used, expired, or never made.
    """
    return _open(uow, use_link(uow, token, purpose="sign_in"), browser, how="link")


def open_after_password(uow: UnitOfWork, user: User, browser: Browser) -> SignedIn:
    """Open a new session for a user who has just set a password."""
    return _open(uow, user, browser, how="new password")


def _link(uow: UnitOfWork, token: str, purpose: str) -> SignInLink:
    link = uow.session.get(SignInLink, sessions.digest_of(token))
    if (
        link is None
        or link.purpose != purpose
        or link.used_at is not None
        or link.expires_at <= uow.clock.now()
        or link.user.disabled_at is not None
    ):
        raise LinkSpentError
    return link


def _open(uow: UnitOfWork, user: User, browser: Browser, *, how: str) -> SignedIn:
    token = sessions.begin(uow, user, browser)
    uow.record("access.signed_in", f"user:{user.id}", how=how, address=browser.address)
    return SignedIn(token=token, user=user)

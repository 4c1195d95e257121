"""Server-side sessions: begun at sign-in, looked up at every request."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from postloan_archive.access.models import User, UserSession
from postloan_archive.config import Settings
from postloan_archive.kernel.errors import NotFoundError, _l
from postloan_archive.uow import UnitOfWork

TOUCH_EVERY: Final = timedelta(seconds=60)  # a look at a page need not take the write lock
_AGENT_LENGTH: Final = 200


class SessionNotFoundError(NotFoundError):
    """The person has no such session, or no longer."""

    def __init__(self) -> None:
        super().__init__(_l("没有这个会话，它可能已经结束。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """Where a session is used."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A session as its owner sees it."""

    public_id: str
    created_at: datetime
    seen_at: datetime
    address: str
    agent: str


def digest_of(token: str) -> str:
    """Return what the table holds of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(
    uow: UnitOfWork, user: User, browser: Browser, *, state: Mapping[str, Any] | None = None
) -> str:
    """Start a session for a user who has just proven who they are.

    Returns:
        The token for the cookie; it exists nowhere else.
    """
    token = secrets.token_urlsafe(32)
    now = uow.clock.now()
    uow.session.add(
        UserSession(
            id=digest_of(token),
            public_id=secrets.token_hex(8),
            user_id=user.id,
            created_at=now,
            authenticated_at=now,
            seen_at=now,
            address=browser.address,
            agent=browser.agent[:_AGENT_LENGTH],
            state=dict(state or {}),
        )
    )
    return token


def find(
    session: Session, token: str, *, now: datetime, settings: Settings
) -> UserSession | None:
    """Return the living session of the token with its user; one query.

    None after: end, idle time, the absolute limit, disabling of the user.
    """
    row = session.scalar(
        select(UserSession)
        .options(joinedload(UserSession.user))
        .where(UserSession.id == digest_of(token), UserSession.ended_at.is_(None))
    )
    if row is None or row.user.disabled_at is not None:
        return None
    idle = row.seen_at + timedelta(minutes=settings.session_idle_minutes)
    end = row.created_at + timedelta(hours=settings.session_hours)
    return row if now < min(idle, end) else None


def keep(
    session: Session, token: str, *, now: datetime, state: Mapping[str, Any] | None, post: str
) -> None:
    """Remember that the session was used and, where it changed, its state."""
    values: dict[str, Any] = {"seen_at": now, "post": post}
    if state is not None:
        values["state"] = dict(state)
    session.execute(
        update(UserSession)
        .where(UserSession.id == digest_of(token), UserSession.ended_at.is_(None))
        .values(**values)
    )


def end(uow: UnitOfWork, token: str) -> None:
    """End the session of the token at the wish of its owner; nothing happens if it is over."""
    row = uow.session.get(UserSession, digest_of(token))
    if row is None or row.ended_at is not None:
        return
    row.ended_at = uow.clock.now()
    row.end_reason = "left"
    uow.record("access.signed_out", f"user:{row.user_id}", session=row.public_id)


def end_all(uow: UnitOfWork, user_id: int, *, reason: str, but_token: str | None = None) -> int:
    """End every session of the user, but perhaps the present one; return how many."""
    kept = digest_of(but_token) if but_token else ""
    living = uow.session.scalars(
        select(UserSession).where(
            UserSession.user_id == user_id,
            UserSession.ended_at.is_(None),
            UserSession.id != kept,
        )
    ).all()
    for row in living:
        row.ended_at = uow.clock.now()
        row.end_reason = reason
    return len(living)


def end_one(uow: UnitOfWork, user_id: int, public_id: str) -> None:
    """End one session of the user, named as the account page names it.

    Raises:
        SessionNotFoundError: not a living session of this user.
    """
    row = uow.session.scalar(
        select(UserSession).where(
            UserSession.user_id == user_id,
            UserSession.public_id == public_id,
            UserSession.ended_at.is_(None),
        )
    )
    if row is None:
        raise SessionNotFoundError
    row.ended_at = uow.clock.now()
    row.end_reason = "ended by owner"
    uow.record("access.session_ended", f"user:{user_id}", session=public_id)


def living(uow: UnitOfWork, user_id: int) -> list[SessionRow]:
    """Return the sessions of the user that are still good, the newest first."""
    settings, now = uow.settings, uow.clock.now()
    rows = uow.session.scalars(
        select(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.ended_at.is_(None),
            UserSession.seen_at > now - timedelta(minutes=settings.session_idle_minutes),
            UserSession.created_at > now - timedelta(hours=settings.session_hours),
        )
        .order_by(UserSession.seen_at.desc(), UserSession.id)
    )
    return [
        SessionRow(
            public_id=row.public_id,
            created_at=row.created_at,
            seen_at=row.seen_at,
            address=row.address,
            agent=row.agent,
        )
        for row in rows
    ]


def public_id_of(session: Session, token: str) -> str:
    """Return how the account page names the session of the token."""
    row = session.get(UserSession, digest_of(token))
    return row.public_id if row else ""

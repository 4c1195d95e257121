"""Calendar addresses of a person: a secret in the address stands for the sign-in."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from postloan_archive.access import rights
from postloan_archive.access.models import User
from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.actor import Actor
from postloan_archive.uow import UnitOfWork
from postloan_archive.worklist.errors import FeedNotFoundError
from postloan_archive.worklist.models import CalendarFeed


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """One address as its owner sees it; the secret is shown only when it is made."""

    id: int
    query: str
    post: str
    created_at: datetime


def make_feed(uow: UnitOfWork, query: str, *, post: str) -> str:
    """Make a calendar address for the signed-in person and return its secret.

    Args:
        uow: of a person; a program has no calendar.
        query: the filter, as in the address of the list.
        post: the post whose rights the calendar has.
    """
    assert uow.actor.user_id is not None, "a program has no calendar"
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed(
        user_id=uow.actor.user_id,
        post=post,
        digest=_digest(secret),
        query=query,
        created_at=uow.clock.now(),
    )
    uow.session.add(feed)
    uow.session.flush()  # the audit line needs the id
    uow.record("worklist.feed_made", f"calendar_feed:{feed.id}", query=query, post=post)
    return secret


def feeds_of(uow: UnitOfWork) -> list[FeedRow]:
    """Return the living calendar addresses of the signed-in person, newest first."""
    rows = uow.session.scalars(
        select(CalendarFeed)
        .where(CalendarFeed.user_id == uow.actor.user_id, CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.id.desc())
    )
    return [
        FeedRow(id=row.id, query=row.query, post=row.post, created_at=row.created_at)
        for row in rows
    ]


def revoke_feed(uow: UnitOfWork, feed_id: int) -> None:
    """Switch a calendar address of one's own off, for good.

    Raises:
        FeedNotFoundError: no such address of this person, or it is off already.
    """
    feed = uow.session.get(CalendarFeed, feed_id)
    if feed is None or feed.user_id != uow.actor.user_id or feed.revoked_at is not None:
        raise FeedNotFoundError
    feed.revoked_at = uow.clock.now()
    uow.record("worklist.feed_revoked", f"calendar_feed:{feed.id}")


def reader_of(uow: UnitOfWork, secret: str, *, address: str) -> tuple[Actor, CalendarFeed]:
    """Return who reads a calendar address, with the rights that person has now.

    Raises:
        FeedNotFoundError: no such address, it was revoked, or the person may not see deadlines.
    """
    feed = uow.session.scalar(
        select(CalendarFeed).where(
            CalendarFeed.digest == _digest(secret), CalendarFeed.revoked_at.is_(None)
        )
    )
    user = uow.session.get(User, feed.user_id) if feed is not None else None
    if feed is None or user is None or user.disabled_at is not None:
        raise FeedNotFoundError
    posts = rights.posts_of(uow.session, user.id)
    post = rights.chosen(posts, feed.post)
    actor = rights.actor_for(user, post, origin="feed", address=address)
    if not actor.may(Permission.DEADLINE_VIEW):
        raise FeedNotFoundError
    return actor, feed


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

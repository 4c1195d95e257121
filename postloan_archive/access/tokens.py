"""Keys of programs: issued for a user, narrower than the user, revocable at once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from postloan_archive.access import rights
from postloan_archive.access.models import ApiToken, User
from postloan_archive.access.permissions import READING, Permission
from postloan_archive.access.sessions import digest_of
from postloan_archive.kernel.errors import NotFoundError, RuleError, _l
from postloan_archive.uow import UnitOfWork

PREFIX: Final = "plt_"  # lets a scanner of repositories recognise a leaked key
LONGEST_DAYS: Final = 366


class TokenNotFoundError(NotFoundError):
    """The user has no such key, or no longer."""

    def __init__(self, *, public_id: str) -> None:
        super().__init__(_l("没有编号为 {public_id} 的接口密钥。"), public_id=public_id)


class TokenDaysError(RuleError):
    """A key must end."""

    field = "valid_days"

    def __init__(self, *, valid_days: int) -> None:
        super().__init__(
            _l("接口密钥的有效期应为 1 至 {most} 天，而不是 {valid_days} 天。"),
            valid_days=valid_days,
            most=LONGEST_DAYS,
        )


class TokenScopeError(RuleError):
    """The key would be allowed something that the user is not, or that does not exist."""

    field = "permissions"

    def __init__(self, *, permission: str) -> None:
        super().__init__(
            _l("用户没有权限“{permission}”，不能授予接口密钥。"), permission=permission
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueToken:
    """A key for the user on one of the user's posts.

    `permissions` None: everything that the post allows, now and later.
    """

    user_id: int
    name: str
    valid_days: int = 90
    post: str = ""
    permissions: frozenset[Permission] | None = None


def reading_only(uow: UnitOfWork, user_id: int, post: str) -> frozenset[Permission]:
    """Return the permissions of the user on the post that change nothing."""
    user = uow.session.get_one(User, user_id)
    held = rights.actor_for(user, rights.chosen(rights.posts_of(uow.session, user_id), post))
    return frozenset(one for one in READING if held.may(one))


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A key as its owner sees it."""

    public_id: str
    name: str
    post: str
    permissions: tuple[str, ...] | None
    created_at: datetime
    expires_at: datetime


def issue(uow: UnitOfWork, cmd: IssueToken) -> str:
    """Make a key and return its secret, which exists nowhere else.

    Raises:
        TokenDaysError: it would end never or today.
        TokenScopeError: it would be allowed more than the user.
    """
    if not 1 <= cmd.valid_days <= LONGEST_DAYS:
        raise TokenDaysError(valid_days=cmd.valid_days)
    user = uow.session.get_one(User, cmd.user_id)
    post = rights.chosen(rights.posts_of(uow.session, user.id), cmd.post)
    held = rights.actor_for(user, post).permissions
    for permission in sorted(cmd.permissions or ()):
        if permission not in held:
            raise TokenScopeError(permission=permission)
    secret = PREFIX + secrets.token_urlsafe(32)
    now = uow.clock.now()
    row = ApiToken(
        id=digest_of(secret),
        public_id=secrets.token_hex(4),
        user_id=user.id,
        name=cmd.name.strip(),
        post=post.key if post else "",
        permissions=None if cmd.permissions is None else sorted(cmd.permissions),
        created_by=uow.actor.name,
        created_at=now,
        expires_at=now + timedelta(days=cmd.valid_days),
    )
    uow.session.add(row)
    uow.record(
        "access.token_issued",
        f"user:{user.id}",
        token=row.public_id,
        name=row.name,
        permissions=row.permissions,
        expires_at=row.expires_at.isoformat(),
    )
    return secret


def revoke(uow: UnitOfWork, user_id: int, public_id: str) -> None:
    """End a key at once.

    Raises:
        TokenNotFoundError: not a living key of this user.
    """
    row = uow.session.scalar(
        select(ApiToken).where(
            ApiToken.user_id == user_id,
            ApiToken.public_id == public_id,
            ApiToken.revoked_at.is_(None),
        )
    )
    if row is None:
        raise TokenNotFoundError(public_id=public_id)
    row.revoked_at, row.revoked_by = uow.clock.now(), uow.actor.name
    uow.record("access.token_revoked", f"user:{user_id}", token=public_id)


def revoke_all(uow: UnitOfWork, user_id: int, *, reason: str) -> int:
    """End every key of the user, such as when the user is disabled; return how many."""
    rows = uow.session.scalars(
        select(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
    ).all()
    for row in rows:
        row.revoked_at, row.revoked_by = uow.clock.now(), uow.actor.name
        uow.record("access.token_revoked", f"user:{user_id}", token=row.public_id, why=reason)
    return len(rows)


def find(session: Session, secret: str, *, now: datetime) -> ApiToken | None:
    """Return the living key of the secret with its user; one query.

    None after: revocation, expiry, disabling of the user.
    """
    row = session.scalar(
        select(ApiToken)
        .options(joinedload(ApiToken.user))
        .where(ApiToken.id == digest_of(secret), ApiToken.revoked_at.is_(None))
    )
    if row is None or row.user.disabled_at is not None or now >= row.expires_at:
        return None
    return row


def living(uow: UnitOfWork, user_id: int) -> list[TokenRow]:
    """Return the keys of the user that are still good, the newest first."""
    rows = uow.session.scalars(
        select(ApiToken)
        .where(
            ApiToken.user_id == user_id,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > uow.clock.now(),
        )
        .order_by(ApiToken.created_at.desc(), ApiToken.id)
    )
    return [
        TokenRow(
            public_id=row.public_id,
            name=row.name,
            post=row.post,
            permissions=None if row.permissions is None else tuple(row.permissions),
            created_at=row.created_at,
            expires_at=row.expires_at,
        )
        for row in rows
    ]

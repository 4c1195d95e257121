"""Tables of branches, users, roles and sign-in."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from postloan_archive.db.model import Model, Utc, UtcOrNone


class Branch(Model):
    """One 机构 in the tree of the institution."""

    __tablename__ = "branches"
    __table_args__ = (UniqueConstraint("code"), Index("ix_branches_path", "path"))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    path: Mapped[str] = mapped_column(default="")  # /1/4/9/, the own id last


class User(Model):
    """A person who may sign in; nobody is ever deleted."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("username"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str]  # as `rules.username_key` writes it
    display_name: Mapped[str]
    email: Mapped[str] = mapped_column(default="", server_default="")  # for the daily digest
    password_hash: Mapped[str] = mapped_column(default="")  # argon2id; empty: cannot be met
    password_set_at: Mapped[UtcOrNone]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    totp_sealed: Mapped[str] = mapped_column(default="")  # encrypted; empty: not in use
    totp_last_step: Mapped[int] = mapped_column(default=0)  # a code is good once
    created_at: Mapped[Utc]
    disabled_at: Mapped[UtcOrNone]
    version: Mapped[int] = mapped_column(default=1)

    assignments: Mapped[list["RoleAssignment"]] = relationship(
        order_by="RoleAssignment.id", foreign_keys="RoleAssignment.user_id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it once


class RoleAssignment(Model):
    """A role of a user at a branch and below it; kept for ever, with who wanted it."""

    __tablename__ = "role_assignments"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'active', 'rejected', 'ended')", name="state"),
        Index("ix_role_assignments_user_id_state", "user_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str]  # a value of access.roles.Role
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    proposed_by: Mapped[str]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[Utc]
    decided_by: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[UtcOrNone]
    ended_by: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[UtcOrNone]

    branch: Mapped[Branch] = relationship()


class UserSession(Model):
    """One signed-in browser; the cookie holds the token, the table only its digest."""

    __tablename__ = "user_sessions"
    __table_args__ = (Index("ix_user_sessions_user_id", "user_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)  # SHA-256 of the token
    public_id: Mapped[str] = mapped_column(unique=True)  # names it on the account page
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[Utc]
    authenticated_at: Mapped[Utc]  # the last time a password or key was shown
    seen_at: Mapped[Utc]
    ended_at: Mapped[UtcOrNone]
    end_reason: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    agent: Mapped[str] = mapped_column(default="")
    post: Mapped[str] = mapped_column(default="")  # the post chosen, see rights.posts_of
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)

    user: Mapped[User] = relationship()


class SignInAttempt(Model):
    """One try to sign in; the name is kept as a digest, people type passwords there."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_account_at", "account", "at"),
        Index("ix_sign_in_attempts_address_at", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str]
    address: Mapped[str]
    at: Mapped[Utc]
    succeeded: Mapped[bool]


class SignInLink(Model):
    """A link that signs in, or sets a password, once and for a short time."""

    __tablename__ = "sign_in_links"

    id: Mapped[str] = mapped_column(primary_key=True)  # SHA-256 of the token
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    purpose: Mapped[str]  # sign_in or set_password
    created_by: Mapped[str]
    created_at: Mapped[Utc]
    expires_at: Mapped[Utc]
    used_at: Mapped[UtcOrNone]

    user: Mapped[User] = relationship()


class RecoveryCode(Model):
    """Stands in for a lost telephone, once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (Index("ix_recovery_codes_user_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    digest: Mapped[str]  # SHA-256; the code has 80 random bits
    created_at: Mapped[Utc]
    used_at: Mapped[UtcOrNone]


class SecurityKey(Model):
    """A WebAuthn credential of a user."""

    __tablename__ = "security_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    label: Mapped[str]
    created_at: Mapped[Utc]
    used_at: Mapped[UtcOrNone]


class ApiToken(Model):
    """A key with which a program acts for a user; the table holds only its digest."""

    __tablename__ = "api_tokens"
    __table_args__ = (Index("ix_api_tokens_user_id", "user_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)  # SHA-256 of the secret
    public_id: Mapped[str] = mapped_column(unique=True)  # names it on pages and in the trail
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]  # what it is for
    post: Mapped[str] = mapped_column(default="")  # see rights.posts_of; empty: the first
    permissions: Mapped[list[Any] | None]  # narrowed to these; None: all of the post
    created_by: Mapped[str]
    created_at: Mapped[Utc]
    expires_at: Mapped[Utc]
    revoked_at: Mapped[UtcOrNone]
    revoked_by: Mapped[str] = mapped_column(default="")

    user: Mapped[User] = relationship()


class SavedView(Model):
    """A list with its filters under a name: of one person, perhaps shared with a role.

    `branch_id` is the branch of the post from which it was shared: people with the role who
    see that branch find it beside their own.
    """

    __tablename__ = "saved_views"
    __table_args__ = (
        UniqueConstraint("user_id", "path", "name"),
        Index("ix_saved_views_path", "path"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    path: Mapped[str]  # of the list, such as /loans
    query: Mapped[str]  # its filters as in the address, without the page
    name: Mapped[str]
    shared_role: Mapped[str] = mapped_column(default="")  # a value of Role; empty: own only
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    created_at: Mapped[Utc]

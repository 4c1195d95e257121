"""Users: created, disabled, given passwords; never deleted."""

from dataclasses import dataclass, field

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, selectinload

from postloan_archive.access import passwords, rules, second_factor, sessions, throttle, tokens
from postloan_archive.access.models import RoleAssignment, User
from postloan_archive.access.roles import Role
from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l
from postloan_archive.uow import UnitOfWork


class UserNotFoundError(NotFoundError):
    """No such user."""

    field = "username"

    def __init__(self) -> None:
        super().__init__(_l("没有这个用户。"))


class UsernameTakenError(ConflictError):
    """Another user has the name."""

    field = "username"

    def __init__(self, *, username: str) -> None:
        super().__init__(_l("用户名 {username} 已被使用。"), username=username)


class NameMissingError(RuleError):
    """A user needs the name of a person."""

    field = "display_name"

    def __init__(self) -> None:
        super().__init__(_l("请填写姓名。"))


class WrongPasswordError(RuleError):
    """The present password is not right."""

    field = "current"

    def __init__(self) -> None:
        super().__init__(_l("当前密码不对。"))


class OwnAccountError(RuleError):
    """Nobody disables the account they are using."""

    def __init__(self) -> None:
        super().__init__(_l("不能停用自己正在使用的账户。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUser:
    """A user without password; a link sets the first one."""

    username: str
    display_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPassword:
    """A password for a user; `keep_session` is the token of the session that may live on."""

    user_id: int
    password: str = field(repr=False)
    keep_session: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRole:
    """One assignment as lists show it."""

    id: int
    role: Role
    branch: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow:
    """One line of the list of users."""

    id: int
    username: str
    display_name: str
    disabled: bool
    has_password: bool
    second_factor: bool
    roles: tuple[HeldRole, ...]


def get(uow: UnitOfWork, user_id: int) -> User:
    """Return the user.

    Raises:
        UserNotFoundError: no such user.
    """
    user = uow.session.get(User, user_id)
    if user is None:
        raise UserNotFoundError
    return user


def display_names(uow: UnitOfWork) -> dict[str, str]:
    """Return the names of all persons by user name, those of disabled users too."""
    rows = uow.session.execute(select(User.username, User.display_name).order_by(User.id))
    return {row.username: row.display_name for row in rows}


def by_name(uow: UnitOfWork, username: str) -> User:
    """Return the user with the name, in any spelling of it.

    Raises:
        UserNotFoundError: no such user.
    """
    name = rules.username_key(username)
    user = uow.session.scalar(select(User).where(User.username == name))
    if user is None:
        raise UserNotFoundError
    return user


def create(uow: UnitOfWork, cmd: CreateUser) -> User:
    """Add a user who cannot sign in until a password is set.

    Raises:
        UsernameError: the name has characters that are not allowed.
        UsernameTakenError: somebody has it.
        NameMissingError: no name of the person.
    """
    name = rules.username_key(cmd.username)
    rules.check_username(name)
    person = " ".join(cmd.display_name.split())
    if not person:
        raise NameMissingError
    if uow.session.scalar(select(User.id).where(User.username == name)) is not None:
        raise UsernameTakenError(username=name)
    user = User(username=name, display_name=person, created_at=uow.clock.now())
    uow.session.add(user)
    uow.session.flush()  # the audit line and the link need the id
    uow.record("access.user_created", f"user:{user.id}", username=name, display_name=person)
    return user


def disable(uow: UnitOfWork, user_id: int, *, reason: str) -> User:
    """Lock the user out, at once and everywhere.

    Raises:
        UserNotFoundError: no such user.
        OwnAccountError: the actor is that user.
    """
    user = get(uow, user_id)
    if uow.actor.user_id == user_id:
        raise OwnAccountError
    if user.disabled_at is None:
        user.disabled_at = uow.clock.now()
    ended = sessions.end_all(uow, user_id, reason="disabled")
    tokens.revoke_all(uow, user_id, reason="disabled")
    uow.record("access.user_disabled", f"user:{user_id}", reason=reason, sessions=ended)
    return user


def enable(uow: UnitOfWork, user_id: int, *, reason: str) -> User:
    """Let a disabled user sign in again.

    Raises:
        UserNotFoundError: no such user.
    """
    user = get(uow, user_id)
    user.disabled_at = None
    uow.record("access.user_enabled", f"user:{user_id}", reason=reason)
    return user


def unlock(uow: UnitOfWork, user_id: int) -> User:
    """Let the user try again before the quarter of an hour is over.

    Raises:
        UserNotFoundError: no such user.
    """
    user = get(uow, user_id)
    throttle.unlock(uow, user.username)
    return user


def set_password(uow: UnitOfWork, cmd: SetPassword) -> User:
    """Give the user a password and end the sessions that began with the old one.

    Raises:
        UserNotFoundError: no such user.
        PasswordTooShortError, PasswordTooLongError, WeakPasswordError: guessable.
    """
    user = get(uow, cmd.user_id)
    rules.check_password(
        cmd.password,
        own_words=(user.username, user.display_name, uow.settings.institution),
    )
    user.password_hash = passwords.hash_of(cmd.password)
    user.password_set_at = uow.clock.now()
    user.must_change_password = False
    ended = sessions.end_all(
        uow, user.id, reason="password changed", but_token=cmd.keep_session
    )
    uow.record("access.password_set", f"user:{user.id}", sessions_ended=ended)
    return user


def reset_second_factor(uow: UnitOfWork, user_id: int) -> User:
    """Take the second factor off a user who lost the telephone and the codes.

    Raises:
        UserNotFoundError: no such user.
    """
    user = get(uow, user_id)
    second_factor.disable(uow, user)
    sessions.end_all(uow, user_id, reason="second factor reset")
    return user


def count(session: Session, *, text: str = "") -> int:
    """Return how many users the filter finds."""
    return session.scalar(select(func.count(User.id)).where(*_filter(text))) or 0


def listing(
    session: Session, *, text: str = "", limit: int = 20, offset: int = 0
) -> list[UserRow]:
    """Return users by name, with the roles they hold or were proposed for; three queries."""
    rows = session.scalars(
        select(User)
        .options(selectinload(User.assignments).joinedload(RoleAssignment.branch))
        .where(*_filter(text))
        .order_by(User.disabled_at.is_not(None), User.username)
        .limit(limit)
        .offset(offset)
    )
    return [row_of(user) for user in rows]


def row_of(user: User) -> UserRow:
    """Return the user as lists show it."""
    return UserRow(
        id=user.id,
        username=user.username,
        display_name=user.display_name,
        disabled=user.disabled_at is not None,
        has_password=bool(user.password_hash),
        second_factor=bool(user.totp_sealed),
        roles=tuple(
            HeldRole(id=one.id, role=Role(one.role), branch=one.branch.name, state=one.state)
            for one in user.assignments
            if one.state in {"active", "proposed"}
        ),
    )


def _filter(text: str) -> list[ColumnElement[bool]]:
    wanted = text.strip()
    if not wanted:
        return []
    return [
        or_(
            User.username.contains(wanted.lower(), autoescape=True),
            User.display_name.contains(wanted, autoescape=True),
        )
    ]


class BadAddressError(RuleError):
    """The text is no e-mail address."""

    field = "email"

    def __init__(self, *, address: str) -> None:
        super().__init__(_l("“{address}”不是有效的电子邮箱。"), address=address)


def set_email(uow: UnitOfWork, user_id: int, address: str) -> User:
    """Keep where the daily digest goes; empty: nowhere.

    Raises:
        BadAddressError: no e-mail address.
    """
    wanted = address.strip()
    if wanted:
        try:
            wanted = validate_email(wanted, check_deliverability=False).normalized
        except EmailNotValidError:
            raise BadAddressError(address=wanted) from None
    user = get(uow, user_id)
    user.email = wanted
    uow.record("access.email_set", f"user:{user_id}", given=bool(wanted))
    return user

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

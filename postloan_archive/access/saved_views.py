"""Lists with their filters under a name: kept, shared with a role, taken away."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ColumnElement, and_, or_, select

from postloan_archive.access import rights
from postloan_archive.access.models import SavedView, User
from postloan_archive.access.roles import ROLES, Role
from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l
from postloan_archive.uow import UnitOfWork

LONGEST_NAME: Final = 30  # characters
LONGEST_QUERY: Final = 2_000  # characters of an address
MOST_FIELDS: Final = 60
MOST: Final = 20  # of one person on one list
MOST_SHOWN: Final = 40
LEFT_OUT: Final = frozenset({"page", "csrf_token"})


class ViewNameError(RuleError):
    """The name is missing or too long."""

    field = "name"

    def __init__(self) -> None:
        super().__init__(_l("请填写名称，不超过 {most} 个字。"), most=LONGEST_NAME)


class NothingToSaveError(RuleError):
    """No filter is set, or the filters cannot be read."""

    field = "query"
    next_step = _l("请先在列表上查询，再保存。")

    def __init__(self) -> None:
        super().__init__(_l("没有可以保存的筛选条件。"))


class TooManyViewsError(RuleError):
    """There are enough on this list."""

    next_step = _l("请先删去不用的。")

    def __init__(self) -> None:
        super().__init__(_l("一个列表最多保存 {most} 个筛选。"), most=MOST)


class SameViewNameError(ConflictError):
    """The person has one of this name on this list."""

    field = "name"

    def __init__(self, *, name: str) -> None:
        super().__init__(_l("这个列表已有名为“{name}”的筛选，请换一个名称。"), name=name)


class NotYourRoleError(RuleError):
    """It was to be shared with a role that the person does not hold."""

    field = "share"

    def __init__(self) -> None:
        super().__init__(_l("只能共享给您自己担任的岗位。"))


class NoSuchViewError(NotFoundError):
    """There is none, or it belongs to somebody else."""

    def __init__(self) -> None:
        super().__init__(_l("没有这个筛选，或者不是您保存的。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveView:
    """A list with filters to keep; `share`: a role of the person, empty for nobody else."""

    path: str
    query: str
    name: str
    share: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownView:
    """One that a person finds on a list; `by`: whose it is, empty for the own ones."""

    id: int
    name: str
    path: str
    query: str
    by: str
    shared: str  # Chinese name of the role, empty: not shared

    @property
    def href(self) -> str:
        """Return the address of the list with its filters."""
        return f"{self.path}?{self.query}"


def filters_of(query: str) -> str:
    """Return the filters of an address: in their order, without the page and empty fields.

    Raises:
        NothingToSaveError: none is left, or there are too many.
    """
    try:
        pairs = parse_qsl(query[:LONGEST_QUERY], max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise NothingToSaveError from error
    kept = urlencode(
        [
            (key, value)
            for key, value in pairs
            if key not in LEFT_OUT and value and "\0" not in key + value
        ]
    )
    if not kept or len(query) > LONGEST_QUERY:
        raise NothingToSaveError
    return kept


def save(uow: UnitOfWork, cmd: SaveView) -> SavedView:
    """Keep the filters of a list under a name.

    Raises:
        ViewNameError, NothingToSaveError, TooManyViewsError, SameViewNameError,
        NotYourRoleError: it cannot be kept like this.
    """
    name = " ".join(cmd.name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise ViewNameError
    query = filters_of(cmd.query)
    own = uow.session.scalars(
        select(SavedView.name)
        .where(SavedView.user_id == uow.actor.user_id, SavedView.path == cmd.path)
        .order_by(SavedView.id)
    ).all()
    if name in own:
        raise SameViewNameError(name=name)
    if len(own) >= MOST:
        raise TooManyViewsError
    assert uow.actor.user_id is not None  # pages only
    row = SavedView(
        user_id=uow.actor.user_id,
        path=cmd.path,
        query=query,
        name=name,
        shared_role=cmd.share,
        branch_id=_branch_of(uow, cmd.share) if cmd.share else None,
        created_at=uow.clock.now(),
    )
    uow.session.add(row)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "access.view_saved",
        f"saved_view:{row.id}",
        name=name,
        path=cmd.path,
        query=query,
        shared_with=cmd.share,
    )
    return row


def remove(uow: UnitOfWork, view_id: int) -> str:
    """Take away one of the actor's own; return the path of its list.

    Raises:
        NoSuchViewError: there is none, or it is somebody else's.
    """
    row = uow.session.get(SavedView, view_id)
    if row is None or row.user_id != uow.actor.user_id:
        raise NoSuchViewError
    uow.record("access.view_removed", f"saved_view:{row.id}", name=row.name, path=row.path)
    uow.session.delete(row)
    return row.path


def shown(
    uow: UnitOfWork, roles: Iterable[Role], *, path: str | None = None
) -> list[ShownView]:
    """Return the own ones and those shared with one of the roles; one query.

    Args:
        uow: whose actor looks.
        roles: of the post that the person works on.
        path: of one list; None: the own ones of every list.
    """
    mine = SavedView.user_id == uow.actor.user_id
    where: ColumnElement[bool] = mine
    if path is not None:
        shared = [
            SavedView.shared_role.in_(sorted(roles)),
            *(
                (SavedView.branch_id.in_(sorted(uow.actor.branch_ids)),)
                if uow.actor.branch_ids is not None
                else ()
            ),
        ]
        where = and_(SavedView.path == path, or_(mine, and_(*shared)))
    rows = uow.session.execute(
        select(SavedView, User.display_name, User.username)
        .join(User, User.id == SavedView.user_id)
        .where(where)
        .order_by(mine.desc(), SavedView.path, SavedView.id)
        .limit(MOST_SHOWN)
    )
    return [
        ShownView(
            id=row.id,
            name=row.name,
            path=row.path,
            query=row.query,
            by="" if row.user_id == uow.actor.user_id else (shown_name or username),
            shared=ROLES[Role(row.shared_role)].label if row.shared_role else "",
        )
        for row, shown_name, username in rows
    ]


def _branch_of(uow: UnitOfWork, role: str) -> int:
    """Return the branch where the actor holds the role.

    Raises:
        NotYourRoleError: nowhere.
    """
    assert uow.actor.user_id is not None  # pages only
    for post in rights.posts_of(uow.session, uow.actor.user_id):
        if role in post.roles and any(one in post.branch_ids for one in _seen(uow, post)):
            return post.branches[0][0]
    raise NotYourRoleError


def _seen(uow: UnitOfWork, post: rights.Post) -> frozenset[int]:
    mine = uow.actor.branch_ids
    return post.branch_ids if mine is None else mine

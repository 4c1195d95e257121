"""What people are called on a page: by name, never by the name they sign in with."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from postloan_archive.access.models import Branch, RoleAssignment, User
from postloan_archive.access.permissions import Permission
from postloan_archive.access.roles import ROLES
from postloan_archive.kernel.errors import _l
from postloan_archive.uow import UnitOfWork

PROGRAMS: Final = {
    "cli": _l("命令行"),
    "folder": _l("监视文件夹"),
    "mail": _l("收件邮箱"),
    "job": _l("后台任务"),
    "system": _l("系统"),
}


class People(dict[str, str]):
    """Names by user name; who was not looked up keeps what the row says."""

    def __missing__(self, username: str) -> str:
        """Return the word for a program, else the text as it is."""
        return PROGRAMS.get(username, username)


def names_of(uow: UnitOfWork, usernames: Iterable[str]) -> People:
    """Return the name by user name; a program by what it is, a stranger by the name it has."""
    wanted = sorted({name for name in usernames if name})
    if not wanted:
        return People()
    rows = uow.session.execute(
        select(User.username, User.display_name)
        .where(User.username.in_(wanted))
        .order_by(User.username)
    )
    known = {row.username: row.display_name or row.username for row in rows}
    return People({name: known.get(name, PROGRAMS.get(name, name)) for name in wanted})


def name_of(uow: UnitOfWork, username: str) -> str:
    """Return what one person or program is called."""
    return names_of(uow, (username,))[username]


def holders(
    session: Session, permission: Permission, branch_ids: frozenset[int] | None
) -> list[tuple[str, str]]:
    """Return (user name, name) of who holds a permission in one of these branches.

    Args:
        session: where to look.
        permission: what they must be allowed to do there.
        branch_ids: None: any branch.
    """
    roles = sorted(role for role, table in ROLES.items() if permission in table.permissions)
    held, target = aliased(Branch), aliased(Branch)
    query = (
        select(User.username, User.display_name)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .join(held, held.id == RoleAssignment.branch_id)
        .join(target, target.path.startswith(held.path))
        .where(
            RoleAssignment.state == "active",
            RoleAssignment.role.in_(roles),
            User.disabled_at.is_(None),
        )
        .distinct()
        .order_by(User.username)
    )
    if branch_ids is not None:
        query = query.where(target.id.in_(sorted(branch_ids)))
    return [(row.username, row.display_name) for row in session.execute(query)]

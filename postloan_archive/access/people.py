"""What the people behind user names are called; lists never show a user name."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from postloan_archive.access.models import Branch, RoleAssignment, User
from postloan_archive.access.permissions import Permission
from postloan_archive.access.roles import ROLES
from postloan_archive.kernel.errors import _l

PROGRAMS = {"job": _l("系统"), "cli": _l("系统"), "api": _l("接口")}


class People(dict[str, str]):
    """Names by user name; who is unknown keeps what the row says."""

    def __missing__(self, username: str) -> str:
        """Return the word for a program, else the text as it is."""
        return PROGRAMS.get(username, username)


def names_of(session: Session, usernames: Iterable[str]) -> People:
    """Return the names of the people; one query."""
    wanted = sorted({name for name in usernames if name})
    if not wanted:
        return People()
    rows = session.execute(
        select(User.username, User.display_name)
        .where(User.username.in_(wanted))
        .order_by(User.username)
    )
    return People({row.username: row.display_name for row in rows})


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

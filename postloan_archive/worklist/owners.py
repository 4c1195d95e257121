"""Who may look after a deadline: staff whose role sees deadlines of the branch."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from postloan_archive.access.models import Branch, RoleAssignment, User
from postloan_archive.access.permissions import Permission
from postloan_archive.access.roles import ROLES, Role
from postloan_archive.uow import UnitOfWork
from postloan_archive.worklist.errors import OwnerUnknownError

OWNING_ROLES: Final = frozenset(
    role
    for role, table in ROLES.items()
    if Permission.DEADLINE_VIEW in table.permissions and role is not Role.AUDITOR
)
"""An auditor sees everything and owes nothing."""


def possible_owners(uow: UnitOfWork, branch_id: int | None = None) -> list[tuple[str, str]]:
    """Return (user name, name of the person), by name; one query.

    Args:
        uow: whose branches count where `branch_id` is None.
        branch_id: the branch of the loan; None: any branch that the actor sees.
    """
    held, target = aliased(Branch), aliased(Branch)
    query = (
        select(User.username, User.display_name)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .join(held, held.id == RoleAssignment.branch_id)
        .join(target, target.path.startswith(held.path))
        .where(
            RoleAssignment.state == "active",
            RoleAssignment.role.in_(sorted(OWNING_ROLES)),
            User.disabled_at.is_(None),
        )
        .distinct()
        .order_by(User.username)
    )
    if branch_id is not None:
        query = query.where(target.id == branch_id)
    elif uow.actor.branch_ids is not None:
        query = query.where(target.id.in_(sorted(uow.actor.branch_ids)))
    return [(row.username, row.display_name) for row in uow.session.execute(query)]


def checked_owner(uow: UnitOfWork, name: str, branch_id: int) -> str:
    """Return the user name, or nothing for nobody.

    Raises:
        OwnerUnknownError: the user may not look after deadlines of the branch.
    """
    wanted = name.strip()
    if wanted and wanted not in {username for username, _ in possible_owners(uow, branch_id)}:
        raise OwnerUnknownError(owner=wanted)
    return wanted

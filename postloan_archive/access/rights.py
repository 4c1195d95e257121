"""From role assignments to an actor: what a person may do, where, with which papers.

A person who is legal staff at one branch and auditor at another must not become legal staff
at both. So assignments are sorted into *posts*: the branches where the person holds the same
set of roles. One post is in use at a time; who has several chooses in the top bar.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from postloan_archive.access.models import Branch, RoleAssignment, User
from postloan_archive.access.roles import Role, categories_of, permissions_of
from postloan_archive.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A set of roles and the branches where they are held.

    Attributes:
        key: names the post in a session.
        roles: held at each of the branches.
        branches: (id, name) of the branches granted, without those below.
        branch_ids: with everything below.
    """

    key: str
    roles: frozenset[Role]
    branches: tuple[tuple[int, str], ...]
    branch_ids: frozenset[int]


def posts_of(session: Session, user_id: int) -> tuple[Post, ...]:
    """Return the posts of the user, the widest first; two queries."""
    held = session.execute(
        select(RoleAssignment.role, Branch.path)
        .join(Branch, RoleAssignment.branch_id == Branch.id)
        .where(RoleAssignment.user_id == user_id, RoleAssignment.state == "active")
        .order_by(RoleAssignment.id)
    ).all()
    if not held:
        return ()
    tree = session.execute(select(Branch.id, Branch.name, Branch.path).order_by(Branch.path))
    branches = {row.path: (row.id, row.name) for row in tree}
    roles_at = {
        path: frozenset(Role(row.role) for row in held if path.startswith(row.path))
        for path in {row.path for row in held}
    }
    posts = [
        _post(roles, [path for path in sorted(roles_at) if roles_at[path] == roles], branches)
        for roles in set(roles_at.values())
    ]
    return tuple(sorted(posts, key=lambda post: (-len(post.branch_ids), post.key)))


def _post(
    roles: frozenset[Role], paths: list[str], branches: dict[str, tuple[int, str]]
) -> Post:
    below = frozenset(
        branch_id
        for path, (branch_id, _name) in branches.items()
        if any(path.startswith(above) for above in paths)
    )
    return Post(
        key="+".join(sorted(roles)),
        roles=roles,
        branches=tuple(branches[path] for path in paths),
        branch_ids=below,
    )


def chosen(posts: Iterable[Post], key: str) -> Post | None:
    """Return the post with the key, else the first; None where there is none."""
    listed = tuple(posts)
    return next((post for post in listed if post.key == key), listed[0] if listed else None)


def actor_for(
    user: User,
    post: Post | None,
    *,
    origin: str = "web",
    request_id: str = "",
    address: str = "",
    only: frozenset[str] | None = None,
) -> Actor:
    """Return the actor of a user on a post; without a post nothing is allowed or visible.

    `only` narrows the permissions further: those of a program's key.
    """
    roles = post.roles if post else frozenset()
    held = frozenset(str(permission) for permission in permissions_of(roles))
    return Actor(
        name=user.username,
        user_id=user.id,
        display_name=user.display_name,
        permissions=held if only is None else held & only,
        branch_ids=post.branch_ids if post else frozenset(),
        categories=categories_of(roles),
        request_id=request_id,
        origin=origin,
        address=address,
    )

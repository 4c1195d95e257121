"""Granting roles: one person proposes, another decides; taking them away needs one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from postloan_archive.access import rules, sessions, users
from postloan_archive.access.branches import BranchNotFoundError
from postloan_archive.access.models import Branch, RoleAssignment, User
from postloan_archive.access.roles import Role
from postloan_archive.access.sign_in import check_fresh
from postloan_archive.kernel.errors import (
    ConflictError,
    NotAllowedError,
    NotFoundError,
    RuleError,
    _l,
)
from postloan_archive.uow import UnitOfWork

LIVE: Final = ("active", "proposed")


class GrantNotFoundError(NotFoundError):
    """No such assignment or proposal."""

    def __init__(self) -> None:
        super().__init__(_l("没有这项授权。"))


class RoleHeldError(ConflictError):
    """The user has the role at the branch, or it is already proposed."""

    field = "role"

    def __init__(self) -> None:
        super().__init__(_l("该用户在此机构已有这个角色，或已有待批的申请。"))


class GrantDecidedError(ConflictError):
    """Somebody has decided meanwhile."""

    def __init__(self) -> None:
        super().__init__(_l("这项授权已被他人处理。"))


class SamePersonError(NotAllowedError):
    """Proposer, receiver and approver are three views of two persons at least."""

    next_step = _l("请由另一位安全管理员审批。")

    def __init__(self) -> None:
        super().__init__(_l("申请人和被授权人不能审批这项授权。"))


class OnlyProgramsError(NotAllowedError):
    """A direct grant is for the operator on the machine."""

    def __init__(self) -> None:
        super().__init__(_l("页面上的授权须经另一人审批。"))


class ReasonMissingError(RuleError):
    """A grant says why."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("请写明理由。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRole:
    """A role for a user at a branch and below it."""

    user_id: int
    role: Role
    branch_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """The decision of the second person.

    `proven_at` is when that person last showed a password, None if never in this session.
    """

    grant_id: int
    approve: bool
    proven_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """A proposal that waits for a second person."""

    id: int
    username: str
    display_name: str
    role: Role
    branch: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    mine: bool  # proposed by or for the person who looks


def grant(uow: UnitOfWork, cmd: GrantRole) -> RoleAssignment:
    """Grant at once: for the command line and the demonstration, never for a page.

    Raises:
        OnlyProgramsError: the actor is a person.
        RoleHeldError, AdministratorsApartError, UserNotFoundError, BranchNotFoundError.
    """
    if not uow.actor.unlimited:
        raise OnlyProgramsError
    row = _add(uow, cmd, state="active")
    row.decided_by, row.decided_at = uow.actor.name, uow.clock.now()
    sessions.end_all(uow, cmd.user_id, reason="role changed")
    _record(uow, "access.role_granted", row)
    return row


def propose(uow: UnitOfWork, cmd: GrantRole) -> RoleAssignment:
    """Ask for a role; it means nothing until another person has agreed.

    Raises:
        ReasonMissingError: no reason.
        RoleHeldError, AdministratorsApartError, UserNotFoundError, BranchNotFoundError.
    """
    if not cmd.reason.strip():
        raise ReasonMissingError
    row = _add(uow, cmd, state="proposed")
    _record(uow, "access.role_proposed", row)
    return row


def decide(uow: UnitOfWork, cmd: Decide) -> RoleAssignment:
    """Agree to a proposal or turn it down.

    Raises:
        GrantNotFoundError, GrantDecidedError: not there, or no longer open.
        SamePersonError: the actor proposed it or would receive it.
        ProofTooOldError: the password was shown too long ago.
        AdministratorsApartError: the user was given an excluded role meanwhile.
    """
    row = uow.session.get(RoleAssignment, cmd.grant_id)
    if row is None:
        raise GrantNotFoundError
    if row.state != "proposed":
        raise GrantDecidedError
    decider = uow.actor.user_id
    if decider is None or decider in {row.proposed_by_id, row.user_id}:
        raise SamePersonError
    check_fresh(cmd.proven_at, uow.clock.now())
    if cmd.approve:
        rules.check_together(Role(row.role), _held(uow, row.user_id, ("active",)))
    row.state = "active" if cmd.approve else "rejected"
    row.decided_by, row.decided_by_id = uow.actor.name, decider
    row.decided_at = uow.clock.now()
    if cmd.approve:
        sessions.end_all(uow, row.user_id, reason="role changed")
    _record(uow, "access.role_granted" if cmd.approve else "access.role_turned_down", row)
    return row


def revoke(uow: UnitOfWork, grant_id: int, *, reason: str) -> RoleAssignment:
    """Take a role away, or a proposal back; works with the next request of the user.

    Raises:
        ReasonMissingError: no reason.
        GrantNotFoundError, GrantDecidedError: not there, or over already.
    """
    if not reason.strip():
        raise ReasonMissingError
    row = uow.session.get(RoleAssignment, grant_id)
    if row is None:
        raise GrantNotFoundError
    if row.state not in LIVE:
        raise GrantDecidedError
    row.state = "ended"
    row.ended_by, row.ended_at = uow.actor.name, uow.clock.now()
    sessions.end_all(uow, row.user_id, reason="role changed")
    _record(uow, "access.role_ended", row, reason=reason)
    return row


def end_of(uow: UnitOfWork, user_id: int, grant_id: int, *, reason: str) -> RoleAssignment:
    """Take a role away from this user; see `revoke`.

    Raises:
        GrantNotFoundError: the grant is none of this user.
        ReasonMissingError, GrantDecidedError: no reason, or over already.
    """
    row = uow.session.get(RoleAssignment, grant_id)
    if row is None or row.user_id != user_id:
        raise GrantNotFoundError
    return revoke(uow, grant_id, reason=reason)


def open_proposals(session: Session, *, viewer_id: int | None) -> list[ProposalRow]:
    """Return what waits for a decision, the oldest first."""
    return [_proposal(*row, viewer_id) for row in session.execute(_PROPOSALS)]


def proposal(uow: UnitOfWork, grant_id: int) -> ProposalRow:
    """Return one open proposal.

    Raises:
        GrantNotFoundError: there is none, or it was decided.
    """
    row = uow.session.execute(_PROPOSALS.where(RoleAssignment.id == grant_id)).one_or_none()
    if row is None:
        raise GrantNotFoundError
    return _proposal(*row, uow.actor.user_id)


def open_count(session: Session) -> int:
    """Return how many proposals wait."""
    return (
        session.scalar(
            select(func.count(RoleAssignment.id)).where(RoleAssignment.state == "proposed")
        )
        or 0
    )


def holders(session: Session, roles: Iterable[Role]) -> dict[Role, frozenset[int]]:
    """Return the ids of the users in service who hold each of the roles somewhere."""
    wanted = set(roles)
    held = session.execute(
        select(RoleAssignment.role, RoleAssignment.user_id)
        .join(User, RoleAssignment.user_id == User.id)
        .where(
            RoleAssignment.state == "active",
            RoleAssignment.role.in_([role.value for role in wanted]),
            User.disabled_at.is_(None),
        )
    ).all()
    return {role: frozenset(row.user_id for row in held if row.role == role) for role in wanted}


_PROPOSALS: Final = (
    select(RoleAssignment, User, Branch.name)
    .join(User, RoleAssignment.user_id == User.id)
    .join(Branch, RoleAssignment.branch_id == Branch.id)
    .where(RoleAssignment.state == "proposed")
    .order_by(RoleAssignment.id)
)


def _proposal(
    row: RoleAssignment, receiver: User, branch: str, viewer_id: int | None
) -> ProposalRow:
    return ProposalRow(
        id=row.id,
        username=receiver.username,
        display_name=receiver.display_name,
        role=Role(row.role),
        branch=branch,
        reason=row.reason,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        mine=viewer_id in {row.proposed_by_id, row.user_id},
    )


def _add(uow: UnitOfWork, cmd: GrantRole, *, state: str) -> RoleAssignment:
    users.get(uow, cmd.user_id)
    if uow.session.get(Branch, cmd.branch_id) is None:
        raise BranchNotFoundError(code=str(cmd.branch_id))
    same = select(RoleAssignment.id).where(
        RoleAssignment.user_id == cmd.user_id,
        RoleAssignment.role == cmd.role,
        RoleAssignment.branch_id == cmd.branch_id,
        RoleAssignment.state.in_(LIVE),
    )
    if uow.session.scalar(same) is not None:
        raise RoleHeldError
    rules.check_together(cmd.role, _held(uow, cmd.user_id, LIVE))
    row = RoleAssignment(
        user_id=cmd.user_id,
        role=cmd.role.value,
        branch_id=cmd.branch_id,
        state=state,
        reason=cmd.reason.strip(),
        proposed_by=uow.actor.name,
        proposed_by_id=uow.actor.user_id,
        proposed_at=uow.clock.now(),
    )
    uow.session.add(row)
    uow.session.flush()  # the audit line needs the id
    return row


def _held(uow: UnitOfWork, user_id: int, states: tuple[str, ...]) -> set[Role]:
    found = uow.session.scalars(
        select(RoleAssignment.role).where(
            RoleAssignment.user_id == user_id, RoleAssignment.state.in_(states)
        )
    )
    return {Role(value) for value in found}


def _record(uow: UnitOfWork, event: str, row: RoleAssignment, **facts: object) -> None:
    uow.record(
        event,
        f"role_assignment:{row.id}",
        user_id=row.user_id,
        role=row.role,
        branch_id=row.branch_id,
        **facts,
    )

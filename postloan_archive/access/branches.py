"""The tree of branches (机构): looked up, created, moved; rights follow it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from postloan_archive.access.models import Branch
from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l
from postloan_archive.uow import UnitOfWork


class BranchNotFoundError(NotFoundError):
    """No branch has this code or number."""

    field = "branch_code"

    def __init__(self, *, code: str) -> None:
        super().__init__(_l("没有代码为 {code} 的机构。"), code=code)


class BranchCodeTakenError(ConflictError):
    """Another branch has the code."""

    field = "code"

    def __init__(self, *, code: str) -> None:
        super().__init__(_l("机构代码 {code} 已被使用。"), code=code)


class BranchCodeMissingError(RuleError):
    """A branch needs a code and a name."""

    field = "code"

    def __init__(self) -> None:
        super().__init__(_l("机构须有代码和名称。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateBranch:
    """A branch below another, or a new root where `parent_id` is None."""

    code: str
    name: str
    parent_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchRow:
    """A line of the tree; `depth` is 0 for a root."""

    id: int
    code: str
    name: str
    parent_id: int | None
    depth: int


def create(uow: UnitOfWork, cmd: CreateBranch) -> Branch:
    """Add a branch to the tree.

    Raises:
        BranchCodeMissingError: code or name is blank.
        BranchCodeTakenError: the code is in use.
        BranchNotFoundError: no such parent.
    """
    code, name = cmd.code.strip(), cmd.name.strip()
    if not code or not name:
        raise BranchCodeMissingError
    if uow.session.scalar(select(Branch.id).where(Branch.code == code)) is not None:
        raise BranchCodeTakenError(code=code)
    above = ""
    if cmd.parent_id is not None:
        parent = uow.session.get(Branch, cmd.parent_id)
        if parent is None:
            raise BranchNotFoundError(code=str(cmd.parent_id))
        above = parent.path
    branch = Branch(code=code, name=name, parent_id=cmd.parent_id)
    uow.session.add(branch)
    uow.session.flush()  # the path ends with the own id
    branch.path = f"{above or '/'}{branch.id}/"
    uow.record(
        "access.branch_created", f"branch:{branch.id}", code=code, name=name, parent=above
    )
    return branch


def ensure(uow: UnitOfWork, *, code: str, name: str, parent_code: str | None = None) -> int:
    """Return the id of the branch with the code; creates it where it is missing.

    Raises:
        BranchNotFoundError: no branch has the code of the parent.
    """
    found = uow.session.scalar(select(Branch.id).where(Branch.code == code))
    if found is not None:
        return found
    parent_id = None if parent_code is None else id_of(uow, parent_code)
    return create(uow, CreateBranch(code=code, name=name, parent_id=parent_id)).id


def id_of(uow: UnitOfWork, code: str) -> int:
    """Return the id of the branch with the code.

    Raises:
        BranchNotFoundError: no branch has the code.
    """
    found = uow.session.scalar(select(Branch.id).where(Branch.code == code))
    if found is None:
        raise BranchNotFoundError(code=code)
    return found


def names(session: Session) -> dict[int, str]:
    """Return the name of every branch by id."""
    rows = session.execute(select(Branch.id, Branch.name).order_by(Branch.path))
    return {row.id: row.name for row in rows}


def name_of(uow: UnitOfWork, branch_id: int) -> str:
    """Return the name of the branch, empty where there is none."""
    return uow.session.scalar(select(Branch.name).where(Branch.id == branch_id)) or ""


def tree(session: Session, *, only: frozenset[int] | None = None) -> list[BranchRow]:
    """Return the branches from the roots down, each after its parent.

    Args:
        session: where to look.
        only: the ids to show, None for all.
    """
    rows = session.scalars(select(Branch).order_by(Branch.path)).all()
    shown = [row for row in rows if only is None or row.id in only]
    shown.sort(key=lambda row: [int(part) for part in row.path.strip("/").split("/")])
    return [
        BranchRow(
            id=row.id,
            code=row.code,
            name=row.name,
            parent_id=row.parent_id,
            depth=row.path.count("/") - 2,
        )
        for row in shown
    ]


def with_descendants(session: Session, branch_ids: Iterable[int]) -> frozenset[int]:
    """Return the branches and everything below them."""
    paths = session.scalars(select(Branch.path).where(Branch.id.in_(set(branch_ids)))).all()
    if not paths:
        return frozenset()
    below = or_(*(Branch.path.startswith(path, autoescape=True) for path in paths))
    return frozenset(session.scalars(select(Branch.id).where(below)))


def upwards(session: Session, branch_id: int) -> tuple[int, ...]:
    """Return the branch and the branches above it, the own id first."""
    path = session.scalar(select(Branch.path).where(Branch.id == branch_id)) or ""
    return tuple(int(part) for part in reversed(path.strip("/").split("/")) if part)


def code_of(uow: UnitOfWork, branch_id: int) -> str:
    """Return the code of the branch.

    Raises:
        BranchNotFoundError: no such branch.
    """
    code = uow.session.scalar(select(Branch.code).where(Branch.id == branch_id))
    if code is None:
        raise BranchNotFoundError(code=str(branch_id))
    return code

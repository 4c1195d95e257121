"""`postloan user`: the first people of an installation; later ones are added on the pages."""

from datetime import timedelta
from typing import Final

import click

from postloan_archive.access import branches, grants, sign_in, users
from postloan_archive.access.grants import GrantRole
from postloan_archive.access.roles import ROLES, Role
from postloan_archive.access.users import CreateUser, UserRow
from postloan_archive.cli.entries import ROW
from postloan_archive.cli.session import CLI as CLI_ACTOR
from postloan_archive.cli.session import emit, opened_system, opened_uow
from postloan_archive.config import Settings

LINK_VALID = timedelta(hours=24)
EITHER: Final = "--grant 与 --end 只能选一个。"
SHAPE: Final = f"应为 角色:机构代码，角色为 {'、'.join(Role)}。"


@click.group()
def group() -> None:
    """People who may sign in."""


JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")


@group.command("add")
@click.argument("username")
@click.option("--name", "display_name", required=True, help="Name of the person.")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([str(r) for r in Role])
)
@click.option("--branch", required=True, metavar="CODE", help="Branch of the roles.")
@click.option("--branch-name", metavar="NAME", help="Create the branch if it is missing.")
@JSON
def add(
    username: str,
    display_name: str,
    roles: tuple[str, ...],
    branch: str,
    branch_name: str | None,
    *,
    as_json: bool,
) -> None:
    """Add a user with roles and print the one-time link that sets the password."""
    with opened_system() as system, system.unit_of_work(CLI_ACTOR) as uow:
        if branch_name:
            branches.ensure(uow, code=branch, name=branch_name)
        branch_id = branches.id_of(uow, branch)
        user = users.create(uow, CreateUser(username=username, display_name=display_name))
        for role in roles:
            grants.grant(uow, GrantRole(user_id=user.id, role=Role(role), branch_id=branch_id))
        token = sign_in.make_link(uow, user.id, purpose="set_password", valid_for=LINK_VALID)
        user_id = user.id
    link = f"{site(system.settings)}/sign-in/password/{token}"
    if as_json:
        emit({"username": username, "user_id": user_id, "link": link})
        return
    click.echo(f"已创建用户 {username}。请在 24 小时内打开一次性链接设置密码：")
    click.echo(link)


@group.command("list")
@click.option("--text", default="", help="Part of the user name or of the name.")
@JSON
def list_command(text: str, *, as_json: bool) -> None:
    """List the users with the roles they hold or were proposed for."""
    with opened_uow() as uow:
        rows = users.listing(uow.session, text=text, limit=1_000_000)
    for row in rows:
        if as_json:
            emit(row)
            continue
        state = "停用" if row.disabled else ("在用" if row.has_password else "未设密码")
        click.echo(f"{row.username:<16} {row.display_name}  {state}  {_roles(row)}")


@group.command("roles")
@click.argument("username")
@click.option(
    "--grant",
    "wanted",
    metavar="ROLE:BRANCH",
    help="Grant a role at a branch and below it.",
)
@click.option("--end", "grant_id", type=ROW, metavar="ID", help="End a grant or a proposal.")
@click.option("--reason", default="", help="Why; needed for --end and for a proposal.")
@JSON
def roles_command(
    username: str,
    wanted: str | None,
    grant_id: int | None,
    reason: str,
    *,
    as_json: bool,
) -> None:
    """Show the roles of a user, grant one, or end one.

    Where a security administrator other than the user is in service, a grant is only proposed
    and means nothing until that person agrees on the page 授权; before that, it is made at
    once, so that a new installation gets its first administrators.
    """
    if wanted is not None and grant_id is not None:
        raise click.UsageError(EITHER)
    with opened_uow() as uow:
        user = users.by_name(uow, username)
        if grant_id is not None:
            grants.end_of(uow, user.id, grant_id, reason=reason)
        if wanted is not None:
            role, _, branch = wanted.partition(":")
            if role not in set(Role) or not branch:
                raise click.BadParameter(SHAPE, param_hint="--grant")
            cmd = GrantRole(
                user_id=user.id,
                role=Role(role),
                branch_id=branches.id_of(uow, branch),
                reason=reason,
            )
            others = grants.holders(uow.session, [Role.SECURITY_ADMIN])[Role.SECURITY_ADMIN]
            if others - {user.id}:
                grants.propose(uow, cmd)
            else:
                grants.grant(uow, cmd)
        uow.session.flush()  # the list below shows what was changed
        uow.session.refresh(user)
        row = users.row_of(user)
    if as_json:
        emit(row)
        return
    click.echo(f"{row.username}  {row.display_name}")
    for one in row.roles:
        state = "待安全管理员审批" if one.state == "proposed" else "有效"
        click.echo(f"  {one.id:>4}  {ROLES[one.role].label} · {one.branch}  {state}")
    if not row.roles:
        click.echo("  未授权")


@group.command("disable")
@click.argument("username")
@click.option("--reason", required=True)
@JSON
def disable(username: str, reason: str, *, as_json: bool) -> None:
    """Disable a user; every session ends at once."""
    with opened_uow() as uow:
        user = users.disable(uow, users.by_name(uow, username).id, reason=reason)
        row = users.row_of(user)
    if as_json:
        emit(row)
    else:
        click.echo(f"已停用用户 {username}。")


def _roles(row: UserRow) -> str:
    return "，".join(f"{ROLES[one.role].label} · {one.branch}" for one in row.roles) or "未授权"


def site(settings: Settings) -> str:
    """Return the address of the pages as this machine reaches them."""
    return f"http://{settings.host}:{settings.port}"

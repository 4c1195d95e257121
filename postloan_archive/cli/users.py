"""`postloan user`: the first people of an installation; later ones are added on the pages."""

from datetime import timedelta

import click

from postloan_archive.access import branches, grants, sign_in, users
from postloan_archive.access.grants import GrantRole
from postloan_archive.access.roles import Role
from postloan_archive.access.users import CreateUser
from postloan_archive.cli.session import CLI as CLI_ACTOR
from postloan_archive.cli.session import opened_system, opened_uow
from postloan_archive.config import Settings

LINK_VALID = timedelta(hours=24)


@click.group()
def group() -> None:
    """People who may sign in."""


@group.command("add")
@click.argument("username")
@click.option("--name", "display_name", required=True, help="Name of the person.")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([str(r) for r in Role])
)
@click.option("--branch", required=True, metavar="CODE", help="Branch of the roles.")
@click.option("--branch-name", metavar="NAME", help="Create the branch if it is missing.")
def add(
    username: str,
    display_name: str,
    roles: tuple[str, ...],
    branch: str,
    branch_name: str | None,
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
    address = site(system.settings)
    click.echo(f"已创建用户 {username}。请在 24 小时内打开一次性链接设置密码：")
    click.echo(f"{address}/sign-in/password/{token}")


@group.command("disable")
@click.argument("username")
@click.option("--reason", required=True)
def disable(username: str, reason: str) -> None:
    """Disable a user; every session ends at once."""
    with opened_uow() as uow:
        users.disable(uow, users.by_name(uow, username).id, reason=reason)
    click.echo(f"已停用用户 {username}。")


def site(settings: Settings) -> str:
    """Return the address of the pages as this machine reaches them."""
    return f"http://{settings.host}:{settings.port}"

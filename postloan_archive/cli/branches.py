"""`postloan branch`: the tree of branches and what papers print of each."""

from dataclasses import fields, replace

import click

from postloan_archive.access import branches
from postloan_archive.access.branches import CreateBranch
from postloan_archive.cli.session import emit, opened_uow
from postloan_archive.loans import lenders
from postloan_archive.loans.lenders import Lender

JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")


@click.group()
def group() -> None:
    """Branches: list, add, and what letters and court papers print of them."""


@group.command("list")
@JSON
def branch_list(*, as_json: bool) -> None:
    """List the branches from the roots down, each with its full name on papers."""
    with opened_uow() as uow:
        for row in branches.tree(uow.session):
            lender = lenders.lender_of(uow, row.id)
            if as_json:
                emit({"code": row.code, "name": row.name, "depth": row.depth, "lender": lender})
            else:
                indent = "  " * row.depth
                click.echo(f"{indent}{row.code}  {row.name}  {lender.name or '未登记机构资料'}")


@group.command("add")
@click.argument("code", metavar="CODE")
@click.option("--name", required=True, metavar="NAME", help="Short name, as lists show it.")
@click.option("--above", default="", metavar="CODE", help="The branch above; a root without.")
@JSON
def branch_add(code: str, name: str, above: str, *, as_json: bool) -> None:
    """Add a branch below another one; rights flow down the tree."""
    with opened_uow() as uow:
        parent = branches.id_of(uow, above) if above else None
        row = branches.create(uow, CreateBranch(code=code, name=name, parent_id=parent))
        if as_json:
            emit({"code": row.code, "name": row.name, "above": above})
        else:
            click.echo(f"机构 {row.code} {row.name} 已登记。")


@group.command("describe")
@click.argument("code", metavar="CODE")
@click.option("--name", metavar="TEXT", help="Full name as registered.")
@click.option("--uscc", metavar="TEXT", help="Unified social credit code.")
@click.option("--domicile", metavar="TEXT")
@click.option("--phone", metavar="TEXT", help="Telephone that letters name.")
@click.option("--legal-rep", metavar="TEXT", help="Legal representative or head.")
@click.option("--legal-rep-post", metavar="TEXT")
@click.option("--legal-rep-id-no", metavar="TEXT")
@click.option("--account", metavar="TEXT", help="Account for money from courts.")
@click.option("--bank", metavar="TEXT", help="Bank of that account.")
@JSON
def branch_describe(code: str, *, as_json: bool, **given: str | None) -> None:
    """Enter what letters and court papers print of a branch; only what is named changes.

    An empty text takes a fact out: then that of the branch above holds.
    """
    with opened_uow() as uow:
        branch_id = branches.id_of(uow, code)
        facts = {key: text for key, text in given.items() if text is not None}
        if facts:
            own = lenders.own_facts(uow, branch_id)
            lenders.describe_lender(uow, code, replace(own, **facts))
        lender = lenders.lender_of(uow, branch_id)
        if as_json:
            emit(lender)
            return
        for spec in fields(Lender):
            click.echo(f"{spec.name}  {getattr(lender, spec.name) or '—'}")

"""`postloan retention …`: what is due, holds, lists; going on with a run; cleaning up."""

import sys
from datetime import date

import click

from postloan_archive.archive import holds
from postloan_archive.cli.session import CLI, emit, opened_system, opened_uow
from postloan_archive.loans import queries as loans
from postloan_archive.retention import due as due_files
from postloan_archive.retention import residue, standing
from postloan_archive.retention.rules.periods import Block, sentence_of
from postloan_archive.retention.service import destroying, lists
from postloan_archive.retention.standing import Standing


@click.group()
def group() -> None:
    """Periods, holds and destruction; approving and supervising need persons and a page."""


@group.command("due")
@click.option(
    "--all", "every", is_flag=True, help="All settled loan files, not only those due."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def due(*, every: bool, as_json: bool) -> None:
    """Name the settled loan files whose period is over, with what stops their destruction."""
    with opened_uow() as uow:
        for row in due_files.each(uow, every=every):
            if every or row.expired:
                _say(row, as_json=as_json)


@group.command("of")
@click.argument("loan_no", metavar="LOAN")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def of_loan(loan_no: str, *, as_json: bool) -> None:
    """Say how long one loan file is kept, why, and what stops its destruction."""
    with opened_uow() as uow:
        row = standing.standing_of(uow, loans.get_loan(uow, loan_no))
        _say(row, as_json=as_json)
        if not as_json:
            for step in row.period.steps:
                click.echo(f"  {step}")


@group.command("holds")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def hold_register(*, as_json: bool) -> None:
    """Print the register of holds; keep it outside to review it after a restore."""
    with opened_uow() as uow:
        for row in holds.register(uow):
            if as_json:
                emit(row)
            else:
                state = f"已解除 {row.lifted_at:%Y-%m-%d}" if row.lifted_at else "保留中"
                click.echo(f"{state}  {row.named}  {row.reason}  {row.set_by}")


@group.command("lists")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def disposal_lists(*, as_json: bool) -> None:
    """Print the destruction lists with digest, persons and result."""
    with opened_uow() as uow:
        for row in lists.all_lists(uow):
            facts = {
                "list_no": row.list_no,
                "state": row.state,
                "digest": row.digest,
                "loans": [line.facts["loan_no"] for line in row.lines],
                "proposed_by": row.proposed_by,
                "approved_by": row.approved_by,
                "supervised_by": row.supervised_by,
                "executed_by": row.executed_by,
                "result": row.result,
            }
            if as_json:
                emit(facts)
            else:
                click.echo(f"{row.list_no}  {row.state}  {len(row.lines)} 卷  {row.digest}")


@group.command("resume")
@click.argument("list_no", metavar="LIST")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def resume(list_no: str, *, as_json: bool) -> None:
    """Go on with a run that two persons have begun and that stopped half way."""
    with opened_system() as system:
        with system.unit_of_work(CLI) as uow:
            list_id = lists.go_on(uow, list_no).id
        result = destroying.carry_out(system, CLI, list_id)
    emit(result) if as_json else click.echo(
        f"{list_no} 已执行完毕：{result['files_gone']} 个文件"
    )


@group.command("clean")
def clean() -> None:
    """Write the database anew without free pages; empty the log of SQLite.

    To be run while nothing else uses the installation; it needs the size of the database once
    more on the volume. PostgreSQL: `VACUUM FULL`; its log segments are the operator's. Exit
    code 1: it could not be done.
    """
    with opened_system() as system:
        done = residue.vacuum(system.engine)
        ours = system.engine.dialect.name == "sqlite"
    if not done:
        click.echo("数据库未能整理：仍有程序在使用，或空间不足。", err=True)
        sys.exit(1)
    click.echo(
        "数据库已整理，日志已清空。"
        if ours
        else "数据表已重写；预写日志的旧段和归档须由数据库管理员清理。"
    )


def _say(row: Standing, *, as_json: bool) -> None:
    period = row.period.value
    end: date | None = period.end
    if as_json:
        emit(
            {
                "loan_no": row.loan.loan_no,
                "archive_no": row.loan.archive_no,
                "settled_on": row.loan.settled_on,
                "classes": {one.value: years for one, years in period.classes},
                "end": end,
                "permanent": period.permanent,
                "blocks": [
                    {"block": str(block), "named": named} for block, named in row.blocks
                ],
                "allowed": not row.blocks,
            }
        )
        return
    until = "永久" if period.permanent else str(end or "未起算")
    waits = [block for block, _ in row.blocks] == [Block.NOT_APPRAISED]
    words = "待鉴定" if waits else sentence_of(row.blocks) or "可以销毁"
    click.echo(f"{row.loan.loan_no}  {row.loan.customer.name}  至 {until}  {words}")

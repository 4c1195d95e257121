"""`postloan audit verify`: read the whole trail and name what was changed."""

import click

from postloan_archive import audit
from postloan_archive.cli.session import emit, opened_uow


@click.group()
def group() -> None:
    """The audit trail."""


@group.command("verify")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def verify(context: click.Context, *, as_json: bool) -> None:
    """Check hash chain and checkpoints; exit code 1 means that something was changed."""
    with opened_uow() as uow:
        report = audit.verify(uow.session)
    if as_json:
        emit(report)
    else:
        click.echo(f"审计记录 {report.lines} 条，问题 {report.fault_count} 个")
        for fault in report.faults:
            click.echo(f"  {fault.message}")
    context.exit(1 if report.fault_count else 0)

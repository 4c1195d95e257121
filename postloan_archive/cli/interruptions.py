"""`postloan loan interrupt`: what interrupted the limitation of a loan, with its paper."""

from typing import Any

import click

from postloan_archive.cli.entries import DAY, ROW
from postloan_archive.cli.loans import JSON
from postloan_archive.cli.loans import group as group
from postloan_archive.cli.session import emit, opened_uow
from postloan_archive.loans import queries
from postloan_archive.worklist import interrupting
from postloan_archive.worklist.interrupting import KINDS, PROOFS, NoteInterruption


@group.command("interrupt")
@click.argument("loan_no", metavar="LOAN")
@click.option("--kind", required=True, type=click.Choice([one.value for one in KINDS]))
@click.option("--on", required=True, type=DAY, help="Arrival, signature, filing, publication.")
@click.option("--proof", required=True, type=click.Choice(list(PROOFS)))
@click.option(
    "--document", "document_id", required=True, type=ROW, help="The paper of the file."
)
@click.option("--ended-on", type=DAY, help="Last day of a procedure.")
@click.option("--guarantor", default="", metavar="NAME", help="Aimed at; the debtor without.")
@click.option("--note", default="", metavar="TEXT")
@JSON
def interrupt(loan_no: str, *, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - options
    """Record what interrupted the limitation of LOAN, or claimed a guarantee.

    The level of the proof follows from --proof; level C waits until legal confirms it on the
    page 时效事项.
    """
    with opened_uow() as uow:
        event = interrupting.note(uow, NoteInterruption(loan_no=loan_no, **given))
        counted = event.confirmed_at is not None
        if as_json:
            emit({"id": event.id, "level": event.level, "counted": counted})
        else:
            state = "已计入时效" if counted else "证据等级不足，法务确认前不计入"
            click.echo(f"已登记第 {event.id} 项，证据等级 {event.level}，{state}。")


@group.command("interruptions")
@click.argument("loan_no", metavar="LOAN")
@JSON
def interruptions(loan_no: str, *, as_json: bool) -> None:
    """List what interrupted the limitation of LOAN, newest first, struck ones included."""
    with opened_uow() as uow:
        for row in interrupting.rows(uow, queries.get_loan(uow, loan_no)):
            if as_json:
                emit(row)
                continue
            state = "已删划" if row.struck else "已计入" if row.confirmed else "待确认"
            whom = row.guarantor or "债务人"
            click.echo(f"{row.id:>6}  {row.on}  {row.kind}  {whom}  {row.level}  {state}")

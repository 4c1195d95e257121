"""`postloan batch`: deliveries and their receipts; names that matched nothing, once more."""

import click

from postloan_archive.archive import batches
from postloan_archive.archive.batches import FILTERS, Receipt
from postloan_archive.archive.incoming import matching
from postloan_archive.cli.entries import ROW
from postloan_archive.cli.session import CLI, emit, opened_system, opened_uow, runner_of


@click.group()
def group() -> None:
    """Deliveries of files (批次) and their receipts."""


@group.command("list")
@click.option("--source", default="", help="Only this way in, such as folder or upload.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
def list_command(source: str, limit: int, *, as_json: bool) -> None:
    """List the newest deliveries with what came and what waits."""
    with opened_uow() as uow:
        rows = batches.batches_of(uow, source=source, limit=limit)
    for row in rows:
        if as_json:
            emit(row)
            continue
        state = "已结" if row.closed_at else "未结"
        click.echo(
            f"{row.id:>6}  {row.opened_at:%Y-%m-%d %H:%M}  {row.source:<8}{state}  收到 "
            f"{row.received}，待归卷 {row.waiting}，须留意 {row.odd}  {row.place}".rstrip()
        )


@group.command("show")
@click.argument("number", type=ROW)
@click.option("--only", type=click.Choice(sorted(FILTERS)), help="Name these files.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
@click.pass_context
def show_command(
    context: click.Context, number: int, only: str | None, *, as_json: bool
) -> None:
    """Print the receipt of a delivery: n in = n stored + n linked + n named exceptions.

    With --only, every file of that kind with its reason. Exit code 1: it does not add up yet.
    """
    with opened_uow() as uow:
        receipt = batches.receipt_of(uow, number, only=only or "", limit=0)
        many = batches.count_files(uow, number, only) if only else 0
        named = batches.receipt_of(uow, number, only=only or "", limit=many) if only else None
    show(receipt, as_json=as_json)
    for file in named.files if named else ():
        if as_json:
            emit(
                {
                    "name": file.name,
                    "state": file.state,
                    "loan_no": file.loan_no,
                    "message": file.unmatched or file.sentence,
                }
            )
        else:
            click.echo(f"{file.words.word}  {file.name}  {file.unmatched or file.sentence}")
    context.exit(0 if receipt.adds_up else 1)


@group.command("rematch")
@click.argument("number", type=ROW)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
def rematch_command(number: int, *, as_json: bool) -> None:
    """Look once more which loan files the names of a delivery name, and file what does."""
    with opened_system() as system:
        with system.unit_of_work(CLI) as uow:
            matching.match_again(uow, number)
        runner_of(system).run_until_empty()
        with system.look(CLI) as uow:
            receipt = batches.receipt_of(uow, number, limit=0)
    show(receipt, as_json=as_json)


def show(receipt: Receipt, *, as_json: bool) -> None:
    """Print a receipt."""
    arrived = receipt.arrived
    if as_json:
        emit(
            {
                "batch": receipt.id,
                "source": receipt.source,
                "place": receipt.place,
                "expected": receipt.expected,
                "found": arrived.found,
                "taken": arrived.taken,
                "failed": arrived.failed,
                "coming": arrived.coming,
                "received": receipt.received,
                "stored": receipt.stored,
                "being_read": receipt.going_on,
                "linked": receipt.linked,
                "exceptions": receipt.exceptions,
                "states": dict(receipt.states),
                "in_inbox": receipt.in_inbox,
                "unmatched": receipt.unmatched,
                "adds_up": receipt.adds_up,
                "closed": receipt.closed_at is not None,
            }
        )
        return
    if arrived.found:
        click.echo(
            f"批次 {receipt.id}：到达 {arrived.found} 个文件，已收取 {arrived.taken}，"
            f"未能收取 {arrived.failed}，尚未收取 {arrived.coming}"
        )
    click.echo(
        f"批次 {receipt.id}：收到 {receipt.received} = 已存放 {receipt.stored}"
        f" + 重复已关联 {receipt.linked} + 须留意 {receipt.exceptions}"
        f"（待归卷 {receipt.in_inbox}，其中文件名未对上 {receipt.unmatched}）"
    )

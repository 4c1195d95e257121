"""`postloan scan-folder`: the watched folder from the command line."""

import time
from pathlib import Path
from typing import Final

import click

from postloan_archive.archive import batches
from postloan_archive.archive.incoming import folder
from postloan_archive.archive.incoming.folder import LEAVE, MOVE, Watch
from postloan_archive.cli.batches import show
from postloan_archive.cli.session import emit, opened_system, runner_of
from postloan_archive.kernel.actor import Actor

WHERE: Final = "请给出文件夹，或设置 POSTLOAN_WATCH_FOLDER。"


@click.command("scan-folder")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--once", is_flag=True, help="End when nothing is being written any more.")
@click.option("--settle", type=click.IntRange(0, 3600), help="Seconds a file must rest.")
@click.option("--after", type=click.Choice([MOVE, LEAVE]), help="Where originals stay.")
@click.option("--inbox", is_flag=True, help="Into the inbox, whatever the names say.")
@click.option("--read", is_flag=True, help="Read the files, too, before it ends.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
@click.pass_context
def scan_folder(
    context: click.Context,
    path: Path | None,
    *,
    once: bool,
    settle: int | None,
    after: str | None,
    inbox: bool,
    read: bool,
    as_json: bool,
) -> None:
    """Take in the files of PATH (POSTLOAN_WATCH_FOLDER) as they come to rest.

    A file is taken when two looks have seen the same size and time. Its archive, loan or
    contract number in the name, or in that of its folder, tells the loan file; without one it
    waits in the inbox with the reason. A folder named like a branch tells whose inbox.

    It may be stopped at any moment and started again. Exit code 1: at least one file could not
    be kept, or a folder could not be listed.
    """
    with opened_system() as system:
        settings = system.settings
        watch = Watch(
            folder=(path or Path(settings.watch_folder or ".")).absolute(),
            after=after or settings.watch_after,
            quiet_s=settings.watch_quiet_s if settle is None else settle,
            by_number=not inbox,
        )
        if path is None and not settings.watch_folder:
            raise click.UsageError(WHERE)
        actor = Actor.program("folder")
        told: set[str] = set()  # sentences; each once
        while True:
            looked = folder.look(system, actor, watch)
            if read:
                runner_of(system).run_until_empty()
            for sentence in set(looked.unreadable) - told:
                told.add(sentence)
                click.echo(sentence, err=True)
            if looked.taken and not as_json:
                click.echo(f"批次 {looked.batch_id}：收取 {looked.taken} 个文件", err=True)
            if once and not looked.coming:
                break
            time.sleep(max(watch.quiet_s, 1))
        receipt = None
        if looked.batch_id is not None:
            with system.look(actor) as uow:
                receipt = batches.receipt_of(uow, looked.batch_id, limit=0)
    if receipt is None:
        emit({"batch": None, "received": 0}) if as_json else click.echo("没有新文件")
        context.exit(1 if looked.unreadable else 0)
    show(receipt, as_json=as_json)
    context.exit(1 if receipt.arrived.failed or looked.unreadable else 0)

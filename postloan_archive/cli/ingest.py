"""`postloan ingest`: files, folders and zips into a loan file."""

from collections import Counter
from pathlib import Path
from typing import Final

import click

from postloan_archive.archive.intake import Delivery, Taken, take_in
from postloan_archive.cli.session import CLI, emit, opened_system, progress_bar, runner_of

GOOD: Final = frozenset({"stored", "duplicate", "no_text"})


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--loan", "loan_no", required=True, metavar="NO", help="借据号: the loan file.")
@click.option("--item", "item_code", metavar="CODE", help="Item code, such as YJ01.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
@click.pass_context
def ingest(
    context: click.Context,
    paths: tuple[Path, ...],
    loan_no: str,
    item_code: str | None,
    *,
    as_json: bool,
) -> None:
    """Take PATHS into the loan file: read, recognise, index; originals are kept byte for byte.

    Exit code 1 means that at least one file reached another state than stored, duplicate or
    no_text.
    """
    states: Counter[str] = Counter()
    with opened_system() as system, progress_bar("入档", None) as bar:

        def report(taken: Taken) -> None:
            states[taken.state] += 1
            bar.advance(bar.task_ids[0])
            if as_json:
                emit(taken)
            else:
                text = f"{taken.state:<13} {taken.pages:>4} 页  {taken.path}"
                click.echo(f"{text}  {taken.message}".rstrip())

        delivery = Delivery(paths=paths, loan_no=loan_no, item_code=item_code)
        take_in(system, CLI, delivery, runner_of(system), report)
    if not as_json:
        total = sum(states.values())
        parts = "，".join(f"{state} {count}" for state, count in sorted(states.items()))
        click.echo(f"收到 {total} 个文件：{parts or '无'}")
    context.exit(0 if set(states) <= GOOD else 1)

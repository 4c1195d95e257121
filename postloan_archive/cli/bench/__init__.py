"""`postloan bench`: measurements against a named peer in one run.

Each module has `run(report, *, quick)` and calls `report` with one line per measurement:
`bench`, `name`, and what applies of `per_s`, `median_ms`, `p95_ms`, `rss_mb`, `ratio_<peer>`.
"""

import importlib
import importlib.util
import multiprocessing
import resource
import sys
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Final

import click
from rich.console import Console
from rich.table import Table

from postloan_archive.cli.session import emit, progress_bar

Report = Callable[[dict[str, object]], None]
Line = dict[str, object]

BENCHES: Final = (
    "bundle", "clocks", "ingest", "ledger", "letters", "lists", "ocr", "package", "search",
    "start", "store",
)  # fmt: skip
ALL: Final = "all"
FIRST: Final = ("name", "per_s", "median_ms", "p95_ms", "rss_mb")


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME…|all")
@click.option(
    "--size",
    type=click.Choice(["quick", "full"]),
    default="quick",
    show_default=True,
    help="quick: about a minute each; full: the sizes of the budgets.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
@click.pass_context
def bench(context: click.Context, names: tuple[str, ...], size: str, *, as_json: bool) -> None:
    """Measure the named parts, or `all` of them.

    Parts: bundle clocks ingest ledger letters lists ocr package search start store.

    Each one runs in a process of its own. Ratios compare with the named peer in the same run.

    Exit code 1 means that a measurement broke off.
    """
    wanted = _wanted(names)
    lines: list[Line] = []
    with progress_bar("测量", len(wanted)) as bar:
        task = bar.task_ids[0]
        for name in wanted:
            bar.update(task, description=f"测量 {name}")
            for line in measured(name, quick=size == "quick"):
                lines.append(line)
                if as_json:
                    emit(line)
            bar.advance(task)
    if not as_json:
        console = Console()
        for name in wanted:
            console.print(table_of(name, [line for line in lines if line["bench"] == name]))
    context.exit(1 if any("error" in line for line in lines) else 0)


def available() -> tuple[str, ...]:
    """Return the benches that this version holds."""
    return tuple(name for name in BENCHES if importlib.util.find_spec(f"{__name__}.{name}"))


def measured(name: str, *, quick: bool) -> Iterator[Line]:
    """Yield the lines of one bench as its process reports them.

    A bench that breaks off gives a last line with `error`.
    """
    here, there = multiprocessing.Pipe(duplex=False)
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_child, args=(name, quick, there))
    process.start()
    there.close()
    try:
        while True:
            yield here.recv()
    except EOFError:
        process.join()
    except BaseException:
        process.terminate()
        raise
    finally:
        here.close()
    if process.exitcode:
        yield {"bench": name, "name": name, "error": f"exit code {process.exitcode}"}


def table_of(title: str, lines: list[Line]) -> Table:
    """Return the lines of one bench as a table that fits a terminal."""
    table = Table(title=title, title_justify="left")
    for key in FIRST:
        table.add_column(key, justify="left" if key == "name" else "right", no_wrap=True)
    table.add_column("more")
    for line in lines:
        more = (f"{key} {_cell(line[key])}" for key in line if key not in {"bench", *FIRST})
        table.add_row(*(_cell(line.get(key)) for key in FIRST), "\n".join(more))
    return table


def _wanted(names: tuple[str, ...]) -> list[str]:
    there = available()
    unknown = [name for name in names if name != ALL and name not in there]
    if unknown:
        raise click.BadParameter(f"{'、'.join(unknown)}（可选：{'、'.join((*there, ALL))}）")
    return list(there if ALL in names else dict.fromkeys(names))


def _child(name: str, quick: bool, pipe: Connection) -> None:  # noqa: FBT001 - of a process
    module = importlib.import_module(f"{__name__}.{name}")

    def report(line: Line) -> None:
        if "skipped" not in line:
            line.setdefault("rss_mb", _peak_mb())
        pipe.send(line)

    module.run(report, quick=quick)
    pipe.close()


def _peak_mb() -> float:
    """Return the most memory this process has held so far."""
    unit = 1_000_000 if sys.platform == "darwin" else 1_000  # bytes on macOS, KiB elsewhere
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)


def _cell(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,}"
    return "" if value is None else str(value)

"""What every command needs: the opened system, the actor `cli`, JSON lines, progress."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from postloan_archive.cli.handlers import all_handlers
from postloan_archive.config import Settings
from postloan_archive.db.schema import ensure_current
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from postloan_archive.uow import System, UnitOfWork, open_system
from postloan_archive.vault import working_copies
from postloan_archive.worklist.jobs import follow

CLI: Actor = Actor.program("cli")


@contextmanager
def opened_system(settings: Settings | None = None) -> Iterator[System]:
    """Yield the system of the data folder; refuses one that was never created or is older.

    Args:
        settings: those of the environment unless given.
    """
    system = open_system(settings or Settings.from_environment(), follow=follow)
    try:
        ensure_current(system.engine)
        with working_copies(system.settings.data):
            yield system
    finally:
        system.close()


@contextmanager
def opened_uow() -> Iterator[UnitOfWork]:
    """Yield one open unit of work as actor `cli`."""
    with opened_system() as system, system.unit_of_work(CLI) as uow:
        yield uow


def runner_of(system: System) -> JobRunner:
    """Return a runner that knows every kind of job."""
    return JobRunner(system.engine, all_handlers(system), clock=system.clock)


def emit(row: object) -> None:
    """Print one JSON object on one line of stdout."""
    click.echo(json.dumps(plain(row), ensure_ascii=False))


def plain(value: object) -> object:
    """Return the value as JSON knows it: amounts and dates as strings."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


@contextmanager
def progress_bar(label: str, total: int | None) -> Iterator[Progress]:
    """Yield a progress bar on stderr; it is silent where stderr is no terminal."""
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not sys.stderr.isatty(),
    ) as bar:
        bar.add_task(label, total=total)
        yield bar

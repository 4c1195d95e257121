"""`postloan deadline list | recompute`: what is due, for people, programs and calendars."""

import os
import pwd
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

import click

from postloan_archive.cli.entries import DAY
from postloan_archive.cli.session import (
    CLI,
    emit,
    opened_system,
    progress_bar,
)
from postloan_archive.kernel.clock import CHINA, FrozenClock
from postloan_archive.uow import System
from postloan_archive.worklist import calendar_file, queries
from postloan_archive.worklist.filtering import ALL, MINE, DeadlineFilter
from postloan_archive.worklist.queries import DeadlineRow
from postloan_archive.worklist.recomputing import Recomputed, recompute_all
from postloan_archive.worklist.record import record_of

WORDS: Final = {
    "create": "新增",
    "create_done": "新增（已办）",
    "update": "更新",
    "move": "移动",
    "finish": "办结",
    "strike": "划销",
    "reopen": "恢复",
}


@click.group()
def group() -> None:
    """Deadlines: list them, compute them again."""


@group.command("list")
@click.option("--mine", is_flag=True, help="Only one's own and those of nobody.")
@click.option("--user", metavar="NAME", help="Whose; the account of this machine by default.")
@click.option(
    "--due", type=click.IntRange(0, 36_500), metavar="DAYS", help="Over, or due within DAYS."
)
@click.option("--as-of", type=DAY, help="Look from this day instead of today.")
@click.option(
    "--ics",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write a calendar file.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
def list_deadlines(
    user: str | None,
    due: int | None,
    as_of: date | None,
    ics: Path | None,
    *,
    mine: bool,
    as_json: bool,
) -> None:
    """List the open deadlines, the nearest first."""
    owner = (user or pwd.getpwuid(os.getuid()).pw_name) if mine or user else None
    with opened_system() as system:
        rows = _found(_on(system, as_of), owner=owner, due=due)
        if ics is not None:
            now = system.clock.now()
            ics.write_bytes(calendar_file.calendar_file(rows, name="贷后期限", now=now))
    for row in rows:
        if as_json:
            emit(record_of(row))
        else:
            click.echo(_line(row))


@group.command("recompute")
@click.option("--as-of", type=DAY, help="Compute as of this day instead of today.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def recompute(as_of: date | None, *, as_json: bool) -> None:
    """Compute all deadlines again from the facts; a second run changes nothing."""
    result = Recomputed()
    with opened_system() as system, progress_bar("重算期限", None) as bar:
        for done, total, so_far in recompute_all(system, as_of=as_of):
            bar.update(bar.task_ids[0], completed=done, total=total)
            result = so_far
    counts = {str(name): number for name, number in sorted(result.counts.items())}
    if as_json:
        emit({"loans": result.loans, "changed": result.changed, "changes": counts})
        return
    words = "，".join(f"{WORDS.get(name, name)} {number}" for name, number in counts.items())
    click.echo(f"重算 {result.loans} 笔贷款的期限：{words or '没有变化'}")


def _on(system: System, as_of: date | None) -> System:
    if as_of is None:
        return system
    noon = datetime.combine(as_of, time(12), tzinfo=CHINA)
    return replace(system, clock=FrozenClock(noon))


def _found(system: System, *, owner: str | None, due: int | None) -> list[DeadlineRow]:
    """Return the open deadlines; `due` keeps what is over and what comes within the days."""
    actor = replace(CLI, name=owner) if owner else CLI
    with system.look(actor) as uow:
        rows = queries.listing(uow, DeadlineFilter(scope=MINE if owner else ALL))
    if due is None:
        return rows
    return [row for row in rows if row.bucket == "past" or row.days_left <= due]


def _line(row: DeadlineRow) -> str:
    over = row.bucket == "past"
    left = f"已过（法定 {row.legal}）" if over else f"剩 {row.days_left} 天"
    mark = "暂定 " if row.provisional else ""
    return (
        f"{row.safe}  {mark}{left}  {row.kind_label}  {row.title}  {row.debtor}  "
        f"{row.loan_no}  {row.owner or '未分派'}"
    )

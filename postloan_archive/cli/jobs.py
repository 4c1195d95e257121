"""`postloan jobs`: what is waiting, running and failed; once more."""

from typing import Final

import click

from postloan_archive import jobs
from postloan_archive.admin import queue
from postloan_archive.cli.entries import ROW
from postloan_archive.cli.session import emit, opened_uow
from postloan_archive.jobs import JobState

WHICH: Final = "请给出任务号，或 --all-failed，二者选一。"


@click.group()
def group() -> None:
    """Background jobs."""


@group.command("list")
@click.option("--state", type=click.Choice([str(state) for state in JobState]))
@click.option("--kind", default="", help="Only this kind, such as read_documents.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
def list_command(state: str | None, kind: str, limit: int, *, as_json: bool) -> None:
    """List the newest jobs with state, progress and the reason of a failure."""
    with opened_uow() as uow:
        page = jobs.list_jobs(
            uow.session, state=JobState(state) if state else None, kind=kind, limit=limit
        )
    for job in page.jobs:
        if as_json:
            emit(job)
            continue
        done = f"{job.progress_done}/{job.progress_total}" if job.progress_total else "—"
        click.echo(
            f"{job.id:>6}  {job.state:<9}  {job.kind:<18}  {done:>9}  "
            f"{job.created_at:%Y-%m-%d %H:%M}  {job.reason or job.message}".rstrip()
        )
    if not as_json:
        click.echo(f"共 {page.total} 个任务")


@group.command("retry")
@click.argument("job_ids", metavar="ID…", nargs=-1, type=ROW)
@click.option("--all-failed", is_flag=True, help="Every job that failed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
def retry_command(job_ids: tuple[int, ...], *, all_failed: bool, as_json: bool) -> None:
    """Put failed or cancelled jobs back into the queue."""
    if bool(job_ids) == all_failed:
        raise click.UsageError(WHICH)
    with opened_uow() as uow:
        if all_failed:
            failed = jobs.list_jobs(uow.session, state=JobState.FAILED, limit=queue.MOST)
            job_ids = tuple(job.id for job in reversed(failed.jobs))
        for job_id in job_ids:
            job = queue.retry(uow, job_id)
            if as_json:
                emit(job)
            else:
                click.echo(f"第 {job_id} 号任务（{job.kind}）已重新排队")

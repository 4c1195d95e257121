"""`postloan vault verify`: every stored file against rows, index and trail."""

from pathlib import Path

import click

from postloan_archive.admin.holdings import Finding, Holdings, verify_holdings
from postloan_archive.cli.session import CLI, emit, opened_system, progress_bar


@click.group()
def group() -> None:
    """The stored files."""


@group.command("verify")
@click.option(
    "--repair-from",
    "backup",
    metavar="BACKUP",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Put the good copies of this backup in the place of bad and missing files.",
)
@click.option("--json", "as_json", is_flag=True, help="One finding a line, then the summary.")
@click.pass_context
def verify(context: click.Context, backup: Path | None, *, as_json: bool) -> None:
    """Read every stored file; name what is changed, missing, unreadable or strange.

    Rows are compared with the files, with the trail that recorded them, and with the index.
    Exit code 1 means that something is left to do.
    """
    with opened_system() as system, progress_bar("核对", None) as bar:
        task = bar.task_ids[0]
        found = verify_holdings(
            system,
            CLI,
            repair_from=backup,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    if as_json:
        for finding in found.findings:
            emit(finding)
        emit(_summary(found))
    else:
        for finding in found.findings:
            click.echo(_sentence(finding))
        for problem in found.index.problems:
            click.echo(f"索引      {problem}")
        counts = found.counts
        click.echo(
            f"登记 {found.rows} 条，文件 {found.files} 个：完好 {found.good}，"
            f"改变 {counts['changed']}，缺失 {counts['missing']}，"
            f"不可读 {counts['unreadable']}，多余 {counts['stray']}，"
            f"登记不符 {counts['row']}，已修复 {found.repaired}"
        )
    context.exit(0 if found.ok else 1)


def _summary(found: Holdings) -> dict[str, object]:
    return {
        "summary": True,
        "ok": found.ok,
        "rows": found.rows,
        "files": found.files,
        "good": found.good,
        **found.counts,
        "repaired": found.repaired,
        "index": {
            "health": str(found.index.health),
            "pages": found.index.pages,
            "lag": found.index.lag,
            "problems": found.index.problems,
        },
    }


def _sentence(finding: Finding) -> str:
    rows = f"（{'、'.join(finding.rows)}）" if finding.rows else ""
    state = "repaired" if finding.repaired else finding.state
    return f"{state:<10} {finding.name}{rows} {finding.message}"

"""`postloan export LOAN DIR`: one loan file as a BagIt folder."""

from pathlib import Path

import click

from postloan_archive.admin.checkpointing import make_checkpoint
from postloan_archive.admin.file_export import export_loan
from postloan_archive.cli.session import CLI, emit, opened_system, progress_bar


@click.command()
@click.argument("loan_no", metavar="LOAN")
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def export(context: click.Context, loan_no: str, target: Path, *, as_json: bool) -> None:
    """Write the loan file into DIR (empty or missing): papers, facts, audit proof, digests.

    Any BagIt tool can check the folder. Exit code 1 means that a paper is damaged and
    therefore not in it.
    """
    with opened_system() as system, progress_bar("导出", None) as bar:
        task = bar.task_ids[0]
        done = export_loan(
            system,
            CLI,
            loan_no,
            target,
            progress=lambda at, total: bar.update(task, completed=at, total=total),
        )
        make_checkpoint(system, CLI)  # the head that the proof rests on leaves the machine
    if as_json:
        emit(
            {
                "folder": str(done.folder),
                "loan_no": done.loan_no,
                "files": done.files,
                "size": done.size,
                "audit_lines": done.lines,
                "manifest_sha256": done.manifest_sha256,
                "problems": done.problems,
            }
        )
    else:
        click.echo(
            f"已导出 {done.loan_no} → {done.folder}：文件 {done.files} 个，"
            f"审计记录 {done.lines} 条附证明"
        )
        for problem in done.problems:
            click.echo(f"  未导出：{problem}")
    context.exit(1 if done.problems else 0)

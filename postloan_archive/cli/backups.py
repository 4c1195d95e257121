"""`postloan backup | restore`: everything into a folder, and an installation from it."""

from pathlib import Path

import click

from postloan_archive.backup import backup, restore, verify_backup
from postloan_archive.cli.session import CLI, emit, opened_system, progress_bar
from postloan_archive.cli.setup import create_installation
from postloan_archive.config import Settings


@click.command("backup")
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def backup_command(context: click.Context, target: Path, *, as_json: bool) -> None:
    """Write a backup into DIR while people work; DIR may hold earlier ones.

    Exit code 1 means that a stored file is damaged and therefore not in the backup.
    """
    with opened_system() as system:
        with progress_bar("备份", None) as bar:
            task = bar.task_ids[0]
            made = backup(
                system,
                target,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        with system.unit_of_work(CLI) as uow:
            uow.record(
                "backup.made",
                f"backup:{made.folder.name}",
                folder=str(made.folder.absolute()),
                blobs=made.blobs,
                bad=list(made.bad),
                audit_lines=made.audit_lines,
                audit_head=made.audit_head,
            )
    if as_json:
        emit(
            {
                "folder": str(made.folder),
                "files": made.blobs,
                "copied": made.copied,
                "bad": made.bad,
                "audit_lines": made.audit_lines,
                "audit_head": made.audit_head,
            }
        )
    else:
        click.echo(
            f"已备份：{made.folder}，文件 {made.blobs} 个（新复制 {made.copied}），"
            f"审计记录 {made.audit_lines} 条"
        )
        for sha256 in made.bad:
            click.echo(f"  未备份（库内文件已损坏）：{sha256}")
    context.exit(1 if made.bad else 0)


@click.command("restore")
@click.argument(
    "source", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False)
)
@click.option(
    "--verify",
    is_flag=True,
    help="Read the whole backup and its trail before writing anything.",
)
@click.option("--check-only", is_flag=True, help="Read the whole backup; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def restore_command(
    context: click.Context, source: Path, *, verify: bool, check_only: bool, as_json: bool
) -> None:
    """Make the data folder (POSTLOAN_DATA, empty or missing) from the newest backup in DIR.

    Exit code 1 means that the backup is damaged; its bad parts are named, nothing is written.
    """
    settings = Settings.from_environment()
    with progress_bar("核对" if check_only else "恢复", None) as bar:
        task = bar.task_ids[0]

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        if check_only:
            check = verify_backup(source, progress=tell)
        else:
            done = restore(source, settings.data, verify=verify, progress=tell)
    if check_only:
        faults = 0 if check.audit is None else check.audit.fault_count
        if as_json:
            emit(
                {
                    "folder": str(check.folder),
                    "made_at": check.made_at,
                    "files": check.blobs,
                    "bad": check.bad,
                    "audit_faults": faults,
                    "ok": check.ok,
                }
            )
        else:
            words = "完好" if check.ok else f"损坏 {len(check.bad)} 处，审计问题 {faults} 个"
            click.echo(
                f"备份 {check.folder}（{check.made_at}）：文件 {check.blobs} 个，{words}"
            )
            for part in check.bad:
                click.echo(f"  损坏：{part}")
        context.exit(0 if check.ok else 1)
    system = create_installation(settings)  # brings an older backup up to this version
    try:
        with system.unit_of_work(CLI) as uow:
            uow.record(
                "backup.restored",
                "backup:1",
                source=str(source.absolute()),
                made_at=done.made_at,
                blobs=done.blobs,
            )
    finally:
        system.close()
    faults = 0 if done.audit is None else done.audit.fault_count
    if as_json:
        emit(
            {
                "data": str(done.data),
                "made_at": done.made_at,
                "files": done.blobs,
                "audit_lines": None if done.audit is None else done.audit.lines,
                "audit_faults": None if done.audit is None else faults,
            }
        )
    else:
        click.echo(f"已恢复到 {done.data}：{done.made_at} 的备份，文件 {done.blobs} 个")
        if done.audit is not None:
            click.echo(f"审计记录 {done.audit.lines} 条，问题 {faults} 个")
    context.exit(1 if faults else 0)

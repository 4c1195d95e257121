"""`postloan export|import-file|check`: a loan file there and back as BagIt; 四性检测."""

from pathlib import Path

import click

from postloan_archive.admin.checkpointing import make_checkpoint
from postloan_archive.admin.file_export import export_loan
from postloan_archive.assurance import checking
from postloan_archive.assurance.bags import read_bag
from postloan_archive.assurance.importing import import_bag
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


@click.command("import-file")
@click.argument(
    "folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False)
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def import_file(folder: Path, *, as_json: bool) -> None:
    """Take the loan file over that another installation exported into DIR.

    Every byte and the audit proof are checked first; all or nothing is taken. The papers are
    read again by a worker.
    """
    with opened_system() as system:
        bag = read_bag(folder)
        with system.unit_of_work(CLI) as uow:
            done = import_bag(uow, bag)
    if as_json:
        emit(done)
    else:
        click.echo(
            f"已导入 {done.loan_no}（来自 {done.source}）：文件 {done.documents} 件，"
            f"记录 {done.rows} 条，审计证明 {done.lines} 条"
        )


@click.command()
@click.argument("loan_no", metavar="LOAN", required=False)
@click.option("--year", is_flag=True, help="All loan files, as the yearly check does.")
@click.option("--transfer", is_flag=True, help="On the occasion of a transfer.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def check(
    context: click.Context, loan_no: str | None, *, year: bool, transfer: bool, as_json: bool
) -> None:
    """Check the four properties (真实 完整 可用 安全) of a loan file and keep a signed report.

    Exit code 1 means that at least one fault was found; warnings alone do not count.
    """
    if (loan_no is None) != year:
        raise click.UsageError("LOAN or --year")  # noqa: TRY003 - click prints it
    with opened_system() as system:
        if loan_no is None:
            number = checking.check_year(system, CLI)
        else:
            with system.unit_of_work(CLI) as uow:
                occasion = "transfer" if transfer else "filing"
                number = checking.check_loan(uow, loan_no, occasion).id
        with system.unit_of_work(CLI) as uow:
            checked = checking.report_of(uow, number)
            row = checked.row
            if as_json:
                emit({"report": number, "signed": checked.signed, **checked.text})
            else:
                for one in checked.text["findings"]:
                    click.echo(
                        f"{one['item']}  {one['file']}  {one['where']}  {one['message']}"
                    )
                click.echo(
                    f"报告 {number}：{row.scope}，文件 {row.papers}，"
                    f"问题 {row.faults}，提示 {row.warnings}"
                )
            faults = row.faults
    context.exit(1 if faults else 0)

"""`postloan package`: freeze a litigation package, check one without any database."""

from pathlib import Path

import click

from postloan_archive.bundle import verify_package
from postloan_archive.cli.session import CLI, emit, opened_system, progress_bar
from postloan_archive.litigation.freezing import freeze


@click.group()
def group() -> None:
    """Litigation packages: build and verify."""


@group.command("build")
@click.argument("case_no", metavar="CASE")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def build(context: click.Context, case_no: str, out: Path, *, as_json: bool) -> None:
    """Freeze the next version of the package of CASE and write it to FILE.zip.

    Exit code 1 means that a fact is missing or an exhibit could not be bound; the package is
    written all the same and names it.
    """
    with opened_system() as system, progress_bar("材料包", 5) as bar:
        task = bar.task_ids[0]
        frozen = freeze(
            system,
            CLI,
            case_no,
            progress=lambda done, total, text: bar.update(
                task, completed=done, total=total, description=text or "材料包"
            ),
        )
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(system.vault.read(frozen.sha256))
    if as_json:
        emit({"path": str(out), **_plain(frozen)})
    else:
        click.echo(
            f"{frozen.case_no} 第 {frozen.no} 版：证据 {frozen.exhibits} 件，"
            f"{frozen.pages} 页，标的 {frozen.total} 元 → {out}"
        )
        for text in frozen.problems:
            click.echo(f"  缺：{text}")
        for text in frozen.notes:
            click.echo(f"  注意：{text}")
    context.exit(1 if frozen.problems else 0)


@group.command("verify")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def verify(context: click.Context, file: Path, *, as_json: bool) -> None:
    """Check FILE.zip against what it says about itself; needs no installation."""
    report = verify_package(file)
    if as_json:
        emit(
            {
                "path": str(file),
                "ok": report.is_intact,
                "files": report.files,
                "size": report.size,
                "manifest_sha256": report.manifest_sha256,
                "proved": report.proved,
                "key_id": report.key_id,
                "findings": [finding.as_json() for finding in report.findings],
            }
        )
    else:
        for sentence in report.sentences:
            click.echo(sentence)
    context.exit(0 if report.is_intact else 1)


def _plain(frozen: object) -> dict[str, object]:
    return {name: getattr(frozen, name) for name in frozen.__slots__}  # type: ignore[attr-defined]  # a slotted dataclass

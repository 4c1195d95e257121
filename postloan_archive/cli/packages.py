"""`postloan package verify`: check a litigation package from the zip alone."""

from pathlib import Path

import click

from postloan_archive.bundle import verify_package
from postloan_archive.cli.session import emit


@click.group()
def group() -> None:
    """Litigation packages."""


@group.command("verify")
@click.argument("package", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def verify(context: click.Context, package: Path, *, as_json: bool) -> None:
    """Check every file, count and proof of PACKAGE; exit code 1 means findings."""
    report = verify_package(package)
    if as_json:
        emit(
            {
                "intact": report.is_intact,
                "files": report.files,
                "findings": [finding.as_json() for finding in report.findings],
            }
        )
    else:
        for sentence in report.sentences:
            click.echo(sentence)
    context.exit(0 if report.is_intact else 1)

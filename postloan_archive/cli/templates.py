"""`postloan template check`: every fault of a Word template at once."""

from pathlib import Path
from typing import Final

import click

from postloan_archive.cli.session import emit
from postloan_archive.litigation.papers import PAPERS
from postloan_archive.litigation.pleadings import PLEADINGS, AssetList
from postloan_archive.notices.letters import LETTERS
from postloan_archive.notices.template_check import is_warning
from postloan_archive.preservation.papers import ReleaseApplication, RenewalApplication
from postloan_archive.wordgen import check_template, field_paths

KINDS: Final[dict[str, type]] = {
    **{letter.code: letter for letter in LETTERS},
    **{paper.code: paper for paper in PAPERS},
    **PLEADINGS,
    AssetList.code: AssetList,
    RenewalApplication.code: RenewalApplication,
    ReleaseApplication.code: ReleaseApplication,
}


@click.group()
def group() -> None:
    """Word templates of letters and court papers."""


@group.command("check")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--kind",
    required=True,
    type=click.Choice(sorted(KINDS), case_sensitive=False),
    help="What fills it, such as N02.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
@click.pass_context
def check(context: click.Context, file: Path, kind: str, *, as_json: bool) -> None:
    """Name every fault of FILE with its paragraph; exit code 1 where there is an error.

    A font that this machine lacks is a warning: Word on the clerk's desk may have it.

    Needs no data folder: the fields are those of the product.
    """
    faults = check_template(file.read_bytes(), field_paths(KINDS[kind.upper()]))
    for fault in faults:
        if as_json:
            emit(
                {
                    "severity": "warning" if is_warning(fault) else "error",
                    "code": fault.code,
                    "place": fault.place,
                    "part": fault.part,
                    "paragraph": fault.paragraph,
                    "excerpt": fault.excerpt,
                    "nearest": fault.nearest,
                    "message": fault.message,
                }
            )
        else:
            click.echo(str(fault))
    errors = sum(not is_warning(fault) for fault in faults)
    if not as_json:
        click.echo(f"{file.name}：{errors} 处错误，{len(faults) - errors} 处提醒")
    context.exit(1 if errors else 0)

"""`postloan template …`: check a Word template, keep versions, publish by a second person."""

from collections.abc import Collection
from pathlib import Path
from typing import Final

import click

from postloan_archive.access import branches
from postloan_archive.cli.session import CLI, emit, opened_system
from postloan_archive.litigation.papers import PAPERS
from postloan_archive.litigation.pleadings import PLEADINGS, AssetList
from postloan_archive.notices import template_versions
from postloan_archive.notices.letters import LETTERS
from postloan_archive.notices.models import TemplateVersion
from postloan_archive.notices.template_check import is_warning
from postloan_archive.notices.template_trials import fill_with_loan
from postloan_archive.notices.template_versions import (
    STATE_LABELS,
    DecideTemplate,
    UploadTemplate,
)
from postloan_archive.notices.templates import in_use, published
from postloan_archive.preservation.papers import ReleaseApplication, RenewalApplication
from postloan_archive.wordgen import check_template, field_paths

VERSION: Final = click.IntRange(1, 2**31 - 1)
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


@group.command("list")
@click.option("--kind", default="", metavar="CODE", help="Every version of this letter.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
def list_versions(kind: str, *, as_json: bool) -> None:
    """List the letters with the version in use, or every version of one letter."""
    with opened_system() as system, system.unit_of_work(CLI) as uow:
        names = branches.names(uow.session)
        if kind:
            letter = template_versions.letter_of(kind)
            rows = template_versions.versions_of(uow, letter.code)
        else:
            rows = [in_use(uow, letter, keep=False) for letter in LETTERS]
        used = {
            version.id
            for row in rows
            if (version := published(uow, row.code, row.branch_id)) is not None
        }
        for row in rows:
            _report(row, names, used={*used, None} if not kind else used, as_json=as_json)


@group.command("upload")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--kind", required=True, metavar="CODE", help="The letter, such as N02.")
@click.option("--branch", default="", metavar="CODE", help="A variant of this branch only.")
@click.option("--note", default="", help="What was changed.")
@click.option("--submit", "submitted", is_flag=True, help="Ask for its publication at once.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
def upload(
    file: Path, kind: str, branch: str, note: str, *, submitted: bool, as_json: bool
) -> None:
    """Keep FILE as a draft version; publishing it takes a second person."""
    with opened_system() as system, system.unit_of_work(CLI) as uow:
        version = template_versions.upload(
            uow,
            UploadTemplate(
                code=kind,
                data=file.read_bytes(),
                file_name=file.name,
                branch_id=branches.id_of(uow, branch) if branch else None,
                note=note,
            ),
        )
        if submitted:
            template_versions.submit(uow, version.id)
        _report(version, branches.names(uow.session), used=set(), as_json=as_json)


@group.command("submit")
@click.argument("version", type=VERSION)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
def submit(version: int, *, as_json: bool) -> None:
    """Ask for the publication of VERSION, the number that `list --kind` shows first."""
    with opened_system() as system, system.unit_of_work(CLI) as uow:
        made = template_versions.submit(uow, version)
        _report(made, branches.names(uow.session), used=set(), as_json=as_json)


@group.command("publish")
@click.argument("version", type=VERSION)
@click.option("--reason", default="", help="What the second person says.")
@click.option("--refuse", is_flag=True, help="Send it back instead; needs a reason.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
def publish(version: int, reason: str, *, refuse: bool, as_json: bool) -> None:
    """Publish a submitted VERSION; refused where the command line itself uploaded it."""
    with opened_system() as system, system.unit_of_work(CLI) as uow:
        made = template_versions.decide(
            uow, DecideTemplate(version_id=version, publish=not refuse, reason=reason)
        )
        used = set() if refuse else {made.id}
        _report(made, branches.names(uow.session), used=used, as_json=as_json)


@group.command("roll-back")
@click.argument("version", type=VERSION)
@click.option("--reason", required=True, help="Why the version in use is given up.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
def roll_back(version: int, reason: str, *, as_json: bool) -> None:
    """Take an older published VERSION back into use."""
    with opened_system() as system, system.unit_of_work(CLI) as uow:
        made = template_versions.roll_back(uow, version, reason)
        _report(made, branches.names(uow.session), used={made.id}, as_json=as_json)


@group.command("fill")
@click.argument("version", type=VERSION)
@click.option(
    "--loan", "loan_no", required=True, metavar="NO", help="The loan to fill it with."
)
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
def fill(version: int, loan_no: str, out: Path) -> None:
    """Write the letter of a loan as VERSION would print it today; nothing is kept."""
    with opened_system() as system, system.unit_of_work(CLI) as uow:
        trial = fill_with_loan(uow, template_versions.get_version(uow, version), loan_no)
    out.write_bytes(trial.docx)
    click.echo(f"{trial.addressee}  {out}")
    for text in trial.missing:
        click.echo(f"  {text}")


def _report(
    row: TemplateVersion, names: dict[int, str], *, used: Collection[int | None], as_json: bool
) -> None:
    in_force = row.id in used
    if as_json:
        emit(
            {
                "version": row.id,
                "kind": row.code,
                "number": row.number,
                "branch": names[row.branch_id] if row.branch_id else None,
                "state": row.state,
                "in_use": in_force,
                "origin": row.origin,
                "sha256": row.sha256,
                "uploaded_by": row.uploaded_by,
                "submitted_by": row.submitted_by or None,
                "decided_by": row.decided_by or None,
                "note": row.note,
            }
        )
        return
    place = names[row.branch_id] if row.branch_id else "总部"
    state = "现行" if in_force else STATE_LABELS[row.state]
    click.echo(
        f"{row.id or '—':>4}  {row.code}  第{row.number}版  {place}  {state}  "
        f"{row.sha256[:12]}  {row.note or row.file_name}"
    )

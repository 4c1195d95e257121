"""`postloan package`: freeze a litigation package, check one without any database."""

from pathlib import Path
from typing import Final

import click

from postloan_archive.bundle import verify_package
from postloan_archive.cases import queries as cases
from postloan_archive.cli.entries import ROW
from postloan_archive.cli.session import CLI, emit, opened_system, opened_uow, progress_bar
from postloan_archive.litigation import queries, service
from postloan_archive.litigation.freezing import freeze
from postloan_archive.litigation.service import AddExhibit
from postloan_archive.web.bounds import whole_number

LACKING: Final = "缺少："  # how some problems begin; the line says it already


@click.group()
def group() -> None:
    """Litigation packages: build and verify."""


@group.command("open")
@click.argument("case_no", metavar="CASE")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def open_command(case_no: str, *, as_json: bool) -> None:
    """Show the working set of CASE; the first time it is proposed by the checklist.

    Exit code 0 also where the checklist still lacks papers; they are named.
    """
    with opened_uow() as uow:
        package = service.open_package(uow, case_no)
        case = cases.get_case(uow, case_no)
        exhibits = queries.exhibits_of(uow, package)
        lacking = [
            row.item.title
            for row in queries.checklist_of(uow, case, package)
            if not row.exhibits and not row.item.optional
        ]
    if as_json:
        emit({"case_no": case_no, "exhibits": exhibits, "lacking": lacking})
        return
    for row in exhibits:
        pages = (
            f"第 {row.first_page}–{row.last_page} 页" if row.first_page else f"{row.pages} 页"
        )
        click.echo(f"{row.id:>5}  {row.label}  {row.title}  {pages}  {row.warning}".rstrip())
    for label in lacking:
        click.echo(f"  缺：{label}")


@group.command("exhibit")
@click.argument("case_no", metavar="CASE")
@click.option("--add", "document_id", type=ROW, metavar="DOCUMENT", help="Put it at the end.")
@click.option("--pages", metavar="FIRST-LAST", help="Only these pages of what is added.")
@click.option("--remove", "item_id", type=ROW, metavar="ID", help="Take this exhibit out.")
@click.option("--order", metavar="ID,ID,…", help="All exhibits in the order wanted.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def exhibit(
    context: click.Context,
    case_no: str,
    document_id: int | None,
    pages: str | None,
    item_id: int | None,
    order: str | None,
    *,
    as_json: bool,
) -> None:
    """Add, remove or order exhibits, then show the working set."""
    span = _span(pages)
    with opened_uow() as uow:
        if document_id is not None:
            service.add_exhibit(
                uow, AddExhibit(case_no=case_no, document_id=document_id, pages=span)
            )
        if item_id is not None:
            service.remove_exhibit(uow, case_no, item_id)
        if order is not None:
            if not all(part.strip().isdecimal() for part in order.split(",")):
                raise click.BadParameter(order, param_hint="--order")
            service.reorder(uow, case_no, [int(part) for part in order.split(",")])
    context.invoke(open_command, case_no=case_no, as_json=as_json)


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
            click.echo(f"  缺：{text.removeprefix(LACKING)}")
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


def _span(text: str | None) -> tuple[int, int] | None:
    """Return the first and last page that somebody has written."""
    if text is None:
        return None
    first, _dash, last = text.replace("–", "-").partition("-")
    numbers = whole_number(first.strip()), whole_number((last or first).strip())
    if numbers[0] is None or numbers[1] is None:
        raise click.BadParameter(text, param_hint="--pages")
    return numbers[0], numbers[1]


def _plain(frozen: object) -> dict[str, object]:
    return {name: getattr(frozen, name) for name in frozen.__slots__}  # type: ignore[attr-defined]  # a slotted dataclass

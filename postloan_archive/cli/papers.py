"""`postloan paper`: the court papers of a case: what is missing, and the Word file."""

from pathlib import Path

import click

from postloan_archive.cases import queries as cases
from postloan_archive.cli.session import CLI, emit, opened_system, opened_uow
from postloan_archive.litigation import making, writing
from postloan_archive.litigation.making import MakePaper
from postloan_archive.litigation.matter import matter_of
from postloan_archive.litigation.rules.catalogue import CODES
from postloan_archive.wordgen import OfficeMissingError, soffice_path

PAIR = "="


@click.group()
def group() -> None:
    """Court papers of a case: complaint, applications, enforcement, annexes."""


@group.command("list")
@click.argument("case_no", metavar="CASE")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
def list_command(case_no: str, *, as_json: bool) -> None:
    """List every paper of CASE with what is missing and the versions made."""
    with opened_uow() as uow:
        case = cases.get_case(uow, case_no)
        matter = matter_of(uow, case)
        made = making.made_papers(uow, case.id)
        rows: list[dict[str, object]] = []
        states = {}
        for code in CODES:
            found = writing.draft(matter, code)
            states[code] = "、".join((*found.faults, *found.missing)) or "可生成"
            rows.append(
                {
                    "code": code,
                    "title": found.title,
                    "ready": found.ready,
                    "missing": list(found.missing),
                    "faults": list(found.faults),
                    "versions": sum(one.code == code for one in made),
                }
            )
    for row in rows:
        if as_json:
            emit(row)
        else:
            click.echo(
                "  ".join((str(row["code"]), str(row["title"]), states[str(row["code"])]))
            )


@group.command("show")
@click.argument("case_no", metavar="CASE")
@click.argument("code", type=click.Choice(CODES, case_sensitive=False))
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def show(case_no: str, code: str, *, as_json: bool) -> None:
    """Show what a paper says, blank by blank, and the names under which answers are kept."""
    with opened_uow() as uow:
        found = writing.draft(matter_of(uow, cases.get_case(uow, case_no)), code.upper())
    rows = [
        {
            "name": row.name,
            "label": row.blank.label,
            "text": row.text,
            "entered": row.entered,
            "required": row.required,
        }
        for row in (*found.besides, *found.answers)
    ]
    if as_json:
        emit(
            {
                "code": found.code,
                "title": found.title,
                "blanks": rows,
                "missing": list(found.missing),
                "faults": list(found.faults),
                "notes": list(found.notes),
            }
        )
        return
    for row in rows:
        click.echo(f"{row['name']}（{row['label']}）：{row['text'] or '—'}")
    for text in (*found.faults, *found.missing):
        click.echo(f"  缺：{text}")


@group.command("make")
@click.argument("case_no", metavar="CASE")
@click.argument("code", type=click.Choice(CODES, case_sensitive=False))
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--set", "pairs", multiple=True, metavar="NAME=TEXT", help="Answer a blank.")
@click.option("--reason", default="", help="Why, in spite of what speaks against it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def make(
    context: click.Context,
    case_no: str,
    code: str,
    out: Path,
    pairs: tuple[str, ...],
    reason: str,
    *,
    as_json: bool,
) -> None:
    """Make a paper of CASE, file it and write it to FILE (.docx, or .pdf with LibreOffice).

    Exit code 1 means that something is missing on it; it is written all the same.
    """
    given = dict(pair.split(PAIR, 1) for pair in pairs if PAIR in pair)
    if len(given) != len(pairs):
        raise click.BadParameter("NAME=TEXT", param_hint="--set")
    with opened_system() as system:
        with system.unit_of_work(CLI) as uow:
            if given:
                making.answer(uow, case_no, code.upper(), given)
        with system.unit_of_work(CLI) as uow:
            paper = making.make_paper(
                uow, MakePaper(case_no=case_no, code=code.upper(), reason=reason)
            )
            paper_id, digest = paper.id, paper.sha256
            missing = list(paper.content["missing"])
            facts = {"code": paper.code, "no": paper.no, "document_id": paper.document_id}
        data = system.vault.read(digest)
        if out.suffix.lower() == ".pdf":
            soffice = soffice_path(system.settings.soffice)
            if soffice is None:
                raise OfficeMissingError
            data = making.as_pdf(data, soffice)
            with system.unit_of_work(CLI) as uow:
                making.keep_pdf(uow, case_no, paper_id, data)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(data)
    if as_json:
        emit({"path": str(out), "sha256": digest, "missing": missing, **facts})
    else:
        click.echo(f"{facts['code']} v{facts['no']} → {out}")
        for text in missing:
            click.echo(f"  缺：{text}")
    context.exit(1 if missing else 0)

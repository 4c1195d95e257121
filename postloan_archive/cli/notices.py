"""`postloan notice run`: letters of one kind for one day."""

from datetime import date
from pathlib import Path

import click

from postloan_archive.cli.entries import DAY
from postloan_archive.cli.session import CLI, emit, opened_system, runner_of
from postloan_archive.notices import choosing, printing, queries, service
from postloan_archive.notices.announcing import Breach
from postloan_archive.notices.planning import LeftOut
from postloan_archive.notices.rules.given import GIVEN, GivenKind
from postloan_archive.notices.service import PlanRun


@click.group()
def group() -> None:
    """Letters to borrowers and guarantors."""


@group.command("run")
@click.option("--kind", required=True, metavar="CODE", help="N01 to N16.")
@click.option(
    "--as-of",
    required=True,
    type=DAY,
    help="Amounts are those of this day.",
)
@click.option("--loan", "loan_nos", multiple=True, metavar="NO", help="Only these loans.")
@click.option(
    "--sheet",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Only the loans of this .xlsx, by loan, contract or identity number.",
)
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False))
@click.option("--breach", default="", help="N03: the breach, in words of the contract.")
@click.option(
    "--fact",
    "facts",
    multiple=True,
    metavar="NAME=VALUE",
    help="What these letters need besides: --fact transferee=… (`--fact help` lists them).",
)
@click.option("--due-from", type=DAY, help="N03: due from this day.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
@click.pass_context
def run(  # noqa: PLR0913, PLR0917 - one argument an option
    context: click.Context,
    kind: str,
    as_of: date,
    loan_nos: tuple[str, ...],
    sheet: Path | None,
    out: Path,
    breach: str,
    facts: tuple[str, ...],
    due_from: date | None,
    *,
    as_json: bool,
) -> None:
    """Check, number, write and file the letters; exit code 1 means that some were held back."""
    day = as_of
    if "help" in facts:
        _list_facts(kind.upper())
        context.exit(0)
    out.mkdir(parents=True, exist_ok=True)
    with opened_system() as system:
        with system.unit_of_work(CLI) as uow:
            chosen: tuple[str, ...] | None = loan_nos or None
            left_out: tuple[LeftOut, ...] = ()
            if sheet is not None:
                with sheet.open("rb") as stream:
                    choice = choosing.resolve(uow, choosing.asked_rows(stream), kind.upper())
                chosen, left_out = (*loan_nos, *choice.loan_nos), choice.left_out
            plan = PlanRun(
                kind=kind.upper(),
                as_of=day,
                loan_nos=chosen,
                breach=Breach(fact=breach, due_from=due_from),
                given=_given(facts),
            )
            planned = service.plan_run(uow, plan, left_out=left_out)
            run_id = planned.id
            if any(notice.state == "draft" for notice in planned.notices):
                service.start_run(uow, run_id)
        runner_of(system).run_until_empty()
        with system.unit_of_work(CLI) as uow:
            found = queries.get_run(uow, run_id)
            held_back = len(found.left_out)
            for one in found.left_out:
                _report_left_out(found.run_no, one, as_json=as_json)
            for row, notice in zip(
                queries.letters_of(uow, found),
                queries.visible_notices(uow, found),
                strict=True,
            ):
                path = None
                if row.state == "issued":
                    path = out / f"{row.barcode}.docx"
                    path.write_bytes(printing.letter_file(uow, notice))
                else:
                    held_back += 1
                _report(found.run_no, row, path, as_json=as_json)
    context.exit(1 if held_back else 0)


def _report_left_out(run_no: str, one: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        emit({"run_no": run_no, "state": "left_out", **one})
    else:
        row = f"第 {one['row']} 行 " if one["row"] else ""
        click.echo(f"left_out {row}{one['what']}  {one['reason']}")


def _given(facts: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for fact in facts:
        name, sign, value = fact.partition("=")
        if not sign:
            raise click.BadParameter(fact, param_hint="--fact")
        found[name.strip()] = value
    return found


def _list_facts(kind: str) -> None:
    for fact in GIVEN.get(kind, ()):
        must = "必填" if fact.required else "可留空"
        day = "，日期如 2026-11-24" if fact.kind is GivenKind.DAY else ""
        day += f"，可选：{'、'.join(fact.choices)}" if fact.choices else ""
        click.echo(f"{fact.name:<22} {fact.label}（{must}{day}）{fact.hint}")


def _report(run_no: str, row: queries.LetterRow, path: Path | None, *, as_json: bool) -> None:
    if as_json:
        emit(
            {
                "run_no": run_no,
                "loan_no": row.loan_no,
                "addressee": row.addressee,
                "state": row.state,
                "serial_no": row.serial_no,
                "barcode": row.barcode,
                "total": row.total,
                "document_id": row.document_id,
                "path": None if path is None else str(path),
                "problems": row.errors,
                "warnings": row.warnings,
            }
        )
        return
    where = str(path) if path else "；".join(row.errors)
    click.echo(f"{row.state:<8} {row.loan_no}  {row.addressee}  {row.total or 0:,}  {where}")
    for warning in row.warnings:
        click.echo(f"         注意：{warning}")

"""`postloan report` and `postloan disposal`: the figures and lists of post-loan management."""

from datetime import date
from pathlib import Path

import click

from postloan_archive.cli.session import emit, opened_uow
from postloan_archive.disposal import queries as disposals
from postloan_archive.disposal.queries import Asked
from postloan_archive.disposal.rules import KIND_WORDS, STATE_WORDS, Kind, State
from postloan_archive.kernel.entries import read_date
from postloan_archive.reports import outputs, service
from postloan_archive.reports.catalogue import REPORTS, report_of
from postloan_archive.reports.outputs import Head
from postloan_archive.reports.wanted import PeriodError, Wanted

JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")


@click.group()
def report_group() -> None:
    """Reports: the same figures as the pages."""


@report_group.command("list")
@JSON
def report_list(*, as_json: bool) -> None:
    """List the reports that there are."""
    for key, report in REPORTS.items():
        if as_json:
            emit({"key": key, "label": report.label, "about": report.lead})
        else:
            click.echo(f"{key:<16}{report.label}：{report.lead}")


@report_group.command("make")
@click.argument("key")
@click.option("--since", default="", metavar="DATE", help="First day; default: of the month.")
@click.option("--until", default="", metavar="DATE", help="Last day; default: today.")
@click.option("--out", type=click.Path(path_type=Path), help="FILE.xlsx or FILE.docx.")
@JSON
def report_make(key: str, since: str, until: str, out: Path | None, *, as_json: bool) -> None:
    """Make one report and print it, or write it to a file."""
    with opened_uow() as uow:
        last = read_date(until) if until else uow.clock.today()
        first = read_date(since) if since else last.replace(day=1)
        if last < first:
            raise PeriodError(since=first, until=last)
        table = service.make(uow, key, Wanted(since=first, until=last))
        uow.record(
            "reports.report_exported",
            f"report:{key}",
            form=out.suffix if out else "json" if as_json else "text",
            since=first.isoformat(),
            until=last.isoformat(),
        )
        head = Head(
            title=report_of(key).label,
            period=f"{first} 至 {last}",
            branch="全部机构",
            made_by="命令行",
            made_at=uow.clock.now(),
        )
    if out is not None:
        made = outputs.paper if out.suffix == ".docx" else outputs.workbook
        out.write_bytes(made(table, head))
        click.echo(f"{head.title}：{len(table.rows)} 行，已写入 {out}", err=as_json)
        return
    labels = [column.label for column in table.columns]
    for row in table.rows:
        if as_json:
            emit(dict(zip(labels, row, strict=True)))
        else:
            pairs = zip(labels, row, strict=True)
            click.echo("  ".join(f"{label} {_text(cell)}" for label, cell in pairs))
    for note in table.notes:
        click.echo(note, err=True)


@click.group()
def disposal_group() -> None:
    """Disposals: what is done with troubled claims."""


@disposal_group.command("list")
@click.option("--state", type=click.Choice([str(one) for one in State]), default=None)
@click.option("--kind", type=click.Choice([str(one) for one in Kind]), default=None)
@JSON
def disposal_list(state: str | None, kind: str | None, *, as_json: bool) -> None:
    """List the proposals, what waits for somebody at the head."""
    with opened_uow() as uow:
        for found in disposals.listed(uow, Asked(state=state or "", kind=kind or "")):
            row = found.disposal
            if as_json:
                emit(
                    {
                        "disposal_no": row.disposal_no,
                        "kind": row.kind,
                        "state": row.state,
                        "loan_nos": list(found.loan_nos),
                        "branch": found.branch,
                        "total": found.total,
                        "terms": row.terms,
                        "proposed_by": row.proposed_by,
                        "decided_by": row.decided_by,
                        "executed_on": row.executed_on,
                        "effects": row.effects,
                    }
                )
                continue
            click.echo(
                f"{row.disposal_no}  {KIND_WORDS[Kind(row.kind)]}  "
                f"{STATE_WORDS[State(row.state)]}  {'、'.join(found.loan_nos)}  "
                f"{found.customers}  {found.total:,.2f} 元"
            )


def _text(cell: object) -> str:
    if cell is None:
        return "—"
    return cell.isoformat() if isinstance(cell, date) else f"{cell}"

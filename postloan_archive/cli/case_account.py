"""`postloan case papers | account`: papers of courts, and what a judgment is still owed."""

from datetime import date
from pathlib import Path

import click

from postloan_archive.cases import queries as cases
from postloan_archive.cli.case_steps import JSON, case_group
from postloan_archive.cli.entries import DAY
from postloan_archive.cli.session import emit, opened_uow
from postloan_archive.court_papers import queries as papers
from postloan_archive.court_papers.rules.kinds import KINDS
from postloan_archive.court_papers.rules.reading import LABELS
from postloan_archive.enforcement import service
from postloan_archive.enforcement.tables import KINDS as ROWS
from postloan_archive.enforcement.tables import account_table
from postloan_archive.sheets import workbook


@case_group.command("papers")
@click.option("--state", type=click.Choice(papers.STATES), default="waiting", show_default=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True)
@JSON
def case_papers(state: str, limit: int, *, as_json: bool) -> None:
    """List the papers of courts with what was read and the case each speaks of."""
    with opened_uow() as uow:
        rows, total = papers.papers(uow, state=state, limit=limit)
        for row in rows:
            found = [(one.field, one.words, one.place.page) for one in row.paper.found]
            if as_json:
                emit(
                    {
                        "document_id": row.document_id,
                        "title": row.title,
                        "loan_no": row.loan_no,
                        "kind": None if row.paper.kind is None else str(row.paper.kind),
                        "found": [
                            {"field": str(field), "words": words, "page": no}
                            for field, words, no in found
                        ],
                        "case_no": row.case_no or (row.best.case_no if row.best else None),
                        "score": row.best.score if row.best else 0,
                    }
                )
                continue
            kind = KINDS[row.paper.kind].label if row.paper.kind else "读不出种类"
            best = f"{row.best.case_no}（{row.best.score}）" if row.best else "没有相符的案件"
            where = f"{row.loan_no}  {row.case_no or best}"
            click.echo(f"{row.document_id:>6}  {row.title}  {kind}  {where}")
            for field, words, no in found:
                click.echo(f"        {LABELS[field]} {words}（第 {no} 页）")
        if not as_json:
            click.echo(f"共 {total} 份")


@case_group.command("account")
@click.argument("case_no", metavar="CASE")
@click.option("--day", type=DAY, help="Today by default.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write a workbook as well."
)
@JSON
def case_account(case_no: str, day: date | None, out: Path | None, *, as_json: bool) -> None:
    """Show what the judgment is owed on a day, line by line."""
    with opened_uow() as uow:
        case = cases.get_case(uow, case_no)
        as_of = day or uow.clock.today()
        found = service.account_of(uow, case, as_of)
        if found is None:
            click.echo("还没有登记判决确定的债务；请先在案件的“费用与执行”页登记。", err=True)
            raise SystemExit(1)
        account = found.value
        if out is not None:
            line = f"{case.case_no}　截至 {as_of}"
            out.write_bytes(
                workbook(account_table(account, as_of), title="执行对账单", line=line)
            )
        uow.record("enforcement.statement_read", f"case:{case.id}", as_of=as_of.isoformat())
    if as_json:
        emit(
            {
                "case_no": case_no,
                "day": as_of,
                "costs": account.owed.costs,
                "interest": account.owed.interest,
                "principal": account.owed.principal,
                "doubled": account.owed.doubled,
                "total": account.owed.total,
                "received": account.received,
                "surplus": account.surplus,
            }
        )
        return
    for row in account.rows:
        click.echo(f"{row.on}  {ROWS[row.kind]}  {row.amount:>16,}  余额 {row.left.total:>16,}")
    for step in found.steps:
        click.echo(f"  {step}")
    click.echo("依据：" + "；".join(str(one) for one in found.basis))

"""`postloan search`: the words of any page, exactly."""

import click

from postloan_archive.archive import finding
from postloan_archive.cli.session import emit, opened_uow


@click.command()
@click.argument("query")
@click.option("--loan", "loan_no", metavar="NO", help="Only in this loan file.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def search(query: str, loan_no: str | None, limit: int, *, as_json: bool) -> None:
    """Find the pages that hold QUERY: words, quotes, AND OR NOT, field:value."""
    with opened_uow() as uow:
        found = finding.find(uow, finding.Find(text=query, loan_no=loan_no, limit=limit))
    if as_json:
        emit(
            {
                "total": found.total,
                "took_ms": found.took_ms,
                "hits": [
                    {
                        "loan_no": hit.loan_no,
                        "document_id": hit.document_id,
                        "title": hit.title,
                        "page": hit.page_no,
                        "snippet": hit.snippet,
                        "marks": [list(mark) for mark in hit.marks],
                    }
                    for hit in found.hits
                ],
            }
        )
        return
    click.echo(f"共 {found.total} 页，{found.took_ms} 毫秒")
    for note in found.notes:
        click.echo(f"  {note}")
    for hit in found.hits:
        click.echo(f"{hit.loan_no}  {hit.title}  第 {hit.page_no} 页")
        click.echo(f"    {hit.snippet}")

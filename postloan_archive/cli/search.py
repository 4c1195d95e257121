"""`postloan search`: the words of any page, exactly; and the index they are found in.

`rebuild` and `status` alone in the first place are commands; in quotes within the query
language (`postloan search '"status"'`) or after `--` they are words like all others.
"""

from typing import Final

import click

from postloan_archive.archive import finding, indexing, queries
from postloan_archive.cli.session import CLI, emit, opened_system, opened_uow, progress_bar
from postloan_archive.search import Health, Status

_HEALTH: Final = {
    Health.GOOD: "正常",
    Health.MISSING: "缺失",
    Health.OLDER: "版本较早",
    Health.DAMAGED: "已损坏",
}
_WORDS: Final = "words"


class QueryOrCommand(click.Group):
    """A group in which everything that is not the name of a command is a query."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command of a query in front where the person named no command."""
        if not args or args[0] not in {*self.commands, "-h", "--help"}:
            args = [_WORDS, *args]
        return super().parse_args(ctx, args)


@click.group(cls=QueryOrCommand, context_settings={"help_option_names": ["-h", "--help"]})
def search() -> None:
    """Find the pages that hold a QUERY, or look after the index.

    postloan search QUERY [--loan NO] [--limit N] [--json]

    postloan search status | rebuild

    QUERY: words, "quotes", AND OR NOT, field:value. The words status and rebuild alone are
    commands; to look for one of them write it after -- .
    """


@search.command(_WORDS, hidden=True)
@click.argument("query")
@click.option("--loan", "loan_no", metavar="NO", help="Only in this loan file.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def find_words(query: str, loan_no: str | None, limit: int, *, as_json: bool) -> None:
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


@search.command("status")
@click.option("--deep", is_flag=True, help="Read the whole index, not samples of it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def status(context: click.Context, *, deep: bool, as_json: bool) -> None:
    """Say whether the index can be trusted.

    Exit code 1 means that it lacks pages, is damaged, or is being built.
    """
    with opened_uow() as uow:
        found = indexing.status(uow, deep=deep)
        pages = queries.page_count(uow.session)
    whole = indexing.is_whole(found, pages)
    _say(found, pages, as_json=as_json)
    if not whole and not as_json:
        click.echo("重建索引：postloan search rebuild")
    context.exit(0 if whole else 1)


@search.command("rebuild")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.pass_context
def rebuild(context: click.Context, *, as_json: bool) -> None:
    """Build the index anew from the pages; the old one serves meanwhile.

    A rebuild that was broken off goes on where it stopped.
    """
    with opened_system() as system:
        with progress_bar("重建索引", None) as bar:
            task = bar.task_ids[0]
            indexing.rebuild(
                system,
                CLI,
                lambda done, total: bar.update(task, completed=done, total=total),
            )
        with system.unit_of_work(CLI) as uow:
            found = indexing.status(uow)
            pages = queries.page_count(uow.session)
    _say(found, pages, as_json=as_json)
    context.exit(0 if indexing.is_whole(found, pages) else 1)


def _say(found: Status, pages: int, *, as_json: bool) -> None:
    if as_json:
        emit(
            {
                "health": str(found.health),
                "pages": found.pages,
                "expected": pages,
                "lag": found.lag,
                "version": found.version,
                "rebuilding": found.rebuilding,
                "problems": list(found.problems),
            }
        )
        return
    state = _HEALTH[found.health]
    if found.health is Health.GOOD and not indexing.is_whole(found, pages):
        state = "不完整"
    click.echo(f"索引{state}：{found.pages} 页，档案共 {pages} 页")
    if found.lag:
        click.echo(f"  尚有 {found.lag} 页未入索引")
    if found.rebuilding is not None:
        click.echo(f"  重建尚未完成：已有 {found.rebuilding} 页")
    for problem in found.problems:
        click.echo(f"  {problem}")

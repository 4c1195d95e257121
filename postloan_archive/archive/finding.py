"""Searching the archive: the query of a person, narrowed to what that person may see."""

from dataclasses import dataclass, field, replace

from postloan_archive.archive import queries
from postloan_archive.loans import queries as loans
from postloan_archive.search import Filters, Query, Results, Sort
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """What to look for; `filters` holds the facets that the person chose."""

    text: str
    loan_no: str | None = None
    limit: int = 20
    offset: int = 0
    sort: Sort = Sort.RELEVANCE
    filters: Filters = field(default_factory=Filters)


def find(uow: UnitOfWork, cmd: Find) -> Results:
    """Return the pages that match; counts and facets know only what the actor may see.

    Raises:
        LoanNotFoundError: `loan_no` is given and is no loan of this actor.
    """
    filters = cmd.filters
    if cmd.loan_no:
        number = loans.get_loan(uow, cmd.loan_no).loan_no
        filters = replace(filters, loan_nos=frozenset({number}))
    results = uow.index.search(
        uow.session,
        Query(
            text=cmd.text,
            scope=queries.scope(uow),
            limit=cmd.limit,
            offset=cmd.offset,
            sort=cmd.sort,
            filters=filters,
        ),
    )
    uow.record("archive.searched", "search", query=cmd.text, total=results.total)
    return results

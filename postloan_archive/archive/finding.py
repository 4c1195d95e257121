"""Searching the archive: the query of a person, narrowed to what that person may see."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import func, literal_column, or_, select

from postloan_archive.archive import queries
from postloan_archive.archive.models import Document
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.loans import queries as loans
from postloan_archive.search import Facet, Filters, Hit, Mode, Query, Results, Sort
from postloan_archive.uow import UnitOfWork

LONGEST: Final = 500  # characters of a query that a person types
SUGGESTIONS: Final = 5
FEW: Final = 3  # hits; with fewer, other spellings are offered
PAGES: Final = 200  # of one document that are told as answering
EXPORTED: Final = 5_000  # hits in one workbook

_FILTER_OF: Final[Mapping[str, str]] = {  # kind of facet -> field of Filters
    "branch": "branch_ids",
    "category": "categories",
    "item": "item_codes",
    "year": "years",
    "media": "media",
}


class QueryTooLongError(RuleError):
    """Nobody types that; a pasted page is no query."""

    field = "q"
    next_step = _l("请只输入几个关键的词。")

    def __init__(self, *, length: int) -> None:
        super().__init__(_l("检索式有 {length} 个字，超过 500 字。"), length=length)


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """What to look for; `filters` holds the facets that the person chose."""

    text: str
    loan_no: str | None = None
    limit: int = 20
    offset: int = 0
    sort: Sort = Sort.RELEVANCE
    mode: Mode = Mode.TEXT
    filters: Filters = field(default_factory=Filters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What the actor may see and cannot yet find: pages to recognise, files to read."""

    pages: int
    files: int


def find(uow: UnitOfWork, cmd: Find) -> Results:
    """Return the pages that match; counts and facets know only what the actor may see.

    Raises:
        LoanNotFoundError: `loan_no` is given and is no loan of this actor.
        QueryTooLongError: the text is no query.
    """
    if len(cmd.text) > LONGEST:
        raise QueryTooLongError(length=len(cmd.text))
    results = uow.index.search(uow.session, _query(uow, cmd))
    uow.record("archive.searched", "search", query=cmd.text, total=results.total)
    return results


def of_document(uow: UnitOfWork, cmd: Find, document_id: int) -> tuple[Hit, ...]:
    """Return the pages of one document that answer; part of a search already recorded."""
    filters = replace(cmd.filters, document_ids=frozenset({document_id}))
    query = replace(_query(uow, cmd), filters=filters, limit=PAGES, offset=0)
    return uow.index.search(uow.session, query).hits


def facets(uow: UnitOfWork, cmd: Find, results: Results) -> dict[str, tuple[Facet, ...]]:
    """Return the facets by kind; a kind with a choice is counted as if there were none.

    So the other values of that kind stay to be chosen, each with what it would add.
    """
    query = _query(uow, replace(cmd, limit=0))
    found: dict[str, tuple[Facet, ...]] = {}
    for kind, name in _FILTER_OF.items():
        of_kind = results.facets
        if getattr(query.filters, name):
            nothing: dict[str, Any] = {name: frozenset()}
            open_filters = replace(query.filters, **nothing)
            of_kind = uow.index.search(uow.session, replace(query, filters=open_filters)).facets
        found[kind] = tuple(facet for facet in of_kind if facet.kind == kind)
    return found


def suggestions(uow: UnitOfWork, cmd: Find, results: Results) -> tuple[str, ...]:
    """Return what the person may have meant where little was found, else nothing.

    Names, titles and numbers that contain the text, or the text without its first or last
    character.
    """
    text = cmd.text.strip()
    if results.total >= FEW or not text:
        return ()
    for tried in (text, text[:-1], text[1:]):
        if len(tried) < 2 and tried != text:  # noqa: PLR2004 - one character says nothing
            continue
        query = replace(_query(uow, cmd), text=tried, limit=SUGGESTIONS + 1, offset=0)
        offered = tuple(one for one in uow.index.suggest(uow.session, query) if one != text)
        if offered:
            return offered[:SUGGESTIONS]
    return ()


def waiting(uow: UnitOfWork) -> Waiting:
    """Return what is stored and visible to the actor, but not yet searchable."""
    query = (
        select(
            func.coalesce(func.sum(Document.ocr_pending), 0).label("pages"),
            func.count().filter(Document.read_at.is_(None)).label("files"),
        )
        # The words of the partial index: a bound 0 would not be recognised.
        .where(or_(Document.read_at.is_(None), Document.ocr_pending > literal_column("0")))
        .where(Document.withdrawn_at.is_(None))
        .where(loans.is_visible(uow, Document.loan_id))
    )
    if uow.actor.categories is not None:
        query = query.where(
            func.substr(Document.item_code, 1, 2).in_(sorted(uow.actor.categories))
        )
    row = uow.session.execute(query).one()
    return Waiting(pages=int(row.pages), files=int(row.files))


def _query(uow: UnitOfWork, cmd: Find) -> Query:
    filters = cmd.filters
    if cmd.loan_no:
        number = loans.get_loan(uow, cmd.loan_no).loan_no
        filters = replace(filters, loan_nos=frozenset({number}))
    return Query(
        text=cmd.text,
        scope=queries.scope(uow),
        limit=cmd.limit,
        offset=cmd.offset,
        sort=cmd.sort,
        filters=filters,
        mode=cmd.mode,
    )

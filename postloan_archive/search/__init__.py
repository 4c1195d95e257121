"""Exact Chinese full-text search: one port, adapters in the database and on Whoosh."""

from postloan_archive.search.errors import IndexBusyError, SearchUnavailableError
from postloan_archive.search.identifiers import Recognised, recognise
from postloan_archive.search.normal import fold
from postloan_archive.search.opening import open_index
from postloan_archive.search.port import (
    Facet,
    Health,
    Hit,
    Index,
    IndexedPage,
    Mode,
    Query,
    Results,
    Sort,
    Status,
)
from postloan_archive.search.scopes import Filters, Scope
from postloan_archive.search.tables import DatabaseIndex

__all__ = [
    "DatabaseIndex",
    "Facet",
    "Filters",
    "Health",
    "Hit",
    "Index",
    "IndexBusyError",
    "IndexedPage",
    "Mode",
    "Query",
    "Recognised",
    "Results",
    "Scope",
    "SearchUnavailableError",
    "Sort",
    "Status",
    "fold",
    "open_index",
    "recognise",
]

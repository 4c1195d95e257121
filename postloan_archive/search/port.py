"""What the rest of the product sees of an index, whichever adapter is behind it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from sqlalchemy.orm import Session

from postloan_archive.search.scopes import EVERYTHING, Filters, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedPage:
    """One page as the index takes it.

    Attributes:
        page_id: unique and never used again; adding it again replaces the page.
        page_no: counted from 1 inside the document.
        text: the page text as the viewer shows it; marks refer to it.
        doc_date: day of the document, None where unknown.
        fields: further searchable facts of the document by English field name (see
            `fields.WORD_FIELDS`): customer, contract_no, case_no, doc_no, archive_no, issuer …,
            and `media` and `amount` (yuan, digits). Other names are kept, but not searched.
    """

    page_id: int
    document_id: int
    loan_no: str
    branch_id: int
    category: str
    item_code: str
    page_no: int
    title: str
    text: str
    doc_date: date | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


class Sort(StrEnum):
    """The order of hits; ties by page id, lowest first."""

    RELEVANCE = "relevance"
    NEWEST = "date"
    OLDEST = "date_asc"


class Mode(StrEnum):
    """Where a word without `field:` is looked for."""

    TEXT = "text"
    TITLE = "title"
    NUMBER = "number"
    ALL = "all"  # page text, title, or any number or name of the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One search.

    Attributes:
        text: the query language; empty means every page that scope and filters leave.
        scope: what the person may see. It has no default on purpose.
        limit: hits returned, 0 or more; `total` and facets always count all.
    """

    text: str
    scope: Scope
    limit: int = 20
    offset: int = 0
    sort: Sort = Sort.RELEVANCE
    filters: Filters = EVERYTHING
    mode: Mode = Mode.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One page that answers the query.

    Attributes:
        snippet: a part of the original text, blanks in place of line breaks.
        marks: `[start, end)` in `snippet`, in order, not overlapping.
        page_marks: the same in the original page text, for the viewer.
        score: for display only; higher is better.
    """

    page_id: int
    document_id: int
    loan_no: str
    branch_id: int
    page_no: int
    title: str
    snippet: str
    marks: tuple[tuple[int, int], ...]
    page_marks: tuple[tuple[int, int], ...]
    score: float
    doc_date: date | None
    category: str
    item_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """How many of the hits have one value; only values that occur are listed."""

    kind: str  # branch, year, category, item, media
    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a search found.

    Attributes:
        notes: Chinese sentences on how the query was understood where it was not clear.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    took_ms: float
    notes: tuple[str, ...] = ()


class Health(StrEnum):
    """Whether the index can be trusted."""

    GOOD = "good"
    MISSING = "missing"
    OLDER = "older"  # built with another folding or layout: rebuild
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The state of an index.

    Attributes:
        pages: pages that can be found.
        lag: pages not yet searchable, counted against what the caller expected.
        problems: Chinese sentences, one for each thing wrong.
        rebuilding: pages in the new index while it is being built, else None.
    """

    health: Health
    pages: int
    lag: int
    version: str
    problems: tuple[str, ...] = ()
    rebuilding: int | None = None


Transactions = Callable[[], AbstractContextManager[Session]]
"""Opens a session that commits when its block ends well, such as `sessionmaker.begin`."""

PageSource = Callable[[Session, int, int], Sequence[IndexedPage]]
"""Called with (session, after, limit): at most `limit` pages with page_id > after, in order."""

Progress = Callable[[int, int | None], None]
"""Called with pages done and, where known, pages in all."""


class Index(Protocol):
    """The port. Every method works inside the transaction of the session it is given."""

    def create(self, session: Session) -> None:
        """Make an empty index where there is none."""
        ...

    def add(self, session: Session, pages: Iterable[IndexedPage]) -> None:
        """Make pages searchable; a page already there is replaced."""
        ...

    def remove_document(self, session: Session, document_id: int) -> None:
        """Forget a document; nothing of its text stays in the index."""
        ...

    def remove_documents(self, session: Session, document_ids: Sequence[int]) -> None:
        """Forget documents at once, as `remove_document` does one."""
        ...

    def retag(self, session: Session, loan_no: str, branch_id: int) -> None:
        """Move all pages of a loan to another branch."""
        ...

    def search(self, session: Session, query: Query) -> Results:
        """Answer a query; never fails on what a person typed."""
        ...

    def suggest(self, session: Session, query: Query) -> tuple[str, ...]:
        """Return up to `query.limit` titles, customers and numbers that contain the text."""
        ...

    def rebuild(
        self,
        transactions: Transactions,
        source: PageSource,
        progress: Progress | None = None,
        *,
        total: int | None = None,
    ) -> int:
        """Build the index anew while the old one serves; goes on where it stopped.

        Returns:
            The number of pages in the new index.
        """
        ...

    def status(
        self, session: Session, *, expected: int | None = None, deep: bool = False
    ) -> Status:
        """Check the index; `deep` reads all of it."""
        ...

    def committed(self, session: Session) -> None:
        """Be told that the transaction of the session was committed."""
        ...

    def rolled_back(self, session: Session) -> None:
        """Be told that the transaction of the session was rolled back."""
        ...

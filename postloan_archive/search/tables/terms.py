"""Where the terms of pages stand: what differs between SQLite and PostgreSQL."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from postloan_archive.search.preparing import Prepared
from postloan_archive.search.tables import schema
from postloan_archive.search.tables.fts5 import Fts5Terms
from postloan_archive.search.tables.postgresql import PostgresqlTerms
from postloan_archive.search.tables.schema import Tables


class Terms(Protocol):
    """The terms of one generation."""

    longest_exact: int
    """Forms up to this length are found exactly; of longer ones what is found is verified."""

    def create(self) -> None:
        """Make what a generation needs."""
        ...

    def create_shelf(self, shelf: int, *, bulk: bool) -> None:
        """Make what a shelf needs."""
        ...

    def finish_shelf(self, shelf: int) -> None:
        """Tidy a shelf that was filled in bulk."""
        ...

    def finish(self) -> None:
        """Tidy a generation that was filled in bulk, or is new."""
        ...

    def put(self, shelf: int, placed: Sequence[tuple[int, Prepared]]) -> None:
        """Add the tokens of pages."""
        ...

    def erase(self, row: int, source: str) -> None:
        """Delete the tokens of a page."""
        ...

    def purge(self, shelves: Iterable[int]) -> None:
        """Let nothing of what was erased stay."""
        ...

    def exist(self, shelf: int) -> bool:
        """Return whether what a shelf needs is there."""
        ...

    def check(self, shelf: int) -> None:
        """Read all of a shelf; raises a database error if it is damaged."""
        ...

    def holds(self, row: int, form: str) -> bool:
        """Return whether the text of a page is found under the form."""
        ...

    def look_up(self, shelf: int, mark: str, form: str, *, after: int) -> int:
        """Return the pages with the form, of those that stand after the first ones."""
        ...


def terms_of(tables: Tables) -> Terms:
    """Return the terms of a generation on the database of the session."""
    if schema.is_postgresql(tables.session):
        return PostgresqlTerms(tables)
    return Fts5Terms(tables)

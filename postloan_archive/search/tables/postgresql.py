"""Terms on PostgreSQL: arrays of two-grams and of characters under GIN.

Its own full text keeps at most 256 positions of a word and none above 16,383, so positions are
no use for exact substrings: candidates hold all two-grams of the form, and the stored text
decides between them.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from postloan_archive.search import tokens
from postloan_archive.search.preparing import Prepared
from postloan_archive.search.shelves import bits_of
from postloan_archive.search.tables import schema
from postloan_archive.search.tables.schema import Rows, Tables

_EXACT: Final = 2  # characters of a form that is one two-gram


class PostgresqlTerms:
    """The table of terms of one generation. A form is looked up on all shelves at once."""

    longest_exact = 1_000_000  # every length is verified here

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._found: dict[tuple[str, str], dict[int, list[int]]] = {}

    def create(self) -> None:
        """Make the table; its indexes come with `finish`, when it has been filled."""
        self._tables.run(
            "CREATE TABLE @_term (row INTEGER PRIMARY KEY, grams TEXT[] NOT NULL, "
            "chars TEXT[] NOT NULL)"
        )

    def create_shelf(self, shelf: int, *, bulk: bool) -> None:
        """A shelf needs no table of its own."""

    def finish_shelf(self, shelf: int) -> None:
        """A shelf needs no merging."""

    def finish(self) -> None:
        """Make the indexes where there are none."""
        for column in ("grams", "chars"):
            self._tables.run(
                "CREATE INDEX IF NOT EXISTS @_term_? ON @_term USING gin (?)".replace(
                    "?", column
                )
            )

    def put(self, shelf: int, placed: Sequence[tuple[int, Prepared]]) -> None:
        """Add the tokens of pages."""
        del shelf
        rows: Rows = [
            (row, sorted(set(ready.grams.split(" "))), ready.chars.split(" "))
            for row, ready in placed
        ]
        self._tables.run_many("INSERT INTO @_term VALUES (?, ?, ?)", rows)

    def erase(self, row: int, source: str) -> None:
        """Delete the tokens of a page."""
        del source
        self._tables.run("DELETE FROM @_term WHERE row = ?", row)

    def purge(self, shelves: Iterable[int]) -> None:
        """PostgreSQL takes away what was deleted when it vacuums."""

    def exist(self, shelf: int) -> bool:
        """Return whether the table is there."""
        del shelf
        return self._tables.exist("term", "term_grams", "term_chars")

    def check(self, shelf: int) -> None:
        """The samples of all pages are the check."""

    def holds(self, row: int, form: str) -> bool:
        """Return whether the text of a page is found under the form."""
        sql, values = _condition("", form)
        return bool(self._tables.run(f"{sql} AND t.row = ?", *values, row))

    def look_up(self, shelf: int, mark: str, form: str, *, after: int) -> int:
        """Return the pages with the form, of those that stand after the first ones."""
        del after
        if (mark, form) not in self._found:
            sql, values = _condition(mark, form)
            by_shelf: dict[int, list[int]] = {}
            for (row,) in self._tables.run(sql, *values):
                by_shelf.setdefault(row >> schema.SHELF_BITS, []).append(row)
            self._found[mark, form] = by_shelf
        rows = self._found[mark, form].get(shelf, [])
        return bits_of((row & (schema.SHELF - 1) for row in rows), schema.SHELF)


def _condition(mark: str, form: str) -> tuple[str, list[object]]:
    written = form.replace(" ", tokens.BLANK)
    if len(form) == 1:
        return "SELECT t.row FROM @_term t WHERE t.chars @> ?", [[mark + written]]
    grams = sorted({mark + a + b for a, b in pairwise(written)})
    if len(form) == _EXACT:
        return "SELECT t.row FROM @_term t WHERE t.grams @> ?", [grams]
    return (_IN_FIELD, [grams, mark, form]) if mark else (_IN_TEXT, [grams, form])


# Parts of a source are set off by a character that no folded text has; the text is the first.
_IN_TEXT: Final = (
    "SELECT t.row FROM @_term t JOIN @_text x ON x.row = t.row "
    "WHERE t.grams @> ? AND position(? in split_part(x.source, chr(31), 1)) > 0"
)
_IN_FIELD: Final = (
    "SELECT t.row FROM @_term t JOIN @_text x ON x.row = t.row WHERE t.grams @> ? AND "
    "EXISTS (SELECT 1 FROM unnest(string_to_array(x.source, chr(31))) AS part "
    "WHERE starts_with(part, ?) AND position(? in part) > 0)"
)

"""Terms on SQLite: two FTS5 tables for each shelf.

Both are without content: `gram` (overlapping two-grams with positions, so that a phrase is an
exact substring) and `char` (which characters a page holds).
"""

import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from typing import Final

from postloan_archive.search import tokens
from postloan_archive.search.preparing import Prepared
from postloan_archive.search.shelves import bits_of
from postloan_archive.search.tables import schema
from postloan_archive.search.tables.schema import Rows, Tables

KINDS: Final = ("gram", "char")
PURGES_ITSELF: Final = sqlite3.sqlite_version_info >= (3, 42, 0)  # FTS5 option secure-delete
_CACHE_BYTES: Final = 8 << 20


class Fts5Terms:
    """The FTS5 tables of one generation; in their statements `@@` stands for the table."""

    longest_exact = 40  # characters of a phrase; what is longer is verified on the stored text

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def create(self) -> None:
        """Nothing is made before there is a shelf."""

    def create_shelf(self, shelf: int, *, bulk: bool) -> None:
        """Make the tables of a shelf; in bulk they are merged once, by `finish_shelf`."""
        characters = tokens.PUNCTUATION.replace("'", "''").replace('"', '""')
        for kind, detail in zip(KINDS, ("full", "none"), strict=True):
            self._run(
                kind,
                shelf,
                "CREATE VIRTUAL TABLE @@ USING fts5(t, content='', columnsize=0, "
                f"detail={detail}, tokenize=\"ascii tokenchars '{characters}'\")",
            )
            self._configure(kind, shelf, hashsize=_CACHE_BYTES)
            if PURGES_ITSELF:
                self._configure(kind, shelf, secure_delete=1)
            if bulk:
                self._configure(kind, shelf, automerge=0, crisismerge=1_000)

    def finish_shelf(self, shelf: int) -> None:
        """Merge what was written in bulk, and let the shelf grow in small steps from now on."""
        self._optimise(shelf)
        for kind in KINDS:
            self._configure(kind, shelf, automerge=4, crisismerge=16)

    def finish(self) -> None:
        """Nothing is left to do when all shelves are finished."""

    def put(self, shelf: int, placed: Sequence[tuple[int, Prepared]]) -> None:
        """Add the tokens of pages."""
        first = (shelf << schema.SHELF_BITS) - 1
        for kind in KINDS:
            rows: Rows = [
                (row - first, ready.grams if kind == "gram" else ready.chars)
                for row, ready in placed
            ]
            insert = "INSERT INTO @@(rowid, t) VALUES (?,?)"
            self._tables.run_many(self._named(kind, shelf, insert), rows)

    def erase(self, row: int, source: str) -> None:
        """Delete the tokens of a page."""
        shelf = row >> schema.SHELF_BITS
        number = row - (shelf << schema.SHELF_BITS) + 1
        for kind, cut in (("gram", tokens.gram_tokens), ("char", tokens.char_tokens)):
            delete = "INSERT INTO @@(@@, rowid, t) VALUES ('delete', ?, ?)"
            self._run(kind, shelf, delete, number, cut(source))

    def purge(self, shelves: Iterable[int]) -> None:
        """Let nothing of what was erased stay: older FTS5 keeps it until it merges."""
        if not PURGES_ITSELF:
            for shelf in sorted(shelves):
                self._optimise(shelf)

    def exist(self, shelf: int) -> bool:
        """Return whether the tables of a shelf are there."""
        return self._tables.exist(*(f"{kind}_{shelf}" for kind in KINDS))

    def check(self, shelf: int) -> None:
        """Read all of a shelf; raises a database error if it is damaged."""
        for kind in KINDS:
            self._run(kind, shelf, "INSERT INTO @@(@@) VALUES ('integrity-check')")

    def holds(self, row: int, form: str) -> bool:
        """Return whether the text of a page is found under the form."""
        shelf = row >> schema.SHELF_BITS
        kind, phrase = _phrase("", form)
        sql = "SELECT 1 FROM @@ WHERE @@ MATCH ? AND rowid = ?"
        return bool(self._run(kind, shelf, sql, phrase, row - (shelf << schema.SHELF_BITS) + 1))

    def look_up(self, shelf: int, mark: str, form: str, *, after: int) -> int:
        """Return the pages with the form, of those that stand after the first ones."""
        kind, phrase = _phrase(mark, form[: self.longest_exact])
        ((joined,),) = self._run(
            kind,
            shelf,
            "SELECT group_concat(char(rowid), '') FROM @@ WHERE @@ MATCH ? AND rowid > ?",
            phrase,
            after,
        )
        if not joined:
            return 0
        numbers = array("H", str(joined).encode("utf-16-le"))
        return bits_of(numbers, schema.SHELF + 1) >> 1  # row ids begin with 1

    def _optimise(self, shelf: int) -> None:
        """Merge all segments of a shelf into one; what was deleted is gone afterwards."""
        for kind in KINDS:
            self._run(kind, shelf, "INSERT INTO @@(@@) VALUES ('optimize')")

    def _configure(self, kind: str, shelf: int, **options: int) -> None:
        for option, value in options.items():
            name = option.replace("_", "-")
            self._run(kind, shelf, "INSERT INTO @@(@@, rank) VALUES (?, ?)", name, value)

    def _run(self, kind: str, shelf: int, sql: str, *values: object) -> Rows:
        return schema.run(self._tables.session, self._named(kind, shelf, sql), *values)

    def _named(self, kind: str, shelf: int, sql: str) -> str:
        table = f"{schema.prefix(self._tables.generation)}_{kind}_{shelf}"
        return sql.replace("@@", table)


def _phrase(mark: str, form: str) -> tuple[str, str]:
    if len(form) == 1:
        return "char", tokens.char_phrase(mark, form)
    return "gram", tokens.gram_phrase(mark, form)

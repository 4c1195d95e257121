"""The shelves of one generation, as the transaction of a session sees them."""

import json
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from postloan_archive.search import fields, tokens
from postloan_archive.search.cache import Cache, Key
from postloan_archive.search.errors import SearchUnavailableError
from postloan_archive.search.shelves import Facts, Place, StoredPage, bits_of, places
from postloan_archive.search.tables import schema
from postloan_archive.search.tables.schema import Tables
from postloan_archive.search.tables.terms import terms_of

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfRow:
    """A row of the table of shelves."""

    shelf: int
    size: int
    epoch: int
    branches: frozenset[int]


class TableShelves:
    """All shelves of the serving generation."""

    def __init__(self, session: Session, generation: int, birth: str, cache: Cache) -> None:
        self.tables = Tables(session, generation)
        self.terms = terms_of(self.tables)
        self.birth = birth
        self.cache = cache
        rows = self.tables.run("SELECT shelf, size, epoch, branches FROM @_shelf")
        self._rows = {
            int(shelf): ShelfRow(
                shelf=int(shelf),
                size=int(size),
                epoch=int(epoch),
                branches=frozenset(int(b) for b in str(branches).split()),
            )
            for shelf, size, epoch, branches in rows
        }
        self._shelves: dict[int, TableShelf] = {}

    def keys(self) -> Sequence[int]:
        """Return the numbers of the shelves."""
        return sorted(self._rows)

    def shelf(self, key: int) -> "TableShelf":
        """Return one shelf."""
        if key not in self._shelves:
            self._shelves[key] = TableShelf(self, self._rows[key])
        return self._shelves[key]

    def branches(self, key: int) -> frozenset[int] | None:
        """Return the branches that may have pages on the shelf."""
        return self._rows[key].branches

    def amounts(self, low: int | None, high: int | None) -> Mapping[int, int]:
        """Return the pages that name an amount in the range of cents, by shelf."""
        rows = self.tables.run(
            "SELECT row FROM @_amount WHERE cents BETWEEN ? AND ?",
            0 if low is None else low,
            (1 << 62) if high is None else min(high, 1 << 62),
        )
        return self._by_shelf([int(row) for (row,) in rows])

    def of_loans(self, loan_nos: frozenset[str]) -> Mapping[int, int]:
        """Return the pages of the loans, by shelf."""
        return self._rows_where(
            "SELECT row FROM @_page WHERE loan_no IN (?*)", sorted(loan_nos)
        )

    def of_documents(self, document_ids: frozenset[int]) -> Mapping[int, int]:
        """Return the pages of the documents, by shelf."""
        return self._rows_where(
            "SELECT row FROM @_page WHERE document_id IN (?*)", sorted(document_ids)
        )

    def _rows_where(self, sql: str, values: Sequence[object]) -> Mapping[int, int]:
        rows: list[int] = []
        for at in range(0, len(values), _AT_ONCE):
            some = values[at : at + _AT_ONCE]
            rows += [int(row) for (row,) in self.tables.run(sql, *some)]
        return self._by_shelf(rows)

    def _by_shelf(self, rows: Sequence[int]) -> Mapping[int, int]:
        by_shelf: dict[int, list[int]] = {}
        for row in rows:
            by_shelf.setdefault(row >> schema.SHELF_BITS, []).append(row & (schema.SHELF - 1))
        return {shelf: bits_of(rows, schema.SHELF) for shelf, rows in by_shelf.items()}

    def folded(self, wanted: Sequence[Place]) -> Mapping[Place, str]:
        """Return the folded text of pages."""
        return {
            place: tokens.text_of(str(source))
            for place, (source,) in self.sources(wanted).items()
        }

    def sources(self, wanted: Sequence[Place]) -> dict[Place, tuple[Any, ...]]:
        """Return the token sources of pages, each alone in a row."""
        return self._rows_of("SELECT row, source FROM @_text WHERE row IN (?*)", wanted)

    def pages(self, wanted: Sequence[Place]) -> Mapping[Place, StoredPage]:
        """Return pages."""
        facts = self._rows_of(
            "SELECT row, page_id, document_id, loan_no, branch_id, category, item, page_no, "
            "title, doc_date, fields FROM @_page WHERE row IN (?*)",
            wanted,
        )
        texts = self._rows_of("SELECT row, text FROM @_text WHERE row IN (?*)", wanted)
        return {
            place: StoredPage(
                page_id=row[0],
                document_id=row[1],
                loan_no=row[2],
                branch_id=row[3],
                category=row[4],
                item_code=row[5],
                page_no=row[6],
                title=row[7],
                text=str(texts[place][0]),
                doc_date=row[8],
                fields=json.loads(row[9]) if row[9] else {},
            )
            for place, row in facts.items()
        }

    def _rows_of(self, sql: str, wanted: Sequence[Place]) -> dict[Place, tuple[Any, ...]]:
        found: dict[Place, tuple[Any, ...]] = {}
        for at in range(0, len(wanted), _AT_ONCE):
            rows = [(k << schema.SHELF_BITS) + n for k, n in wanted[at : at + _AT_ONCE]]
            for row, *values in self.tables.run(sql, *rows):
                number = int(row)
                place = number >> schema.SHELF_BITS, number & (schema.SHELF - 1)
                found[place] = tuple(values)
        if len(found) < len(wanted):  # the terms know pages that the tables do not
            raise SearchUnavailableError
        return found


class TableShelf:
    """One shelf: words from FTS5, facts from the rows, both kept between queries."""

    def __init__(self, shelves: TableShelves, row: ShelfRow) -> None:
        self._shelves = shelves
        self._row = row
        self._key: Key = (shelves.birth, shelves.tables.generation, row.shelf)
        self._all = (1 << row.size) - 1
        self._facts: Facts | None = None

    @property
    def facts(self) -> Facts:
        """Return what is known besides the words."""
        if self._facts is None:
            self._facts = self._read_facts()
        return self._facts

    def word(self, field_name: str, form: str) -> int:
        """Return the pages that contain the folded form in the field, exactly."""
        cache = self._shelves.cache
        key = (*self._key, self._row.epoch, field_name, form)
        size, bits = cache.word(key) or (0, 0)
        if size < self._row.size:
            bits |= self._look_up(field_name, form, after=size)
            cache.keep_word(key, self._row.size, bits)
        return bits & self._all

    def _look_up(self, field_name: str, form: str, *, after: int) -> int:
        mark = tokens.MARKS[field_name] if field_name != fields.TEXT else ""
        bits = self._shelves.terms.look_up(self._row.shelf, mark, form, after=after)
        if len(form) > self._shelves.terms.longest_exact:
            bits = self._verified(bits, mark, form)
        return bits

    def _verified(self, bits: int, mark: str, form: str) -> int:
        """Return those of the pages whose stored text contains the whole form."""
        wanted = [(self._row.shelf, place) for place in places(bits)]
        good = []
        for (_, place), (source,) in self._shelves.sources(wanted).items():
            text, *values = str(source).split(tokens.PART)
            parts = [value[1:] for value in values if value[0] == mark] if mark else [text]
            if any(form in part for part in parts):
                good.append(place)
        return bits_of(good, schema.SHELF)

    def _read_facts(self) -> Facts:
        cache = self._shelves.cache
        epoch, known = cache.facts(self._key) or (-1, Facts())
        if epoch != self._row.epoch:
            known = Facts()
        if known.size < self._row.size:
            known = self._grown(known)
            if epoch <= self._row.epoch:
                cache.keep_facts(self._key, self._row.epoch, known)
        if known.size > self._row.size:  # this transaction is older than what is known
            known = replace(known, live=known.live & self._all)
        return known

    def _grown(self, known: Facts) -> Facts:
        """Return the facts with the pages added since they were read."""
        size, first = self._row.size, self._row.shelf << schema.SHELF_BITS
        rows = self._shelves.tables.run(
            "SELECT row, branch_id, category, item, media, doc_date, page_id "
            "FROM @_page WHERE row >= ? AND row < ?",
            first + known.size,
            first + size,
        )
        added = [0] * (size - known.size)
        dates = array("i", known.dates) + array("i", added)
        page_ids = array("q", known.page_ids) + array("q", added)
        numbers: dict[tuple[str, str], list[int]] = {}
        live: list[int] = []
        columns: tuple[tuple[str, int, Callable[[object], str]], ...] = (
            ("branch", 1, str),
            ("category", 2, str),
            ("item", 3, str),
            ("media", 4, str),
        )
        for row in rows:
            place = int(row[0]) - first
            live.append(place)
            dates[place] = int(row[5])
            page_ids[place] = int(row[6])
            for kind, column, text in columns:
                if row[column] != "":
                    numbers.setdefault((kind, text(row[column])), []).append(place)
            if row[5]:
                year = str(date.fromordinal(int(row[5])).year)
                numbers.setdefault(("year", year), []).append(place)
        tags = {kind: dict(values) for kind, values in known.tags.items()}
        for (kind, value), having in numbers.items():
            values = tags.setdefault(kind, {})
            values[value] = values.get(value, 0) | bits_of(having, size)
        return Facts(
            size=size,
            live=known.live | bits_of(live, size),
            tags=tags,
            dates=dates,
            page_ids=page_ids,
        )

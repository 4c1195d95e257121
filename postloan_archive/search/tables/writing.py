"""Puts pages on shelves and takes them away, in the transaction of the session."""

import json
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from sqlalchemy.orm import Session

from postloan_archive.search.port import IndexedPage
from postloan_archive.search.preparing import Prepared, prepare, storable
from postloan_archive.search.tables import schema
from postloan_archive.search.tables.schema import DamagedError, Rows, Tables
from postloan_archive.search.tables.terms import terms_of

BATCH: Final = 500


class Writer:
    """Changes one generation of the index."""

    def __init__(self, session: Session, generation: int, *, bulk: bool = False) -> None:
        self._tables = Tables(session, generation)
        self._terms = terms_of(self._tables)
        self._bulk = bulk

    def add(self, pages: Iterable[IndexedPage]) -> None:
        """Add pages; those already there are replaced on their place."""
        remaining = iter(pages)
        while batch := list(islice(remaining, BATCH)):
            self.put([prepare(page) for page in batch])

    def put(self, batch: Sequence[Prepared]) -> None:
        """Add prepared pages."""
        latest = {ready.page.page_id: ready for ready in batch}
        known = "SELECT page_id, row FROM @_page WHERE page_id IN (?*)"
        rows = {int(page): int(row) for page, row in self._tables.run(known, *latest)}
        if rows:
            self._erase(list(rows.values()))
            self._touch({row >> schema.SHELF_BITS for row in rows.values()})
        by_lane: dict[int, list[Prepared]] = {}
        by_shelf: dict[int, list[tuple[int, Prepared]]] = {}
        for page_id, ready in latest.items():
            if page_id in rows:
                row = rows[page_id]
                by_shelf.setdefault(row >> schema.SHELF_BITS, []).append((row, ready))
            else:
                lane = ready.page.branch_id % schema.LANES
                by_lane.setdefault(lane, []).append(ready)
        for lane, new in sorted(by_lane.items()):
            self._allot(lane, new, by_shelf)
        for shelf, placed in sorted(by_shelf.items()):
            self._write(shelf, placed)

    def _allot(
        self, lane: int, new: list[Prepared], by_shelf: dict[int, list[tuple[int, Prepared]]]
    ) -> None:
        """Give new pages their places on the last shelf of the lane, or on fresh ones."""
        while new:
            last = self._tables.run(
                "SELECT shelf, size FROM @_shelf WHERE lane = ? ORDER BY shelf DESC LIMIT 1",
                lane,
            )
            if not last or last[0][1] >= schema.SHELF:
                if last and self._bulk:
                    self._terms.finish_shelf(int(last[0][0]))
                count = self._tables.run("SELECT max(shelf) FROM @_shelf")
                shelf, size = (-1 if count[0][0] is None else int(count[0][0])) + 1, 0
                self._tables.run("INSERT INTO @_shelf VALUES (?, ?, 0, 0, '')", shelf, lane)
                self._terms.create_shelf(shelf, bulk=self._bulk)
            else:
                shelf, size = int(last[0][0]), int(last[0][1])
            some, new = new[: schema.SHELF - size], new[schema.SHELF - size :]
            first = (shelf << schema.SHELF_BITS) + size
            placed = list(enumerate(some, start=first))
            by_shelf.setdefault(shelf, []).extend(placed)
            grown = size + len(some)
            self._tables.run("UPDATE @_shelf SET size = ? WHERE shelf = ?", grown, shelf)
            if new:  # the shelf is full and must be written before it is finished
                self._write(shelf, by_shelf.pop(shelf))

    def _write(self, shelf: int, placed: Sequence[tuple[int, Prepared]]) -> None:
        pages: Rows = []
        texts: Rows = []
        amounts: Rows = []
        for row, ready in placed:
            page = ready.page
            facts = {name: storable(value) for name, value in page.fields.items()}
            pages.append(
                (
                    row,
                    page.page_id,
                    page.document_id,
                    storable(page.loan_no),
                    page.branch_id,
                    page.category,
                    page.item_code,
                    facts.get("media", ""),
                    page.page_no,
                    page.doc_date.toordinal() if page.doc_date else 0,
                    storable(page.title),
                    json.dumps(facts, ensure_ascii=False) if facts else "",
                )
            )
            texts.append((row, ready.text, ready.source))
            amounts.extend((cents, row) for cents in ready.cents)
        self._tables.run_many("INSERT INTO @_page VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", pages)
        self._tables.run_many("INSERT INTO @_text VALUES (?,?,?)", texts)
        self._tables.run_many("INSERT INTO @_amount VALUES (?,?)", amounts)
        self._terms.put(shelf, placed)
        self._note_branches(shelf, {ready.page.branch_id for _, ready in placed})

    def _note_branches(self, shelf: int, branch_ids: set[int]) -> None:
        sql = "SELECT branches FROM @_shelf WHERE shelf = ?"
        known = {int(b) for b in str(self._tables.run(sql, shelf)[0][0]).split()}
        if not branch_ids <= known:
            noted = " ".join(str(b) for b in sorted(known | branch_ids))
            self._tables.run("UPDATE @_shelf SET branches = ? WHERE shelf = ?", noted, shelf)

    def _erase(self, rows: Sequence[int]) -> set[int]:
        """Delete pages and their tokens; return the shelves."""
        shelves: set[int] = set()
        for row in rows:
            shelves.add(row >> schema.SHELF_BITS)
            stored = self._tables.run("SELECT source FROM @_text WHERE row = ?", row)
            if not stored:
                raise DamagedError
            self._terms.erase(row, str(stored[0][0]))
            self._tables.run("DELETE FROM @_text WHERE row = ?", row)
            self._tables.run("DELETE FROM @_amount WHERE row = ?", row)
            self._tables.run("DELETE FROM @_page WHERE row = ?", row)
        return shelves

    def remove(self, document_ids: Sequence[int]) -> None:
        """Forget documents, so that nothing of their text stays in the index."""
        shelves: set[int] = set()
        for document_id in document_ids:
            rows = self._tables.run("SELECT row FROM @_page WHERE document_id = ?", document_id)
            shelves |= self._erase([int(row) for (row,) in rows])
        self._touch(shelves)
        self._terms.purge(shelves)

    def retag(self, loan_no: str, branch_id: int) -> None:
        """Move the pages of a loan to a branch; they stay on their shelves."""
        rows = self._tables.run(
            "SELECT DISTINCT row >> ? FROM @_page WHERE loan_no = ?",
            schema.SHELF_BITS,
            loan_no,
        )
        self._tables.run(
            "UPDATE @_page SET branch_id = ? WHERE loan_no = ?", branch_id, loan_no
        )
        shelves = {int(shelf) for (shelf,) in rows}
        for shelf in shelves:
            self._note_branches(shelf, {branch_id})
        self._touch(shelves)

    def _touch(self, shelves: set[int]) -> None:
        """Say that more than the end of the shelves has changed."""
        self._tables.run_many(
            "UPDATE @_shelf SET epoch = epoch + 1 WHERE shelf = ?",
            [(shelf,) for shelf in sorted(shelves)],
        )

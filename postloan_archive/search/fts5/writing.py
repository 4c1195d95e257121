"""Puts pages on shelves and takes them away, in the transaction of the session."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sqlalchemy.orm import Session

from postloan_archive.search import fields, ranges
from postloan_archive.search.fts5 import schema, tokens
from postloan_archive.search.fts5.schema import Rows, run, run_many
from postloan_archive.search.normal import fold
from postloan_archive.search.port import IndexedPage

BATCH: Final = 500
_SURROGATES: Final = dict.fromkeys(range(55296, 57344), 65533)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A page with all that can be computed without the database."""

    page: IndexedPage
    text: str
    source: str
    grams: str
    chars: str
    cents: frozenset[int]


def prepare(page: IndexedPage) -> Prepared:
    """Fold a page and cut it into tokens."""
    text = storable(page.text)
    known = {
        **{name: storable(value) for name, value in page.fields.items()},
        fields.TITLE: storable(page.title),
        fields.LOAN: storable(page.loan_no),
    }
    values = {
        mark: fold(known[name]).strip() for name, mark in tokens.MARKS.items() if name in known
    }
    source = tokens.source(fold(text), values)
    cents = ranges.amounts_in(text)
    stated = ranges.field_cents(page.fields.get(fields.AMOUNT, ""))
    return Prepared(
        page=page,
        text=text,
        source=source,
        grams=tokens.gram_tokens(source),
        chars=tokens.char_tokens(source),
        cents=cents if stated is None else cents | {stated},
    )


def storable(text: str) -> str:
    """Return the text without halves of characters, which no database takes; same length."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.translate(_SURROGATES)
    return text


class Writer:
    """Changes one generation of the index."""

    def __init__(self, session: Session, generation: int, *, bulk: bool = False) -> None:
        self._session = session
        self._generation = generation
        self._name = schema.prefix(generation)
        self._bulk = bulk

    def add(self, pages: Iterable[IndexedPage]) -> None:
        """Add pages; those already there are replaced on their place."""
        remaining = iter(pages)
        while batch := list(islice(remaining, BATCH)):
            self.put([prepare(page) for page in batch])

    def put(self, batch: Sequence[Prepared]) -> None:
        """Add prepared pages."""
        latest = {ready.page.page_id: ready for ready in batch}
        ids = list(latest)
        holes = ",".join("?" * len(ids))
        rows = {
            int(page_id): int(row)
            for page_id, row in run(
                self._session,
                f"SELECT page_id, row FROM {self._name}_page WHERE page_id IN ({holes})",  # noqa: S608 - our own name
                *ids,
            )
        }
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
            last = run(
                self._session,
                f"SELECT shelf, size FROM {self._name}_shelf WHERE lane = ? "  # noqa: S608 - our own name
                "ORDER BY shelf DESC LIMIT 1",
                lane,
            )
            if not last or last[0][1] >= schema.SHELF:
                if last and self._bulk:
                    schema.finish_shelf(self._session, self._generation, int(last[0][0]))
                count = run(self._session, f"SELECT max(shelf) FROM {self._name}_shelf")  # noqa: S608 - our own name
                shelf, size = (-1 if count[0][0] is None else int(count[0][0])) + 1, 0
                schema.create_shelf(
                    self._session, self._generation, shelf, lane, bulk=self._bulk
                )
            else:
                shelf, size = int(last[0][0]), int(last[0][1])
            some, new = new[: schema.SHELF - size], new[schema.SHELF - size :]
            first = (shelf << schema.SHELF_BITS) + size
            placed = list(enumerate(some, start=first))
            by_shelf.setdefault(shelf, []).extend(placed)
            run(
                self._session,
                f"UPDATE {self._name}_shelf SET size = ? WHERE shelf = ?",  # noqa: S608 - our own name
                size + len(some),
                shelf,
            )
            if new:  # the shelf is full and must be written before it is finished
                self._write(shelf, by_shelf.pop(shelf))

    def _write(self, shelf: int, placed: Sequence[tuple[int, Prepared]]) -> None:
        first = shelf << schema.SHELF_BITS
        pages: Rows = []
        texts: Rows = []
        grams: Rows = []
        chars: Rows = []
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
            grams.append((row - first + 1, ready.grams))
            chars.append((row - first + 1, ready.chars))
            amounts.extend((cents, row) for cents in ready.cents)
        name = self._name
        run_many(
            self._session, f"INSERT INTO {name}_page VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", pages
        )
        run_many(self._session, f"INSERT INTO {name}_text VALUES (?,?,?)", texts)
        run_many(self._session, f"INSERT INTO {name}_amount VALUES (?,?)", amounts)
        for kind, rows in (("gram", grams), ("char", chars)):
            run_many(
                self._session,
                f"INSERT INTO {name}_{kind}_{shelf}(rowid, t) VALUES (?,?)",  # noqa: S608 - our own name
                rows,
            )
        self._note_branches(shelf, {ready.page.branch_id for _, ready in placed})

    def _note_branches(self, shelf: int, branch_ids: set[int]) -> None:
        sql = f"SELECT branches FROM {self._name}_shelf WHERE shelf = ?"  # noqa: S608 - our own name
        known = {int(b) for b in str(run(self._session, sql, shelf)[0][0]).split()}
        if not branch_ids <= known:
            run(
                self._session,
                f"UPDATE {self._name}_shelf SET branches = ? WHERE shelf = ?",  # noqa: S608 - our own name
                " ".join(str(b) for b in sorted(known | branch_ids)),
                shelf,
            )

    def _erase(self, rows: Sequence[int]) -> set[int]:
        """Delete pages and their tokens; return the shelves."""
        shelves: set[int] = set()
        for row in rows:
            shelf = row >> schema.SHELF_BITS
            shelves.add(shelf)
            stored = run(
                self._session,
                f"SELECT source FROM {self._name}_text WHERE row = ?",  # noqa: S608 - our own name
                row,
            )
            for kind, cut in (("gram", tokens.gram_tokens), ("char", tokens.char_tokens)):
                table = f"{self._name}_{kind}_{shelf}"
                run(
                    self._session,
                    f"INSERT INTO {table}({table}, rowid, t) VALUES ('delete', ?, ?)",  # noqa: S608 - our own name
                    row - (shelf << schema.SHELF_BITS) + 1,
                    cut(str(stored[0][0])),
                )
            for table in ("text", "amount", "page"):
                run(self._session, f"DELETE FROM {self._name}_{table} WHERE row = ?", row)  # noqa: S608 - our own name
        return shelves

    def remove(self, document_ids: Sequence[int]) -> None:
        """Forget documents, so that nothing of their text stays in the index."""
        shelves: set[int] = set()
        for document_id in document_ids:
            rows = run(
                self._session,
                f"SELECT row FROM {self._name}_page WHERE document_id = ?",  # noqa: S608 - our own name
                document_id,
            )
            shelves |= self._erase([int(row) for (row,) in rows])
        self._touch(shelves)
        if not schema.PURGES_ITSELF:  # older FTS5 keeps what was deleted until it merges
            for shelf in sorted(shelves):
                for kind in ("gram", "char"):
                    schema.optimise(self._session, f"{self._name}_{kind}_{shelf}")

    def retag(self, loan_no: str, branch_id: int) -> None:
        """Move the pages of a loan to a branch; they stay on their shelves."""
        rows = run(
            self._session,
            f"SELECT DISTINCT row >> {schema.SHELF_BITS} FROM {self._name}_page "  # noqa: S608 - our own name
            "WHERE loan_no = ?",
            loan_no,
        )
        run(
            self._session,
            f"UPDATE {self._name}_page SET branch_id = ? WHERE loan_no = ?",  # noqa: S608 - our own name
            branch_id,
            loan_no,
        )
        shelves = {int(shelf) for (shelf,) in rows}
        for shelf in shelves:
            self._note_branches(shelf, {branch_id})
        self._touch(shelves)

    def _touch(self, shelves: set[int]) -> None:
        """Say that more than the end of the shelves has changed."""
        run_many(
            self._session,
            f"UPDATE {self._name}_shelf SET epoch = epoch + 1 WHERE shelf = ?",  # noqa: S608 - our own name
            [(shelf,) for shelf in sorted(shelves)],
        )

"""The tables of one generation of the index, and the state that says which one serves."""

import re
import secrets
import sqlite3
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from postloan_archive.search import tokens
from postloan_archive.search.normal import folding_version

LAYOUT: Final = "1"  # raise it with every change of the tables or tokens
STATE: Final = "search_state"
KINDS: Final = ("gram", "char")  # the FTS5 tables of a shelf
SHELF_BITS: Final = 14
SHELF: Final = 1 << SHELF_BITS  # pages of a shelf
LANES: Final = 16  # groups of branches
PURGES_ITSELF: Final = sqlite3.sqlite_version_info >= (3, 42, 0)  # FTS5 option secure-delete
_CACHE_BYTES: Final = 8 << 20
_TABLE: Final = re.compile(r"search_(\d+)_(?:shelf|page|text|amount|(?:gram|char)_\d+)")

Rows = list[tuple[Any, ...]]


def version() -> str:
    """Return the name of what this program would build."""
    return f"fts5-{LAYOUT}-{folding_version()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the state table says.

    Attributes:
        serving: the generation that answers, None without an index.
        building: the generation that is being built, or None.
        cursor: page ids up to this one are in the new generation.
        birth: a random name of the serving generation.
        damaged: a change could not be written; only a rebuild helps.
    """

    serving: int | None
    building: int | None
    cursor: int
    birth: str
    version: str
    building_version: str
    damaged: bool


def run(session: Session, sql: str, *values: object) -> Rows:
    """Run one statement in the transaction of the session and return its rows."""
    result = session.connection().exec_driver_sql(sql, values)
    return [tuple(row) for row in result] if result.returns_rows else []


class DamagedError(Exception):
    """The tables of the index contradict one another."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one generation, in the transaction of a session.

    In a statement `@` stands for how their names begin, `@@` for the FTS5 table of a shelf and
    `(?*)` for a list of all values: nothing else is ever put into the text of a statement.
    """

    session: Session
    generation: int

    def run(self, sql: str, *values: object) -> Rows:
        """Run one statement and return its rows."""
        return run(self.session, self._named(sql, len(values)), *values)

    def run_many(self, sql: str, rows: Rows) -> None:
        """Run one statement for many rows."""
        if rows:
            self.session.connection().exec_driver_sql(self._named(sql), rows)

    def run_on(self, kind: str, shelf: int, sql: str, *values: object) -> Rows:
        """Run one statement on the table `kind`, gram or char, of a shelf."""
        return run(self.session, sql.replace("@@", self.shelf_table(kind, shelf)), *values)

    def run_many_on(self, kind: str, shelf: int, sql: str, rows: Rows) -> None:
        """Run one statement on the table `kind` of a shelf for many rows."""
        self.run_many(sql.replace("@@", self.shelf_table(kind, shelf)), rows)

    def count_pages(self) -> int:
        """Return the number of pages of the generation."""
        return int(self.run("SELECT count(*) FROM @_page")[0][0])

    def shelf_table(self, kind: str, shelf: int) -> str:
        """Return the name of the FTS5 table of a shelf."""
        return f"{prefix(self.generation)}_{kind}_{shelf}"

    def exist(self, *names: str) -> bool:
        """Return whether the database has all of these tables of the generation."""
        connection, name = self.session.connection(), prefix(self.generation)
        return all(exists(connection, f"{name}_{table}") for table in names)

    def _named(self, sql: str, values: int = 0) -> str:
        holes = ",".join("?" * values)
        return sql.replace("(?*)", f"({holes})").replace("@", prefix(self.generation))


def exists(connection: Connection, table: str) -> bool:
    """Return whether the database has the table."""
    found = connection.exec_driver_sql(
        "SELECT 1 FROM sqlite_master WHERE name = ?", (table,)
    ).first()
    return found is not None


def create_state(session: Session) -> None:
    """Make the state table where there is none."""
    run(
        session,
        "CREATE TABLE IF NOT EXISTS search_state (key TEXT PRIMARY KEY, value TEXT)",
    )


def read_state(session: Session) -> State | None:
    """Return the state, or None where the index was never made."""
    if not exists(session.connection(), STATE):
        return None
    values = {str(k): str(v) for k, v in run(session, "SELECT key, value FROM search_state")}
    return State(
        serving=int(values["serving"]) if "serving" in values else None,
        building=int(values["building"]) if "building" in values else None,
        cursor=int(values.get("cursor", 0)),
        birth=values.get("birth", ""),
        version=values.get("version", ""),
        building_version=values.get("building_version", ""),
        damaged="damaged" in values,
    )


def write_state(session: Session, **values: object) -> None:
    """Set values of the state; None removes one."""
    for key, value in values.items():
        if value is None:
            run(session, "DELETE FROM search_state WHERE key = ?", key)
        else:
            run(session, "REPLACE INTO search_state VALUES (?, ?)", key, str(value))


def new_birth() -> str:
    """Return a random name of a generation."""
    return secrets.token_hex(8)


def prefix(generation: int) -> str:
    """Return how the names of the tables of a generation begin."""
    return f"search_{generation}"


def create_generation(session: Session, generation: int) -> None:
    """Make the tables of a generation, without shelves."""
    tables = Tables(session, generation)
    for statement in (
        """CREATE TABLE @_shelf (shelf INTEGER PRIMARY KEY, lane INTEGER NOT NULL,
            size INTEGER NOT NULL, epoch INTEGER NOT NULL, branches TEXT NOT NULL)""",
        """CREATE TABLE @_page (row INTEGER PRIMARY KEY, page_id INTEGER NOT NULL,
            document_id INTEGER NOT NULL, loan_no TEXT NOT NULL, branch_id INTEGER NOT NULL,
            category TEXT NOT NULL, item TEXT NOT NULL, media TEXT NOT NULL,
            page_no INTEGER NOT NULL, doc_date INTEGER NOT NULL, title TEXT NOT NULL,
            fields TEXT NOT NULL)""",
        "CREATE UNIQUE INDEX @_page_id ON @_page (page_id)",
        "CREATE INDEX @_page_document ON @_page (document_id)",
        "CREATE INDEX @_page_loan ON @_page (loan_no)",
        """CREATE TABLE @_text (row INTEGER PRIMARY KEY, text TEXT NOT NULL,
            source TEXT NOT NULL)""",
        """CREATE TABLE @_amount (cents INTEGER NOT NULL, row INTEGER NOT NULL,
            PRIMARY KEY (cents, row)) WITHOUT ROWID""",
        "CREATE INDEX @_amount_row ON @_amount (row)",
    ):
        tables.run(statement)


def create_shelf(
    session: Session, generation: int, shelf: int, lane: int, *, bulk: bool
) -> None:
    """Make the FTS5 tables of a shelf; in bulk they are merged once, by `finish_shelf`."""
    tables = Tables(session, generation)
    tables.run("INSERT INTO @_shelf VALUES (?, ?, 0, 0, '')", shelf, lane)
    characters = tokens.PUNCTUATION.replace("'", "''").replace('"', '""')
    for kind, detail in zip(KINDS, ("full", "none"), strict=True):
        tables.run_on(
            kind,
            shelf,
            "CREATE VIRTUAL TABLE @@ USING fts5(t, content='', columnsize=0, "
            f"detail={detail}, tokenize=\"ascii tokenchars '{characters}'\")",
        )
        _configure(tables, kind, shelf, hashsize=_CACHE_BYTES)
        if PURGES_ITSELF:
            _configure(tables, kind, shelf, secure_delete=1)
        if bulk:
            _configure(tables, kind, shelf, automerge=0, crisismerge=1_000)


def finish_shelf(session: Session, generation: int, shelf: int) -> None:
    """Merge what was written in bulk, and let the shelf grow in small steps from now on."""
    tables = Tables(session, generation)
    optimise(tables, shelf)
    for kind in KINDS:
        _configure(tables, kind, shelf, automerge=4, crisismerge=16)


def optimise(tables: Tables, shelf: int) -> None:
    """Merge all segments of a shelf into one; what was deleted is gone afterwards."""
    for kind in KINDS:
        tables.run_on(kind, shelf, "INSERT INTO @@(@@) VALUES ('optimize')")


def _configure(tables: Tables, kind: str, shelf: int, **options: int) -> None:
    for option, value in options.items():
        name = option.replace("_", "-")
        tables.run_on(kind, shelf, "INSERT INTO @@(@@, rank) VALUES (?, ?)", name, value)


def tables_of(session: Session, generation: int) -> list[str]:
    """Return the tables of a generation; those FTS5 keeps for itself go with their owners."""
    found = run(
        session,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB ?",
        f"{prefix(generation)}_*",
    )
    names = sorted(str(name) for (name,) in found)
    return [name for name in names if _TABLE.fullmatch(name)]


def generations(session: Session) -> list[int]:
    """Return the generations that have tables."""
    found = run(
        session, "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'search_*'"
    )
    names = (_TABLE.fullmatch(str(name)) for (name,) in found)
    return sorted({int(name[1]) for name in names if name})

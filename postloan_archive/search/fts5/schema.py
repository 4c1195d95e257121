"""The tables of one generation of the index, and the state that says which one serves."""

import re
import secrets
import sqlite3
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from postloan_archive.search.fts5 import tokens
from postloan_archive.search.normal import folding_version

LAYOUT: Final = "1"  # raise it with every change of the tables or tokens
STATE: Final = "search_state"
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
    """

    serving: int | None
    building: int | None
    cursor: int
    birth: str
    version: str
    building_version: str


def run(session: Session, sql: str, *values: object) -> Rows:
    """Run one statement in the transaction of the session and return its rows."""
    result = session.connection().exec_driver_sql(sql, values)
    return [tuple(row) for row in result] if result.returns_rows else []


def run_many(session: Session, sql: str, rows: Rows) -> None:
    """Run one statement for many rows."""
    if rows:
        session.connection().exec_driver_sql(sql, rows)


def exists(connection: Connection, table: str) -> bool:
    """Return whether the database has the table."""
    found = connection.exec_driver_sql(
        "SELECT 1 FROM sqlite_master WHERE name = ?", (table,)
    ).first()
    return found is not None


def create_state(session: Session) -> None:
    """Make the state table where there is none."""
    run(session, f"CREATE TABLE IF NOT EXISTS {STATE} (key TEXT PRIMARY KEY, value TEXT)")


def read_state(session: Session) -> State | None:
    """Return the state, or None where the index was never made."""
    if not exists(session.connection(), STATE):
        return None
    values = {str(k): str(v) for k, v in run(session, f"SELECT key, value FROM {STATE}")}
    return State(
        serving=int(values["serving"]) if "serving" in values else None,
        building=int(values["building"]) if "building" in values else None,
        cursor=int(values.get("cursor", 0)),
        birth=values.get("birth", ""),
        version=values.get("version", ""),
        building_version=values.get("building_version", ""),
    )


def write_state(session: Session, **values: object) -> None:
    """Set values of the state; None removes one."""
    for key, value in values.items():
        if value is None:
            run(session, f"DELETE FROM {STATE} WHERE key = ?", key)
        else:
            run(session, f"REPLACE INTO {STATE} (key, value) VALUES (?, ?)", key, str(value))


def new_birth() -> str:
    """Return a random name of a generation."""
    return secrets.token_hex(8)


def prefix(generation: int) -> str:
    """Return how the names of the tables of a generation begin."""
    return f"search_{generation}"


def create_generation(session: Session, generation: int) -> None:
    """Make the tables of a generation, without shelves."""
    name = prefix(generation)
    for statement in (
        f"""CREATE TABLE {name}_shelf (shelf INTEGER PRIMARY KEY, lane INTEGER NOT NULL,
            size INTEGER NOT NULL, epoch INTEGER NOT NULL, branches TEXT NOT NULL)""",
        f"""CREATE TABLE {name}_page (row INTEGER PRIMARY KEY, page_id INTEGER NOT NULL,
            document_id INTEGER NOT NULL, loan_no TEXT NOT NULL, branch_id INTEGER NOT NULL,
            category TEXT NOT NULL, item TEXT NOT NULL, media TEXT NOT NULL,
            page_no INTEGER NOT NULL, doc_date INTEGER NOT NULL, title TEXT NOT NULL,
            fields TEXT NOT NULL)""",
        f"CREATE UNIQUE INDEX {name}_page_id ON {name}_page (page_id)",
        f"CREATE INDEX {name}_page_document ON {name}_page (document_id)",
        f"CREATE INDEX {name}_page_loan ON {name}_page (loan_no)",
        f"CREATE TABLE {name}_text (row INTEGER PRIMARY KEY, text TEXT NOT NULL, "
        "source TEXT NOT NULL)",
        f"CREATE TABLE {name}_amount (cents INTEGER NOT NULL, row INTEGER NOT NULL, "
        "PRIMARY KEY (cents, row)) WITHOUT ROWID",
        f"CREATE INDEX {name}_amount_row ON {name}_amount (row)",
    ):
        run(session, statement)


def create_shelf(
    session: Session, generation: int, shelf: int, lane: int, *, bulk: bool
) -> None:
    """Make the FTS5 tables of a shelf; in bulk they are merged once, by `finish_shelf`."""
    name = prefix(generation)
    run(session, f"INSERT INTO {name}_shelf VALUES (?, ?, 0, 0, '')", shelf, lane)
    characters = tokens.PUNCTUATION.replace("'", "''").replace('"', '""')
    for kind, detail in (("gram", "full"), ("char", "none")):
        table = f"{name}_{kind}_{shelf}"
        run(
            session,
            f"CREATE VIRTUAL TABLE {table} USING fts5(t, content='', columnsize=0, "
            f"detail={detail}, tokenize=\"ascii tokenchars '{characters}'\")",
        )
        _configure(session, table, "hashsize", _CACHE_BYTES)
        if PURGES_ITSELF:
            _configure(session, table, "secure-delete", 1)
        if bulk:
            _configure(session, table, "automerge", 0)
            _configure(session, table, "crisismerge", 1_000)


def finish_shelf(session: Session, generation: int, shelf: int) -> None:
    """Merge what was written in bulk, and let the shelf grow in small steps from now on."""
    for kind in ("gram", "char"):
        table = f"{prefix(generation)}_{kind}_{shelf}"
        optimise(session, table)
        _configure(session, table, "automerge", 4)
        _configure(session, table, "crisismerge", 16)


def optimise(session: Session, table: str) -> None:
    """Merge all segments into one; what was deleted is gone afterwards."""
    run(session, f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608 - our own name


def _configure(session: Session, table: str, option: str, value: int) -> None:
    run(session, f"INSERT INTO {table}({table}, rank) VALUES (?, ?)", option, value)  # noqa: S608 - our own name


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

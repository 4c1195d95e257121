"""The tables of one generation of the index, and the state that says which one serves."""

import re
import secrets
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from postloan_archive.search.normal import folding_version

LAYOUT: Final = "1"  # raise it with every change of the tables or tokens
STATE: Final = "search_state"
SHELF_BITS: Final = 14
SHELF: Final = 1 << SHELF_BITS  # pages of a shelf
LANES: Final = 16  # groups of branches
_TABLE: Final = re.compile(r"search_(\d+)_(?:shelf|page|text|amount|term|(?:gram|char)_\d+)")

Rows = list[tuple[Any, ...]]


_ROW: Final = re.compile(r"\brow\b")
_LOCK: Final = 7_305_810_231  # the name of our lock among those of the server, any number


def is_postgresql(session: Session) -> bool:
    """Return whether the session speaks with PostgreSQL; if not, it is SQLite."""
    return session.get_bind().dialect.name == "postgresql"


def name_of(session: Session) -> str:
    """Return the name of the adapter on this database."""
    return "postgresql" if is_postgresql(session) else "fts5"


def version(session: Session) -> str:
    """Return the name of what this program would build."""
    return f"{name_of(session)}-{LAYOUT}-{folding_version()}"


def lock(session: Session) -> None:
    """Let only one transaction at a time change the index; SQLite sees to it by itself."""
    if is_postgresql(session):
        run(session, "SELECT pg_advisory_xact_lock(?)", _LOCK)


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
    result = session.connection().exec_driver_sql(_spoken(session, sql), values)
    return [tuple(row) for row in result] if result.returns_rows else []


def _spoken(session: Session, sql: str) -> str:
    """Return a statement, written for SQLite, as the database of the session takes it."""
    if is_postgresql(session):
        return _ROW.sub('"row"', sql).replace("?", "%s").replace(" WITHOUT ROWID", "")
    return sql


def exists(session: Session, table: str) -> bool:
    """Return whether the database has the table."""
    if is_postgresql(session):
        return run(session, "SELECT to_regclass(?)", table)[0][0] is not None
    return bool(run(session, "SELECT 1 FROM sqlite_master WHERE name = ?", table))


class DamagedError(Exception):
    """The tables of the index contradict one another."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one generation, in the transaction of a session.

    In a statement `@_` stands for how their names begin and `(?*)` for a list of all values:
    nothing else is ever put into the text of a statement.
    """

    session: Session
    generation: int

    def run(self, sql: str, *values: object) -> Rows:
        """Run one statement and return its rows."""
        return run(self.session, self._named(sql, len(values)), *values)

    def run_many(self, sql: str, rows: Rows) -> None:
        """Run one statement for many rows."""
        if rows:
            spoken = _spoken(self.session, self._named(sql))
            self.session.connection().exec_driver_sql(spoken, rows)

    def count_pages(self) -> int:
        """Return the number of pages of the generation."""
        return int(self.run("SELECT count(*) FROM @_page")[0][0])

    def exist(self, *names: str) -> bool:
        """Return whether the database has all of these tables of the generation."""
        name = prefix(self.generation)
        return all(exists(self.session, f"{name}_{table}") for table in names)

    def _named(self, sql: str, values: int = 0) -> str:
        holes = ",".join("?" * values)
        return sql.replace("(?*)", f"({holes})").replace("@_", f"{prefix(self.generation)}_")


def create_state(session: Session) -> None:
    """Make the state table where there is none."""
    run(
        session,
        "CREATE TABLE IF NOT EXISTS search_state (key TEXT PRIMARY KEY, value TEXT)",
    )


def read_state(session: Session) -> State | None:
    """Return the state, or None where the index was never made."""
    if not exists(session, STATE):
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
            run(
                session,
                "INSERT INTO search_state (key, value) VALUES (?, ?) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                key,
                str(value),
            )


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
        """CREATE TABLE @_page (row INTEGER PRIMARY KEY, page_id BIGINT NOT NULL,
            document_id BIGINT NOT NULL, loan_no TEXT NOT NULL, branch_id BIGINT NOT NULL,
            category TEXT NOT NULL, item TEXT NOT NULL, media TEXT NOT NULL,
            page_no INTEGER NOT NULL, doc_date INTEGER NOT NULL, title TEXT NOT NULL,
            fields TEXT NOT NULL)""",
        "CREATE UNIQUE INDEX @_page_id ON @_page (page_id)",
        "CREATE INDEX @_page_document ON @_page (document_id)",
        "CREATE INDEX @_page_loan ON @_page (loan_no)",
        """CREATE TABLE @_text (row INTEGER PRIMARY KEY, text TEXT NOT NULL,
            source TEXT NOT NULL)""",
        """CREATE TABLE @_amount (cents BIGINT NOT NULL, row INTEGER NOT NULL,
            PRIMARY KEY (cents, row)) WITHOUT ROWID""",
        "CREATE INDEX @_amount_row ON @_amount (row)",
    ):
        tables.run(statement)


def tables_of(session: Session, generation: int) -> list[str]:
    """Return the tables of a generation; those FTS5 keeps for itself go with their owners."""
    begin = f"{prefix(generation)}_"
    return [name for name in _tables(session) if name.startswith(begin)]


def generations(session: Session) -> list[int]:
    """Return the generations that have tables."""
    matches = (_TABLE.fullmatch(name) for name in _tables(session))
    return sorted({int(found[1]) for found in matches if found})


def _tables(session: Session) -> list[str]:
    if is_postgresql(session):
        sql = "SELECT tablename FROM pg_tables WHERE starts_with(tablename, ?)"
    else:
        sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) = ?"
    names = sorted(str(name) for (name,) in run(session, sql, "search_"))
    return [name for name in names if _TABLE.fullmatch(name)]

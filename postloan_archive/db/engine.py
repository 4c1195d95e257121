"""The engine: SQLite in WAL mode by default, PostgreSQL by one setting."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session

from postloan_archive.db.turnstile import turnstile

QUEUE = "-queue"  # behind the name of the database: where writers stand in line
BUSY_TIMEOUT_MS = 90_000  # an import of 100,000 loans may write for half a minute
CACHE_KB = (
    32 * 1024
)  # of pages, a connection; the default of 2 MB reads indexes again and again


def create_database_engine(url: str) -> Engine:
    """Return an engine whose transactions on SQLite start as writers.

    A unit of work that will write must hold the write lock before it reads the head of the
    audit chain; `BEGIN IMMEDIATE` does that and turns lock upgrades, which fail, into waits.
    """
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin)
    return engine


def new_session(engine: Engine) -> Session:
    """Return a session whose rows stay readable after the commit."""
    return Session(engine, expire_on_commit=False, autoflush=True)


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        f"cache_size = {-CACHE_KB}",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy passes its own connection
    if connection.get_execution_options().get("read_only", False):
        connection.exec_driver_sql("BEGIN")
        return
    name = connection.engine.url.database
    queue = None if name in {None, "", ":memory:"} else Path(f"{name}{QUEUE}")
    with turnstile(queue):
        connection.exec_driver_sql("BEGIN IMMEDIATE")

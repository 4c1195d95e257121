"""One dialect of SQLite for all engines of a test run, so that a statement is compiled once.

SQLAlchemy keeps compiled statements by engine and by dialect. A test has an engine of its own,
so each would compile the same statements again; dialects that are equal share them.
"""

from typing import Any, ClassVar

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache


class OneDialect(SQLiteDialect_pysqlite):
    """Equal to every other of its kind: no engine of ours has options of its own."""

    supports_statement_cache = True
    compiled: ClassVar[LRUCache[Any, Any]] = LRUCache(4_000)

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        """Give the engine the statements that others compiled."""
        engine.update_execution_options(compiled_cache=cls.compiled)

    def __eq__(self, other: object) -> bool:
        """Return whether the other speaks the same SQL."""
        return isinstance(other, OneDialect)

    def __hash__(self) -> int:
        """Return the same number for all."""
        return hash(OneDialect)


def install() -> None:
    """Let every engine on SQLite of this process use it."""
    registry.register("sqlite", __name__, OneDialect.__name__)

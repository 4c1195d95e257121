"""Creating and migrating the schema; refusing to work on one that is not current."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from postloan_archive.kernel.errors import ConflictError, _l

MIGRATIONS: Final = Path(__file__).parent / "migrations"
VERSIONS: Final = MIGRATIONS / "versions"


class SchemaNotCurrentError(ConflictError):
    """The database is empty or older than the program."""

    next_step = _l("请先运行 postloan init。")

    def __init__(self, *, found: str, wanted: str) -> None:
        super().__init__(
            _l("数据库版本为 {found}，程序需要 {wanted}。"), found=found, wanted=wanted
        )


class LostReferenceError(ConflictError):
    """A migration left rows that point to rows which no longer exist; it is rolled back."""

    next_step = _l("数据未改动；请保留备份并联系开发方。")

    def __init__(self, *, table: str, points_to: str) -> None:
        super().__init__(
            _l("升级后表 {table} 有记录指向不存在的 {points_to}，已回退。"),
            table=table,
            points_to=points_to,
        )


def migrate(engine: Engine) -> None:
    """Bring the database up to the newest revision; creates it where it is empty."""
    config = alembic_config()
    with engine.connect() as connection, _free_of_references(connection), connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _check_references(connection)


@contextmanager
def _free_of_references(connection: Connection) -> Iterator[None]:
    """Let SQLite replace a table that others point to: it knows no other way to change one."""
    driver = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite" or driver is None:
        yield
        return
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _check_references(connection: Connection) -> None:
    """Refuse a migration that left a row pointing nowhere."""
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if lost is not None:
            raise LostReferenceError(table=lost[0], points_to=lost[2])


def current_revision(engine: Engine) -> str | None:
    """Return the revision of the database, None where it was never created."""
    with engine.connect().execution_options(read_only=True) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def ensure_current(engine: Engine) -> None:
    """Refuse a database that this program does not fit.

    Raises:
        SchemaNotCurrentError: `postloan init` has to run first.
    """
    wanted = ScriptDirectory.from_config(alembic_config()).get_current_head()
    found = current_revision(engine)
    if found != wanted:
        raise SchemaNotCurrentError(found=found or _l("空"), wanted=str(wanted))


def alembic_config() -> Config:
    """Return the configuration of Alembic; the caller adds the connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config

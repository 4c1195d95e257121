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


class DanglingRowsError(ConflictError):
    """After a migration rows would point to rows that are not there."""

    next_step = _l("数据库未作更改；请保留备份并联系维护人员。")

    def __init__(self, *, tables: str) -> None:
        super().__init__(_l("升级后下列表中有指向不存在记录的行：{tables}。"), tables=tables)


def migrate(engine: Engine) -> None:
    """Bring the database up to the newest revision; creates it where it is empty.

    SQLite changes a table by writing it anew: the old one is dropped while rows of others
    point to it. Foreign keys are therefore not looked at meanwhile, and all of them at the end.

    Raises:
        DanglingRowsError: a migration left rows that point nowhere; nothing is changed.
    """
    config = alembic_config()
    with engine.connect() as connection, _unwatched(connection), connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _check_references(connection)


@contextmanager
def _unwatched(connection: Connection) -> Iterator[None]:
    """Let SQLite look away from foreign keys; only outside a transaction can it be told so."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None  # the connection is open
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    found = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if found:
        tables = "、".join(sorted({str(row[0]) for row in found}))
        raise DanglingRowsError(tables=tables)


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

"""Creating and migrating the schema; refusing to work on one that is not current."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

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


def migrate(engine: Engine) -> None:
    """Bring the database up to the newest revision; creates it where it is empty."""
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


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

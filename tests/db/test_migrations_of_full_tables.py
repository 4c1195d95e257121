"""Each migration meets tables that hold rows which point to one another."""

import re

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, inspect

from postloan_archive.db import create_database_engine, schema

FIRST_RELEASED = "0033"


FIRST_ALLOWED = re.compile(r"(\w+) IN \('([^']*)'")


def one_row_each(connection, tables):
    """Put a row with the id 1 into every table, each reference pointing to another's row 1."""
    for table in tables:
        checks = inspect(connection).get_check_constraints(table.name)
        allowed = dict(pair for one in checks for pair in FIRST_ALLOWED.findall(one["sqltext"]))
        values = {}
        for column in table.columns:
            kind = str(column.type).upper()
            if column.name in allowed:
                values[column.name] = allowed[column.name]
            elif column.primary_key or column.foreign_keys or "INT" in kind:
                values[column.name] = 1
            elif column.nullable:
                continue
            elif "JSON" in kind:
                values[column.name] = "[]"
            elif "DATE" in kind:
                values[column.name] = "2026-03-05 00:00:00" if "TIME" in kind else "2026-03-05"
            elif "BOOL" in kind:
                values[column.name] = 0
            elif "BLOB" in kind or "BINARY" in kind:
                values[column.name] = b""
            else:
                values[column.name] = "1"
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join("?" for _name in values)
        connection.exec_driver_sql(
            f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})',  # noqa: S608 - our own names
            tuple(values.values()),
        )


@pytest.fixture
def engine(tmp_path):
    engine = create_database_engine(f"sqlite:///{tmp_path / 'old.db'}")
    config = schema.alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST_RELEASED)
    yield engine
    engine.dispose()


def test_no_row_is_lost_and_references_are_watched_again(engine):
    found = MetaData()
    found.reflect(engine)
    tables = [
        table
        for name, table in found.tables.items()
        if not name.startswith(("alembic", "fts", "search", "audit")) and "_fts" not in name
    ]
    with engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        driver.execute("PRAGMA ignore_check_constraints = ON")
        with connection.begin():
            one_row_each(connection, tables)
        driver.execute("PRAGMA ignore_check_constraints = OFF")
        driver.execute("PRAGMA foreign_keys = ON")
    schema.migrate(engine)
    head = ScriptDirectory.from_config(schema.alembic_config()).get_current_head()
    assert schema.current_revision(engine) == head
    kept = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        for table in tables:
            if table.name in kept:
                query = f'SELECT count(*) FROM "{table.name}"'  # noqa: S608 - our own names
                assert connection.exec_driver_sql(query).scalar(), table.name
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").first() is None

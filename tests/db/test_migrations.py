"""The migrations: one line of them, and at its end exactly what the models say."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, inspect

from postloan_archive.db import Model, create_database_engine
from postloan_archive.db.schema import (
    alembic_config,
    current_revision,
    ensure_current,
    migrate,
)
from postloan_archive.loans.importing.undoing import ROOTS
from tests.every_model import mappers

INDEXED = (PrimaryKeyConstraint, UniqueConstraint)


def test_there_is_one_newest_migration():
    heads = ScriptDirectory.from_config(alembic_config()).get_heads()
    assert len(heads) == 1, "let the younger one follow the other: see down_revision"


def is_ours(name, kind, _parents):
    """The index of the search makes its tables itself."""
    return not (kind == "table" and str(name).startswith("search"))


def test_the_migrations_make_what_the_models_say(system):
    """Columns, types, nullability, keys, unique sets and indexes of every table."""
    assert mappers()
    with system.engine.connect() as connection:
        options = {"compare_type": True, "include_name": is_ours}
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, Model.metadata)
    assert differences == []


def test_the_checks_of_the_models_are_in_the_database(system):
    assert mappers()
    found = inspect(system.engine)
    for table in Model.metadata.sorted_tables:
        wanted = {
            str(one.name)
            for one in table.constraints
            if type(one).__name__ == "CheckConstraint" and one.name
        }
        named = {str(one["name"]) for one in found.get_check_constraints(table.name)}
        assert wanted <= named, table.name


def test_what_points_to_the_ledger_is_indexed():
    """Else each customer, loan or guarantee that goes reads whole tables that point to it."""
    assert mappers()
    ledger = {model.__tablename__ for model in ROOTS}
    bare = []
    for table in Model.metadata.sorted_tables:
        indexed = (
            *table.indexes,
            *(one for one in table.constraints if isinstance(one, INDEXED)),
        )
        first = {next(iter(one.columns)).name for one in indexed if one.columns}
        bare += [
            f"{table.name}.{key.parent.name}"
            for key in table.foreign_keys
            if key.column.table.name in ledger and key.parent.name not in first
        ]
    assert bare == []


def test_a_migrated_database_is_current(system):
    ensure_current(system.engine)
    assert current_revision(system.engine)


def test_a_table_that_others_point_to_is_written_anew_with_its_rows(tmp_path):
    """0055 and later write `notice_runs` anew while letters point to its rows."""
    engine = create_database_engine(f"sqlite:///{tmp_path / 'old.db'}")
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0033")
        fill_least(connection, "notice_runs")
        fill_least(connection, "branches")
        fill_least(connection, "customers", branch_id=1)
        fill_least(connection, "contracts", customer_id=1)
        fill_least(connection, "loans", contract_id=1, customer_id=1, branch_id=1)
        fill_least(connection, "notices", run_id=1, loan_id=1, branch_id=1, addressee_id=1)
    migrate(engine)
    ensure_current(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT run_id FROM notices").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


WORDS = {  # what the checks of these tables let in
    "kind": "person",
    "repayment_method": "bullet",
    "day_basis": 360,
    "principal": 100,
    "state": "draft",
}


def fill_least(connection, table, **values):
    """Put in one row: what is not given is the least that the column takes."""
    columns = inspect(connection).get_columns(table)
    row = {}
    for column in columns:
        name = column["name"]
        if name in values or (column["nullable"] and name not in WORDS):
            row[name] = values.get(name)
        elif name == "id":
            row[name] = 1
        elif name in WORDS:
            row[name] = WORDS[name]
        else:
            row[name] = LEAST[type(column["type"]).__name__]
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" for _name in row)
    connection.exec_driver_sql(
        f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - names of ours
        tuple(row.values()),
    )


LEAST = {
    "TEXT": "x",
    "INTEGER": 1,
    "BIGINT": 1,
    "DATE": "2026-01-01",
    "DATETIME": "2026-01-01 00:00:00.000000",
    "BOOLEAN": 0,
    "JSON": "[]",
    "NUMERIC": 1,
}

"""The migrations: one line of them, and at its end exactly what the models say."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from postloan_archive.db import Model
from postloan_archive.db.schema import alembic_config, current_revision, ensure_current
from tests.every_model import mappers


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


def test_a_migrated_database_is_current(system):
    ensure_current(system.engine)
    assert current_revision(system.engine)

"""Alembic runs this with the connection that `db.schema.migrate` opened."""

from alembic import context
from sqlalchemy.types import TypeDecorator

from postloan_archive.db import Model

connection = context.config.attributes["connection"]


def _render(kind: str, item: object, autogen: object) -> str | bool:
    """Write a column type of ours as what it is in the database: a migration stays as it is."""
    del autogen
    if kind == "type" and isinstance(item, TypeDecorator):
        if type(item).__module__.startswith("postloan_archive."):
            return f"sa.{type(item.impl_instance).__name__}()"
    return False


context.configure(
    connection=connection,
    target_metadata=Model.metadata,
    render_as_batch=True,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()

"""Alembic runs this with the connection that `db.schema.migrate` opened."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator

from postloan_archive.db import Model

connection = context.config.attributes["connection"]


def _render(
    kind: str,
    item: Any,  # noqa: ANN401 - whatever a migration can hold, as Alembic has it
    autogen: AutogenContext,
) -> str | Literal[False]:
    """Write a column type of ours as what it is in the database: a migration stays as it is."""
    del autogen
    ours = type(item).__module__.startswith("postloan_archive.")
    if kind == "type" and isinstance(item, TypeDecorator) and ours:
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

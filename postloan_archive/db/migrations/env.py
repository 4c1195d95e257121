"""Alembic runs this with the connection that `db.schema.migrate` opened."""

from alembic import context

from postloan_archive.db import Model

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Model.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()

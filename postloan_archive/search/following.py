"""Which adapter follows the database: one that comes back after another must be rebuilt."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    MetaData,
    Table,
    Text,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.orm import Session

_METADATA: Final = MetaData()
_ADAPTER: Final = Table(
    "search_adapter",
    _METADATA,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
)


def take_over(session: Session, name: str) -> bool:
    """Note the adapter in use; return whether another one was in use before."""
    if not inspect(session.connection()).has_table(_ADAPTER.name):
        _METADATA.create_all(session.connection())
        session.execute(insert(_ADAPTER).values(id=1, name=name))
        return False
    before: str = session.scalars(select(_ADAPTER.c.name)).one()
    if before != name:
        session.execute(update(_ADAPTER).values(name=name))
    return before != name

"""The rows of an import on their way into the tables: gathered, then written in bulk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Dialect, Insert, Table, insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from postloan_archive.db import Model
from postloan_archive.loans.models import (
    Collateral,
    Contract,
    Customer,
    DeliveredBalance,
    Guarantee,
    Instalment,
    Loan,
    Payment,
)
from postloan_archive.loans.registering import Row

ORDER: Final[tuple[type[Model], ...]] = (  # a row follows the ones that it points to
    Customer,
    Contract,
    Loan,
    Instalment,
    Guarantee,
    Collateral,
    Payment,
    DeliveredBalance,
)
Rows = dict[type[Model], list[Row]]


def no_rows() -> Rows:
    """Return an empty list for each table."""
    return {model: [] for model in ORDER}


def add_rows(rows: Rows, more: Mapping[type[Model], list[Row]]) -> None:
    """Put rows behind the ones that wait."""
    for model, some in more.items():
        rows[model] += some


@dataclass(frozen=True, slots=True)
class Bound:
    """Rows of one table as the driver takes them; `rows` are mappings where it takes names."""

    statement: Insert
    sql: str  # empty: the driver takes values by name
    rows: Sequence[Any]


def bound_rows(dialect: Dialect, rows: Rows) -> list[Bound]:
    """Return what waits as the driver takes it: a statement a table and set of columns.

    This is done before the write lock is asked for.
    """
    made = []
    for model in ORDER:
        by_columns: dict[tuple[str, ...], list[Row]] = {}
        for row in rows[model]:
            by_columns.setdefault(tuple(row), []).append(row)
        made += [
            _bound(dialect, Model.metadata.tables[model.__tablename__], columns, some)
            for columns, some in by_columns.items()
        ]
    return made


def write_rows(session: Session, rows: Sequence[Bound]) -> None:
    """Insert bound rows in their order."""
    connection = session.connection()
    for some in rows:
        if some.sql:
            connection.exec_driver_sql(some.sql, list(some.rows))
        else:
            connection.execute(some.statement, list(some.rows))


def _bound(
    dialect: Dialect, table: Table, columns: Sequence[str], rows: Sequence[Row]
) -> Bound:
    """Bind rows of the same columns.

    SQLAlchemy walks the dictionary of each row several times. Where the driver takes values by
    place, as SQLite does, each column is bound as a whole instead, by the same processors.
    """
    statement = insert(table)
    made = statement.compile(dialect=dialect, column_keys=list(columns))
    assert isinstance(made, SQLCompiler)  # an INSERT is not DDL
    defaults = {
        column.name: column.default.arg
        for column in made.insert_prefetch
        if isinstance(column.default, ScalarElementColumnDefault)
    }
    if made.positiontup is None or len(defaults) < len(made.insert_prefetch):
        return Bound(statement, "", rows)
    bound = []
    for name in made.positiontup:
        process = table.c[name].type.bind_processor(dialect)
        if name in defaults:
            value = process(defaults[name]) if process else defaults[name]
            bound.append([value] * len(rows))
        elif process:
            bound.append([process(row[name]) for row in rows])
        else:
            bound.append([row[name] for row in rows])
    return Bound(statement, str(made), list(zip(*bound, strict=True)))

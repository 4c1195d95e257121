"""The rows of an import on their way into the tables: gathered, then written in bulk."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

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


def write_rows(session: Session, rows: Rows) -> None:
    """Insert what waits, a statement a table and set of columns, and empty the lists."""
    connection = session.connection()
    for model in ORDER:
        by_columns: dict[tuple[str, ...], list[Row]] = {}
        for row in rows[model]:
            by_columns.setdefault(tuple(row), []).append(row)
        for some in by_columns.values():
            connection.execute(insert(Model.metadata.tables[model.__tablename__]), some)
        rows[model] = []

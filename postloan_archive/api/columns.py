"""A row of a table as JSON: its columns by name, without the numbers that only we use."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import inspect

from postloan_archive.api.replies import plain
from postloan_archive.db import Model

INNER: Final = frozenset({"loan_id", "branch_id", "customer_id", "branch_ids", "loan_ids"})


def columns_of(rows: Iterable[Model]) -> list[dict[str, Any]]:
    """Return each row by the names of its columns; call while the rows are loaded."""
    return [
        {
            one.key: plain(getattr(row, one.key))
            for one in inspect(type(row)).column_attrs
            if one.key not in INNER
        }
        for row in rows
    ]

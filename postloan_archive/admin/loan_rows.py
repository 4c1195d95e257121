"""Every row that belongs to one loan, whichever capability keeps it, by foreign keys."""

from typing import Any, Final

from sqlalchemy import Column, Table, select
from sqlalchemy.orm import Session

from postloan_archive.db import Model

Rows = dict[str, list[dict[str, Any]]]
AT_ONCE: Final = 500
LEFT_OUT: Final = frozenset(  # people and their secrets, and text that is derived from files
    {"users", "role_assignments", "user_sessions", "pages", "jobs"}
)


def rows_of_loan(session: Session, loan_id: int) -> Rows:
    """Return the rows by table: first what hangs on the loan, then what those rows name.

    Rows are found downwards from the loan (its documents, cases, letters and what hangs on
    them) and upwards from each (contract, customers, branch), never down again from a row
    that several loans share.
    """
    found = _Found(session)
    found.add(Model.metadata.tables["loans"], "id", [loan_id])
    found.go_down()
    found.go_up()
    return found.rows


class _Found:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._seen: dict[str, set[Any]] = {}
        self._fresh: list[tuple[Table, list[Any]]] = []
        self.rows: Rows = {}

    def go_down(self) -> None:
        """Follow the foreign keys that point to what was found."""
        while self._fresh:
            parent, ids = self._fresh.pop()
            for table in Model.metadata.sorted_tables:
                for column in table.columns:
                    if _points_to(column) is parent:
                        self.add(table, column.name, ids)

    def go_up(self) -> None:
        """Fetch what the rows found name, and what those name in turn."""
        self._fresh = []
        waiting = [(Model.metadata.tables[name], rows) for name, rows in self.rows.items()]
        while waiting:
            table, rows = waiting.pop()
            for column in table.columns:
                parent = _points_to(column)
                if parent is None:
                    continue
                ids = {row[column.name] for row in rows} - {None}
                added = self.add(parent, "id", sorted(ids))
                if added:
                    waiting.append((parent, added))

    def add(self, table: Table, column: str, values: list[Any]) -> list[dict[str, Any]]:
        """Fetch the rows whose column has one of the values; return those that are new."""
        if table.name in LEFT_OUT or "id" not in table.columns:
            return []
        seen = self._seen.setdefault(table.name, set())
        new: list[dict[str, Any]] = []
        for start in range(0, len(values), AT_ONCE):
            part = values[start : start + AT_ONCE]
            query = select(table).where(table.columns[column].in_(part)).order_by(table.c.id)
            for row in self._session.execute(query).mappings():
                if row["id"] not in seen:
                    seen.add(row["id"])
                    new.append(dict(row))
        if new:
            self.rows.setdefault(table.name, []).extend(new)
            self._fresh.append((table, [row["id"] for row in new]))
        return new


def _points_to(column: Column[Any]) -> Table | None:
    """Return the table whose id the column names, if any."""
    for key in column.foreign_keys:
        if key.column.name == "id":
            return key.column.table
    return None

"""The tables of the trail and the triggers that let them only grow."""

from datetime import datetime
from typing import Annotated, Final

from sqlalchemy import DDL, Dialect, Text, event
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from postloan_archive.audit.line import moment_text
from postloan_archive.db import Model


class MomentType(TypeDecorator[datetime]):
    """Aware moments in Python, the very text that is hashed in the database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Return the hashed text."""
        del dialect
        return None if value is None else moment_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Return an aware moment."""
        del dialect
        return None if value is None else datetime.fromisoformat(value)


Moment = Annotated[datetime, mapped_column(MomentType)]


class AuditRow(Model):
    """One line of the trail; `line.AuditLine` is its frozen form."""

    __tablename__ = "audit_lines"
    # AUTOINCREMENT makes SQLite remember the highest number ever given.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's own name

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[Moment]
    actor: Mapped[str] = mapped_column(index=True)
    user_id: Mapped[int | None]
    event: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(index=True)
    facts: Mapped[str]
    origin: Mapped[str]
    address: Mapped[str]
    request_id: Mapped[str]
    prev_hash: Mapped[str]
    hash: Mapped[str]


class CheckpointRow(Model):
    """A signed head of the trail."""

    __tablename__ = "audit_checkpoints"

    id: Mapped[int] = mapped_column(primary_key=True)
    tree_size: Mapped[int]
    root: Mapped[str]
    at: Mapped[Moment]
    key_id: Mapped[str]
    signature: Mapped[str]
    public_key: Mapped[str]


class BlockRow(Model):
    """The root of 256 lines that will never change: makes proofs quick, can be rebuilt."""

    __tablename__ = "audit_blocks"

    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str]


TABLES: Final = ("audit_lines", "audit_checkpoints", "audit_blocks")

_IN_ORDER: Final = (
    "CREATE TRIGGER audit_lines_in_order BEFORE INSERT ON audit_lines "
    "WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit_lines) "
    "BEGIN SELECT RAISE(ABORT, 'audit_lines: lines follow one another'); END"
)


def trigger_names(dialect: str) -> frozenset[str]:
    """Return the triggers that must be there; `verify` reports a missing one."""
    actions = (
        ("update", "delete", "truncate") if dialect == "postgresql" else ("update", "delete")
    )
    names = {f"{table}_no_{action}" for table in TABLES for action in actions}
    return frozenset(names | ({"audit_lines_in_order"} if dialect == "sqlite" else set()))


def trigger_statements(dialect: str, table: str) -> tuple[str, ...]:
    """Return what makes the table append-only, for `create_all` and for migrations."""
    message = f"{table}: lines are never changed"
    if dialect == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        triggers = [
            f"CREATE TRIGGER {table}_no_{action} BEFORE {action.upper()} ON {table} {refuse}"
            for action in ("update", "delete")
        ]
        return (*triggers, _IN_ORDER) if table == "audit_lines" else tuple(triggers)
    body = f"BEGIN RAISE EXCEPTION '{message}'; END"
    function = f"FUNCTION {table}_refuse()"
    return (
        f"CREATE OR REPLACE {function} RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        *(
            f"CREATE TRIGGER {table}_no_{action} BEFORE {action.upper()} ON {table} "
            f"FOR EACH STATEMENT EXECUTE {function}"
            for action in ("update", "delete", "truncate")
        ),
    )


for _table in TABLES:
    for _dialect in ("sqlite", "postgresql"):
        for _statement in trigger_statements(_dialect, _table):
            _ddl = DDL(  # type: ignore[no-untyped-call]  # SQLAlchemy has no types for it
                _statement.replace("%", "%%")
            )
            event.listen(
                Model.metadata.tables[_table],
                "after_create",
                _ddl.execute_if(dialect=_dialect),
            )

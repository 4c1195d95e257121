"""Ledgers that were uploaded, with what was found in them and what became of them."""

from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model
from postloan_archive.db.model import Utc, UtcOrNone


class LedgerImport(Model):
    """One uploaded workbook; its bytes are in the vault, `report` is the newest result.

    What it entered carries its id: customers, contracts, loans, payments, delivered balances.
    """

    __tablename__ = "ledger_imports"
    __table_args__ = (
        CheckConstraint(
            "state IN ('checking', 'checked', 'applying', 'applied', 'refused', 'undone')",
            name="state",
        ),
        Index("ix_ledger_imports_by", "created_by", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    state: Mapped[str] = mapped_column(default="checking")
    message: Mapped[str] = mapped_column(default="")  # why it could not be read, Chinese
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)  # see loans.importing.batches
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)  # see loans.importing.mapping
    job_id: Mapped[int | None]  # the job that works on it; finished ones are cleared away
    created_by: Mapped[str]  # user name
    branch_ids: Mapped[list[Any] | None]  # of the person at the time; None: all
    created_at: Mapped[Utc]
    applied_at: Mapped[UtcOrNone]
    undone_at: Mapped[UtcOrNone]
    undone_by: Mapped[str] = mapped_column(default="")  # user name


class LedgerMapping(Model):
    """What the headings of one source mean, kept for its next ledger."""

    __tablename__ = "ledger_mappings"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)  # of the source, such as 核心系统日报
    headings: Mapped[dict[str, Any]]  # see loans.importing.mapping
    created_by: Mapped[str]  # user name
    created_at: Mapped[Utc]
    used_at: Mapped[UtcOrNone]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict


class RetiredId(Model):
    """The highest id that an undone import had given out: audit lines name it for good."""

    __tablename__ = "retired_ids"

    table: Mapped[str] = mapped_column(primary_key=True)
    last_id: Mapped[int]

"""Ledgers that were uploaded, with what was found in them and what became of them."""

from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model
from postloan_archive.db.model import Utc, UtcOrNone


class LedgerImport(Model):
    """One uploaded workbook; its bytes are in the vault, `report` is the newest result."""

    __tablename__ = "ledger_imports"
    __table_args__ = (
        CheckConstraint(
            "state IN ('checking', 'checked', 'applying', 'applied', 'refused')", name="state"
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
    job_id: Mapped[int | None]  # the job that works on it; finished ones are cleared away
    created_by: Mapped[str]  # user name
    branch_ids: Mapped[list[Any] | None]  # of the person at the time; None: all
    created_at: Mapped[Utc]
    applied_at: Mapped[UtcOrNone]

"""What the rolling check of the vault knows of each stored file; loan files that left."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model
from postloan_archive.db.model import Utc, UtcOrNone


class VaultCheck(Model):
    """When a stored file was last read and what was found; one row a digest."""

    __tablename__ = "vault_checks"
    __table_args__ = (
        CheckConstraint(
            "state IN ('good', 'changed', 'missing', 'unreadable', 'waiting')",
            name="state",
        ),
        Index("ix_vault_checks_state", "state"),
    )

    sha256: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default="waiting")  # waiting: not read so far
    checked_at: Mapped[UtcOrNone]  # None comes first: read as soon as there is time
    first_seen_at: Mapped[Utc]


class FileExport(Model):
    """Loan files that left, or are to leave, as BagIt in one zip; kept for ever as a record.

    The zip itself lies in `exports/` for some days; its row names loan files by number and
    papers by digest, so that nothing of their text stays when they are destroyed.
    """

    __tablename__ = "file_exports"
    __table_args__ = (
        CheckConstraint(
            "state IN ('proposed', 'running', 'done', 'refused', 'withdrawn', 'cleared')",
            name="state",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    export_no: Mapped[str] = mapped_column(unique=True)
    reason: Mapped[str]
    recipient: Mapped[str]
    lines: Mapped[list[Any]]  # loan_no, archive_no, papers: digests; then the result
    digest: Mapped[str]  # over all of this; what the second person approves
    state: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[Utc]
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[UtcOrNone] = mapped_column(default=None)
    note: Mapped[str] = mapped_column(default="")
    job_id: Mapped[int | None] = mapped_column(default=None)
    size: Mapped[int] = mapped_column(BigInteger, default=0)  # bytes of the zip
    zip_digest: Mapped[str] = mapped_column(default="")  # SHA-256 of the zip
    finished_at: Mapped[UtcOrNone] = mapped_column(default=None)
    taken: Mapped[int] = mapped_column(default=0)  # how often it was handed out

"""What the rolling check of the vault knows of each stored file."""

from sqlalchemy import CheckConstraint, Index
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

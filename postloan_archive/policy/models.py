"""Editions of the settings of the rules; the newest counts, older ones stay."""

from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model
from postloan_archive.db.model import Utc


class PolicyEdition(Model):
    """All settings as one person left them, with the reason for the change."""

    __tablename__ = "law_policies"
    __table_args__ = (
        UniqueConstraint("edition"),
        CheckConstraint("edition >= 1", name="edition_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[int]
    settings: Mapped[dict[str, Any]]  # name of the setting to its JSON value
    reason: Mapped[str]
    changed_by: Mapped[str]
    changed_at: Mapped[Utc]

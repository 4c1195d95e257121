"""Replies kept so that a repeated request is answered, not done again."""

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model
from postloan_archive.db.model import Utc


class ApiReply(Model):
    """What was answered to the request of one `Idempotency-Key` of one caller."""

    __tablename__ = "api_replies"
    __table_args__ = (UniqueConstraint("caller", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    caller: Mapped[str]  # public id of the key of the program
    key: Mapped[str]
    request_digest: Mapped[str]  # SHA-256 of method, path and body
    status: Mapped[int]
    body: Mapped[dict[str, Any]]
    created_at: Mapped[Utc]

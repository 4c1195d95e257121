"""Files on their way in, before their bytes are in the vault."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model
from postloan_archive.db.model import Utc, UtcOrNone


class Arrival(Model):
    """One file seen in the watched folder, or being sent by a browser or a telephone.

    A zip is one arrival with many members; `members` of them are stored, so that a stop in the
    middle goes on where it was.
    """

    __tablename__ = "arrivals"
    __table_args__ = (
        CheckConstraint(
            "state IN ('coming', 'ready', 'taken', 'failed', 'given_up')", name="state"
        ),
        Index("ix_arrivals_place", "channel", "place"),
        Index("ix_arrivals_open", "channel", "removed", "state"),
        Index("ix_arrivals_batch", "batch_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]  # folder, upload, phone
    place: Mapped[str]  # folder: the quoted path below it; else the name of the part file
    name: Mapped[str]  # as people read it
    size: Mapped[int] = mapped_column(BigInteger)  # bytes: as seen, or as announced
    mtime_ns: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[str] = mapped_column(default="coming")
    message: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    members: Mapped[int] = mapped_column(default=0)
    removed: Mapped[bool] = mapped_column(default=False)  # no longer where it arrived
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("intake_batches.id"))
    loan_no: Mapped[str] = mapped_column(default="")
    item_code: Mapped[str] = mapped_column(default="")
    by_number: Mapped[bool] = mapped_column(default=False)  # its name tells the loan file
    sender: Mapped[str] = mapped_column(default="")  # user name, or the program
    branch_ids: Mapped[list[Any] | None]  # what the sender may see; None: all
    seen_at: Mapped[Utc]  # since when it has this size and this time
    taken_at: Mapped[UtcOrNone]


class PhoneLink(Model):
    """A way in for one telephone: opened once by a QR code, for one person, slot and while."""

    __tablename__ = "phone_links"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_phone_links_key", "key_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str]  # of what the QR code holds; SHA-256
    key_hash: Mapped[str] = mapped_column(default="")  # of the cookie of the telephone
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    batch_id: Mapped[int] = mapped_column(ForeignKey("intake_batches.id"))
    loan_no: Mapped[str] = mapped_column(default="")
    item_code: Mapped[str] = mapped_column(default="")
    shots: Mapped[list[Any]] = mapped_column(default=list)  # ids of files, in their order
    made_at: Mapped[Utc]
    expires_at: Mapped[Utc]
    opened_at: Mapped[UtcOrNone]
    closed_at: Mapped[UtcOrNone]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

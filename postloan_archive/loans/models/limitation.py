"""What interrupts a limitation period or exercises a right against a guarantor."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model
from postloan_archive.db.model import Utc


class LimitationEvent(Model):
    """An event with its evidence level (R-D05); only a confirmed one moves a clock.

    `guarantee_id` is None where the event concerns the debtor. A wrong row is struck, never
    deleted: `struck_reason` says why.
    """

    __tablename__ = "limitation_events"
    __table_args__ = (
        CheckConstraint("level IN ('A', 'B', 'C', 'D')", name="level"),
        Index("ix_limitation_events_loan", "loan_id", "happened_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    guarantee_id: Mapped[int | None] = mapped_column(ForeignKey("guarantees.id"), index=True)
    kind: Mapped[str]  # demand, acknowledgement, payment, suit, arbitration, enforcement
    happened_on: Mapped[date]
    ended_on: Mapped[date | None]  # last day of a procedure; None: pending, or no procedure
    level: Mapped[str]  # A, B, C, D
    channel: Mapped[str] = mapped_column(default="")
    document_id: Mapped[int | None]  # the paper that proves it; archive checks that it exists
    note: Mapped[str] = mapped_column(default="")
    confirmed_by: Mapped[str] = mapped_column(default="")
    confirmed_at: Mapped[Utc | None]
    struck_reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[Utc]

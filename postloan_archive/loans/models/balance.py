"""Balances as the core system delivered them, to be compared with what is derived."""

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model, Yuan, YuanOrNone


class DeliveredBalance(Model):
    """What the core system says of one loan at the end of one day; None: it says nothing."""

    __tablename__ = "delivered_balances"
    __table_args__ = (
        UniqueConstraint("loan_id", "day"),
        Index("ix_delivered_balances_day", "day", "loan_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    day: Mapped[date]
    balance: Mapped[Yuan]  # principal not repaid
    interest_due: Mapped[YuanOrNone]
    penalty: Mapped[YuanOrNone]
    compound: Mapped[YuanOrNone]
    overdue_days: Mapped[int | None]
    import_id: Mapped[int | None] = mapped_column(index=True)  # the import that brought it

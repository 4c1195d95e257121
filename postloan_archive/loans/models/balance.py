"""Balances as the core system delivered them, to be compared with what is derived."""

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model, Yuan, YuanOrNone
from postloan_archive.db.model import Utc


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


class ReconciledDay(Model):
    """One day on which delivered balances were compared; can be compared again at any time."""

    __tablename__ = "reconciled_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    compared_at: Mapped[Utc]


class BalanceDifference(Model):
    """One figure of one loan that was delivered otherwise than it is derived."""

    __tablename__ = "balance_differences"
    __table_args__ = (
        UniqueConstraint("loan_id", "day", "figure"),
        Index("ix_balance_differences_day", "day", "branch_id"),
        {"info": {"made_again": "1 = 1"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    branch_id: Mapped[int]
    day: Mapped[date]
    figure: Mapped[str]  # a value of loans.rules.reconciliation.Figure
    delivered: Mapped[str]  # yuan or days, as text
    derived: Mapped[str]
    reason: Mapped[str]  # Chinese; empty: none was found

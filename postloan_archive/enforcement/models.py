"""What a case costs and what its effective paper awards; nothing is deleted, only struck."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model, Yuan
from postloan_archive.db.model import Rate, Utc, UtcOrNone, YuanOrNone


class CaseCost(Model):
    """Money paid for a case, who bears it in the end, and what the court has to give back."""

    __tablename__ = "case_costs"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("borne_by IN ('open', 'debtor', 'lender')", name="borne_by"),
        CheckConstraint("refunded_on IS NULL OR refund_due IS NOT NULL", name="refund_was_due"),
        CheckConstraint("refund_due IS NULL OR refund_due <= amount", name="refund_within"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str]  # see enforcement.words.COSTS
    amount: Mapped[Yuan]
    paid_on: Mapped[date]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    borne_by: Mapped[str] = mapped_column(default="open")
    refund_due: Mapped[YuanOrNone]
    refunded_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    recorded_by: Mapped[str]
    recorded_at: Mapped[Utc]
    struck_reason: Mapped[str] = mapped_column(default="")
    struck_by: Mapped[str] = mapped_column(default="")
    struck_at: Mapped[UtcOrNone]


class CaseAward(Model):
    """What an effective paper of the court awards; the newest of a case counts."""

    __tablename__ = "case_awards"
    __table_args__ = (
        CheckConstraint("principal >= 0 AND interest >= 0 AND costs >= 0", name="not_negative"),
        CheckConstraint("day_basis IN (360, 365)", name="day_basis"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    principal: Mapped[Yuan]
    interest: Mapped[Yuan]
    costs: Mapped[Yuan]
    rate_pct: Mapped[Rate]
    day_basis: Mapped[int]
    interest_from: Mapped[date]
    performance_last_day: Mapped[date]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    note: Mapped[str] = mapped_column(default="")
    recorded_by: Mapped[str]
    recorded_at: Mapped[Utc]

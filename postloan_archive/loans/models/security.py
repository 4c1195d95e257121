"""Guarantees and collateral of a loan, each with its provider and its contract."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from postloan_archive.db import Model, Yuan, YuanOrNone
from postloan_archive.loans.models.customers import Customer


class Guarantee(Model):
    """A guarantor's promise; its period runs by R-D11 to R-D20."""

    __tablename__ = "guarantees"
    __table_args__ = (
        UniqueConstraint("loan_id", "contract_no"),
        CheckConstraint("kind IN ('general', 'joint', 'not_agreed')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    guarantor_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    contract_no: Mapped[str]
    kind: Mapped[str]  # general, joint, not_agreed
    signed_on: Mapped[date]
    amount: Mapped[YuanOrNone]  # None: the whole debt
    maximum: Mapped[bool] = mapped_column(default=False)  # 最高额
    period_clause: Mapped[str] = mapped_column(default="")  # as agreed; empty: nothing agreed
    period_end: Mapped[date | None]  # as agreed by date
    scope_clause: Mapped[str] = mapped_column(default="")

    guarantor: Mapped[Customer] = relationship()


class Collateral(Model):
    """Mortgaged or pledged property of the borrower or of a third party."""

    __tablename__ = "collateral"
    __table_args__ = (
        UniqueConstraint("loan_id", "contract_no", "description"),
        CheckConstraint(
            "kind IN ('mortgage_real_estate', 'mortgage_movable', 'mortgage_vehicle',"
            " 'pledge_deposit', 'pledge_receivable', 'pledge_equity')",
            name="kind",
        ),
        CheckConstraint("value >= 0", name="value_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    kind: Mapped[str]
    contract_no: Mapped[str]
    signed_on: Mapped[date]
    description: Mapped[str]
    location: Mapped[str] = mapped_column(default="")
    certificate_no: Mapped[str] = mapped_column(default="")  # 权证编号
    registration_no: Mapped[str] = mapped_column(default="")  # 登记证明编号
    registered_on: Mapped[date | None]
    rank: Mapped[int] = mapped_column(default=1)
    secured_amount: Mapped[YuanOrNone]
    value: Mapped[Yuan]
    valued_on: Mapped[date | None]
    insured_until: Mapped[date | None]
    registered_until: Mapped[date | None]  # of a registration that runs out

    provider: Mapped[Customer] = relationship()

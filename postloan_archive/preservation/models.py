"""Measures on assets: seizure, freezing, waiting seizure; renewals form a chain."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model, YuanOrNone
from postloan_archive.db.model import Utc


class Measure(Model):
    """One measure on one asset for one term; a renewal is a new row that points back."""

    __tablename__ = "preservation_measures"
    __table_args__ = (
        CheckConstraint(
            "asset_kind IN ('bank_deposit', 'movable', 'real_estate', 'other_right')",
            name="asset_kind",
        ),
        CheckConstraint("seizure_order >= 1", name="order_from_one"),
        CheckConstraint(
            "phase IN ('pre_litigation', 'in_litigation', 'pre_enforcement', 'enforcement')",
            name="phase",
        ),
        Index("ix_preservation_measures_loan", "loan_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    phase: Mapped[str] = mapped_column(default="in_litigation")
    respondent: Mapped[str]  # 被保全人
    asset_kind: Mapped[str]
    asset: Mapped[str]
    amount: Mapped[YuanOrNone]
    court: Mapped[str]
    judge: Mapped[str] = mapped_column(default="")
    ruling_no: Mapped[str]
    seizure_order: Mapped[int] = mapped_column(default=1)  # 1: in force; 2 and more: waiting
    effective_on: Mapped[date]
    court_expiry: Mapped[date | None]  # the paper of the court wins (R-C05)
    security: Mapped[str] = mapped_column(default="")  # what was given as security
    security_expires_on: Mapped[date | None]
    security_amount: Mapped[YuanOrNone]
    fee: Mapped[YuanOrNone]  # paid for the application
    renewal_of: Mapped[int | None] = mapped_column(ForeignKey("preservation_measures.id"))
    renewal_requested_on: Mapped[date | None]
    renewal_receipt_on: Mapped[date | None]
    receipt_document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    released_on: Mapped[date | None]
    release_reason: Mapped[str] = mapped_column(default="", server_default="")
    release_document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    created_at: Mapped[Utc]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

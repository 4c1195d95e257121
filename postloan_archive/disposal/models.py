"""Proposals with their loans and papers, assets taken instead of money, bankruptcy claims."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from postloan_archive.db import Model, Yuan, YuanOrNone
from postloan_archive.db.model import Utc, UtcOrNone


class Disposal(Model):
    """One proposal: what is to be done, who decided, what came of it."""

    __tablename__ = "disposals"
    __table_args__ = (
        UniqueConstraint("disposal_no"),
        CheckConstraint(
            "kind IN ('extension', 'restructuring', 'relief', 'transfer', 'asset',"
            " 'write_off', 'bankruptcy')",
            name="kind",
        ),
        CheckConstraint(
            "state IN ('proposed', 'approved', 'turned_down', 'withdrawn', 'executed')",
            name="state",
        ),
        Index("ix_disposals_branch_state", "branch_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    disposal_no: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="proposed")
    branch_id: Mapped[int]
    reason: Mapped[str]
    terms: Mapped[dict[str, Any]]  # by name; days as ISO text, amounts as text
    notes: Mapped[list[Any]]  # sentences: how the figures came about, what to mind
    proposed_by: Mapped[str]
    proposed_at: Mapped[Utc]
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[UtcOrNone]
    decision: Mapped[str] = mapped_column(default="")  # words of who decided or withdrew
    executed_on: Mapped[date | None]
    executed_by: Mapped[str] = mapped_column(default="")
    executed_at: Mapped[UtcOrNone]
    effects: Mapped[list[Any]] = mapped_column(default=list)  # sentences: what it changed
    letter_runs: Mapped[dict[str, Any]] = mapped_column(
        default=dict, server_default="{}"
    )  # by kind of letter: id and number of the run of notices
    version: Mapped[int] = mapped_column(default=1)

    loans: Mapped[list["DisposalLoan"]] = relationship(order_by="DisposalLoan.id")
    papers: Mapped[list["DisposalPaper"]] = relationship(order_by="DisposalPaper.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict


class DisposalLoan(Model):
    """A loan of a proposal with what was owed on the day that the proposal counts from."""

    __tablename__ = "disposal_loans"
    __table_args__ = (UniqueConstraint("disposal_id", "loan_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    disposal_id: Mapped[int] = mapped_column(ForeignKey("disposals.id"))
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    as_of: Mapped[date]
    principal: Mapped[Yuan]
    interest: Mapped[Yuan]
    penalty: Mapped[Yuan]
    compound: Mapped[Yuan]
    overdue_days: Mapped[int]
    risk_class: Mapped[str]


class DisposalPaper(Model):
    """A paper of a loan file that belongs to a proposal."""

    __tablename__ = "disposal_papers"
    __table_args__ = (UniqueConstraint("disposal_id", "document_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    disposal_id: Mapped[int] = mapped_column(ForeignKey("disposals.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    role: Mapped[str]  # proof, approval_sheet
    added_at: Mapped[Utc]


class ForeclosedAsset(Model):
    """An asset that was taken instead of money, until it is sold."""

    __tablename__ = "foreclosed_assets"
    __table_args__ = (
        CheckConstraint("kind IN ('real_estate', 'equity', 'movable', 'right')", name="kind"),
        CheckConstraint("value > 0", name="value_positive"),
        Index("ix_foreclosed_assets_held", "sold_on", "sell_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    disposal_id: Mapped[int] = mapped_column(ForeignKey("disposals.id"), index=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    branch_id: Mapped[int]
    kind: Mapped[str]
    description: Mapped[str]
    location: Mapped[str] = mapped_column(default="")
    source: Mapped[str]  # ruling or agreement, with its number
    acquired_on: Mapped[date]
    value: Mapped[Yuan]  # at which the debt was set off
    sell_by: Mapped[date | None]
    keeper: Mapped[str] = mapped_column(default="")
    sold_on: Mapped[date | None]
    sold_to: Mapped[str] = mapped_column(default="")
    price: Mapped[YuanOrNone]
    sold_note: Mapped[str] = mapped_column(default="")


class BankruptcyClaim(Model):
    """A claim filed in the bankruptcy of a debtor, from the announcement to the last yuan."""

    __tablename__ = "bankruptcy_claims"

    id: Mapped[int] = mapped_column(primary_key=True)
    disposal_id: Mapped[int] = mapped_column(ForeignKey("disposals.id"), unique=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    branch_id: Mapped[int]
    court: Mapped[str]
    court_case_no: Mapped[str] = mapped_column(default="")
    administrator: Mapped[str] = mapped_column(default="")
    accepted_on: Mapped[date]
    announced_on: Mapped[date | None]
    file_by: Mapped[date]
    claimed: Mapped[Yuan]  # up to the acceptance, R-F16
    secured: Mapped[str] = mapped_column(default="")
    filed_on: Mapped[date | None]
    filed_document_id: Mapped[int | None]
    confirmed: Mapped[YuanOrNone]
    confirmed_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")

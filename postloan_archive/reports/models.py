"""The end of each day, and reports that were frozen."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model, Yuan
from postloan_archive.db.model import Utc


class LoanDay(Model):
    """How one loan stood at the end of one day; month ends stay, other days for a while."""

    __tablename__ = "loan_days"
    __table_args__ = (
        Index("ix_loan_days_day_branch", "day", "branch_id"),
        {"info": {"made_again": "1 = 1"}},
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True, primary_key=True)
    branch_id: Mapped[int]
    balance: Mapped[Yuan]
    overdue_days: Mapped[int]
    bucket: Mapped[str]
    risk_class: Mapped[str]
    class_floor: Mapped[str]


class CustomerReport(Model):
    """A post-loan report on one customer as it was filed; its paper is in the loan files."""

    __tablename__ = "customer_reports"
    __table_args__ = (Index("ix_customer_reports_period", "until", "since", "customer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    branch_id: Mapped[int]
    loan_ids: Mapped[list[Any]]  # the loans that it covers; who misses one sees no report
    since: Mapped[date]
    until: Mapped[date]
    opinion: Mapped[str]
    measures: Mapped[str] = mapped_column(default="")
    content: Mapped[dict[str, Any]]  # the sections with their facts and addresses
    digest: Mapped[str]  # SHA-256 of the content
    document_ids: Mapped[list[Any]]  # one for each loan file
    made_by: Mapped[str]
    made_at: Mapped[Utc]


class DaySum(Model):
    """The loans of one branch at the end of one day, by bucket and class."""

    __tablename__ = "day_sums"

    day: Mapped[date] = mapped_column(primary_key=True)
    branch_id: Mapped[int] = mapped_column(primary_key=True)
    bucket: Mapped[str] = mapped_column(primary_key=True)
    risk_class: Mapped[str] = mapped_column(primary_key=True)
    loans: Mapped[int]
    balance: Mapped[Yuan]


class FrozenReport(Model):
    """A report as it was: figures, filter, author and time; never changed."""

    __tablename__ = "frozen_reports"
    __table_args__ = (Index("ix_frozen_reports_key", "key", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    title: Mapped[str]
    since: Mapped[date]
    until: Mapped[date]
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    branch_ids: Mapped[list[Any] | None]  # what the author could see; None: everything
    content: Mapped[dict[str, Any]]  # columns, rows, foot, notes
    digest: Mapped[str]  # SHA-256 of the content
    made_by: Mapped[str]
    made_at: Mapped[Utc]
